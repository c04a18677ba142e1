"""Cases and vehicles: each deed does what it says, writes it down, and refuses with a remedy."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests import dealers, staff
from werkbote.actions import cases as deeds
from werkbote.domain import cases
from werkbote.reads import access
from werkbote.store import cases as rows
from werkbote.store import keyring, models, scope

NOW = dealers.NOW
LATER = NOW + timedelta(hours=1)
GOLF = cases.Vehicle(plate="hh-ab 123", vin="WVWZZZ1JZXW000001", make="VW", model="Golf")


@pytest.fixture
def crew() -> staff.Staff:
    return staff.staff()


def person_of(crew: staff.Staff, conversation: int) -> int:
    with scope.looking(organisation=crew.dealer.organisation):
        return models.Conversation.objects.get(id=conversation).person_id


def details(title: str = "Bremsen hinten", **more: object) -> deeds.Details:
    return deeds.Details(kind=cases.Kind.REPAIR_ORDER, title=title, **more)


def opened(crew: staff.Staff, conversation: int, **more: object) -> int:
    return deeds.open_case(
        organisation=crew.dealer.organisation,
        branch=crew.dealer.branch,
        person=person_of(crew, conversation),
        details=details(**more),
        by=crew.bob,
        at=NOW,
    )


def case_row(crew: staff.Staff, case: int) -> models.Case:
    with scope.looking(organisation=crew.dealer.organisation):
        return models.Case.objects.select_related("person").get(id=case)


def last_audit(crew: staff.Staff) -> tuple[str, str, str]:
    with scope.looking(organisation=crew.dealer.organisation):
        entry = models.AuditEntry.objects.order_by("-position")[0]
    return entry.actor, entry.verb, entry.object


def changes(crew: staff.Staff, conversation: int) -> int:
    with scope.looking(organisation=crew.dealer.organisation):
        return models.Change.objects.filter(conversation_id=conversation).count()


def test_a_case_is_opened_sealed_audited_and_announced(crew: staff.Staff) -> None:
    conversation = staff.wrote(crew.dealer)
    before = changes(crew, conversation)
    case = opened(crew, conversation, title="Bremsen hinten", owner=crew.bob)
    row = case_row(crew, case)
    keys = keyring.organisation(crew.dealer.organisation)
    key = keys.unwrap(row.person.key_wrapped, person=row.person_id)
    title = key.open_text(row.title_sealed, table="customer_case", row=case, column="title_sealed")
    assert (title, row.state, row.contract, row.owner_id) == (
        "Bremsen hinten",
        "open",
        "",
        crew.bob,
    )
    assert b"Bremsen" not in bytes(row.title_sealed)
    assert last_audit(crew) == (f"member:{crew.bob}", "cases.open_case", f"case:{case}")
    assert changes(crew, conversation) == before + 1


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"title": "  "}, "Give the case a title"),
        ({"title": "x" * 201}, "more than 200"),
        ({"owner": "charlie"}, "does not work at the branch"),
        ({"owner": "eve"}, "does not work at the branch"),
        ({"team": 1}, "not one of the branch"),
        ({"vehicle": 1}, "does not belong to the person"),
    ],
)
def test_a_case_that_does_not_fit_is_refused(
    crew: staff.Staff, more: dict[str, object], says: str
) -> None:
    conversation = staff.wrote(crew.dealer)
    if isinstance(more.get("owner"), str):
        more = {"owner": getattr(crew, str(more["owner"]))}
    with pytest.raises(deeds.UnableToOpen, match=says):
        opened(crew, conversation, **more)


@pytest.mark.shows("R-72")
@pytest.mark.parametrize("answer", list(cases.Contract))
def test_a_case_is_closed_with_the_answer_about_the_contract(
    crew: staff.Staff, answer: cases.Contract
) -> None:
    case = opened(crew, staff.wrote(crew.dealer))
    organisation = crew.dealer.organisation
    deeds.close_case(organisation=organisation, case=case, contract=answer, by=crew.bob, at=LATER)
    row = case_row(crew, case)
    assert (row.state, row.contract, row.closed_at) == ("closed", answer, LATER)
    with pytest.raises(deeds.UnableToChange, match="changed meanwhile"):
        deeds.close_case(
            organisation=organisation, case=case, contract=answer, by=crew.bob, at=LATER
        )


def test_a_case_cannot_be_closed_without_the_answer(crew: staff.Staff) -> None:
    case = opened(crew, staff.wrote(crew.dealer))
    with pytest.raises(deeds.UnableToChange, match="whether a contract came about"):
        deeds.move_case(
            organisation=crew.dealer.organisation,
            case=case,
            cause=cases.Cause.CLOSE,
            by=crew.bob,
            at=LATER,
        )


def test_a_case_waits_goes_on_closes_and_opens_again(crew: staff.Staff) -> None:
    case = opened(crew, staff.wrote(crew.dealer))
    organisation, seen = crew.dealer.organisation, []
    for cause in ("wait", "resume", "wait"):
        deeds.move_case(
            organisation=organisation, case=case, cause=cases.Cause(cause), by=crew.bob, at=LATER
        )
        seen.append(case_row(crew, case).state)
    deeds.close_case(
        organisation=organisation, case=case, contract=cases.Contract.YES, by=crew.bob, at=LATER
    )
    deeds.move_case(
        organisation=organisation, case=case, cause=cases.Cause.REOPEN, by=crew.bob, at=LATER
    )
    row = case_row(crew, case)
    assert seen == ["waiting", "open", "waiting"]
    assert (row.state, row.contract, row.closed_at) == ("open", "", None)


def test_the_question_can_be_answered_later_but_not_before_the_end(crew: staff.Staff) -> None:
    case = opened(crew, staff.wrote(crew.dealer))
    answer = {
        "organisation": crew.dealer.organisation,
        "case": case,
        "by": crew.bob,
        "at": LATER,
    }
    with pytest.raises(deeds.UnableToChange, match="asked when it is closed"):
        deeds.answer_contract(contract=cases.Contract.YES, **answer)
    deeds.close_case(contract=cases.Contract.UNKNOWN, **answer)
    deeds.answer_contract(contract=cases.Contract.NO, **answer)
    assert case_row(crew, case).contract == "no"


def test_a_case_is_changed_as_a_whole(crew: staff.Staff) -> None:
    case = opened(crew, staff.wrote(crew.dealer), owner=crew.bob)
    deeds.change_case(
        organisation=crew.dealer.organisation,
        case=case,
        details=replace(details("Bremsen vorn"), kind=cases.Kind.COMPLAINT, due_at=LATER),
        by=crew.bob,
        at=LATER,
    )
    row = case_row(crew, case)
    assert (row.kind, row.owner_id, row.due_at, row.changed_at) == (
        "complaint",
        None,
        LATER,
        LATER,
    )


def test_a_message_is_in_one_case_of_its_person_or_in_none(crew: staff.Staff) -> None:
    conversation = staff.wrote(crew.dealer)
    other = staff.wrote(crew.dealer, phone="+491713920002")
    mine, theirs = opened(crew, conversation), opened(crew, other)
    organisation = crew.dealer.organisation
    with scope.looking(organisation=organisation):
        message = models.Message.objects.get(conversation_id=conversation).id
    filing = {"organisation": organisation, "message": message, "by": crew.bob, "at": LATER}
    deeds.file_message(case=mine, **filing)
    with pytest.raises(deeds.UnableToFile, match="another person's"):
        deeds.file_message(case=theirs, **filing)
    with pytest.raises(deeds.UnableToFile, match="not here any more"):
        deeds.file_message(case=1, **filing)
    with scope.looking(organisation=organisation):
        assert models.Message.objects.get(id=message).case_id == mine
    deeds.file_message(case=None, **filing)
    with scope.looking(organisation=organisation):
        assert models.Message.objects.get(id=message).case_id is None


def test_what_is_in_no_case_yet_is_filed_together(crew: staff.Staff) -> None:
    for minute in range(3):
        conversation = staff.wrote(crew.dealer, at=NOW + timedelta(minutes=minute))
    case = opened(crew, conversation)
    filing = {
        "organisation": crew.dealer.organisation,
        "conversation": conversation,
        "case": case,
        "since": NOW + timedelta(minutes=1),
        "by": crew.bob,
        "at": LATER,
    }
    assert [deeds.file_unfiled(**filing), deeds.file_unfiled(**filing)] == [2, 0]


def recorded(crew: staff.Staff, conversation: int, told: cases.Vehicle = GOLF) -> int:
    return deeds.record_vehicle(
        organisation=crew.dealer.organisation,
        person=person_of(crew, conversation),
        role=cases.Role.HOLDER,
        told=told,
        by=crew.bob,
        at=NOW,
    )


def known(crew: staff.Staff, vehicle: int) -> cases.Vehicle:
    keys = keyring.organisation(crew.dealer.organisation)
    with scope.looking(organisation=crew.dealer.organisation):
        return rows.opened(keys, models.Vehicle.objects.get(id=vehicle))


@pytest.mark.shows("R-01")
def test_a_vehicle_is_sealed_and_found_by_plate_or_vin(crew: staff.Staff) -> None:
    vehicle = recorded(crew, staff.wrote(crew.dealer))
    assert known(crew, vehicle) == replace(GOLF, plate="HH-AB 123")
    with scope.looking(organisation=crew.dealer.organisation):
        row = models.Vehicle.objects.get(id=vehicle)
    sealed = b"".join(
        bytes(column)
        for column in (row.plate_sealed, row.vin_sealed, row.details_sealed, row.plate_hash)
    )
    assert [word in sealed for word in (b"HH-AB", b"WVWZZZ", b"Golf")] == [False] * 3


def test_the_same_plate_or_vin_is_the_same_vehicle(crew: staff.Staff) -> None:
    first, second = staff.wrote(crew.dealer), staff.wrote(crew.dealer, phone="+491713920002")
    vehicle = recorded(crew, first)
    by_plate = recorded(crew, second, cases.Vehicle(plate="HH AB 123E", mileage=90_000))
    by_vin = recorded(crew, second, cases.Vehicle(vin="WVWZZZ1JZXW000001", hu_due_on=NOW.date()))
    assert [by_plate, by_vin] == [vehicle, vehicle]
    assert known(crew, vehicle) == replace(
        GOLF, plate="HH-AB 123E", mileage=90_000, hu_due_on=NOW.date()
    )


def test_a_plate_moves_on_to_the_next_vehicle(crew: staff.Staff) -> None:
    conversation = staff.wrote(crew.dealer)
    old = recorded(crew, conversation)
    new = recorded(crew, conversation, cases.Vehicle(plate="HH-AB 123", vin="WVWZZZ1JZXW000002"))
    assert new != old
    assert [known(crew, one).plate for one in (old, new)] == ["", "HH-AB 123"]


def test_a_foreign_plate_is_not_held_against_german_districts(crew: staff.Staff) -> None:
    conversation = staff.wrote(crew.dealer)
    vehicle = recorded(crew, conversation, cases.Vehicle(plate="w 12345 x", country="A"))
    again = recorded(crew, conversation, cases.Vehicle(plate="W-12345X", country="A"))
    assert (again, known(crew, vehicle).country) == (vehicle, "A")


@pytest.mark.parametrize(
    ("told", "says"),
    [
        (cases.Vehicle(), "at least the plate"),
        (cases.Vehicle(plate="XQ-A 1"), "no such registration district"),
        (cases.Vehicle(vin="123"), "17 signs"),
    ],
)
def test_a_vehicle_that_is_none_is_refused(
    crew: staff.Staff, told: cases.Vehicle, says: str
) -> None:
    conversation = staff.wrote(crew.dealer)
    with pytest.raises(deeds.UnableToRecord, match=says):
        recorded(crew, conversation, told)


def test_a_correction_may_take_no_other_vehicles_plate(crew: staff.Staff) -> None:
    conversation = staff.wrote(crew.dealer)
    vehicle = recorded(crew, conversation)
    other = recorded(crew, conversation, cases.Vehicle(plate="B-CD 2"))
    correction = {"organisation": crew.dealer.organisation, "by": crew.bob, "at": LATER}
    with pytest.raises(deeds.UnableToRecord, match="Another vehicle"):
        deeds.correct_vehicle(vehicle=other, told=GOLF, **correction)
    told = cases.Vehicle(plate="B-CD 3", first_registration=date(2019, 5, 1))
    deeds.correct_vehicle(vehicle=other, told=told, **correction)
    assert known(crew, other) == told
    assert known(crew, vehicle).plate == "HH-AB 123"


def test_roles_are_given_once_and_end(crew: staff.Staff) -> None:
    conversation = staff.wrote(crew.dealer)
    vehicle, person = recorded(crew, conversation), person_of(crew, conversation)
    deed = {"organisation": crew.dealer.organisation, "by": crew.bob}
    for role in (cases.Role.DRIVER, cases.Role.DRIVER):
        deeds.give_role(vehicle=vehicle, person=person, role=role, at=NOW, **deed)
    with scope.looking(organisation=crew.dealer.organisation):
        held = list(models.VehicleRole.objects.filter(vehicle_id=vehicle).order_by("role"))
    assert [(one.role, one.valid_to) for one in held] == [("driver", None), ("holder", None)]
    deeds.end_role(role=held[0].id, at=NOW + timedelta(days=3), **deed)
    with pytest.raises(deeds.UnableToRecord, match="ended already"):
        deeds.end_role(role=held[0].id, at=NOW, **deed)
    with scope.looking(organisation=crew.dealer.organisation):
        ended = models.VehicleRole.objects.get(id=held[0].id)
    assert ended.valid_to == (NOW + timedelta(days=2)).date()


@pytest.mark.shows("R-30")
def test_a_vehicle_goes_with_the_last_of_its_people(crew: staff.Staff) -> None:
    first, second = staff.wrote(crew.dealer), staff.wrote(crew.dealer, phone="+491713920002")
    vehicle = recorded(crew, first)
    recorded(crew, second, cases.Vehicle(plate="HH-AB 123"))
    case = opened(crew, first, vehicle=vehicle)
    left = []
    for conversation in (second, first):
        with scope.transaction(organisation=crew.dealer.organisation):
            models.VehicleRole.objects.filter(
                person_id=models.Conversation.objects.get(id=conversation).person_id
            ).delete()
            left.append(models.Vehicle.objects.filter(id=vehicle).count())
    assert left == [1, 0]
    assert case_row(crew, case).vehicle_id is None


@pytest.mark.parametrize("name", ["charlie", "dora", "eve"])
def test_who_must_not_see_case_vehicle_or_person_does_not(crew: staff.Staff, name: str) -> None:
    conversation = staff.wrote(crew.dealer)
    case, vehicle = opened(crew, conversation), recorded(crew, conversation)
    person = person_of(crew, conversation)
    doors = (
        lambda viewer: access.check_case(viewer, case),
        lambda viewer: access.check_vehicle(viewer, vehicle),
        lambda viewer: access.check_person(viewer, person),
    )
    for door in doors:
        door(staff.viewer(crew.alice))
        door(staff.viewer(crew.bob))
        with pytest.raises(access.UnableToSee):
            door(staff.viewer(getattr(crew, name)))
