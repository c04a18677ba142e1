"""What the gate answers: a permit that names its proof, or a refusal that names its way out."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from werkbote.domain import law
from werkbote.domain.policy.facts import Facts, StaffFacts


class Proof(StrEnum):
    """What kind of record a permit leans on."""

    CONSENT = "consent"
    CASE = "case"
    INBOUND = "inbound"
    CALL = "call"
    GROUND = "ground"
    CHANNEL_OPT_IN = "channel_opt_in"
    AGREEMENT = "agreement"
    ASSESSMENT = "assessment"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A record by kind and id."""

    kind: Proof
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Permit:
    """The proof that one message may go to one endpoint; made by `decide` and nowhere else.

    `basis` is the legal basis as cited (Art. 6 DSGVO and further), `policy_version` names the rules
    and the Rechtsstand they were read from.
    """

    message_id: str
    purpose: str
    basis: str
    evidence: tuple[Reference, ...]
    policy_version: str
    decided_at: datetime
    processor: str
    endpoint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why a message may not go, in both languages, and what to do about it.

    `retry_at` (UTC) is the first moment at which this reason falls away by itself; None means that
    waiting alone never helps.
    """

    message_id: str
    rule: law.RuleId
    article: str
    sentence_de: str
    sentence_en: str
    remedy: law.Remedy
    policy_version: str
    decided_at: datetime
    retry_at: datetime | None = None


WAITING = frozenset({law.RuleId.QUIET_HOURS, law.RuleId.HOLIDAY, law.RuleId.UNREADABLE})
"""Refusals after which the sender asks again by itself, because nothing about the message is wrong."""

MOST_WAITING = timedelta(days=5)
"""How long a message may wait for that: the longest run of holidays and Sundays; later it is stale."""


def asks_again_at(refusal: Refusal) -> datetime | None:
    """Return when the sender asks again by itself (UTC), None where the refusal is final."""
    at = refusal.retry_at
    if refusal.rule not in WAITING or at is None or at - refusal.decided_at > MOST_WAITING:
        return None
    return at


type Rule = Callable[[Facts, datetime], Refusal | None]

VERSION = "3"
"""Counts up with every change of a rule's meaning; the Rechtsstand's date is added to it."""


def version(facts: Facts | StaffFacts) -> str:
    """Return the version a decision is filed under: rules and Rechtsstand."""
    return f"{VERSION}/{facts.law.version}"


def refuse(
    facts: Facts, rule: law.RuleId, now: datetime, *, retry_at: datetime | None = None
) -> Refusal:
    """Return the refusal of a rule, in the words of the Rechtsstand."""
    return _refusal(facts, facts.message.message_id, rule, now, retry_at)


def refuse_to_staff(facts: StaffFacts, rule: law.RuleId, now: datetime) -> Refusal:
    """Return the refusal of an e-mail to the team, in the words of the Rechtsstand."""
    return _refusal(facts, facts.message_id, rule, now, None)


def _refusal(
    facts: Facts | StaffFacts,
    message_id: str,
    rule: law.RuleId,
    now: datetime,
    retry_at: datetime | None,
) -> Refusal:
    text = facts.law.rules[rule]
    return Refusal(
        message_id=message_id,
        rule=rule,
        article=text.article,
        sentence_de=text.sentence_de,
        sentence_en=text.sentence_en,
        remedy=text.remedy,
        policy_version=version(facts),
        decided_at=now,
        retry_at=retry_at,
    )
