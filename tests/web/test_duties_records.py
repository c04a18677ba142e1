"""Records of processing: made from what is configured, kept as versions, outdated when that changes."""

import csv
import io
from datetime import timedelta

import pypdf
import pytest
from django.db import DatabaseError

from tests import dealers, staff
from werkbote.actions import duties as deeds
from werkbote.actions import notice
from werkbote.actions.duties import recipients
from werkbote.domain import duties as law
from werkbote.domain import notice_page
from werkbote.domain import team as roles
from werkbote.reads import duties
from werkbote.store import models, scope
from werkbote.web import clock

NOW = dealers.NOW
LATER = NOW + timedelta(days=1)
META = law.recipients.Entry(
    name="WhatsApp Ireland Limited",
    country="IE",
    onward="US",
    basis="dpf",
    checked_on=NOW.date(),
    assessment="TIA 2026-3",
)


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr(clock, "today", NOW.date)


@pytest.fixture
def people() -> staff.Staff:
    return staff.staff(dealers.dealer(graph_url="https://graph.facebook.com"))


def standing(people: staff.Staff) -> duties.Standing:
    return duties.records(viewer=staff.viewer(people.dora), day=NOW.date())


def made(people: staff.Staff, *, at=NOW) -> int:
    return deeds.make(organisation=people.dealer.organisation, by=people.alice, at=at)


def recorded(people: staff.Staff) -> None:
    recipients.record(
        organisation=people.dealer.organisation, code="meta", entry=META, by=people.alice, at=NOW
    )


def activity(people: staff.Staff, title: str) -> dict[str, list[str]]:
    return next(one for one in standing(people).said["activities"] if one["title"] == title)


@pytest.mark.shows("R-44")
def test_records_say_what_the_law_asks_for_from_what_is_configured(people):
    recorded(people)
    notice.enter_details(
        organisation=people.dealer.organisation,
        branch=people.dealer.branch,
        details=notice_page.Details(
            company="",
            branch="",
            state_code="",
            street="Kaistraße 1",
            place="20457 Hamburg",
            email="info@nordlicht.example",
            officer="Frau Dr. Wacholder",
            officer_contact="dsb@nordlicht.example",
        ),
        by=people.alice,
        at=NOW,
    )
    (house,) = standing(people).said["controllers"]
    assert house == {
        "title": "Autohaus Nordlicht GmbH, Hamburg",
        "address": "Kaistraße 1, 20457 Hamburg",
        "contact": "info@nordlicht.example",
        "officer": "Frau Dr. Wacholder, dsb@nordlicht.example",
    }
    chat = activity(people, "Kundenkommunikation über WhatsApp")
    assert chat["purposes"][0] == "P-01 Service zu einem laufenden Vorgang"
    assert "Art. 6 Abs. 1 lit. b DSGVO" in chat["bases"]
    assert "Texte, Dateien, Angaben in Worten" in chat["categories"]
    assert chat["recipients"] == ["WhatsApp Ireland Limited (IE › US)"]
    assert chat["transfers"] == [
        "WhatsApp Ireland Limited: US, EU-US Data Privacy Framework (Art. 45), 23.11.2026, TIA 2026-3"
    ]
    assert "L-01 Rohdaten der Webhooks: 7 Tage" in chat["periods"]
    assert "verschlüsselt mit dem Schlüssel der Person" in chat["measures"]
    assert activity(people, "Newsletter per E-Mail")["recipients"] == [], "it is not set up"


@pytest.mark.shows("R-44")
def test_page_says_when_the_newest_version_is_outdated_and_by_what(people):
    assert "Es wurde noch keine Fassung erstellt" in page(people)
    made(people)
    assert standing(people).outdated == ()
    assert "gilt noch" in page(people)
    recorded(people)
    found = standing(people)
    assert found.outdated == ("recipients",)
    changes = [one for one in found.differences if "Kundenkommunikation" in one.place]
    assert [one.place.rpartition(" › ")[2] for one in changes] == ["transfers"]
    assert "Die neueste Fassung ist veraltet" in page(people)
    made(people, at=LATER)
    assert standing(people).outdated == ()


def page(people: staff.Staff) -> str:
    return str(staff.signed_in(people.dora).get("/duties/records/").content.decode())


@pytest.mark.shows("R-44")
def test_change_of_the_settings_makes_it_outdated_too(people):
    made(people)
    with scope.transaction(organisation=people.dealer.organisation):
        models.Number.objects.update(graph_url="https://elsewhere.example")
    assert standing(people).outdated == ("connections",)


