"""Who watches which phone: a fan-out of small notices to the open pages."""

import asyncio

_WAITING = 200


class Hub:
    """Every open page has a queue; a page that does not read loses notices, never memory."""

    __slots__ = ("_queues",)

    def __init__(self) -> None:
        self._queues: set[asyncio.Queue[str | None]] = set()

    def join(self) -> asyncio.Queue[str | None]:
        """A queue that receives every notice from now on."""
        queue: asyncio.Queue[str | None] = asyncio.Queue(maxsize=_WAITING)
        self._queues.add(queue)
        return queue

    def leave(self, queue: asyncio.Queue[str | None]) -> None:
        """Stop receiving."""
        self._queues.discard(queue)

    def tell(self, notice: str) -> None:
        """Send a notice (a customer's key) to every open page."""
        for queue in self._queues:
            if not queue.full():
                queue.put_nowait(notice)

    def close(self) -> None:
        """Tell every open page that the simulator ends."""
        for queue in self._queues:
            if queue.full():
                queue.get_nowait()
            queue.put_nowait(None)
