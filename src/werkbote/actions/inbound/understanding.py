"""The worker's half: the bodies of one organisation, in batches, one transaction a batch."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

import orjson
from django.db import DataError, IntegrityError, connection
from django.db import transaction as django_transaction
from django.db.models import BigIntegerField, Func

from werkbote.actions import (
    breaches,
    consent,
    delivery,
    desk,
    inbox,
    numbers,
    people,
    privacy,
)
from werkbote.actions.inbound import naming
from werkbote.channels import driver, registry
from werkbote.domain import events
from werkbote.store import keyring, live, models, scope, vault

_LOCK = 0x57_42_02
_MOST_BODIES = 200
_MOST_BATCH_BYTES = 6 * 1024 * 1024
_UNSTORABLE = (DataError, IntegrityError, ValueError, TypeError, ArithmeticError, LookupError)


def waiting_organisations() -> list[int]:
    """Return the organisations whose bodies wait, the longest waiting first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT organisation FROM werkbote_waiting_intake()")
        return [row[0] for row in cursor.fetchall()]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """One body with what a driver found in it; `problem` says why it could not be read."""

    row: models.WebhookEvent
    found: tuple[events.Event, ...] = ()
    arrivals: tuple[consent.Arrival, ...] = ()
    problem: str = ""


def drain(*, organisation: int, at: datetime) -> int:
    """Understand a batch of an organisation's waiting bodies; return how many were settled.

    Returns 0 when nothing waits or another worker is at it. A body that cannot be stored never
    holds up the others: then each is stored by itself, and that one part by part.
    """
    keys = keyring.organisation(organisation)
    try:
        with scope.transaction(organisation=organisation):
            return _drain_batch(keys, at=at, store=_store)
    except _UNSTORABLE:
        with scope.transaction(organisation=organisation):
            return _drain_batch(keys, at=at, store=_store_apart)


def _drain_batch(
    keys: vault.OrganisationKeys,
    *,
    at: datetime,
    store: Callable[[inbox.Batch, Sequence[_Read]], None],
) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_try_advisory_xact_lock(%s, hashint8(%s))", [_LOCK, keys.organisation]
        )
        if not cursor.fetchone()[0]:
            return 0
    read = [_read(keys, row) for row in _claim()]
    if not read:
        return 0
    batch = _batch(keys, read, at=at)
    store(batch, read)
    delivery.settle_parked(batch)
    _settle(read, at=at)
    arrivals = [arrival for one in read for arrival in one.arrivals]
    privacy.attend(batch, arrivals)
    privacy.attend_answers(batch, arrivals)
    privacy.attend_codes(batch, arrivals)
    consent.attend(batch, arrivals)
    desk.attend(batch)
    breaches.attend(batch, [one.event for one in arrivals])
    live.announce(conversations=batch.touched, at=at)
    return len(read)


def _arrivals(
    found: Sequence[events.Event], number: models.Number, body: bytes
) -> tuple[consent.Arrival, ...]:
    digest = sha256(body).hexdigest()
    return tuple(consent.Arrival(event=event, number=number, body_hash=digest) for event in found)


def _claim() -> list[models.WebhookEvent]:
    """Return the oldest waiting bodies, as many as fit a batch; the advisory lock keeps others out.

    Their sizes are asked first: hundreds of large bodies would not fit into memory.
    """
    waiting = models.WebhookEvent.objects.filter(state="received").order_by("id")
    sized = waiting.annotate(
        size=Func("body", function="octet_length", output_field=BigIntegerField())
    )
    claimed: list[int] = []
    total = 0
    for row, size in sized.values_list("id", "size")[:_MOST_BODIES]:
        total += size
        if claimed and total > _MOST_BATCH_BYTES:
            break
        claimed.append(row)
    return list(waiting.filter(id__in=claimed).select_related("number"))


def _read(keys: vault.OrganisationKeys, row: models.WebhookEvent) -> _Read:
    try:
        body = keys.main.open(row.body, table="webhook_event", row=row.id, column="body")
        read = registry.driver(row.number.channel).read(body, received_at=row.received_at)
    except (driver.UnreadableBody, vault.UnableToOpen) as error:
        return _Read(row=row, problem=str(error)[:200] or "unreadable")
    found = tuple(naming.named(keys, event) for event in read)
    return _Read(row=row, found=found, arrivals=_arrivals(found, row.number, body))


def _batch(keys: vault.OrganisationKeys, read: Sequence[_Read], *, at: datetime) -> inbox.Batch:
    found = [event for one in read for event in one.found]
    named = {number for event in found if (number := getattr(event, "number", None))}
    own = numbers.own(phone_number_ids=sorted(named))
    return inbox.Batch(keys=keys, numbers={row.phone_number_id: row for row in own}, at=at)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """One event and where it came in: `number` owns what names no number of its own."""

    event: events.Event
    number: models.Number
    received_at: datetime


def _part(batch: inbox.Batch, event: events.Event, row: models.WebhookEvent) -> _Part:
    return _Part(event=_at_home(batch, event), number=row.number, received_at=row.received_at)


def _store(batch: inbox.Batch, read: Sequence[_Read]) -> None:
    _store_parts(batch, [_part(batch, event, one.row) for one in read for event in one.found])