@pytest.mark.shows("R-44")
def test_every_version_stays_with_its_difference_to_the_one_before(people):
    first = made(people)
    with pytest.raises(deeds.UnableToMake, match="still holds"):
        made(people, at=LATER)
    recorded(people)
    made(people, at=LATER)
    newest, oldest = standing(people).versions
    assert (oldest.id, oldest.position, oldest.by, oldest.differences) == (
        first,
        1,
        "Anna Muster",
        (),
    )
    assert newest.position == 2
    assert newest.differences
    assert newest.digest != oldest.digest
    for change in (
        lambda: models.Paper.objects.update(position=7),
        lambda: models.Paper.objects.all().delete(),
    ):
        with (
            pytest.raises(DatabaseError, match="append-only"),
            scope.transaction(organisation=people.dealer.organisation),
        ):
            change()


@pytest.mark.shows("R-44", "S-24")
def test_version_is_taken_out_as_pdf_and_table_with_time_fingerprint_and_difference(people):
    made(people)
    recorded(people)
    made(people, at=LATER)
    dora = staff.signed_in(people.dora)
    digest = duties.version(viewer=staff.viewer(people.dora), position=2).digest
    answer = dora.post("/duties/records/records.pdf", {"version": "2"})
    read = pypdf.PdfReader(io.BytesIO(answer.content))
    text = " ".join(one.extract_text() for one in read.pages)
    for words in (digest, "24.11.2026", "Kundenkommunikation", "TIA 2026-3", "Geändert seit"):
        assert words in text
    again = dora.post("/duties/records/records.pdf", {"version": "2"})
    assert pypdf.PdfReader(io.BytesIO(again.content)).metadata.title == read.metadata.title
    table = dora.post("/duties/records/records.csv", {"version": "2"})
    rows = list(csv.reader(io.StringIO(table.content.decode("utf-8-sig")), delimiter=";"))
    assert rows[0] == ["Teil", "Angabe", "Eintrag"]
    assert digest in {row[2] for row in rows}
    assert "Geändert seit der vorigen Fassung" in {row[0] for row in rows}
    assert dora.post("/duties/records/records.doc", {"version": "2"}).status_code == 404
    assert dora.get("/duties/records/records.pdf").status_code == 405
    with scope.looking(organisation=people.dealer.organisation):
        entries = models.AuditEntry.objects.filter(verb__startswith="papers.")
        verbs = list(entries.order_by("position").values_list("verb", flat=True))
    assert verbs == ["papers.make"] * 2 + ["papers.export"] * 3


def test_paper_with_signs_the_typeface_lacks_is_set_all_the_same(people):
    recipients.record(
        organisation=people.dealer.organisation,
        code="",
        entry=law.recipients.Entry(name="Хостинг ☃ 株式会社", country="DE", basis="eea"),
        by=people.alice,
        at=NOW,
    )
    made(people)
    answer = staff.signed_in(people.dora).post("/duties/records/records.pdf", {"version": "1"})
    assert answer.content.startswith(b"%PDF")


@pytest.mark.shows("S-04", "R-44")
def test_records_are_read_by_who_answers_for_them_and_made_by_owner_and_privacy(people):
    here, told = people.dealer, {}
    made(people)
    for role in roles.Role:
        browser = staff.signed_in(
            staff.member(here.organisation, role=role, branches=[here.branch])
        )
        told[role] = (
            browser.get("/duties/records/").status_code,
            browser.get("/duties/records/?of=1").status_code,
            browser.post("/duties/records/records.csv", {"version": "1"}).status_code,
            browser.post("/duties/records/make/").status_code,
        )
    keeps, reads, none = (200, 200, 200, 409), (200, 200, 200, 404), (404,) * 4
    assert told == {
        roles.Role.OWNER: keeps,
        roles.Role.PRIVACY: keeps,
        roles.Role.AUDITOR: reads,
        roles.Role.IT: reads,
        roles.Role.AGENT: none,
        roles.Role.MARKETING: none,
        roles.Role.SUPPORT: none,
    }


@pytest.mark.shows("S-04")
def test_other_house_sees_and_takes_nothing_of_it(people):
    made(people)
    eve = staff.signed_in(people.eve)
    assert eve.get("/duties/records/?of=1").status_code == 404
    assert eve.post("/duties/records/records.pdf", {"version": "1"}).status_code == 404
    assert duties.records(viewer=staff.viewer(people.eve), day=NOW.date()).versions == ()


@pytest.mark.parametrize("word", ["", "0", "2", "-1", "x", "1.0", "9" * 30, "²"])
def test_version_that_is_none_is_not_there(people, word):
    made(people)
    dora = staff.signed_in(people.dora)
    assert dora.get("/duties/records/", {"of": word}).status_code == 404
    assert dora.post("/duties/records/records.csv", {"version": word}).status_code == 404
