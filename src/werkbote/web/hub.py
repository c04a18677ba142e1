"""The pages that are open in this process, and the one connection that hears for all of them."""

import asyncio
import contextlib
import json
import weakref
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import psycopg
import structlog
from django.conf import settings

from werkbote.reads import access
from werkbote.store import live

_MOST_NEWS = 100
_FIRST_WAIT = 0.2
_LONGEST_WAIT = 5.0
_SILENCE = 10.0
_ANSWER = 5.0

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """One event for one page."""

    event: str
    data: str = ""
    number: int | None = None


_RESYNC = News(event="resync")


@dataclass(slots=True, kw_only=True, eq=False)
class Page:
    """One open page: who looks, and what it has not been told yet.

    A page that does not keep up loses its news and is told once to look at everything again.
    """

    hub: "Hub"
    viewer: access.Viewer
    _news: deque[News] = field(default_factory=deque)
    _ready: asyncio.Event = field(default_factory=asyncio.Event)

    def tell(self, news: News) -> None:
        """Put an event in line."""
        if len(self._news) >= _MOST_NEWS:
            self._news.clear()
            self._news.append(_RESYNC)
        elif not (self._news and self._news[-1] is _RESYNC):
            self._news.append(news)
        self._ready.set()

    def may_hear(self, organisation: int, branch: int) -> bool:
        """Return whether a change at a branch is this page's business."""
        return organisation == self.viewer.organisation and branch in self.viewer.branches

    async def wait(self) -> None:
        """Wait until there is something to take."""
        await self._ready.wait()

    def take(self) -> list[News]:
        """Return everything in line and empty it."""
        news = list(self._news)
        self._news.clear()
        self._ready.clear()
        return news


class Hub:
    """All pages of one event loop. It listens while there is a page; `heard` tells if it succeeds."""

    def __init__(self) -> None:
        self.heard = False
        self._pages: set[Page] = set()
        self._ear: asyncio.Task[None] | None = None

    def pages(self) -> int:
        """Return how many pages are open."""
        return len(self._pages)

    def pages_of(self, member: int) -> int:
        """Return how many pages one member has open."""
        return sum(page.viewer.member == member for page in self._pages)

    def join(self, viewer: access.Viewer) -> Page:
        """Add a page and begin to listen."""
        page = Page(hub=self, viewer=viewer)
        self._pages.add(page)
        if self._ear is None or self._ear.done():
            self._ear = asyncio.get_running_loop().create_task(self._listen())
        return page

    def leave(self, page: Page) -> None:
        """Remove a page; the last one ends the listening."""
        self._pages.discard(page)
        if not self._pages and self._ear is not None:
            self._ear.cancel()
            self._ear = None
            self.heard = False

    async def _listen(self) -> None:
        """Listen for ever; after a broken connection all pages look at everything again."""
        wait = _FIRST_WAIT
        while True:
            try:
                async for payload in _heard(self._connected):
                    wait = _FIRST_WAIT
                    self._spread(payload)
            except (psycopg.Error, OSError, TimeoutError):
                _log.warning("live_not_heard", retry_in_seconds=wait)
            self.heard = False
            self._tell_all(News(event="down"))
            await asyncio.sleep(wait)
            wait = min(wait * 2, _LONGEST_WAIT)

    def _connected(self) -> None:
        self.heard = True
        self._tell_all(News(event="up"))
        self._tell_all(_RESYNC)

    def _tell_all(self, news: News) -> None:
        for page in self._pages:
            page.tell(news)

    def _spread(self, payload: str) -> None:
        change = _parsed(payload)
        if change is None:
            return
        member = change.get("m")
        news = News(event="change", data=str(change["c"]), number=change["n"])
        if member is not None:
            news = News(event="present", data=f"{change['c']} {member} {change['w']}")
        for page in self._pages:
            if page.viewer.member != member and page.may_hear(change["o"], change["b"]):
                page.tell(news)


def _parsed(payload: str) -> dict[str, int] | None:
    try:
        change = json.loads(payload)
        keys = ("o", "b", "c", "n", *(("m", "w") if "m" in change else ()))
        return {key: int(change[key]) for key in keys}
    except (ValueError, KeyError, TypeError):
        return None


async def _heard(connected: Any) -> AsyncIterator[str]:
    """Yield the payloads of the channel; raise when the connection is dead, even if it does not say so."""
    async with await psycopg.AsyncConnection.connect(**_login(), autocommit=True) as connection:
        await connection.execute(f"LISTEN {live.CHANNEL}")
        connected()
        while True:
            async for notify in connection.notifies(timeout=_SILENCE):
                yield notify.payload
            async with asyncio.timeout(_ANSWER):
                await connection.execute("SELECT 1")


def _login() -> dict[str, Any]:
    database = settings.DATABASES["default"]
    options = {key: value for key, value in database.get("OPTIONS", {}).items() if key != "pool"}
    return {
        **options,
        "host": database["HOST"],
        "port": database["PORT"] or None,
        "user": database["USER"],
        "password": database["PASSWORD"],
        "dbname": database["NAME"],
        "connect_timeout": 5,
        "application_name": "werkbote live",
    }


_hubs: "weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, Hub]" = weakref.WeakKeyDictionary()


def of_this_loop() -> Hub:
    """Return the hub of the running event loop: one per process in production."""
    loop = asyncio.get_running_loop()
    with contextlib.suppress(KeyError):
        return _hubs[loop]
    _hubs[loop] = Hub()
    return _hubs[loop]
