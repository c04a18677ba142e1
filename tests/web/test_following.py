"""Rows told to open lists: to whom, in whose words, and to nobody whose session is not what it was."""

import asyncio
import json

import pytest
from django.conf import settings

from tests import listening, staff
from tests.panels import NOW, by_bob
from werkbote.actions import desk as deeds
from werkbote.domain import desk
from werkbote.domain import team as roles
from werkbote.store import models, scope
from werkbote.web import hub

_LIST = "&open=0&view=all"


@pytest.fixture
def cast() -> staff.Staff:
    return staff.everybody()


def _rows(event: dict[str, str]) -> list[dict[str, str]]:
    rows: list[dict[str, str]] = json.loads(event["data"])
    return rows


def test_a_changed_row_is_told_to_the_branch_in_each_ones_language(cast):
    conversation = staff.wrote(cast.dealer, words="Bremsen quietschen")
    staff.wrote(cast.dealer, words="Sehr laut")
    english = staff.member(
        cast.dealer.organisation,
        role=roles.Role.AGENT,
        branches=[cast.dealer.branch],
        language="en",
    )
    keys = [listening.cookie(one) for one in (cast.bob, english, cast.charlie)]

    async def tell() -> None:
        pages = [listening.Browser(key, asked=_LIST) for key in keys]
        await listening.all_hear(*pages)
        await listening.in_thread(listening.announce, cast, conversation)
        told = [_rows(await page.hear("rows")) for page in pages[:2]]
        assert [[row["id"] for row in rows] for rows in told] == [[str(conversation)]] * 2
        assert "2 ungelesene Nachrichten" in told[0][0]["html"]
        assert "2 unread messages" in told[1][0]["html"]
        assert all("Sehr laut" in rows[0]["html"] for rows in told)
        assert not {"rows", "change"} & set(pages[2].heard())
        for page in pages:
            await page.close()

    listening.story(tell)


def test_a_page_hears_of_every_change_of_the_conversation_it_shows_and_of_no_other(cast):
    shown = staff.wrote(cast.dealer)
    other = staff.wrote(cast.dealer, phone="+491713920002")
    key = listening.cookie(cast.bob)

    async def tell() -> None:
        page = listening.Browser(key, asked=f"&open={shown}&view=all")
        await listening.all_hear(page)
        for conversation in (other, shown):
            await listening.in_thread(listening.announce, cast, conversation)
        assert (await page.hear("change"))["data"] == str(shown)
        rows = _rows(await page.hear("rows"))
        assert {str(other), str(shown)} >= {row["id"] for row in rows} > set()
        await page.close()

    listening.story(tell)


def test_a_row_that_left_the_view_is_told_by_its_number_alone(cast):
    conversation = staff.wrote(cast.dealer)
    key = listening.cookie(cast.bob)

    def close() -> None:
        deeds.close(outcome=desk.Outcome.ANSWERED, **by_bob(cast, conversation))

    async def tell() -> None:
        page = listening.Browser(key, asked=_LIST)
        await listening.all_hear(page)
        await listening.in_thread(close)
        assert _rows(await page.hear("rows")) == [{"id": str(conversation)}]
        await page.close()

    listening.story(tell)


@pytest.mark.parametrize("address", ["/lock/", "/logout/"])
def test_a_screen_that_was_locked_or_left_is_told_no_row(cast, address):
    conversation = staff.wrote(cast.dealer)
    browser = staff.signed_in(cast.bob)
    key = browser.cookies[settings.SESSION_COOKIE_NAME].value

    async def tell() -> None:
        page = listening.Browser(key, asked=_LIST)
        await listening.all_hear(page)
        await listening.in_thread(browser.post, address)
        await listening.in_thread(listening.announce, cast, conversation)
        assert (await page.hear("rows", "ended"))["event"] == "ended"
        await asyncio.wait_for(page.task, listening.PATIENCE)

    listening.story(tell)


