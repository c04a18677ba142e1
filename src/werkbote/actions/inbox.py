"""The inbox is filled here: messages, changes and statuses of a batch, each exactly once, in any order."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import orjson
from django.db import connection

from werkbote.actions import people
from werkbote.domain import delivery, events
from werkbote.store import ids, live, models, queue, scope, search, vault


@dataclass(frozen=True, slots=True, kw_only=True)
class Fresh:
    """A message that was not known before and is no history; `payload` is what a tapped button said."""

    message: int
    conversation: int
    outgoing: bool
    kind: str
    text: str
    payload: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What one transaction of the intake works with.

    `numbers` maps phone_number_id to the number rows of this organisation; `at` is the moment the
    batch is processed; `touched` collects conversations whose pages must be told, `fresh` the new
    messages from which something may follow.
    """

    keys: vault.OrganisationKeys
    numbers: Mapping[str, models.Number]
    at: datetime
    touched: set[int] = field(default_factory=set)
    fresh: list[Fresh] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Placed:
    """An event with the rows it belongs to."""

    number: models.Number
    person: people.Handle
    conversation: int


def seal_body(
    key: vault.Key, *, message: int, text: str, content: Mapping[str, events.Json]
) -> bytes:
    """Return a message's text and content as the sealed JSON that `message.body` holds."""
    body = orjson.dumps({"text": text, "content": dict(content)}, default=str)
    return key.seal(body, table="message", row=message, column="body")


def seal_id(key: vault.Key, *, message: int, provider_id: str) -> bytes:
    """Return the provider's own id of a message, sealed for `message.provider_sealed`."""
    return key.seal_text(provider_id, table="message", row=message, column="provider_sealed")


def store_messages(batch: Batch, arrived: Sequence[tuple[events.MessageIn, datetime]]) -> None:
    """Store messages with their receipt times; a repetition changes nothing.

    Of several reports of one message the best is kept: understood before unknown, as it happened
    before remembered in a history. Whoever wrote now opened the window, whatever was told before.
    """
    unique = _best(arrived)
    known = _known_messages(batch, unique.keys())
    fresh = [pair for key, pair in unique.items() if key not in known]
    again = [
        (known[key], pair)
        for key, pair in unique.items()
        if key in known and _rank(pair[0].kind, historic=pair[0].historic) > known[key].rank
    ]
    placed = _place(batch, [event for event, _ in fresh])
    rows = [
        _message_row(batch, event, at, place)
        for (event, at), place in zip(fresh, placed, strict=True)
    ]
    models.Message.objects.bulk_create(rows)
    _store_media(batch, fresh, rows)
    index = [(row.id, event.text) for row, (event, _) in zip(rows, fresh, strict=True)]
    search.index(keys=batch.keys, rows=[entry for entry in index if entry[1]])
    batch.fresh.extend(
        _fresh(row, event)
        for row, (event, _) in zip(rows, fresh, strict=True)
        if not event.historic
    )
    _move_clocks(fresh, placed)
    for before, (event, received_at) in again:
        _replace(batch, before.id, event, received_at)


def _fresh(row: models.Message, event: events.MessageIn) -> Fresh:
    reply = event.content.get("button_reply")
    tapped = reply.get("id") if isinstance(reply, dict) else event.content.get("payload")
    return Fresh(
        message=row.id,
        conversation=row.conversation_id,
        outgoing=event.outgoing,
        kind=event.kind,
        text=event.text,
        payload=tapped if isinstance(tapped, str) else "",
        at=event.at,
    )


def _rank(kind: str, *, historic: bool) -> tuple[bool, bool]:
    return kind != events.Kind.UNKNOWN, not historic


def _best(
    arrived: Sequence[tuple[events.MessageIn, datetime]],
) -> dict[tuple[str, str], tuple[events.MessageIn, datetime]]:
    """Return the best report of each message among those that came together."""
    found: dict[tuple[str, str], tuple[events.MessageIn, datetime]] = {}
    for event, at in arrived:
        key = event.number, event.provider_id
        held = found.get(key)
        rank = _rank(event.kind, historic=event.historic)
        if held is None or rank > _rank(held[0].kind, historic=held[0].historic):
            found[key] = event, at
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class _Before:
    """A message that is there already, and how good a report it was stored from."""

    id: int
    rank: tuple[bool, bool]


