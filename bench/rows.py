"""Years of a dealer's messages: sealed, indexed and beside it the same in plaintext, loaded by COPY."""

import functools
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import psycopg
from django.db.models import expressions

from bench import bodies, place
from werkbote.domain import search as words

_NUMBERS = 3
_SECONDS = 3 * 365 * 86_400
_CHUNK = 20_000
_OUTSIDE = "+49999"
_LATEST = """
UPDATE conversation c SET last_message_at = m.at, last_inbound_at = m.at, last_received_at = m.at,
    waiting_since = m.at, seen_at = m.at - interval '1 minute'
FROM (SELECT conversation_id, max(at) AS at FROM message GROUP BY 1) m WHERE m.conversation_id = c.id
"""
_PLAIN = """
CREATE TABLE bench_plain (id bigint PRIMARY KEY, number bigint NOT NULL, body text NOT NULL,
    words tsvector GENERATED ALWAYS AS (to_tsvector('german', body)) STORED)
"""
_PLAIN_INDEXES = (
    "CREATE INDEX bench_plain_words ON bench_plain USING gin (words)",
    "CREATE INDEX bench_plain_newest ON bench_plain (number, id)",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stock:
    """What is searched: the viewer's numbers, and how many messages hold each word."""

    dealer: place.Dealer
    numbers: list[int]
    frequency: Counter[str]
    size: int


def made(where: place.Place, size: int, *, people: int) -> Stock:
    """Fill the tables as years of messages would, by COPY, sealed with the product's own keys."""
    dealer = place.dealer(where)
    with where.owner() as connection:
        connection.execute(_PLAIN)
    with where.administrator() as connection:
        connection.execute("SET session_replication_role = replica")
        numbers = _numbers(connection, dealer)
        talks = _conversations(connection, dealer, numbers, people)
        rebuild = _strip(connection)
        frequency = _fill(connection, dealer, talks, size)
        for command in (*rebuild, *_PLAIN_INDEXES, _LATEST):
            connection.execute(command)
    with where.owner() as connection:
        connection.execute(
            "VACUUM ANALYZE message, search_token, bench_plain, person, identity, conversation, number"
        )
    return Stock(dealer=dealer, numbers=numbers, frequency=frequency, size=size)


def _strip(connection: psycopg.Connection) -> list[str]:
    """Take the indexes off the blind index for loading; return the commands that put them back."""
    key = connection.execute(
        "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE conrelid = 'search_token'::regclass AND contype = 'p'"
    ).fetchone()
    assert key is not None
    connection.execute(f"ALTER TABLE search_token DROP CONSTRAINT {key[0]}")
    rest = connection.execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'search_token'"
    ).fetchall()
    for name, _ in rest:
        connection.execute(f"DROP INDEX {name}")
    return [
        f"ALTER TABLE search_token ADD CONSTRAINT {key[0]} {key[1]}",
        *(each for _, each in rest),
    ]


def _numbers(connection: psycopg.Connection, dealer: place.Dealer) -> list[int]:
    """Return the viewer's numbers: copies of the connected one, at the same branch."""
    copied = """
        INSERT INTO number SELECT (json_populate_record(number, %s)).* FROM number WHERE id = %s
    """
    from werkbote.store import keyring  # noqa: PLC0415 -- models exist only after setup

    main = keyring.organisation(dealer.organisation).main
    found = [dealer.number]
    for step in range(1, _NUMBERS):
        row = dealer.number + step
        label = main.seal_text(f"Nummer {step}", table="number", row=row, column="label_sealed")
        changed = {
            "id": row,
            "label_sealed": f"\\x{label.hex()}",
            "phone_number_id": f"b{step}",
            "hook_slug": f"b{step}",
        }
        connection.execute(copied, [orjson.dumps(changed).decode(), dealer.number])
        found.append(row)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class _Talk:
    person: int
    number: int
    conversation: int
    key: Any


