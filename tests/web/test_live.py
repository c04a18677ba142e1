"""Server-sent events: who hears what, what was missed, and what happens when the database goes."""

import asyncio

import pytest
from django.conf import settings
from django.db import connection

from tests import listening, staff
from werkbote.actions import presence
from werkbote.web import hub, live


def _kill_listeners() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name = 'werkbote live' AND datname = current_database()"
        )
        assert cursor.rowcount > 0


@pytest.fixture
def cast() -> staff.Staff:
    return staff.everybody()


def test_those_of_the_branch_hear_and_others_do_not(cast):
    conversation = staff.wrote(cast.dealer)
    bob_cookie, charlie_cookie = listening.cookie(cast.bob), listening.cookie(cast.charlie)

    async def tell() -> None:
        bob, charlie = listening.Browser(bob_cookie), listening.Browser(charlie_cookie)
        await bob.hear("up")
        await charlie.hear("hello")
        await listening.in_thread(listening.announce, cast, conversation)
        event = await bob.hear("change")
        assert event["data"] == str(conversation)
        assert int(event["id"]) > 0
        await asyncio.sleep(0.1)
        assert "change" not in charlie.heard()
        await bob.close()
        await charlie.close()
        assert hub.of_this_loop().pages() == 0

    listening.story(tell)


def test_colleagues_of_the_branch_hear_who_is_present_and_others_do_not(cast):
    conversation = staff.wrote(cast.dealer)
    cookies = [listening.cookie(one) for one in (cast.alice, cast.bob, cast.charlie)]

    def say() -> None:
        presence.be_present(
            organisation=cast.dealer.organisation,
            conversation=conversation,
            doing=presence.Doing.WRITING,
            by=cast.bob,
        )
        listening.announce(cast, conversation)

    async def tell() -> None:
        alice, bob, charlie = (listening.Browser(cookie) for cookie in cookies)
        await alice.hear("up")
        for page in (bob, charlie):
            await page.hear("hello")
        await listening.in_thread(say)
        event = await alice.hear("present", "change")
        assert (event["event"], event["data"]) == ("present", f"{conversation} {cast.bob} 2")
        await bob.hear("change")
        assert (await alice.hear("present", "change"))["event"] == "change"
        assert not {"present", "change"} & set(charlie.heard())
        for page in (alice, bob, charlie):
            await page.close()

    listening.story(tell)


def test_pages_are_let_go_when_the_server_stops(cast):
    cookie = listening.cookie(cast.bob)

    async def tell() -> None:
        page = listening.Browser(cookie)
        await page.hear("up")
        await live.closing()
        await asyncio.wait_for(page.task, listening.PATIENCE)
        assert hub.of_this_loop().pages() == 0

    listening.story(tell)


def test_locked_session_hears_nothing(cast):
    browser = staff.signed_in(cast.bob)
    browser.post("/lock/")

    async def tell() -> None:
        page = listening.Browser(browser.cookies[settings.SESSION_COOKIE_NAME].value)
        await page.task
        assert page.status == 401

    listening.story(tell)


def test_a_page_that_comes_back_is_told_what_it_missed(cast):
    conversation = staff.wrote(cast.dealer)
    listening.announce(cast, conversation)
    cookie = listening.cookie(cast.bob)

    async def tell() -> None:
        bob = listening.Browser(cookie, since=1, last_event_id="2")
        assert (await bob.hear("change"))["data"] == str(conversation)
        await bob.close()

    listening.story(tell)


@pytest.mark.parametrize("cookie", ["", "invented", "../../etc"])
def test_without_a_session_nobody_listens(cookie):
    async def tell() -> None:
        stranger = listening.Browser(cookie)
        await asyncio.wait_for(stranger.task, listening.PATIENCE)
        assert stranger.status == 401

    listening.story(tell)


def test_an_auditor_does_not_listen(cast):
    cookie = listening.cookie(cast.dora)

    async def tell() -> None:
        dora = listening.Browser(cookie)
        await asyncio.wait_for(dora.task, listening.PATIENCE)
        assert dora.status == 401

    listening.story(tell)


def test_the_stream_ends_with_the_session(cast, monkeypatch):
    monkeypatch.setattr(live, "BEAT", 0.2)
    browser = staff.signed_in(cast.bob)
    cookie = browser.cookies[settings.SESSION_COOKIE_NAME].value

    async def tell() -> None:
        bob = listening.Browser(cookie)
        await bob.hear("beat")
        await listening.in_thread(browser.post, "/logout/")
        await bob.hear("ended")
        await asyncio.wait_for(bob.task, listening.PATIENCE)

    listening.story(tell)


def test_after_a_killed_connection_everything_is_looked_at_again(cast):
    conversation = staff.wrote(cast.dealer)
    cookie = listening.cookie(cast.bob)

    async def tell() -> None:
        bob = listening.Browser(cookie)
        await bob.hear("up")
        await listening.in_thread(_kill_listeners)
        await bob.hear("down")
        await bob.hear("resync")
        await listening.in_thread(listening.announce, cast, conversation)
        assert (await bob.hear("change"))["data"] == str(conversation)
        await bob.close()

    listening.story(tell)


def test_a_page_that_does_not_keep_up_is_told_once_to_look_at_everything(cast):
    async def tell() -> None:
        house = hub.Hub()
        page = hub.Page(hub=house, viewer=await listening.in_thread(staff.viewer, cast.bob))
        for number in range(5000):
            page.tell(hub.News(event="change", data="1", number=number))
        assert [news.event for news in page.take()] == ["resync"]
        page.tell(hub.News(event="change"))
        assert [news.event for news in page.take()] == ["change"]

    listening.story(tell)


def test_one_member_cannot_take_all_places(cast, monkeypatch):
    monkeypatch.setattr(live, "_MOST_PAGES_OF_ONE", 1)
    cookie = listening.cookie(cast.bob)

    async def tell() -> None:
        first = listening.Browser(cookie)
        await first.hear("hello")
        second = listening.Browser(cookie)
        await asyncio.wait_for(second.task, listening.PATIENCE)
        assert second.status == 503
        await first.close()

    listening.story(tell)
