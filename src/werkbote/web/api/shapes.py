"""The shapes of requests and answers. Row numbers are strings: they do not fit into a double."""

from datetime import datetime
from typing import Annotated, Literal

from ninja import Field, Schema
from pydantic import WithJsonSchema


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


type Purpose = Annotated[str, Field(pattern=r"^P-[0-9]{2}$")]


class TextIn(Schema):
    """A text to send. `purpose` is one of the law's (P-02: answering a request)."""

    kind: Literal["text"]
    text: str = Field(min_length=1, max_length=4096, pattern=r"[^ \t\r\n]")
    purpose: Purpose = "P-02"


class TemplateMessageIn(Schema):
    """A template to send, allowed outside the 24-hour window."""

    kind: Literal["template"]
    template: TemplateIn
    purpose: Purpose = "P-01"


type MessageIn = Annotated[TextIn | TemplateMessageIn, Field(discriminator="kind")]


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
