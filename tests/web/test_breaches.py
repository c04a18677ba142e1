"""The breach register: opened by hand or by “wrong number”, its clock, its steps, its paper, its people."""

import csv
import io
import json
from datetime import datetime, timedelta

import pypdf
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests import dealers, phones, staff
from werkbote.actions import breaches, drafts, outbox
from werkbote.domain import breaches as law
from werkbote.domain import team as roles
from werkbote.store import models, scope

NOW = dealers.NOW


@pytest.fixture
def people() -> staff.Staff:
    return staff.staff()


def only(people: staff.Staff) -> models.Breach:
    with scope.looking(organisation=people.dealer.organisation):
        return models.Breach.objects.get()


def opened(people: staff.Staff, **more: object) -> tuple[object, int]:
    """A browser of Alice, and the case she opened."""
    alice = staff.signed_in(people.alice)
    aware = timezone.localtime() - timedelta(hours=1)
    answer = alice.post(
        "/breaches/start/",
        {
            "branch": people.dealer.branch,
            "kind": "device_lost",
            "aware_at": f"{aware:%Y-%m-%dT%H:%M}",
            "nature": "Das Werkstatthandy liegt nicht mehr in der Schublade.",
            "records": "40",
            **more,
        },
    )
    assert answer.status_code == 302, answer.content.decode()
    return alice, only(people).id


def step(browser, breach: int, word: str, **fields: object):
    return browser.post(f"/breaches/{breach}/{word}/", fields)


@pytest.mark.shows("R-47")
def test_register_and_case_say_that_a_report_is_not_used_against_who_reports(people):
    """The hint stands where a breach is entered and on its case, so that nobody hesitates to report."""
    alice, breach = opened(people)
    for page in ("/breaches/", f"/breaches/{breach}/"):
        words = alice.get(page).content.decode()
        assert "Niemand muss sich selbst belasten" in words
        assert "nur mit deren Zustimmung verwendet werden" in words
        assert "§ 42 Abs. 4, § 43 Abs. 4 BDSG" in words


@pytest.mark.shows("R-46")
def test_case_shows_its_clock_its_authority_and_the_notice_that_nobody_must_incriminate_himself(
    people,
):
    alice, breach = opened(people)
    words = alice.get(f"/breaches/{breach}/").content.decode()
    assert "70:5" in words or "71:0" in words
    assert "Der Hamburgische Beauftragte" in words
    assert "https://www.datenschutz-hamburg.de" in words
    assert "§ 43 Abs. 4 BDSG" in words
    assert "noch nicht bewertet" in words


@pytest.mark.shows("R-46")
def test_case_without_risk_is_closed_with_its_reasons_and_stays_in_the_register(people):
    alice, breach = opened(people)
    assert step(alice, breach, "close", lessons="x").status_code == 409
    assert step(alice, breach, "assess", risk="none", reasons=" ").status_code == 422
    step(alice, breach, "assess", risk="none", reasons="Das Gerät war gesperrt und verschlüsselt.")
    assert step(alice, breach, "close", lessons="Geräte an die Kette.").status_code == 302
    assert only(people).state == law.State.CLOSED
    page = alice.get(f"/breaches/{breach}/").content.decode()
    assert "Das Gerät war gesperrt" in page
    assert "Geräte an die Kette." in page
    assert "geschlossen" in alice.get("/breaches/").content.decode()
    assert step(alice, breach, "write", nature="anders").status_code == 409


