"""Lines read once for many: who of them sees which, and that the views agree with the list's own question."""

import itertools
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import staff
from tests.panels import NOW, by_bob
from werkbote.actions import desk as deeds
from werkbote.domain import desk
from werkbote.domain import team as roles
from werkbote.reads import inbox
from werkbote.store import models, scope


@pytest.fixture
def cast() -> staff.Staff:
    return staff.everybody()


def _phone(number: int) -> str:
    return f"+4917139200{number:02}"


def _follower(
    member: int, view: inbox.View = inbox.View.ALL, branch: int | None = None
) -> inbox.Follower:
    return inbox.Follower(viewer=staff.viewer(member), view=view, branch=branch)


def test_those_of_the_branch_see_the_line_and_others_do_not(cast):
    conversation = staff.wrote(cast.dealer, words="Bremsen quietschen")
    everyone = [_follower(one) for one in (cast.alice, cast.bob, cast.charlie, cast.dora)]
    found = inbox.lines(followers=everyone, wanted=[conversation], at=NOW)
    seen = [line and line.last.text for line in (found.of(one, conversation) for one in everyone)]
    assert seen == ["Bremsen quietschen", "Bremsen quietschen", None, None]


def test_a_stranger_reads_nothing_of_another_organisation(cast):
    conversation = staff.wrote(cast.dealer)
    eve = _follower(cast.eve)
    found = inbox.lines(followers=[eve], wanted=[conversation], at=NOW)
    assert found.of(eve, conversation) is None


def test_whose_data_is_restricted_has_no_line(cast):
    conversation = staff.wrote(cast.dealer)
    with scope.transaction(organisation=cast.dealer.organisation):
        models.Person.objects.update(restricted_at=NOW)
    bob = _follower(cast.bob)
    found = inbox.lines(followers=[bob], wanted=[conversation], at=NOW)
    assert found.of(bob, conversation) is None


def test_a_list_of_another_branch_does_not_hold_it(cast):
    conversation = staff.wrote(cast.dealer)
    (other,) = staff.viewer(cast.charlie).branches
    followers = [_follower(cast.alice, branch=one) for one in (cast.dealer.branch, other)]
    found = inbox.lines(followers=followers, wanted=[conversation], at=NOW)
    assert [bool(found.of(one, conversation)) for one in followers] == [True, False]


def _odd_ones(cast: staff.Staff) -> list[int]:
    """Make a conversation of every kind a view asks about."""
    phones = (_phone(number) for number in itertools.count())
    made = [staff.wrote(cast.dealer, phone=next(phones), at=NOW) for _ in range(8)]
    team = deeds.create_team(
        organisation=cast.dealer.organisation,
        branch=cast.dealer.branch,
        kind=roles.TeamKind.PARTS,
        name="Teile",
        by=cast.alice,
        at=NOW,
    )
    owned, teamed, rests, done, spam, closing, asked, _plain = made
    alice, bob = cast.alice, cast.bob
    with scope.transaction(organisation=cast.dealer.organisation):
        models.TeamMembership.objects.create(
            organisation_id=cast.dealer.organisation, member_id=bob, team_id=team
        )
        rows = models.Conversation.objects
        rows.filter(id=owned).update(owner_id=bob)
        rows.filter(id=teamed).update(team_id=team, owner_id=alice)
        rows.filter(id=spam).update(spam_at=NOW)
        edge = NOW - timedelta(hours=23)
        rows.filter(id=closing).update(waiting_since=edge, last_inbound_at=edge)
        person = rows.get(id=asked).person_id
        models.IdentityReview.objects.create(
            organisation_id=cast.dealer.organisation,
            previous_id=person,
            current_id=rows.get(id=owned).person_id,
            kind="proposed",
            provider_id="one",
            created_at=NOW,
        )
    deeds.snooze(until=NOW + timedelta(days=300), **by_bob(cast, rests))
    deeds.close(outcome=desk.Outcome.ANSWERED, **by_bob(cast, done))
    return made


@pytest.mark.parametrize("view", list(inbox.View))
def test_a_view_holds_the_lines_its_list_shows(cast, view):
    made = _odd_ones(cast)
    for member in (cast.alice, cast.bob, cast.charlie):
        follower = _follower(member, view)
        which = inbox.Which(view=view, at=NOW)
        listed = inbox.conversations(viewer=follower.viewer, which=which)
        found = inbox.lines(followers=[follower], wanted=made, at=NOW)
        followed = {one for one in made if found.of(follower, one)}
        assert followed == {line.id for line in listed}
        assert all(found.of(follower, line.id) == line for line in listed)


def test_every_view_holds_something_so_that_agreeing_means_something(cast):
    made = _odd_ones(cast)
    bob = [_follower(cast.bob, view) for view in inbox.View]
    found = inbox.lines(followers=bob, wanted=made, at=NOW)
    assert [any(found.of(one, row) for row in made) for one in bob] == [True] * len(bob)


def test_more_followers_and_lines_ask_no_more(cast):
    made = [staff.wrote(cast.dealer, phone=_phone(number)) for number in range(3)]
    followers = [_follower(one, inbox.View.TEAM) for one in (cast.alice, cast.bob, cast.charlie)]

    def asked(some: int) -> int:
        with CaptureQueriesContext(connection) as captured:
            inbox.lines(followers=followers[:some], wanted=made[:some], at=NOW)
        return len(captured)

    asked(1)
    assert asked(3) == asked(1)
