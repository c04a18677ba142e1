"""Brings webhooks to the product: batches, signs, sends, retries, and misbehaves on request."""

import asyncio
import itertools
import time
from collections import deque
from dataclasses import dataclass
from functools import partial
from typing import Any

import aiohttp

from graphsim import clock, ids, schedule
from graphsim.state import delivery, fault, number

_RECORDS = 500
_PENDING = 200_000
_WAITING = 20_000
_RETRY_FACTOR = 4.0
_RETRY_CAP = 6 * 3_600.0
_OK = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How webhooks are brought; times in seconds (linger and timeout in real ones)."""

    linger: float
    timeout: float
    retry: float
    retry_days: float
    parallel: int


class Courier:
    """Queues of updates per number; bodies grow while earlier ones are still under way."""

    def __init__(
        self, *, manner: Manner, clock: clock.Clock, schedule: schedule.Schedule, ids: ids.Ids
    ) -> None:
        self.manner = manner
        self._clock = clock
        self._schedule = schedule
        self._ids = ids
        self._count = itertools.count(1)
        self._session: aiohttp.ClientSession | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._closed = False
        self.clear()

    def clear(self) -> None:
        """Forget everything queued and recorded; what is under way ends without consequences."""
        self.records: deque[delivery.Delivery] = deque(maxlen=_RECORDS)
        self.waiting: dict[int, delivery.Delivery] = {}
        self.dropped = 0
        self.sent_updates = 0
        self._queues: dict[str, deque[delivery.Update]] = {}
        self._busy: dict[str, int] = {}
        self._lingering: set[str] = set()

    async def open(self) -> None:
        """Make ready to send."""
        connector = aiohttp.TCPConnector(limit=0)
        self._session = aiohttp.ClientSession(connector=connector, auto_decompress=False)

    async def close(self) -> None:
        """Stop sending; what is queued is lost, and nothing new begins."""
        self._closed = True
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    @property
    def queued(self) -> int:
        """How many updates wait to be put into a body."""
        return sum(len(queue) for queue in self._queues.values())

    def put(
        self,
        to: number.Number,
        *,
        field: str,
        key: str | None,
        item: dict[str, Any],
        contact: dict[str, Any] | None = None,
    ) -> None:
        """Queue one update: an item of the list `key`, or the whole value when `key` is None."""
        if to.webhook_url is None or not to.subscribed:
            self.dropped += 1
            return
        queue = self._queues.setdefault(to.id, deque())
        if len(queue) >= _PENDING:
            queue.popleft()
            self.dropped += 1
        metadata = f'{{"display_phone_number":"{to.digits}","phone_number_id":"{to.id}"}}'
        queue.append(
            delivery.Update(
                to.waba_id,
                field,
                key,
                metadata.encode(),
                delivery.fragment(item),
                None if contact is None else delivery.fragment(contact),
                int(self._clock.now()) if key is None else None,
            )
        )
        if to.id not in self._lingering:
            self._lingering.add(to.id)
            asyncio.get_running_loop().call_later(self.manner.linger, self._linger_over, to, queue)

    def put_body(self, to: number.Number, raw: bytes, *, wrongly_signed: bool = False) -> int:
        """Send a finished body of any content; returns the id of its delivery."""
        sent = self._record(to, raw, updates=1)
        sent.signed_wrong = wrongly_signed
        self._spawn(to, sent)
        return sent.id

    def _linger_over(self, to: number.Number, queue: deque[delivery.Update]) -> None:
        if self._queues.get(to.id) is not queue:
            return  # all was forgotten meanwhile
        self._lingering.discard(to.id)
        self._pump(to)

    def _pump(self, to: number.Number) -> None:
        queue = self._queues.get(to.id)
        while queue and not self._closed and self._busy.get(to.id, 0) < self.manner.parallel:
            self._dispatch(to, _take(queue))

    def _dispatch(self, to: number.Number, updates: list[delivery.Update]) -> None:
        struck = {
            each.kind: each for each in to.faults.strike("webhook", chance=self._ids.chance())
        }
        if "lost" in struck:
            self.dropped += len(updates)
            return
        if "shuffled" in struck:
            self._ids.shuffle(updates)
        groups = [[each] for each in updates] if "split" in struck else [updates]
        late: fault.Fault | None = struck.get("late")
        for group in groups * (2 if "twice" in struck else 1):
            sent = self._record(to, delivery.body(group), updates=len(group))
            sent.signed_wrong = "wrong_signature" in struck
            if late is None:
                self._spawn(to, sent)
            else:
                sent.state, sent.next_at = "late", self._clock.now() + late.seconds
                self._schedule.at(sent.next_at, partial(self._spawn, to, sent))

    def _record(self, to: number.Number, raw: bytes, *, updates: int) -> delivery.Delivery:
        made = delivery.Delivery(
            id=next(self._count),
            number_id=to.id,
            body=raw,
            updates=updates,
            created_at=self._clock.now(),
        )
        self.records.append(made)
        self.waiting[made.id] = made
        if len(self.waiting) > _WAITING:
            self.waiting.pop(next(iter(self.waiting))).state = "given_up"
            self.dropped += 1
        self.sent_updates += updates
        return made

    def _spawn(self, to: number.Number, sent: delivery.Delivery) -> None:
        if self._closed:
            return
        self._busy[to.id] = self._busy.get(to.id, 0) + 1
        task = asyncio.create_task(self._deliver(to, sent))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _deliver(self, to: number.Number, sent: delivery.Delivery) -> None:
        sent.state, sent.next_at = "sending", None
        begun, busy = time.monotonic(), self._busy
        try:
            result = await self._post(to, sent)
        finally:
            busy[to.id] -= 1
        if busy is not self._busy:
            return  # all was forgotten meanwhile
        sent.attempts.append(
            {
                "at": self._clock.now(),
                "result": result,
                "milliseconds": round((time.monotonic() - begun) * 1000, 1),
            }
        )
        if result == _OK:
            sent.state = "delivered"
            self.waiting.pop(sent.id, None)
        else:
            self._retry(to, sent)
        self._pump(to)

    async def _post(self, to: number.Number, sent: delivery.Delivery) -> int | str:
        if self._session is None or to.webhook_url is None:
            return "no address"
        secret = "wrong " + to.app_secret if sent.signed_wrong else to.app_secret
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "facebookexternalua",
            "X-Hub-Signature-256": delivery.signature(sent.body, secret=secret),
        }
        try:
            async with (
                asyncio.timeout(self.manner.timeout),
                self._session.post(
                    to.webhook_url, data=sent.body, headers=headers, allow_redirects=False
                ) as response,
            ):
                return response.status
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
            return type(error).__name__

    def _retry(self, to: number.Number, sent: delivery.Delivery) -> None:
        tries = len(sent.attempts)
        nap = min(self.manner.retry * _RETRY_FACTOR ** (tries - 1), _RETRY_CAP)
        due = self._clock.now() + nap
        if sent.signed_wrong or due > sent.created_at + self.manner.retry_days * 86_400:
            sent.state = "given_up"
            self.waiting.pop(sent.id, None)
            return
        sent.state, sent.next_at = "retrying", due
        self._schedule.at(due, partial(self._again, to, sent))

    def _again(self, to: number.Number, sent: delivery.Delivery) -> None:
        if sent.id in self.waiting:
            self._spawn(to, sent)

    async def verify(self, to: number.Number) -> dict[str, Any]:
        """Ask the webhook for the challenge, as Meta does when a URL is set."""
        challenge = str(int(self._ids.chance() * 10**9) + 10**9)
        query = {
            "hub.mode": "subscribe",
            "hub.challenge": challenge,
            "hub.verify_token": to.verify_token,
        }
        if self._session is None or to.webhook_url is None:
            return {"verified": False, "why": "The number has no webhook_url."}
        try:
            async with (
                asyncio.timeout(self.manner.timeout),
                self._session.get(to.webhook_url, params=query, allow_redirects=False) as response,
            ):
                answer = await response.read()
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
            to.verified = False
            return {"verified": False, "why": f"No answer: {type(error).__name__}."}
        to.verified = response.status == _OK and answer.strip() == challenge.encode()
        why = "" if to.verified else f"Answered {response.status} without the challenge."
        return {"verified": to.verified, "status": response.status, "why": why}


def _take(queue: deque[delivery.Update]) -> list[delivery.Update]:
    taken: list[delivery.Update] = []
    size = 0
    while queue and len(taken) < delivery.MOST_UPDATES:
        size += queue[0].size
        if taken and size > delivery.MOST_BYTES:
            break
        taken.append(queue.popleft())
    return taken
