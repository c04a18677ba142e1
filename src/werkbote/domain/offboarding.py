"""Leaving private WhatsApp (Ausstieg): the words of it, and how far a dealer has come."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from werkbote.domain import guide, law

type Texts = Mapping[str, str]

LONGEST_NAME = 120


class UnableToSign(Exception):
    """The declaration cannot be signed like this; `problem` is a code, the text a remedy."""

    def __init__(self, problem: str, sentence: str) -> None:
        super().__init__(sentence)
        self.problem = problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing to do on the own phone, and the sentence that declares it done."""

    id: str
    todo: Texts
    declared: Texts


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionClass:
    """A class of deletion a chat can be filed under (Löschklasse); few people open a restricted one."""

    id: str
    label: Texts
    restricted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What one Rechtsstand says about the way out of private WhatsApp."""

    version: str
    decide_within_days: int
    declare_within_days: int
    classes: tuple[RetentionClass, ...]
    steps: tuple[Step, ...]
    declaration: Mapping[str, Texts]
    invitation: Mapping[str, Texts]


def parse(document: Mapping[str, Any]) -> Rules:
    """Return the rules a Rechtsstand file states; raise law.UnableToReadLaw when one is missing."""
    try:
        return Rules(
            version=str(document["version"]),
            decide_within_days=int(document["decide_within_days"]),
            declare_within_days=int(document["declare_within_days"]),
            classes=tuple(
                RetentionClass(
                    id=one["id"],
                    label={"de": one["de"], "en": one["en"]},
                    restricted=bool(one.get("restricted", False)),
                )
                for one in document["classes"]
            ),
            steps=tuple(
                Step(id=one["id"], todo=dict(one["todo"]), declared=dict(one["declared"]))
                for one in document["steps"]
            ),
            declaration={key: dict(text) for key, text in document["declaration"].items()},
            invitation={key: dict(text) for key, text in document["invitation"].items()},
        )
    except (KeyError, TypeError, ValueError) as error:
        raise law.UnableToReadLaw(
            f"The Rechtsstand file on old_chats lacks or garbles {error}. Put it back."
        ) from error


def check_signature(*, name: str, ticks: Iterable[str], confirmed: bool, rules: Rules) -> None:
    """Raise UnableToSign unless every step is confirmed and a full name is typed."""
    missing = {step.id for step in rules.steps} - set(ticks)
    if missing:
        raise UnableToSign(
            "ticks", "Confirm every step; what does not apply to you counts as done."
        )
    if not confirmed:
        raise UnableToSign("confirmed", "Confirm that the declaration is correct and complete.")
    words = [word for word in name.split() if any(sign.isalpha() for sign in word)]
    if len(words) < 2 or len(name) > LONGEST_NAME:  # noqa: PLR2004 -- first name and surname
        raise UnableToSign("name", "Type your first name and surname.")


class Standing(StrEnum):
    """How one member stands."""

    NOT_ASKED = "not_asked"
    OPEN = "open"
    OVERDUE = "overdue"
    SIGNED = "signed"


def standing(*, asked: bool, signed: bool, due_on: date | None, today: date) -> Standing:
    """Return how a member stands; a newer request counts more than an older signature."""
    if asked and not signed:
        late = due_on is not None and due_on < today
        return Standing.OVERDUE if late else Standing.OPEN
    return Standing.SIGNED if signed else Standing.NOT_ASKED


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """How far a dealer is: the light, and the answer it gives to the check's question `old_chats`."""

    light: guide.Light
    answer: str
    signed: int
    members: int
    undecided: int
    late: int


def outlook(*, members: Sequence[Standing], undecided: int, late: int) -> Outlook:
    """Return how far a dealer is. `undecided` old chats are open, `late` of them beyond their days.

    Green: all have signed and no chat is open. Red: nothing signed, somebody overdue, or a chat late.
    """
    signed = members.count(Standing.SIGNED)
    overdue = members.count(Standing.OVERDUE)
    if members and signed == len(members) and not undecided:
        light, answer = guide.Light.GREEN, "settled"
    elif not signed or overdue or late:
        light, answer = guide.Light.RED, "partly" if signed else "no"
    else:
        light, answer = guide.Light.YELLOW, "partly"
    return Outlook(
        light=light,
        answer=answer,
        signed=signed,
        members=len(members),
        undecided=undecided,
        late=late,
    )
