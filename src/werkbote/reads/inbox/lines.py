"""Lines of the list as they have become, read once for many who look and judged for each of them."""

import dataclasses
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import BooleanField, ExpressionWrapper

from werkbote.domain import team
from werkbote.reads import access
from werkbote.reads.inbox import views
from werkbote.reads.inbox.conversations import Conversation, opened, visible
from werkbote.store import keyring, models, scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Follower:
    """Somebody who looks at a view of the list, of one branch or of all of theirs."""

    viewer: access.Viewer
    view: views.View
    branch: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """What some conversations have become at a moment, whatever view they stand in."""

    at: datetime
    _found: Mapping[int, tuple[Conversation, views.Standing]]
    _teams: Mapping[int, frozenset[int]]

    def of(self, follower: Follower, conversation: int) -> Conversation | None:
        """Return the line a follower sees; None where it is not theirs to see, or not in their view."""
        found = self._found.get(conversation)
        if found is None:
            return None
        line, standing = found
        viewer = follower.viewer
        if standing.branch not in viewer.branches or not viewer.can(team.Right.READ_CHATS):
            return None
        if follower.branch not in {None, standing.branch}:
            return None
        teams = self._teams.get(viewer.member, frozenset())
        held = views.holds(standing, follower.view, member=viewer.member, teams=teams, at=self.at)
        return line if held else None


def lines(*, followers: Sequence[Follower], wanted: Collection[int], at: datetime) -> Lines:
    """Return what the wanted conversations are now; the followers are of one organisation.

    Six or seven queries, whatever the number of followers and of conversations.
    """
    first = followers[0].viewer
    among = frozenset().union(*(follower.viewer.branches for follower in followers))
    together = dataclasses.replace(first, branches=among)
    keys = keyring.organisation(first.organisation)
    asked = ExpressionWrapper(views.asked_about(), output_field=BooleanField())
    with scope.looking(organisation=first.organisation):
        found = visible(together).filter(id__in=wanted).annotate(asked=asked)
        rows = list(found)
        shown = opened(rows, keys, at=at)
        teams = _teams(followers)
    standings = {row.id: _standing(row) for row in rows}
    both = {line.id: (line, standings[line.id]) for line in shown}
    return Lines(at=at, _found=both, _teams=teams)


def _standing(row: models.Conversation) -> views.Standing:
    asked: bool = row.asked  # type: ignore[attr-defined]
    return views.Standing(
        branch=row.number.branch_id,
        state=row.state,
        spam=row.spam_at is not None,
        owner=row.owner_id,
        team=row.team_id,
        waiting_since=row.waiting_since,
        last_inbound_at=row.last_inbound_at,
        asked=asked,
    )


def _teams(followers: Sequence[Follower]) -> Mapping[int, frozenset[int]]:
    """Return the teams of the members who look at those of their teams."""
    members = {one.viewer.member for one in followers if one.view is views.View.TEAM}
    if not members:
        return {}
    found: dict[int, set[int]] = {}
    rows = models.TeamMembership.objects.filter(member_id__in=members)
    for member, one in rows.values_list("member_id", "team_id"):
        found.setdefault(member, set()).add(one)
    return {member: frozenset(teams) for member, teams in found.items()}
