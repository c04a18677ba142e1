"""tx 1: claim what may leave within the next moment, ask the gate, store its answer."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import connection

from werkbote.actions import drafts, inbox, ledger, numbers, policy
from werkbote.actions.outbox import contents
from werkbote.channels import driver, outgoing
from werkbote.domain import delivery
from werkbote.domain import policy as gate
from werkbote.store import keyring, live, models, scope, vault

_LOG = logging.getLogger(__name__)
MOST_AT_ONCE = 128
_PAIR_STEP = timedelta(seconds=6)
_PAIR_BURST = 45


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """A permitted message on its way out."""

    message: int
    organisation: int
    number: int
    scheme: str
    permit: gate.Permit
    outgoing: outgoing.Outgoing
    access: driver.Access = field(repr=False)
    attempt: int


def waiting_numbers(*, at: datetime) -> list[tuple[int, int]]:
    """Return (organisation, number) of the numbers that have something to send now."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT organisation, number FROM werkbote_waiting_numbers(%s) ORDER BY oldest", [at]
        )
        return [(row[0], row[1]) for row in cursor.fetchall()]


def claim(*, organisation: int, number: int, at: datetime, most: int = MOST_AT_ONCE) -> list[Ready]:
    """Tx 1: claim what may leave within the next moment, ask the gate, return what is permitted.

    Workers pass over what another one is claiming. Refused messages are final; a person who was
    written to too often waits until the pair rate allows it.
    """
    keys = keyring.organisation(organisation)
    with scope.transaction(organisation=organisation):
        row = models.Number.objects.select_related("branch").get(id=number)
        if numbers.rests(row, at=at):
            return []
        rows = _due(number, at=at, most=most)
        clear = _pair_clear(rows, at=at)
        asked = [message for message in rows if message.id in clear]
        ready = _decide(keys, row, asked, at=at)
        by_id = {message.id: message for message in asked}
        permits = [(one.permit, by_id[one.message]) for one in ready]
        ledger.note_use(keys=keys, permits=permits, entity=row.branch_id, at=at)
        live.announce(conversations={message.conversation_id for message in asked}, at=at)
    return ready


def _due(number: int, *, at: datetime, most: int) -> list[models.Message]:
    return list(
        models.Message.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
        .select_related("conversation__person", "person")
        .filter(number=number, state=delivery.State.QUEUED, due_at__lte=at)
        .order_by("priority", "due_at", "id")[:most]
    )


_PAIR = """
UPDATE conversation c SET pair_clear_at = n.clear
FROM unnest(%s::bigint[], %s::timestamptz[]) AS n (id, clear) WHERE c.id = n.id
"""


def _pair_clear(rows: Sequence[models.Message], *, at: datetime) -> set[int]:
    """Return the messages whose recipient may be written to now; postpone the others.

    One message per six seconds, up to 45 in advance (generic cell rate, kept per conversation).
    """
    if not rows:
        return set()
    conversations = sorted({row.conversation_id for row in rows})
    inbox.hold(conversations)
    known = models.Conversation.objects.filter(id__in=conversations)
    clear_at = {row: clear or at for row, clear in known.values_list("id", "pair_clear_at")}
    allowed: set[int] = set()
    for row in rows:
        earliest = clear_at[row.conversation_id] - _PAIR_STEP * (_PAIR_BURST - 1)
        if earliest > at:
            models.Message.objects.filter(id=row.id).update(due_at=earliest)
            continue
        clear_at[row.conversation_id] = max(clear_at[row.conversation_id], at) + _PAIR_STEP
        allowed.add(row.id)
    with connection.cursor() as cursor:
        cursor.execute(_PAIR, [list(clear_at), list(clear_at.values())])
    return allowed


def _decide(
    keys: vault.OrganisationKeys,
    number: models.Number,
    rows: Sequence[models.Message],
    *,
    at: datetime,
) -> list[Ready]:
    if not rows:
        return []
    opened = contents.open_all(keys, rows)
    notice = policy.notices(keys, number, at=at)
    wishes = [contents.wish(one, contents.notice_for(one, notice)) for one in opened]
    facts = policy.gather(wishes, at=at)
    answers = [gate.decide(one, now=at) for one in facts]
    opened = contents.with_notices(notice, opened, answers, facts)
    _store_answers(opened, answers)
    if not any(isinstance(one, gate.Permit) for one in answers):
        return []
    access = numbers.access(keys, number)
    recipients = contents.recipients(keys, opened)
    ready = []
    for one, answer in zip(opened, answers, strict=True):
        if not isinstance(answer, gate.Permit):
            continue
        try:
            out = contents.outgoing_of(number, one, recipients[one.row.conversation_id])
        except (drafts.UnableToDraft, outgoing.NoRecipient) as error:
            _give_up(one.row, error, at=at)
            continue
        ready.append(
            Ready(
                message=one.row.id,
                organisation=number.organisation_id,
                number=number.id,
                scheme=number.channel,
                permit=answer,
                outgoing=out,
                access=access,
                attempt=one.row.attempts,
            )
        )
    return ready