@pytest.mark.shows("R-46", "R-48")
def test_high_risk_must_be_reported_and_told_before_it_is_closed(people):
    staff.wrote(people.dealer, at=NOW, name="Petra Beispiel")
    staff.wrote(people.dealer, at=NOW, phone="+491713920002", name="Jonas Muster")
    alice, breach = opened(people)
    step(alice, breach, "assess", risk="high", reasons="Bilder von Ausweisen.")
    refused = step(alice, breach, "close", lessons="x")
    assert refused.status_code == 409
    assert "zuerst melden" in refused.content.decode()
    step(alice, breach, "tell", told_at=f"{timezone.localtime():%Y-%m-%dT%H:%M}")
    step(alice, breach, "people", since="2026-11-23T00:00", until="2026-11-24T00:00")
    assert only(people).people_count == 2
    step(
        alice, breach, "write", nature="Handy weg.", measures="SIM gesperrt.", contact="Frau Probe"
    )
    words = alice.get(f"/breaches/{breach}/").content.decode()
    assert "Was wir getan haben und was Sie tun können: SIM gesperrt." in words
    assert "+49 171 ••• 001" in words
    assert "491713920001" not in words
    assert step(alice, breach, "close", lessons="x").status_code == 409
    step(alice, breach, "write", **WORDS)
    assert step(alice, breach, "inform").status_code == 422, "nobody said how"
    assert step(alice, breach, "inform", way="letter").status_code == 302
    staff.wrote(people.dealer, at=NOW, phone="+491713920003", name="Karla Spät")
    step(alice, breach, "people", since="2026-11-23T00:00", until="2026-11-24T00:00")
    assert (
        "1 Person noch nicht benachrichtigt" in alice.get(f"/breaches/{breach}/").content.decode()
    )
    assert step(alice, breach, "close", lessons="x").status_code == 409, (
        "who came later knows nothing"
    )
    assert step(alice, breach, "inform", way="call").status_code == 302
    assert step(alice, breach, "close", lessons="Gelernt.").status_code == 302


def test_late_report_needs_its_reasons(people):
    aware = timezone.localtime() - timedelta(days=5)
    alice, breach = opened(people, aware_at=f"{aware:%Y-%m-%dT%H:%M}")
    step(alice, breach, "assess", risk="some", reasons="Namen und Nummern.")
    told = f"{timezone.localtime():%Y-%m-%dT%H:%M}"
    assert step(alice, breach, "tell", told_at=told).status_code == 409
    assert "72 Stunden sind vorbei" in alice.get(f"/breaches/{breach}/").content.decode()
    step(alice, breach, "write", delay="Erst am Montag bemerkt.")
    assert step(alice, breach, "tell", told_at=told).status_code == 302
    assert step(alice, breach, "tell", told_at=told).status_code == 302, "reports come in phases"


@pytest.mark.parametrize(
    "field",
    [
        {"aware_at": "2199-01-01T00:00"},
        {"aware_at": "gestern"},
        {"kind": "unheard_of"},
        {"branch": "1"},
        {"nature": " "},
        {"records": "-1"},
    ],
    ids=str,
)
def test_case_that_makes_no_sense_is_not_opened(people, field):
    alice = staff.signed_in(people.alice)
    good = {
        "branch": people.dealer.branch,
        "kind": "loss",
        "aware_at": "2026-11-20T10:00",
        "nature": "x",
    }
    assert alice.post("/breaches/start/", {**good, **field}).status_code == 422
    with scope.looking(organisation=people.dealer.organisation):
        assert not models.Breach.objects.exists()


WORDS = {
    "nature": "Ein Handy mit Nachrichten ist verschwunden.",
    "categories": "=Kunden; Rufnummern",
    "consequences": "Fremde könnten Ihre Nachrichten lesen.\nSeien Sie vorsichtig bei Anrufen.",
    "measures": "Das Gerät wurde gesperrt.",
    "contact": "Frau Probe, datenschutz@autohaus.example",
}
TAKEN_OUT = ("paper", "table", "data", "concerned", "letter")


def rows_of(answer) -> list[list[str]]:
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))


def taken_out(people: staff.Staff) -> list[str]:
    with scope.looking(organisation=people.dealer.organisation):
        rows = models.AuditEntry.objects.filter(verb__regex="^breach.(export|print)")
        return list(rows.order_by("position").values_list("verb", flat=True))


@pytest.mark.shows("R-46")
def test_contents_of_article_33_come_as_table_and_for_programs(people):
    alice, breach = opened(people)
    step(alice, breach, "write", **WORDS)
    step(alice, breach, "assess", risk="high", reasons="Nicht gesperrt.")
    rows = rows_of(step(alice, breach, "table"))
    assert rows[0] == ["Angabe", "Artikel", "Eintrag"]
    said = {row[0]: row[1:] for row in rows}
    assert said["Betroffene Datensätze, ungefähr"] == ["", "40"]
    assert said["Betroffene Personengruppen und Datenarten"] == [
        "Art. 33 Abs. 3 lit. a",
        "'=Kunden; Rufnummern",
    ]
    answer = step(alice, breach, "data")
    assert answer["Content-Type"] == "application/json"
    made = json.loads(answer.content)
    assert (made["risk"], made["records_about"], made["reported_at"]) == ("high", 40, None)
    until = datetime.fromisoformat(made["report_until"])
    assert until - datetime.fromisoformat(made["aware_at"]) == timedelta(hours=72)
    contents = {one["name"]: one["text"] for one in made["contents"]}
    assert contents == {**WORDS, "delay": "", "others": ""}
    assert taken_out(people) == ["breach.export_contents", "breach.export_contents"]


