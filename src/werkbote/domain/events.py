"""What a channel says happened: frozen events that every driver produces and every deed understands.

A driver turns one provider payload into a tuple of these and touches no table. Times are aware
UTC datetimes; phones are E.164 with a leading plus; ids are the provider's own strings.
"""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

type Json = bool | int | float | str | list[Json] | dict[str, Json] | None


class Kind(StrEnum):
    """What a message is, in the words of the Cloud API's `type` field; UNKNOWN keeps the rest."""

    TEXT = "text"
    IMAGE = "image"
    AUDIO = "audio"
    VOICE = "voice"
    VIDEO = "video"
    DOCUMENT = "document"
    STICKER = "sticker"
    LOCATION = "location"
    CONTACTS = "contacts"
    BUTTON = "button"
    INTERACTIVE = "interactive"
    ORDER = "order"
    TEMPLATE = "template"
    SYSTEM = "system"
    UNSUPPORTED = "unsupported"
    MAIL = "mail"
    UNKNOWN = "unknown"


class Status(StrEnum):
    """How far a sent message has come, as the provider reports it."""

    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    PLAYED = "played"
    FAILED = "failed"


class ChangeKind(StrEnum):
    """What can happen to a message after it was written."""

    REACTION = "reaction"
    EDIT = "edit"
    REVOKE = "revoke"


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """The person at the other end; phone, BSUID and e-mail are each optional, never all missing.

    `phone` is E.164 with plus, `bsuid` Meta's business-scoped user id (`DE.…`), `email` an address
    as `domain.newsletter.address` returns it, `name` what the person calls themselves.
    """

    phone: str | None = None
    bsuid: str | None = None
    email: str | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaRef:
    """A file the provider holds: fetched later by its own job, never while a message is read."""

    provider_id: str
    mime: str
    sha256: str | None = None
    filename: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageIn:
    """A message that exists on the channel.

    `number` is the provider's phone_number_id it belongs to. `text` is what a person reads (body,
    caption, button title); `content` the kind's own remaining fields as received. `outgoing` is
    True for messages the business wrote elsewhere (echoes of the phone app, history). `again`, for
    an unknown kind, is a whole payload with just this message, to be read once more after an update.
    `original` is the provider's own id where `provider_id` was replaced by a keyed name.
    """

    number: str
    provider_id: str
    party: Party
    at: datetime
    kind: Kind
    text: str = ""
    content: Mapping[str, Json] = dataclasses.field(default_factory=dict)
    media: MediaRef | None = None
    reply_to: str | None = None
    forwarded: bool = False
    outgoing: bool = False
    historic: bool = False
    again: Json = dataclasses.field(default=None, compare=False)
    original: str = dataclasses.field(default="", compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeIn:
    """A reaction to, an edit of, or the deletion of the message `target`.

    `value` is the emoji (None takes a reaction back) or the new text; `media` a replaced file.
    """

    number: str
    provider_id: str
    party: Party
    at: datetime
    kind: ChangeKind
    target: str
    value: str | None = None
    media: MediaRef | None = None
    outgoing: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Why the provider could not do something: its code, its title and its details, as sent."""

    code: int
    title: str = ""
    details: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pricing:
    """What a delivered message costs: Meta's `pricing` object (category, type, billable)."""

    category: str
    kind: str = ""
    billable: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusIn:
    """News of a message we sent. `callback` is our own id (biz_opaque_callback_data)."""

    number: str
    provider_id: str
    status: Status
    at: datetime
    recipient: Party | None = None
    callback: str | None = None
    failure: Failure | None = None
    pricing: Pricing | None = None
    original: str = dataclasses.field(default="", compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class PreferenceIn:
    """A person's stop or resume of a message category on the channel itself."""

    number: str
    party: Party
    at: datetime
    category: str
    value: str
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallIn:
    """A call to or from the number; an inbound call opens the service window."""

    number: str
    provider_id: str
    party: Party
    at: datetime
    event: str
    inbound: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityChanged:
    """A person got a new phone number or a new BSUID; linked only after review."""

    number: str
    provider_id: str
    previous: Party
    current: Party
    at: datetime
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateChanged:
    """Review, category or quality news of a message template.

    `change` names the webhook field, `value` the new state, score or category (empty where the
    wording changed), `content` is the value as sent.
    """

    account: str
    template_id: str
    name: str
    language: str
    change: str
    value: str
    reason: str = ""
    at: datetime
    content: Mapping[str, Json] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountEvent:
    """Anything the provider says about the account or the number rather than about a person.

    `number` is the phone_number_id where the payload names one; `content` is the value as sent.
    """

    account: str
    number: str | None = None
    field: str
    event: str
    at: datetime
    content: Mapping[str, Json] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorIn:
    """An error the provider reports beside messages and statuses (`value.errors`)."""

    number: str | None
    failure: Failure
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """What this version does not understand: kept, shown, replayable after an update.

    `again` is a whole payload that holds just this part, for the driver to read once more; None
    where reading it alone could never tell more.
    """

    number: str | None
    field: str
    why: str
    content: Json
    at: datetime
    again: Json = dataclasses.field(default=None, compare=False)


type Event = (
    MessageIn
    | ChangeIn
    | StatusIn
    | PreferenceIn
    | CallIn
    | IdentityChanged
    | TemplateChanged
    | AccountEvent
    | ErrorIn
    | Unknown
)
