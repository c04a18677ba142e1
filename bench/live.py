"""Live: what 50 open pages of ten members cost while five messages a second arrive.

The pages do all that a visible page does (`pages.py`). Messages come signed through the webhook and the
worker, from 200 people in turn. Three times: pages that show the list; pages each of which shows a
conversation beside it, so that every fourth message comes into one that is open; and beside both the
naive list, fetched at every change. The figures are shares of one core: of the web process with the
intake of the messages in it, and of the database with what the worker asks of it.
"""

import asyncio
import contextlib
import secrets
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bench import bodies, load, pages, place, staff

_PAGES = 50
_MEMBERS = 10
_RATE = 5.0
_PATIENCE = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    """A dealer who has people to talk to, and members who look."""

    where: place.Place
    dealer: place.Dealer
    web: int
    database: int
    keys: Sequence[str]
    seconds: int

    def pages(self, *, talks: Sequence[int], naive: bool) -> list[pages.Page]:
        """Return the pages, not yet opened; without talks they show the list alone."""
        from django.conf import settings  # noqa: PLC0415 -- settings exist only after the place

        return [
            pages.Page(
                url=f"http://{place.HOST}:{self.where.environment.port}",
                cookies={settings.SESSION_COOKIE_NAME: self.keys[number % len(self.keys)]},
                talk=talks[number] if talks else 0,
                naive=naive,
            )
            for number in range(_pages(self.where))
        ]

    def send(self, count: int, rate: float) -> int:
        """Let messages arrive and return how many did."""
        order = load.Order(
            port=self.where.environment.port,
            path=f"/hooks/meta/{self.dealer.slug}",
            number=self.dealer.phone_number_id,
            account=self.dealer.account_id,
            secret=self.dealer.secret,
            run=secrets.token_hex(8),
            connections=2,
            rate=rate,
            seconds=count / rate,
            most=count,
        )
        return load.send(self.where.surroundings(), order).answered


def run(where: place.Place) -> dict[str, Any]:
    """Return shares of one core in percent, what was asked for, and how many changes reached the pages."""
    dealer, members = place.dealer(where), where.scaled(_MEMBERS, 2)
    keys = [staff.session(dealer, number) for number in range(members)]
    database = int((where.server.data / "postmaster.pid").read_text().split("\n", 1)[0])
    with place.web(where) as web, place.worker(where):
        run_ = _Run(
            where=where,
            dealer=dealer,
            web=web.pid,
            database=database,
            keys=keys,
            seconds=where.scaled(40, 3),
        )
        run_.send(bodies.PEOPLE, where.scaled(20, 100))
        talks = _talks(where)
        found = {
            "list": asyncio.run(_measured(run_, talks=(), naive=False)),
            "threads": asyncio.run(_measured(run_, talks=talks, naive=False)),
            "naive": asyncio.run(_measured(run_, talks=(), naive=True)),
        }
    return {"pages": _pages(where), "members": members, **found}


def _pages(where: place.Place) -> int:
    return where.scaled(_PAGES, 4)


def _talks(where: place.Place) -> list[int]:
    """Return the conversations the pages show, once the worker has made those of all people."""
    deadline = time.monotonic() + _PATIENCE
    with where.owner() as connection:
        while time.monotonic() < deadline:
            rows = connection.execute("SELECT id FROM conversation ORDER BY id").fetchall()
            if len(rows) == bodies.PEOPLE:
                return [row for (row,) in rows][: _pages(where)]
            time.sleep(0.5)
    raise place.UnableToMeasure("The worker does not make everybody's conversation.")


async def _measured(run_: _Run, *, talks: Sequence[int], naive: bool) -> dict[str, Any]:
    async with contextlib.AsyncExitStack() as stack:
        opened = run_.pages(talks=talks, naive=naive)
        for page in opened:
            await stack.enter_async_context(page)
        await asyncio.sleep(run_.where.scaled(10, 2))
        rest = await _shares(run_, asyncio.sleep(run_.seconds))
        for page in opened:
            page.asked.clear()
            page.changed.clear()
        count = round(_RATE * run_.seconds)
        busy = await _shares(run_, asyncio.to_thread(run_.send, count, _RATE))
        asked = sum((page.asked for page in opened), Counter[str]())
        await asyncio.sleep(2)
        told = sum(len(page.changed) for page in opened)
    return {
        "rest_percent": rest["web"],
        "load_percent": busy["web"],
        "rest_database_percent": rest["database"],
        "load_database_percent": busy["database"],
        "messages": count,
        "rows_told": told,
        "rows_expected": min(count, bodies.PEOPLE) * len(opened),
        "asked_per_s": {name: round(n / run_.seconds, 2) for name, n in sorted(asked.items())},
    }


async def _shares(run_: _Run, work: Any) -> dict[str, float]:
    """Return the percent of one core web process and database use while something goes on."""
    roots = {"web": run_.web, "database": run_.database}
    loop = asyncio.get_running_loop()
    before, began = {name: place.cpu_seconds(root) for name, root in roots.items()}, loop.time()
    await work
    took = loop.time() - began
    return {
        name: round((place.cpu_seconds(root) - before[name]) / took * 100, 1)
        for name, root in roots.items()
    }
