"""Open pages of the inbox as browsers have them: their stream, and every request their scripts make.

A `naive` page does what pages did before rows were told: at every change it fetches its whole list, at
most once in 0.9 seconds.
"""

import asyncio
import json
import random
import re
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any, Self

import httpx

_PACE = 0.9
_PRESENT = 180.0
_AFRESH = 330.0
_SINCE = re.compile(r'data-since="(\d+)"')
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')
_FIRST = re.compile(r'<article class="line[^"]*" id="m(\d+)"')


@dataclass(kw_only=True)
class Page:
    """One page that is seen; `talk` is the conversation it shows, 0 for the list alone."""

    url: str
    cookies: dict[str, str]
    talk: int = 0
    naive: bool = False
    asked: Counter[str] = field(default_factory=Counter)
    changed: set[str] = field(default_factory=set)
    _first: str = ""
    _token: str = ""
    _listed: float = 0.0
    _list: asyncio.Task[None] | None = None
    _thread: asyncio.Task[None] | None = None
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)

    async def __aenter__(self) -> Self:
        """Load the page, begin to listen and to do what its scripts do by the clock."""
        await self._stack.enter_async_context(self._client)
        path = f"/inbox/{self.talk}/" if self.talk else "/inbox/"
        page = await self._get("page", f"{path}?view=all")
        self._token, self._first = _found(_TOKEN, page), _found(_FIRST, page)
        follows = "" if self.naive else f"&open={self.talk}&view=all"
        self._begin(self._listen(f"/live?since={_found(_SINCE, page)}{follows}"))
        self._begin(_by_the_clock(_AFRESH, self._fetch_list))
        if self.talk:
            await self._post("seen", f"/inbox/{self.talk}/seen/")
            await self._get("panel", f"/inbox/{self.talk}/panel/")
            self._begin(_by_the_clock(_PRESENT, self._say_present))
        return self

    async def __aexit__(self, *_: object) -> None:
        """Leave the page."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._stack.aclose()

    def __post_init__(self) -> None:
        self._stack = AsyncExitStack()
        self._client = httpx.AsyncClient(
            base_url=self.url,
            cookies=self.cookies,
            timeout=60,
        )

    def _begin(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.ensure_future(work)
        self._tasks.append(task)
        return task

    async def _get(self, name: str, path: str) -> str:
        self.asked[name] += 1
        part = {} if name == "page" else {"HX-Request": "true"}
        answer = await self._client.get(path, headers=part)
        answer.raise_for_status()
        return answer.text

    async def _post(self, name: str, path: str, **said: str) -> None:
        self.asked[name] += 1
        answer = await self._client.post(path, data=said, headers={"X-CSRFToken": self._token})
        answer.raise_for_status()

    async def _listen(self, path: str) -> None:
        event = ""
        async with self._client.stream("GET", path, timeout=None) as stream:
            stream.raise_for_status()
            async for line in stream.aiter_lines():
                name, _, value = line.partition(": ")
                if name == "event":
                    event = value
                elif name == "data":
                    self._told(event, value)

    def _told(self, event: str, data: str) -> None:
        if event == "rows":
            self.changed |= {row["id"] for row in json.loads(data)}
        elif event == "change":
            self.changed.add(data)
        if event in {"missed", "resync"} or (self.naive and event == "change"):
            self._list_changed()
        if self.talk and (event == "resync" or (event == "change" and data == str(self.talk))):
            self._thread_changed()

    def _list_changed(self) -> None:
        if self._list is None or self._list.done():
            self._list = self._begin(self._list_soon())

    async def _list_soon(self) -> None:
        await asyncio.sleep(max(0.08, self._listed + _PACE - time.monotonic()))
        self._listed = time.monotonic()
        await self._fetch_list()

    async def _fetch_list(self) -> None:
        await self._get("list", f"/inbox/rows/?view=all&open={self.talk}")

    def _thread_changed(self) -> None:
        if self._thread is None or self._thread.done():
            self._thread = self._begin(self._fetch_thread())

    async def _fetch_thread(self) -> None:
        here = f"/inbox/{self.talk}"
        await self._post("news", f"{here}/news/", since=self._first, purpose="P-02", panel="1")

    async def _say_present(self) -> None:
        await self._post("present", f"/inbox/{self.talk}/present/", doing="1")


async def _by_the_clock(every: float, act: Callable[[], Awaitable[None]]) -> None:
    await asyncio.sleep(random.uniform(0, every))
    while True:
        await act()
        await asyncio.sleep(every)


def _found(pattern: re.Pattern[str], page: str) -> str:
    match = pattern.search(page)
    return match.group(1) if match else ""
