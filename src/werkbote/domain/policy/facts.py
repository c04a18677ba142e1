"""Everything the gate must know about one message, gathered by the caller and frozen.

A field has a default only where the default refuses or changes nothing, so that forgetting a fact
can never let a message out. Times are aware datetimes; ids are the caller's own, opaque here.
"""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from enum import StrEnum

from werkbote.domain import consent, law, quiet


class Kind(StrEnum):
    """FREE_FORM is whatever is no template: text, media, buttons, lists. MAIL knows no window."""

    FREE_FORM = "free_form"
    TEMPLATE = "template"
    MAIL = "mail"


class Author(StrEnum):
    """Who wrote the message: a person, a rule of the house, or the assistant."""

    STAFF = "staff"
    SYSTEM = "system"
    ASSISTANT = "assistant"


class TemplateStatus(StrEnum):
    """Meta's review life of a template, as far as it decides about sending; UNKNOWN keeps the rest."""

    APPROVED = "approved"
    PENDING = "pending"
    REJECTED = "rejected"
    PAUSED = "paused"
    DISABLED = "disabled"
    DELETED = "deleted"
    UNKNOWN = "unknown"


class GermanClass(StrEnum):
    """What a template is in German law; UNCLASSIFIED may not be sent."""

    SERVICE = "service"
    ADVERTISING = "advertising"
    CONSENT_REQUEST = "consent_request"
    UNCLASSIFIED = "unclassified"


class MetaCategory(StrEnum):
    """What a template is at Meta, which decides the price, not the law."""

    UTILITY = "utility"
    MARKETING = "marketing"
    AUTHENTICATION = "authentication"
    UNKNOWN = "unknown"


class IdentityState(StrEnum):
    """Whether the number is still known to be this person's."""

    VERIFIED = "verified"
    CHANGED = "changed"
    WRONG_NUMBER = "wrong_number"


class CaseState(StrEnum):
    """How far a case (Vorgang) has come."""

    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageFacts:
    """The message itself.

    `answers` is the id of the inbound message it replies to, if the sender chose one. `ground` is a
    reference to the recorded reason of a message without case or consent (a recall). `language` is
    the template language the caller wants to send; `names_stop` that a text of our own says how its
    reader ends such messages.
    """

    message_id: str
    kind: Kind
    purpose: str | None
    author: Author
    role: law.Role = law.Role.PLAIN
    answers: str | None = None
    ground: str | None = None
    language: str | None = None
    names_stop: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonFacts:
    """What is recorded about the recipient.

    `objected_purposes` are codes the person objected to under Art. 21(1) DSGVO;
    `objected_advertising` is the absolute objection of Art. 21(2). `channel_opt_in` refers to the
    evidence that the person wants WhatsApp messages of this business at all (Meta's opt-in).
    """

    person_id: str
    erased: bool
    restricted: bool
    minor_suspected: bool
    objected_advertising: bool
    objected_purposes: AbstractSet[str]
    identity: IdentityState
    identity_changed_at: datetime | None = None
    channel_opt_in: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentFacts:
    """The consent record that is to carry the message.

    `purpose` and `legal_entity` are what the record names; they must be the message's and the
    number's. `asked_from_number`: the pending request began with a message from the number itself.
    """

    state: consent.State = consent.State.UNKNOWN
    consent_id: str | None = None
    purpose: str | None = None
    legal_entity: str | None = None
    asked_from_number: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SuppressionFacts:
    """What the suppression list (Sperrliste) says about this number or BSUID.

    `everything_since` is the moment of the newest "no messages at all"; `receipt_sent` tells whether
    the one confirmation of a withdrawal has gone out.
    """

    advertising: bool
    everything_since: datetime | None
    receipt_sent: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowFacts:
    """What opens the 24-hour window of one person at one number.

    `last_inbound_at` and `last_call_at` are the earlier of the provider's time and our receipt.
    """

    number_id: str
    last_inbound_at: datetime | None = None
    last_inbound_id: str | None = None
    last_call_at: datetime | None = None
    last_call_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFacts:
    """The case (Vorgang) the message belongs to; `grace_until` extends a closed one."""

    case_id: str
    state: CaseState
    grace_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One filled-in place of a template: its name (or position as text) and its value."""

    name: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateFacts:
    """The template as Meta and the house know it. `text` is all its fixed wording, joined."""

    name: str
    language: str
    status: TemplateStatus
    meta_category: MetaCategory
    german_class: GermanClass
    text: str
    body: str = ""
    expected: tuple[str, ...] = ()
    given: tuple[Parameter, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberFacts:
    """The business number that sends, and the legal entity it stands for."""

    number_id: str
    legal_entity: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessorFacts:
    """The processor behind the endpoint the message would be handed to.

    `agreement_id` refers to the agreement on record (AVV, Art. 28 DSGVO), `agreement_until` is its
    last day, `blocked` the switch that stops a processor at once (Art. 44 ff. DSGVO).
    """

    processor: str
    endpoint: str
    agreement_id: str | None = None
    agreement_until: date | None = None
    blocked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeFacts:
    """The first-contact notice (Art. 13 DSGVO): still owed, and carried by this very message?"""

    due: bool = True
    attached: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BranchFacts:
    """Where the sending branch is: its Bundesland, clock, advertising hours and holidays.

    `holidays` are the public holidays of the Bundesland around the day of sending. `hours` narrow
    the hours of the Rechtsstand; None means the Rechtsstand's own.
    """

    bundesland: str
    zone: tzinfo
    holidays: AbstractSet[date]
    hours: quiet.Hours | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CapFacts:
    """When messages of this purpose went to this person; `caps` add to those of the Rechtsstand."""

    sent: tuple[datetime, ...]
    caps: tuple[law.Cap, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AssistantFacts:
    """What must be true before the assistant speaks.

    `assessment_needed` is False only where no artificial intelligence is at work. `assessment_id`
    refers to the current impact assessment (DSFA). `disclosed` tells that this conversation has been
    told it talks to an AI, `disclosure_attached` that this message says so. `human_wanted` holds from
    the moment the person asks for a human until one has answered.
    """

    assessment_needed: bool = True
    assessment_id: str | None = None
    disclosed: bool = False
    disclosure_attached: bool = False
    human_wanted: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All that decides about one message.

    `readable` is True only if the consent ledger, the suppression list and the audit chain could
    all be read for it.
    """

    law: law.Law
    message: MessageFacts
    person: PersonFacts
    number: NumberFacts
    suppression: SuppressionFacts
    window: WindowFacts
    readable: bool = False
    consent: ConsentFacts = ConsentFacts()
    notice: NoticeFacts = NoticeFacts()
    case: CaseFacts | None = None
    template: TemplateFacts | None = None
    processor: ProcessorFacts | None = None
    branch: BranchFacts | None = None
    caps: CapFacts | None = None
    assistant: AssistantFacts = AssistantFacts()


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffFacts:
    """All that decides about an e-mail to somebody of the team.

    `duty` cites the duty it serves, `ground` refers to what it reminds of. `is_member` and `is_theirs`:
    the recipient works here now, and that matter is theirs. `is_open`: it still waits.
    """

    law: law.Law
    message_id: str
    duty: str
    ground: str
    is_member: bool
    is_theirs: bool
    is_open: bool
    processor: ProcessorFacts | None = None
