"""Correction (Art. 16) of whatever can be corrected, with before and after; and who hears of it (Art. 19)."""

from dataclasses import replace
from datetime import date
from typing import Any

import orjson
import pytest

from tests import dealers, erasures, phones, staff
from werkbote.actions import cases, desk, privacy, subscriptions
from werkbote.domain import cases as vehicles
from werkbote.domain import privacy as rights
from werkbote.domain import search_fields
from werkbote.reads import search_results
from werkbote.store import cases as rows
from werkbote.store import keyring, models, personal_data, scope

pytestmark = pytest.mark.usefixtures("journal_folder")

AT = dealers.NOW
PLATE = "HH-NL 2026"


@pytest.fixture
def dealer() -> dealers.Dealer:
    made = dealers.dealer()
    phones.writes(made, "Moin", at=AT)
    return made


@pytest.fixture
def by(dealer: dealers.Dealer) -> int:
    return staff.member(dealer.organisation, role=staff.roles.Role.OWNER, branches=[dealer.branch])


@pytest.fixture
def vehicle(dealer: dealers.Dealer, by: int) -> int:
    return cases.record_vehicle(
        organisation=dealer.organisation,
        person=erasures.the_person(dealer),
        role=vehicles.Role.HOLDER,
        told=vehicles.Vehicle(plate=PLATE, make="VW", model="Golf", mileage=10),
        by=by,
        at=AT,
    )


@pytest.fixture
def case(dealer: dealers.Dealer, by: int) -> int:
    return cases.open_case(
        organisation=dealer.organisation,
        branch=dealer.branch,
        person=erasures.the_person(dealer),
        details=cases.Details(kind=vehicles.Kind.REPAIR_ORDER, title="Bremsen hinten"),
        by=by,
        at=AT,
    )


def opened(dealer: dealers.Dealer, by: int, kind: rights.Kind = rights.Kind.CORRECTION) -> int:
    """A request whose person is known."""
    common = {"organisation": dealer.organisation, "by": by, "at": AT}
    received = privacy.Received(branch=dealer.branch, kind=kind, channel="counter")
    request = privacy.receive(received=received, **common)
    person = erasures.the_person(dealer)
    privacy.identify(request=request, rung=rights.Rung.COUNTER, person=person, **common)
    return request


def corrects(
    dealer: dealers.Dealer, by: int, request: int, wrong: rights.Wrong, right: str, row: int = 0
) -> None:
    privacy.correct(
        organisation=dealer.organisation,
        request=request,
        target=rights.Target(wrong=wrong, row=row),
        right=right,
        by=by,
        at=AT,
    )


def stands(dealer: dealers.Dealer, request: int) -> models.PersonRequest:
    with scope.looking(organisation=dealer.organisation):
        return models.PersonRequest.objects.get(id=request)


def changes(dealer: dealers.Dealer, request: int) -> list[tuple[str, str, str]]:
    row, keys = stands(dealer, request), keyring.organisation(dealer.organisation)
    if row.changes_sealed is None:
        return []
    plain = keys.main.open(
        row.changes_sealed, table="person_request", row=row.id, column="changes_sealed"
    )
    return [(one["wrong"], one["before"], one["after"]) for one in orjson.loads(plain)]


def finished(dealer: dealers.Dealer, by: int, request: int) -> models.PersonRequest:
    privacy.finish_correction(organisation=dealer.organisation, request=request, by=by, at=AT)
    return stands(dealer, request)


@pytest.mark.shows("R-05")
@pytest.mark.parametrize(
    ("wrong", "right", "before", "now"),
    [
        ("plate", "hh-nl 2027", PLATE, {"plate": "HH-NL 2027"}),
        ("make", "Skoda", "VW", {"make": "Skoda"}),
        ("model", "Fabia", "Golf", {"model": "Fabia"}),
        ("registered", "24.11.2020", "", {"first_registration": date(2020, 11, 24)}),
        ("hu", "11.2027", "", {"hu_due_on": date(2027, 11, 1)}),
        ("mileage", "123.456 km", "10", {"mileage": 123456}),
    ],
)
def test_vehicle_is_put_right_and_what_it_was_stays_on_record(
    dealer, vehicle, wrong, right, before, now
):
    by = staff.member(dealer.organisation, role=staff.roles.Role.OWNER, branches=[dealer.branch])
    request = opened(dealer, by)
    corrects(dealer, by, request, rights.Wrong(wrong), right, vehicle)
    keys = keyring.organisation(dealer.organisation)
    with scope.looking(organisation=dealer.organisation):
        known = rows.opened(keys, models.Vehicle.objects.get(id=vehicle))
    assert known == replace(known, **now)
    assert changes(dealer, request) == [(wrong, before, right)]


