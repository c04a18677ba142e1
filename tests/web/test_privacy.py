"""The pages of persons' rights: the whole way of an access and an erasure, and who must not."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import dealers, erasures, phones, readers, staff
from werkbote.actions import outbox, privacy
from werkbote.actions.consent import own_pages
from werkbote.store import keyring, models, scope
from werkbote.web import clock

AT = dealers.NOW
DAY = timedelta(days=1)


@pytest.fixture
def cast(monkeypatch):
    """A dealer with its people, and a customer who asks on WhatsApp an hour ago."""
    monkeypatch.setattr("werkbote.web.clock.now", lambda: AT + timedelta(hours=1))
    made = staff.staff()
    phones.writes(made.dealer, "Moin, hier ist Petra", at=AT)
    return made


@pytest.fixture
def alice(cast):
    return staff.signed_in(cast.alice)


def asks(cast: staff.Staff, words: str, *, at: datetime = AT) -> int:
    phones.writes(cast.dealer, words, at=at)
    with scope.looking(organisation=cast.dealer.organisation):
        return models.PersonRequest.objects.latest("id").id


def press(browser, address: str, **fields: str):
    return browser.post(address, fields)


def test_access_from_the_sentence_to_the_download(cast, alice):
    asked = asks(cast, "Welche Daten haben Sie über mich?")
    page = f"/privacy/requests/{asked}/"
    assert "Ja, ein Antrag" in alice.get(page).content.decode()
    press(alice, f"{page}act/", deed="accept")
    answer = press(alice, f"{page}act/", deed="pack")
    package = answer.url
    shown = alice.get(package).content.decode()
    assert "Moin, hier ist Petra" in shown
    with scope.looking(organisation=cast.dealer.organisation):
        message = models.Message.objects.order_by("id")[0].id
    press(alice, package, message=str(message), reason="Betrifft andere")
    assert "verborgen" in alice.get(package).content.decode()
    made = press(alice, package, make="1").content.decode()
    link = made.split("/a/")[1].split("<")[0]
    guest = staff.browser()
    first = guest.get(f"/a/{link}")
    assert (first.status_code, first.cookies) == (200, {})
    assert guest.post(f"/a/{link}", {"send": "1"}).status_code == 200
    with scope.looking(organisation=cast.dealer.organisation):
        row = models.Message.objects.filter(request_key__startswith="code:").latest("id")
    code = phones.content(cast.dealer, row)["text"].split(": ")[1][:6]
    assert guest.post(f"/a/{link}", {"code": "1"}).status_code == 410
    fetched = guest.post(f"/a/{link}", {"code": code})
    assert fetched["Content-Type"] == "application/zip"
    assert b"".join(fetched.streaming_content)[:2] == b"PK"
    assert guest.get(f"/a/{link}").status_code == 410


def test_heard_request_is_entered_identified_and_refused_with_a_letter(cast, alice):
    form = {
        "kind": "access",
        "channel": "phone",
        "received_on": AT.date().isoformat(),
        "branch": str(cast.dealer.branch),
        "said": "Was haben Sie?",
    }
    assert alice.post("/privacy/", form | {"received_on": "2999-01-01"}).status_code == 422
    page = alice.post("/privacy/", form).url
    assert press(alice, f"{page}act/", deed="pack").status_code == 422
    unknown = press(alice, f"{page}act/", deed="identify", rung="counter", phone="0171 39200 99")
    assert "niemand bekannt" in unknown.content.decode()
    known = {"deed": "identify", "rung": "counter", "phone": f"+{dealers.ALICE}"}
    assert press(alice, f"{page}act/", **known).status_code == 302
    assert press(alice, f"{page}act/", deed="refuse", words="").status_code == 422
    assert press(alice, f"{page}act/", deed="refuse", words="Schon beantwortet").status_code == 302
    assert alice.get(f"{page}letter.pdf").content.startswith(b"%PDF")


@pytest.mark.shows("R-23")
def test_requests_of_a_person_are_counted_and_none_is_refused_by_its_number(cast, alice):
    """The fifth is answered like the first, for nothing; only a member refuses, and only with reasons."""
    phones.writes(cast.dealer, "Moin", at=AT)
    pages = []
    for day in range(5):
        asked = asks(cast, "Welche Daten haben Sie über mich?", at=AT + timedelta(days=day))
        pages.append(f"/privacy/requests/{asked}/")
        press(alice, f"{pages[-1]}act/", deed="accept")
    first, last = (alice.get(page).content.decode() for page in (pages[0], pages[-1]))
    assert "Frühere Anträge" not in first
    for words in ("4 im Jahr davor", "trotzdem kostenlos", "nichts wird von selbst abgelehnt"):
        assert words in last
    with scope.looking(organisation=cast.dealer.organisation):
        states = set(models.PersonRequest.objects.values_list("state", flat=True))
    assert states == {"open"}
    assert press(alice, f"{pages[-1]}act/", deed="refuse", words=" ").status_code == 422
    assert press(alice, f"{pages[-1]}act/", deed="pack").status_code == 302


def test_who_asks_is_made_sure_of_by_a_code_on_their_phone(cast, alice):
    asked = asks(cast, "bitte alles löschen")
    page = f"/privacy/requests/{asked}/"
    assert "bitte alles löschen" in alice.get(page).content.decode()
    press(alice, f"{page}act/", deed="doubt")
    assert press(alice, f"{page}act/", deed="send_code", phone="keine").status_code == 422
    assert press(alice, f"{page}act/", deed="send_code").status_code == 302
    with scope.looking(organisation=cast.dealer.organisation):
        row = models.Message.objects.filter(request_key__startswith="id:").get()
    code = phones.content(cast.dealer, row)["text"].split(": ")[1][:6]
    shown = alice.get(page).content.decode()
    assert "Code prüfen" in shown
    assert code not in shown
    assert press(alice, f"{page}act/", deed="check_code", code="x").status_code == 422
    assert press(alice, f"{page}act/", deed="check_fact", plate="HH", month="?").status_code == 422
    assert press(alice, f"{page}act/", deed="check_code", code=code).status_code == 302
    shown = alice.get(page).content.decode()
    assert "Richtiger Code genannt" in shown
    assert "Das würde gelöscht" in shown


def test_nobody_is_asked_while_nobody_knows_whom(cast, alice):
    form = {
        "kind": "access",
        "channel": "letter",
        "received_on": AT.date().isoformat(),
        "branch": str(cast.dealer.branch),
        "said": "",
    }
    page = alice.post("/privacy/", form).url
    for deed in ("ask_back", "send_code", "identify"):
        answer = press(alice, f"{page}act/", deed=deed)
        assert answer.status_code == 422
        assert "unter welcher Nummer" in answer.content.decode()
    known = f"+{dealers.ALICE}"
    assert press(alice, f"{page}act/", deed="ask_back", phone=known).status_code == 302
    assert "zwei Knöpfen an die bekannte" in alice.get(page).content.decode()


def test_correction_shows_before_and_after_and_who_was_told(cast, alice):
    asked = asks(cast, "Mein Name ist falsch geschrieben")
    page = f"/privacy/requests/{asked}/"
    press(alice, f"{page}act/", deed="accept")
    assert "Name: Alice" in alice.get(page).content.decode()
    for spoilt in ({"target": "secret:1", "words": "x"}, {"target": "name:0", "words": ""}):
        assert press(alice, f"{page}act/", deed="correct", **spoilt).status_code == 422
    assert press(alice, f"{page}act/", deed="corrected").status_code == 422
    right = {"target": "name:0", "words": "Petra Beispiel"}
    assert press(alice, f"{page}act/", deed="correct", **right).status_code == 302
    assert press(alice, f"{page}act/", deed="corrected").status_code == 302
    shown = alice.get(page).content.decode()
    assert "<td>Alice</td><td>Petra Beispiel</td>" in shown
    assert "Kontaktbuch" in shown
    assert press(alice, f"{page}act/", deed="tell", position="x").status_code == 422
    assert alice.get(f"{page}recipients.pdf").content.startswith(b"%PDF")
    assert alice.get(f"{page}secret.pdf").status_code == 404


def test_charlie_and_eve_see_nothing_and_the_officer_no_chats(cast):
    asked = asks(cast, "bitte alles löschen")
    officer = staff.member(
        cast.dealer.organisation, role=staff.roles.Role.PRIVACY, branches=[cast.dealer.branch]
    )
    page = f"/privacy/requests/{asked}/"
    assert staff.signed_in(cast.charlie).get(page).status_code == 404
    assert staff.signed_in(cast.eve).get(page).status_code == 404
    browser = staff.signed_in(officer)
    assert browser.get(page).status_code == 200
    wanted = asks(cast, "Welche Daten haben Sie über mich?")
    alice = staff.signed_in(cast.alice)
    press(alice, f"/privacy/requests/{wanted}/act/", deed="accept")
    press(alice, f"/privacy/requests/{wanted}/act/", deed="pack")
    with scope.looking(organisation=cast.dealer.organisation):
        package = models.AccessPackage.objects.latest("id").id
    assert browser.get(f"/privacy/packages/{package}/").status_code == 404


def test_pages_of_retention_holds_and_restricted_data(cast, alice):
    person = erasures.the_person(cast.dealer)
    address = f"/privacy/restricted/{person}/"
    assert alice.get(address).status_code == 404
    retention = alice.get("/privacy/retention/").content.decode()
    assert "Jetzt überfällig" in retention
    assert "ausgefallen" not in retention
    privacy.sweep(organisation=cast.dealer.organisation, at=AT - 9 * DAY)
    assert "ausgefallen" in alice.get("/privacy/retention/").content.decode()
    assert press(alice, "/privacy/retention/", year="2999", until="2999-01-01").status_code == 422
    assert press(alice, "/privacy/holds/", reason="").status_code == 422
    assert press(alice, "/privacy/holds/", reason="Streit", begin="1").status_code == 302
    with scope.transaction(organisation=cast.dealer.organisation):
        hold = models.LegalHold.objects.get().id
        models.Person.objects.filter(id=person).update(restricted_at=AT)
    assert press(alice, f"/privacy/holds/{hold}/end/", reason="by_mistake").status_code == 302
    assert press(alice, f"/privacy/holds/{hold}/end/", reason="by_mistake").status_code == 422
    assert "Moin, hier ist Petra" not in alice.get(address).content.decode()
    assert press(alice, address, reason="curiosity").status_code == 422
    assert "Moin, hier ist Petra" in press(alice, address, reason="claims").content.decode()
    with scope.looking(organisation=cast.dealer.organisation):
        looks = models.AuditEntry.objects.filter(verb="privacy.look_at_restricted")
        assert [row.detail for row in looks] == [{"reason": "claims"}]
    assert "Moin" not in alice.get("/inbox/").content.decode()
    with scope.transaction(organisation=cast.dealer.organisation):
        models.Person.objects.filter(id=person).update(restricted_at=None)


def test_overview_asks_the_database_as_often_for_three_requests_as_for_one():
    made = staff.staff()
    browser = staff.signed_in(made.alice)
    browser.get("/privacy/")
    counts = []
    for rows in (1, 2):
        for number in range(rows):
            words = f"Welche Daten haben Sie über mich? {rows} {number}"
            phones.writes(made.dealer, words, at=AT)
        with CaptureQueriesContext(connection) as queries:
            assert browser.get("/privacy/").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_own_page_shows_what_is_stored_and_takes_a_request_once(cast):
    phones.writes(cast.dealer, "MEINE DATEN", at=clock.now())
    with scope.looking(organisation=cast.dealer.organisation):
        row = models.Conversation.objects.select_related("number").order_by("id")[0]
        keys = keyring.organisation(cast.dealer.organisation)
        link = own_pages.address(keys, row, at=clock.now())
    path = "/m/" + link.split("/m/")[1]
    guest = staff.browser()
    assert "Nachrichten:" in guest.get(path).content.decode()
    for _ in range(2):
        assert guest.post(path, {"ask": "correction"}).status_code == 302
    assert guest.post(path, {"ask": "money"}).status_code == 422
    with scope.looking(organisation=cast.dealer.organisation):
        made = models.PersonRequest.objects.get(kind="correction", channel="page")
    assert (made.state, made.identified_by) == ("open", "number")


def test_wrong_button_does_nothing(cast, alice):
    asked = asks(cast, "Welche Daten haben Sie über mich")
    assert press(alice, f"/privacy/requests/{asked}/act/", deed="explode").status_code == 302
    with scope.looking(organisation=cast.dealer.organisation):
        assert models.PersonRequest.objects.get(id=asked).state == "review"


def test_request_shows_how_far_the_e_mails_to_the_team_came(cast, alice):
    asked = asks(cast, "Welche Daten haben Sie über mich?")
    page, late = f"/privacy/requests/{asked}/", AT + 8 * DAY
    assert "E-Mails ans Team" not in alice.get(page).content.decode()
    privacy.plan_reminders(organisation=cast.dealer.organisation, at=late)
    outbox.send_reminders(organisation=cast.dealer.organisation, at=late)
    shown = alice.get(page).content.decode()
    assert "nach 7 Tagen: 1 × Wartet auf den Versand" in shown
    assert "diese Filiale hat noch keinen Absender für E-Mails" in shown
    with readers.house(cast.dealer):
        outbox.send_reminders(organisation=cast.dealer.organisation, at=late + DAY)
    assert "nach 7 Tagen: 1 × Gesendet" in alice.get(page).content.decode()
