"""Mere thanks: whether a message says nothing but thank you, so that nobody waits for an answer to it.

Every word of it must be known, so a question, a figure or a wish that is in no list is never overlooked:
what is not understood starts the waiting clock, as ever.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from werkbote.domain import withdrawal

_LONGEST = 160
_SKIN = re.compile("[\U0001f3fb-\U0001f3ff\ufe0f]")
_ASKS = re.compile(r"[?\u00bf\u037e\u061f\uff1f]")
_SMILE = re.compile(r"[:;]-?[)D](?=\s|$)")
_PLAIN = frozenset(" \n.,!;:…–-()~")


@dataclass(frozen=True, slots=True, kw_only=True)
class Thanks:
    """The words of thanks, ready for matching; `asks` are beginnings of words with which we ask."""

    sentence: re.Pattern[str]
    signs: frozenset[str]
    asks: tuple[str, ...]


def parse_thanks(document: Mapping[str, Any]) -> Thanks:
    """Return the words a loaded file states; raise KeyError where a part or a group is missing."""
    groups = {
        name: "|".join(re.escape(word) for word in words)
        for name, words in document["groups"].items()
    }
    phrases = []
    for phrase in document["phrases"]:
        words = (_word(one, groups) for one in phrase.split())
        phrases.append("".join(words))
    return Thanks(
        sentence=re.compile(f"(?:{'|'.join(phrases)})+"),
        signs=frozenset(document["signs"]),
        asks=tuple(document["asks"]),
    )


def _word(one: str, groups: Mapping[str, str]) -> str:
    """Return the pattern of one word of a phrase: itself or one of a group; with ? it may be left out."""
    bare = one.removesuffix("?")
    named = groups[bare[1:-1]] if bare.startswith("{") else re.escape(bare)
    return f"(?:(?:{named}) ){'?' if one.endswith('?') else ''}"


def is_thanks(text: str, words: Thanks) -> bool:
    """Return whether a text is mere thanks or assent, in words, signs or both."""
    if len(text) > _LONGEST or _ASKS.search(text):
        return False
    bare = _SMILE.sub(" ", _SKIN.sub("", unicodedata.normalize("NFC", text)))
    left = "".join(" " if sign in words.signs else sign for sign in bare)
    if not all(sign.isalpha() or sign in _PLAIN for sign in left):
        return False
    sentences = [one.strip() for one in withdrawal.normalise(left).split(".") if one.strip()]
    if not sentences:
        return left != bare or bare != _SKIN.sub("", text)
    return all(words.sentence.fullmatch(f"{one} ") for one in sentences)


def asks(text: str, words: Thanks) -> bool:
    """Return whether a text of ours asks or offers something, so that even thanks may be an answer."""
    if _ASKS.search(text):
        return True
    said = withdrawal.normalise(text).split()
    return any(word.startswith(words.asks) for word in said)
