"""The law as data: purposes, periods, rules and words of one dated Rechtsstand, as frozen values.

The files are read elsewhere; here an already loaded mapping becomes dataclasses or an error that
says what is missing. A `Law` is complete by construction: every rule of the gate has its article
and both sentences, so that a refusal can always be explained.
"""

import calendar
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from werkbote.domain import quiet


class UnableToReadLaw(ValueError):
    """A Rechtsstand file does not say what the product must know; names the file and the gap."""


class Evidence(StrEnum):
    """What must be on record before a purpose may be used for a message."""

    CONSENT = "consent"
    CASE = "case"
    INBOUND = "inbound"
    GROUND = "ground"
    NONE = "none"


class Role(StrEnum):
    """What a message does beside its purpose; all but PLAIN are free of advertising by form."""

    PLAIN = "plain"
    CONSENT_REQUEST = "consent_request"
    WITHDRAWAL_RECEIPT = "withdrawal_receipt"
    RESTRICTION_NOTICE = "restriction_notice"


class Remedy(StrEnum):
    """What a member of staff (or the system) can do about a refusal."""

    CHOOSE_PURPOSE = "choose_purpose"
    USE_TEMPLATE = "use_template"
    ASK_CONSENT = "ask_consent"
    AWAIT_CONFIRMATION = "await_confirmation"
    ATTACH_NOTICE = "attach_notice"
    DISCLOSE_ASSISTANT = "disclose_assistant"
    OPEN_CASE = "open_case"
    RECORD_GROUND = "record_ground"
    FIX_TEMPLATE = "fix_template"
    FIX_PARAMETERS = "fix_parameters"
    CLASSIFY_TEMPLATE = "classify_template"
    CHANGE_TEXT = "change_text"
    VERIFY_NUMBER = "verify_number"
    RECORD_AGREEMENT = "record_agreement"
    OTHER_CHANNEL = "other_channel"
    WAIT = "wait"
    REVIEW = "review"
    REPAIR = "repair"
    NOTHING = "nothing"