def _give_up(row: models.Message, error: Exception, *, at: datetime) -> None:
    """A permitted message that cannot be worded for the channel fails alone."""
    _LOG.warning("message %d: %s", row.id, error)
    state = delivery.move(state=delivery.State.SENDING, cause=delivery.Cause.GIVE_UP)
    models.Message.objects.filter(id=row.id).update(state=state, failed_at=at)


_ANSWERED = (
    "id",
    "state",
    "permit_id",
    "refusal_id",
    "claimed_at",
    "due_at",
    "attempts",
    "body",
    "notice_version",
)
_ANSWER = """
UPDATE message m SET state = n.state, permit_id = n.permit, refusal_id = n.refusal,
    claimed_at = n.claimed, due_at = n.due, attempts = n.attempts, body = n.body,
    notice_version = n.notice
FROM unnest(%s::bigint[], %s::text[], %s::bigint[], %s::bigint[], %s::timestamptz[],
            %s::timestamptz[], %s::int[], %s::bytea[], %s::text[])
     AS n (id, state, permit, refusal, claimed, due, attempts, body, notice)
WHERE m.id = n.id
"""


_WAITS_AGAIN = """
UPDATE conversation c SET waiting_since = c.last_inbound_at
WHERE c.id = ANY(%s) AND c.waiting_since IS NULL AND c.state = 'open'
  AND c.last_inbound_at IS NOT NULL AND c.spam_at IS NULL AND NOT EXISTS (
    SELECT FROM message m WHERE m.conversation_id = c.id AND m.outgoing
      AND m.author_id IS NOT NULL AND m.at >= c.last_inbound_at
      AND m.state NOT IN ('refused', 'cancelled', 'failed'))
"""
"""A refused answer is none: whoever asked is still waiting, since they asked."""


def _store_answers(
    opened: Sequence[contents.Opened],
    answers: Sequence[gate.Permit | gate.Refusal],
) -> None:
    """Write each answer as a row, and let the message point to it before anything leaves."""
    decisions = [_decision(one.row, answer) for one, answer in zip(opened, answers, strict=True)]
    models.Decision.objects.bulk_create(decisions)
    for one, answer, decision in zip(opened, answers, decisions, strict=True):
        row = one.row
        if isinstance(answer, gate.Permit):
            row.state = delivery.move(state=delivery.State(row.state), cause=delivery.Cause.PERMIT)
            row.permit, row.refusal, row.claimed_at = decision, None, answer.decided_at
            row.attempts += 1
        else:
            again = gate.asks_again_at(answer)
            cause = delivery.Cause.REFUSE if again is None else delivery.Cause.WAIT
            row.state = delivery.move(state=delivery.State(row.state), cause=cause)
            row.refusal, row.due_at = decision, again or row.due_at
    rows = [one.row for one in opened]
    with connection.cursor() as cursor:
        cursor.execute(_ANSWER, [[getattr(row, name) for row in rows] for name in _ANSWERED])
        refused = [row.conversation_id for row in rows if row.state == delivery.State.REFUSED]
        if refused:
            cursor.execute(_WAITS_AGAIN, [refused])


def _decision(message: models.Message, answer: gate.Permit | gate.Refusal) -> models.Decision:
    row = models.Decision(
        organisation_id=message.organisation_id,
        message_ref=message.id,
        purpose=message.purpose,
        permitted=isinstance(answer, gate.Permit),
        policy_version=answer.policy_version,
        decided_at=answer.decided_at,
    )
    if isinstance(answer, gate.Permit):
        row.basis = answer.basis
        row.evidence = [f"{one.kind}:{one.id}" for one in answer.evidence]
    else:
        row.rule, row.article, row.remedy = answer.rule, answer.article, answer.remedy
        row.sentence_de, row.sentence_en = answer.sentence_de, answer.sentence_en
        row.retry_at = answer.retry_at
    return row
