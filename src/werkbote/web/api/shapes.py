"""The shapes of requests and answers. Row numbers are strings: they do not fit into a double."""

from datetime import datetime
from typing import Annotated, Literal

from ninja import Field, Schema
from pydantic import WithJsonSchema

from werkbote.actions import drafts
from werkbote.domain import offers


class ProblemOut(Schema):
    """A failure (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str


class ConversationOut(Schema):
    """A conversation: who, where, whether free text may be sent until when."""

    id: str
    name: str
    phone: str
    number: str
    unread: int
    last_message_at: datetime | None
    window_closes_at: datetime | None


class ConversationPage(Schema):
    """A page of conversations, the newest first; `next` is the cursor of the page after it."""

    items: list[ConversationOut]
    next: str | None


class MessageOut(Schema):
    """A message. `state` is queued, refused, sending, sent, delivered, read, failed or received."""

    id: str
    conversation: str
    outgoing: bool
    kind: str
    text: str
    at: datetime
    state: str
    failure_code: int | None
    author: str


class MessagePage(Schema):
    """A page of messages, the newest first; `next` is the cursor of the page after it."""

    items: list[MessageOut]
    next: str | None


_UNSEEN = r"\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069"
FILLING = {
    "type": "string",
    "minLength": 1,
    "maxLength": 1024,
    "pattern": rf"^(?=.*\S)(?!.* {{5}})(?!.*(\{{\{{|\}}\}}))[^{_UNSEEN}]+$",
}
"""What a place takes, for programs to read; refused with the gate's own sentence (parameter_flaw)."""


class TemplateIn(Schema):
    """A template and what fills its places: one line each, nothing unseen, no double braces."""

    name: str = Field(min_length=1, max_length=512)
    language: str = Field(min_length=2, max_length=16)
    parameters: dict[str, Annotated[str, WithJsonSchema(FILLING)]] = Field(
        default_factory=dict, max_length=40
    )


_SOMETHING = r"[^ \t\r\n]"

type Purpose = Annotated[str, Field(pattern=r"^P-[0-9]{2}$")]


class TextIn(Schema):
    """A text to send. `purpose` is one of the law's (P-02: answering a request)."""

    kind: Literal["text"]
    text: str = Field(min_length=1, max_length=drafts.MOST_TEXT, pattern=_SOMETHING)
    purpose: Purpose = "P-02"


class TemplateMessageIn(Schema):
    """A template to send, allowed outside the 24-hour window."""

    kind: Literal["template"]
    template: TemplateIn
    purpose: Purpose = "P-01"


class ButtonsIn(Schema):
    """A question with up to three buttons; what is tapped comes back as a message with its words."""

    kind: Literal["buttons"]
    text: str = Field(min_length=1, max_length=drafts.MOST_CAPTION, pattern=_SOMETHING)
    buttons: list[Annotated[str, Field(min_length=1, max_length=offers.MOST_BUTTON)]] = Field(
        min_length=1, max_length=offers.MOST_BUTTONS, json_schema_extra={"uniqueItems": True}
    )
    purpose: Purpose = "P-02"


class RowIn(Schema):
    """A line of a list. `heading` stands above it and begins a section; with any, the first has one."""

    title: str = Field(min_length=1, max_length=offers.MOST_TITLE)
    description: str = Field(default="", max_length=offers.MOST_DESCRIPTION)
    heading: str = Field(default="", max_length=offers.MOST_TITLE)


class ListIn(Schema):
    """A question with up to ten lines to choose from, behind a button that says `label`."""

    kind: Literal["list"]
    text: str = Field(min_length=1, max_length=drafts.MOST_TEXT, pattern=_SOMETHING)
    label: str = Field(min_length=1, max_length=offers.MOST_BUTTON)
    rows: list[RowIn] = Field(
        min_length=1, max_length=offers.MOST_ROWS, json_schema_extra={"uniqueItems": True}
    )
    purpose: Purpose = "P-02"


type MessageIn = Annotated[
    TextIn | TemplateMessageIn | ButtonsIn | ListIn, Field(discriminator="kind")
]


class Accepted(Schema):
    """A wish that is queued; the gate answers when it is its turn."""

    id: str
    state: str


class DecisionOut(Schema):
    """An answer of the gate: a permit or a refusal with its reason."""

    permitted: bool
    purpose: str
    basis: str
    rule: str
    article: str
    sentence: str
    decided_at: datetime


class ChangesOut(Schema):
    """Conversations that changed; ask again with `newest`. Incomplete: read the list anew."""

    newest: str
    conversations: list[str]
    complete: bool
