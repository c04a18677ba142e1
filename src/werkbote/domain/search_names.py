"""By what a name or a title is found: its folded words, their beginnings, and how they sound in German."""

import re
import unicodedata
from collections.abc import Iterator

from werkbote.domain import search

MOST = 64
"""How many keys of one name are kept: a wall against huge names."""

_WORD = re.compile(r"[^\W_]+")
_SHORTEST, _LONGEST = 3, 12
_SOUND = "="
_TAIL = "#"
_TAIL_DIGITS = 4
_DOUBLED = re.compile(r"(.)\1+")


def keys(text: str) -> tuple[str, ...]:
    """Return what a name is kept under: words, beginnings of three letters and more, sounds."""
    return tuple(dict.fromkeys(_every(text)))[:MOST]


def tail(phone: str) -> str:
    """Return what the end of a phone number is kept under, empty for what is too short."""
    digits = "".join(sign for sign in phone if sign.isdecimal())
    return f"{_TAIL}{digits[-_TAIL_DIGITS:]}" if len(digits) > _TAIL_DIGITS else ""


def wanted(text: str) -> tuple[tuple[str, ...], ...]:
    """Return, for each word of a search, the keys of which a name must have one."""
    found: list[tuple[str, ...]] = []
    for word in _words(text):
        if word.isdecimal():
            found.append((f"{_TAIL}{word}",) if len(word) == _TAIL_DIGITS else (word,))
        else:
            sound = sounds(word)
            found.append((word, f"{_SOUND}{sound}") if len(sound) > 1 else (word,))
    return tuple(found)


def _every(text: str) -> Iterator[str]:
    for word in _words(text):
        yield word
        yield from (word[:length] for length in range(_SHORTEST, min(len(word), _LONGEST)))
        sound = sounds(word)
        if len(sound) > 1:
            yield f"{_SOUND}{sound}"


def _words(text: str) -> Iterator[str]:
    for word in _WORD.findall(unicodedata.normalize("NFKC", text).casefold()):
        yield search.folded(word)


_CODES = {
    **dict.fromkeys("aeijouy", "0"),
    "b": "1",
    **dict.fromkeys("fvw", "3"),
    **dict.fromkeys("gkq", "4"),
    "l": "5",
    **dict.fromkeys("mn", "6"),
    "r": "7",
    **dict.fromkeys("sz", "8"),
}
_HARD_FIRST, _HARD = frozenset("ahkloqrux"), frozenset("ahkoqux")


def sounds(word: str) -> str:
    """Return how a word sounds by the Kölner Phonetik: Meyer, Maier and Meier give the same."""
    signs = [sign for sign in word if "a" <= sign <= "z"]
    around = ["", *signs, ""]
    code = "".join(
        _code(sign, around[place], around[place + 2]) for place, sign in enumerate(signs)
    )
    code = _DOUBLED.sub(r"\1", code)
    return code[:1] + code[1:].replace("0", "")


def _code(sign: str, before: str, after: str) -> str:
    if sign == "c":
        return _code_of_c(before, after)
    if sign == "p":
        return "3" if after == "h" else "1"
    if sign in "dt":
        return "8" if after and after in "csz" else "2"
    if sign == "x":
        return "8" if before and before in "ckq" else "48"
    return _CODES.get(sign, "")


def _code_of_c(before: str, after: str) -> str:
    if not before:
        return "4" if after in _HARD_FIRST else "8"
    return "4" if after in _HARD and before not in "sz" else "8"
