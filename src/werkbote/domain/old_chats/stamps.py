"""The stamp at the head of a message: date, time, and whether day or month comes first."""

import re
import zoneinfo
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from werkbote.domain.old_chats import text

_SPACE = "[ \u00a0\u202f\u2009]"
_DAY = r"(\d{1,4})([./-]) ?(\d{1,2})[./-] ?(\d{1,4})"
_TIME = (
    rf"(\d{{1,2}})[:.](\d{{2}})(?:[:.](\d{{2}}))?"
    rf"(?:{_SPACE}?([AaPp]{_SPACE}?\.?[Mm]\.?|vorm\.|nachm\.))?"
)
_STAMP = rf"{_DAY},?{_SPACE}(?:um{_SPACE}|at{_SPACE})?{_TIME}"
_HEAD = re.compile(
    rf"[{text.MARKS}]*(?:\[{_STAMP}\]{_SPACE}?|{_STAMP}(?:{_SPACE}Uhr)?{_SPACE}[-–]{_SPACE})"
)
_CENTURY = 2000
_TWO_DIGITS = 100
_MONTHS = 12
_NOON = 12
_MOST_PARTICIPANTS = 2048


class Order(StrEnum):
    """Which of day and month stands first; a year in front settles it by itself."""

    DAY = "day"
    MONTH = "month"


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The head of a message: the numbers of its stamp as they stand there, and what follows it."""

    first: int
    second: int
    third: int
    sign: str
    hour: int
    minute: int
    second_: int
    half: str
    rest: str

    def at(self, order: Order) -> datetime | None:
        """Return the local time, None where there is no such day or hour."""
        year, month, day = self._date(order)
        hour = self.hour
        if self.half:
            if not 1 <= hour <= _NOON:
                return None
            hour = hour % _NOON + (_NOON if self.half[0] in "pPn" else 0)
        try:
            return datetime(year, month, day, hour, self.minute, self.second_)  # noqa: DTZ001 -- exports know no zone
        except ValueError:
            return None

    def _date(self, order: Order) -> tuple[int, int, int]:
        if self.first >= _TWO_DIGITS:
            return self.first, self.second, self.third
        year = self.third + (_CENTURY if self.third < _TWO_DIGITS else 0)
        if order is Order.DAY:
            return year, self.second, self.first
        return year, self.first, self.second


def head(line: str) -> Head | None:
    """Return the head a line begins with, None where it continues the message before."""
    found = _HEAD.match(line)
    if found is None:
        return None
    parts = found.groups()
    first, sign, second, third, hour, minute, seconds, half = (
        parts[:8] if parts[0] is not None else parts[8:]
    )
    return Head(
        first=int(first),
        second=int(second),
        third=int(third),
        sign=sign,
        hour=int(hour),
        minute=int(minute),
        second_=int(seconds or 0),
        half=half or "",
        rest=line[found.end() :],
    )


def local(written: str | None) -> datetime | None:
    """Return the local time that `datetime.isoformat` wrote down, None for none."""
    return datetime.fromisoformat(written) if written else None


def aware(at: datetime, zone: str) -> datetime:
    """Return the moment a local time names in a zone; in the doubled hour of autumn the first."""
    return at.replace(tzinfo=zoneinfo.ZoneInfo(zone))


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What a first look at an export shows. `assumed` says that the order of dates is a guess."""

    order: Order
    assumed: bool
    lines: int
    messages: int
    participants: tuple[str, ...]


def survey(lines: Iterable[text.Line], *, order: Order | None = None) -> Survey:
    """Look through an export once: how dates are written, who took part, how long it is.

    Dates with dots have the day first. Otherwise a number above twelve tells; where none does, the
    order in which time runs backwards less often; where both do alike, AM and PM mean month first.
    """
    clock, names, count, messages = _Clock(), dict[str, None](), 0, 0
    for line in lines:
        count = line.number
        found = head(line.text) if not line.piece else None
        if found is None:
            continue
        messages += 1
        clock.look(found)
        name, colon, _ = found.rest.partition(": ")
        if colon and len(names) < _MOST_PARTICIPANTS:
            names[name.strip(text.MARKS)] = None
    known = order or clock.order()
    return Survey(
        order=known or clock.guess(),
        assumed=known is None and messages > 0,
        lines=count,
        messages=messages,
        participants=tuple(names),
    )


class _Clock:
    """Gathers what tells day from month."""

    __slots__ = ("_backwards", "_before", "_half", "_seen")

    def __init__(self) -> None:
        self._seen: set[Order] = set()
        self._half = False
        self._before: dict[Order, datetime] = {}
        self._backwards = dict.fromkeys(Order, 0)

    def look(self, head: Head) -> None:
        if head.sign == "." or head.first >= _TWO_DIGITS or head.first > _MONTHS:
            self._seen.add(Order.DAY)
        elif head.second > _MONTHS:
            self._seen.add(Order.MONTH)
        self._half = self._half or bool(head.half)
        for order in Order:
            at = head.at(order)
            if at is None:
                continue
            if order in self._before and at < self._before[order]:
                self._backwards[order] += 1
            self._before[order] = at

    def order(self) -> Order | None:
        """Return the order, None where the dates fit both."""
        if len(self._seen) == 1:
            return next(iter(self._seen))
        day, month = self._backwards[Order.DAY], self._backwards[Order.MONTH]
        if day != month:
            return Order.DAY if day < month else Order.MONTH
        return None

    def guess(self) -> Order:
        return Order.MONTH if self._half else Order.DAY
