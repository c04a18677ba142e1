"""Conversations are assigned and handed over; teams have members of their branch."""

import pytest

from tests import staff
from tests.deskwork import NOW, audited, by_bob, happened, look, nudged
from werkbote.actions import desk as deeds
from werkbote.domain import team


@pytest.fixture
def crew() -> staff.Staff:
    return staff.staff()


def test_a_conversation_is_assigned_and_the_member_is_told(crew: staff.Staff) -> None:
    conversation = staff.wrote(crew.dealer)
    deeds.assign(member=crew.alice, **by_bob(crew, conversation))
    deeds.assign(member=crew.alice, **by_bob(crew, conversation))
    assert look(crew, conversation).owner_id == crew.alice
    assert nudged(crew) == [(crew.alice, "assigned")]
    assert happened(crew, conversation) == ["assigned"]
    assert audited(crew) == ["desk.assigned"]
    deeds.assign(member=None, **by_bob(crew, conversation))
    assert look(crew, conversation).owner_id is None
    assert happened(crew, conversation) == ["assigned", "unassigned"]


def test_who_takes_a_conversation_need_not_be_told(crew: staff.Staff) -> None:
    conversation = staff.wrote(crew.dealer)
    deeds.assign(member=crew.bob, **by_bob(crew, conversation))
    assert nudged(crew) == []


@pytest.mark.parametrize("name", ["charlie", "dora", "eve"])
def test_nobody_is_assigned_who_must_not_read_it(crew: staff.Staff, name: str) -> None:
    conversation = staff.wrote(crew.dealer)
    with pytest.raises(deeds.UnableToDo, match="does not work at the branch"):
        deeds.assign(member=getattr(crew, name), **by_bob(crew, conversation))
    assert look(crew, conversation).owner_id is None


def service(crew: staff.Staff, *members: int) -> int:
    deed = {"organisation": crew.dealer.organisation, "by": crew.alice, "at": NOW}
    made = deeds.create_team(
        branch=crew.dealer.branch, kind=team.TeamKind.SERVICE, name="Service", **deed
    )
    for member in members:
        deeds.join_team(team=made, member=member, **deed)
    return made


def test_a_conversation_is_handed_over_to_a_team_with_a_note(crew: staff.Staff) -> None:
    conversation = staff.wrote(crew.dealer)
    made = service(crew, crew.alice, crew.bob)
    deeds.hand_over(to=(None, made), note="Bitte zurückrufen", **by_bob(crew, conversation))
    row = look(crew, conversation)
    assert (row.team_id, row.owner_id) == (made, None)
    assert nudged(crew) == [(crew.alice, "handed_over")]
    assert happened(crew, conversation) == ["noted", "team"]


def test_a_hand_over_to_a_member_takes_it_from_the_one_before(crew: staff.Staff) -> None:
    conversation = staff.wrote(crew.dealer)
    deeds.assign(member=crew.bob, **by_bob(crew, conversation))
    deeds.hand_over(to=(crew.alice, None), note="", **by_bob(crew, conversation))
    assert look(crew, conversation).owner_id == crew.alice
    assert happened(crew, conversation) == ["assigned", "handed_over"]
    with pytest.raises(deeds.UnableToDo, match="to whom"):
        deeds.hand_over(to=(None, None), note="x", **by_bob(crew, conversation))


def test_a_team_has_members_of_its_branch_alone_and_ends(crew: staff.Staff) -> None:
    conversation, made = staff.wrote(crew.dealer), service(crew)
    deed = {"organisation": crew.dealer.organisation, "by": crew.alice, "at": NOW}
    with pytest.raises(deeds.UnableToDo, match="does not work"):
        deeds.join_team(team=made, member=crew.charlie, **deed)
    deeds.join_team(team=made, member=crew.bob, **deed)
    deeds.leave_team(team=made, member=crew.bob, **deed)
    deeds.assign_team(team=made, **by_bob(crew, conversation))
    deeds.end_team(team=made, **deed)
    assert look(crew, conversation).team_id is None
    with pytest.raises(deeds.UnableToDo, match="not one of the branch"):
        deeds.assign_team(team=made, **by_bob(crew, conversation))
    with pytest.raises(deeds.UnableToDo, match="ended already"):
        deeds.end_team(team=made, **deed)
