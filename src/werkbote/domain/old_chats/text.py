"""The lines of an export file, whatever it is encoded in; one at a time, so that size does not matter."""

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

LONGEST = 256 * 1024
"""Bytes after which a line is cut in two; WhatsApp's own limit is 65,536 signs a message."""

MARKS = "\ufeff\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
"""Signs without a width that exports put before lines: byte order, left-to-right, right-to-left."""


class Source(Protocol):
    """Anything bytes are read from."""

    def readline(self, size: int, /) -> bytes:
        """Return the next line with its end, at most `size` bytes of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the file, or a piece of one that is too long. `foreign` says it was no UTF-8."""

    number: int
    text: str
    foreign: bool = False
    piece: bool = False


def lines(source: Source) -> Iterator[Line]:
    """Yield every line of a file in UTF-8, UTF-16 with its mark, or (line by line) Windows-1252."""
    head = source.readline(LONGEST)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        yield from _wide(head, source)
        return
    raw, number, piece = head, 0, False
    while raw:
        number += not piece
        text, foreign = _decoded(raw)
        yield Line(number=number, text=text, foreign=foreign, piece=piece)
        piece = not raw.endswith(b"\n")
        raw = source.readline(LONGEST)


def _decoded(raw: bytes) -> tuple[str, bool]:
    bare = raw.removesuffix(b"\n").removesuffix(b"\r")
    try:
        return bare.decode(), False
    except UnicodeDecodeError:
        return bare.decode("cp1252", "replace"), True


def _wide(head: bytes, source: Source) -> Iterator[Line]:
    """Yield the lines of a UTF-16 file; its bytes hold line ends inside of signs."""
    decoder = codecs.getincrementaldecoder("utf-16")("replace")
    number, rest, raw = 0, "", head
    while raw:
        *whole, rest = (rest + decoder.decode(raw)).split("\n")
        for text in whole:
            number += 1
            yield Line(number=number, text=text.removesuffix("\r"))
        if len(rest) > LONGEST:
            number += 1
            yield Line(number=number, text=rest)
            rest = ""
        raw = source.readline(LONGEST)
    rest += decoder.decode(b"", final=True)
    if rest:
        yield Line(number=number + 1, text=rest)
