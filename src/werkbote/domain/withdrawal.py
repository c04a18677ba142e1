"""Withdrawal in everyday words: what a message says about advertising and messages at all.

The words are data (`Vocabulary`); the reading is deterministic. The order of certainty is fixed:
a whole message that is a known word, then phrases, then words that may mean a withdrawal. What may
mean one is UNCLEAR, never NONE: advertising pauses and the person is asked (recht.md 3.5).
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any

GAP = r"(?: [^ ._]+){0,5}?"
"""Between the words of a phrase: up to five others of the same sentence."""

MENDED_FROM = 5
"""Shortest word that is mended; shorter ones are too near to other words."""

SPELLED_FROM = 3
"""From this many single letters on they are one word spelled out (S T O P)."""

_FOLDED = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ı": "i", "ł": "l", "'": None, "’": None}
)
_SENTENCE_END = re.compile(r"[.!?;:\n…]+")
_NO_WORD = re.compile(r"[^\w.]|_")
_REPEATED = re.compile(r"([^\W\d])\1{2,}")
_REPEATED_UMLAUT = re.compile(r"([äöü])\1+")
_DOUBLED = re.compile(r"(\w)\1+")


class UnableToReadVocabulary(ValueError):
    """The vocabulary file lacks a part or names a group it does not have."""


class Scope(StrEnum):
    """What a message withdraws; UNCLEAR pauses advertising until the person has answered."""

    NONE = "none"
    ADVERTISING = "advertising"
    EVERYTHING = "everything"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """The words of withdrawal, ready for matching; made by `parse`."""

    fillers: frozenset[str]
    signs: Mapping[str, str]
    mended: frozenset[str]
    single: Mapping[str, str]
    kept: frozenset[str]
    exact: Mapping[str, Scope]
    innocent: re.Pattern[str]
    advertising_first: re.Pattern[str]
    everything: re.Pattern[str]
    everything_unless_advertising: re.Pattern[str]
    advertising: re.Pattern[str]
    together_sure: tuple[tuple[Scope, re.Pattern[str]], ...]
    unclear: re.Pattern[str]
    together_unclear: tuple[tuple[Scope, re.Pattern[str]], ...]
    topic: re.Pattern[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a message says; `matched` are the normalised words that decided, for the record."""

    scope: Scope
    matched: tuple[str, ...] = ()


def read(text: str, vocabulary: Vocabulary) -> Reading:
    """Return what a text withdraws. Every text has a reading; no text raises."""
    words = _words(text, vocabulary)
    bare = " ".join(word for word in words if word != "." and word not in vocabulary.fillers)
    scope = vocabulary.exact.get(bare)
    if scope is not None:
        return Reading(scope=scope, matched=(bare,))
    sentence = vocabulary.innocent.sub(" _", "".join(f" {word}" for word in words))
    by_topic = _by_topic(sentence, vocabulary)
    for found, pattern in (
        (Scope.ADVERTISING, vocabulary.advertising_first),
        (Scope.EVERYTHING, vocabulary.everything),
        (Scope.ADVERTISING, vocabulary.advertising),
        (by_topic, vocabulary.everything_unless_advertising),
        *vocabulary.together_sure,
        (Scope.UNCLEAR, vocabulary.unclear),
        *vocabulary.together_unclear,
    ):
        hit = pattern.search(sentence)
        if hit is not None:
            return Reading(scope=found, matched=(hit.group().strip(),))
    return Reading(scope=Scope.NONE)


def normalise(text: str) -> str:
    """Return the text in small letters without accents; a sentence's end is a lone full stop."""
    small = unicodedata.normalize("NFKC", text).casefold()
    folded = _REPEATED_UMLAUT.sub(r"\1", small).translate(_FOLDED)
    plain = "".join(
        sign for sign in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(sign)
    )
    spaced = _NO_WORD.sub(" ", _SENTENCE_END.sub(" . ", plain))
    return " ".join(_REPEATED.sub(r"\1\1", spaced).split())