def _known_messages(
    batch: Batch, wanted: Iterable[tuple[str, str]]
) -> dict[tuple[str, str], _Before]:
    rows = models.Message.objects.filter(
        number__in=list(batch.numbers.values()), provider_id__in=[one for _, one in wanted]
    ).values_list("number__phone_number_id", "provider_id", "kind", "historic", "id", "permit")
    return {
        (number, str(provider)): _Before(
            id=row, rank=(True, True) if permit else _rank(kind, historic=historic)
        )
        for number, provider, kind, historic, row, permit in rows
    }


def _place(
    batch: Batch, arrived: Sequence[events.MessageIn | events.ChangeIn | events.CallIn]
) -> list[_Placed]:
    handles = people.resolve(
        keys=batch.keys, parties={event.party for event in arrived}, source="message", at=batch.at
    )
    pairs = {(batch.numbers[event.number].id, handles[event.party].id) for event in arrived}
    conversations = _conversations(batch, pairs)
    found = []
    for event in arrived:
        number, person = batch.numbers[event.number], handles[event.party]
        conversation = conversations[number.id, person.id]
        batch.touched.add(conversation)
        found.append(_Placed(number=number, person=person, conversation=conversation))
    return found


def _conversations(batch: Batch, pairs: set[tuple[int, int]]) -> dict[tuple[int, int], int]:
    rows = models.Conversation.objects.filter(
        number__in={number for number, _ in pairs}, person__in={person for _, person in pairs}
    ).values_list("number_id", "person_id", "id")
    found = {(number, person): row for number, person, row in rows}
    made = [
        models.Conversation(
            organisation_id=batch.keys.organisation,
            number_id=number,
            person_id=person,
            created_at=batch.at,
        )
        for number, person in sorted(pairs - found.keys())
    ]
    models.Conversation.objects.bulk_create(made)
    return found | {(row.number_id, row.person_id): row.id for row in made}


def _message_row(
    batch: Batch, event: events.MessageIn, received_at: datetime, place: _Placed
) -> models.Message:
    row = ids.new()
    return models.Message(
        id=row,
        organisation_id=batch.keys.organisation,
        number_id=place.number.id,
        conversation_id=place.conversation,
        person_id=place.person.id,
        outgoing=event.outgoing,
        provider_id=event.provider_id,
        provider_sealed=seal_id(
            place.person.key, message=row, provider_id=event.original or event.provider_id
        ),
        kind=event.kind,
        body=seal_body(place.person.key, message=row, text=event.text, content=_content(event)),
        at=event.at,
        received_at=received_at,
        reply_to=event.reply_to or "",
        forwarded=event.forwarded,
        historic=event.historic,
        state=delivery.State.RECEIVED,
    )


def _content(event: events.MessageIn) -> dict[str, events.Json]:
    content = dict(event.content)
    if event.media is not None and event.media.filename:
        content["filename"] = event.media.filename
    return content


def _store_media(
    batch: Batch,
    fresh: Sequence[tuple[events.MessageIn, datetime]],
    rows: Sequence[models.Message],
) -> None:
    made = [
        models.Media(
            organisation_id=batch.keys.organisation,
            message_id=row.id,
            person_id=row.person_id,
            provider_id=event.media.provider_id,
            mime=event.media.mime,
            sha256=event.media.sha256 or "",
            created_at=batch.at,
        )
        for (event, _), row in zip(fresh, rows, strict=True)
        if event.media is not None
    ]
    models.Media.objects.bulk_create(made)
    for media in made:
        queue.enqueue(
            queue.Job.FETCH_MEDIA, organisation=batch.keys.organisation, object_id=media.id
        )


def _replace(batch: Batch, message: int, event: events.MessageIn, received_at: datetime) -> None:
    """Let a better report take the place of the one a message was stored from."""
    row = models.Message.objects.select_related("person").get(id=message)
    key = batch.keys.unwrap(row.person.key_wrapped, person=row.person_id)
    place = _Placed(
        number=batch.numbers[event.number],
        person=people.Handle(id=row.person_id, key=key),
        conversation=row.conversation_id,
    )
    better = _message_row(batch, event, received_at, place)
    row.kind, row.at, row.historic = better.kind, better.at, better.historic
    row.outgoing, row.reply_to, row.forwarded = better.outgoing, better.reply_to, better.forwarded
    row.body = seal_body(key, message=row.id, text=event.text, content=_content(event))
    row.save(update_fields=["kind", "at", "historic", "outgoing", "reply_to", "forwarded", "body"])
    if event.text:
        search.index(keys=batch.keys, rows=[(row.id, event.text)])
    if event.media is not None and not models.Media.objects.filter(message=row.id).exists():
        _store_media(batch, [(event, received_at)], [row])
    _move_clocks([(event, received_at)], [place])
    batch.touched.add(row.conversation_id)


