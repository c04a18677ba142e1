"""Rules about the house itself: what must be told, agreed and assessed before anything is sent."""

from datetime import UTC, datetime, timedelta

from werkbote.domain import law
from werkbote.domain.policy import purposes
from werkbote.domain.policy.decision import Refusal, refuse
from werkbote.domain.policy.facts import Author, Facts, Kind, ProcessorFacts

REPAIR = timedelta(minutes=5)
"""After how long records that could not be read are looked for again."""


def records_readable(facts: Facts, now: datetime) -> Refusal | None:
    """What cannot be looked up is answered with no."""
    if facts.readable:
        return None
    return refuse(facts, law.RuleId.UNREADABLE, now, retry_at=now.astimezone(UTC) + REPAIR)


def person_informed(facts: Facts, now: datetime) -> Refusal | None:
    """The first message in a conversation carries the notice, if it is owed (Art. 13 DSGVO)."""
    if facts.notice.due and not facts.notice.attached:
        return refuse(facts, law.RuleId.NOTICE_OUTSTANDING, now)
    return None


def way_out_named(facts: Facts, now: datetime) -> Refusal | None:
    """Advertising in our own words says how to stop it (§ 7(2) Nr. 3 UWG, § 6 DDG).

    Templates are read by a rule of their own; an e-mail carries its link to unsubscribe.
    """
    if facts.message.kind is not Kind.FREE_FORM or not purposes.is_advertising(facts):
        return None
    return None if facts.message.names_stop else refuse(facts, law.RuleId.STOP_MISSING, now)


def processor_agreed(facts: Facts, now: datetime) -> Refusal | None:
    """No data to a processor without a valid agreement on record (Art. 28(3) DSGVO)."""
    if is_agreed(facts.processor, now):
        return None
    return refuse(facts, law.RuleId.AGREEMENT_MISSING, now)


def is_agreed(processor: ProcessorFacts | None, now: datetime) -> bool:
    """Return whether an agreement with a processor is on record and holds."""
    if processor is None or not processor.agreement_id:
        return False
    until = processor.agreement_until
    return until is None or until >= now.astimezone(UTC).date()


def processor_running(facts: Facts, now: datetime) -> Refusal | None:
    """A processor that was switched off gets nothing (Art. 44 DSGVO)."""
    if facts.processor is not None and facts.processor.blocked:
        return refuse(facts, law.RuleId.PROCESSOR_BLOCKED, now)
    return None


def assistant_assessed(facts: Facts, now: datetime) -> Refusal | None:
    """The assistant is silent until its impact assessment is on record (Art. 35 DSGVO)."""
    if facts.message.author is not Author.ASSISTANT or not facts.assistant.assessment_needed:
        return None
    if facts.assistant.assessment_id:
        return None
    return refuse(facts, law.RuleId.ASSISTANT_UNASSESSED, now)


def assistant_disclosed(facts: Facts, now: datetime) -> Refusal | None:
    """Whoever talks to an AI is told so first (Art. 50(1) KI-VO)."""
    if facts.message.author is not Author.ASSISTANT:
        return None
    if facts.assistant.disclosed or facts.assistant.disclosure_attached:
        return None
    return refuse(facts, law.RuleId.ASSISTANT_UNDISCLOSED, now)


def assistant_relieved(facts: Facts, now: datetime) -> Refusal | None:
    """Whoever asked for a human is not answered by the assistant (Messaging Policy)."""
    if facts.message.author is Author.ASSISTANT and facts.assistant.human_wanted:
        return refuse(facts, law.RuleId.ASSISTANT_RELIEVED, now)
    return None


def assistant_in_bounds(facts: Facts, now: datetime) -> Refusal | None:
    """The assistant answers and decides nothing: the rest needs a human's click (Art. 22 DSGVO).

    The one confirmation of a withdrawal is owed by law, whoever words it.
    """
    if facts.message.author is not Author.ASSISTANT:
        return None
    purpose = purposes.purpose_of(facts)
    inbound = purpose is not None and purpose.evidence is law.Evidence.INBOUND
    if purposes.is_plain(facts) and inbound:
        return None
    if facts.message.role is law.Role.WITHDRAWAL_RECEIPT:
        return None
    return refuse(facts, law.RuleId.ASSISTANT_OUT_OF_BOUNDS, now)


RULES = (
    records_readable,
    person_informed,
    way_out_named,
    processor_agreed,
    processor_running,
    assistant_assessed,
    assistant_disclosed,
    assistant_relieved,
    assistant_in_bounds,
)
