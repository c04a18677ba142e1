"""The two loops that never end: bodies are understood, messages are sent. A lost database is waited out."""

import asyncio
import contextlib
import logging
import secrets
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime

import psycopg
from django.db import DatabaseError, InterfaceError, OperationalError, connections

from werkbote.actions import inbound, outbox
from werkbote.domain import pace
from werkbote.reads import wake
from werkbote.worker import lanes, switches

_LOG = logging.getLogger(__name__)

_IDLE = 1.0
_BETWEEN = 0.05
_FIRST_PAUSE = 0.1
_LONGEST_PAUSE = 3.0
_MOST_IN_FLIGHT = 256
_LAST_SENDS = 20.0
_BENCH_SECONDS = 10.0
_LOST = (OperationalError, InterfaceError, psycopg.OperationalError, OSError)
"""What a database that is away looks like; it concerns everybody at once."""


def _now() -> datetime:
    return datetime.now(UTC)


def _drop_connections() -> None:
    """Close this thread's connections, so that the next use opens fresh ones."""
    for connection in connections.all(initialized_only=True):
        try:
            connection.close()
        except (DatabaseError, InterfaceError):
            connection.connection = None


@dataclass(slots=True)
class Patience:
    """Waits longer after each failure in a row, and says so once per failure."""

    what: str
    _pause: float = _FIRST_PAUSE

    def failed(self, error: Exception) -> float:
        """Return how long to wait after this failure, in seconds."""
        if isinstance(error, _LOST):
            code = getattr(error.__cause__, "sqlstate", None) or "no code"
            _LOG.warning("%s waits: %s (%s)", self.what, type(error).__name__, code)
        else:
            _LOG.error("%s failed: %s", self.what, type(error).__name__, exc_info=error)
        _drop_connections()
        pause, self._pause = self._pause, min(self._pause * 2, _LONGEST_PAUSE)
        return pause

    def worked(self) -> None:
        """Forget earlier failures."""
        self._pause = _FIRST_PAUSE


@dataclass(slots=True)
class Bench:
    """Whose turn failed for a reason of their own: left alone for a while, so that nobody waits for them."""

    what: str
    _until: dict[int, float] = field(default_factory=dict)

    def holds(self, who: int) -> bool:
        """Return whether it is too early for another turn."""
        return self._until.get(who, 0.0) > time.monotonic()

    def send(self, who: int, error: Exception) -> None:
        """Leave `who` alone for a while, and say why."""
        _LOG.error("%s of %d failed: %s", self.what, who, type(error).__name__, exc_info=error)
        self._until[who] = time.monotonic() + _BENCH_SECONDS


def understand(stop: threading.Event) -> None:
    """Drain waiting bodies until `stop`; wakes by NOTIFY, at the latest every second."""
    patience = Patience("intake")
    bell = wake.Bell(inbound.WOKEN_BY)
    bench = Bench("intake")
    while not stop.is_set():
        try:
            if not _drain_all(bench):
                bell.wait(_IDLE)
            patience.worked()
        except Exception as error:  # noqa: BLE001 -- the loop outlives every failure, and says so
            bell.close()
            stop.wait(patience.failed(error))
    bell.close()
    _drop_connections()


def _drain_all(bench: Bench) -> int:
    settled = 0
    for organisation in inbound.waiting_organisations():
        if bench.holds(organisation):
            continue
        try:
            settled += inbound.drain(organisation=organisation, at=_now())
        except _LOST:
            raise
        except Exception as error:  # noqa: BLE001 -- one organisation must not hold up the others
            bench.send(organisation, error)
    return settled


