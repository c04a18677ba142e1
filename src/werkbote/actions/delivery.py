"""News of messages we sent: merged into their rows, settled where we did not know, metered once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import connection
from django.db.models import Exists, OuterRef, Q

from werkbote.actions import inbox, people
from werkbote.domain import delivery, events, failures
from werkbote.store import ids, models

_SETTLE = """
UPDATE message m SET
    state = n.state, provider_id = COALESCE(m.provider_id, n.provider),
    provider_sealed = COALESCE(m.provider_sealed, n.sealed),
    sent_at = n.sent, delivered_at = n.delivered, read_at = n.read, failed_at = n.failed,
    failure_code = n.failure, priced_at = n.priced
FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::timestamptz[], %s::timestamptz[],
            %s::timestamptz[], %s::timestamptz[], %s::int[], %s::timestamptz[], %s::bytea[])
     AS n (id, state, provider, sent, delivered, read, failed, failure, priced, sealed)
WHERE m.id = n.id
"""

_MOST_PARKED = 1000

_METER = """
INSERT INTO meter (id, organisation_id, number_id, month, category, kind, billable, count)
VALUES (%s, %s, %s, %s, %s, %s, %s, 1)
ON CONFLICT (number_id, month, category, kind, billable) DO UPDATE SET count = meter.count + 1
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _News:
    """One report with what the table needs of it; `parked` is its row if it has waited."""

    number: int
    event: events.StatusIn
    received_at: datetime
    parked: int | None = None


def store_statuses(batch: inbox.Batch, arrived: Sequence[tuple[events.StatusIn, datetime]]) -> None:
    """Merge reports into their messages; park those whose message is not known yet."""
    _apply(
        batch,
        [
            _News(number=batch.numbers[event.number].id, event=event, received_at=at)
            for event, at in arrived
        ],
    )


def settle_parked(batch: inbox.Batch) -> int:
    """Apply waiting reports whose message is known by now, of any number; return how many there were."""
    known = models.Message.objects.filter(
        number=OuterRef("number"), provider_id=OuterRef("provider_id")
    )
    waiting = list(
        models.ParkedStatus.objects.filter(Exists(known))
        .select_related("number")
        .order_by("id")[:_MOST_PARKED]
    )
    _apply(batch, [_unpark(row) for row in waiting])
    return len(waiting)


def _unpark(row: models.ParkedStatus) -> _News:
    price = None
    if row.price_billable is not None:
        price = events.Pricing(
            category=row.price_category, kind=row.price_kind, billable=row.price_billable
        )
    failure = None if row.failure_code is None else events.Failure(code=row.failure_code)
    event = events.StatusIn(
        number=row.number.phone_number_id,
        provider_id=row.provider_id,
        status=events.Status(row.status),
        at=row.at,
        failure=failure,
        pricing=price,
    )
    return _News(number=row.number_id, event=event, received_at=row.received_at, parked=row.id)


def _apply(batch: inbox.Batch, news: Sequence[_News]) -> None:
    if not news:
        return
    rows = _rows_of(news)
    changed: dict[int, models.Message] = {}
    parked: list[models.ParkedStatus] = []
    settled: list[int] = []
    for one in news:
        row = rows.get((one.number, one.event.provider_id)) or rows.get(
            (one.number, one.event.callback or "")
        )
        if row is None:
            if one.parked is None:
                parked.append(_park(batch, one))
            continue
        if one.parked is not None:
            settled.append(one.parked)
        _merge(batch, row, one.event)
        changed[row.id] = row
    models.ParkedStatus.objects.bulk_create(parked, ignore_conflicts=True)
    models.ParkedStatus.objects.filter(id__in=settled).delete()
    _write(batch, changed.values())


