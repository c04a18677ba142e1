"""Which recipients are stopped is looked up once for all that is on its way, and unknown is stopped."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from werkbote.worker import switches


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as made:
        yield made


class Book:
    """What the database would say, and how often it was asked."""

    def __init__(self, *answers: frozenset[str] | None) -> None:
        self.answers = list(answers)
        self.asked: list[int] = []

    def stopped(self, organisation: int) -> frozenset[str] | None:
        self.asked.append(organisation)
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


def watched(monkeypatch: pytest.MonkeyPatch, book: Book) -> list[float]:
    now = [100.0]
    monkeypatch.setattr(switches.outbox, "stopped", book.stopped)
    monkeypatch.setattr(switches.time, "monotonic", lambda: now[0])
    return now


@pytest.mark.shows("R-52")
def test_many_messages_ask_once_and_a_pulled_switch_counts_a_second_later(monkeypatch, pool):
    book = Book(frozenset(), frozenset({"meta"}))
    now = watched(monkeypatch, book)

    async def told() -> list[bool]:
        found = switches.Switches(pool=pool)
        first = await asyncio.gather(*(found.stopped(1, "meta") for _ in range(50)))
        now[0] += 1.1
        return [any(first), await found.stopped(1, "meta"), await found.stopped(1, "mail:x")]

    assert asyncio.run(told()) == [False, True, False]
    assert book.asked == [1, 1]


@pytest.mark.shows("R-52", "S-26")
def test_what_cannot_be_looked_up_is_stopped(monkeypatch, pool):
    watched(monkeypatch, Book(None))
    assert asyncio.run(switches.Switches(pool=pool).stopped(1, "meta")) is True


def test_houses_have_answers_of_their_own(monkeypatch, pool):
    book = Book(frozenset({"meta"}), frozenset())
    watched(monkeypatch, book)

    async def told() -> list[bool]:
        found = switches.Switches(pool=pool)
        return [await found.stopped(1, "meta"), await found.stopped(2, "meta")]

    assert asyncio.run(told()) == [True, False]
    assert book.asked == [1, 2]
