"""Deletion classes (Löschklassen L-01 …) as data: when a period starts, how long it runs, what then."""

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from werkbote.domain import law
from werkbote.domain.privacy import tagging

_LONGEST = 366 * 40


class UnableToReadRetention(law.UnableToReadLaw):
    """The retention file does not say what the sweep must know; names the class and the gap."""


class Start(StrEnum):
    """What a period starts with: collection, the end of the case, the end of the relationship."""

    COLLECTED = "E"
    CASE_ENDED = "V"
    RELATION_ENDED = "B"


class Action(StrEnum):
    """What is done: deleted; archived first, then deleted; kept; or done by somebody else."""

    DELETE = "delete"
    ARCHIVE = "archive"
    KEEP = "keep"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A length of time; `year_end` adds the rest of the calendar year it ends in."""

    days: int = 0
    months: int = 0
    years: int = 0
    year_end: bool = False

    def after(self, start: date) -> date:
        """Return the last day on which what started on `start` is kept."""
        count = start.year * 12 + start.month - 1 + self.months + 12 * self.years
        year, month = divmod(count, 12)
        last = calendar.monthrange(year, month + 1)[1]
        end = date(year, month + 1, min(start.day, last)) + timedelta(days=self.days)
        return date(end.year, 12, 31) if self.year_end else end


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One deletion class. `period` None means no end by itself; `restrict` is the first clock.

    `holds_request` tells whether it withstands a request for erasure (Art. 17(3)); `statute` whether
    a statute sets the period or the house proposes it; `latest` is after how long it is gone in any
    case, where a statute names a second limit; `empty_*` why there may be no such data here.
    """

    code: str
    name_de: str
    name_en: str
    start: Start
    period: Period | None
    action: Action
    article: str
    restrict: Period | None = None
    latest: Period | None = None
    holds_request: bool = False
    statute: bool = False
    empty_de: str = ""
    empty_en: str = ""

    def due(self, start: date) -> date | None:
        """Return the first day on which it must be gone, None where nothing ends by itself."""
        return None if self.period is None else self.period.after(start) + timedelta(days=1)

    def first_kept(self, today: date) -> date | None:
        """Return the earliest start whose period still runs today, None where none ends by itself."""
        if self.period is None:
            return None
        low, high = today.toordinal() - _LONGEST, today.toordinal() + 1
        while low < high:
            middle = (low + high) // 2
            if self.period.after(date.fromordinal(middle)) >= today:
                high = middle
            else:
                low = middle + 1
        return date.fromordinal(low)

    def restricted_from(self, start: date) -> date | None:
        """Return the first day out of the daily inbox, None where there is no such clock."""
        return None if self.restrict is None else self.restrict.after(start) + timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """The deletion classes in force on a day. Which one a case falls under says the file on cases.

    `tags` say what a single message is beside its case, `automatic` which of them the house puts on by
    itself. `brake` is the share of a class, in per cent, beyond which a person approves what the sweep
    would delete; from `approval_from` rows on an erasure takes two.
    """

    version: str
    rules: Mapping[str, Rule]
    tags: Mapping[str, tagging.Tag]
    automatic: tuple[tagging.Automatic, ...]
    review_months: int
    brake: int
    approval_from: int
    download_days: int

    def tagged(self, code: str) -> tuple[str, ...]:
        """Return the tags that put a message under a class."""
        return tuple(one.name for one in self.tags.values() if one.rule == code)

    def tag(self, name: str) -> tagging.Tag:
        """Return a tag; raise UnableToTag, in words for the member, where there is none."""
        if name not in self.tags:
            raise tagging.UnableToTag("There is no such mark: choose one from the list.")
        return self.tags[name]


def is_missed(last: date, *, day: date) -> bool:
    """Return whether a night has gone by since the last sweep in which none ran."""
    return (day - last).days > 1


def parse(document: Mapping[str, Any]) -> Retention:
    """Return the retention that a loaded file states; raise UnableToReadRetention with the gap."""
    try:
        rules = {code: _rule(code, content) for code, content in document["classes"].items()}
        tags = tagging.parse_tags(document["tags"])
        automatic = tagging.parse_automatic(document["automatic"])
        _check_known(rules, tags, automatic)
        return Retention(
            version=document["valid_from"].isoformat(),
            rules=MappingProxyType(rules),
            tags=tags,
            automatic=automatic,
            **document["sweep"],
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UnableToReadRetention(
            f"The retention file is incomplete or malformed ({error!r}). "
            "Compare it with the one that was valid before it."
        ) from error


def _check_known(
    rules: Mapping[str, Rule],
    tags: Mapping[str, tagging.Tag],
    automatic: tuple[tagging.Automatic, ...],
) -> None:
    """Raise ValueError for a tag of no class, an automatic one that is no tag, or half a notice."""
    stray = {one.rule for one in tags.values()} - rules.keys()
    stray |= {one.tag for one in automatic} - tags.keys()
    if stray:
        raise ValueError(f"unknown: {', '.join(sorted(stray))}")
    told = [one for one in tags.values() if one.notice_de or one.notice_en]
    if any("{day}" not in one.notice_de or "{day}" not in one.notice_en for one in told):
        raise ValueError("a notice is in both languages and names {day}")


def _rule(code: str, content: Mapping[str, Any]) -> Rule:
    def period(name: str) -> Period | None:
        return Period(**content[name]) if content.get(name) else None

    return Rule(
        code=code,
        name_de=content["de"],
        name_en=content["en"],
        start=Start(content["start"]),
        period=period("period"),
        action=Action(content["action"]),
        article=content["article"],
        restrict=period("restrict"),
        latest=period("latest"),
        holds_request=bool(content.get("holds_request", False)),
        statute=bool(content.get("statute", False)),
        empty_de=content.get("empty_de", ""),
        empty_en=content.get("empty_en", ""),
    )
