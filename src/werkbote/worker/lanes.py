"""A number's lane in this process: its share of the pace, and the turns of the messages that wait in it."""

import asyncio
import math
import time
from dataclasses import dataclass, field

from werkbote.actions import outbox
from werkbote.domain import pace

_AHEAD = 0.4
_WORTH = 0.1
_RENEW = 0.5
_HURRY = 0.1
_FRESH = 3.0
_LOOK_AGAIN = 0.02
_FORGET = 10.0


@dataclass(slots=True, kw_only=True)
class Lane:
    """One number: what may start, what waits. `now` is this machine's steady clock, in seconds."""

    organisation: int
    number: int
    window: pace.Window = field(default_factory=pace.Window)
    waiting: int = 0
    _held_until: float = 0.0
    _renew_at: float = 0.0
    _used_at: float = field(default_factory=time.monotonic)
    _gate: asyncio.Lock = field(default_factory=asyncio.Lock)

    def take(self, division: pace.Division, *, asked_at: float) -> None:
        """Take over a share; it counts from before it was asked for."""
        self.window.limit = division.share
        self._held_until = asked_at + pace.LEASE
        self._renew_at = asked_at + (_RENEW if division.settled else _HURRY)

    def is_due(self, now: float) -> bool:
        """Return whether the share is to be renewed."""
        return now >= self._renew_at

    def is_over(self, now: float) -> bool:
        """Return whether nothing has waited here for a while."""
        return not self.waiting and not self.window.busy(now) and now > self._used_at + _FORGET

    def room(self, now: float) -> int:
        """Return how many messages are worth claiming: what may start within the next moment."""
        if now >= self._held_until or not self.window.limit:
            return 0
        ahead = math.ceil(self.window.limit * _AHEAD)
        room = min(outbox.MOST_AT_ONCE, ahead - self.waiting)
        return room if room >= self.window.limit * _WORTH or not self.waiting else 0

    def enter(self, count: int) -> None:
        """Note that messages were claimed and will ask for their turns."""
        self.waiting += count
        self._used_at = time.monotonic()

    async def turn(self) -> bool:
        """Wait for a message's turn, in the order of claiming, and note its start; then call `end`.

        Return False when the turn did not come in time: the permit is not fresh any more.
        """
        latest = time.monotonic() + _FRESH
        async with self._gate:
            try:
                return await self._start(latest)
            finally:
                self.waiting -= 1

    async def _start(self, latest: float) -> bool:
        while (now := time.monotonic()) < latest:
            pause = self.window.pause(now) if now < self._held_until else _LOOK_AGAIN
            if pause <= 0:
                self.window.start(now)
                return True
            await asyncio.sleep(min(pause, _LOOK_AGAIN))
        return False

    def end(self) -> None:
        """Note that a call has ended, whatever came of it."""
        self.window.end(time.monotonic())
