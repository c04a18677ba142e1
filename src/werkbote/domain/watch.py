"""What reading and taking out is more than daily work: thresholds, counting without names, a second person."""

import math
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

BITS = 8192
"""Marks of one hour of one reader; at a thousand persons the estimate is off by about two in a hundred."""

STOP = 3
"""After so many times the number at which reading is noticed, it stops until the next hour or day."""

LISTED = 10
"""A list shows a name and half a line: of its rows one in ten counts."""

GOOD_FOR = timedelta(days=1)
"""How long a second person is waited for, and how long their word then holds."""

LEAST, MOST = 1, 100_000


class Way(StrEnum):
    """A way on which the data of many persons can leave the product in one file."""

    DECISIONS = "decisions"
    LETTERS = "letters"
    CONCERNED = "concerned"


class State(StrEnum):
    """How a wish to take something out stands."""

    WAITING = "waiting"
    APPROVED = "approved"
    REFUSED = "refused"
    TAKEN = "taken"


class Span(StrEnum):
    """Over what reading is counted."""

    HOUR = "hour"
    DAY = "day"


class UnableToRead(Exception):
    """So many persons were read that it stops for a while; `until` is when it goes on."""

    def __init__(self, until: datetime) -> None:
        super().__init__(
            "So many customers were looked at in a short time that reading pauses. It goes on by "
            "itself; if your work needs more, ask the data protection officer or an owner."
        )
        self.until = until


class UnableToSetThresholds(ValueError):
    """These numbers cannot be kept; the sentence says why."""


class UnableToDecide(Exception):
    """This wish to take something out cannot be decided; the sentence says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """What an organisation calls much: persons in one file without a second person, and read in an hour, a day.

    The defaults stand in the Rechtsstand with their reasons.
    """

    alone: int
    hourly: int
    daily: int

    def of(self, span: Span) -> int:
        """Return at how many persons reading is noticed."""
        return self.hourly if span is Span.HOUR else self.daily

    def takes_two(self, persons: int) -> bool:
        """Return whether a file about so many persons needs a second person's word."""
        return persons > self.alone


def check_thresholds(wanted: Thresholds) -> None:
    """Raise UnableToSetThresholds unless each number is within reason and the day's is not below the hour's."""
    if not all(LEAST <= one <= MOST for one in (wanted.alone, wanted.hourly, wanted.daily)):
        raise UnableToSetThresholds("Give numbers from 1 to 100,000.")
    if wanted.daily < wanted.hourly:
        raise UnableToSetThresholds("The number for a day cannot be below the one for an hour.")


def place(digest: bytes) -> int:
    """Return which mark a person sets, from a keyed hash of them that holds for one reader and day."""
    return int.from_bytes(digest[:2]) % BITS


def counts_when_listed(digest: bytes) -> bool:
    """Return whether a person counts where they merely stand in a list."""
    return digest[2] % LISTED == 0


def marked(marks: bytes, places: Iterable[int]) -> bytes:
    """Return marks with more places set; empty marks are none."""
    found = bytearray(marks or bytes(BITS // 8))
    for one in places:
        found[one // 8] |= 1 << one % 8
    return bytes(found)


def together(several: Collection[bytes]) -> bytes:
    """Return the marks of several hours as those of all of them."""
    found = 0
    for marks in several:
        found |= int.from_bytes(marks)
    return found.to_bytes(BITS // 8)


def estimate(marks: bytes) -> int:
    """Return about how many different persons set these marks (linear counting, Whang 1990).

    Says how many and not who; reading the same person again changes nothing.
    """
    free = BITS - int.from_bytes(marks).bit_count()
    return round(BITS * math.log(BITS / max(free, 1)))


def passed(before: int, after: int, *, threshold: int) -> bool:
    """Return whether reading has just gone over a threshold."""
    return before <= threshold < after


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody wants to take out, and what a second person has said to it."""

    state: State
    persons: int
    asked_at: datetime
    decided_at: datetime | None = None

    def is_over(self, *, at: datetime) -> bool:
        """Return whether nobody answered in time, or the answer is too old to be used."""
        return (self.decided_at or self.asked_at) + GOOD_FOR <= at

    def covers(self, persons: int, *, at: datetime) -> bool:
        """Return whether a file about so many persons may leave on this word now."""
        return self.state is State.APPROVED and not self.is_over(at=at) and persons <= self.persons
