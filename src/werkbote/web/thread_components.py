"""The components of a thread: lines between days, bubbles of every kind, their files and quotes."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django import template
from django.utils import timezone

from werkbote.domain import events, law
from werkbote.reads import inbox, sensitive
from werkbote.web import clock, labels, privacy_labels

register = template.Library()

_TOGETHER = timedelta(minutes=10)


class Line(NamedTuple):
    """A message in its thread: `day` where a new one begins, `first` of a run by the same side."""

    message: inbox.Message
    day: date | None
    first: bool


@register.filter
def lines(messages: Iterable[inbox.Message]) -> Iterator[Line]:
    """Return messages with the days between them and the runs they form."""
    before: inbox.Message | None = None
    for message in messages:
        today = timezone.localtime(message.at).date()
        new_day = before is None or timezone.localtime(before.at).date() != today
        first = (
            before is None
            or new_day
            or before.outgoing != message.outgoing
            or message.at - before.at > _TOGETHER
        )
        yield Line(message, today if new_day else None, first)
        before = message


@register.inclusion_tag("components/bubble.html", takes_context=True)
def bubble(context: Mapping[str, Any], *, line: Line) -> dict[str, object]:
    """One message of a thread, whatever its kind: never an empty bubble."""
    message = line.message
    failed = message.state == "failed"
    return {
        "message": message,
        "can_file": context.get("rights", {}).get("write", False),
        "content": message.content,
        "first": line.first,
        "speechless": _is_speechless(message),
        "bare": message.kind == events.Kind.STICKER and not message.quote,
        "failure": labels.failure(message.failure_code) if failed else None,
        "tag": labels.of(privacy_labels.TAGS, message.tag) if message.tag else "",
        "undo_until": _undo_until(message),
        "answerable": message.state in _ANSWERABLE and not message.revoked,
        "use_template": message.refusal is not None
        and message.refusal.remedy == law.Remedy.USE_TEMPLATE,
    }


_ANSWERABLE = frozenset({"received", "sent", "delivered", "read"})


def _undo_until(message: inbox.Message) -> datetime | None:
    """Return until when a message only waits so that it can be taken back; None where it does not."""
    due = message.due_at
    waits = message.state == "queued" and message.refusal is None
    return due if waits and due is not None and due > clock.now() else None


@register.filter
def dialled(phone: str) -> str:
    """Return a number as a telephone dials it: digits and a leading plus, whatever else stood in it."""
    digits = "".join(sign for sign in phone if sign in "0123456789")
    return f"+{digits}" if phone.strip().startswith("+") else digits


_FILES = frozenset({"image", "audio", "voice", "video", "document", "sticker"})


def _is_speechless(message: inbox.Message) -> bool:
    """Return whether nothing else of the message would be shown: then a sentence stands there."""
    content = message.content
    shown = (
        content.place,
        content.cards,
        content.items,
        content.fields,
        content.buttons,
        content.menu,
    )
    words = (message.text, content.header, content.footer, content.note, content.template)
    return message.kind not in _FILES and not message.media and not any((*shown, *words))


@register.inclusion_tag("components/file.html")
def file(*, message: inbox.Message, opened: bool = False) -> dict[str, object]:
    """A message's file: shown, played, offered, closed, or the reason why it is not there.

    What is marked as sensitive stays closed unless it was `opened` with a reason.
    """
    media = message.media
    shut = bool(message.tag and media and media.state == "stored" and not opened)
    shut = shut and message.tag in sensitive.tags(day=clock.today())
    return {
        "closed": labels.of(privacy_labels.TAGS, message.tag) if shut else "",
        "media": media,
        "message": message,
        "shape": _shape(media) if media else "",
    }


def _shape(media: inbox.Media) -> str:
    if media.problem == "unshowable":
        return "document"
    if media.mime == "application/pdf":
        return "pdf"
    family = media.mime.partition("/")[0]
    return family if family in {"image", "audio", "video"} else "document"


@register.inclusion_tag("components/quote.html")
def quote(*, quote: inbox.Quote) -> dict[str, object]:
    """The message that is answered, in two lines."""
    return {"quote": quote}
