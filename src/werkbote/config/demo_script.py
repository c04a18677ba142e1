"""The talks of the demonstration as they are written down: whose, when, and line by line."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

BEHIND = timedelta(days=8)
"""How long ago the simulator begins: four working days and a weekend, with room."""

_FILE = Path(__file__).parent / "demo_talk.yaml"
_ZONE = ZoneInfo("Europe/Berlin")
_PAUSE = 3
_LINE = re.compile(
    r"(?:\+(?P<after>\d+) )?(?:(?P<sign>[<!]) (?P<who>\w+): )?(?P<text>.+)", re.DOTALL
)
_FREE = "+4917139200"
_FIRST = 20
_SATURDAY = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One thing that happens: the customer's (no `who`), an answer or a note (`sign` “!”) of a member."""

    at: datetime
    order: Mapping[str, Any]
    who: str = ""
    sign: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """One conversation: the phone's key, name and number, and what the team did with it (`told`)."""

    key: str
    name: str
    phone: str
    south: bool
    lines: tuple[Line, ...]
    told: Mapping[str, Any]


def talks(now: datetime) -> list[Talk]:
    """Return every conversation, with moments before `now`."""
    written: list[dict[str, Any]] = yaml.load(_FILE.read_bytes(), Loader=yaml.CSafeLoader)
    return [
        Talk(
            key=told.get("key", f"c{place:02}"),
            name=told["name"],
            phone=told.get("phone", f"{_FREE}{_FIRST + place:02}"),
            south=told.get("at") == "south",
            lines=tuple(_lines(told["lines"], _begin(told["begin"], now), now)),
            told=told,
        )
        for place, told in enumerate(written)
    ]


def customers() -> list[tuple[str, dict[str, str]]]:
    """Return the people of the talks as the simulator is told of them."""
    found = talks(datetime.now(UTC))
    return [(one.key, {"name": one.name, "phone": one.phone}) for one in found]


def _begin(written: str, now: datetime) -> datetime:
    """Return when a talk begins: minutes ago, or at an hour of a working day so many back."""
    day, clock = written.split()
    if day == "ago":
        return now - timedelta(minutes=int(clock))
    local = now.astimezone(_ZONE).date()
    for _ in range(int(day)):
        local -= timedelta(days=1)
        while local.weekday() >= _SATURDAY:
            local -= timedelta(days=1)
    return datetime.combine(local, time.fromisoformat(clock), tzinfo=_ZONE).astimezone(UTC)


def _lines(written: list[Any], begin: datetime, now: datetime) -> Iterator[Line]:
    at = begin
    for place, raw in enumerate(written):
        found = _LINE.fullmatch(raw) if isinstance(raw, str) else None
        after = int((found["after"] if found else raw.get("after")) or _PAUSE)
        at += timedelta(minutes=after if place else 0)
        moment = min(at, now - timedelta(seconds=len(written) - place))
        if found is None:
            order = {"kind": raw.get("c", ""), **raw}
            yield Line(at=moment, order=order, who=raw.get("by", ""))
        else:
            order = {"kind": "text", "text": found["text"]}
            yield Line(at=moment, order=order, who=found["who"] or "", sign=found["sign"] or "")
