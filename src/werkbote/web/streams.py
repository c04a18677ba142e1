"""Looking at the database from asynchronous code: in threads, giving every connection back at once."""

from collections.abc import AsyncIterator, Callable, Iterator

from asgiref.sync import sync_to_async
from django.db import connections


async def in_thread[T](look: Callable[[], T]) -> T:
    """Return what `look` returns; the event loop goes on meanwhile."""

    def run() -> T:
        try:
            return look()
        finally:
            connections.close_all()

    found: T = await sync_to_async(run, thread_sensitive=False)()
    return found


async def from_threads(pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
    """Yield the pieces one by one, so that a slow reader holds one piece and no connection."""
    while True:
        piece = await in_thread(lambda: next(pieces, None))
        if piece is None:
            return
        yield piece
