"""The consent machine as a table: which deed leads from which state to which."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType


class State(StrEnum):
    """Where one person stands with one purpose of one legal entity; only GRANTED may send."""

    UNKNOWN = "unknown"
    OFFERED = "offered"
    DECLINED = "declined"
    PENDING = "pending"
    LAPSED = "lapsed"
    GRANTED = "granted"
    REFRESH_DUE = "refresh_due"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"
    FROZEN = "frozen"
    WITHDRAWN = "withdrawn"
    OBJECTED = "objected"


class Deed(StrEnum):
    """What can happen to a consent.

    META_RESUMED lifts Meta's own block and never changes a state: it is no consent. PAUSED is an
    unclear word of withdrawal until the person has answered.
    """

    OFFERED = "offered"
    IGNORED = "ignored"
    DECLINED = "declined"
    REQUESTED = "requested"
    CONFIRMED = "confirmed"
    LAPSED = "lapsed"
    IMPORTED = "imported"
    USED = "used"
    REFRESH_FELL_DUE = "refresh_fell_due"
    RECONFIRMED = "reconfirmed"
    EXPIRED = "expired"
    TEXT_CHANGED = "text_changed"
    NUMBER_CHANGED = "number_changed"
    WRONG_NUMBER = "wrong_number"
    MINOR_SUSPECTED = "minor_suspected"
    EVIDENCE_DEFECT = "evidence_defect"
    PAUSED = "paused"
    REVERIFIED = "reverified"
    WITHDRAWN = "withdrawn"
    META_STOPPED = "meta_stopped"
    META_RESUMED = "meta_resumed"
    OBJECTED = "objected"


STOPS = frozenset({Deed.WITHDRAWN, Deed.META_STOPPED, Deed.OBJECTED})
"""Deeds that end a consent for good; at the same instant they win over every other."""

FREEZES = frozenset(
    {
        Deed.NUMBER_CHANGED,
        Deed.WRONG_NUMBER,
        Deed.MINOR_SUSPECTED,
        Deed.EVIDENCE_DEFECT,
        Deed.PAUSED,
    }
)
"""Deeds that hold a consent until someone has looked."""

ENDED = frozenset({State.DECLINED, State.LAPSED, State.EXPIRED, State.SUPERSEDED})
STOPPED = frozenset({State.WITHDRAWN, State.OBJECTED})
STARTS = frozenset({State.UNKNOWN, State.OFFERED, State.PENDING, State.FROZEN}) | ENDED | STOPPED
FREEZABLE = frozenset(State) - ENDED - STOPPED - {State.FROZEN}


def _all(states: Iterable[State], target: State) -> Mapping[State, State]:
    return MappingProxyType(dict.fromkeys(sorted(states), target))


TRANSITIONS: Mapping[Deed, Mapping[State, State]] = MappingProxyType(
    {
        Deed.OFFERED: _all({State.UNKNOWN} | ENDED, State.OFFERED),
        Deed.IGNORED: _all({State.OFFERED}, State.UNKNOWN),
        Deed.DECLINED: MappingProxyType(
            {
                State.OFFERED: State.DECLINED,
                State.PENDING: State.DECLINED,
                State.REFRESH_DUE: State.WITHDRAWN,
            }
        ),
        Deed.REQUESTED: _all(STARTS, State.PENDING),
        Deed.CONFIRMED: _all({State.PENDING}, State.GRANTED),
        Deed.LAPSED: _all({State.PENDING}, State.LAPSED),
        Deed.IMPORTED: _all({State.UNKNOWN}, State.GRANTED),
        Deed.USED: _all({State.GRANTED}, State.GRANTED),
        Deed.REFRESH_FELL_DUE: _all({State.GRANTED}, State.REFRESH_DUE),
        Deed.RECONFIRMED: _all({State.REFRESH_DUE}, State.GRANTED),
        Deed.EXPIRED: _all({State.REFRESH_DUE}, State.EXPIRED),
        Deed.TEXT_CHANGED: _all({State.GRANTED, State.REFRESH_DUE}, State.SUPERSEDED),
        **dict.fromkeys(sorted(FREEZES), _all(FREEZABLE, State.FROZEN)),
        Deed.REVERIFIED: _all({State.FROZEN}, State.GRANTED),
        Deed.WITHDRAWN: _all(frozenset(State) - {State.OBJECTED}, State.WITHDRAWN),
        Deed.META_STOPPED: _all(frozenset(State) - {State.OBJECTED}, State.WITHDRAWN),
        Deed.META_RESUMED: MappingProxyType({}),
        Deed.OBJECTED: _all(State, State.OBJECTED),
    }
)
"""Deed × state → state. What is not in the table changes nothing.

Three guards stand beside it (`history.project`): REQUESTED needs a record of its own; CONFIRMED,
RECONFIRMED and IMPORTED need evidence 1 to 9, else they freeze; REVERIFIED leads back to GRANTED
only if the record was granted before, else to UNKNOWN.
"""


def diagram() -> str:
    """Return the table as a mermaid state diagram, one arrow for each pair of states."""
    arrows: dict[tuple[State, State], list[Deed]] = {}
    for deed, moves in TRANSITIONS.items():
        for origin, target in moves.items():
            if origin is not target:
                arrows.setdefault((origin, target), []).append(deed)
    lines = ["stateDiagram-v2", f"    [*] --> {State.UNKNOWN}"]
    for (origin, target), deeds in sorted(arrows.items()):
        lines.append(f"    {origin} --> {target}: {', '.join(deeds)}")
    lines.append(f"    {State.PENDING} --> {State.FROZEN}: {Deed.CONFIRMED} without evidence")
    lines.append(f"    {State.UNKNOWN} --> {State.FROZEN}: {Deed.IMPORTED} without evidence")
    lines.append(f"    {State.FROZEN} --> {State.UNKNOWN}: {Deed.REVERIFIED}, never granted")
    return "\n".join(lines) + "\n"
