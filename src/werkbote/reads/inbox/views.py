"""The views of the inbox: each a condition on conversations that the viewer may see anyway."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.db.models import IntegerField, Q, Subquery

from werkbote.domain import desk, team
from werkbote.reads import access
from werkbote.store import models, scope

_WINDOW = timedelta(hours=24)
_SOON = timedelta(hours=2)

LATE = timedelta(days=2)
"""How late a message may arrive and still be counted as unread."""


class View(StrEnum):
    """A way to look at the inbox; ALL is everything open that one may see."""

    ALL = "all"
    MINE = "mine"
    UNASSIGNED = "unassigned"
    TEAM = "team"
    CLOSING = "closing"
    REVIEW = "review"
    SNOOZED = "snoozed"
    DONE = "done"


_COUNTED = (View.MINE, View.UNASSIGNED, View.TEAM, View.CLOSING, View.REVIEW)


def condition(viewer: access.Viewer, view: View, *, at: datetime) -> Q:
    """Return the condition on conversations of a view; `access` decides what may be seen at all."""
    if view is View.REVIEW:
        return asked_about()
    if view in _RESTING:
        return Q(state=_RESTING[view])
    return Q(state=desk.State.OPEN, spam_at=None) & _working(viewer, view, at=at)


_RESTING = {View.SNOOZED: desk.State.SNOOZED, View.DONE: desk.State.CLOSED}


def _working(viewer: access.Viewer, view: View, *, at: datetime) -> Q:
    """Return what a view of open conversations asks for beside that."""
    if view is View.MINE:
        return Q(owner_id=viewer.member)
    if view is View.UNASSIGNED:
        return Q(owner_id=None)
    if view is View.TEAM:
        teams = models.TeamMembership.objects.filter(member_id=viewer.member)
        return Q(team_id__in=teams.values("team_id"))
    if view is View.CLOSING:
        edge = at - _WINDOW
        soon = Q(last_inbound_at__gt=edge, last_inbound_at__lte=edge + _SOON)
        return Q(waiting_since__isnull=False) & soon
    return Q()


def asked_about() -> Q:
    """Return the condition on persons about whom a question is open; one list, so that an index serves."""
    tasks = models.ConsentTask.objects.filter(answered_at=None).values("person_id")
    reviews = models.IdentityReview.objects.filter(state="open")
    both = reviews.values("previous_id"), reviews.values("current_id")
    return Q(person_id__in=tasks.union(*both, all=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What decides in which views a conversation stands; `asked` where a question about the person is open."""

    branch: int
    state: str
    spam: bool
    owner: int | None
    team: int | None
    waiting_since: datetime | None
    last_inbound_at: datetime | None
    asked: bool


def holds(
    standing: Standing, view: View, *, member: int, teams: Collection[int], at: datetime
) -> bool:
    """Return whether a view of a member of some teams holds a conversation: `condition`, of one in hand."""
    if view is View.REVIEW:
        return standing.asked
    if view in _RESTING:
        return standing.state == _RESTING[view]
    if standing.state != desk.State.OPEN or standing.spam:
        return False
    return {
        View.MINE: standing.owner == member,
        View.UNASSIGNED: standing.owner is None,
        View.TEAM: standing.team in teams,
        View.CLOSING: _closes_soon(standing, at=at),
    }.get(view, True)


def _closes_soon(standing: Standing, *, at: datetime) -> bool:
    heard, edge = standing.last_inbound_at, at - _WINDOW
    return bool(standing.waiting_since and heard and edge < heard <= edge + _SOON)


MOST = 1000
"""As far as a view is counted: one more row says as little, and costs as much as the first."""


class _Capped(Subquery):
    """How many rows a bounded query finds."""

    template = "(SELECT count(*) FROM (%(subquery)s) AS bounded)"
    output_field = IntegerField()


def counts(*, viewer: access.Viewer, at: datetime, most: int = MOST) -> dict[View, int]:
    """Return how many conversations wait in the views that call for work, at most `most`; one query."""
    access.check_right(viewer, team.Right.READ_CHATS)
    seen = models.Conversation.objects.filter(
        access.visible_conversations(viewer), last_message_at__isnull=False
    )
    bounded = [
        _Capped(seen.filter(condition(viewer, view, at=at)).values("id")[:most])
        for view in _COUNTED
    ]
    with scope.looking(organisation=viewer.organisation):
        house = models.Organisation.objects.filter(id=viewer.organisation)
        found: tuple[int, ...] = house.values_list(*bounded).get()
    return dict(zip(_COUNTED, found, strict=True))
