"""The report of an import: which lines and files are not simply messages and attachments, and why."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Final

import orjson

from werkbote.domain import old_chats

MOST: Final = 2000
"""So many are named one by one; beyond that they are counted, and stand in the chat with their mark."""

_EXCERPT = 120


@dataclass(slots=True, kw_only=True)
class Report:
    """What was noticed while reading. `assumed`: day and month are a guess; `broken`: text breaks off."""

    counts: Counter[str] = field(default_factory=Counter)
    lines: list[tuple[int, str, str]] = field(default_factory=list)
    files: list[tuple[str, str]] = field(default_factory=list)
    mentioned: set[str] = field(default_factory=set)
    brought: set[str] = field(default_factory=set)
    left: set[str] = field(default_factory=set)
    assumed: bool = False
    broken: bool = False

    @property
    def total(self) -> int:
        """How many lines and files are named or counted."""
        return sum(self.counts.values())

    def line(self, entry: old_chats.Entry) -> None:
        """Take note of a message that was taken over."""
        if entry.file:
            self.mentioned.add(entry.file)
        for remark in entry.remarks:
            self.counts[remark] += 1
            if len(self.lines) < MOST:
                self.lines.append((entry.first, remark, entry.text[:_EXCERPT]))

    def kept(self, name: str, *, stray: bool) -> None:
        """Take note of a file that the export holds."""
        self.brought.add(name)
        if stray:
            self.file(name, old_chats.Noted.PATH)

    def file(self, name: str, why: str) -> None:
        """Name a file with what is to say about it."""
        self.counts[why] += 1
        if len(self.files) < MOST:
            self.files.append((name[:_EXCERPT], why))

    def leave(self, name: str, why: str) -> None:
        """Name a file that the export holds and that is not taken over."""
        self.left.add(name)
        self.file(name, why)

    def packed(self) -> bytes:
        """Return the report as JSON; what no message mentions, and what none brought, is worked out here."""
        for name in sorted(self.brought - self.mentioned - self.left):
            self.file(name, old_chats.Noted.UNMENTIONED)
        for name in sorted(self.mentioned - self.brought):
            self.file(name, old_chats.Noted.MISSING)
        if self.broken:
            self.counts[old_chats.Noted.BREAKS_OFF] += 1
        return orjson.dumps(
            {
                "counts": {str(why): count for why, count in self.counts.items()},
                "lines": self.lines,
                "files": self.files,
                "assumed": self.assumed,
            }
        )
