"""What somebody wants to say, before it is a message: checked, sealed, and worded for the channel."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from werkbote.channels import outgoing
from werkbote.domain import events, law, offers
from werkbote.domain import policy as gate

MOST_TEXT = 4096
"""Longest text message, in characters (Cloud API, messages reference)."""

MOST_CAPTION = 1024
"""Longest caption, in characters (Cloud API, media messages)."""

_FILES = {
    events.Kind.IMAGE: outgoing.FileKind.IMAGE,
    events.Kind.AUDIO: outgoing.FileKind.AUDIO,
    events.Kind.VOICE: outgoing.FileKind.VOICE,
    events.Kind.VIDEO: outgoing.FileKind.VIDEO,
    events.Kind.DOCUMENT: outgoing.FileKind.DOCUMENT,
    events.Kind.STICKER: outgoing.FileKind.STICKER,
}
CAPTIONED = frozenset({events.Kind.IMAGE, events.Kind.VIDEO, events.Kind.DOCUMENT})
"""Files that carry words below them; a sound does not."""

_GAP = "\n\n"


class UnableToDraft(Exception):
    """The draft cannot be a message; the sentence says what to change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file to send along."""

    content: bytes = field(repr=False)
    mime: str
    filename: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What to say. `text` is the body or caption.

    `content` by kind: TEMPLATE {"template": {"name", "language", "parameters": {place: value}}},
    INTERACTIVE {"buttons": [{"id", "title"}]} or {"list": {"label", "sections": [{"title",
    "rows": [{"id", "title", "description"}]}]}}, LOCATION {"latitude", "longitude", "name", "address"}. `reply_to` is the id of the message quoted; `request_key` the sender's own
    name for this one wish, so that repeating it sends nothing twice. `role` and `ground` tell the
    gate what it is beside its purpose, and on which record it stands. `bulk` lets all else go first.
    `hold` is how long it waits before it may leave, so that it can be taken back; `case` is where a
    member files it as they send it.
    """

    kind: events.Kind = events.Kind.TEXT
    text: str = ""
    content: Mapping[str, Any] = field(default_factory=dict)
    attachment: Attachment | None = None
    reply_to: int | None = None
    request_key: str | None = None
    role: law.Role = law.Role.PLAIN
    ground: str = ""
    bulk: bool = False
    hold: timedelta = timedelta(0)
    case: int | None = None


def check(draft: Draft) -> None:
    """Raise UnableToDraft when the draft could never be sent, whatever the gate says."""
    if draft.kind is events.Kind.TEXT and not draft.text.strip():
        raise UnableToDraft("The message is empty: write something first.")
    limit = most_text(draft.kind, draft.content)
    if len(draft.text) > limit:
        raise UnableToDraft(_too_long(limit))
    if draft.kind in _FILES and draft.attachment is None:
        raise UnableToDraft("The file is missing: attach it again.")
    if draft.kind is events.Kind.TEMPLATE:
        _check_template(draft.content.get("template"))
    if draft.kind is events.Kind.INTERACTIVE:
        for problem in offer_problems(draft):
            raise UnableToDraft(problem)
    if draft.kind is events.Kind.LOCATION and not _is_place(draft.content):
        raise UnableToDraft("The place needs a latitude and a longitude.")


def _too_long(limit: int) -> str:
    return f"The text has more than {limit} characters: shorten or split it."


def most_text(kind: events.Kind, content: Mapping[str, Any]) -> int:
    """Return how many characters the text of such a message may have at most."""
    buttons = kind is events.Kind.INTERACTIVE and "list" not in content
    short = buttons or kind in CAPTIONED or kind is events.Kind.TEMPLATE
    return MOST_CAPTION if short else MOST_TEXT


def offer_problems(draft: Draft, *, whole: bool = True) -> tuple[str, ...]:
    """Return what is wrong with what the customer may tap; what is only missing where it must be `whole`."""
    offer = offers.of(draft.content)
    if offer is None:
        return ("What the customer can tap is missing: offer buttons or a list.",)
    found = offers.problems(offer, whole=whole)
    limit = most_text(draft.kind, draft.content)
    if len(draft.text) > limit:
        found = (_too_long(limit), *found)
    if whole and not draft.text.strip():
        found = ("The question is missing: write above the answers what you ask.", *found)
    return found


