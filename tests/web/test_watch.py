"""The pages of the watch: files that two decide on, reading that pauses, and the numbers a house sets."""

from datetime import timedelta

import pytest
from django.test import Client

from tests import dealers, letters, staff
from werkbote.actions import drafts, outbox, team, watch
from werkbote.domain import team as roles
from werkbote.domain import watch as law
from werkbote.store import ids, models, scope
from werkbote.web import clock

EXPORT = {"format": "csv"}


@pytest.fixture
def cast() -> staff.Staff:
    """A house with two customers, each of whom was answered; more than one is many here."""
    made = staff.staff()
    for number in range(2):
        talk = staff.wrote(made.dealer, phone=f"+49171392001{number}")
        outbox.queue_message(
            organisation=made.dealer.organisation,
            conversation=talk,
            draft=drafts.Draft(text="Fertig", request_key=str(ids.new())),
            purpose="P-02",
            by=made.bob,
            at=dealers.NOW,
        )
        outbox.claim(
            organisation=made.dealer.organisation, number=made.dealer.number, at=dealers.NOW
        )
    _sets(made, alone=1)
    return made


def _sets(cast: staff.Staff, *, alone: int = 50, hourly: int = 120) -> None:
    watch.set_thresholds(
        organisation=cast.dealer.organisation,
        wanted=law.Thresholds(alone=alone, hourly=hourly, daily=hourly),
        by=cast.alice,
        at=dealers.NOW,
    )


def _officer(cast: staff.Staff, *, branches: list[int] | None = None) -> Client:
    organisation = cast.dealer.organisation
    places = branches or [cast.dealer.branch]
    return staff.signed_in(staff.member(organisation, role=roles.Role.PRIVACY, branches=places))


def _verbs(cast: staff.Staff, *starts: str) -> list[str]:
    with scope.looking(organisation=cast.dealer.organisation):
        rows = models.AuditEntry.objects.order_by("position").values_list("verb", flat=True)
        return [one for one in rows if one.startswith(starts) and "thresholds" not in one]


@pytest.mark.shows("S-27", "R-83")
def test_evidence_about_many_persons_leaves_on_the_word_of_two(cast):
    dora, officer = staff.signed_in(cast.dora), _officer(cast)
    asked = dora.post("/decisions/export/", EXPORT)
    assert (asked.status_code, "policy.export" in _verbs(cast, "policy")) == (302, False)
    place = asked["Location"]
    assert "wartet auf eine zweite Person" in dora.get(place).content.decode()
    assert "wartet auf Ihr Wort" in officer.get("/privacy/").content.decode()
    assert place in officer.get("/watch/").content.decode()
    assert officer.post(place, {"answer": "approve"}).status_code == 302
    taken = dora.post("/decisions/export/", EXPORT)
    assert (taken.status_code, taken["Content-Type"]) == (200, "text/csv; charset=utf-8")
    assert dora.post("/decisions/export/", EXPORT).status_code == 302
    assert _verbs(cast, "watch", "policy.export") == [
        "watch.ask_handout",
        "watch.approve",
        "watch.take_out",
        "policy.export",
        "watch.ask_handout",
    ]


@pytest.mark.shows("S-27", "R-83")
def test_an_owner_in_two_browsers_is_still_one_person(cast):
    first, second = staff.signed_in(cast.alice), staff.signed_in(cast.alice)
    place = first.post("/decisions/export/", EXPORT)["Location"]
    assert "Die Datei darf hinausgehen" not in second.get(place).content.decode()
    answer = second.post(place, {"answer": "approve"})
    assert (answer.status_code, "Jemand anderes" in answer.content.decode()) == (422, True)
    assert first.post("/decisions/export/", EXPORT)["Location"] == place


@pytest.mark.shows("S-27")
@pytest.mark.parametrize("answer", ["", "ja", "APPROVE", "\0", "x" * 3000])
def test_an_answer_that_is_none_decides_nothing(cast, answer):
    place = staff.signed_in(cast.dora).post("/decisions/export/", EXPORT)["Location"]
    given = _officer(cast).post(place, {"answer": answer})
    assert (given.status_code, "Wählen Sie" in given.content.decode()) == (422, True)


@pytest.mark.shows("S-27", "S-04")
def test_others_neither_see_nor_decide(cast):
    dora = staff.signed_in(cast.dora)
    place = dora.post("/decisions/export/", EXPORT)["Location"]
    elsewhere = team.create_branch(
        organisation=cast.dealer.organisation,
        name="Kiel",
        legal_entity="Autohaus Nordlicht GmbH",
        state_code="SH",
        by="system",
        at=dealers.NOW,
    )
    strangers = [
        staff.signed_in(cast.bob),
        staff.signed_in(cast.charlie),
        staff.signed_in(cast.eve),
        _officer(cast, branches=[elsewhere]),
    ]
    for browser in strangers:
        assert browser.get(place).status_code == 404
        assert browser.post(place, {"answer": "approve"}).status_code == 404
    assert dora.post(place, {"answer": "approve"}).status_code == 404
    assert place not in strangers[-1].get("/watch/").content.decode()


