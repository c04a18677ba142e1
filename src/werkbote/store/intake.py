"""The durable door: many bodies share one INSERT and one COMMIT, each is answered after its own.

Plain asyncio and psycopg, beside Django: a request waits for exactly one flush, and the next flush
begins as soon as the previous commit has returned, so that load makes batches and idleness none.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import groupby
from typing import Any, NamedTuple

import psycopg
from django.db import connections

from werkbote.store import ids

_LOG = logging.getLogger(__name__)

WOKEN_BY = "werkbote_intake"
"""The NOTIFY channel that wakes the workers."""

_MOST_WAITING_BYTES = 96 * 1024 * 1024
_MOST_PER_FLUSH = 512
_FIRST_PAUSE = 0.05
_LONGEST_PAUSE = 2.0

_KEEP = """
SELECT werkbote_keep_bodies(%s, %s::bigint[], %s::bigint[], %s::text[], %b::bytea[],
                            %s::timestamptz[])
"""

_COUNT = """
INSERT INTO hook_rejection (id, organisation_id, number_id, day, reason, count)
VALUES (%s, %s, %s, %s, %s, %s)
ON CONFLICT (number_id, day, reason) DO UPDATE SET count = hook_rejection.count + EXCLUDED.count
"""

_ENDPOINT = """
SELECT id, organisation_id, channel, app_secret_sealed, app_secret_previous_sealed,
       verify_token_sealed
