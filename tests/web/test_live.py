"""Server-sent events: who hears what, what was missed, and what happens when the database goes."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import connection, connections

from tests import dealers, staff
from werkbote.actions import presence
from werkbote.store import live as announcing
from werkbote.store import scope
from werkbote.web import hub, live

_PATIENCE = 60.0


class Browser:
    """An open page: what it was told, event by event."""

    def __init__(self, cookie: str, *, since: int = 0, **headers: str) -> None:
        self.status = 0
        self._events: asyncio.Queue[dict[str, str]] = asyncio.Queue()
        self._closed = asyncio.Event()
        scope_ = {
            "type": "http",
            "method": "GET",
            "path": "/live",
            "query_string": f"since={since}".encode(),
            "headers": [
                (b"cookie", f"{settings.SESSION_COOKIE_NAME}={cookie}".encode()),
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
        async with asyncio.timeout(_PATIENCE):
            while True:
                event = await self._events.get()
                if event["event"] in names:
                    return event

    def heard(self) -> list[str]:
        """Everything that waits to be read, by name."""
        return [self._events.get_nowait()["event"] for _ in range(self._events.qsize())]

    async def close(self) -> None:
        self._closed.set()
        await asyncio.wait_for(self.task, _PATIENCE)


def _cookie(member: int) -> str:
    return staff.signed_in(member).cookies[settings.SESSION_COOKIE_NAME].value


def _announce(cast: staff.Staff, conversation: int) -> None:
    with scope.transaction(organisation=cast.dealer.organisation):
        announcing.announce(conversations=[conversation], at=dealers.NOW)


def _kill_listeners() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name = 'werkbote live' AND datname = current_database()"
        )
        assert cursor.rowcount > 0


async def _in_thread(deed: Callable[..., Any], *args: Any) -> Any:
    def run() -> Any:
        try:
            return deed(*args)
        finally:
            connections.close_all()

    return await sync_to_async(run, thread_sensitive=False)()


def _story(tell: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(tell())


@pytest.fixture
def cast() -> staff.Staff:
    return staff.everybody()


def test_those_of_the_branch_hear_and_others_do_not(cast):
    conversation = staff.wrote(cast.dealer)
    bob_cookie, charlie_cookie = _cookie(cast.bob), _cookie(cast.charlie)

    async def tell() -> None:
        bob, charlie = Browser(bob_cookie), Browser(charlie_cookie)
        await bob.hear("up")
        await charlie.hear("hello")
        await _in_thread(_announce, cast, conversation)
        event = await bob.hear("change")
        assert event["data"] == str(conversation)
        assert int(event["id"]) > 0
        await asyncio.sleep(0.1)
        assert "change" not in charlie.heard()
        await bob.close()
        await charlie.close()
        assert hub.of_this_loop().pages() == 0

    _story(tell)


def test_colleagues_of_the_branch_hear_who_is_present_and_others_do_not(cast):
    conversation = staff.wrote(cast.dealer)
    cookies = [_cookie(one) for one in (cast.alice, cast.bob, cast.charlie)]

    def say() -> None:
        presence.be_present(
            organisation=cast.dealer.organisation,
            conversation=conversation,
            doing=presence.Doing.WRITING,
            by=cast.bob,
        )
        _announce(cast, conversation)

    async def tell() -> None:
        alice, bob, charlie = (Browser(cookie) for cookie in cookies)
        await alice.hear("up")
        for page in (bob, charlie):
            await page.hear("hello")
        await _in_thread(say)
        event = await alice.hear("present", "change")
        assert (event["event"], event["data"]) == ("present", f"{conversation} {cast.bob} 2")
        await bob.hear("change")
        assert (await alice.hear("present", "change"))["event"] == "change"
        assert not {"present", "change"} & set(charlie.heard())
        for page in (alice, bob, charlie):
            await page.close()

    _story(tell)


def test_locked_session_hears_nothing(cast):
    browser = staff.signed_in(cast.bob)
    browser.post("/lock/")

    async def tell() -> None:
        page = Browser(browser.cookies[settings.SESSION_COOKIE_NAME].value)
        await page.task
        assert page.status == 401

    _story(tell)


def test_a_page_that_comes_back_is_told_what_it_missed(cast):
    conversation = staff.wrote(cast.dealer)
    _announce(cast, conversation)
    cookie = _cookie(cast.bob)

    async def tell() -> None:
        bob = Browser(cookie, since=1, last_event_id="2")
        assert (await bob.hear("change"))["data"] == str(conversation)
        await bob.close()

    _story(tell)


@pytest.mark.parametrize("cookie", ["", "invented", "../../etc"])
def test_without_a_session_nobody_listens(cookie):
    async def tell() -> None:
        stranger = Browser(cookie)
        await asyncio.wait_for(stranger.task, _PATIENCE)
        assert stranger.status == 401

    _story(tell)


def test_an_auditor_does_not_listen(cast):
    cookie = _cookie(cast.dora)

    async def tell() -> None:
        dora = Browser(cookie)
        await asyncio.wait_for(dora.task, _PATIENCE)
        assert dora.status == 401

    _story(tell)


def test_the_stream_ends_with_the_session(cast, monkeypatch):
    monkeypatch.setattr(live, "BEAT", 0.2)
    browser = staff.signed_in(cast.bob)
    cookie = browser.cookies[settings.SESSION_COOKIE_NAME].value

    async def tell() -> None:
        bob = Browser(cookie)
        await bob.hear("beat")
        await _in_thread(browser.post, "/logout/")
        await bob.hear("ended")
        await asyncio.wait_for(bob.task, _PATIENCE)

    _story(tell)


def test_after_a_killed_connection_everything_is_looked_at_again(cast):
    conversation = staff.wrote(cast.dealer)
    cookie = _cookie(cast.bob)

    async def tell() -> None:
        bob = Browser(cookie)
        await bob.hear("up")
        await _in_thread(_kill_listeners)
        await bob.hear("down")
        await bob.hear("resync")
        await _in_thread(_announce, cast, conversation)
        assert (await bob.hear("change"))["data"] == str(conversation)
        await bob.close()

    _story(tell)


def test_a_page_that_does_not_keep_up_is_told_once_to_look_at_everything(cast):
    async def tell() -> None:
        house = hub.Hub()
        page = hub.Page(hub=house, viewer=await _in_thread(staff.viewer, cast.bob))
        for number in range(5000):
            page.tell(hub.News(event="change", data="1", number=number))
        assert [news.event for news in page.take()] == ["resync"]
        page.tell(hub.News(event="change"))
        assert [news.event for news in page.take()] == ["change"]

    _story(tell)


def test_one_member_cannot_take_all_places(cast, monkeypatch):
    monkeypatch.setattr(live, "_MOST_PAGES_OF_ONE", 1)
    cookie = _cookie(cast.bob)

    async def tell() -> None:
        first = Browser(cookie)
        await first.hear("hello")
        second = Browser(cookie)
        await asyncio.wait_for(second.task, _PATIENCE)
        assert second.status == 503
        await first.close()

    _story(tell)
