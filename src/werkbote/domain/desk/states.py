"""Where a conversation stands for the team, as a table; what can happen to it; what a member is told."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class State(StrEnum):
    """Where a conversation stands. Snoozed returns by itself, closed when the person writes again."""

    OPEN = "open"
    SNOOZED = "snoozed"
    CLOSED = "closed"


class Cause(StrEnum):
    """What moves a conversation. WROTE: the person wrote; DUE: the time of a snooze has come."""

    SNOOZE = "snooze"
    DUE = "due"
    CLOSE = "close"
    REOPEN = "reopen"
    WROTE = "wrote"


class Outcome(StrEnum):
    """How a conversation ended, as the member who closed it says."""

    ANSWERED = "answered"
    APPOINTMENT = "appointment"
    ORDER = "order"
    NO_REPLY = "no_reply"
    ELSEWHERE = "elsewhere"
    SPAM = "spam"


class Event(StrEnum):
    """What happened to a conversation beside its messages."""

    ASSIGNED = "assigned"
    UNASSIGNED = "unassigned"
    TEAM = "team"
    HANDED_OVER = "handed_over"
    LABELLED = "labelled"
    UNLABELLED = "unlabelled"
    SNOOZED = "snoozed"
    RETURNED = "returned"
    CLOSED = "closed"
    REOPENED = "reopened"
    NOTED = "noted"
    BLOCKED = "blocked"
    UNBLOCKED = "unblocked"
    SPAM = "spam"
    NO_SPAM = "no_spam"
    EXPORTED = "exported"
    ABSENCE_TOLD = "absence_told"
    WINDOW_CLOSING = "window_closing"
    ASKED_SATISFACTION = "asked_satisfaction"
    SATISFACTION = "satisfaction"


class Nudge(StrEnum):
    """Why a member's attention is asked for."""

    ASSIGNED = "assigned"
    HANDED_OVER = "handed_over"
    MENTIONED = "mentioned"
    RETURNED = "returned"
    WINDOW_CLOSING = "window_closing"


TRANSITIONS: Mapping[tuple[State, Cause], State] = MappingProxyType(
    {
        (State.OPEN, Cause.SNOOZE): State.SNOOZED,
        (State.SNOOZED, Cause.SNOOZE): State.SNOOZED,
        (State.SNOOZED, Cause.DUE): State.OPEN,
        (State.SNOOZED, Cause.WROTE): State.OPEN,
        (State.SNOOZED, Cause.REOPEN): State.OPEN,
        (State.OPEN, Cause.CLOSE): State.CLOSED,
        (State.SNOOZED, Cause.CLOSE): State.CLOSED,
        (State.CLOSED, Cause.REOPEN): State.OPEN,
        (State.CLOSED, Cause.WROTE): State.OPEN,
        (State.OPEN, Cause.WROTE): State.OPEN,
    }
)


class UnableToMove(ValueError):
    """The conversation is not in a state from which this leads anywhere."""


def move(*, state: State, cause: Cause) -> State:
    """Return the state after `cause`; raise UnableToMove where the table has no such arrow."""
    try:
        return TRANSITIONS[state, cause]
    except KeyError:
        raise UnableToMove(
            "This conversation has been changed meanwhile: reload it and look again."
        ) from None


def diagram() -> str:
    """Return the transitions as a Mermaid state diagram, for the docs."""
    lines = ["stateDiagram-v2", "    [*] --> open"]
    lines += [f"    {old} --> {new}: {cause}" for (old, cause), new in TRANSITIONS.items()]
    return "\n".join(lines)