def _check_template(template: object) -> None:
    if (
        not isinstance(template, Mapping)
        or not template.get("name")
        or not template.get("language")
    ):
        raise UnableToDraft("No template is chosen: choose one.")
    given = template.get("parameters", {})
    flaws = [gate.parameter_flaw(str(value)) for value in given.values()]
    for flaw in filter(None, flaws):
        raise UnableToDraft(flaw)


def _is_place(content: Mapping[str, Any]) -> bool:
    return all(isinstance(content.get(key), int | float) for key in ("latitude", "longitude"))


def carries(kind: events.Kind, text: str, notice: str) -> bool:
    """Return whether a text of the house (the notice) fits into such a message beside its own text."""
    if not notice:
        return False
    length = len(with_notice(text, notice))
    if kind in CAPTIONED or kind is events.Kind.INTERACTIVE:
        return length <= MOST_CAPTION
    return kind is events.Kind.TEXT and length <= MOST_TEXT


def with_notice(text: str, notice: str) -> str:
    """Return the text followed by the notice, set apart."""
    return f"{text}{_GAP}{notice}" if text else notice


def is_of(draft: Draft, text: str) -> bool:
    """Return whether a stored text is a draft's own, alone or followed by words of the house."""
    return text == draft.text or (bool(draft.text) and text.startswith(with_notice(draft.text, "")))


def stoppable(draft: Draft, line: str) -> Draft:
    """Return a draft of advertising that says how to stop it: as it is, or followed by that line.

    Unchanged where there is no room for the line, or no text at all (then the gate says no).
    """
    if gate.names_stop(draft.text) or not carries(draft.kind, draft.text, line):
        return draft
    return replace(draft, text=with_notice(draft.text, line))


def body(
    kind: events.Kind, *, text: str, content: Mapping[str, Any], media: outgoing.Media | None
) -> outgoing.Body:
    """Return a stored message as the channel sends it; raise UnableToDraft where that cannot be."""
    if kind in _FILES:
        if media is None:
            raise UnableToDraft("The file of this message is not there any more: attach it again.")
        return outgoing.File(
            kind=_FILES[kind],
            media=media,
            caption=text if kind in CAPTIONED else "",
            filename=str(content.get("filename", "")),
        )
    if kind is events.Kind.TEMPLATE:
        return _template(content["template"])
    if kind is events.Kind.INTERACTIVE:
        action = _menu(content["list"]) if "list" in content else _buttons(content["buttons"])
        return outgoing.Interactive(text=text, action=action)
    if kind is events.Kind.LOCATION:
        return outgoing.Location(
            latitude=float(content["latitude"]),
            longitude=float(content["longitude"]),
            name=str(content.get("name", "")),
            address=str(content.get("address", "")),
        )
    return outgoing.Text(text=text)


def _buttons(buttons: Sequence[Mapping[str, Any]]) -> outgoing.Buttons:
    return outgoing.Buttons(buttons=tuple(_choice(one) for one in buttons))


def _menu(listed: Mapping[str, Any]) -> outgoing.Menu:
    return outgoing.Menu(
        label=str(listed["label"]),
        sections=tuple(
            outgoing.Section(
                title=str(section["title"]), rows=tuple(_choice(row) for row in section["rows"])
            )
            for section in listed["sections"]
        ),
    )


def _choice(one: Mapping[str, Any]) -> outgoing.Choice:
    return outgoing.Choice(
        key=str(one["id"]), title=str(one["title"]), description=str(one.get("description", ""))
    )


def _template(template: Mapping[str, Any]) -> outgoing.Template:
    """Fill the body's places; numbered ones go without names, in their order."""
    given = {str(key): str(value) for key, value in template.get("parameters", {}).items()}
    numbered = all(key.isdecimal() for key in given)
    order = sorted(given, key=int) if numbered else list(given)
    return outgoing.Template(
        name=str(template["name"]),
        language=str(template["language"]),
        body=tuple(
            outgoing.Parameter(text=given[key], name="" if numbered else key) for key in order
        ),
        buttons=tuple(
            outgoing.ButtonParameter(
                index=index, kind=outgoing.ButtonKind.QUICK_REPLY, value=str(payload)
            )
            for index, payload in enumerate(template.get("payloads", ()))
        ),
    )