_CLOCKS = """
UPDATE conversation c SET
    last_inbound_at = GREATEST(c.last_inbound_at, n.inbound),
    last_call_at = GREATEST(c.last_call_at, n.call),
    last_message_at = GREATEST(c.last_message_at, n.message),
    last_received_at = GREATEST(c.last_received_at, n.received)
FROM unnest(%s::bigint[], %s::timestamptz[], %s::timestamptz[], %s::timestamptz[],
            %s::timestamptz[]) AS n (id, inbound, call, message, received)
WHERE c.id = n.id
"""


@dataclass(slots=True)
class _Clock:
    inbound: datetime | None = None
    call: datetime | None = None
    message: datetime | None = None
    received: datetime | None = None


def _later(known: datetime | None, other: datetime) -> datetime:
    return other if known is None else max(known, other)


def _move_clocks(
    arrived: Sequence[tuple[events.MessageIn, datetime]],
    placed: Sequence[_Placed],
) -> None:
    """Move the conversations' clocks forward; only what the person wrote now opens the window."""
    clocks: dict[int, _Clock] = {}
    for (event, received_at), place in zip(arrived, placed, strict=True):
        clock = clocks.setdefault(place.conversation, _Clock())
        clock.message = _later(clock.message, event.at)
        if not event.outgoing and not event.historic:
            clock.inbound = _later(clock.inbound, min(event.at, received_at))
            clock.received = _later(clock.received, received_at)
    _write_clocks(clocks)


def _write_clocks(clocks: Mapping[int, _Clock]) -> None:
    if not clocks:
        return
    order = sorted(clocks)
    hold(order)
    with connection.cursor() as cursor:
        cursor.execute(
            _CLOCKS,
            [
                order,
                [clocks[row].inbound for row in order],
                [clocks[row].call for row in order],
                [clocks[row].message for row in order],
                [clocks[row].received for row in order],
            ],
        )


def hold(conversations: Sequence[int]) -> None:
    """Lock conversations in the one order everybody uses, so that two batches never wait in a circle."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM conversation WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE",
            [list(conversations)],
        )


def store_calls(batch: Batch, arrived: Sequence[tuple[events.CallIn, datetime]]) -> None:
    """Let inbound calls open the window; what was said is not ours to keep."""
    placed = _place(batch, [event for event, _ in arrived])
    clocks: dict[int, _Clock] = {}
    for (event, received_at), place in zip(arrived, placed, strict=True):
        clock = clocks.setdefault(place.conversation, _Clock())
        clock.message = _later(clock.message, event.at)
        if event.inbound:
            clock.call = _later(clock.call, min(event.at, received_at))
            clock.received = _later(clock.received, received_at)
    _write_clocks(clocks)


def store_changes(batch: Batch, arrived: Sequence[tuple[events.ChangeIn, datetime]]) -> None:
    """Store reactions, edits and deletions; their message may be known now, later or never."""
    placed = _place(batch, [event for event, _ in arrived])
    rows = []
    for (event, received_at), place in zip(arrived, placed, strict=True):
        row = ids.new()
        value = event.value
        rows.append(
            models.MessageChange(
                id=row,
                organisation_id=batch.keys.organisation,
                number_id=place.number.id,
                person_id=place.person.id,
                conversation_id=place.conversation,
                provider_id=event.provider_id,
                target=event.target,
                kind=event.kind,
                value_sealed=None
                if value is None
                else place.person.key.seal_text(
                    value, table="message_change", row=row, column="value_sealed"
                ),
                outgoing=event.outgoing,
                at=event.at,
                received_at=received_at,
            )
        )
    models.MessageChange.objects.bulk_create(rows, ignore_conflicts=True)


def mark_seen(*, organisation: int, conversation: int, at: datetime) -> bool:
    """Note that the team has seen a conversation; returns whether that was news."""
    with scope.transaction(organisation=organisation):
        seen = models.Conversation.objects.filter(id=conversation, last_received_at__lte=at)
        news = seen.exclude(seen_at__gte=at).update(seen_at=at)
        if news:
            live.announce(conversations={conversation}, at=at, row_alone=True)
    return bool(news)
