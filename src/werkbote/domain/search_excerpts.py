"""The piece of a text around what was found in it."""

import re
from dataclasses import dataclass

from werkbote.domain import search

_WORD = re.compile(r"[^\W_]+")
_BEFORE, _AFTER = 60, 140


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Some words of an excerpt; `hit` says that they are what was looked for."""

    text: str
    hit: bool = False


def excerpt(text: str, *, words: str) -> tuple[Piece, ...]:
    """Return the surroundings of the first word that was found, all found ones marked."""
    wanted = set(search.wanted(words))
    hits = [
        match.span()
        for match in _WORD.finditer(text)
        if wanted.intersection(search.stems(match.group()))
    ]
    first = hits[0][0] if hits else 0
    begin, end = _edge(text, first - _BEFORE), min(len(text), first + _AFTER)
    pieces = [Piece(text="… ")] if begin else []
    at = begin
    for start, stop in hits:
        if stop > end:
            break
        pieces += [Piece(text=text[at:start]), Piece(text=text[start:stop], hit=True)]
        at = stop
    pieces.append(Piece(text=text[at:end] + (" …" if end < len(text) else "")))
    return tuple(piece for piece in pieces if piece.text)


def _edge(text: str, at: int) -> int:
    """Return where the word at a place begins, so that no excerpt starts within a word."""
    if at <= 0:
        return 0
    space = text.find(" ", at)
    return space + 1 if 0 <= space < at + _BEFORE else at