def _rows_of(news: Sequence[_News]) -> Mapping[tuple[int, str], models.Message]:
    """Lock and return the messages by (number, provider id) and by (number, our own id)."""
    provider_ids = {one.event.provider_id for one in news}
    callbacks = {
        int(one.event.callback)
        for one in news
        if one.event.callback and one.event.callback.isdecimal() and len(one.event.callback) < 20  # noqa: PLR2004 -- digits of a 63-bit number
    }
    numbers = {one.number for one in news}
    rows = (
        models.Message.objects.select_related("person")
        .select_for_update(of=("self",), no_key=True)
        .filter(number__in=numbers)
        .filter(
            Q(provider_id__in=provider_ids)
            | Q(id__in=callbacks, outgoing=True, permit__isnull=False)
        )
        .order_by("id")
    )
    found: dict[tuple[int, str], models.Message] = {}
    for row in rows:
        if row.provider_id is not None:
            found[row.number_id, row.provider_id] = row
        if row.id in callbacks:
            found[row.number_id, str(row.id)] = row
    return found


def _park(batch: inbox.Batch, one: _News) -> models.ParkedStatus:
    event = one.event
    return models.ParkedStatus(
        organisation_id=batch.keys.organisation,
        number_id=one.number,
        provider_id=event.provider_id,
        status=event.status,
        at=event.at,
        failure_code=event.failure.code if event.failure else None,
        price_category=event.pricing.category if event.pricing else "",
        price_kind=event.pricing.kind if event.pricing else "",
        price_billable=event.pricing.billable if event.pricing else None,
        received_at=one.received_at,
    )


def _merge(batch: inbox.Batch, row: models.Message, event: events.StatusIn) -> None:
    """Merge one report into the row in memory; cost is metered the first time a price is named.

    The code kept is that of the earliest failure, as its time is; of two at once, the smaller.
    """
    before = row.failed_at
    report(row, delivery.Report(status=event.status, at=event.at))
    row.provider_id = row.provider_id or event.provider_id
    if row.provider_sealed is None and event.original:
        key = batch.keys.unwrap(row.person.key_wrapped, person=row.person_id)
        row.provider_sealed = inbox.seal_id(key, message=row.id, provider_id=event.original)
    if event.failure is not None:
        code = event.failure.code
        if before is None or event.at < before:
            row.failure_code = code
        elif event.at == before:
            row.failure_code = min(code, row.failure_code or code)
        verdict = failures.verdict(event.failure.code, None)
        if verdict.course is failures.Course.RECIPIENT_STOPPED:
            people.suppress(
                keys=batch.keys,
                person=row.person_id,
                scope_="advertising",
                reason="provider_stop",
                at=batch.at,
            )
    if event.pricing is not None:
        if row.priced_at is None:
            _meter(batch, row, event.pricing)
        row.priced_at = min(event.at, row.priced_at or event.at)


def report(row: models.Message, said: delivery.Report) -> None:
    """Merge what is certain about a message into its row in memory; it is not saved here."""
    progress = delivery.merge(
        delivery.Progress(
            sent_at=row.sent_at,
            delivered_at=row.delivered_at,
            read_at=row.read_at,
            failed_at=row.failed_at,
        ),
        said,
    )
    row.sent_at, row.delivered_at = progress.sent_at, progress.delivered_at
    row.read_at, row.failed_at = progress.read_at, progress.failed_at
    if row.permit_id is not None and progress.state is not None:
        row.state = progress.state


def _meter(batch: inbox.Batch, row: models.Message, price: events.Pricing) -> None:
    """Count a message in the month it left, whichever of its priced reports came first."""
    with connection.cursor() as cursor:
        cursor.execute(
            _METER,
            [
                ids.new(),
                batch.keys.organisation,
                row.number_id,
                (row.claimed_at or row.at).astimezone(UTC).date().replace(day=1),
                price.category[:64],
                price.kind[:64],
                price.billable,
            ],
        )


def _write(batch: inbox.Batch, rows: Iterable[models.Message]) -> None:
    ordered = sorted(rows, key=lambda row: row.id)
    if not ordered:
        return
    batch.touched.update(row.conversation_id for row in ordered)
    with connection.cursor() as cursor:
        cursor.execute(
            _SETTLE,
            [
                [row.id for row in ordered],
                [row.state for row in ordered],
                [row.provider_id for row in ordered],
                [row.sent_at for row in ordered],
                [row.delivered_at for row in ordered],
                [row.read_at for row in ordered],
                [row.failed_at for row in ordered],
                [row.failure_code for row in ordered],
                [row.priced_at for row in ordered],
                [row.provider_sealed for row in ordered],
            ],
        )