@pytest.mark.shows("R-05")
def test_name_title_and_number_are_put_right_one_after_the_other(dealer, by, case):
    request = opened(dealer, by)
    with scope.looking(organisation=dealer.organisation):
        identity = models.Identity.objects.get(scheme="phone").id
    corrects(dealer, by, request, rights.Wrong.NAME, "  Petra Beispiel ")
    corrects(dealer, by, request, rights.Wrong.TITLE, "Bremsen vorn", case)
    corrects(dealer, by, request, rights.Wrong.NUMBER, "", identity)
    assert changes(dealer, request) == [
        ("name", "Alice", "Petra Beispiel"),
        ("title", "Bremsen hinten", "Bremsen vorn"),
        ("number", f"+{dealers.ALICE}", ""),
    ]
    with scope.looking(organisation=dealer.organisation):
        assert models.Identity.objects.get(id=identity).replaced_at == AT
    row = finished(dealer, by, request)
    assert (row.state, row.result["corrected"]) == ("answered", 3)


def found(by: int, words: str) -> tuple[int, int]:
    """How many conversations and cases a search shows."""
    shown = search_results.beside(viewer=staff.viewer(by), asked=search_fields.read(words))
    return len(shown.talks), len(shown.cases)


@pytest.mark.shows("R-05")
def test_corrected_name_is_found_and_the_wrong_one_is_not(dealer, by):
    assert (found(by, "person:Alice"), found(by, "person:Petra")) == ((1, 0), (0, 0))
    corrects(dealer, by, opened(dealer, by), rights.Wrong.NAME, "Petra Beispiel")
    assert (found(by, "person:Alice"), found(by, "person:Petra")) == ((0, 0), (1, 0))
    assert found(by, f"nummer:{dealers.ALICE[-4:]}") == (1, 0)


@pytest.mark.shows("R-05")
def test_name_is_entered_where_none_was_known(dealer, by):
    with scope.transaction(organisation=dealer.organisation):
        models.Person.objects.update(name_sealed=None)
    request = opened(dealer, by)
    corrects(dealer, by, request, rights.Wrong.NAME, "Petra Beispiel")
    assert found(by, "person:Petra") == (1, 0)
    assert changes(dealer, request) == [("name", "", "Petra Beispiel")]


@pytest.mark.shows("R-05")
def test_corrected_title_is_found_and_the_wrong_one_is_not(dealer, by, case):
    assert (found(by, "vorgang:hinten"), found(by, "vorgang:vorn")) == ((0, 1), (0, 0))
    corrects(dealer, by, opened(dealer, by), rights.Wrong.TITLE, "Bremsen vorn", case)
    assert (found(by, "vorgang:hinten"), found(by, "vorgang:vorn")) == ((0, 0), (0, 1))


@pytest.mark.shows("R-05")
@pytest.mark.parametrize("typed", [dealers.ALICE[-4:], f"+{dealers.ALICE}"])
def test_number_that_was_wrong_finds_nobody_any_more(dealer, by, typed):
    assert found(by, f"nummer:{typed}") == (1, 0)
    with scope.looking(organisation=dealer.organisation):
        identity = models.Identity.objects.get(scheme="phone").id
    corrects(dealer, by, opened(dealer, by), rights.Wrong.NUMBER, "", identity)
    assert found(by, f"nummer:{typed}") == (0, 0)
    assert found(by, "person:Alice") == (1, 0)


def test_what_was_written_stays_and_the_correction_stands_beside_it(dealer, by):
    request = opened(dealer, by)
    corrects(dealer, by, request, rights.Wrong.ANNOTATION, "Die Rechnung war bezahlt.")
    keys = keyring.organisation(dealer.organisation)
    with scope.looking(organisation=dealer.organisation):
        note = models.Note.objects.select_related("person").get()
    key = keys.unwrap(note.person.key_wrapped, person=note.person_id)
    said = key.open_text(note.body_sealed, table="note", row=note.id, column="body_sealed")
    assert said == "Berichtigung (Art. 16 DSGVO): Die Rechnung war bezahlt."


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("name", " "),
        ("name", "x" * 1001),
        ("plate", "kein Kennzeichen"),
        ("vin", "WVW"),
        ("mileage", "viele"),
        ("mileage", "-5"),
        ("mileage", "99999999"),
        ("registered", "31.02.2020"),
        ("hu", "bald"),
    ],
)
def test_what_cannot_be_right_changes_nothing(dealer, by, vehicle, wrong, right):
    request = opened(dealer, by)
    with pytest.raises(privacy.UnableToHandle):
        corrects(dealer, by, request, rights.Wrong(wrong), right, vehicle)
    assert changes(dealer, request) == []


