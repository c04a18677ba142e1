"""The gate: decisions a second of `decide` alone, and with facts gathered from a full database."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg

from bench import place

_AT = datetime(2026, 11, 23, 10, tzinfo=UTC)
"""A Monday morning: advertising may leave, and the consents below are fresh."""

_EVENTS_PER_PERSON = 10
_BATCH = 64
_PACE = 5_000
_PURPOSES = ("P-02", "P-05")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stock:
    """What a run asks about; `conversations` belong to people who agreed and wrote an hour ago."""

    dealer: place.Dealer
    conversations: Sequence[int]
    people: int
    events: int


def run(where: place.Place) -> dict[str, Any]:
    """Return decisions a second: pure, in batches, one by one, and as the sender claims them."""
    stock = _stock(where, where.scaled(100_000, 500))
    wishes = _wishes(stock, where.scaled(6_400, 128))
    gathered, facts = _gathered(stock, wishes)
    pure = _decided(facts, rounds=where.scaled(20, 2))
    dispatched, share = _dispatched(stock, where.scaled(6_400, 128))
    alone = len(wishes) / gathered
    return {
        "people": stock.people,
        "consent_events": stock.events,
        "decide_per_s": round(pure),
        "decide_us": round(1e6 / pure, 2),
        "gathered_per_s": round(len(wishes) / (gathered + len(wishes) / pure)),
        "gathered_facts_percent": round(100 * gathered / (gathered + len(wishes) / pure), 1),
        "one_by_one_per_s": round(_one_by_one(stock, wishes[: where.scaled(640, 32)])),
        "bare_query_per_s": round(_bare(where, wishes)),
        "dispatch_per_s": round(dispatched),
        "dispatch_facts_percent": round(100 * share, 1),
        "facts_per_s": round(alone),
    }


def _wishes(stock: _Stock, count: int) -> list[Any]:
    from werkbote.actions import policy  # noqa: PLC0415 -- models exist only after setup
    from werkbote.domain import events  # noqa: PLC0415 -- beside the one that needs setup

    return [
        policy.Wish(
            message=0,
            conversation=stock.conversations[index * 7 % len(stock.conversations)],
            kind=events.Kind.TEXT,
            purpose=_PURPOSES[index % len(_PURPOSES)],
            names_stop=True,
        )
        for index in range(count)
    ]


def _batches[T](rows: Sequence[T]) -> Iterator[Sequence[T]]:
    for first in range(0, len(rows), _BATCH):
        yield rows[first : first + _BATCH]


def _gathered(stock: _Stock, wishes: Sequence[Any]) -> tuple[float, list[Any]]:
    """Return the seconds that gathering took in the sender's batches, and the facts."""
    from werkbote.actions import policy  # noqa: PLC0415 -- models exist only after setup
    from werkbote.store import scope  # noqa: PLC0415 -- models exist only after setup

    took, facts = 0.0, []
    for batch in _batches(wishes):
        with scope.looking(organisation=stock.dealer.organisation):
            began = time.perf_counter()
            facts += policy.gather(batch, at=_AT)
            took += time.perf_counter() - began
    return took, facts


def _decided(facts: Sequence[Any], *, rounds: int) -> float:
    """Return decisions a second of the pure function; all of them are permits."""
    from werkbote.domain import policy  # noqa: PLC0415 -- beside those that need setup

    began = time.perf_counter()
    answers = [policy.decide(one, now=_AT) for _ in range(rounds) for one in facts]
    rate = len(answers) / (time.perf_counter() - began)
    refused = [one for one in answers if isinstance(one, policy.Refusal)]
    if refused:
        raise place.UnableToMeasure(f"The stock is not lawful: {refused[0].rule}.")
    return rate


def _one_by_one(stock: _Stock, wishes: Sequence[Any]) -> float:
    """Return decisions a second where every message asks for its own facts: the naive way."""
    from werkbote.actions import policy as deeds  # noqa: PLC0415 -- models exist only after setup
    from werkbote.domain import policy  # noqa: PLC0415 -- beside those that need setup
    from werkbote.store import scope  # noqa: PLC0415 -- models exist only after setup

    began = time.perf_counter()
    for wish in wishes:
        with scope.looking(organisation=stock.dealer.organisation):
            policy.decide(deeds.gather([wish], at=_AT)[0], now=_AT)
    return len(wishes) / (time.perf_counter() - began)


