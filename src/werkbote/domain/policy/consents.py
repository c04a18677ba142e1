"""Rules about consent: only a granted record for this very purpose lets a message out."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from werkbote.domain import consent, law
from werkbote.domain.policy import purposes, window
from werkbote.domain.policy.decision import Refusal, refuse
from werkbote.domain.policy.facts import Facts

REFUSALS: Mapping[consent.State, law.RuleId] = MappingProxyType(
    {
        consent.State.UNKNOWN: law.RuleId.CONSENT_MISSING,
        consent.State.OFFERED: law.RuleId.CONSENT_MISSING,
        consent.State.DECLINED: law.RuleId.CONSENT_DECLINED,
        consent.State.PENDING: law.RuleId.CONSENT_PENDING,
        consent.State.LAPSED: law.RuleId.CONSENT_LAPSED,
        consent.State.REFRESH_DUE: law.RuleId.CONSENT_REFRESH_DUE,
        consent.State.EXPIRED: law.RuleId.CONSENT_EXPIRED,
        consent.State.SUPERSEDED: law.RuleId.CONSENT_SUPERSEDED,
        consent.State.FROZEN: law.RuleId.CONSENT_FROZEN,
        consent.State.WITHDRAWN: law.RuleId.CONSENT_WITHDRAWN,
        consent.State.OBJECTED: law.RuleId.OBJECTED,
    }
)
"""Why each state but GRANTED refuses."""


def consent_granted(facts: Facts, now: datetime) -> Refusal | None:
    """Where consent is the basis, its record must be granted, for this purpose and this entity."""
    purpose = purposes.purpose_of(facts)
    if purpose is None or not purposes.is_plain(facts):
        return None
    if not purpose.opt_in and purpose.evidence is not law.Evidence.CONSENT:
        return None
    rule = REFUSALS.get(facts.consent.state)
    if rule is not None:
        return refuse(facts, rule, now)
    if not _is_recorded(facts):
        return refuse(facts, law.RuleId.CONSENT_MISSING, now)
    return None


def request_asked_for(facts: Facts, now: datetime) -> Refusal | None:
    """Consent is asked for by message only after the person began it (§ 7(2) Nr. 2 UWG).

    A consent due for refresh may be asked about only while the person is in contact.
    """
    if facts.message.role is not law.Role.CONSENT_REQUEST:
        return None
    state = facts.consent.state
    refreshes = state is consent.State.REFRESH_DUE and window.is_open(facts, now)
    if _is_recorded(facts) and (state is consent.State.PENDING or refreshes):
        return None
    return refuse(facts, law.RuleId.CONSENT_REQUEST_UNASKED, now)


def _is_recorded(facts: Facts) -> bool:
    record = facts.consent
    if not record.consent_id or record.legal_entity != facts.number.legal_entity:
        return False
    return record.purpose == facts.message.purpose


RULES = (consent_granted, request_asked_for)
