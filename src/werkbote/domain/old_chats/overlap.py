"""What of an export is there already, from an earlier export of the same chat."""

import hashlib
from collections import Counter
from collections.abc import Iterable

from werkbote.domain.old_chats import kinds, reading


class Known:
    """The messages kept so far, as a bag: two alike in one minute are two.

    A file that the later export leaves out counts as the one kept; a file that the earlier one
    left out and the later one holds is new.
    """

    __slots__ = ("_bag",)

    def __init__(self, entries: Iterable[reading.Entry]) -> None:
        self._bag: Counter[bytes] = Counter()
        for entry in entries:
            self._bag.update(_keys(entry))

    def take(self, entry: reading.Entry) -> bool:
        """Return whether a message is there already; each kept one answers for one."""
        key, *rest = _keys(entry)
        if self._bag[key] <= 0:
            return False
        self._bag.subtract([key, *rest])
        return True


def _keys(entry: reading.Entry) -> list[bytes]:
    """Return the key of a message; a file is also known as some file of that moment."""
    some = _key(entry, "file", "")
    if entry.kind is kinds.Kind.OMITTED:
        return [some]
    if entry.kind is kinds.Kind.FILE:
        return [_key(entry, entry.kind, f"{entry.file}\0{entry.text}"), some]
    return [_key(entry, entry.kind, entry.text)]


def _key(entry: reading.Entry, kind: str, content: str) -> bytes:
    at = entry.at.isoformat() if entry.at else ""
    whole = f"{at}\0{entry.sender}\0{kind}\0{content}".encode("utf-8", "surrogatepass")
    return hashlib.blake2b(whole, digest_size=16).digest()
