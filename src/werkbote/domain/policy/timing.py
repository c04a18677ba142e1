"""Rules about when: the service window, quiet hours, public holidays, how often."""

from datetime import datetime, timedelta

from werkbote.domain import law, quiet
from werkbote.domain.policy import purposes, window
from werkbote.domain.policy.decision import Refusal, refuse
from werkbote.domain.policy.facts import Facts, Kind


def window_open(facts: Facts, now: datetime) -> Refusal | None:
    """Outside the 24-hour window only templates may be sent (Messaging Policy, error 131047)."""
    if facts.message.kind in {Kind.TEMPLATE, Kind.MAIL} or window.is_open(facts, now):
        return None
    return refuse(facts, law.RuleId.WINDOW_CLOSED, now)


def waking_hours(facts: Facts, now: datetime) -> Refusal | None:
    """Advertising keeps the branch's hours and its Bundesland's public holidays (§ 7(1) UWG).

    An e-mail wakes nobody: it waits in its box until it is fetched.
    """
    if not purposes.is_advertising(facts) or facts.message.kind is Kind.MAIL:
        return None
    branch = facts.branch
    if branch is None:
        return refuse(facts, law.RuleId.UNREADABLE, now)
    hours = branch.hours or facts.law.advertising_hours
    if quiet.is_free(now, hours=hours, zone=branch.zone, holidays=branch.holidays):
        return None
    retry_at = quiet.next_free(now, hours=hours, zone=branch.zone, holidays=branch.holidays)
    holiday = now.astimezone(branch.zone).date() in branch.holidays
    rule = law.RuleId.HOLIDAY if holiday else law.RuleId.QUIET_HOURS
    return refuse(facts, rule, now, retry_at=retry_at)


def within_caps(facts: Facts, now: datetime) -> Refusal | None:
    """No purpose reaches a person more often than was promised."""
    purpose = purposes.purpose_of(facts)
    if purpose is None or not purposes.is_plain(facts):
        return None
    if facts.caps is None:
        return refuse(facts, law.RuleId.UNREADABLE, now) if purpose.caps else None
    full = [cap for cap in (*purpose.caps, *facts.caps.caps) if _is_full(cap, facts, now)]
    if not full:
        return None
    if any(cap.count < 1 for cap in full):
        return refuse(facts, law.RuleId.CAP_REACHED, now)
    retry_at = max(_frees_at(cap, facts) for cap in full)
    return refuse(facts, law.RuleId.CAP_REACHED, now, retry_at=retry_at)


def _is_full(cap: law.Cap, facts: Facts, now: datetime) -> bool:
    sent = facts.caps.sent if facts.caps else ()
    return sum(at + timedelta(days=cap.days) > now for at in sent) >= cap.count


def _frees_at(cap: law.Cap, facts: Facts) -> datetime:
    """Return when the last but `count` message leaves the span; needs a full cap."""
    sent = sorted(facts.caps.sent) if facts.caps else []
    return sent[-cap.count] + timedelta(days=cap.days)


RULES = (window_open, waking_hours, within_caps)
