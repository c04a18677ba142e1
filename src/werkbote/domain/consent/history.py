"""From a history of consent events to where it stands: any order of arrival gives one answer."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

from werkbote.domain import law
from werkbote.domain.consent import states
from werkbote.domain.consent.evidence import Evidence
from werkbote.domain.consent.states import Deed, State

PROVEN = frozenset({Deed.CONFIRMED, Deed.RECONFIRMED, Deed.IMPORTED})
"""Deeds that grant only with evidence 1 to 9."""

FROM_NUMBER = frozenset({Deed.CONFIRMED, Deed.RECONFIRMED})
"""Deeds that count only if they came from the number itself."""

OF_RECORD = frozenset(
    {Deed.CONFIRMED, Deed.RECONFIRMED, Deed.LAPSED, Deed.EXPIRED, Deed.REFRESH_FELL_DUE}
)
"""Deeds that speak of one record and leave any other alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that happened to the consent of one person, purpose and legal entity.

    `record_id` names the consent record; a new request is a new record. `occurred_at` is when it
    happened, not when it arrived. `from_number`: it was said from the number itself.
    """

    event_id: str
    record_id: str
    deed: Deed
    occurred_at: datetime
    by: str
    from_number: bool = False
    evidence: Evidence | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a consent stands.

    `granted_at` belongs to a grant that still holds or could be thawed. `ignored` are the ids of
    events that changed nothing.
    """

    state: State = State.UNKNOWN
    record_id: str | None = None
    since: datetime | None = None
    requested_at: datetime | None = None
    granted_at: datetime | None = None
    last_used_at: datetime | None = None
    evidence: Evidence | None = None
    ignored: tuple[str, ...] = ()


def project(events: Iterable[Event], *, periods: law.ConsentPeriods) -> Standing:
    """Return where a history stands; order and repetition of the events do not matter.

    Events are taken by (occurred_at, id); at the same instant a freeze or a stop comes last.
    """
    unique = {event.event_id: event for event in sorted(events, key=_order)}
    standing, seen = Standing(), set[str]()
    for event in sorted(unique.values(), key=_order):
        target = _target(standing, event, seen, periods)
        if event.deed in {Deed.REQUESTED, Deed.IMPORTED}:
            seen.add(event.record_id)
        if target is None:
            standing = replace(standing, ignored=(*standing.ignored, event.event_id))
        else:
            standing = _moved(standing, event, target)
    return standing


def due(
    standing: Standing,
    *,
    periods: law.ConsentPeriods,
    now: datetime,
    last_inbound_at: datetime | None = None,
) -> Deed | None:
    """Return the deed that time has made due, None if there is none.

    A grant falls due for refresh when it was long unused, or when the person was long silent.
    """
    if standing.state is State.PENDING and standing.requested_at is not None:
        late = now > standing.requested_at + timedelta(hours=periods.confirm_hours)
        return Deed.LAPSED if late else None
    if standing.state is State.GRANTED and standing.granted_at is not None:
        used = max(standing.granted_at, standing.last_used_at or standing.granted_at)
        heard = max(standing.granted_at, last_inbound_at or standing.granted_at)
        unused = now >= law.months_after(used, periods.refresh_unused_months)
        silent = now >= law.months_after(heard, periods.refresh_silent_months)
        return Deed.REFRESH_FELL_DUE if unused or silent else None
    if standing.state is State.REFRESH_DUE and standing.since is not None:
        over = now >= standing.since + timedelta(days=periods.expiry_days)
        return Deed.EXPIRED if over else None
    return None


def state_at(
    standing: Standing,
    *,
    periods: law.ConsentPeriods,
    now: datetime,
    last_inbound_at: datetime | None = None,
) -> State:
    """Return the state that holds at a moment, even if no sweep has written down what fell due."""
    deed = due(standing, periods=periods, now=now, last_inbound_at=last_inbound_at)
    return standing.state if deed is None else states.TRANSITIONS[deed][standing.state]


def can_ask(standing: Standing, *, periods: law.ConsentPeriods, now: datetime) -> bool:
    """Return whether the house may offer this consent: not after a stop, not soon after a no."""
    if standing.state not in states.TRANSITIONS[Deed.OFFERED] or standing.since is None:
        return standing.state is State.UNKNOWN
    return now >= law.months_after(standing.since, periods.reask_months)


def content_of(event: Event) -> dict[str, object]:
    """Return an event as the content of a link in the ledger's hash chain."""
    return asdict(event)


def _order(event: Event) -> tuple[datetime, int, str]:
    last = event.deed in states.STOPS or event.deed in states.FREEZES
    return (event.occurred_at, 2 if event.deed in states.STOPS else int(last), event.event_id)


def _target(
    standing: Standing, event: Event, seen: set[str], periods: law.ConsentPeriods
) -> State | None:
    """Return the state an event leads to, None if it changes nothing."""
    target = states.TRANSITIONS[event.deed].get(standing.state)
    if target is None or not _counts(standing, event, seen):
        return None
    if event.deed is Deed.CONFIRMED and _is_late(standing, event, periods):
        return State.LAPSED
    if event.deed in PROVEN and not _is_proven(event):
        return State.FROZEN
    if event.deed is Deed.REVERIFIED and standing.granted_at is None:
        return State.UNKNOWN
    return target


def _counts(standing: Standing, event: Event, seen: set[str]) -> bool:
    if event.deed in {Deed.REQUESTED, Deed.IMPORTED} and event.record_id in seen:
        return False
    if event.deed in OF_RECORD and event.record_id != standing.record_id:
        return False
    return event.from_number or event.deed not in FROM_NUMBER


def _is_late(standing: Standing, event: Event, periods: law.ConsentPeriods) -> bool:
    asked = standing.requested_at
    return asked is None or event.occurred_at > asked + timedelta(hours=periods.confirm_hours)


def _is_proven(event: Event) -> bool:
    return event.evidence is not None and not event.evidence.missing()


def _moved(standing: Standing, event: Event, target: State) -> Standing:
    at = event.occurred_at
    if event.deed is Deed.USED:
        return replace(standing, last_used_at=at)
    moved = replace(standing, state=target, since=at)
    if event.evidence is not None:
        moved = replace(moved, evidence=event.evidence)
    if event.deed in {Deed.REQUESTED, Deed.IMPORTED}:
        moved = replace(moved, record_id=event.record_id, requested_at=at, granted_at=None)
        moved = replace(moved, last_used_at=None, evidence=event.evidence)
    if target is State.GRANTED and event.deed in PROVEN:
        return replace(moved, granted_at=at)
    kept = target in {State.GRANTED, State.REFRESH_DUE, State.FROZEN}
    return moved if kept else replace(moved, granted_at=None)