class RuleId(StrEnum):
    """Every reason for which the gate says no."""

    UNREADABLE = "unreadable"
    NO_PURPOSE = "no_purpose"
    UNKNOWN_PURPOSE = "unknown_purpose"
    PURPOSE_NOT_FOR_MESSAGES = "purpose_not_for_messages"
    NO_LEGAL_BASIS = "no_legal_basis"
    ERASED = "erased"
    RESTRICTED = "restricted"
    WRONG_NUMBER = "wrong_number"
    NUMBER_CHANGED = "number_changed"
    MINOR_SUSPECTED = "minor_suspected"
    OBJECTED = "objected"
    SUPPRESSED = "suppressed"
    SUPPRESSED_EVERYTHING = "suppressed_everything"
    CONSENT_MISSING = "consent_missing"
    CONSENT_DECLINED = "consent_declined"
    CONSENT_PENDING = "consent_pending"
    CONSENT_LAPSED = "consent_lapsed"
    CONSENT_FROZEN = "consent_frozen"
    CONSENT_REFRESH_DUE = "consent_refresh_due"
    CONSENT_EXPIRED = "consent_expired"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    CONSENT_SUPERSEDED = "consent_superseded"
    CONSENT_REQUEST_UNASKED = "consent_request_unasked"
    RECEIPT_SENT = "receipt_sent"
    CASE_MISSING = "case_missing"
    CASE_CLOSED = "case_closed"
    INBOUND_MISSING = "inbound_missing"
    GROUND_MISSING = "ground_missing"
    CHANNEL_OPT_IN_MISSING = "channel_opt_in_missing"
    NOTICE_OUTSTANDING = "notice_outstanding"
    WINDOW_CLOSED = "window_closed"
    TEMPLATE_MISSING = "template_missing"
    TEMPLATE_NOT_APPROVED = "template_not_approved"
    TEMPLATE_PAUSED = "template_paused"
    TEMPLATE_LANGUAGE = "template_language"
    TEMPLATE_PARAMETER_NUMBER = "template_parameter_number"
    TEMPLATE_PARAMETER_FORM = "template_parameter_form"
    TEMPLATE_CLASS = "template_class"
    TEMPLATE_CONTENT = "template_content"
    TEMPLATE_CONTRACT = "template_contract"
    TEMPLATE_STOP_MISSING = "template_stop_missing"
    STOP_MISSING = "stop_missing"
    QUIET_HOURS = "quiet_hours"
    HOLIDAY = "holiday"
    CAP_REACHED = "cap_reached"
    AGREEMENT_MISSING = "agreement_missing"
    PROCESSOR_BLOCKED = "processor_blocked"
    ASSISTANT_UNASSESSED = "assistant_unassessed"
    ASSISTANT_UNDISCLOSED = "assistant_undisclosed"
    ASSISTANT_RELIEVED = "assistant_relieved"
    ASSISTANT_OUT_OF_BOUNDS = "assistant_out_of_bounds"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a Rechtsstand file comes from and how long it holds; `valid_to` is the last day."""

    topic: str
    valid_from: date
    valid_to: date | None
    source: str
    reviewed_by: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cap:
    """At most `count` messages to one person within `days` days."""

    count: int
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Purpose:
    """One purpose a person's data may be used for.

    `basis` is the legal basis in German citation form, None where none is settled (then nothing may
    be sent). `advertising` is meant in the sense of German law, whatever Meta's category says.
    `messages` tells whether a message can serve the purpose at all; `channel_opt_in` whether Meta
    asks for a general opt-in before the business writes first; `answer_days` for how many days
    after an inbound message an answer is still an answer; `grace_days` for how many days a closed
    case still carries a message; `detail` what the name stands for in this house, empty as shipped.
    """

    code: str
    name_de: str
    name_en: str
    basis: str | None
    articles: tuple[str, ...]
    evidence: Evidence
    opt_in: bool
    advertising: bool
    messages: bool
    channel_opt_in: bool = False
    answer_days: int | None = None
    grace_days: int = 0
    caps: tuple[Cap, ...] = ()
    detail_de: str = ""
    detail_en: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleText:
    """What staff read when a rule refuses: article, one sentence in each language, the remedy."""

    article: str
    sentence_de: str
    sentence_en: str
    remedy: Remedy


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentPeriods:
    """How long each waiting state of a consent lasts (recht.md 3.2 and 3.6).

    `refresh_unused_months`: without a send; `refresh_silent_months`: without an inbound sign;
    `expiry_days`: from refresh-due to expired; `evidence_request_days`: a lapsed request is kept.
    """

    confirm_hours: int
    reask_months: int
    evidence_request_days: int
    refresh_unused_months: int
    refresh_silent_months: int
    expiry_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeLaw:
    """What the first-contact notice must contain, when it is due again, and its wording."""

    version: str
    repeat_months: int
    max_length: int
    articles: tuple[str, ...]
    elements: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Law:
    """One Rechtsstand: everything the gate needs to know about the law on one day.

    `branch_hours` are the advertising hours of branches that keep their own, by the branch's id.

    Raises:
        UnableToReadLaw: if a rule has no text, or a role of a message has no basis.
    """

    version: str
    purposes: Mapping[str, Purpose]
    role_basis: Mapping[Role, str]
    rules: Mapping[RuleId, RuleText]
    consent: ConsentPeriods
    notice: NoticeLaw
    advertising_hours: quiet.Hours
    branch_hours: Mapping[str, quiet.Hours] = field(default_factory=dict)
    sources: tuple[Source, ...] = field(default=())

    def __repr__(self) -> str:
        return f"Law({self.version!r})"

    def __post_init__(self) -> None:
        missing = [rule for rule in RuleId if rule not in self.rules]
        if missing:
            raise UnableToReadLaw(
                f"These rules have no article and sentences: {', '.join(missing)}. "
                "Add them to the rules file of the Rechtsstand."
            )
        without_basis = set(Role) - {Role.PLAIN} - self.role_basis.keys()
        if without_basis:
            raise UnableToReadLaw(
                f"These roles have no legal basis: {', '.join(sorted(without_basis))}. "
                "Add them to the purposes file of the Rechtsstand."
            )


def parse(documents: Mapping[str, Mapping[str, Any]]) -> Law:
    """Return the law that the loaded documents state; they are keyed by topic.

    Topics needed: purposes, rules, consent, notice, hours. Others are left to their own readers.

    Raises:
        UnableToReadLaw: if a topic or a field is missing or has the wrong form.
    """
    sources = tuple(parse_source(documents[topic]) for topic in sorted(documents))
    try:
        purposes = documents["purposes"]
        return Law(
            version=max(source.valid_from for source in sources).isoformat(),
            purposes=_purposes(purposes["purposes"]),
            role_basis=MappingProxyType(
                {Role(role): str(basis) for role, basis in purposes["roles"].items()}
            ),
            rules=_rules(documents["rules"]["rules"]),
            consent=ConsentPeriods(**documents["consent"]["periods"]),
            notice=_notice(documents["notice"]),
            advertising_hours=_hours(documents["hours"]["advertising"]),
            branch_hours=MappingProxyType(
                {
                    branch: _hours(entry)
                    for branch, entry in documents["hours"].get("branches", {}).items()
                }
            ),
            sources=sources,
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        if isinstance(error, UnableToReadLaw):
            raise
        raise UnableToReadLaw(
            f"The Rechtsstand is incomplete or malformed ({error!r}). "
            "Compare the file with the one that was valid before it."
        ) from error


def parse_source(document: Mapping[str, Any]) -> Source:
    """Return the head every Rechtsstand file must carry.

    Raises:
        UnableToReadLaw: if a field of the head is missing or no date.
    """
    try:
        source = Source(
            topic=document["topic"],
            valid_from=document["valid_from"],
            valid_to=document["valid_to"],
            source=document["source"],
            reviewed_by=document["reviewed_by"],
        )
    except KeyError as error:
        raise UnableToReadLaw(
            f"A Rechtsstand file has no {error.args[0]}. Every file needs topic, valid_from, "
            "valid_to, source and reviewed_by."
        ) from error
    dates = (source.valid_from, source.valid_to or source.valid_from)
    if not all(isinstance(day, date) for day in dates) or dates[0] > dates[1]:
        raise UnableToReadLaw(
            f"The file on {source.topic} needs valid_from and valid_to as dates in order."
        )
    return source


def in_force(sources: Iterable[Source], *, on: date) -> tuple[Source, ...]:
    """Return the sources that hold on a day, the newest per topic, sorted by topic."""
    newest: dict[str, Source] = {}
    for source in sources:
        if source.valid_from > on or (source.valid_to is not None and source.valid_to < on):
            continue
        held = newest.get(source.topic)
        if held is None or held.valid_from < source.valid_from:
            newest[source.topic] = source
    return tuple(newest[topic] for topic in sorted(newest))


def months_after(moment: datetime, months: int) -> datetime:
    """Return the same clock time some calendar months later, the month's last day at most (§ 188 BGB)."""
    count = moment.month - 1 + months
    year, month = moment.year + count // 12, count % 12 + 1
    last = calendar.monthrange(year, month)[1]
    return moment.replace(year=year, month=month, day=min(moment.day, last))


