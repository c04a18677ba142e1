"""What leaves the house (ASVS 13.1.1): the lines the product speaks on, and who is at their other end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

type Words = Mapping[str, str]


class UnableToReadLines(ValueError):
    """The Rechtsstand file on connections is malformed."""


class Whose(StrEnum):
    """Whether the other end receives data of people, or both ends are the house's own."""

    RECIPIENT = "recipient"
    HOUSE = "house"


class Role(StrEnum):
    """What the other end is by law: a processor (Art. 28 DSGVO), or nobody but the house itself."""

    PROCESSOR = "processor"
    OWN = "own"


class State(StrEnum):
    """Whether a connection can be opened right now: set up, not set up, or stopped by the house."""

    ON = "on"
    OFF = "off"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One kind of connection; `rooms` are the modules that open it, `variables` what sets it up."""

    code: str
    rooms: Sequence[str]
    variables: Sequence[str]
    whose: Whose
    role: Role
    protocol: str
    title: Words
    encryption: Words
    purpose: Words
    data: Words
    agreement: Words
    switch: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A recipient whose name and country are known beforehand; `onward` is where it passes data on to."""

    code: str
    line: str
    hosts: Sequence[str]
    name: str
    country: str
    onward: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """The dated file: every line by its code, in order, and the recipients known beforehand."""

    source: str
    lines: Mapping[str, Line]
    known: Mapping[str, Known]


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """One line to one destination. `recipient` is the code of who is there, "" where it is the house."""

    line: Line
    destination: str
    recipient: str
    on: bool


_WORDS = ("title", "encryption", "purpose", "data", "agreement", "switch")
_ONE_EACH = frozenset({"mail", "callbacks"})
MAIL, META = "mail", "meta"


def parse(document: Mapping[str, Any]) -> Lines:
    """Return the lines of a file; raise UnableToReadLines when it is malformed."""
    try:
        lines = {str(one["code"]): _line(one) for one in document["lines"]}
        known = {str(one["code"]): _known(one) for one in document["recipients"]}
        _check(lines, known, count=len(document["lines"]))
        return Lines(source=str(document["source"]), lines=lines, known=known)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UnableToReadLines(
            f"The Rechtsstand file on connections is malformed ({error}): correct it."
        ) from None


def _check(lines: Mapping[str, Line], known: Mapping[str, Known], *, count: int) -> None:
    if len(lines) != count or not lines:
        raise ValueError("a line is named twice, or there is none")
    strange = {one.line for one in known.values()} - lines.keys()
    if strange:
        raise ValueError(f"no such line: {sorted(strange)}")


def _line(one: Mapping[str, Any]) -> Line:
    words: dict[str, Words] = {
        name: {language: str(one[name][language]) for language in ("de", "en")} for name in _WORDS
    }
    return Line(
        code=str(one["code"]),
        rooms=tuple(map(str, one["rooms"])),
        variables=tuple(map(str, one["variables"])),
        whose=Whose(one["whose"]),
        role=Role(one["role"]),
        protocol=str(one["protocol"]),
        **words,
    )


def _known(one: Mapping[str, Any]) -> Known:
    return Known(
        code=str(one["code"]),
        line=str(one["line"]),
        hosts=tuple(map(str, one["hosts"])),
        name=str(one["name"]),
        country=str(one["country"]),
        onward=str(one["onward"]),
    )


def recipient_of(line: str, host: str, *, known: Mapping[str, Known]) -> str:
    """Return the code of who is at the other end of a line to a host.

    Known recipients have codes of their own; mail servers and other programs are named by their host,
    since each may be somebody else's; every other line has one recipient.
    """
    for one in known.values():
        if one.line == line and (not one.hosts or any(_is_at(host, each) for each in one.hosts)):
            return one.code
    return f"{line}:{host.casefold()}" if line in _ONE_EACH else line


def recipient_of_number(channel: str, host: str) -> str:
    """Return the code of who messages of a channel are handed to: Meta, or the mail server's host."""
    return f"{MAIL}:{host.casefold()}" if channel == MAIL else META


def _is_at(host: str, place: str) -> bool:
    return host.casefold() == place or host.casefold().endswith(f".{place}")