def _store_apart(batch: inbox.Batch, read: Sequence[_Read]) -> None:
    """Store each body by itself, and one that cannot be stored part by part."""
    for one in read:
        try:
            with django_transaction.atomic():
                _store(batch, [one])
        except _UNSTORABLE:
            for event in one.found:
                _store_alone(batch, _part(batch, event, one.row))


def _store_alone(batch: inbox.Batch, part: _Part) -> None:
    try:
        with django_transaction.atomic():
            _store_parts(batch, [part])
    except _UNSTORABLE as error:
        why = f"This part could not be stored ({type(error).__name__})."
        kept = events.Unknown(
            number=None,
            field=type(part.event).__name__,
            why=why,
            content=_plain(part.event),
            at=batch.at,
        )
        with django_transaction.atomic():
            numbers.keep_unknown(batch, part.number, [(kept, part.received_at)])


def _plain(event: events.Event) -> events.Json:
    plain: events.Json = orjson.loads(orjson.dumps(event, default=str))
    return plain


def _at_home(batch: inbox.Batch, event: events.Event) -> events.Event:
    """Return the event, or, where its number is not this organisation's, what is kept of it."""
    number = getattr(event, "number", None)
    if number is None or number in batch.numbers or isinstance(event, events.Unknown):
        return event
    return events.Unknown(
        number=None,
        field=type(event).__name__,
        why="It names a phone number id that is not connected here.",
        content=_plain(event),
        at=event.at,
    )


def _store_parts(batch: inbox.Batch, parts: Sequence[_Part]) -> None:
    """Store events by kind; the order of kinds is fixed and the order within does not matter."""

    def of[T](kind: type[T]) -> list[tuple[T, datetime]]:
        return [(part.event, part.received_at) for part in parts if isinstance(part.event, kind)]

    inbox.store_messages(batch, of(events.MessageIn))
    inbox.store_changes(batch, of(events.ChangeIn))
    inbox.store_calls(batch, of(events.CallIn))
    delivery.store_statuses(batch, of(events.StatusIn))
    for change, _ in of(events.IdentityChanged):
        people.ask_review(keys=batch.keys, event=change, at=batch.at)
    numbers.store_preferences(batch, of(events.PreferenceIn))
    numbers.store_template_news(batch, of(events.TemplateChanged))
    _store_news(batch, parts)


def _store_news(batch: inbox.Batch, parts: Sequence[_Part]) -> None:
    for part in parts:
        event = part.event
        number = batch.numbers.get(getattr(event, "number", None) or "", part.number)
        if isinstance(event, events.AccountEvent | events.ErrorIn):
            numbers.keep_news(batch, number, [(event, part.received_at)])
        elif isinstance(event, events.Unknown):
            numbers.keep_unknown(batch, number, [(event, part.received_at)])
        elif isinstance(event, events.MessageIn) and event.again is not None:
            kept = events.Unknown(
                number=event.number,
                field="messages",
                why="This version does not know this kind of message.",
                content=dict(event.content),
                at=event.at,
                again=event.again,
            )
            numbers.keep_unknown(batch, number, [(kept, part.received_at)])


_SETTLE = """
UPDATE webhook_event w SET state = n.state, problem = n.problem, counts = n.counts::jsonb,
    settled_at = %s
FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[]) AS n (id, state, problem, counts)
WHERE w.id = n.id
"""


def _settle(read: Sequence[_Read], *, at: datetime) -> None:
    counts = [Counter(type(event).__name__ for event in one.found) for one in read]
    with connection.cursor() as cursor:
        cursor.execute(
            _SETTLE,
            [
                at,
                [one.row.id for one in read],
                ["dead" if one.problem else "done" for one in read],
                [one.problem for one in read],
                [orjson.dumps(count, option=orjson.OPT_NON_STR_KEYS).decode() for count in counts],
            ],
        )


def _is_understood(event: events.Event) -> bool:
    if isinstance(event, events.MessageIn):
        return event.kind is not events.Kind.UNKNOWN
    return not isinstance(event, events.Unknown)


def read_again(keys: vault.OrganisationKeys, row: models.NotUnderstood, *, at: datetime) -> bool:
    """Read a kept part as the body it is, and store what is found; False if nothing is, still."""
    body = keys.main.open(row.content, table="not_understood", row=row.id, column="content")
    try:
        read = registry.driver(row.number.channel).read(body, received_at=row.received_at)
    except driver.UnreadableBody:
        return False
    found = tuple(naming.named(keys, event) for event in read)
    if not found or not all(_is_understood(event) for event in found):
        return False
    own = numbers.own(phone_number_ids=[row.number.phone_number_id])
    batch = inbox.Batch(keys=keys, numbers={one.phone_number_id: one for one in own}, at=at)
    _store_parts(
        batch,
        [
            _Part(event=_at_home(batch, event), number=row.number, received_at=row.received_at)
            for event in found
        ],
    )
    arrivals = _arrivals(found, row.number, body)
    privacy.attend(batch, arrivals)
    privacy.attend_answers(batch, arrivals)
    privacy.attend_codes(batch, arrivals)
    consent.attend(batch, arrivals)
    desk.attend(batch)
    breaches.attend(batch, found)
    live.announce(conversations=batch.touched, at=at)
    return True
