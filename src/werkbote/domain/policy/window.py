"""The 24-hour window: one clock per person and number, opened by their messages and calls."""

from datetime import datetime, timedelta

from werkbote.domain import law
from werkbote.domain.policy.decision import Proof, Reference
from werkbote.domain.policy.facts import Facts

LENGTH = timedelta(hours=24)
"""How long a message or call keeps the window open (WhatsApp Business Messaging Policy)."""

TOLERANCE = timedelta(minutes=5)
"""How far a clock may run ahead; a moment further in the future never happened."""


def window_closes_at(facts: Facts, now: datetime) -> datetime | None:
    """Return when the open window closes, None if it is closed."""
    moments = [moment for moment, _ in _contacts(facts, now)]
    if not moments:
        return None
    closing = max(moments) + LENGTH
    return closing if closing > now else None


def is_open(facts: Facts, now: datetime) -> bool:
    """Return whether the person opened this number's window within the last 24 hours."""
    return window_closes_at(facts, now) is not None


def contact_after(facts: Facts, moment: datetime, now: datetime) -> bool:
    """Return whether the person wrote or called after a moment."""
    return any(at > moment for at, _ in _contacts(facts, now))


def request(facts: Facts, purpose: law.Purpose, now: datetime) -> Reference | None:
    """Return the newest message or call that this message may still answer, None if none is."""
    span = LENGTH if purpose.answer_days is None else timedelta(days=purpose.answer_days)
    answered = [
        (at, reference)
        for at, reference in _contacts(facts, now)
        if reference is not None and at + span > now
    ]
    return max(answered, key=lambda pair: (pair[0], pair[1].id))[1] if answered else None


def _contacts(facts: Facts, now: datetime) -> list[tuple[datetime, Reference | None]]:
    """Return the believable contacts at the sending number, each with its record if it has one."""
    window = facts.window
    if window.number_id != facts.number.number_id:
        return []
    inbound_id = facts.message.answers or window.last_inbound_id
    claims = (
        (window.last_inbound_at, inbound_id, Proof.INBOUND),
        (window.last_call_at, window.last_call_id, Proof.CALL),
    )
    return [
        (min(at, now), Reference(kind=kind, id=record) if record else None)
        for at, record, kind in claims
        if at is not None and at <= now + TOLERANCE
    ]
