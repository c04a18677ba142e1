"""How a message's state moves: order and repetition of news cannot matter.

Outbound states are a table; what the provider reports is merged by rank, so that the same set of
reports in any order and any number gives the same picture (RFC-free: Meta says "timestamps rule,
not arrival order", Cloud API webhooks, 2026).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from werkbote.domain import events


class State(StrEnum):
    """Where a message stands. RECEIVED is every message we did not write through the gate."""

    RECEIVED = "received"
    QUEUED = "queued"
    REFUSED = "refused"
    SENDING = "sending"
    UNKNOWN = "unknown"
    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Cause(StrEnum):
    """What may move an outbound message from one state to another."""

    REFUSE = "refuse"
    WAIT = "wait"
    PERMIT = "permit"
    CANCEL = "cancel"
    ACCEPTED = "accepted"
    RETRY = "retry"
    GIVE_UP = "give up"
    SILENCE = "silence"
    REPORTED = "reported"
    DECIDED_LOST = "decided lost"
    DECIDED_AGAIN = "decided again"


TRANSITIONS: Mapping[tuple[State, Cause], State] = {
    (State.QUEUED, Cause.REFUSE): State.REFUSED,
    (State.QUEUED, Cause.WAIT): State.QUEUED,
    (State.QUEUED, Cause.PERMIT): State.SENDING,
    (State.QUEUED, Cause.CANCEL): State.CANCELLED,
    (State.SENDING, Cause.ACCEPTED): State.SENT,
    (State.SENDING, Cause.RETRY): State.QUEUED,
    (State.SENDING, Cause.GIVE_UP): State.FAILED,
    (State.SENDING, Cause.SILENCE): State.UNKNOWN,
    (State.SENDING, Cause.REPORTED): State.SENT,
    (State.UNKNOWN, Cause.REPORTED): State.SENT,
    (State.UNKNOWN, Cause.DECIDED_LOST): State.FAILED,
    (State.UNKNOWN, Cause.DECIDED_AGAIN): State.QUEUED,
}

NEEDS_PERMIT = frozenset(
    {State.SENDING, State.UNKNOWN, State.SENT, State.DELIVERED, State.READ, State.FAILED}
)
"""Outbound states that can only be reached with a permit on record (a database CHECK holds it)."""

_MEANS: Mapping[events.Status, State] = {
    events.Status.SENT: State.SENT,
    events.Status.DELIVERED: State.DELIVERED,
    events.Status.READ: State.READ,
    events.Status.PLAYED: State.READ,
    events.Status.FAILED: State.FAILED,
}


class UnableToMove(ValueError):
    """The message is not in a state from which this cause leads anywhere."""


def move(*, state: State, cause: Cause) -> State:
    """Return the state after `cause`; raise UnableToMove where the table has no such arrow."""
    try:
        return TRANSITIONS[state, cause]
    except KeyError:
        raise UnableToMove(
            f"A message that is {state} cannot move by “{cause}”; reload it and look again."
        ) from None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One status report: the provider's word and its time (UTC)."""

    status: events.Status
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """What all reports of one message amount to. Each time is the earliest report of its kind."""

    sent_at: datetime | None = None
    delivered_at: datetime | None = None
    read_at: datetime | None = None
    failed_at: datetime | None = None

    @property
    def state(self) -> State | None:
        """The furthest state reached; None without any report.

        Delivered or read outweigh failed: the person has the message, whatever else was said.
        """
        if self.read_at is not None:
            return State.READ
        if self.delivered_at is not None:
            return State.DELIVERED
        if self.failed_at is not None:
            return State.FAILED
        return State.SENT if self.sent_at is not None else None


def merge(progress: Progress, report: Report) -> Progress:
    """Return `progress` with one more report; commutative, associative and idempotent."""
    means = _MEANS[report.status]

    def earliest(known: datetime | None, state: State) -> datetime | None:
        if means is not state:
            return known
        return report.at if known is None else min(known, report.at)

    return Progress(
        sent_at=earliest(progress.sent_at, State.SENT),
        delivered_at=earliest(progress.delivered_at, State.DELIVERED),
        read_at=earliest(progress.read_at, State.READ),
        failed_at=earliest(progress.failed_at, State.FAILED),
    )


def diagram() -> str:
    """Return the outbound transitions as a Mermaid state diagram, for the docs."""
    lines = ["stateDiagram-v2", "    [*] --> queued"]
    lines += [f"    {old} --> {new}: {cause}" for (old, cause), new in TRANSITIONS.items()]
    lines += ["    sent --> delivered: reported", "    delivered --> read: reported"]
    lines += ["    sent --> failed: reported"]
    return "\n".join(lines)