def test_who_lost_the_branch_is_told_no_row_of_it(cast):
    conversation = staff.wrote(cast.dealer)
    keys = [listening.cookie(one) for one in (cast.bob, cast.alice)]

    def leave() -> None:
        with scope.transaction(organisation=cast.dealer.organisation):
            models.Membership.objects.filter(member_id=cast.bob).delete()

    async def tell() -> None:
        bob, alice = (listening.Browser(key, asked=_LIST) for key in keys)
        await listening.all_hear(bob, alice)
        await listening.in_thread(leave)
        await listening.in_thread(listening.announce, cast, conversation)
        assert _rows(await alice.hear("rows"))[0]["id"] == str(conversation)
        await asyncio.sleep(0.1)
        assert "rows" not in bob.heard()
        for page in (bob, alice):
            await page.close()

    listening.story(tell)


def test_who_reads_no_chats_any_more_is_told_no_row(cast):
    conversation = staff.wrote(cast.dealer)
    key = listening.cookie(cast.bob)

    def demote() -> None:
        with scope.transaction(organisation=cast.dealer.organisation):
            models.Member.objects.filter(id=cast.bob).update(role=roles.Role.AUDITOR)

    async def tell() -> None:
        page = listening.Browser(key, asked=_LIST)
        await listening.all_hear(page)
        await listening.in_thread(demote)
        await listening.in_thread(listening.announce, cast, conversation)
        assert (await page.hear("rows", "ended"))["event"] == "ended"
        await asyncio.wait_for(page.task, listening.PATIENCE)

    listening.story(tell)


def test_a_list_that_comes_back_is_told_that_it_missed_something(cast):
    conversation = staff.wrote(cast.dealer)
    listening.announce(cast, conversation)
    key = listening.cookie(cast.bob)

    async def tell() -> None:
        page = listening.Browser(key, asked=_LIST, since=1)
        assert (await page.hear("missed", "change"))["event"] == "missed"
        await page.close()

    listening.story(tell)


def test_the_row_that_is_told_is_the_row_of_the_list(cast):
    conversation = staff.wrote(cast.dealer, at=NOW)
    browser = staff.signed_in(cast.bob)
    key = browser.cookies[settings.SESSION_COOKIE_NAME].value
    listed = browser.get("/inbox/rows/").content.decode()

    async def tell() -> None:
        page = listening.Browser(key, asked=_LIST)
        await listening.all_hear(page)
        await listening.in_thread(listening.announce, cast, conversation)
        (row,) = _rows(await page.hear("rows"))
        assert row["html"].replace("/?", "/?view=all").strip() in listed
        await page.close()

    listening.story(tell)


def test_counts_beside_the_views_are_told_to_each_member_as_their_own(cast):
    conversation = staff.wrote(cast.dealer)
    keys = [listening.cookie(one) for one in (cast.bob, cast.alice, cast.charlie)]

    def assign() -> None:
        deeds.assign(member=cast.alice, **by_bob(cast, conversation))

    async def tell() -> None:
        bob, alice, charlie = (listening.Browser(key, asked=_LIST) for key in keys)
        await listening.all_hear(bob, alice, charlie)
        await listening.in_thread(assign)
        told = [json.loads((await page.hear("counts"))["data"]) for page in (bob, alice, charlie)]
        assert [one["mine"] for one in told] == ["", "1", ""]
        assert [one["unassigned"] for one in told] == ["", "", ""]
        for page in (bob, alice, charlie):
            await page.close()

    listening.story(tell)


def test_a_last_change_is_counted_in_its_turn_though_nothing_follows_it(cast, monkeypatch):
    monkeypatch.setattr(hub, "COUNTS", 1.5)
    first = staff.wrote(cast.dealer)
    second = staff.wrote(cast.dealer, phone="+491713920002")
    key = listening.cookie(cast.bob)

    def assign(conversation: int) -> None:
        deeds.assign(member=cast.bob, **by_bob(cast, conversation))

    async def tell() -> None:
        page = listening.Browser(key, asked=_LIST)
        await listening.all_hear(page)
        await listening.in_thread(assign, first)
        assert json.loads((await page.hear("counts"))["data"])["mine"] == "1"
        await listening.in_thread(assign, second)
        assert json.loads((await page.hear("counts"))["data"])["mine"] == "2"
        await page.close()

    listening.story(tell)
