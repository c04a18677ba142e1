"""Cases and vehicles over HTTP: opened, filed, changed, corrected, and nobody else's business."""

import pytest

from tests import staff
from tests.panels import NOW, look, opened
from werkbote.actions import cases as case_deeds
from werkbote.actions import desk as deeds
from werkbote.domain import cases
from werkbote.store import models, scope


@pytest.fixture
def cast() -> staff.Staff:
    return staff.staff()


def test_a_case_is_opened_filed_and_closed_with_its_answer(cast):
    conversation = staff.wrote(cast.dealer, at=NOW)
    bob = staff.signed_in(cast.bob)
    made = bob.post(
        f"/inbox/{conversation}/cases/",
        {"kind": "repair_order", "title": "Bremsen hinten", "owner": str(cast.bob)},
    )
    assert made.status_code == 302
    with scope.looking(organisation=cast.dealer.organisation):
        case = models.Case.objects.get().id
    assert "Bremsen hinten" in bob.get("/cases/").content.decode()
    assert "Bremsen hinten" in bob.get(f"/inbox/{conversation}/news/?panel=1").content.decode()
    assert bob.post(f"/cases/{case}/close/", {}).status_code == 422
    assert bob.post(f"/cases/{case}/move/", {"cause": "wait"}).status_code == 302
    assert bob.post(f"/cases/{case}/close/", {"contract": "unknown"}).status_code == 302
    assert bob.post(f"/cases/{case}/close/", {"contract": "yes"}).status_code == 302
    assert "Bremsen hinten" not in bob.get("/cases/").content.decode()
    assert "Bremsen hinten" in bob.get("/cases/?state=closed").content.decode()
    with scope.looking(organisation=cast.dealer.organisation):
        row = models.Case.objects.get()
    assert (row.state, row.contract) == ("closed", "yes")


@pytest.mark.parametrize("who", ["charlie", "dora", "eve"])
def test_others_see_no_case_and_no_vehicle(cast, who):
    conversation = staff.wrote(cast.dealer)
    case = opened(cast, conversation)
    vehicle = case_deeds.record_vehicle(
        organisation=cast.dealer.organisation,
        person=look(cast, conversation).person_id,
        role=cases.Role.HOLDER,
        told=cases.Vehicle(plate="HH-AB 123"),
        by=cast.bob,
        at=NOW,
    )
    browser = staff.signed_in(getattr(cast, who))
    answers = [
        browser.get(f"/cases/{case}/"),
        browser.post(f"/cases/{case}/close/", {"contract": "yes"}),
        browser.post(f"/cases/{case}/move/", {"cause": "wait"}),
        browser.get(f"/vehicles/{vehicle}/"),
        browser.post(f"/vehicles/{vehicle}/roles/1/end/"),
    ]
    assert [one.status_code for one in answers] == [404] * 5
    listed = browser.get("/cases/")
    assert "Bremsen" not in listed.content.decode()


def test_a_vehicle_is_recorded_shown_and_its_role_ended(cast):
    conversation = staff.wrote(cast.dealer)
    bob = staff.signed_in(cast.bob)
    told = {
        "plate": "hh ab 123e",
        "country": "D",
        "vin": "WVWZZZ1JZXW000001",
        "make": "VW",
        "model": "Golf",
        "hu": "03/2027",
        "mileage": "84000",
        "role": "driver",
    }
    assert bob.post(f"/inbox/{conversation}/vehicles/", told).status_code == 302
    with scope.looking(organisation=cast.dealer.organisation):
        role = models.VehicleRole.objects.get()
    page = bob.get(f"/vehicles/{role.vehicle_id}/").content.decode()
    assert [word in page for word in ("HH-AB 123E", "VW Golf", "03/2027", "Fahrer")] == [True] * 4
    ended = bob.post(f"/vehicles/{role.vehicle_id}/roles/{role.id}/end/")
    again = bob.post(f"/vehicles/{role.vehicle_id}/roles/{role.id}/end/")
    assert (ended.status_code, again.status_code) == (302, 422)


def repair(cast: staff.Staff, conversation: int) -> tuple[int, int]:
    """A vehicle of the person of a conversation, and a case about it."""
    with scope.looking(organisation=cast.dealer.organisation):
        person = models.Conversation.objects.get(id=conversation).person_id
    deed = {"organisation": cast.dealer.organisation, "by": cast.bob, "at": NOW}
    vehicle = case_deeds.record_vehicle(
        person=person,
        role=cases.Role.HOLDER,
        told=cases.Vehicle(plate="HH-AB 123", make="VW"),
        **deed,
    )
    return vehicle, opened(cast, conversation)


def test_a_case_is_changed_in_all_that_is_said_about_it(cast):
    vehicle, case = repair(cast, staff.wrote(cast.dealer))
    team = deeds.create_team(
        organisation=cast.dealer.organisation,
        branch=cast.dealer.branch,
        kind="service",
        name="Service",
        by=cast.alice,
        at=NOW,
    )
    bob = staff.signed_in(cast.bob)
    sent = {
        "kind": "complaint",
        "title": "Bremsen quietschen",
        "due": "2026-12-01",
        "owner": str(cast.bob),
        "team": str(team),
        "vehicle": str(vehicle),
    }
    assert bob.post(f"/cases/{case}/change/", sent).status_code == 302
    page = bob.get(f"/cases/{case}/").content.decode()
    for shown in ("Bremsen quietschen", "HH-AB 123", "Service", "1.12.2026", "Reklamation"):
        assert shown in page
    with scope.looking(organisation=cast.dealer.organisation):
        row = models.Case.objects.get(id=case)
    assert (row.owner_id, row.team_id, row.vehicle_id) == (cast.bob, team, vehicle)


