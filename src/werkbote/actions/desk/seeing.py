"""Nudges a member has seen, and those that are old enough to go."""

from datetime import datetime, timedelta

from werkbote.store import models, scope

KEEP_NUDGES = timedelta(days=30)


def see_nudges(*, organisation: int, conversation: int | None, by: int, at: datetime) -> int:
    """Note that the member `by` has seen their nudges, of one conversation or all; return how many."""
    with scope.transaction(organisation=organisation):
        mine = models.Nudge.objects.filter(member_id=by, seen_at=None)
        if conversation is not None:
            mine = mine.filter(conversation_id=conversation)
        return mine.update(seen_at=at)


def forget_nudges(*, organisation: int, at: datetime) -> int:
    """Delete nudges older than thirty days and return how many went."""
    with scope.transaction(organisation=organisation):
        old = models.Nudge.objects.filter(created_at__lt=at - KEEP_NUDGES)
        gone, _ = old.delete()
        return gone
