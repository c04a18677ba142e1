"""Reminding whose conversation it is, one hour before free words are no longer possible."""

from datetime import datetime, timedelta

from django.db.models import F, Q, QuerySet

from werkbote.actions.desk import doing
from werkbote.domain import desk
from werkbote.store import live, models, scope

WINDOW = timedelta(hours=24)
BEFORE = timedelta(hours=1)
_BATCH = 500


def remind(*, organisation: int, at: datetime) -> int:
    """Tell of every unanswered conversation whose window closes within an hour, once; return how many.

    Its owner is told, else its team, else nobody by name: the view “window closing” shows it to all.
    """
    with scope.transaction(organisation=organisation):
        rows = list(
            closing(at=at)
            .filter(Q(window_nudged_at=None) | Q(window_nudged_at__lt=F("last_inbound_at")))
            .select_related("number")
            .select_for_update(of=("self",), no_key=True)
            .order_by("id")[:_BATCH]
        )
        for row in rows:
            row.window_nudged_at = at
            row.save(update_fields=["window_nudged_at"])
            doing.happened(row, desk.Event.WINDOW_CLOSING, by="system", at=at)
            kind = desk.Nudge.WINDOW_CLOSING
            doing.nudge(row, kind, members=_concerned(row), by="system", at=at)
        live.announce(conversations={row.id for row in rows}, at=at)
    return len(rows)


def closing(*, at: datetime) -> QuerySet[models.Conversation]:
    """Return the unanswered conversations whose window closes within an hour."""
    edge = at - WINDOW
    return models.Conversation.objects.filter(
        waiting_since__isnull=False,
        spam_at=None,
        last_inbound_at__gt=edge,
        last_inbound_at__lte=edge + BEFORE,
    ).exclude(state=desk.State.CLOSED)


def _concerned(row: models.Conversation) -> list[int]:
    if row.owner_id is not None:
        return [row.owner_id]
    team = models.TeamMembership.objects.filter(team_id=row.team_id or 0)
    return list(team.values_list("member_id", flat=True))
