"""Erasure (Art. 17): its states, what withstands it, and the two papers that prove it (recht.md 4.6)."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from werkbote.domain import consent

FORMAT = "werkbote erasure protocol 1"
HOUSE_TEXTS = (
    "automation_rule",
    "branch_hours",
    "breach",
    "canned_reply",
    "house_rule",
    "joint_controller",
    "label",
    "legal_hold",
    "macro",
    "newsletter_issue",
    "paper",
    "processor",
    "setting_note",
    "support_window",
    "template",
)
"""Tables with texts that the house writes for itself: about nobody, so neither searched nor erased."""
CONFIRMATION = "werkbote erasure confirmation 1"


class UnableToMove(Exception):
    """The erasure is not in a state in which this can be done; reload the page."""


class State(StrEnum):
    """Where an erasure stands. FAILED means: not complete, tried again, and says so."""

    WAITING = "waiting"
    READY = "ready"
    RUNNING = "running"
    FAILED = "failed"
    HELD = "held"
    DONE = "done"
    REFUSED = "refused"


OPEN = frozenset({State.WAITING, State.READY, State.RUNNING, State.FAILED, State.HELD})
"""States from which an erasure still goes on."""

_MOVES: Mapping[tuple[State, str], State] = MappingProxyType(
    {
        (State.WAITING, "approve"): State.READY,
        (State.WAITING, "refuse"): State.REFUSED,
        (State.READY, "start"): State.RUNNING,
        (State.READY, "hold"): State.HELD,
        (State.RUNNING, "start"): State.RUNNING,
        (State.RUNNING, "fail"): State.FAILED,
        (State.RUNNING, "hold"): State.HELD,
        (State.RUNNING, "finish"): State.DONE,
        (State.FAILED, "start"): State.RUNNING,
        (State.FAILED, "hold"): State.HELD,
        (State.HELD, "release"): State.READY,
        (State.HELD, "refuse"): State.REFUSED,
    }
)


def move(state: State, cause: str) -> State:
    """Return the state a cause leads to; raise UnableToMove where it leads nowhere."""
    try:
        return _MOVES[state, cause]
    except KeyError:
        raise UnableToMove(
            f"An erasure that is “{state}” cannot be changed by “{cause}”; reload the page."
        ) from None


class Trigger(StrEnum):
    """Why something is erased."""

    REQUEST = "request"
    STAFF = "staff"
    RULE = "rule"
    REPLAY = "replay"


class Stop(StrEnum):
    """What becomes of the suppression list: what is there stays, an entry is made, or all goes."""

    KEEP = "keep"
    ADD = "add"
    REMOVE = "remove"


class Store(StrEnum):
    """Stores beside the tables of a person; tables are named by their model."""

    SEARCH = "store.SearchToken"
    PERSON = "store.Person"
    SUPPRESSION = "store.Suppression"
    CONTACT_BOOK = "contact_book"
    VERIFICATION = "verification"


class StepState(StrEnum):
    """How far one store is."""

    WAITING = "waiting"
    FAILED = "failed"
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A rule that keeps something: which, how many rows of what, until when (None: not known yet)."""

    rule: str
    store: str
    count: int
    until: date | None
    article: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What became of one store: counts and codes, no contents."""

    store: str
    state: str
    count: int
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Protocol:
    """All that is recorded about an erasure. Row numbers, codes, counts and times; no contents."""

    run: int
    subject: int
    scope: str
    trigger: Trigger
    request: int | None
    identified_by: str
    operators: tuple[str, ...]
    asked_at: datetime
    started_at: datetime
    erased_at: datetime
    ended_at: datetime
    preview: Mapping[str, int]
    blocks: tuple[Block, ...]
    steps: tuple[Step, ...]
    keys_destroyed: tuple[int, ...]
    backups_until: date
    suppression_kept: bool
    verification_hits: int
    law: str


def internal(protocol: Protocol) -> dict[str, Any]:
    """Return the internal protocol (Löschprotokoll), with what stays for everybody and the hash over all."""
    content = {"format": FORMAT, **asdict(protocol), "house_texts_kept": HOUSE_TEXTS}
    plain = consent.canonical(content)
    return {**content, "hash": hashlib.sha256(plain).hexdigest()}


def digest(content: Mapping[str, Any]) -> str:
    """Return the hash an internal protocol must carry."""
    bare = {name: value for name, value in content.items() if name != "hash"}
    return hashlib.sha256(consent.canonical(bare)).hexdigest()


def confirmation(protocol: Protocol) -> dict[str, Any]:
    """Return what the person is told (Löschbestätigung): counts, what is kept and why, by when."""
    gone = [step for step in protocol.steps if step.count and step.store != Store.VERIFICATION]
    return {
        "format": CONFIRMATION,
        "number": protocol.run,
        "erased_on": protocol.erased_at.date(),
        "erased": {step.store: step.count for step in gone},
        "kept": [asdict(block) for block in protocol.blocks],
        "complete": not protocol.blocks,
        "suppression_kept": protocol.suppression_kept,
        "backups_until": protocol.backups_until,
        "contact_book": _contact_book(protocol.steps),
    }


def _contact_book(steps: Sequence[Step]) -> str:
    """Return "deleted", "empty" or "failed": what Meta answered for its contact book."""
    asked = [step for step in steps if step.store.startswith(Store.CONTACT_BOOK)]
    if any(step.state != StepState.DONE for step in asked):
        return "failed"
    return "deleted" if any(step.count for step in asked) else "empty"
