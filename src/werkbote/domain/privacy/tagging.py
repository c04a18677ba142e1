"""Tags on messages: what one message is beside its case, and which class of the deletion concept that means."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any


class UnableToTag(ValueError):
    """There is no such tag, or the message may not have it; the sentence says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """What a message is. `rule` is the deletion class, `hint_*` says when to choose it.

    The file of a `sensitive` one stays closed until somebody says why they open it (Art. 5(1)(f), 32).
    `notice_*` is what its sender is told, empty where nothing: {day} is the day by which it goes.
    """

    name: str
    rule: str
    de: str
    en: str
    hint_de: str = ""
    hint_en: str = ""
    sensitive: bool = False
    notice_de: str = ""
    notice_en: str = ""

    def notice(self, language: str) -> str:
        """Return what the sender is told, in their language as far as there are words: else in German."""
        return self.notice_en if language == "en" else self.notice_de


@dataclass(frozen=True, slots=True, kw_only=True)
class Automatic:
    """A tag that the house puts on by itself when a case is closed.

    It wants a kind of message in a kind of case with an answer to „Vertrag zustande gekommen?“;
    `words` tells whether a message with words takes it too, since those may be a letter.
    """

    tag: str
    cases: frozenset[str]
    contracts: frozenset[str]
    messages: frozenset[str]
    words: bool = False


def parse_tags(document: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Tag]:
    """Return the tags by name, in the file's order."""
    return MappingProxyType(
        {
            name: Tag(
                name=name,
                rule=one["class"],
                de=one["de"],
                en=one["en"],
                hint_de=one.get("hint_de", ""),
                hint_en=one.get("hint_en", ""),
                sensitive=bool(one.get("sensitive", False)),
                notice_de=one.get("notice_de", ""),
                notice_en=one.get("notice_en", ""),
            )
            for name, one in document.items()
        }
    )


def parse_automatic(document: Iterable[Mapping[str, Any]]) -> tuple[Automatic, ...]:
    """Return what is tagged by itself, in the file's order: the first that fits counts."""
    return tuple(
        Automatic(
            tag=one["tag"],
            cases=frozenset(one["cases"]),
            contracts=frozenset(one["contracts"]),
            messages=frozenset(one["messages"]),
            words=bool(one.get("words", False)),
        )
        for one in document
    )


def automatic(
    rules: Iterable[Automatic], *, case: str, contract: str, message: str, has_words: bool
) -> str:
    """Return the tag a message of a closed case gets by itself, empty where none fits."""
    for one in rules:
        fits = case in one.cases and contract in one.contracts and message in one.messages
        if fits and (one.words or not has_words):
            return one.tag
    return ""