@pytest.mark.shows("R-48")
def test_list_says_what_each_was_told_and_when(people):
    staff.wrote(people.dealer, at=NOW, name="=Petra Beispiel")
    alice, breach = opened(people)
    step(alice, breach, "write", **WORDS)
    step(alice, breach, "assess", risk="high", reasons="Nicht gesperrt.")
    window = {"since": "2026-11-23T00:00", "until": "2026-11-24T00:00"}
    step(alice, breach, "people", **window)
    step(alice, breach, "inform", way="letter")
    step(alice, breach, "write", **{**WORDS, "measures": "Das Gerät wurde gelöscht."})
    staff.wrote(people.dealer, at=NOW, phone="+491713920002", name="Jonas Muster")
    step(alice, breach, "people", **window)
    rows = rows_of(step(alice, breach, "concerned"))
    assert rows[0] == ["Name", "Telefonnummer", "Benachrichtigt am", "Wie", "Mit diesen Worten"]
    assert [row[:2] for row in rows[1:]] == [
        ["'=Petra Beispiel", "'+491713920001"],
        ["Jonas Muster", "'+491713920002"],
    ]
    assert rows[2][2:] == ["noch nicht benachrichtigt", "", ""]
    step(alice, breach, "inform", way="call")
    first, second = rows_of(step(alice, breach, "concerned"))[1:]
    assert (first[3], second[3]) == ("per Brief", "am Telefon")
    assert first[2].startswith(f"{timezone.localtime():%d.%m.%Y}")
    assert "Das Gerät wurde gesperrt." in first[4], "the words of that day"
    assert "Das Gerät wurde gelöscht." in second[4]
    with scope.looking(organisation=people.dealer.organisation):
        assert "'=" not in str(models.AuditEntry.objects.values_list("detail", flat=True))


@pytest.mark.shows("R-48")
def test_letter_says_in_plain_words_what_article_34_asks_for(people):
    alice, breach = opened(people)
    step(alice, breach, "assess", risk="high", reasons="Nicht gesperrt.")
    said = {"nature": WORDS["nature"]}
    for name in ("consequences", "measures", "contact"):
        refused = step(alice, breach, "letter")
        assert (refused.status_code, "fehlt noch etwas" in refused.content.decode()) == (409, True)
        assert step(alice, breach, "inform", way="letter").status_code == 409
        said[name] = WORDS[name]
        step(alice, breach, "write", **said)
    answer = step(alice, breach, "letter")
    assert answer["Content-Type"] == "application/pdf"
    words = " ".join(pypdf.PdfReader(io.BytesIO(answer.content)).pages[0].extract_text().split())
    for heading, text in (
        ("Was geschehen ist", "Ein Handy mit Nachrichten ist verschwunden."),
        ("Was das für Sie bedeuten kann", "Seien Sie vorsichtig bei Anrufen."),
        ("Was wir getan haben und was Sie tun können", "Das Gerät wurde gesperrt."),
        ("Ihre Fragen beantwortet", "Frau Probe, datenschutz@autohaus.example"),
    ):
        assert heading in words
        assert text in words
    assert taken_out(people) == ["breach.print_letter"]
    step(alice, breach, "write", **{**said, "nature": "Weg 🛑 مفقود", "measures": "x" * 7000})
    assert step(alice, breach, "letter").content.startswith(b"%PDF-")


@pytest.mark.parametrize("way", ["", "pigeon", "LETTER", "\0"])
def test_way_that_is_none_tells_nobody(people, way):
    alice, breach = opened(people)
    step(alice, breach, "write", **WORDS)
    assert step(alice, breach, "inform", way=way).status_code == 422
    assert only(people).informed_at is None


@pytest.mark.shows("R-46")
def test_paper_holds_the_points_of_article_33(people):
    alice, breach = opened(people)
    answer = step(alice, breach, "paper")
    assert answer.content.startswith(b"%PDF-")
    assert alice.get(f"/breaches/{breach}/paper/").status_code == 405