def parse(document: Mapping[str, Any]) -> Vocabulary:
    """Return the vocabulary that a loaded Rechtsstand file states.

    Raises:
        UnableToReadVocabulary: if a part is missing or a phrase names an unknown group.
    """
    try:
        together = {Scope(scope): phrases for scope, phrases in document["together"].items()}
        groups = {name: tuple(words) for name, words in document["groups"].items()}
        exact = {
            normalise(phrase): Scope(scope)
            for scope, phrases in document["exact"].items()
            for phrase in phrases
        }
        return Vocabulary(
            fillers=frozenset(normalise(word) for word in document["fillers"]),
            signs=MappingProxyType(dict(document["signs"])),
            mended=frozenset(document["mended"]),
            single=MappingProxyType({_single(word): word for word in document["mended"]}),
            kept=frozenset(document["kept"]),
            exact=MappingProxyType(exact),
            innocent=_pattern(document["innocent"], groups, gap=_gap(document["never_passed"])),
            advertising_first=_pattern(document["advertising_first"], groups),
            everything=_pattern(document["everything"], groups),
            everything_unless_advertising=_pattern(
                document["everything_unless_advertising"], groups
            ),
            advertising=_pattern(document["advertising"], groups),
            together_sure=tuple(
                (scope, _together(together[scope], groups))
                for scope in (Scope.EVERYTHING, Scope.ADVERTISING)
            ),
            unclear=_pattern(document["unclear"], groups),
            together_unclear=((Scope.UNCLEAR, _together(together[Scope.UNCLEAR], groups)),),
            topic=_pattern(("<ad>", "<offer>"), groups),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise UnableToReadVocabulary(
            f"The withdrawal vocabulary is incomplete ({error!r}). "
            "Compare the file with the one that was valid before it."
        ) from error


def _words(text: str, vocabulary: Vocabulary) -> list[str]:
    for sign, word in vocabulary.signs.items():
        text = text.replace(sign, f" {word} ")
    words = normalise(text).split()
    if len(words) >= SPELLED_FROM and all(len(word) == 1 for word in words):
        words = ["".join(words)]
    mended = [_mend(word, vocabulary) for word in words]
    return [word for place, word in enumerate(mended) if place == 0 or word != mended[place - 1]]


def _by_topic(sentence: str, vocabulary: Vocabulary) -> Scope:
    topic = vocabulary.topic.search(sentence)
    return Scope.EVERYTHING if topic is None else Scope.ADVERTISING


def _mend(word: str, vocabulary: Vocabulary) -> str:
    if len(word) < MENDED_FROM - 1 or word in vocabulary.kept or word in vocabulary.mended:
        return word
    held_down = vocabulary.single.get(_single(word))
    if held_down is not None:
        return held_down
    near = (known for known in vocabulary.mended if _is_one_slip_away(word, known))
    return min(near, default=word)


def _single(word: str) -> str:
    """Return a word without doubled letters, so that "weerrbungg" and "werbung" are the same."""
    return _DOUBLED.sub(r"\1", word)


def _is_one_slip_away(word: str, known: str) -> bool:
    """Return whether one letter is wrong, missing, too many or swapped, the first one apart."""
    if word[:1] != known[:1] or abs(len(word) - len(known)) > 1 or len(known) < MENDED_FROM:
        return False
    start = 0
    while start < min(len(word), len(known)) and word[start] == known[start]:
        start += 1
    rest, wanted = word[start:], known[start:]
    swapped = rest[:2] == wanted[1::-1] and rest[2:] == wanted[2:] and len(wanted) > 1
    return swapped or wanted[1:] in {rest, rest[1:]} or wanted == rest[1:]


def _pattern(
    phrases: Iterable[str], groups: Mapping[str, tuple[str, ...]], *, gap: str = GAP
) -> re.Pattern[str]:
    compiled = (
        "".join(gap if item == "..." else _item(item, groups) for item in phrase.split())
        for phrase in phrases
    )
    return re.compile("|".join(f"(?:{phrase})(?= |$)" for phrase in compiled))


def _gap(never_passed: Iterable[str]) -> str:
    """Return a gap that ends before certain words."""
    words = "|".join(_word(word) for word in never_passed)
    return GAP.replace("[^ ._]+", f"(?!(?:{words})(?: |$))[^ ._]+")


def _together(phrases: Iterable[str], groups: Mapping[str, tuple[str, ...]]) -> re.Pattern[str]:
    """Return a pattern that finds a sentence with a word of every item, in any order."""
    compiled = (
        "".join(rf"(?=[^.]*{_item(item, groups)}(?= |$))" for item in phrase.split())
        for phrase in phrases
    )
    return re.compile(r"(?:^|\.)(?:" + "|".join(compiled) + ")[^.]*")


def _item(item: str, groups: Mapping[str, tuple[str, ...]]) -> str:
    optional = "?" if item.startswith("?") else ""
    words = "|".join(
        _word(word)
        for part in item.removeprefix("?").split("/")
        for word in (groups[part[1:-1]] if part.startswith("<") else (part,))
    )
    return f"(?: (?:{words})){optional}"


def _word(word: str) -> str:
    stem = re.escape(normalise(word.strip("*")))
    before = "[^ ]*" if word.startswith("*") else ""
    return before + stem + ("[^ ]*" if word.endswith("*") else "")
