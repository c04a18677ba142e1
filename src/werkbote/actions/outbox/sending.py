"""Between the transactions the one call leaves; tx 2 stores what became of it."""

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from werkbote.actions import delivery as reports
from werkbote.actions import inbox, ledger
from werkbote.actions.outbox import claims, switches
from werkbote.channels import egress, outgoing, sessions
from werkbote.domain import consent, delivery, events, failures, newsletter
from werkbote.store import keyring, live, models, scope, vault

_PAUSE = timedelta(minutes=5)
_SETTLED = (
    "id",
    "state",
    "provider_id",
    "provider_sealed",
    "sent_at",
    "delivered_at",
    "read_at",
    "failed_at",
    "failure_code",
    "due_at",
    "attempts",
)
_SETTLE = """
UPDATE message m SET state = n.state, provider_id = n.provider, provider_sealed = n.sealed,
    sent_at = n.sent, delivered_at = n.delivered, read_at = n.read, failed_at = n.failed,
    failure_code = n.failure, due_at = n.due, attempts = n.attempts
FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::bytea[], %s::timestamptz[],
            %s::timestamptz[], %s::timestamptz[], %s::timestamptz[], %s::int[],
            %s::timestamptz[], %s::int[])
     AS n (id, state, provider, sealed, sent, delivered, read, failed, failure, due, attempts)
WHERE m.id = n.id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one call: a receipt, or the verdict on its failure; neither means unknown.

    `missed` says that there was no call: its turn did not come in time, and it goes back in the queue.
    """

    ready: claims.Ready
    at: datetime
    receipt: outgoing.Receipt | None = None
    verdict: failures.Verdict | None = None
    problem: str = ""
    missed: bool = False


def missed(ready: claims.Ready, *, at: datetime) -> Outcome:
    """Return the outcome of a message that was not sent because its turn did not come in time."""
    return Outcome(ready=ready, at=at, missed=True)


async def send(
    ready: claims.Ready,
    *,
    clock: Callable[[], datetime],
    stopped: switches.Stopped = switches.looked_up,
) -> Outcome:
    """Hand one permitted message over, outside of any transaction, and say what became of it.

    One whose recipient was stopped after its permit goes back in the queue, where the gate says why.
    """
    recipient = switches.recipient(ready)
    try:
        receipt = await egress.send(
            ready.permit,
            ready.outgoing,
            access=ready.access,
            attempt=ready.attempt,
            guards=egress.Guards(
                in_transaction=scope.in_transaction,
                stopped=lambda: stopped(ready.organisation, recipient),
            ),
            scheme=ready.scheme,
        )
    except egress.Stopped:
        return missed(ready, at=clock())
    except egress.OutcomeUnknown as error:
        return Outcome(ready=ready, at=clock(), problem=str(error.verdict.code or "no answer"))
    except egress.UnableToSend as error:
        return Outcome(ready=ready, at=clock(), verdict=error.verdict)
    return Outcome(ready=ready, at=clock(), receipt=receipt)


async def hang_up() -> None:
    """Close the connections of the running event loop; call it before the loop ends."""
    await sessions.close()


def settle(*, organisation: int, outcomes: Sequence[Outcome]) -> None:
    """Tx 2: store what became of messages; news by webhook may have been faster and is kept."""
    keys = keyring.organisation(organisation)
    with scope.transaction(organisation=organisation):
        rows = {
            row.id: row
            for row in models.Message.objects.select_related("person")
            .select_for_update(of=("self",), no_key=True)
            .filter(id__in=[one.ready.message for one in outcomes])
            .order_by("id")
        }
        for one in outcomes:
            row = rows.get(one.ready.message)
            if row is not None:
                _settle_one(keys, row, one)
        with connection.cursor() as cursor:
            changed = [[getattr(row, name) for row in rows.values()] for name in _SETTLED]
            cursor.execute(_SETTLE, changed)
        _end_pauses(rows.values(), outcomes)
        latest = max(one.at for one in outcomes)
        reports.settle_parked(inbox.Batch(keys=keys, numbers={}, at=latest))
        _end_consents(keys, rows, outcomes)
        live.announce(conversations={row.conversation_id for row in rows.values()}, at=latest)


def _end_pauses(rows: Iterable[models.Message], outcomes: Sequence[Outcome]) -> None:
    """A receipt proves that the number speaks again: whatever had paused it is over."""
    accepted = {one.ready.message for one in outcomes if one.receipt is not None}
    models.Number.objects.filter(
        id__in={row.number_id for row in rows if row.id in accepted}, paused_code__isnull=False
    ).update(paused_until=None, paused_code=None)


def _settle_one(keys: vault.OrganisationKeys, row: models.Message, one: Outcome) -> None:
    """Take over what is certain: a receipt whatever happened meanwhile, a failure of this very attempt."""
    if one.receipt is not None:
        row.provider_id = row.provider_id or keys.name(one.receipt.provider_id)
        if row.provider_sealed is None:
            key = keys.unwrap(row.person.key_wrapped, person=row.person_id)
            row.provider_sealed = inbox.seal_id(
                key, message=row.id, provider_id=one.receipt.provider_id
            )
        reports.report(row, delivery.Report(status=events.Status.SENT, at=one.at))
    elif row.state == delivery.State.SENDING and row.claimed_at == one.ready.permit.decided_at:
        if one.missed:
            row.state = delivery.move(state=delivery.State.SENDING, cause=delivery.Cause.RETRY)
            row.due_at = one.at
            row.attempts -= 1
        elif one.verdict is not None:
            _settle_failure(row, one.verdict, at=one.at)


def _settle_failure(row: models.Message, verdict: failures.Verdict, *, at: datetime) -> None:
    row.failure_code = verdict.code
    if verdict.may_retry or verdict.pauses_number:
        row.state = delivery.move(state=delivery.State.SENDING, cause=delivery.Cause.RETRY)
        if verdict.pauses_number:
            models.Number.objects.filter(id=row.number_id).update(
                paused_until=at + _PAUSE, paused_code=verdict.code
            )
            row.due_at = at + _PAUSE
        else:
            row.due_at = at + failures.delay(verdict, row.attempts, random.random())  # noqa: S311 -- jitter, no secret
        return
    row.state = delivery.move(state=delivery.State.SENDING, cause=delivery.Cause.GIVE_UP)
    row.failed_at = at


def _end_consents(
    keys: vault.OrganisationKeys, rows: Mapping[int, models.Message], outcomes: Sequence[Outcome]
) -> None:
    """Let a stop that the provider answered with count as ours; last, since it locks the ledger."""
    for one in outcomes:
        verdict, row = one.verdict, rows.get(one.ready.message)
        if verdict is None or row is None:
            continue
        if verdict.course is failures.Course.RECIPIENT_STOPPED:
            stop = ledger.Stop(
                person=row.person_id,
                branch=models.Number.objects.get(id=row.number_id).branch_id,
                key=f"f{row.id}",
                deed=consent.Deed.META_STOPPED,
                reason="provider_stop",
                channel="WhatsApp, stop at Meta",
                occurred_at=one.at,
                by="person",
                from_number=True,
            )
            ledger.stop(keys=keys, stop=stop, at=one.at)
        elif newsletter.ends_sending(verdict):
            ledger.freeze_undeliverable(
                keys=keys, person=row.person_id, purpose=row.purpose, message=row.id, at=one.at
            )
