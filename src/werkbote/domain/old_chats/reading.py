"""From lines to messages: every line belongs to exactly one message, and none is left out."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from werkbote.domain.old_chats import kinds, stamps, text

LONGEST = 256 * 1024
"""Signs after which a message is continued in another one."""

_LONGEST_NAME = 150
_LONG_NAME = 60
_QUOTES = '"„“”«»'
"""Names hold none of them; a notice about a new subject does, and the subject may hold a colon."""


class Remark(StrEnum):
    """Why a message is named in the report of an import."""

    UNKNOWN_KIND = "unknown_kind"
    BEFORE_FIRST = "before_first"
    NO_SUCH_TIME = "no_such_time"
    FOREIGN_LETTERS = "foreign_letters"
    CONTINUED = "continued"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One message or notice. `at` is local time as the phone wrote it, None where it wrote none.

    `sender` is empty for WhatsApp's own notices. `first` and `count` are its lines in the file.
    """

    at: datetime | None
    sender: str
    kind: kinds.Kind
    text: str
    file: str = ""
    edited: bool = False
    first: int
    count: int
    remarks: tuple[Remark, ...] = ()


@dataclass(slots=True, kw_only=True)
class _Open:
    """The message whose lines are being gathered."""

    at: datetime | None
    sender: str
    own: bool
    first: int
    parts: list[str] = field(default_factory=list)
    size: int = 0
    count: int = 0
    remarks: dict[Remark, None] = field(default_factory=dict)

    def add(self, line: text.Line, words: str) -> None:
        if line.piece and self.parts:
            self.parts[-1] += words
        else:
            self.parts.append(words)
            self.count += not line.piece
        self.size += len(words) + 1
        if line.foreign:
            self.remarks[Remark.FOREIGN_LETTERS] = None

    def closed(self) -> Entry:
        found = kinds.classify("\n".join(self.parts), notice=self.own)
        kind = found.kind
        if Remark.CONTINUED in self.remarks or Remark.BEFORE_FIRST in self.remarks:
            found = replace(found, kind=kinds.Kind.TEXT, text="\n".join(self.parts), file="")
            kind = found.kind
        elif Remark.NO_SUCH_TIME in self.remarks:
            kind = kinds.Kind.UNKNOWN
        if kind is kinds.Kind.UNKNOWN:
            self.remarks[Remark.UNKNOWN_KIND] = None
        return Entry(
            at=self.at,
            sender="" if self.own or kind is kinds.Kind.SYSTEM else self.sender,
            kind=kind,
            text=found.text,
            file=found.file,
            edited=found.edited,
            first=self.first,
            count=self.count,
            remarks=tuple(self.remarks),
        )


def entries(lines: Iterable[text.Line], *, order: stamps.Order) -> Iterator[Entry]:
    """Yield the messages of an export in its order; the counts of their lines add up to the file."""
    open_: _Open | None = None
    for line in lines:
        head = None if line.piece else stamps.head(line.text)
        if head is not None:
            if open_ is not None:
                yield open_.closed()
            open_ = _begun(line, head, order)
            continue
        if open_ is None:
            open_ = _Open(at=None, sender="", own=False, first=line.number)
            open_.remarks[Remark.BEFORE_FIRST] = None
        elif open_.size > LONGEST:
            yield open_.closed()
            open_ = _Open(at=open_.at, sender=open_.sender, own=open_.own, first=line.number)
            open_.remarks[Remark.CONTINUED] = None
        open_.add(line, line.text)
    if open_ is not None:
        yield open_.closed()


def _begun(line: text.Line, head: stamps.Head, order: stamps.Order) -> _Open:
    at = head.at(order)
    sender, words = _sender(head.rest)
    made = _Open(at=at, sender=sender, own=not sender, first=line.number)
    if at is None:
        made.remarks[Remark.NO_SUCH_TIME] = None
        made.add(line, line.text)
    else:
        made.add(line, words)
    return made


def _sender(rest: str) -> tuple[str, str]:
    """Return sender and words; no sender where the line is a notice of WhatsApp itself."""
    name, colon, words = rest.partition(": ")
    if not colon and rest.endswith(":"):
        name, colon, words = rest[:-1], ":", ""
    bare = name.strip(text.MARKS + " ")
    if not colon or not bare or len(bare) > _LONGEST_NAME:
        return "", rest
    if (len(bare) > _LONG_NAME or any(sign in bare for sign in _QUOTES)) and kinds.is_notice(rest):
        return "", rest
    return bare, words
