"""When a paper is outdated: a fingerprint of what it was made from, kept with it and compared with today's.

What a paper says is a function of its sources: law files, settings, rows. Each source has a digest of
its own, so that the page can say which one has changed since. A record of what happened has no sources
that could change, and is never outdated.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Kind(StrEnum):
    """Papers of which every version is kept with its fingerprint."""

    RECORDS = "records"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One statement that is not as it was; empty where there was none, or is none any more."""

    place: str
    before: str
    now: str


def fingerprint(sources: Mapping[str, object]) -> dict[str, str]:
    """Return the digest of each source by its name; equal sources have equal digests, in any order of keys.

    Sources are plain data: mappings, sequences, texts, numbers, days, None. Raises TypeError for others.
    """
    return {name: digest(sources[name]) for name in sorted(sources)}


def digest(source: object) -> str:
    """Return the SHA-256 of plain data as hexadecimal."""
    plain = json.dumps(
        source, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_plain
    )
    return hashlib.sha256(plain.encode()).hexdigest()


def _plain(value: object) -> object:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, set | frozenset):
        return sorted(map(str, value))
    raise TypeError(f"{type(value).__name__} is no plain data: take a fingerprint of what it says.")


def changed(before: Mapping[str, str], now: Mapping[str, str]) -> tuple[str, ...]:
    """Return the names of the sources that are not what they were, those that came or went among them."""
    return tuple(
        sorted(name for name in before.keys() | now.keys() if before.get(name) != now.get(name))
    )


def differences(before: Mapping[str, object], now: Mapping[str, object]) -> list[Difference]:
    """Return what two versions of a paper say differently, in the order of the newer one."""
    old, new = dict(_statements("", before)), dict(_statements("", now))
    places = [*new, *(place for place in old if place not in new)]
    return [
        Difference(place=place, before=old.get(place, ""), now=new.get(place, ""))
        for place in places
        if old.get(place, "") != new.get(place, "")
    ]


def _statements(place: str, value: object) -> Iterator[tuple[str, str]]:
    """Yield every statement of a paper with its place; entries of a list are known by their title."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _statements(f"{place} › {key}".removeprefix(" › "), inner)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        if value and all(isinstance(one, Mapping) and "title" in one for one in value):
            for one in value:
                yield from _statements(f"{place} › {one['title']}".removeprefix(" › "), one)
        else:
            yield (place, "; ".join(map(str, value)))
    else:
        yield (place, "" if value is None else str(value))
