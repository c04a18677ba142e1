"""Entering by staff: the scan sealed and shown to whom it concerns, the number asked, others kept out."""

import io
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from tests import dealers, phones, staff
from werkbote.domain import team
from werkbote.store import models, scope

NOW = dealers.NOW


@pytest.fixture
def people(monkeypatch: pytest.MonkeyPatch) -> staff.Staff:
    made = staff.staff()
    monkeypatch.setattr("werkbote.web.clock.now", lambda: NOW + timedelta(hours=1))
    return made


def _picture() -> bytes:
    written = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "CameraMaker"
    Image.new("RGB", (60, 80), "white").save(written, "JPEG", exif=exif)
    return written.getvalue()


def _enter(people: staff.Staff, member: int, **changes: object):
    given = {
        "branch": people.dealer.branch,
        "phone": "0171 3920001",
        "how": "paper",
        "on": date(2026, 11, 22).isoformat(),
        "purposes": ["P-05"],
        "scan": SimpleUploadedFile("form.jpg", _picture(), "image/jpeg"),
        **changes,
    }
    return staff.signed_in(member).post(
        "/consents/enter/", {name: value for name, value in given.items() if value is not None}
    )


def _rows(people: staff.Staff) -> tuple[int, int]:
    with scope.looking(organisation=people.dealer.organisation):
        return models.ConsentEvent.objects.count(), models.ConsentScan.objects.count()


@pytest.mark.shows("R-09", "R-13", "R-64")
def test_a_signed_form_is_kept_sealed_and_granted_by_the_number_alone(people):
    answer = _enter(people, people.bob)
    assert answer.status_code == 200
    assert "Noch ist nichts erteilt" in answer.content.decode()
    with scope.looking(organisation=people.dealer.organisation):
        row = models.ConsentScan.objects.get()
        assert models.Consent.objects.get().state == "pending"
    assert b"JFIF" not in bytes(row.body)
    shown = staff.signed_in(people.bob).get(f"/consents/scans/{row.id}/")
    assert shown.content.startswith(b"\xff\xd8")
    assert b"CameraMaker" not in shown.content
    said = next(line for line in answer.content.decode().split(">") if line.startswith("JA "))
    code = said.partition("<")[0]
    phones.writes(people.dealer, code, at=NOW + timedelta(hours=2))
    question = phones.asked(people.dealer)
    quoted = phones.accepted(people.dealer, question, at=NOW + timedelta(hours=2, seconds=1))
    payload = phones.payloads(people.dealer, question)[0]
    phones.taps(people.dealer, payload, at=NOW + timedelta(hours=2, minutes=1), quoted=quoted)
    with scope.looking(organisation=people.dealer.organisation):
        assert models.Consent.objects.get().state == "granted"
        event = models.ConsentEvent.objects.get(deed="confirmed")
        conversation = models.Conversation.objects.get().id
    found = phones.evidence(people.dealer, event)
    assert (found.missing(), found.staff_id) == ((), f"member:{people.bob}")
    page = staff.signed_in(people.alice).get(f"/inbox/{conversation}/consents/")
    assert "aufgenommen von Anna Muster" in page.content.decode()


@pytest.mark.shows("R-81")
def test_publication_of_pictures_is_agreed_to_on_its_own(people):
    """Who agrees to advertising agrees to no publication, and who agrees to that has read its words."""
    here = {"how": "counter", "scan": None, "conversation": staff.wrote(people.dealer)}
    _enter(people, people.bob, **here)
    _enter(people, people.bob, purposes=["P-09"], **here)
    question = phones.asked(people.dealer)
    quoted = phones.accepted(people.dealer, question, at=NOW + timedelta(hours=1, seconds=1))
    payload = phones.payloads(people.dealer, question)[0]
    phones.taps(people.dealer, payload, at=NOW + timedelta(hours=1, minutes=1), quoted=quoted)
    with scope.looking(organisation=people.dealer.organisation):
        states = dict(models.Consent.objects.values_list("purpose", "state"))
        event = models.ConsentEvent.objects.get(deed="confirmed")
    assert states == {"P-05": "pending", "P-09": "granted"}
    asked = phones.content(people.dealer, question)["text"]
    assert "auf unserer Website und in sozialen Netzwerken veröffentlichen" in asked
    assert "Ohne Ihr Ja veröffentlichen wir nichts" in asked
    found = phones.evidence(people.dealer, event)
    assert (found.purposes, found.missing()) == (("P-09",), ())
    assert "Veröffentlichung von Fotos und Videos" in found.wording.rendered


@pytest.mark.parametrize(
    "changes",
    [
        {"scan": None},
        {"scan": SimpleUploadedFile("a.txt", b"hello", "text/plain")},
        {"scan": SimpleUploadedFile("a.jpg", b"\xff\xd8\xff broken", "image/jpeg")},
        {"phone": "abc"},
        {"phone": ""},
        {"on": "2026-11-24"},
        {"on": "soon"},
        {"purposes": []},
        {"how": "dream"},
        {"branch": "1"},
    ],
)
def test_what_lacks_something_is_shown_again_and_nothing_is_stored(people, changes):
    if changes.get("scan"):
        changes["scan"].seek(0)
    answer = _enter(people, people.bob, **changes)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert _rows(people) == (0, 0)


def test_a_word_at_the_counter_needs_no_scan_and_the_chat_is_asked(people):
    conversation = staff.wrote(people.dealer)
    answer = _enter(
        people, people.bob, how="counter", scan=None, phone="", conversation=conversation
    )
    assert "auf dem Weg" in answer.content.decode()
    assert phones.asked(people.dealer).conversation_id == conversation


def test_others_neither_enter_nor_see_a_form(people):
    for member in (people.dora, people.eve):
        assert _enter(people, member).status_code in {404, 422}
    assert _enter(people, people.charlie).status_code == 422
    conversation = staff.wrote(people.dealer)
    stranger = _enter(people, people.eve, conversation=conversation, phone="")
    assert stranger.status_code in {404, 422}
    assert _rows(people) == (0, 0)
    _enter(people, people.bob)
    with scope.looking(organisation=people.dealer.organisation):
        scan = models.ConsentScan.objects.get().id
    for member in (people.charlie, people.dora, people.eve):
        assert staff.signed_in(member).get(f"/consents/scans/{scan}/").status_code == 404


def test_an_import_is_reported_row_by_row_to_whom_keeps_consents(people):
    privacy = staff.member(
        people.dealer.organisation, role=team.Role.PRIVACY, branches=[people.dealer.branch]
    )

    def send(member: int, content: bytes):
        return staff.signed_in(member).post(
            "/consents/import/",
            {"branch": people.dealer.branch, "file": SimpleUploadedFile("c.csv", content)},
        )

    good = b"phone;purpose\n0171 3920001;P-05\nabc;P-05\n"
    words = send(privacy, good).content.decode()
    for part in ("ruht: der Nachweis ist unvollständig", "Das ist keine Telefonnummer.", "… 001"):
        assert part in words, part
    assert send(privacy, b"\x00").status_code == 422
    for member in (people.bob, people.dora):
        assert send(member, good).status_code == 404
    assert send(people.eve, good).status_code == 422


def test_the_form_begins_with_today_and_offers_what_whatsapp_needs_a_consent_for(people):
    page = staff.signed_in(people.bob).get("/consents/enter/").content.decode()
    assert 'type="date" name="on" value="2026-11-23"' in page
    assert ('value="P-05"' in page, 'value="P-14"' in page) == (True, False)
