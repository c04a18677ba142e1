"""Rules about why a message is sent: its purpose, its legal basis and the record behind it."""

from datetime import datetime

from werkbote.domain import law
from werkbote.domain.policy import window
from werkbote.domain.policy.decision import Proof, Reference, Refusal, refuse
from werkbote.domain.policy.facts import CaseFacts, CaseState, Facts

_OWED = frozenset({law.Role.WITHDRAWAL_RECEIPT, law.Role.RESTRICTION_NOTICE})
"""What is told because the law demands it, whatever was asked."""


def purpose_of(facts: Facts) -> law.Purpose | None:
    """Return the purpose as the Rechtsstand knows it, None if the message names none it knows."""
    return facts.law.purposes.get(facts.message.purpose or "")


def is_plain(facts: Facts) -> bool:
    """Return whether the message is an ordinary one, no consent request and no receipt."""
    return facts.message.role is law.Role.PLAIN


def is_advertising(facts: Facts) -> bool:
    """Return whether the message is advertising in German law (§ 7 UWG, Art. 21(2) DSGVO)."""
    purpose = purpose_of(facts)
    return purpose is not None and purpose.advertising and is_plain(facts)


def basis_of(facts: Facts) -> str | None:
    """Return the legal basis of the message as cited, None if there is none."""
    if is_plain(facts):
        purpose = purpose_of(facts)
        return None if purpose is None else purpose.basis
    return facts.law.role_basis[facts.message.role]


def purpose_named(facts: Facts, now: datetime) -> Refusal | None:
    """No message without a purpose (Art. 5(1)(b) DSGVO)."""
    return None if facts.message.purpose else refuse(facts, law.RuleId.NO_PURPOSE, now)


def purpose_known(facts: Facts, now: datetime) -> Refusal | None:
    """No purpose that the Rechtsstand does not know."""
    if facts.message.purpose and purpose_of(facts) is None:
        return refuse(facts, law.RuleId.UNKNOWN_PURPOSE, now)
    return None


def purpose_for_messages(facts: Facts, now: datetime) -> Refusal | None:
    """No message for a purpose that a message cannot serve (recordings, disclosure to others)."""
    purpose = purpose_of(facts)
    if purpose is not None and is_plain(facts) and not purpose.messages:
        return refuse(facts, law.RuleId.PURPOSE_NOT_FOR_MESSAGES, now)
    return None


def basis_exists(facts: Facts, now: datetime) -> Refusal | None:
    """No message without a legal basis (Art. 6(1) DSGVO)."""
    if purpose_of(facts) is not None and not basis_of(facts):
        return refuse(facts, law.RuleId.NO_LEGAL_BASIS, now)
    return None


def case_open(facts: Facts, now: datetime) -> Refusal | None:
    """Contract-based messages need a case, open or in its grace period (Art. 6(1)(b) DSGVO)."""
    purpose = purpose_of(facts)
    if purpose is None or not is_plain(facts) or purpose.evidence is not law.Evidence.CASE:
        return None
    if facts.case is None or not facts.case.case_id:
        return refuse(facts, law.RuleId.CASE_MISSING, now)
    return None if _is_usable(facts.case, now) else refuse(facts, law.RuleId.CASE_CLOSED, now)


def request_exists(facts: Facts, now: datetime) -> Refusal | None:
    """An answer needs something to answer; what is owed by law needs the record it is owed for."""
    purpose = purpose_of(facts)
    if purpose is None:
        return None
    if facts.message.role in _OWED:
        known = facts.message.ground or window.request(facts, purpose, now)
        return None if known else refuse(facts, law.RuleId.INBOUND_MISSING, now)
    if not is_plain(facts) or purpose.evidence is not law.Evidence.INBOUND:
        return None
    if window.request(facts, purpose, now) is None:
        return refuse(facts, law.RuleId.INBOUND_MISSING, now)
    return None


def ground_recorded(facts: Facts, now: datetime) -> Refusal | None:
    """A safety notice needs the recorded ground it stands on (recall campaign, legal duty)."""
    purpose = purpose_of(facts)
    if purpose is None or not is_plain(facts) or purpose.evidence is not law.Evidence.GROUND:
        return None
    return None if facts.message.ground else refuse(facts, law.RuleId.GROUND_MISSING, now)


def channel_opted_in(facts: Facts, now: datetime) -> Refusal | None:
    """Meta's own condition: who is written to first has asked for WhatsApp (Messaging Policy)."""
    purpose = purpose_of(facts)
    if purpose is None or not purpose.channel_opt_in or not is_plain(facts):
        return None
    if facts.person.channel_opt_in or window.is_open(facts, now):
        return None
    return refuse(facts, law.RuleId.CHANNEL_OPT_IN_MISSING, now)


def proof_of(facts: Facts, now: datetime) -> Reference | None:
    """Return the record the message stands on, None if there is none."""
    purpose = purpose_of(facts)
    if purpose is None:
        return None
    if facts.message.role is law.Role.WITHDRAWAL_RECEIPT:
        return window.request(facts, purpose, now) or _ground(facts)
    if facts.message.role is law.Role.CONSENT_REQUEST or purpose.evidence is law.Evidence.CONSENT:
        record = facts.consent.consent_id
        return Reference(kind=Proof.CONSENT, id=record) if record else None
    if purpose.evidence is law.Evidence.CASE and facts.case is not None:
        return Reference(kind=Proof.CASE, id=facts.case.case_id)
    tells_end = facts.message.role is law.Role.RESTRICTION_NOTICE
    if purpose.evidence is law.Evidence.INBOUND and not tells_end:
        return window.request(facts, purpose, now)
    return _ground(facts) if tells_end or purpose.evidence is law.Evidence.GROUND else None


def _ground(facts: Facts) -> Reference | None:
    ground = facts.message.ground
    return Reference(kind=Proof.GROUND, id=ground) if ground else None


def _is_usable(case: CaseFacts, now: datetime) -> bool:
    if case.state is CaseState.OPEN:
        return True
    return case.grace_until is not None and now <= case.grace_until


RULES = (
    purpose_named,
    purpose_known,
    purpose_for_messages,
    basis_exists,
    case_open,
    request_exists,
    ground_recorded,
    channel_opted_in,
)
