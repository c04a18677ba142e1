"""What happens later: one heap of due deeds, run by one task on the simulated clock."""

import asyncio
import heapq
import itertools
import logging
from collections.abc import Callable

from graphsim.clock import Clock

_log = logging.getLogger(__name__)
_SHORTEST_NAP = 0.005
_LONGEST_NAP = 5.0
_SLICE = 500


class Schedule:
    """Deeds ordered by their due time; `run` does them, `advance` of the clock needs `wake`."""

    __slots__ = ("_clock", "_counter", "_heap", "_woken")

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._heap: list[tuple[float, int, Callable[[], object]]] = []
        self._counter = itertools.count()
        self._woken = asyncio.Event()

    def __len__(self) -> int:
        return len(self._heap)

    def at(self, due: float, deed: Callable[[], object]) -> None:
        """Do `deed` once the simulated time `due` has come."""
        first = not self._heap or due < self._heap[0][0]
        heapq.heappush(self._heap, (due, next(self._counter), deed))
        if first:
            self._woken.set()

    def after(self, seconds: float, deed: Callable[[], object]) -> None:
        """Do `deed` in so many simulated seconds."""
        self.at(self._clock.now() + seconds, deed)

    def wake(self) -> None:
        """Look at the clock again, because it jumped."""
        self._woken.set()

    def clear(self) -> None:
        """Forget everything that was planned."""
        self._heap.clear()

    async def run(self) -> None:
        """Do what falls due, for ever; a deed that fails is logged and does not stop the others."""
        while True:
            self._do_due()
            await asyncio.sleep(_SHORTEST_NAP)
            self._woken.clear()
            nap = self._nap()
            if nap > 0:
                try:
                    async with asyncio.timeout(nap):
                        await self._woken.wait()
                except TimeoutError:
                    continue

    def _nap(self) -> float:
        if not self._heap:
            return _LONGEST_NAP
        left = (self._heap[0][0] - self._clock.now()) / self._clock.rate
        return min(left, _LONGEST_NAP)

    def _do_due(self) -> None:
        now = self._clock.now()
        for _ in range(_SLICE):
            if not self._heap or self._heap[0][0] > now:
                return
            deed = heapq.heappop(self._heap)[2]
            try:
                deed()
            except Exception:  # noqa: BLE001 -- one bad deed must not stop the clock
                _log.exception("A planned deed of the simulator failed.")
