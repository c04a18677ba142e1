"""The month of Art. 12(3) DSGVO, counted as §§ 187, 188 and 193 BGB count it."""

import calendar
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from string import Formatter
from typing import Any

from werkbote.domain import law

_SHORTEST = 28
"""Days of the shortest month: whoever is reminded later is reminded too late."""

EXTENSION_MONTHS = 2
"""How far a complex request may be extended, with a reason given within the first month."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """The last day to answer, and the last day after an extension."""

    due: date
    extended_due: date


def parse_escalation(document: Mapping[str, Any]) -> tuple[int, ...]:
    """Return after how many days an unanswered request is brought forward again, rising.

    Raises law.UnableToReadLaw for a file without them or with days out of order or after the month.
    """
    try:
        days = tuple(document["escalation"]["days"])
        source = document["escalation"]["source"]
        whole = all(type(day) is int and 0 < day < _SHORTEST for day in days)
        rising = all(before < after for before, after in pairwise(days))
    except (KeyError, TypeError) as error:
        raise law.UnableToReadLaw(
            f"The file on requests has no days of escalation ({error!r}): add them with their source."
        ) from error
    if not (days and source and whole and rising):
        raise law.UnableToReadLaw(
            "The days of escalation of the file on requests must rise from 1 to 27 and name a source."
        )
    return days


_PLACES = {
    "subject": frozenset({"due"}),
    "text": frozenset({"age", "due", "link"}),
    "footer": frozenset({"company"}),
}
_LONGEST = 31
"""Days of the longest month: an extension's last month is counted as if it had so many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What a reminder of a request says, by language, with places to fill; `source` is why it is sent."""

    source: str
    by_language: Mapping[str, Mapping[str, str]]

    def say(self, part: str, *, language: str, **places: str) -> str:
        """Return one part with its places filled."""
        return self.by_language[language][part].format(**places)


def parse_words(document: Mapping[str, Any]) -> Words:
    """Return the words of reminders; raise law.UnableToReadLaw where one is missing or names other places."""
    try:
        written = document["escalation"]["mail"]
        found = {
            language: {part: str(written[language][part]) for part in _PLACES}
            for language in ("de", "en")
        }
        source = str(document["escalation"]["source"])
        places = {part: [_places(words[part]) for words in found.values()] for part in _PLACES}
    except (KeyError, TypeError, ValueError) as error:
        raise law.UnableToReadLaw(
            f"The file on requests lacks words for the reminder ({error!r}): add them."
        ) from error
    if any(wanted != one for part, wanted in _PLACES.items() for one in places[part]):
        raise law.UnableToReadLaw(
            "The reminder of a request names only company, age, due day and link, each in its part."
        )
    return Words(source=source, by_language=found)


def _places(text: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in Formatter().parse(text) if name is not None)


def waited(*, received: date, due: date, is_extended: bool, day: date) -> int:
    """Return the days of a request's last month that have passed: what steps of escalation count.

    Without an extension that month begins with the receipt. With one it is the month before the last
    day, so that who has extended is not reminded at once of what they have just put off.
    """
    return _LONGEST - (due - day).days if is_extended else (day - received).days


def step(age: int, escalation: Sequence[int]) -> int | None:
    """Return the highest step, in days, that a request has passed after `age` days; None before all."""
    passed = level(age, escalation)
    return escalation[passed - 1] if passed else None


def level(age: int, escalation: Sequence[int]) -> int:
    """Return how many steps of escalation an unanswered request has passed after `age` days."""
    return sum(age >= days for days in escalation)


def month_ends(day: date, *, months: int, is_free: Callable[[date], bool]) -> date:
    """Return the last day of a period of months that an event on `day` begins.

    The day of the event does not count (§ 187(1)); the period ends with the day of the same number,
    or with the month's last where there is none (§ 188(2), (3)); a Saturday, a Sunday or a day that
    `is_free` at the place of performance moves the end to the next working day (§ 193).
    """
    count = day.year * 12 + day.month - 1 + months
    year, month = divmod(count, 12)
    last = calendar.monthrange(year, month + 1)[1]
    end = date(year, month + 1, min(day.day, last))
    while end.isoweekday() in {6, 7} or is_free(end):
        end += timedelta(days=1)
    return end


def deadline(received: date, *, is_free: Callable[[date], bool]) -> Deadline:
    """Return the days that follow from the day a request was received."""
    return Deadline(
        due=month_ends(received, months=1, is_free=is_free),
        extended_due=month_ends(received, months=1 + EXTENSION_MONTHS, is_free=is_free),
    )