@pytest.mark.parametrize(
    ("path", "sent", "says"),
    [
        ("cases/{case}/change/", {"kind": "repair_order", "title": ""}, "Titel"),
        ("cases/{case}/change/", {"kind": "moon", "title": "x"}, "Art"),
        ("cases/{case}/change/", {"kind": "repair_order", "title": "x", "owner": "1"}, "alert"),
        ("cases/{case}/change/", {"kind": "repair_order", "title": "x", "due": "bald"}, "Fällig"),
        ("vehicles/{vehicle}/correct/", {"country": "D", "plate": "???"}, "Kennzeichen"),
        ("vehicles/{vehicle}/correct/", {"country": "D", "vin": "O0"}, "alert"),
        ("vehicles/{vehicle}/correct/", {"country": "D"}, "alert"),
        ("vehicles/{vehicle}/correct/", {"country": "1", "make": "VW"}, "alert"),
        ("vehicles/{vehicle}/correct/", {"country": "D", "make": "VW", "hu": "3"}, "03/2027"),
        (
            "vehicles/{vehicle}/roles/",
            {"person": "Niemand", "role": "driver"},
            "keine Unterhaltung",
        ),
        ("vehicles/{vehicle}/roles/", {"person": "Petra", "role": "moon"}, "alert"),
        ("vehicles/{vehicle}/roles/", {"person": "", "role": "driver"}, "alert"),
    ],
)
def test_what_cannot_be_changed_is_said(cast, path, sent, says):
    vehicle, case = repair(cast, staff.wrote(cast.dealer))
    bob = staff.signed_in(cast.bob)
    answer = bob.post("/" + path.format(vehicle=vehicle, case=case), sent)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert 'role="alert"' in page
    assert says in page


def test_a_vehicle_is_corrected_and_gets_another_driver(cast):
    vehicle, _ = repair(cast, staff.wrote(cast.dealer))
    staff.wrote(cast.dealer, phone="+491713920002", name="Jonas Muster")
    bob = staff.signed_in(cast.bob)
    sent = {
        "plate": "HH-CD 45",
        "country": "D",
        "make": "VW",
        "model": "Golf",
        "first_registration": "2020-03-01",
        "hu": "03/2027",
        "mileage": "81000",
    }
    assert bob.post(f"/vehicles/{vehicle}/correct/", sent).status_code == 302
    given = {"person": "0171 3920002", "role": "driver"}
    assert bob.post(f"/vehicles/{vehicle}/roles/", given).status_code == 302
    page = bob.get(f"/vehicles/{vehicle}/").content.decode()
    for shown in ("HH-CD 45", "VW Golf", "1.3.2020", "03/2027", "81000", "Jonas Muster"):
        assert shown in page


def test_a_message_moves_into_one_case_and_out_again(cast):
    conversation = staff.wrote(cast.dealer)
    _, case = repair(cast, conversation)
    with scope.looking(organisation=cast.dealer.organisation):
        message = models.Message.objects.get(conversation_id=conversation).id

    def filed() -> int | None:
        with scope.looking(organisation=cast.dealer.organisation):
            return models.Message.objects.get(id=message).case_id

    bob = staff.signed_in(cast.bob)
    assert "Bremsen" in bob.get(f"/messages/{message}/case/").content.decode()
    part = {"HX-Request": "true"}
    answer = bob.post(f"/messages/{message}/case/", {"case": str(case)}, headers=part)
    assert (answer.status_code, filed()) == (204, case)
    assert "liegt zurzeit hier" in bob.get(f"/messages/{message}/case/").content.decode()
    assert bob.post(f"/messages/{message}/case/", {"case": ""}).status_code == 302
    assert filed() is None


def test_a_message_goes_into_no_other_persons_case(cast):
    staff.wrote(cast.dealer)
    other = staff.wrote(cast.dealer, phone="+491713920002", name="Jonas Muster")
    case = opened(cast, other)
    with scope.looking(organisation=cast.dealer.organisation):
        message = models.Message.objects.exclude(conversation_id=other).get().id
    bob = staff.signed_in(cast.bob)
    assert bob.post(f"/messages/{message}/case/", {"case": str(case)}).status_code == 422
    assert bob.post(f"/messages/{message}/case/", {"case": "1"}).status_code == 404


@pytest.mark.shows("S-04")
@pytest.mark.parametrize("who", ["charlie", "dora", "eve"])
def test_others_change_no_case_vehicle_or_filing(cast, who):
    conversation = staff.wrote(cast.dealer)
    vehicle, case = repair(cast, conversation)
    with scope.looking(organisation=cast.dealer.organisation):
        message = models.Message.objects.get(conversation_id=conversation).id
    browser = staff.signed_in(getattr(cast, who))
    sent = {"kind": "repair_order", "title": "x", "country": "D", "make": "x", "person": "Petra"}
    paths = (
        f"/cases/{case}/change/",
        f"/vehicles/{vehicle}/correct/",
        f"/vehicles/{vehicle}/roles/",
        f"/messages/{message}/case/",
        f"/inbox/{conversation}/same/",
    )
    assert [browser.post(path, sent).status_code for path in paths] == [404] * len(paths)
