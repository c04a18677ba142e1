"""What can be corrected (Art. 16), and who has to hear of it (Art. 19)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from werkbote.domain.privacy.requests import Kind


class Wrong(StrEnum):
    """What was wrong. ANNOTATION: what happened stays as it happened, and what is right stands beside it."""

    NAME = "name"
    NUMBER = "number"
    PLATE = "plate"
    VIN = "vin"
    MAKE = "make"
    MODEL = "model"
    REGISTERED = "registered"
    HU = "hu"
    MILEAGE = "mileage"
    TITLE = "title"
    ANNOTATION = "annotation"


WAYS: Mapping[str, tuple[Wrong, ...]] = MappingProxyType(
    {
        "store.Person": (Wrong.NAME,),
        "store.Identity": (Wrong.NUMBER,),
        "store.Vehicle": (
            Wrong.PLATE,
            Wrong.VIN,
            Wrong.MAKE,
            Wrong.MODEL,
            Wrong.REGISTERED,
            Wrong.HU,
            Wrong.MILEAGE,
        ),
        "store.Case": (Wrong.TITLE,),
        "store.Note": (Wrong.ANNOTATION,),
        "store.Message": (Wrong.ANNOTATION,),
    }
)
"""What of which table is corrected how."""

LONGEST = 1000
"""Longest value that is put right, in characters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What is put right: which value, and of which row (0: of the person)."""

    wrong: Wrong
    row: int = 0

    def __str__(self) -> str:
        return f"{self.wrong}:{self.row}"


class UnableToRead(Exception):
    """The word names nothing that can be corrected."""


def read_target(word: str) -> Target:
    """Return what a word of a form names; raise UnableToRead for any other word."""
    name, _, row = word.partition(":")
    if name not in set(Wrong) or not (row.isascii() and row.isdecimal()) or len(row) > 19:  # noqa: PLR2004 -- no id is longer
        raise UnableToRead("Choose what is to be corrected.")
    return Target(wrong=Wrong(name), row=int(row))


class Recipient(StrEnum):
    """Who has got data of a person from us."""

    PROGRAM = "program"
    EXPORT = "export"
    LETTERS = "letters"
    CONTACT_BOOK = "contact_book"


class Told(StrEnum):
    """Whether a recipient has heard of it. UNCONCERNED: has nothing of what was changed."""

    TOLD = "told"
    TO_TELL = "to_tell"
    UNCONCERNED = "unconcerned"


INFORMING = frozenset({Kind.CORRECTION, Kind.ERASURE, Kind.RESTRICTION})
"""The requests after which recipients have to be told (Art. 19)."""


def first_state(recipient: Recipient, kind: Kind, *, number: bool) -> Told:
    """Return how a recipient stands when a request has just been done.

    Programs are told by the house: the change of the conversation is announced to them; of an erasure
    a person tells them, since the announcement goes with the conversation. Meta's contact book has
    numbers only: an erasure calls it itself, a correction of anything else does not touch it.
    """
    if recipient is Recipient.PROGRAM:
        return Told.TO_TELL if kind is Kind.ERASURE else Told.TOLD
    if recipient is Recipient.CONTACT_BOOK:
        if kind is Kind.ERASURE:
            return Told.TOLD
        return Told.TO_TELL if number or kind is Kind.RESTRICTION else Told.UNCONCERNED
    return Told.TO_TELL