@pytest.mark.shows("S-04")
def test_nobody_else_sees_or_touches_a_case(people):
    _, breach = opened(people)
    privacy = staff.member(
        people.dealer.organisation, role=roles.Role.PRIVACY, branches=[people.dealer.branch]
    )
    assert staff.signed_in(privacy).get(f"/breaches/{breach}/").status_code == 200
    for member in (people.bob, people.charlie, people.dora, people.eve):
        other = staff.signed_in(member)
        assert other.get(f"/breaches/{breach}/").status_code == 404
        for word in ("write", "tell", "people", "inform", "release", "close", *TAKEN_OUT):
            assert step(other, breach, word, lessons="x", way="letter").status_code in {404, 422}
    assert only(people).state == law.State.OPEN


def test_register_costs_the_same_for_one_case_and_three(people):
    alice, _ = opened(people)
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as caught:
            alice.get("/breaches/")
        counts.append(len(caught))
        for _ in range(2):
            alice.post(
                "/breaches/start/",
                {
                    "branch": people.dealer.branch,
                    "kind": "loss",
                    "aware_at": "2026-11-20T10:00",
                    "nature": "x",
                },
            )
    assert counts[0] == counts[1]


# --- “falsche Nummer” -----------------------------------------------------------------------------


def told(people: staff.Staff) -> int:
    """A conversation in which somebody here has written something from the phone."""
    conversation = staff.wrote(people.dealer, at=NOW)
    with scope.transaction(organisation=people.dealer.organisation):
        row = models.Message.objects.get(conversation=conversation)
        row.id, row.provider_id, row.outgoing = row.id + 1, None, True
        row.save(force_insert=True)
    return conversation


@pytest.mark.shows("R-46")
def test_wrong_number_opens_a_case_and_freezes(people):
    told(people)
    phones.writes(people.dealer, "Sie haben die falsche Nummer!", at=NOW + timedelta(hours=1))
    row = only(people)
    assert (row.kind, row.people_count, row.records_count) == ("wrong_number", 1, 1)
    with scope.looking(organisation=people.dealer.organisation):
        assert models.Person.objects.get().wrong_number_at is not None
    phones.writes(people.dealer, "Falsche Nummer!!", at=NOW + timedelta(hours=2))
    assert only(people).id == row.id


@pytest.mark.shows("R-46")
def test_frozen_number_is_not_written_to_until_released(people):
    conversation = told(people)
    phones.writes(people.dealer, "Falsch verbunden", at=NOW + timedelta(hours=1))
    assert _verdict(people, conversation) == "wrong_number"
    alice = staff.signed_in(people.alice)
    assert step(alice, only(people).id, "release").status_code == 302
    assert _verdict(people, conversation) != "wrong_number"


def _verdict(people: staff.Staff, conversation: int) -> str:
    """The rule by which the gate refuses an answer in this conversation; empty when it permits one."""
    found = outbox.preview(
        organisation=people.dealer.organisation,
        conversation=conversation,
        draft=drafts.Draft(text="Guten Tag"),
        purpose="P-01",
        at=NOW + timedelta(hours=2),
    )
    return str(getattr(found, "rule", ""))


@pytest.mark.parametrize(
    "words",
    [
        "Falsche Nummer",
        "Hallo, ich glaube Sie haben die falsche Nummer.",
        "das bin ich nicht",
        "Ist nicht mein Auto :-)",
        "Wrong number, sorry",
        "Nicht für mich bestimmt",
    ],
)
def test_words_that_mean_a_wrong_number(words):
    assert law.says_wrong_number(words, _law())


@pytest.mark.parametrize(
    "words",
    [
        "",
        "Meine Nummer ist 12",
        "Ist mein Auto fertig?",
        "Haben Sie falsche Fuffziger?",
        "falsche nummer " + "und noch viel mehr Worte " * 10,
    ],
)
def test_words_that_mean_something_else(words):
    assert not law.says_wrong_number(words, _law())


def _law() -> law.BreachLaw:
    return breaches.law_on(NOW)


def test_wrong_number_from_somebody_we_never_wrote_to_is_no_breach(people):
    phones.writes(people.dealer, "Falsche Nummer?", at=NOW)
    with scope.looking(organisation=people.dealer.organisation):
        assert not models.Breach.objects.exists()
