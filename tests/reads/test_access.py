"""Who sees what: Alice may, Bob shares, Charlie must not, and neither must a stranger or an auditor."""

import pytest

from tests import staff
from werkbote.domain import team
from werkbote.reads import access, inbox, people, policy
from werkbote.store import models, scope


@pytest.fixture
def cast() -> staff.Staff:
    return staff.everybody()


def test_those_of_the_branch_see_its_conversation(cast):
    conversation = staff.wrote(cast.dealer)
    for member in (cast.alice, cast.bob):
        access.check_conversation(staff.viewer(member), conversation)


@pytest.mark.parametrize("who", ["charlie", "dora", "eve"])
def test_others_see_no_conversation_no_message_and_no_list(cast, who):
    conversation = staff.wrote(cast.dealer)
    alice, other = staff.viewer(cast.alice), staff.viewer(getattr(cast, who))
    message = inbox.thread(viewer=alice, conversation=conversation).messages[0].id
    for look in (
        lambda: access.check_conversation(other, conversation),
        lambda: inbox.thread(viewer=other, conversation=conversation),
        lambda: inbox.message(viewer=other, message=message),
    ):
        with pytest.raises(access.UnableToSee):
            look()


@pytest.mark.parametrize("who", ["charlie", "eve"])
def test_the_list_of_others_is_empty(cast, who):
    staff.wrote(cast.dealer)
    other = staff.viewer(getattr(cast, who))
    assert inbox.conversations(viewer=other) == ()
    assert inbox.changes(viewer=other, since=0).conversations == ()
    assert inbox.newest(viewer=other) == 0
    assert people.reviews(viewer=other) == ()


def test_an_auditor_reads_decisions_but_no_chats(cast):
    dora = staff.viewer(cast.dora)
    assert policy.entries(viewer=dora, wanted=policy.Wanted()) == ()
    with pytest.raises(access.UnableToSee):
        inbox.conversations(viewer=dora)


def test_an_owner_sees_every_branch_without_membership(cast):
    alice, charlie = staff.viewer(cast.alice), staff.viewer(cast.charlie)
    assert charlie.branches < alice.branches


def test_an_inactive_member_is_nobody(cast):
    with scope.transaction(organisation=cast.dealer.organisation):
        models.Member.objects.filter(id=cast.bob).update(is_active=False)
    with pytest.raises(access.UnableToSee):
        access.viewer(cast.bob)


@pytest.mark.parametrize("role", team.Role)
def test_rights_are_what_the_table_says(role):
    for right in team.Right:
        if right in team.RIGHTS[role]:
            team.check(role=role, right=right)
        else:
            with pytest.raises(team.UnableToAllow):
                team.check(role=role, right=right)