FROM number WHERE hook_slug = %s
"""

_ORGANISATION = "SELECT key_name, key_wrapped, index_wrapped FROM organisation WHERE id = %s"


class UnableToKeep(Exception):
    """The body could not be made durable; the provider must be told to come again."""


def application_conninfo() -> dict[str, Any]:
    """Return how to connect as the application's role, without Django's pool in between."""
    settings = connections["default"].settings_dict
    options = {
        key: value
        for key, value in settings.get("OPTIONS", {}).items()
        if key not in {"pool", "server_side_binding"}
    }
    named = {
        "dbname": settings["NAME"],
        "user": settings["USER"],
        "password": settings["PASSWORD"],
        "host": settings["HOST"],
        "port": settings["PORT"],
    }
    return {key: value for key, value in named.items() if value} | options


class Entry(NamedTuple):
    """One sealed body, ready to be written."""

    id: int
    organisation: int
    number: int
    digest: bytes
    body: bytes
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointRow:
    """What the database knows about a webhook address; the secrets are still sealed."""

    number: int
    organisation: int
    channel: str
    secrets_sealed: tuple[bytes, ...]
    secret_columns: tuple[str, ...]
    verify_sealed: bytes
    key_name: str
    key_wrapped: bytes
    index_wrapped: bytes


class _Waiting(NamedTuple):
    entry: Entry
    done: "asyncio.Future[None]"


@dataclass(slots=True, kw_only=True)
class Writer:
    """The one writer of a web process; `conninfo` says how to connect."""

    conninfo: Callable[[], dict[str, Any]]
    _waiting: list[_Waiting] = field(default_factory=list)
    _bytes: int = 0
    _rejected: Counter[tuple[int, int, date, str]] = field(default_factory=Counter)
    _wake: asyncio.Event = field(default_factory=asyncio.Event)
    _connection: "psycopg.AsyncConnection[Any] | None" = None
    _looker: "psycopg.AsyncConnection[Any] | None" = None
    _looking: asyncio.Lock = field(default_factory=asyncio.Lock)
    _task: "asyncio.Task[None] | None" = None

    def start(self) -> None:
        """Begin flushing in the running event loop."""
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._run())

    async def stop(self) -> None:
        """Flush what waits, then close; called when the server stops."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None
        while (self._waiting or self._rejected) and await self._flush_or_refuse():
            pass
        _refuse(self._waiting)
        for connection in (self._connection, self._looker):
            if connection is not None:
                await connection.close()
        self._connection = self._looker = None

    async def keep(self, entry: Entry) -> None:
        """Return after the entry is committed; raise UnableToKeep if it is not, for any reason."""
        if self._task is None:
            self.start()
        if self._bytes > _MOST_WAITING_BYTES:
            raise UnableToKeep("More bodies are waiting than memory allows; ask again later.")
        done = asyncio.get_running_loop().create_future()
        self._waiting.append(_Waiting(entry, done))
        self._bytes += len(entry.body)
        self._wake.set()
        await done

    def reject(self, *, organisation: int, number: int, reason: str, at: datetime) -> None:
        """Count a refused call; written with the next flush."""
        self.start()
        self._rejected[organisation, number, at.astimezone(UTC).date(), reason] += 1
        self._wake.set()

    async def endpoint(self, slug: str) -> EndpointRow | None:
        """Return what is known about a webhook address, None if nothing; raise UnableToKeep."""
        async with self._looking:
            try:
                return await self._look(slug)
            except (psycopg.Error, OSError) as error:
                looker, self._looker = self._looker, None
                await _close(looker)
                raise UnableToKeep("The database cannot be asked right now.") from error

    async def _look(self, slug: str) -> EndpointRow | None:
        if self._looker is None or self._looker.closed:
            self._looker = await psycopg.AsyncConnection.connect(**self.conninfo())
        connection = self._looker
        async with connection.transaction():
            await connection.execute("SELECT set_config('werkbote.hook', %s, true)", [slug])
            found = await (await connection.execute(_ENDPOINT, [slug])).fetchone()
            if found is None:
                return None
            await connection.execute(
                "SELECT set_config('werkbote.organisation', %s, true)", [str(found[1])]
            )
            keys = await (await connection.execute(_ORGANISATION, [found[1]])).fetchone()
        assert keys is not None
        secrets = [(found[3], "app_secret_sealed"), (found[4], "app_secret_previous_sealed")]
        present = [(bytes(value), column) for value, column in secrets if value is not None]
        return EndpointRow(
            number=found[0],
            organisation=found[1],
            channel=found[2],
            secrets_sealed=tuple(value for value, _ in present),
            secret_columns=tuple(column for _, column in present),
            verify_sealed=bytes(found[5]),
            key_name=keys[0],
            key_wrapped=bytes(keys[1]),
            index_wrapped=bytes(keys[2]),
        )

    async def _run(self) -> None:
        pause = _FIRST_PAUSE
        while True:
            await self._wake.wait()
            if await self._flush_or_refuse():
                pause = _FIRST_PAUSE
            else:
                await asyncio.sleep(pause)
                pause = min(pause * 2, _LONGEST_PAUSE)
            if not self._waiting and not self._rejected:
                self._wake.clear()

    async def _flush_or_refuse(self) -> bool:
        """Write one batch; on failure refuse exactly that batch. Returns whether all was written."""
        batch = self._waiting[:_MOST_PER_FLUSH]
        del self._waiting[: len(batch)]
        self._bytes -= sum(len(one.entry.body) for one in batch)
        try:
            if batch:
                await self._write([one.entry for one in batch])
        except BaseException as error:
            _refuse(batch)
            await self._hang_up()
            if not isinstance(error, Exception):
                raise
            _LOG.warning("intake flush failed: %s", type(error).__name__)
            return False
        for one in batch:
            if not one.done.done():
                one.done.set_result(None)
        return await self._count_or_keep()

    async def _count_or_keep(self) -> bool:
        """Write the counts of refused calls apart, so that they never stand in the way of a body."""
        rejected, self._rejected = self._rejected, Counter()
        try:
            if rejected:
                await self._count(rejected)
        except (psycopg.OperationalError, OSError, asyncio.CancelledError) as error:
            self._rejected.update(rejected)
            await self._hang_up()
            if isinstance(error, asyncio.CancelledError):
                raise
            return False
        except psycopg.Error as error:
            _LOG.warning("%d refused calls not counted: %s", len(rejected), type(error).__name__)
            await self._hang_up()
        return True

    async def _hang_up(self) -> None:
        connection, self._connection = self._connection, None
        await _close(connection)

    async def _connected(self) -> "psycopg.AsyncConnection[Any]":
        if self._connection is None or self._connection.closed:
            self._connection = await psycopg.AsyncConnection.connect(
                **self.conninfo(), autocommit=True
            )
        return self._connection

    async def _write(self, entries: Sequence[Entry]) -> None:
        connection = await self._connected()
        groups = [
            (organisation, list(rows))
            for organisation, rows in groupby(sorted(entries, key=_owner), _owner)
        ]
        if len(groups) == 1:  # a statement of its own is a transaction of its own
            await _keep(connection, *groups[0])
            return
        async with connection.pipeline(), connection.transaction():
            for organisation, rows in groups:
                await _keep(connection, organisation, rows)

    async def _count(self, rejected: Counter[tuple[int, int, date, str]]) -> None:
        connection = await self._connected()
        async with connection.pipeline(), connection.transaction():
            for (organisation, number, day, reason), count in sorted(rejected.items()):
                await _enter(connection, organisation)
                await connection.execute(
                    _COUNT, [ids.new(), organisation, number, day, reason, count]
                )


def _owner(entry: Entry) -> int:
    return entry.organisation


async def _keep(
    connection: "psycopg.AsyncConnection[Any]", organisation: int, rows: Sequence[Entry]
) -> None:
    """Keep bodies of one organisation and wake the workers. Plain arrays travel as text: much cheaper."""
    await connection.execute(
        _KEEP,
        [
            organisation,
            _array(str(row.id) for row in rows),
            _array(str(row.number) for row in rows),
            _array(row.digest.hex() for row in rows),
            [row.body for row in rows],
            _array(row.received_at.isoformat() for row in rows),
        ],
    )


def _array(items: Iterable[str]) -> str:
    return "{" + ",".join(items) + "}"


def _refuse(batch: Sequence[_Waiting]) -> None:
    for one in batch:
        if not one.done.done():
            one.done.set_exception(UnableToKeep("The database did not take the body."))


async def _close(connection: "psycopg.AsyncConnection[Any] | None") -> None:
    """Close what may be broken, so that the next use opens a fresh connection."""
    if connection is not None:
        with suppress(psycopg.Error, OSError):
            await connection.close()


async def _enter(connection: "psycopg.AsyncConnection[Any]", organisation: int) -> None:
    await connection.execute(
        "SELECT set_config('werkbote.organisation', %s, true)", [str(organisation)]
    )
