"""A case (Vorgang) as a table: its kinds, its states, and the one question its end asks."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Kind(StrEnum):
    """What a case is about (recht.md 4.3, 4.4); decides with the contract how long it is kept."""

    INQUIRY = "inquiry"
    APPOINTMENT = "appointment"
    REPAIR_ORDER = "repair_order"
    PARTS_ORDER = "parts_order"
    PURCHASE = "purchase"
    LEAD = "lead"
    TEST_DRIVE = "test_drive"
    COMPLAINT = "complaint"
    ACCIDENT = "accident"
    CONTACT_REQUEST = "contact_request"
    RIGHTS_REQUEST = "rights_request"


class State(StrEnum):
    """Where a case stands. WAITING waits for the customer, for parts or for somebody else."""

    OPEN = "open"
    WAITING = "waiting"
    CLOSED = "closed"


class Cause(StrEnum):
    """What moves a case."""

    WAIT = "wait"
    RESUME = "resume"
    CLOSE = "close"
    REOPEN = "reopen"


class Contract(StrEnum):
    """The answer to „Vertrag zustande gekommen?“; retention depends on it."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


TRANSITIONS: Mapping[tuple[State, Cause], State] = MappingProxyType(
    {
        (State.OPEN, Cause.WAIT): State.WAITING,
        (State.WAITING, Cause.RESUME): State.OPEN,
        (State.OPEN, Cause.CLOSE): State.CLOSED,
        (State.WAITING, Cause.CLOSE): State.CLOSED,
        (State.CLOSED, Cause.REOPEN): State.OPEN,
    }
)


class UnableToMove(ValueError):
    """The case is not in a state from which this leads anywhere."""


def move(*, state: State, cause: Cause) -> State:
    """Return the state after `cause`; raise UnableToMove where the table has no such arrow."""
    try:
        return TRANSITIONS[state, cause]
    except KeyError:
        raise UnableToMove(
            "This case has been changed meanwhile: reload it and look again."
        ) from None


def diagram() -> str:
    """Return the transitions as a Mermaid state diagram, for the docs."""
    lines = ["stateDiagram-v2", "    [*] --> open"]
    lines += [f"    {old} --> {new}: {cause}" for (old, cause), new in TRANSITIONS.items()]
    return "\n".join(lines)
