"""The gate: one question, asked of every rule; the first refusal wins, no basis means no."""

from datetime import datetime

from werkbote.domain import law
from werkbote.domain.policy import consents, duties, persons, purposes, templates, timing
from werkbote.domain.policy.decision import (
    Permit,
    Proof,
    Reference,
    Refusal,
    Rule,
    refuse,
    refuse_to_staff,
    version,
)
from werkbote.domain.policy.facts import Author, Facts, ProcessorFacts, StaffFacts

RULES: tuple[Rule, ...] = (
    *duties.RULES[:1],
    *persons.RULES,
    *purposes.RULES,
    *consents.RULES,
    *duties.RULES[1:],
    *templates.RULES,
    *timing.RULES,
)
"""What can never be cured comes first, what waiting cures comes last."""


def decide(facts: Facts, *, now: datetime) -> Permit | Refusal:
    """Return the permit of a message, or the first refusal, at an aware moment.

    Raises:
        ValueError: if `now` has no time zone.
    """
    if now.tzinfo is None:
        raise ValueError("The gate needs a moment with a time zone; pass an aware datetime.")
    for rule in RULES:
        refusal = rule(facts, now)
        if refusal is not None:
            return refusal
    return _permit(facts, now)


STAFF = "staff"
"""The purpose of an e-mail to somebody of the team; no message to a customer has it."""


def decide_for_staff(facts: StaffFacts, *, now: datetime) -> Permit | Refusal:
    """Return the permit of an e-mail by which somebody of the team is reminded of a duty, or a refusal.

    It goes to a member at work, about what is theirs and still waits, through a processor agreed on
    (Art. 28 DSGVO). Its basis is the duty itself. Consent, windows and quiet hours are customers'.
    """
    processor = facts.processor
    is_due = facts.is_member and facts.is_theirs and facts.is_open
    if not (is_due and facts.duty and facts.ground):
        return refuse_to_staff(facts, law.RuleId.NO_LEGAL_BASIS, now)
    if processor is None or not duties.is_agreed(processor, now):
        return refuse_to_staff(facts, law.RuleId.AGREEMENT_MISSING, now)
    if processor.blocked:
        return refuse_to_staff(facts, law.RuleId.PROCESSOR_BLOCKED, now)
    ground = Reference(kind=Proof.GROUND, id=facts.ground)
    agreement = Reference(kind=Proof.AGREEMENT, id=processor.agreement_id or "")
    return _issue(
        facts,
        facts.message_id,
        purpose=STAFF,
        basis=facts.duty,
        evidence=(ground, agreement),
        processor=processor,
        now=now,
    )


def refusals(facts: Facts, *, now: datetime) -> tuple[Refusal, ...]:
    """Return every refusal, for screens that show all there is to cure; empty means permitted."""
    found = tuple(refusal for rule in RULES if (refusal := rule(facts, now)) is not None)
    if found:
        return found
    decision = decide(facts, now=now)
    return (decision,) if isinstance(decision, Refusal) else ()


def _permit(facts: Facts, now: datetime) -> Permit | Refusal:
    """Return the permit if basis, proof and processor are all there: the last net of the gate."""
    basis = purposes.basis_of(facts)
    proof = purposes.proof_of(facts, now)
    purpose = purposes.purpose_of(facts)
    if not basis or proof is None or purpose is None or facts.processor is None:
        return refuse(facts, law.RuleId.NO_LEGAL_BASIS, now)
    return _issue(
        facts,
        facts.message.message_id,
        purpose=purpose.code,
        basis=basis,
        evidence=(proof, *_supporting(facts)),
        processor=facts.processor,
        now=now,
    )


def _issue(  # noqa: PLR0913 -- what a permit is made of
    facts: Facts | StaffFacts,
    message_id: str,
    *,
    purpose: str,
    basis: str,
    evidence: tuple[Reference, ...],
    processor: ProcessorFacts,
    now: datetime,
) -> Permit:
    return Permit(
        message_id=message_id,
        purpose=purpose,
        basis=basis,
        evidence=evidence,
        policy_version=version(facts),
        decided_at=now,
        processor=processor.processor,
        endpoint=processor.endpoint,
    )


def _supporting(facts: Facts) -> tuple[Reference, ...]:
    """Return the records that the message leans on beside its proof."""
    spoken = facts.message.author is Author.ASSISTANT
    records = (
        (Proof.CHANNEL_OPT_IN, facts.person.channel_opt_in),
        (Proof.AGREEMENT, facts.processor.agreement_id if facts.processor else None),
        (Proof.ASSESSMENT, facts.assistant.assessment_id if spoken else None),
    )
    return tuple(Reference(kind=kind, id=record) for kind, record in records if record)
