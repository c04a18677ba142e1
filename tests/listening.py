"""Open pages that hear of what happens: told event by event, without a server between."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import connections

from tests import dealers, staff
from werkbote.store import live as announcing
from werkbote.store import scope
from werkbote.web import hub, live

PATIENCE = 60.0


class Browser:
    """An open page: what it was told, event by event."""

    def __init__(self, key: str, *, since: int = 0, asked: str = "", **headers: str) -> None:
        self.status = 0
        self._events: asyncio.Queue[dict[str, str]] = asyncio.Queue()
        self._closed = asyncio.Event()
        scope_ = {
            "type": "http",
            "method": "GET",
            "path": "/live",
            "query_string": f"since={since}{asked}".encode(),
            "headers": [
                (b"cookie", f"{settings.SESSION_COOKIE_NAME}={key}".encode()),
                *(
                    (name.replace("_", "-").encode(), value.encode())
                    for name, value in headers.items()
                ),
            ],
        }
        self.task = asyncio.ensure_future(live.app(scope_, self._receive, self._send))

    async def _receive(self) -> dict[str, Any]:
        await self._closed.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self.status = int(message["status"])
            return
        for block in message["body"].decode().split("\n\n"):
            if block:
                fields = (line.partition(": ") for line in block.split("\n"))
                self._events.put_nowait({name: value for name, _, value in fields})

    async def hear(self, *names: str) -> dict[str, str]:
        """Wait for the next event of one of these names."""
        async with asyncio.timeout(PATIENCE):
            while True:
                event = await self._events.get()
                if event["event"] in names:
                    return event

    def heard(self) -> list[str]:
        """Everything that waits to be read, by name."""
        return [self._events.get_nowait()["event"] for _ in range(self._events.qsize())]

    async def close(self) -> None:
        self._closed.set()
        await asyncio.wait_for(self.task, PATIENCE)


def cookie(member: int) -> str:
    return staff.signed_in(member).cookies[settings.SESSION_COOKIE_NAME].value


def announce(cast: staff.Staff, conversation: int) -> None:
    with scope.transaction(organisation=cast.dealer.organisation):
        announcing.announce(conversations=[conversation], at=dealers.NOW)


async def all_hear(*pages: Browser) -> None:
    """Wait until each page is answered and the process hears what happens."""
    for page in pages:
        await page.hear("hello")
    async with asyncio.timeout(PATIENCE):
        while not hub.of_this_loop().heard:  # noqa: ASYNC110 -- it has no event for it
            await asyncio.sleep(0.01)


async def in_thread(deed: Callable[..., Any], *args: Any) -> Any:
    def run() -> Any:
        try:
            return deed(*args)
        finally:
            connections.close_all()

    return await sync_to_async(run, thread_sensitive=False)()


def story(tell: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(tell())