_BARE = """
SELECT c.id, c.last_inbound_at, p.restricted_at, o.purpose, o.state, o.granted_at, s.scope
FROM conversation c JOIN person p ON p.id = c.person_id
LEFT JOIN consent o ON o.person_id = p.id
LEFT JOIN identity i ON i.person_id = p.id
LEFT JOIN suppression s ON s.fingerprint = i.fingerprint AND s.organisation_id = c.organisation_id
WHERE c.id = ANY(%s)
"""


def _bare(where: place.Place, wishes: Sequence[Any]) -> float:
    """Return the machine's limit: one plain query for consent and suppression, as the owner."""
    with where.owner() as connection:
        began = time.perf_counter()
        for batch in _batches(wishes):
            connection.execute(_BARE, [[one.conversation for one in batch]]).fetchall()
        return len(wishes) / (time.perf_counter() - began)


def _dispatched(stock: _Stock, count: int) -> tuple[float, float]:
    """Return decisions a second of the sender's first transaction, and the share of its facts."""
    from werkbote.actions import outbox  # noqa: PLC0415 -- models exist only after setup

    _queue(stock, count)
    took, done = 0.0, 0
    with _timed_facts() as spent:
        while done < count:
            began = time.perf_counter()
            ready = outbox.claim(
                organisation=stock.dealer.organisation,
                number=stock.dealer.number,
                at=_AT + timedelta(seconds=done / 100),
            )
            took += time.perf_counter() - began
            if not ready:
                raise place.UnableToMeasure(f"Only {done} of {count} messages were permitted.")
            done += len(ready)
        share = spent[0] / took
    return done / took, share


@contextmanager
def _timed_facts() -> Iterator[list[float]]:
    """Add up the seconds that gathering takes inside the sender."""
    from werkbote.actions import policy  # noqa: PLC0415 -- models exist only after setup

    spent, gather = [0.0], policy.gather

    def timed(*words: Any, **more: Any) -> Any:
        began = time.perf_counter()
        try:
            return gather(*words, **more)
        finally:
            spent[0] += time.perf_counter() - began

    policy.gather = timed
    try:
        yield spent
    finally:
        policy.gather = gather