@dataclass(slots=True)
class Sender:
    """Claims, sends and settles; two threads talk to the database, the loop talks to the provider."""

    stop: threading.Event
    _claiming: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "claim"))
    _settling: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "settle"))
    _looking: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "switch"))
    _outcomes: "asyncio.Queue[outbox.Outcome]" = field(default_factory=asyncio.Queue)
    _in_flight: set["asyncio.Task[None]"] = field(default_factory=set)
    _lanes: dict[int, lanes.Lane] = field(default_factory=dict)
    _name: str = field(default_factory=lambda: secrets.token_hex(4))
    _bench: Bench = field(default_factory=lambda: Bench("outbox"))
    _switches: switches.Switches = field(init=False)

    def __post_init__(self) -> None:
        """Ask for switches in a thread that nothing else keeps busy."""
        self._switches = switches.Switches(pool=self._looking)

    async def run(self) -> None:
        """Send until `stop`, then let what is on its way arrive."""
        settler = asyncio.create_task(self._settle())
        await self._claim()
        if self._in_flight:
            await asyncio.wait(self._in_flight, timeout=_LAST_SENDS)
        await self._outcomes.join()
        settler.cancel()
        await outbox.hang_up()
        await self._leave()
        for pool in (self._claiming, self._settling, self._looking):
            await asyncio.get_running_loop().run_in_executor(pool, _drop_connections)
            pool.shutdown()

    async def _leave(self) -> None:
        """Give the shares back, so that whoever comes next need not wait until they lapse."""
        loop = asyncio.get_running_loop()
        for number, lane in self._lanes.items():
            busy = lane.window.busy(time.monotonic())
            with contextlib.suppress(*_LOST):
                await loop.run_in_executor(
                    self._claiming, _leave, lane.organisation, number, self._name, busy
                )

    async def _claim(self) -> None:
        patience = Patience("outbox")
        bell = wake.Bell(outbox.WOKEN_BY)
        loop = asyncio.get_running_loop()
        while not self.stop.is_set():
            try:
                await self._claim_round(bell)
                patience.worked()
            except Exception as error:  # noqa: BLE001 -- the loop outlives every failure, and says so
                pause = await loop.run_in_executor(self._claiming, patience.failed, error)
                await loop.run_in_executor(self._claiming, bell.close)
                await asyncio.sleep(pause)
        await loop.run_in_executor(self._claiming, bell.close)

    async def _claim_round(self, bell: wake.Bell) -> None:
        """Claim for every number that waits; what one claim brought starts before the next is asked."""
        loop = asyncio.get_running_loop()
        found = await loop.run_in_executor(self._claiming, _waiting)
        waiting = [pair for pair in found if not self._bench.holds(pair[1])]
        started = 0
        for organisation, number in self._turns(waiting):
            try:
                started += await self._claim_for(organisation, number)
            except _LOST:
                raise
            except Exception as error:  # noqa: BLE001 -- one number must not hold up the others
                self._bench.send(number, error)
        if len(self._in_flight) > _MOST_IN_FLIGHT:
            await asyncio.wait(
                self._in_flight, timeout=_BETWEEN, return_when=asyncio.FIRST_COMPLETED
            )
        elif waiting and not started:
            await asyncio.sleep(_BETWEEN)
        elif not waiting:
            await loop.run_in_executor(self._claiming, bell.wait, _IDLE)

    def _turns(self, waiting: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
        """Return the numbers that wait, after those whose claimed messages still need their share."""
        now = time.monotonic()
        self._lanes = {
            number: lane for number, lane in self._lanes.items() if not lane.is_over(now)
        }
        asked = {number for _, number in waiting}
        held = [
            (lane.organisation, number)
            for number, lane in self._lanes.items()
            if lane.waiting and number not in asked
        ]
        return [*held, *waiting]

    async def _claim_for(self, organisation: int, number: int) -> int:
        """Renew a number's share when it is time, and claim as much as it allows; return how many."""
        loop = asyncio.get_running_loop()
        if number not in self._lanes:
            self._lanes[number] = lanes.Lane(organisation=organisation, number=number)
        lane = self._lanes[number]
        now = time.monotonic()
        if lane.is_due(now):
            busy = lane.window.busy(now)
            division = await loop.run_in_executor(
                self._claiming, _share, organisation, number, self._name, busy
            )
            lane.take(division, asked_at=now)
        room = 0 if len(self._in_flight) > _MOST_IN_FLIGHT else lane.room(time.monotonic())
        if not room:
            return 0
        ready = await loop.run_in_executor(self._claiming, _claim, organisation, number, room)
        lane.enter(len(ready))
        self._start(ready)
        return len(ready)

    def _start(self, ready: Sequence[outbox.Ready]) -> None:
        for one in ready:
            task = asyncio.create_task(self._send(one))
            self._in_flight.add(task)
            task.add_done_callback(self._in_flight.discard)

    async def _send(self, ready: outbox.Ready) -> None:
        lane = self._lanes[ready.number]
        if not await lane.turn():
            self._outcomes.put_nowait(outbox.missed(ready, at=_now()))
            return
        try:
            outcome = await outbox.send(ready, clock=_now, stopped=self._switches.stopped)
        except Exception:  # noqa: BLE001 -- it is noticed as silent, and a person decides
            _LOG.exception("message %d: nobody knows whether it left", ready.message)
            return
        finally:
            lane.end()
        self._outcomes.put_nowait(outcome)

    async def _settle(self) -> None:
        """Store outcomes in batches: whatever has come in since the last commit."""
        loop = asyncio.get_running_loop()
        patience = Patience("receipts")
        while True:
            batch = [await self._outcomes.get()]
            while not self._outcomes.empty():
                batch.append(self._outcomes.get_nowait())
            while True:
                try:
                    await loop.run_in_executor(self._settling, _settle_all, batch)
                    patience.worked()
                    break
                except Exception as error:  # noqa: BLE001 -- receipts are kept until they are stored
                    pause = await loop.run_in_executor(self._settling, patience.failed, error)
                    if self.stop.is_set():
                        break
                    await asyncio.sleep(pause)
            for _ in batch:
                self._outcomes.task_done()


def _waiting() -> list[tuple[int, int]]:
    return outbox.waiting_numbers(at=_now())


def _share(organisation: int, number: int, sender: str, busy: int) -> pace.Division:
    return outbox.share(organisation=organisation, number=number, sender=sender, busy=busy)


def _leave(organisation: int, number: int, sender: str, busy: int) -> None:
    outbox.leave(organisation=organisation, number=number, sender=sender, busy=busy)


def _claim(organisation: int, number: int, most: int) -> list[outbox.Ready]:
    return outbox.claim(organisation=organisation, number=number, at=_now(), most=most)


def _settle_all(outcomes: Sequence[outbox.Outcome]) -> None:
    by_organisation: dict[int, list[outbox.Outcome]] = {}
    for one in outcomes:
        by_organisation.setdefault(one.ready.organisation, []).append(one)
    for organisation, batch in by_organisation.items():
        try:
            outbox.settle(organisation=organisation, outcomes=batch)
        except _LOST:
            raise
        except Exception:  # noqa: BLE001 -- one receipt must not hold up the others
            _settle_apart(organisation, batch)


def _settle_apart(organisation: int, batch: Sequence[outbox.Outcome]) -> None:
    """Store what can be stored; the rest stays on its way until it is noticed as silent."""
    for one in batch:
        try:
            outbox.settle(organisation=organisation, outcomes=[one])
        except _LOST:
            raise
        except Exception:  # noqa: BLE001 -- said here, and noticed as silent
            _LOG.exception("the receipt of message %d cannot be stored", one.ready.message)


def send(stop: threading.Event) -> None:
    """Run a Sender in an event loop of its own until `stop`."""
    asyncio.run(Sender(stop).run())


LOOPS: Sequence[Callable[[threading.Event], None]] = (understand, send)