def _purposes(entries: Iterable[Mapping[str, Any]]) -> Mapping[str, Purpose]:
    purposes: dict[str, Purpose] = {}
    for entry in entries:
        values = dict(entry)
        values["articles"] = tuple(values["articles"])
        values["evidence"] = Evidence(values["evidence"])
        values["caps"] = tuple(Cap(**cap) for cap in values.get("caps", ()))
        purpose = Purpose(**values)
        if purpose.advertising and purpose.evidence is not Evidence.CONSENT:
            raise UnableToReadLaw(
                f"Purpose {purpose.code} is advertising but does not ask for consent "
                "(§ 7 Abs. 2 Nr. 2 UWG). Set its evidence to consent."
            )
        purposes[purpose.code] = purpose
    return MappingProxyType(purposes)


def _rules(entries: Mapping[str, Mapping[str, str]]) -> Mapping[RuleId, RuleText]:
    return MappingProxyType(
        {
            RuleId(rule): RuleText(
                article=entry["article"],
                sentence_de=entry["de"],
                sentence_en=entry["en"],
                remedy=Remedy(entry["remedy"]),
            )
            for rule, entry in entries.items()
        }
    )


def _notice(document: Mapping[str, Any]) -> NoticeLaw:
    return NoticeLaw(
        version=str(document["version"]),
        repeat_months=int(document["repeat_months"]),
        max_length=int(document["max_length"]),
        articles=tuple(document["articles"]),
        elements=MappingProxyType(
            {
                language: MappingProxyType(dict(texts))
                for language, texts in document["elements"].items()
            }
        ),
    )


def _hours(entry: Mapping[str, Any]) -> quiet.Hours:
    return quiet.Hours(
        opens=time.fromisoformat(entry["opens"]),
        closes=time.fromisoformat(entry["closes"]),
        weekdays=frozenset(entry["weekdays"]),
    )
