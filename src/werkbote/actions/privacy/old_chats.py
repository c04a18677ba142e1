"""Old chats that were filed: until when their class keeps them, and that it withstands an erasure."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Case, F, Q, QuerySet, When
from django.db.models.functions import Coalesce, Greatest

from werkbote.actions.privacy import letters
from werkbote.domain import privacy
from werkbote.store import models

ENDED = "ended"
"""When the matter of a chat ended: its last line, or the closing of its case where that is later."""


def filed() -> "QuerySet[Any]":
    """Return filed chats with the moment their periods are counted from. Inside a scope."""
    last = Coalesce("last_at", "decided_at")
    closed = When(case__closed_at__isnull=False, then=Greatest(last, F("case__closed_at")))
    return models.OldChat.objects.filter(state="case").annotate(ended=Case(closed, default=last))


def running(rule: privacy.Rule, *, day: date) -> Q:
    """Return the condition on chats of a class that must stay on a day.

    A chat is kept whole: as long as its youngest letter, and while its case is open.
    """
    first = rule.first_kept(day)
    kept = Q(case__isnull=False, case__closed_at=None)
    kept |= Q(ended__gte=_midnight(first)) if first else Q(pk__isnull=False)
    if rule.start is privacy.Start.COLLECTED:
        for year in letters.audited(day):
            begun = Q(first_at=None) | Q(first_at__lt=_midnight(date(year + 1, 1, 1)))
            kept |= begun & Q(ended__gte=_midnight(date(year, 1, 1)))
    return kept


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=letters.ZONE)


def find(people: Sequence[int], *, rules: privacy.Retention, day: date) -> Iterator[letters.Found]:
    """Yield what filed chats keep in spite of a request for erasure (Art. 17(3)). Inside a scope."""
    for row in filed().filter(person__in=list(people)).select_related("person", "case"):
        rule = rules.rules[row.retention]
        if rule.holds_request and filed().filter(running(rule, day=day), id=row.id).exists():
            yield _kept(row, rule)


def _kept(row: Any, rule: privacy.Rule) -> letters.Found:
    sealing = {
        row.person_id,
        *models.OldChatArrival.objects.filter(chat=row.id).values_list("person_id", flat=True),
    }
    if row.person.merged_into_id is not None:
        sealing.add(row.person.merged_into_id)
    due = None if _is_open(row) else rule.due(row.ended.astimezone(letters.ZONE).date())
    block = privacy.Block(
        rule=rule.code,
        store="store.OldChat",
        count=1,
        until=due - timedelta(days=1) if due else None,
        article=rule.article,
    )
    return letters.Found(
        rows={
            "store.OldChat": Q(id=row.id),
            "store.OldChatArrival": Q(chat=row.id),
            "store.OldChatPage": Q(chat=row.id),
            "store.OldChatFile": Q(chat=row.id),
            "store.OldChatPiece": Q(file__chat=row.id),
            "store.Person": Q(id__in=sealing),
        },
        blocks=(block,),
    )


def _is_open(row: Any) -> bool:
    return row.case_id is not None and row.case.closed_at is None