@pytest.mark.shows("S-27", "R-83")
@pytest.mark.usefixtures("journal_folder")
def test_letters_of_many_leave_on_the_word_of_two(cast):
    for phone in (dealers.ALICE, "491713920077"):
        letters.archived(cast.dealer, "Bitte Bremsbeläge erneuern", wa_id=phone)
    dora = staff.signed_in(cast.dora)
    wanted = {"year": "2026", "reason": "tax_audit"}
    asked = dora.post("/privacy/letters/export/", wanted)
    assert (asked.status_code, "/watch/files/" in asked["Location"]) == (302, True)
    assert _officer(cast).post(asked["Location"], {"answer": "approve"}).status_code == 302
    other = dora.post("/privacy/letters/export/", wanted | {"reason": "lawsuit"})
    assert other.status_code in {302, 422}
    taken = dora.post("/privacy/letters/export/", wanted)
    assert (taken.status_code, taken["Content-Type"]) == (200, "application/zip")
    assert b"".join(taken.streaming_content).startswith(b"PK")
    taken.close()


@pytest.fixture
def _morning(monkeypatch):
    """The clock stands still at twenty past."""
    now = clock.now().replace(hour=8, minute=20, second=0, microsecond=0)
    monkeypatch.setattr(clock, "now", lambda: now)


@pytest.mark.shows("S-27", "R-83")
@pytest.mark.usefixtures("_morning")
def test_opening_far_too_many_pauses_and_is_shown(cast):
    _sets(cast, hourly=1)
    talks = [staff.wrote(cast.dealer, phone=f"+49171392003{number}") for number in range(5)]
    bob = staff.signed_in(cast.bob)
    codes = [bob.get(f"/inbox/{talk}/messages/").status_code for talk in talks]
    assert codes == [200, 200, 200, 429, 429]
    answer = bob.get(f"/inbox/{talks[4]}/")
    assert (answer.status_code, answer["Retry-After"]) == (429, "2400")
    assert "das Lesen pausiert" in answer.content.decode()
    assert "Petra" not in answer.content.decode()
    assert bob.get(f"/inbox/{talks[0]}/").status_code == 200
    page = _officer(cast).get("/watch/").content.decode()
    assert ("aufgefallen" in page, "angehalten" in page, "Anna Muster" in page) == (True,) * 3
    assert _verbs(cast, "watch") == ["watch.large_read", "watch.large_read", "watch.stop_reading"]


@pytest.mark.shows("S-27", "R-83")
@pytest.mark.usefixtures("_morning")
def test_a_program_that_copies_the_list_is_told_when_to_come_back(cast):
    _sets(cast, hourly=1)
    for number in range(5):
        staff.wrote(cast.dealer, phone=f"+49171392003{number}")
    secret = team.issue_token(
        organisation=cast.dealer.organisation,
        name="Autohaus-System",
        scopes=[roles.Scope.READ],
        days=30,
        by=cast.alice,
        at=clock.now(),
    )
    caller = Client(SERVER_NAME="127.0.0.1", headers={"authorization": f"Bearer {secret}"})
    first = caller.get("/api/v1/conversations?limit=3").json()
    answer = caller.get(f"/api/v1/conversations?limit=3&cursor={first['next']}")
    assert (answer.status_code, answer["Retry-After"]) == (429, "2400")
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["title"] == "Too many requests"
    assert "Retry-After" in answer.json()["detail"]
    talk = first["items"][0]["id"]
    assert caller.get(f"/api/v1/conversations/{talk}/messages").status_code == 200
    page = staff.signed_in(cast.alice).get("/watch/").content.decode()
    assert "ein Programm mit Zugangsschlüssel" in page


@pytest.mark.shows("S-27")
def test_below_the_threshold_nothing_of_anybody_is_shown(cast):
    staff.signed_in(cast.bob).get("/inbox/")
    page = _officer(cast).get("/watch/").content.decode()
    assert ("mehr gelesen, als die tägliche Arbeit" in page, "Anna Muster" in page) == (True, False)


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"alone": "40", "hourly": "100", "daily": "300"}, 302),
        ({"alone": "0", "hourly": "100", "daily": "300"}, 422),
        ({"alone": "40", "hourly": "300", "daily": "100"}, 422),
        ({"alone": "viele", "hourly": "100", "daily": "300"}, 422),
        ({"alone": "40", "hourly": "", "daily": "300"}, 422),
        ({"alone": "40", "hourly": "100", "daily": "9" * 40}, 422),
        ({}, 422),
    ],
)
def test_only_numbers_with_sense_are_kept(cast, given, status):
    answer = staff.signed_in(cast.alice).post("/watch/thresholds/", given)
    assert answer.status_code == status
    with scope.looking(organisation=cast.dealer.organisation):
        kept = models.Organisation.objects.values_list("export_alone", flat=True).get()
    assert kept == (40 if status == 302 else 1)


def test_the_privacy_officer_sees_the_numbers_and_cannot_change_them(cast):
    officer = _officer(cast)
    given = {"alone": "40", "hourly": "100", "daily": "300"}
    assert officer.post("/watch/thresholds/", given).status_code == 404
    page = officer.get("/watch/").content.decode()
    assert ("Was bei uns viel heißt" in page, "/watch/thresholds/" in page) == (True, False)


@pytest.mark.shows("S-27")
def test_a_number_above_the_default_is_a_drift(cast):
    _sets(cast, alone=51)
    page = staff.signed_in(cast.alice).get("/audit/settings/").content.decode()
    differing = page.partition("Wie voreingestellt")[0].partition("<h2")[2]
    assert "Personen in einer Datei ohne zweite Person" in differing.partition("<h2")[0]


@pytest.mark.shows("S-27")
def test_a_wish_lapses_after_a_day(cast, monkeypatch):
    dora, now = staff.signed_in(cast.dora), clock.now()
    place = dora.post("/decisions/export/", EXPORT)["Location"]
    officer = _officer(cast)
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(days=1, minutes=1))
    assert officer.post(place, {"answer": "approve"}).status_code == 422
    assert "verfallen" in officer.get(place).content.decode()
