"""Requests of persons (Art. 15 to 21): their kinds and states, who somebody is, and words that are one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from werkbote.domain import delivery, law, withdrawal

LONGEST = 600
"""Longer texts are letters, and are read by a person anyway."""

_GAP = 2


class Kind(StrEnum):
    """What a person asks for."""

    ACCESS = "access"
    COPY = "copy"
    CORRECTION = "correction"
    ERASURE = "erasure"
    RESTRICTION = "restriction"
    OBJECTION = "objection"


class RequestState(StrEnum):
    """Where a request stands. REVIEW: a person must say whether it is one at all."""

    REVIEW = "review"
    IDENTIFY = "identify"
    OPEN = "open"
    ANSWERED = "answered"
    REFUSED = "refused"
    DROPPED = "dropped"


UNANSWERED = frozenset({RequestState.REVIEW, RequestState.IDENTIFY, RequestState.OPEN})

CHANNELS = ("whatsapp", "page", "phone", "counter", "email", "letter", "api")


LOOKS = ("claims", "consent", "protection", "interest", "request")
"""Why restricted data may be looked at (Art. 18(2)); the last: to answer the person's own request."""


LIFTS = ("accurate", "decided", "settled", "wish")
"""Why a restriction ends: the counterpart of what it was asked for (Art. 18(1))."""

_TOLD_STATES = frozenset({delivery.State.SENT, delivery.State.DELIVERED, delivery.State.READ})


COUNTED = timedelta(days=365)
"""How far back requests of one person are counted. A number alone refuses nobody (Art. 12(5))."""


def told_of_end(result: Mapping[str, object], *, state: str) -> bool:
    """Return whether a person knows that their restriction ends: by a letter, or by a message that left.

    `state` is where the message stands, empty without one.
    """
    return "letter" in result or state in _TOLD_STATES


HOLD_ENDS = ("dispute_over", "no_longer_needed", "by_mistake")
"""Why a legal hold is ended."""

LETTER_REASONS = ("tax_audit", "vat_visit", "accounts", "claims", "request")
"""Why archived letters may be opened or handed out: what they are kept for (§ 147 AO), and claims."""


class Rung(StrEnum):
    """How it was made sure that the person is who they say (identity ladder)."""

    NUMBER = "number"
    CODE = "code"
    FACT = "fact"
    COUNTER = "counter"
    DOCUMENT = "document"


_MOVES: Mapping[tuple[RequestState, str], RequestState] = MappingProxyType(
    {
        (RequestState.REVIEW, "accept"): RequestState.OPEN,
        (RequestState.REVIEW, "doubt"): RequestState.IDENTIFY,
        (RequestState.REVIEW, "drop"): RequestState.DROPPED,
        (RequestState.IDENTIFY, "identify"): RequestState.OPEN,
        (RequestState.IDENTIFY, "refuse"): RequestState.REFUSED,
        (RequestState.OPEN, "answer"): RequestState.ANSWERED,
        (RequestState.OPEN, "refuse"): RequestState.REFUSED,
    }
)


class UnableToMoveRequest(Exception):
    """The request is not in a state in which this can be done."""


def move_request(state: RequestState, cause: str) -> RequestState:
    """Return the state a cause leads to; raise UnableToMoveRequest where it leads nowhere."""
    try:
        return _MOVES[state, cause]
    except KeyError:
        raise UnableToMoveRequest(
            "This request has been changed meanwhile: reload the page and look again."
        ) from None


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrases:
    """The words that make a message a request: per kind, phrases whose words follow one another."""

    version: str
    phrases: tuple[tuple[Kind, tuple[str, ...]], ...]


def parse_phrases(document: Mapping[str, Any]) -> Phrases:
    """Return the phrases of a loaded file; raise law.UnableToReadLaw where it is malformed."""
    try:
        return Phrases(
            version=document["valid_from"].isoformat(),
            phrases=tuple(
                (Kind(kind), tuple(withdrawal.normalise(phrase).split()))
                for kind, phrases in document["phrases"].items()
                for phrase in phrases
            ),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise law.UnableToReadLaw(
            f"The file on requests is malformed ({error!r}). Compare it with the one before it."
        ) from error


def recognise(text: str, phrases: Phrases) -> Kind | None:
    """Return what a message asks for, None for any other: the first phrase of the file that fits.

    The words of a phrase must follow one another with at most two words between them. A person of
    the team looks at every hit, so that a wrong one costs a glance, and a missed one a right.
    """
    if len(text) > LONGEST:
        return None
    words = withdrawal.normalise(text).split()
    for kind, phrase in phrases.phrases:
        if _follows(words, phrase):
            return kind
    return None


def _follows(words: Sequence[str], phrase: Sequence[str]) -> bool:
    for start, word in enumerate(words):
        if word != phrase[0]:
            continue
        at = start
        for wanted in phrase[1:]:
            span = words[at + 1 : at + 2 + _GAP]
            if wanted not in span:
                break
            at += 1 + span.index(wanted)
        else:
            return True
    return False