@pytest.mark.parametrize("wrong", ["number", "plate", "title"])
def test_rows_of_somebody_else_are_not_corrected(dealer, by, wrong):
    request = opened(dealer, by)
    staff.wrote(dealer, phone=f"+{dealers.BOB}")
    with scope.looking(organisation=dealer.organisation):
        bob = models.Person.objects.latest("id").id
        number = models.Identity.objects.get(person=bob).id
    common: dict[str, Any] = {"organisation": dealer.organisation, "by": by, "at": AT}
    made = cases.record_vehicle(
        person=bob,
        role=vehicles.Role.HOLDER,
        told=vehicles.Vehicle(plate="HH-BB 1"),
        **common,
    )
    title = cases.open_case(
        branch=dealer.branch,
        person=bob,
        details=cases.Details(kind=vehicles.Kind.INQUIRY, title="Reifen"),
        **common,
    )
    row = {"number": number, "plate": made, "title": title}[wrong]
    for foreign in (row, 0, 4711):
        with pytest.raises(privacy.UnableToHandle, match="nothing of this kind"):
            corrects(dealer, by, request, rights.Wrong(wrong), "HH-XX 9", foreign)
    assert changes(dealer, request) == []


@pytest.mark.parametrize(
    "word", ["", "name", "name:", "name:x", "name:-1", "secret:1", "name:" + "9" * 20, "name:٣"]
)
def test_word_that_names_nothing_is_refused(word):
    with pytest.raises(rights.UnableToRead):
        rights.read_target(word)


def test_nothing_corrected_answers_nothing(dealer, by):
    request = opened(dealer, by)
    with pytest.raises(privacy.UnableToHandle, match="Nothing has been corrected"):
        finished(dealer, by, request)


def notices(row: models.PersonRequest) -> list[tuple[str, str]]:
    return [(one["who"], one["state"]) for one in row.notices]


@pytest.mark.shows("R-32")
def test_recipients_are_found_and_told_or_stay_to_be_told(dealer, by):
    common: dict[str, Any] = {"organisation": dealer.organisation, "by": by, "at": AT}
    with scope.looking(organisation=dealer.organisation):
        conversation = models.Conversation.objects.get().id
    desk.record_export(conversation=conversation, **common)
    subscriptions.subscribe(url="https://dms.autohaus.example/hook", **common)
    request = opened(dealer, by)
    corrects(dealer, by, request, rights.Wrong.NAME, "Petra Beispiel")
    row = finished(dealer, by, request)
    assert notices(row) == [
        ("program", "told"),
        ("export", "to_tell"),
        ("contact_book", "unconcerned"),
    ]
    with scope.looking(organisation=dealer.organisation):
        assert models.Change.objects.filter(conversation=conversation, at=AT).exists()
    for position in (-1, 0, 2, 99):
        with pytest.raises(privacy.UnableToHandle, match="told already"):
            privacy.tell(request=request, position=position, **common)
    privacy.tell(request=request, position=1, **common)
    assert notices(stands(dealer, request))[1] == ("export", "told")
    assert privacy.told_paper(request=request, **common).startswith(b"%PDF")


@pytest.mark.shows("R-32")
@pytest.mark.parametrize(
    ("kind", "number", "state"),
    [
        ("correction", False, "unconcerned"),
        ("correction", True, "to_tell"),
        ("restriction", False, "to_tell"),
        ("erasure", False, "told"),
    ],
)
def test_contact_book_hears_of_what_touches_the_number(kind, number, state):
    book = rights.Recipient.CONTACT_BOOK
    assert rights.first_state(book, rights.Kind(kind), number=number) == state


@pytest.mark.shows("R-32")
def test_restriction_and_erasure_note_their_recipients_too(dealer, by):
    common: dict[str, Any] = {"organisation": dealer.organisation, "by": by, "at": AT}
    restricted = opened(dealer, by, rights.Kind.RESTRICTION)
    privacy.restrict(request=restricted, **common)
    assert notices(stands(dealer, restricted)) == [("contact_book", "to_tell")]
    erased = opened(dealer, by, rights.Kind.ERASURE)
    run = privacy.erase(request=erased, stop=rights.Stop.KEEP, **common)
    assert erasures.executed(dealer, run) is rights.State.DONE
    assert notices(stands(dealer, erased)) == [("contact_book", "told")]


def test_before_and_after_go_with_the_person(dealer, by):
    request = opened(dealer, by)
    corrects(dealer, by, request, rights.Wrong.NAME, "Petra Beispiel")
    run = erasures.asked(dealer, erasures.the_person(dealer))
    assert erasures.executed(dealer, run) is rights.State.DONE
    assert changes(dealer, request) == []


@pytest.mark.shows("R-05")
def test_every_way_of_correction_is_one_of_a_table_that_a_person_is_handed_out():
    handed = {table.model for table in personal_data.TABLES if table.exported}
    assert set(rights.WAYS) - handed == set()
    assert {wrong for ways in rights.WAYS.values() for wrong in ways} == set(rights.Wrong)
