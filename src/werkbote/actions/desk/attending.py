"""What follows from messages that came in: conversations open again, rules run, absence is told.

Runs last in the intake's transaction, after consent, since it enters the audit. A batch without
rules and opening hours costs three queries.
"""

import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import DataError, IntegrityError, connection
from django.db import transaction as django_transaction

from werkbote.actions import inbox, push
from werkbote.actions.desk import absence, doing, rules, satisfaction, thanking
from werkbote.domain import desk
from werkbote.store import desk as arrangements
from werkbote.store import models

_LOG = logging.getLogger(__name__)
_FAILING = (DataError, IntegrityError, ValueError, TypeError, ArithmeticError, LookupError)

_WROTE = """
UPDATE conversation c SET
    waiting_since = COALESCE(c.waiting_since, n.since),
    state = 'open', snoozed_until = NULL, closed_at = NULL, outcome = ''
FROM unnest(%s::bigint[], %s::timestamptz[]) AS n (id, since), conversation o
WHERE c.id = n.id AND o.id = c.id AND c.spam_at IS NULL
RETURNING c.id, o.state
"""
_ANSWERED = """
UPDATE conversation c SET waiting_since = NULL
FROM unnest(%s::bigint[], %s::timestamptz[]) AS n (id, at)
WHERE c.id = n.id AND (c.last_inbound_at IS NULL OR c.last_inbound_at <= n.at)
"""
_EVENTS = {desk.State.SNOOZED: desk.Event.RETURNED, desk.State.CLOSED: desk.Event.REOPENED}


def attend(batch: inbox.Batch) -> None:
    """Do what follows from the batch's new messages; each follows once, since each is new once."""
    fresh = _stored(batch.fresh)
    written = [one for one in fresh if not one.outgoing]
    answered = [one for one in fresh if one.outgoing]
    before = _open(written, thanking.mark(batch, written))
    _answer(answered)
    if before:
        push.call(organisation=batch.keys.organisation, conversations=before.keys())
        _follow(batch, written, before)


def _stored(fresh: Sequence[inbox.Fresh]) -> list[inbox.Fresh]:
    """Return the messages that are really there: what could not be stored together was stored apart."""
    if not fresh:
        return []
    wanted = [one.message for one in fresh]
    there = set(models.Message.objects.filter(id__in=wanted).values_list("id", flat=True))
    return [one for one in fresh if one.message in there]


def _open(written: Sequence[inbox.Fresh], calm: Collection[int]) -> Mapping[int, desk.State]:
    """Open the conversations that were written in; return where each stood before, spam left out.

    What is `calm` lets nobody wait who did not wait already.
    """
    since: dict[int, datetime | None] = {one.conversation: None for one in written}
    for one in written:
        if one.message not in calm:
            since[one.conversation] = min(since[one.conversation] or one.at, one.at)
    if not since:
        return {}
    order = sorted(since)
    with connection.cursor() as cursor:
        cursor.execute(_WROTE, [order, [since[row] for row in order]])
        return {row: desk.State(state) for row, state in cursor.fetchall()}


def _answer(answered: Sequence[inbox.Fresh]) -> None:
    """Note what was answered on the phone beside us (Coexistence)."""
    last = {one.conversation: one.at for one in sorted(answered, key=lambda one: one.at)}
    if last:
        with connection.cursor() as cursor:
            cursor.execute(_ANSWERED, [sorted(last), [last[row] for row in sorted(last)]])


@dataclass(frozen=True, slots=True, kw_only=True)
class _House:
    """How the branches of a batch work, read once."""

    rules: tuple[desk.Rule, ...]
    arranged: Mapping[int, models.BranchHours]
    hours: Mapping[int, desk.Hours]


def _follow(
    batch: inbox.Batch, written: Sequence[inbox.Fresh], before: Mapping[int, desk.State]
) -> None:
    house = _house(batch)
    returned = {row for row, state in before.items() if state is not desk.State.OPEN}
    rated = {
        one.conversation: answer
        for one in written
        if (answer := satisfaction.answer_in(batch.keys, one.payload)) is not None
    }
    busy = before.keys() if house.rules or house.arranged else returned | rated.keys()
    rows = {
        row.id: row
        for row in models.Conversation.objects.select_related("person", "number").filter(
            id__in=sorted(busy)
        )
    }
    for row in sorted(returned):
        _returned(rows[row], before[row], at=batch.at)
    for row, (conversation, said) in rated.items():
        if row == conversation:
            kind = desk.Event.SATISFACTION
            doing.happened(rows[row], kind, by="person", at=batch.at, value=said)
    for one in written:
        if one.conversation in rows and one.conversation not in rated:
            _heard_apart(batch, rows[one.conversation], one, house)


def _returned(row: models.Conversation, before: desk.State, *, at: datetime) -> None:
    doing.happened(row, _EVENTS[before], by="system", at=at)
    doing.nudge(row, desk.Nudge.RETURNED, members=[row.owner_id], by="system", at=at)


def _house(batch: inbox.Batch) -> _House:
    branches = {number.branch_id for number in batch.numbers.values()}
    arranged = {
        row.branch_id: row for row in models.BranchHours.objects.filter(branch__in=branches)
    }
    return _House(
        rules=rules.active(batch.keys),
        arranged=arranged,
        hours=arrangements.hours(branches, at=batch.at) if arranged else {},
    )


def _heard_apart(
    batch: inbox.Batch, row: models.Conversation, one: inbox.Fresh, house: _House
) -> None:
    """Let nothing that goes by itself hold up the intake: what fails is undone, and said."""
    try:
        with django_transaction.atomic():
            _heard(batch, row, one, house)
    except _FAILING as error:
        _LOG.error("message %d: %s", one.message, type(error).__name__, exc_info=error)


def _heard(batch: inbox.Batch, row: models.Conversation, one: inbox.Fresh, house: _House) -> None:
    branch = row.number.branch_id
    hours = house.hours.get(branch, desk.Hours())
    if house.rules:
        first = row.created_at == batch.at
        labels = models.ConversationLabel.objects.filter(conversation=row)
        happening = desk.Happening(
            trigger=desk.Trigger.FIRST_MESSAGE if first else desk.Trigger.MESSAGE,
            text=one.text,
            kind=one.kind,
            number=row.number_id,
            open=hours.is_open(batch.at),
            labels=frozenset(labels.values_list("label_id", flat=True)),
            assigned=row.owner_id is not None,
        )
        rules.follow(row, happening, rules=house.rules, at=batch.at, key=str(one.message))
    absence.tell(row, arrangement=house.arranged.get(branch), hours=hours, at=batch.at)
