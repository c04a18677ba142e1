"""Joint controllers: no agreement without its paper, its essence in the notice, and out again when it ends."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse

from tests import dealers, staff
from werkbote.actions import scanning
from werkbote.actions.duties import joint as deeds
from werkbote.domain import team as roles
from werkbote.reads import duties
from werkbote.reads import notice as notices
from werkbote.store import models, scope
from werkbote.web import clock

NOW = dealers.NOW
PDF = b"%PDF-1.7 Vereinbarung"
FORM = {
    "name": "Hersteller Nord AG",
    "subject": "Anfragen über das Herstellerportal",
    "agreed_on": "2026-11-02",
    "essence_de": "Der Hersteller informiert,\nwir beantworten Anträge.",
    "essence_en": "The manufacturer informs, we answer requests.",
}
SENTENCE = (
    "Gemeinsam mit uns verantwortlich für Anfragen über das Herstellerportal: Hersteller Nord AG "
    "(Art. 26 DSGVO). Der Hersteller informiert, wir beantworten Anträge."
)


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr(clock, "today", NOW.date)


@pytest.fixture
def people() -> staff.Staff:
    return staff.staff()


def agreed(member: int, *, paper: bytes | None = PDF, **changes: str) -> HttpResponse:
    file = {} if paper is None else {"paper": SimpleUploadedFile("v.pdf", paper)}
    return staff.signed_in(member).post("/duties/joint/agree/", FORM | changes | file)


def row(people: staff.Staff) -> int:
    ((found, _),) = duties.agreements(viewer=staff.viewer(people.dora))
    return found


def published(people: staff.Staff, language: str = "de") -> str:
    page = notices.page(branch=people.dealer.branch, language=language, at=NOW)
    return " ".join(next(one.paragraphs for one in page.sections if one.id == "controller"))


@pytest.mark.shows("R-41")
def test_agreement_is_kept_with_its_paper_and_its_essence_is_published(people):
    assert SENTENCE not in published(people)
    assert agreed(people.alice).status_code == 302
    assert SENTENCE in published(people)
    assert "Jointly responsible with us for Anfragen" in published(people, "en")
    assert "The manufacturer informs, we answer requests." in published(people, "en")
    dora = staff.signed_in(people.dora)
    assert "Hersteller Nord AG" in dora.get("/duties/joint/").content.decode()
    answer = dora.post("/duties/joint/paper/", {"row": row(people)})
    assert (answer.content, answer["Content-Type"]) == (PDF, "application/pdf")
    with scope.looking(organisation=people.dealer.organisation):
        stored = models.JointController.objects.get()
        verbs = models.AuditEntry.objects.filter(verb__startswith="joint.")
        assert list(verbs.order_by("position").values_list("verb", flat=True)) == [
            "joint.agree",
            "joint.export",
        ]
    assert PDF not in bytes(stored.paper_sealed)


@pytest.mark.shows("R-41")
def test_records_of_processing_name_joint_controllers(people):
    agreed(people.alice)
    said = duties.records(viewer=staff.viewer(people.dora), day=NOW.date()).said
    assert said["joint"] == [SENTENCE]
    page = staff.signed_in(people.dora).get("/duties/records/").content.decode()
    assert SENTENCE in page


@pytest.mark.shows("R-41")
def test_agreement_that_ends_is_published_no_more_and_stays_on_record(people):
    agreed(people.alice)
    alice = staff.signed_in(people.alice)
    ended = {"row": row(people)}
    assert alice.post("/duties/joint/end/", ended).status_code == 302
    assert SENTENCE not in published(people)
    assert alice.post("/duties/joint/end/", ended).status_code == 422
    assert alice.post("/duties/joint/paper/", ended).content == PDF


@pytest.mark.shows("R-41")
@pytest.mark.parametrize(
    ("paper", "changes"),
    [
        (None, {}),
        (b"", {}),
        (b"PK\x03\x04 kein PDF", {}),
        (b"<html>%PDF-", {}),
        (b"%PDF-" + b"0" * 10 * 1024 * 1024, {}),
        (PDF, {"name": ""}),
        (PDF, {"name": "x" * 201}),
        (PDF, {"name": "x" * 301}),
        (PDF, {"subject": "   "}),
        (PDF, {"subject": "a\x00b"}),
        (PDF, {"agreed_on": ""}),
        (PDF, {"agreed_on": "2026-02-30"}),
        (PDF, {"agreed_on": "2027-01-01"}),
        (PDF, {"essence_de": ""}),
        (PDF, {"essence_en": "  "}),
        (PDF, {"essence_de": "x" * 2001}),
    ],
)
def test_agreement_that_cannot_stand_is_refused_and_what_was_typed_is_kept(people, paper, changes):
    answer = agreed(people.alice, paper=paper, **changes)
    assert answer.status_code == 422
    if "essence_en" not in changes:
        assert "The manufacturer informs, we answer requests." in answer.content.decode()
    assert duties.agreements(viewer=staff.viewer(people.dora)) == []
    assert SENTENCE not in published(people)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (scanning.Infected("no"), "etwas gegen diese Datei|beanstandet"),
        (scanning.UnableToScan("no"), "zurzeit nicht geprüft"),
    ],
)
def test_paper_the_scanner_does_not_clear_is_not_kept(people, monkeypatch, error, words):
    def refuse(_content: bytes) -> None:
        raise error

    monkeypatch.setattr(deeds.scanning, "check", refuse)
    answer = agreed(people.alice)
    assert answer.status_code == 422
    assert any(one in answer.content.decode() for one in words.split("|"))


@pytest.mark.parametrize("given", ["", "0", "-1", "x", "9" * 30, "7"])
def test_row_that_is_none_is_not_there(people, given):
    alice = staff.signed_in(people.alice)
    assert alice.post("/duties/joint/paper/", {"row": given}).status_code == (
        404 if given == "7" else 422
    )
    assert alice.post("/duties/joint/end/", {"row": given}).status_code == 422


@pytest.mark.shows("S-04", "R-41")
def test_page_is_for_who_answers_for_it_and_agreements_for_owner_and_privacy(people):
    here, told = people.dealer, {}
    agreed(people.alice)
    known = row(people)
    for role in roles.Role:
        member = staff.member(here.organisation, role=role, branches=[here.branch])
        browser = staff.signed_in(member)
        told[role] = (
            browser.get("/duties/joint/").status_code,
            browser.post("/duties/joint/paper/", {"row": known}).status_code,
            agreed(member).status_code,
            browser.post("/duties/joint/end/", {"row": 7}).status_code,
        )
    keeps, reads, none = (200, 200, 302, 422), (200, 200, 404, 404), (404,) * 4
    assert told == {
        roles.Role.OWNER: keeps,
        roles.Role.PRIVACY: keeps,
        roles.Role.AUDITOR: reads,
        roles.Role.IT: reads,
        roles.Role.AGENT: none,
        roles.Role.MARKETING: none,
        roles.Role.SUPPORT: none,
    }
    eve = staff.signed_in(people.eve)
    assert eve.post("/duties/joint/paper/", {"row": known}).status_code == 404
    assert eve.post("/duties/joint/end/", {"row": known}).status_code == 422
    assert SENTENCE in published(people)


@pytest.mark.shows("R-41")
def test_wording_of_the_notice_is_kept_as_a_version(people):
    with scope.looking(organisation=people.dealer.organisation):
        before = models.PublishedNotice.objects.count()
    agreed(people.alice, agreed_on=(NOW - timedelta(days=3)).date().isoformat())
    with scope.looking(organisation=people.dealer.organisation):
        assert models.PublishedNotice.objects.count() == before + 2, "German and English"
