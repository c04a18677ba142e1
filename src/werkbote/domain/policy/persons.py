"""Rules about the person: erased, restricted, objected, suppressed, a child, or someone else."""

from datetime import datetime

from werkbote.domain import law
from werkbote.domain.policy import purposes, window
from werkbote.domain.policy.decision import Refusal, refuse
from werkbote.domain.policy.facts import Author, Facts, IdentityState


def not_erased(facts: Facts, now: datetime) -> Refusal | None:
    """Who was erased is not written to (Art. 17 DSGVO)."""
    return refuse(facts, law.RuleId.ERASED, now) if facts.person.erased else None


def not_restricted(facts: Facts, now: datetime) -> Refusal | None:
    """Restricted data is stored and nothing else (Art. 18 DSGVO).

    That the restriction ends is told before it does (Art. 18(3)), and needs the request it ends.
    """
    tells_end = facts.message.role is law.Role.RESTRICTION_NOTICE and facts.message.ground
    if not facts.person.restricted or tells_end:
        return None
    return refuse(facts, law.RuleId.RESTRICTED, now)


def right_number(facts: Facts, now: datetime) -> Refusal | None:
    """A number known to be someone else's gets one apology and nothing else."""
    if facts.person.identity is not IdentityState.WRONG_NUMBER or _is_owed_receipt(facts):
        return None
    return refuse(facts, law.RuleId.WRONG_NUMBER, now)


def number_verified(facts: Facts, now: datetime) -> Refusal | None:
    """After a change of number only what was asked from the new one is answered."""
    if facts.person.identity is not IdentityState.CHANGED or _is_owed_receipt(facts):
        return None
    changed = facts.person.identity_changed_at
    purpose = purposes.purpose_of(facts)
    answers = purpose is not None and purpose.evidence is law.Evidence.INBOUND
    if answers and changed is not None and window.contact_after(facts, changed, now):
        return None
    return refuse(facts, law.RuleId.NUMBER_CHANGED, now)


def of_age(facts: Facts, now: datetime) -> Refusal | None:
    """Nobody under 16 gets advertising, a consent request or the assistant (Art. 8 DSGVO)."""
    if not facts.person.minor_suspected:
        return None
    asks = facts.message.role is law.Role.CONSENT_REQUEST
    if asks or purposes.is_advertising(facts) or facts.message.author is Author.ASSISTANT:
        return refuse(facts, law.RuleId.MINOR_SUSPECTED, now)
    return None


def not_objected(facts: Facts, now: datetime) -> Refusal | None:
    """An objection ends advertising for good, and any other purpose it names (Art. 21 DSGVO)."""
    named = purposes.is_plain(facts) and facts.message.purpose in facts.person.objected_purposes
    if named or (facts.person.objected_advertising and _would_woo(facts)):
        return refuse(facts, law.RuleId.OBJECTED, now)
    return None


def not_suppressed(facts: Facts, now: datetime) -> Refusal | None:
    """The suppression list is stronger than any consent record (Art. 21(3) DSGVO)."""
    if facts.suppression.advertising and _would_woo(facts):
        return refuse(facts, law.RuleId.SUPPRESSED, now)
    return None


def not_silenced(facts: Facts, now: datetime) -> Refusal | None:
    """After "no messages at all" only newer questions are answered (§ 7(1) UWG)."""
    since = facts.suppression.everything_since
    if since is None or _is_owed_receipt(facts):
        return None
    purpose = purposes.purpose_of(facts)
    answers = purpose is not None and purpose.evidence is law.Evidence.INBOUND
    asked = facts.message.role is law.Role.CONSENT_REQUEST and facts.consent.asked_from_number
    if (answers or asked) and window.contact_after(facts, since, now):
        return None
    return refuse(facts, law.RuleId.SUPPRESSED_EVERYTHING, now)


def receipt_once(facts: Facts, now: datetime) -> Refusal | None:
    """A withdrawal is confirmed once."""
    if facts.message.role is law.Role.WITHDRAWAL_RECEIPT and facts.suppression.receipt_sent:
        return refuse(facts, law.RuleId.RECEIPT_SENT, now)
    return None


def _is_owed_receipt(facts: Facts) -> bool:
    role = facts.message.role
    return role is law.Role.WITHDRAWAL_RECEIPT and not facts.suppression.receipt_sent


def _would_woo(facts: Facts) -> bool:
    """Return whether the message advertises or asks, unasked from this number, to be allowed to."""
    if facts.message.role is law.Role.CONSENT_REQUEST:
        return not facts.consent.asked_from_number
    return purposes.is_advertising(facts)


RULES = (
    not_erased,
    not_restricted,
    right_number,
    number_verified,
    of_age,
    not_objected,
    not_suppressed,
    not_silenced,
    receipt_once,
)
