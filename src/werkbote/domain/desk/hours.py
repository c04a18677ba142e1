"""When a branch is open: the week, holidays, days it is closed, and how long somebody has waited."""

import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Berlin")
WEEKDAYS = range(1, 8)
_FARTHEST = 60
"""How many days are looked through for an opening; a house closed longer has no next one."""


class UnableToReadHours(ValueError):
    """The opening hours are none; the sentence says what is wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """From when until when the branch is open on a day, local time."""

    opens: time
    closes: time


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """Days the branch is closed although it would be open: company holidays, stocktaking."""

    first: date
    last: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """When a branch is open. `week` maps 1 Monday to 7 Sunday to that day's openings.

    Without any opening the branch never closes: whoever sets no hours is not absent.
    """

    week: Mapping[int, tuple[Opening, ...]] = field(default_factory=lambda: MappingProxyType({}))
    holidays: frozenset[date] = frozenset()
    closed: tuple[Closed, ...] = ()

    def is_set(self) -> bool:
        """Return whether there are opening hours at all."""
        return any(self.week.values())

    def is_open(self, at: datetime) -> bool:
        """Return whether the branch is open at a moment."""
        if not self.is_set():
            return True
        local = at.astimezone(ZONE)
        return any(one.opens <= local.time() < one.closes for one in self._openings(local.date()))

    def closed_since(self, at: datetime) -> datetime | None:
        """Return since when the branch has been closed at a moment, None where it is open.

        Where it has been closed for more than two months, the beginning of those.
        """
        if self.is_open(at):
            return None
        day = at.astimezone(ZONE).date()
        for back in range(_FARTHEST):
            ends = [
                moment
                for one in self._openings(day - timedelta(days=back))
                if (moment := _moment(day - timedelta(days=back), one.closes)) <= at
            ]
            if ends:
                return max(ends)
        return _moment(day - timedelta(days=_FARTHEST), time.min)

    def opens_next(self, at: datetime) -> datetime | None:
        """Return when the branch opens next; None where it is open or no opening is in sight."""
        if self.is_open(at):
            return None
        day = at.astimezone(ZONE).date()
        for ahead in range(_FARTHEST):
            begins = [
                moment
                for one in self._openings(day + timedelta(days=ahead))
                if (moment := _moment(day + timedelta(days=ahead), one.opens)) > at
            ]
            if begins:
                return min(begins)
        return None

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Return how much opening time lies between two moments, of the last two months at most."""
        if end <= start:
            return timedelta(0)
        if not self.is_set():
            return end - start
        first = max(start.astimezone(ZONE).date(), (end - timedelta(days=_FARTHEST)).date())
        days = (end.astimezone(ZONE).date() - first).days + 1
        total = timedelta(0)
        for offset in range(days):
            day = first + timedelta(days=offset)
            for one in self._openings(day):
                begin, stop = (
                    max(start, _moment(day, one.opens)),
                    min(end, _moment(day, one.closes)),
                )
                total += max(stop - begin, timedelta(0))
        return total

    def _openings(self, day: date) -> tuple[Opening, ...]:
        if day in self.holidays or any(one.first <= day <= one.last for one in self.closed):
            return ()
        return self.week.get(day.isoweekday(), ())


def parse_week(raw: Mapping[str, Iterable[Iterable[Any]]]) -> Mapping[int, tuple[Opening, ...]]:
    """Return the week kept as JSON, {"1": [["07:30", "18:00"]], …}; raise UnableToReadHours."""
    week: dict[int, tuple[Opening, ...]] = {}
    for name, pairs in raw.items():
        day = int(name) if str(name).isdecimal() else 0
        if day not in WEEKDAYS:
            raise UnableToReadHours("Weekdays are numbered from 1 Monday to 7 Sunday.")
        week[day] = _day(pairs)
    return MappingProxyType(week)


def _day(pairs: Iterable[Iterable[Any]]) -> tuple[Opening, ...]:
    found = []
    for pair in pairs:
        try:
            opens, closes = (time.fromisoformat(str(word)) for word in pair)
        except ValueError:
            raise UnableToReadHours("Write a time as 07:30.") from None
        if opens >= closes:
            raise UnableToReadHours("A day closes after it has opened: check the two times.")
        found.append(Opening(opens=opens, closes=closes))
    found.sort(key=lambda one: one.opens)
    if any(before.closes > after.opens for before, after in itertools.pairwise(found)):
        raise UnableToReadHours("Two openings of a day overlap: join them.")
    return tuple(found)


def _moment(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, tzinfo=ZONE)


class Level(StrEnum):
    """How a waiting conversation stands against the branch's own promise."""

    CALM = "calm"
    SOON = "soon"
    LATE = "late"


def level(*, waited: timedelta, promised: timedelta) -> Level:
    """Return the level: calm, soon from three quarters of the promised time on, late after it."""
    if waited >= promised:
        return Level.LATE
    return Level.SOON if waited >= promised * 3 / 4 else Level.CALM
