"""Who somebody is (identity ladder, recht.md 4.7): which way is open, how long a code holds, what is recorded."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from werkbote.domain.privacy.requests import Rung

CODE_VALID = timedelta(minutes=15)
"""How long a code that was sent can be told."""

ANSWER_VALID = timedelta(hours=48)
"""How long the question on WhatsApp can be answered by its button."""

MOST_TRIES = 5
"""How many wrong codes end a code."""

MOST_CODES = 5
"""How many codes a request sends at most: somebody else's phone is not rung without end."""

MOST_FACTS = 3
"""How many wrong facts of a case end that way."""

ASKED = "request."
"""What the payload of a button is about begins with."""


class Sign(StrEnum):
    """One step that was taken to make sure who asks."""

    CODE_SENT = "code_sent"
    CODE_WRONG = "code_wrong"
    CODE_RIGHT = "code_right"
    ASKED_BACK = "asked_back"
    CONFIRMED = "confirmed"
    DENIED = "denied"
    FACT_WRONG = "fact_wrong"
    FACT_RIGHT = "fact_right"
    COUNTER = "counter"
    DOCUMENT = "document"
    UNIDENTIFIED = "unidentified"
    SAME_CHAT = "same_chat"


type Proof = Sequence[Mapping[str, Any]]
"""The steps of one request in their order: sign, time, who did it, numbers of rows. No contents."""


def by_hand(rung: Rung) -> bool:
    """Return whether a member enters this rung; the others are found out by the house itself."""
    return rung in {Rung.COUNTER, Rung.DOCUMENT}


def needs_fact(*, writer: int | None, group: Sequence[int]) -> bool:
    """Return whether a code is not enough: the request was written from a number nobody knows.

    `writer` is who wrote it, None where it came another way; `group` are the numbers of whom it names.
    """
    return writer is not None and writer not in group


def code_of(proof: Proof, *, at: datetime) -> Mapping[str, Any] | None:
    """Return the step of the code that still holds at a moment, None where none does."""
    after: list[Mapping[str, Any]] = []
    for step in reversed(proof):
        if step["sign"] == Sign.CODE_RIGHT:
            return None
        if step["sign"] == Sign.CODE_SENT:
            wrong = sum(one["sign"] == Sign.CODE_WRONG for one in after)
            holds = at < datetime.fromisoformat(step["at"]) + CODE_VALID and wrong < MOST_TRIES
            return step if holds else None
        after.append(step)
    return None


def known_by_code(proof: Proof) -> int | None:
    """Return the person whose phone told the right code last, None where none did."""
    right = [step for step in proof if step["sign"] == Sign.CODE_RIGHT]
    return int(right[-1]["person"]) if right else None


def asked_back(proof: Proof, *, at: datetime) -> int | None:
    """Return the person the open question with the button went to, None where none is open."""
    for step in reversed(proof):
        if step["sign"] in {Sign.CONFIRMED, Sign.DENIED}:
            return None
        if step["sign"] == Sign.ASKED_BACK:
            holds = at < datetime.fromisoformat(step["at"]) + ANSWER_VALID
            return int(step["person"]) if holds else None
    return None


def count(proof: Proof, sign: Sign) -> int:
    """Return how often a step was taken."""
    return sum(step["sign"] == sign for step in proof)