def _queue(stock: _Stock, count: int) -> None:
    from werkbote.actions import inbox  # noqa: PLC0415 -- models exist only after setup
    from werkbote.store import ids, keyring, models, scope  # noqa: PLC0415 -- the same

    keys = keyring.organisation(stock.dealer.organisation)
    with scope.transaction(organisation=stock.dealer.organisation):
        wanted = stock.conversations[-count:] * (1 + count // len(stock.conversations))
        rows = {
            row.id: row
            for row in models.Conversation.objects.select_related("person").filter(id__in=wanted)
        }
        messages = []
        for index, conversation in enumerate(wanted[:count]):
            row, message = rows[conversation], ids.new()
            key = keys.unwrap(row.person.key_wrapped, person=row.person_id)
            messages.append(
                models.Message(
                    id=message,
                    organisation_id=stock.dealer.organisation,
                    number_id=stock.dealer.number,
                    conversation_id=conversation,
                    person_id=row.person_id,
                    outgoing=True,
                    kind="text",
                    body=inbox.seal_body(
                        key, message=message, text="Hallo. Ende: STOPP", content={}
                    ),
                    at=_AT,
                    received_at=_AT,
                    state="queued",
                    purpose=_PURPOSES[index % len(_PURPOSES)],
                    due_at=_AT,
                )
            )
        models.Message.objects.bulk_create(messages, batch_size=1_000)


def _stock(where: place.Place, size: int) -> _Stock:
    """Fill the tables as years would: people who wrote, agreed, and were informed, by COPY."""
    dealer = place.dealer(where, per_second=_PACE)
    with where.administrator() as connection:
        connection.execute("SET session_replication_role = replica")
        conversations = _fill_people(connection, dealer, size)
        for command in _FILL:
            connection.execute(command, _values(dealer))
        connection.execute(_EVENTS, _values(dealer) | {"each": _EVENTS_PER_PERSON})
        connection.execute(_SUPPRESSED, _values(dealer) | {"count": max(1, size // 20)})
    with where.owner() as connection:
        connection.execute("VACUUM ANALYZE")
    return _Stock(
        dealer=dealer, conversations=conversations, people=size, events=size * _EVENTS_PER_PERSON
    )


def _values(dealer: place.Dealer) -> dict[str, Any]:
    from werkbote.store import rechtsstand  # noqa: PLC0415 -- settings exist only after the place

    return {
        "organisation": dealer.organisation,
        "branch": dealer.branch,
        "number": dealer.number,
        "at": _AT,
        "notice": rechtsstand.on(_AT.date()).notice.version,
    }


def _copy(connection: psycopg.Connection, head: str, rows: Iterator[Sequence[Any]]) -> None:
    with connection.cursor() as cursor, cursor.copy(f"COPY {head} FROM STDIN") as target:
        for row in rows:
            target.write_row(row)


def _fill_people(connection: psycopg.Connection, dealer: place.Dealer, size: int) -> list[int]:
    from werkbote.store import ids, keyring, vault  # noqa: PLC0415 -- models exist after setup

    keys = keyring.organisation(dealer.organisation)
    persons = [ids.new() for _ in range(size)]
    sealed = {person: vault.new_key() for person in persons}
    head = "person (id, organisation_id, key_wrapped, source, created_at)"
    _copy(
        connection,
        head,
        (
            (person, dealer.organisation, keys.wrap(key, person=person), "inbound", _AT)
            for person, key in sealed.items()
        ),
    )
    head = (
        "identity (id, organisation_id, person_id, scheme, fingerprint, value_sealed, created_at)"
    )
    _copy(connection, head, _identities(keys, dealer, sealed, ids.new))
    talks = [ids.new() for _ in persons]
    head = (
        "conversation (id, organisation_id, number_id, person_id, last_inbound_at,"
        " last_message_at, created_at)"
    )
    hour = _AT - timedelta(hours=1)
    _copy(
        connection,
        head,
        (
            (talk, dealer.organisation, dealer.number, person, hour, hour, _AT)
            for talk, person in zip(talks, persons, strict=True)
        ),
    )
    return talks


def _identities(
    keys: Any, dealer: place.Dealer, sealed: dict[int, Any], new: Callable[[], int]
) -> Iterator[Sequence[Any]]:
    for index, (person, key) in enumerate(sealed.items()):
        row, phone = new(), f"+49171392{index:07}"
        value = key.seal_text(phone, table="identity", row=row, column="value_sealed")
        print_ = keys.fingerprint("phone", phone)
        yield row, dealer.organisation, person, "phone", print_, value, _AT


_MESSAGE = """
INSERT INTO message (id, organisation_id, number_id, conversation_id, person_id, outgoing, kind, body,
    at, received_at, reply_to, forwarded, historic, state, notice_version, purpose, role, ground,
    priority, attempts, permit_id)
SELECT c.id * 4 + {step}, c.organisation_id, c.number_id, c.id, c.person_id, {outgoing}, 'text', 'x', {at},
    {at}, '', false, false, '{state}', {notice}, 'P-02', 'plain', '', 5, 0, {permit}
FROM conversation c WHERE c.organisation_id = %(organisation)s
"""
_HOUR = "%(at)s::timestamptz - interval '1 hour'"
_FILL = (
    _MESSAGE.format(
        step=1, outgoing="false", at=_HOUR, state="received", notice="''", permit="NULL"
    ),
    _MESSAGE.format(
        step=2, outgoing="true", at=_HOUR, state="sent", notice="%(notice)s", permit="c.id"
    ),
    """
INSERT INTO consent (id, organisation_id, person_id, branch_id, purpose, state, since, record,
    requested_at, granted_at, last_used_at, asked_from_number)
SELECT p.id, p.organisation_id, p.id, %(branch)s, 'P-05', 'granted', %(at)s::timestamptz - interval
    '30 days', 'record-' || p.id, %(at)s::timestamptz - interval '30 days',
    %(at)s::timestamptz - interval '30 days', %(at)s::timestamptz - interval '30 days', true
FROM person p WHERE p.organisation_id = %(organisation)s
""",
)
_EVENTS = """
INSERT INTO consent_event (id, organisation_id, position, key, record, person_ref, purpose, entity,
    deed, occurred_at, recorded_at, by, from_number, evidence_digest, previous, hash)
SELECT row_number() OVER (), %(organisation)s, row_number() OVER (), 'b' || row_number() OVER (),
    'record-' || p.id, p.id, 'P-05', %(branch)s,
    CASE step WHEN 1 THEN 'requested' WHEN 2 THEN 'confirmed' ELSE 'used' END,
    %(at)s::timestamptz - interval '31 days' + step * interval '1 hour',
    %(at)s::timestamptz - interval '31 days' + step * interval '1 hour',
    'person', true, '', repeat('0', 64), md5(p.id::text) || md5(step::text)
FROM person p CROSS JOIN generate_series(1, %(each)s) AS step
WHERE p.organisation_id = %(organisation)s
"""
_SUPPRESSED = """
INSERT INTO suppression (id, organisation_id, fingerprint, scope, reason, created_at)
SELECT n, %(organisation)s, sha256(n::text::bytea), 'advertising', 'stop', %(at)s
FROM generate_series(1, %(count)s) AS n
"""
