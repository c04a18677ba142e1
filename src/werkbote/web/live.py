"""Server-sent events: one LISTEN per process, fanned out to open pages, each told only what is its own.

A plain ASGI application under /live. Events: `hello` and `change` (data: a conversation's id; id: the
change's number), `rows` (data: JSON, rows of the list the page follows, as they have become), `missed`
(rows changed while nobody listened), `counts` (data: JSON, what stands beside the views), `present` (data: conversation, member, what they do), `resync` (look at everything again), `down` and `up` (the database is not heard),
`beat`, and `ended` (the session is over).
"""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.http import parse_cookie

from werkbote.domain import team
from werkbote.reads import access, inbox
from werkbote.web import following, hub, sessions, streams

type Scope = MutableMapping[str, Any]
type Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
type Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

BEAT = 15.0
"""Seconds between two signs of life; the session is looked at again with each."""

_MOST_PAGES = 2000
_MOST_PAGES_OF_ONE = 40
_PATIENCE = 30.0
"""Seconds a page may take to accept one event before it is given up."""

_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
]


class Gone(Exception):
    """The page has closed, or is too slow to be told anything."""


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer one open page for as long as it stays."""
    if scope["method"] != "GET":
        await _refuse(send, HTTPStatus.METHOD_NOT_ALLOWED)
        return
    key = _session_key(scope)
    viewer = await _viewer(key)
    if viewer is None or not viewer.can(team.Right.READ_CHATS):
        await _refuse(send, HTTPStatus.UNAUTHORIZED)
        return
    house = hub.of_this_loop()
    if house.pages() >= _MOST_PAGES or house.pages_of(viewer.member) >= _MOST_PAGES_OF_ONE:
        await _refuse(send, HTTPStatus.SERVICE_UNAVAILABLE)
        return
    page = _page(house, viewer, key, scope)
    house.join(page)
    try:
        await send({"type": "http.response.start", "status": HTTPStatus.OK, "headers": _HEADERS})
        await _catch_up(page, viewer, _since(scope), send)
        await _follow(page, receive, send)
    except Gone:
        return
    finally:
        house.leave(page)


async def closing() -> None:
    """Let every page go, which comes again by itself; part of the server's end."""
    hub.of_this_loop().close()


async def _catch_up(page: hub.Page, viewer: access.Viewer, since: int, send: Send) -> None:
    """Tell a page what changed since it last heard; it has joined before, so nothing is lost."""
    found = await streams.in_thread(lambda: inbox.changes(viewer=viewer, since=since))
    await _say(send, "hello", number=since)
    if not found.complete:
        await _say(send, "resync", number=found.newest)
    else:
        for conversation in filter(page.hears, found.conversations):
            await _say(send, "change", str(conversation), number=found.newest)
        if page.follows and found.conversations:
            await _say(send, "missed", number=found.newest)
            page.hub.count_soon(viewer.organisation)
    if not page.hub.heard:
        await _say(send, "down")


async def _follow(page: hub.Page, receive: Receive, send: Send) -> None:
    gone = asyncio.ensure_future(_closed(receive))
    try:
        beat = asyncio.get_running_loop().time() + BEAT
        while True:
            left = max(0.0, beat - asyncio.get_running_loop().time())
            waiting = asyncio.ensure_future(page.wait())
            await asyncio.wait({waiting, gone}, timeout=left, return_when=asyncio.FIRST_COMPLETED)
            waiting.cancel()
            if gone.done():
                return
            for news in page.take():
                await _say(send, news.event, news.data, number=news.number)
                if news.event == "ended":
                    await _end(send)
                    return
            if page.closing:
                await _end(send)
                return
            if asyncio.get_running_loop().time() >= beat:
                beat = asyncio.get_running_loop().time() + BEAT
                if not await _still(page, send):
                    return
    finally:
        gone.cancel()


async def _still(page: hub.Page, send: Send) -> bool:
    """Send a sign of life; return False, and say so, when the session is over."""
    if not page.hub.heard:
        await _say(send, "down")
        return True
    viewer = await _viewer(page.key)
    if viewer is None or viewer.member != page.viewer.member:
        await _say(send, "ended")
        await _end(send)
        return False
    page.viewer = viewer
    await _say(send, "beat")
    return True


async def _end(send: Send) -> None:
    await send({"type": "http.response.body", "body": b""})


async def _closed(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _say(send: Send, event: str, data: str = "", *, number: int | None = None) -> None:
    head = "" if number is None else f"id: {number}\n"
    body = f"{head}event: {event}\ndata: {data}\n\n".encode()
    try:
        async with asyncio.timeout(_PATIENCE):
            await send({"type": "http.response.body", "body": body, "more_body": True})
    except (TimeoutError, OSError, RuntimeError):
        raise Gone from None


async def _refuse(send: Send, status: HTTPStatus) -> None:
    headers = [(b"cache-control", b"no-store"), (b"retry-after", b"5")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


def _page(house: hub.Hub, viewer: access.Viewer, key: str, scope: Scope) -> hub.Page:
    """Return the page that asks: `open` is the conversation it shows, `view` and `branch` its list."""
    asked = parse_qs(scope.get("query_string", b"").decode("latin-1"))
    shown, view, branch = (asked.get(name, [""])[0] for name in ("open", "view", "branch"))
    follows = None
    if view in set(inbox.View):
        one = int(branch) if _is_number(branch) else None
        follows = following.Follows(view=inbox.View(view), branch=one)
    conversation = int(shown) if _is_number(shown) else None
    return hub.Page(hub=house, viewer=viewer, key=key, open=conversation, follows=follows)


def _is_number(value: str) -> bool:
    return value.isdecimal() and len(value) < 20  # noqa: PLR2004 -- ids have at most nineteen digits


def _since(scope: Scope) -> int:
    """Return the last change the page knows: what the browser repeats, else what the page says."""
    sent = dict(scope["headers"]).get(b"last-event-id", b"").decode("latin-1")
    asked = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("since", [""])[0]
    known = [int(value) for value in (sent, asked) if _is_number(value)]
    return max(known, default=0)


def _session_key(scope: Scope) -> str:
    cookies = parse_cookie(dict(scope["headers"]).get(b"cookie", b"").decode("latin-1"))
    return str(cookies.get(settings.SESSION_COOKIE_NAME, ""))


async def _viewer(key: str) -> access.Viewer | None:
    if not key:
        return None
    return await streams.in_thread(lambda: sessions.viewer(SessionStore(key)))
