"""What can be sent: a recipient, one body of a known kind, and our own id for it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from werkbote.domain import events
from werkbote.domain.events import Json

MAX_ID = 512
"""Longest message id, in characters (Meta: `biz_opaque_callback_data`)."""


class NoRecipient(ValueError):
    """Raised for a message to nobody: neither a phone nor a user id is given."""


class UnusableId(ValueError):
    """Raised for a message id that Meta would not carry."""


class FileKind(StrEnum):
    """How a file is shown; VOICE is an audio file that plays as a voice note."""

    IMAGE = "image"
    AUDIO = "audio"
    VOICE = "voice"
    VIDEO = "video"
    DOCUMENT = "document"
    STICKER = "sticker"


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file of ours that is handed to the provider before the message."""

    content: bytes = field(repr=False)
    mime: str
    filename: str = "file"


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A file the provider holds already (uploaded ids live 30 days at Meta)."""

    provider_id: str


type Media = Upload | Held


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """Plain words; `preview` shows the first link as a card."""

    text: str
    preview: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file with an optional caption (not for audio and stickers)."""

    kind: FileKind
    media: Media
    caption: str = ""
    filename: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """A place; degrees of WGS 84."""

    latitude: float
    longitude: float
    name: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contacts:
    """Contact cards in the provider's own shape."""

    cards: tuple[Mapping[str, Json], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reaction:
    """An emoji on the message `target`; an empty one takes it back."""

    target: str
    emoji: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A button or a line of a list: `key` comes back when it is chosen."""

    key: str
    title: str
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A group of lines in a list."""

    title: str
    rows: tuple[Choice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Buttons:
    """Up to three buttons."""

    buttons: tuple[Choice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Menu:
    """A list that opens behind the button `label`; ten lines at most."""

    label: str
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A button that opens a web address."""

    label: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A button that opens a WhatsApp Flow; without `screen` the flow itself asks for its data."""

    label: str
    flow_id: str
    token: str
    screen: str = ""
    data: Mapping[str, Json] = field(default_factory=dict)


class Wish(StrEnum):
    """What a person can be asked to share with one tap."""

    LOCATION = "location"
    PHONE = "phone"


type Action = Buttons | Menu | Link | Form | Wish
type Header = str | File


@dataclass(frozen=True, slots=True, kw_only=True)
class Interactive:
    """Words with something to tap; a header is a line of text or an image, video or document."""

    text: str
    action: Action
    header: Header = ""
    footer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """What is filled into one place; `name` for templates with named places."""

    text: str
    name: str = ""


class ButtonKind(StrEnum):
    """The template buttons that take a parameter."""

    QUICK_REPLY = "quick_reply"
    URL = "url"
    COPY_CODE = "copy_code"
    FLOW = "flow"


@dataclass(frozen=True, slots=True, kw_only=True)
class ButtonParameter:
    """What goes into the button at `index` (from 0): payload, end of the address, code or token."""

    index: int
    kind: ButtonKind
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """An approved wording with its places filled."""

    name: str
    language: str
    header: Parameter | File | Location | None = None
    body: tuple[Parameter, ...] = ()
    buttons: tuple[ButtonParameter, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """An e-mail in two forms. `unsubscribe` is the one-click address (RFC 8058), empty where none is owed.

    `ident` is its Message-ID, by which a returned letter is known; `sender` the address it comes
    from and returns to, `company` the name beside it.
    """

    ident: str
    subject: str
    text: str
    html: str
    sender: str
    company: str
    unsubscribe: str = ""
    list_id: str = ""


type Body = Text | File | Location | Contacts | Reaction | Interactive | Template | Mail


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """One message to one person.

    `message_id` is ours: the permit names it and it comes back with every status. The phone is
    used when both addresses are known. Raises `NoRecipient` and `UnusableId`.
    """

    message_id: str
    to: events.Party
    body: Body
    reply_to: str | None = None

    def __post_init__(self) -> None:
        """Refuse what could not be addressed or recognised."""
        if not (self.to.phone or self.to.bsuid or self.to.email):
            raise NoRecipient("The message has no recipient; give a number, user id or address.")
        if not 0 < len(self.message_id) <= MAX_ID:
            raise UnusableId(f"The message id must have 1 to {MAX_ID} characters.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What the provider said when it accepted a message (accepted is not delivered).

    `held` means that Meta first tests the template with others and may drop the message (132015).
    `party` is the person as the provider knows them; `media_id` the uploaded file, for use again.
    """

    provider_id: str
    held: bool = False
    party: events.Party | None = None
    media_id: str | None = None


def upload_of(body: Body) -> Upload | None:
    """The file that has to be handed over before the message, if there is one."""
    holder = body.header if isinstance(body, Interactive | Template) else body
    if isinstance(holder, File) and isinstance(holder.media, Upload):
        return holder.media
    return None