def _conversations(
    connection: psycopg.Connection, dealer: place.Dealer, numbers: Sequence[int], count: int
) -> list[_Talk]:
    """Write persons with a name and a number, each with one conversation."""
    from werkbote.store import ids, keyring, vault  # noqa: PLC0415 -- models exist only after setup

    keys = keyring.organisation(dealer.organisation)
    now = datetime.now(UTC)
    talks, persons, identities, conversations = [], [], [], []
    for index in range(count):
        person, identity, own = ids.new(), ids.new(), vault.new_key()
        talk = _Talk(
            person=person,
            number=numbers[index % len(numbers)],
            conversation=ids.new(),
            key=own,
        )
        talks.append(talk)
        name = own.seal_text(f"Kundin {index}", table="person", row=person, column="name_sealed")
        wrapped = keys.wrap(own, person=person)
        persons.append((person, dealer.organisation, wrapped, name, "bench", now))
        phone = f"{_OUTSIDE}{index:06}"
        sealed = own.seal_text(phone, table="identity", row=identity, column="value_sealed")
        mark = keys.fingerprint("phone", phone)
        identities.append((identity, dealer.organisation, person, "phone", mark, sealed, now))
        conversations.append((talk.conversation, dealer.organisation, talk.number, person, now))
    for table, columns, rows in (
        ("person", "id, organisation_id, key_wrapped, name_sealed, source, created_at", persons),
        (
            "identity",
            "id, organisation_id, person_id, scheme, fingerprint, value_sealed, created_at",
            identities,
        ),
        ("conversation", "id, organisation_id, number_id, person_id, created_at", conversations),
    ):
        _copy(connection, f"COPY {table} ({columns}) FROM STDIN", rows)
    return talks


def _fill(
    connection: psycopg.Connection, dealer: place.Dealer, talks: Sequence[_Talk], size: int
) -> Counter[str]:
    """Write messages, their tokens and their plaintext; return how many messages hold each word."""
    from werkbote.store import ids, keyring, search  # noqa: PLC0415 -- models exist only after setup

    keys = keyring.organisation(dealer.organisation)
    token = functools.cache(lambda number, stem: search.token(keys=keys, number=number, stem=stem))
    blank = _blank(dealer)
    source = random.Random(5)
    newest = ids.new() >> 22
    now = datetime.now(UTC)
    frequency: Counter[str] = Counter()
    for first in range(0, size, _CHUNK):
        message, tokens, plain = [], [], []
        for index in range(first, min(first + _CHUNK, size)):
            row = (newest * (index + 1) // size << 22) | source.getrandbits(22)
            at = now - timedelta(seconds=_SECONDS * (size - index) // size)
            talk, text = source.choice(talks), bodies.text(source)
            frequency.update({word for word in text.split() if words.wanted(word)})
            body = orjson.dumps({"text": text, "content": {}})
            sealed = talk.key.seal(body, table="message", row=row, column="body")
            message.append(_row(blank, talk, row, sealed, at))
            plain.append((row, talk.number, text))
            tokens += [
                (dealer.organisation, token(talk.number, stem), row) for stem in words.stems(text)
            ]
        _copy(connection, f"COPY message ({', '.join(blank)}) FROM STDIN", message)
        _copy(
            connection, "COPY search_token (organisation_id, token, message_id) FROM STDIN", tokens
        )
        _copy(connection, "COPY bench_plain (id, number, body) FROM STDIN", plain)
    return frequency


def _blank(dealer: place.Dealer) -> dict[str, Any]:
    """Return a message's columns with what most messages have; the database fills in the rest."""
    from werkbote.store import models  # noqa: PLC0415 -- models exist only after setup

    row = models.Message(organisation_id=dealer.organisation, outgoing=False, kind="text")
    fields = row._meta.concrete_fields  # noqa: SLF001 -- Django's public name for it
    values = {field.column: getattr(row, field.attname) for field in fields}
    return {
        column: value
        for column, value in values.items()
        if not isinstance(value, expressions.DatabaseDefault)
    }


def _row(
    blank: dict[str, Any], talk: _Talk, row: int, sealed: bytes, at: datetime
) -> tuple[Any, ...]:
    changed = {
        "id": row,
        "number_id": talk.number,
        "conversation_id": talk.conversation,
        "person_id": talk.person,
        "body": sealed,
        "at": at,
        "received_at": at,
    }
    return tuple((blank | changed).values())


def _copy(connection: psycopg.Connection, command: str, rows: Sequence[Sequence[Any]]) -> None:
    with connection.cursor() as cursor, cursor.copy(command) as copy:
        for row in rows:
            copy.write_row(row)
