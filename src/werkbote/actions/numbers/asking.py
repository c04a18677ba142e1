"""Asking Meta about a number, or telling it something: outside any transaction, with its refusal as a sentence."""

import asyncio
from collections.abc import Awaitable, Callable

from werkbote.channels import driver, sessions
from werkbote.store import scope


class UnableToAsk(Exception):
    """Meta did not do it; `code` is its number, by which the screens say what helps."""

    def __init__(self, code: int | None, words: str = "Meta did not do it.") -> None:
        super().__init__(words)
        self.code = code


class Stopped(UnableToAsk):
    """The house has stopped Meta, so that nobody asked; the sentence says who releases it."""

    def __init__(self, words: str) -> None:
        super().__init__(None, words)


def ask[T](deed: Callable[[], Awaitable[T]]) -> T:
    """Return what Meta answered; raise UnableToAsk. What was told cannot be taken back by a rollback."""
    scope.durable()
    try:
        return asyncio.run(_once(deed))
    except driver.Unable as error:
        raise UnableToAsk(error.verdict.code) from None


async def _once[T](deed: Callable[[], Awaitable[T]]) -> T:
    try:
        return await deed()
    finally:
        await sessions.close()
