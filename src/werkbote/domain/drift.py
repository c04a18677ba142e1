"""Settings away from the privacy default (Art. 25(2) DSGVO): what the default is, and what is no such setting."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

LONGEST = 300


class Note(StrEnum):
    """What is written down about a setting: seen away from its default, given a reason, back again."""

    NOTICED = "noticed"
    EXPLAINED = "explained"
    ENDED = "ended"


class UnableToReadDefaults(ValueError):
    """The Rechtsstand file on privacy defaults is malformed."""


class UnableToExplain(ValueError):
    """This reason cannot be kept; the sentence says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """How one setting stands: of the installation, the house, or one row such as `number:7`.

    `since`, `by` (an actor of the audit) and `reason` are filled where it differs and they are on record.
    """

    name: str
    object: str
    value: str
    since: datetime | None = None
    by: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Default:
    """One setting and what privacy asks of it.

    `allowed` are the values that are no drift, the default first; where it is empty, `most` is the
    largest number that is none. `fields` are the places it is kept at: of a model, or of the
    environment. `why` says by language for what reason, for a lawyer to read.
    """

    name: str
    fields: Sequence[str]
    allowed: Sequence[str]
    most: int | None
    article: str
    why: Mapping[str, str]

    @property
    def value(self) -> str:
        """Return the default as a code."""
        return self.allowed[0] if self.allowed else str(self.most)

    def is_kept(self, value: str) -> bool:
        """Return whether a value is as privacy would have it."""
        if self.most is None:
            return value in self.allowed
        return value.isdecimal() and int(value) <= self.most


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixed:
    """What privacy asks for and nobody can switch off."""

    name: str
    article: str
    words: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Without:
    """Places where something is set that has no privacy default, and why it has none."""

    fields: Sequence[str]
    words: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Defaults:
    """The dated file: defaults by name, what is fixed, and what has no default."""

    source: str
    settings: Mapping[str, Default]
    fixed: Sequence[Fixed]
    without: Sequence[Without]


def parse(document: Mapping[str, Any]) -> Defaults:
    """Return the defaults of a file; raise UnableToReadDefaults when it is malformed."""
    try:
        return Defaults(
            source=str(document["source"]),
            settings={str(one["name"]): _default(one) for one in document["settings"]},
            fixed=tuple(
                Fixed(name=str(one["name"]), article=str(one["article"]), words=_words(one))
                for one in document["fixed"]
            ),
            without=tuple(
                Without(fields=tuple(map(str, one["fields"])), words=_words(one))
                for one in document["without"]
            ),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise UnableToReadDefaults(
            f"The Rechtsstand file on privacy defaults is malformed ({error}): correct it."
        ) from None


def _default(one: Mapping[str, Any]) -> Default:
    allowed = tuple(map(str, one.get("allowed", ())))
    most = None if allowed else int(one["most"])
    return Default(
        name=str(one["name"]),
        fields=tuple(map(str, one["fields"])),
        allowed=allowed,
        most=most,
        article=str(one["article"]),
        why=_words(one),
    )


def _words(one: Mapping[str, Any]) -> dict[str, str]:
    return {language: str(one[language]) for language in ("de", "en")}


def check_reason(reason: str) -> None:
    """Raise UnableToExplain for no reason, or one that is too long to be read."""
    if not 1 <= len(reason.strip()) <= LONGEST:
        raise UnableToExplain("Say why in up to 300 signs.")
