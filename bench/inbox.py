"""Inbox: list, thread and first search page with 100,000 conversations and a million sealed messages.

Pages are those of the running product, asked over HTTP by a service adviser with a session, one at a
time: the figure holds middleware, walls, queries, unsealing, templates and the way there and back.
"""

import http.client
import time
from collections.abc import Callable, Iterable
from typing import Any

from bench import load, place, rows, search, staff


def run(where: place.Place) -> dict[str, Any]:
    """Return median and p95 in milliseconds of each page, and of the search behind a first page."""
    people = where.scaled(100_000, 300)
    stock = rows.made(where, where.scaled(1_000_000, 3_000), people=people)
    key = staff.session(stock.dealer)
    times = where.scaled(60, 5)
    with where.owner() as connection:
        found = connection.execute(
            "SELECT id FROM conversation ORDER BY last_message_at DESC LIMIT %s", [people // 2]
        ).fetchall()
    talks = [row for (row,) in found][:: max(1, len(found) // times)][:times]
    figures: dict[str, Any] = {"messages": stock.size, "conversations": people}
    with place.web(where) as process:
        ask = _asker(where, key)
        pages: dict[str, list[str]] = {
            "list": ["/inbox/"] * times,
            "rows": [f"/inbox/rows/?before={talk}" for talk in talks],
            "thread": [f"/inbox/{talk}/messages/" for talk in talks],
            "page": [f"/inbox/{talk}/" for talk in talks],
        }
        for name, paths in pages.items():
            before = place.cpu_seconds(process.pid)
            figures |= _shaped(name, _timed(ask, paths))
            used = place.cpu_seconds(process.pid) - before
            figures[f"{name}_cpu_ms"] = round(used / len(paths) * 1e3, 1)
    queries = [query for kind in search.queries_of(stock, times).values() for query in kind]
    return figures | _shaped("search", _timed(search.asker(stock), queries))


def _asker(where: place.Place, key: str) -> Callable[[str], Any]:
    from django.conf import settings  # noqa: PLC0415 -- settings exist only after the place

    line = http.client.HTTPConnection(place.HOST, where.environment.port, timeout=60)
    cookie = f"{settings.SESSION_COOKIE_NAME}={key}"

    def ask(path: str) -> None:
        line.request("GET", path, headers={"Cookie": cookie, "Host": f"{place.HOST}"})
        answer = line.getresponse()
        answer.read()
        if answer.status != http.client.OK:
            raise place.UnableToMeasure(f"{path} was answered with {answer.status}.")

    return ask


def _timed(ask: Callable[[str], Any], asked: Iterable[str]) -> list[float]:
    """Return milliseconds, sorted; the first answer warms up and is not counted."""
    taken = []
    for query in asked:
        began = time.perf_counter()
        ask(query)
        taken.append((time.perf_counter() - began) * 1e3)
    return sorted(taken[1:])


def _shaped(name: str, taken: list[float]) -> dict[str, float]:
    return {
        f"{name}_p50_ms": round(load.percentile(taken, 0.5), 2),
        f"{name}_p95_ms": round(load.percentile(taken, 0.95), 2),
    }
