"""The pages that are open in this process, and the one connection that hears for all of them."""

import asyncio
import contextlib
import json
import weakref
from collections import deque
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import psycopg
import structlog
from django.conf import settings
from django.db import DatabaseError

from werkbote.reads import access
from werkbote.store import live, vault
from werkbote.web import clock, following, streams

_MOST_NEWS = 100
_SOON = 0.05
PACE = 0.9
"""Seconds between two looks at changed rows: the first change is told at once, a flood once in so long."""
COUNTS = 10.0
"""Seconds between two counts of the views, each of which asks for every member that looks."""
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
_ENDED = News(event="ended")


@dataclass(slots=True, kw_only=True, eq=False)
class Page:
    """One open page: who looks, and what it has not been told yet.

    A page that does not keep up loses its news and is told once to look at everything again. `open` is
    the conversation it shows, 0 for none; None hears of every change. `follows` is its list, if any; a
    page that is `closing` is let go.
    """

    hub: "Hub"
    viewer: access.Viewer
    key: str = ""
    open: int | None = None
    follows: following.Follows | None = None
    closing: bool = False
    _mark: tuple[object, ...] | None = None
    _counts: str = ""
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

    def close(self) -> None:
        """Let the page go once it was told what is in line."""
        self.closing = True
        self._ready.set()

    def may_hear(self, organisation: int, branch: int) -> bool:
        """Return whether a change at a branch is this page's business."""
        return organisation == self.viewer.organisation and branch in self.viewer.branches

    def hears(self, conversation: int, *, row_alone: bool = False) -> bool:
        """Return whether the page is told of a change of a conversation, beside its row in the list."""
        return self.open is None or (self.open == conversation and not row_alone)

    def asks(self) -> following.Asker:
        """Return what its rows are looked up with."""
        assert self.follows is not None
        return following.Asker(
            key=self.key, viewer=self.viewer, follows=self.follows, mark=self._mark
        )

    def answered(self, answer: following.Answer, number: int) -> None:
        """Take what was looked up; an answer to nobody ends the page."""
        if answer.viewer is None:
            self.tell(_ENDED)
            return
        self.viewer, self._mark = answer.viewer, answer.mark
        if answer.rows:
            self.tell(News(event="rows", data=answer.rows, number=number))
        if answer.counts and answer.counts != self._counts:
            self._counts = answer.counts
            self.tell(News(event="counts", data=answer.counts))

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
        self._changed: dict[int, dict[int, int]] = {}
        self._newest = 0
        self._uncounted: set[int] = set()
        self._counted: dict[int, float] = {}
        self._looking: asyncio.Task[None] | None = None

    def pages(self) -> int:
        """Return how many pages are open."""
        return len(self._pages)

    def pages_of(self, member: int) -> int:
        """Return how many pages one member has open."""
        return sum(page.viewer.member == member for page in self._pages)

    def join(self, page: Page) -> None:
        """Add a page and begin to listen."""
        self._pages.add(page)
        if self._ear is None or self._ear.done():
            self._ear = asyncio.get_running_loop().create_task(self._listen())

    def leave(self, page: Page) -> None:
        """Remove a page; the last one ends the listening."""
        self._pages.discard(page)
        if not self._pages and self._ear is not None:
            self._ear.cancel()
            self._ear = None
            self.heard = False

    def close(self) -> None:
        """Let every page go."""
        for page in self._pages:
            page.close()

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
        listening = [page for page in self._pages if page.may_hear(change["o"], change["b"])]
        member = change.get("m")
        if member is not None:
            news = News(event="present", data=f"{change['c']} {member} {change['w']}")
            listening = [page for page in listening if page.viewer.member != member]
        else:
            news = News(event="change", data=str(change["c"]), number=change["n"])
            if any(page.follows for page in listening):
                self._look_soon(change)
        for page in listening:
            if page.hears(change["c"], row_alone=bool(change.get("r"))):
                page.tell(news)

    def _look_soon(self, change: Mapping[str, int]) -> None:
        self._changed.setdefault(change["o"], {})[change["c"]] = change["b"]
        self._newest = max(self._newest, change["n"])
        self.count_soon(change["o"])

    def count_soon(self, organisation: int) -> None:
        """Count the views of an organisation's pages again, in its turn."""
        self._uncounted.add(organisation)
        if self._looking is None or self._looking.done():
            self._looking = asyncio.get_running_loop().create_task(self._look())

    async def _look(self) -> None:
        """Look at what changed, as long as something does; what came meanwhile waits for the next look."""
        await asyncio.sleep(_SOON)
        while self._changed or self._uncounted:
            changed, self._changed, newest = self._changed, {}, self._newest
            for organisation in changed.keys() | self._uncounted:
                rows = changed.get(organisation, {})
                count = self._may_count(organisation)
                if rows or count:
                    await self._tell_rows(organisation, rows, newest, count=count)
            await asyncio.sleep(PACE)

    def _may_count(self, organisation: int) -> bool:
        """Return whether an organisation's views are due to be counted, and take it that they are."""
        now = asyncio.get_running_loop().time()
        if organisation not in self._uncounted or now < self._counted.get(organisation, 0) + COUNTS:
            return False
        self._uncounted.discard(organisation)
        self._counted[organisation] = now
        return True

    async def _tell_rows(
        self, organisation: int, rows: Mapping[int, int], number: int, *, count: bool
    ) -> None:
        branches = set(rows.values())
        pages = [
            page
            for page in self._pages
            if page.follows
            and page.viewer.organisation == organisation
            and (count or branches & page.viewer.branches)
        ]
        if not pages:
            return
        askers = [page.asks() for page in pages]
        try:
            found = await streams.in_thread(
                lambda: following.answers(askers, rows, at=clock.now(), count=count)
            )
        except (DatabaseError, vault.UnableToOpen):
            _log.warning("rows_not_told", pages=len(pages))
            for page in pages:
                page.tell(_RESYNC)
            return
        for page, answer in zip(pages, found, strict=True):
            page.answered(answer, number)


def _parsed(payload: str) -> dict[str, int] | None:
    try:
        change = json.loads(payload)
        keys = ("o", "b", "c", "n", *(("m", "w") if "m" in change else ()))
        return {key: int(change[key]) for key in keys} | {"r": int(change.get("r", 0))}
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
