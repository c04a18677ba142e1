"""One message as a screen shows it: opened, with edits, reactions, quote, file and the gate's answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import orjson

from werkbote.domain import events
from werkbote.reads.inbox import contents, decisions, people
from werkbote.store import models

_EXCERPT = 160


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """The message that is replied to; `known` is False where it is not in our inbox."""

    known: bool
    outgoing: bool = False
    kind: str = ""
    text: str = ""
    revoked: bool = False
    message: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """A file of a message; `size` in bytes, `state` waiting, stored, failed or expired."""

    id: int
    mime: str
    size: int
    state: str
    problem: str
    filename: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """Everything a bubble shows. Times are aware UTC; `author` is a member's name or empty."""

    id: int
    conversation: int
    outgoing: bool
    kind: str
    text: str
    content: contents.Content
    at: datetime
    state: str
    sent_at: datetime | None
    delivered_at: datetime | None
    read_at: datetime | None
    failed_at: datetime | None
    failure_code: int | None
    due_at: datetime | None
    purpose: str
    author: str
    forwarded: bool
    historic: bool
    edited: bool
    revoked: bool
    reactions: tuple[str, ...]
    quote: Quote | None
    media: Media | None
    permit: decisions.Decision | None
    refusal: decisions.Decision | None
    tag: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Since:
    """What happened to one message after it was written; the newest word of each side counts."""

    text: str | None = None
    revoked: bool = False
    reactions: tuple[str, ...] = ()


def opened(
    rows: Sequence[models.Message],
    *,
    keyhole: people.Keyhole,
    names: Mapping[int, str],
    language: str,
) -> tuple[Message, ...]:
    """Return the messages of some rows (with person, media, permit and refusal joined).

    Two queries whatever the number of rows. Inside `looking`.
    """
    quoted = _quoted(rows)
    bodies = {row.id: body(row, keyhole) for row in (*rows, *quoted)}
    since = _since([*rows, *quoted], keyhole)
    quotes = {
        row.provider_id: _quote(row, bodies[row.id], since.get(row.provider_id or "", Since()))
        for row in (*rows, *quoted)
    }
    return tuple(
        _message(
            row,
            bodies[row.id],
            since.get(row.provider_id or "", Since()),
            quotes.get(row.reply_to, Quote(known=False)) if row.reply_to else None,
            author=names.get(row.author_id or 0, ""),
            language=language,
        )
        for row in rows
    )


def said(rows: Sequence[models.Message], *, keyhole: people.Keyhole) -> Mapping[int, str | None]:
    """Return the last wording of some rows (with person joined), None for what was deleted.

    One query whatever the number of rows. Inside `looking`.
    """
    since = _since(rows, keyhole)
    found: dict[int, str | None] = {}
    for row in rows:
        later = since.get(row.provider_id or "", Since())
        text = text_of(body(row, keyhole)) if later.text is None else later.text
        found[row.id] = None if later.revoked else text
    return found


def body(row: models.Message, keyhole: people.Keyhole) -> Mapping[str, events.Json]:
    """Return a message's sealed JSON: `text` and `content`."""
    sealed = keyhole.of(row.person).open(row.body, table="message", row=row.id, column="body")
    parsed: Mapping[str, events.Json] = orjson.loads(sealed)
    return parsed


def text_of(parsed: Mapping[str, events.Json]) -> str:
    """Return the text of an opened body."""
    text = parsed.get("text")
    return text if isinstance(text, str) else ""


def _content_of(parsed: Mapping[str, events.Json]) -> Mapping[str, events.Json]:
    content = parsed.get("content")
    return content if isinstance(content, dict) else {}


def _since(rows: Sequence[models.Message], keyhole: people.Keyhole) -> Mapping[str, Since]:
    """Return what happened to the rows, by provider id; arrival order cannot matter."""
    changes = (
        models.MessageChange.objects.filter(
            number_id__in={row.number_id for row in rows},
            target__in={row.provider_id for row in rows if row.provider_id},
        )
        .select_related("person")
        .order_by("at", "provider_id")
    )
    edits: dict[str, str] = {}
    revoked: set[str] = set()
    reactions: dict[str, dict[bool, str]] = {}
    for change in changes:
        value = _value(change, keyhole)
        if change.kind == events.ChangeKind.REVOKE:
            revoked.add(change.target)
        elif change.kind == events.ChangeKind.EDIT:
            edits[change.target] = value
        else:
            reactions.setdefault(change.target, {})[change.outgoing] = value
    return {
        target: Since(
            text=edits.get(target),
            revoked=target in revoked,
            reactions=tuple(emoji for emoji in reactions.get(target, {}).values() if emoji),
        )
        for target in edits.keys() | revoked | reactions.keys()
    }


def _value(change: models.MessageChange, keyhole: people.Keyhole) -> str:
    return keyhole.of(change.person).open_text(
        change.value_sealed, table="message_change", row=change.id, column="value_sealed"
    )


def _quoted(rows: Sequence[models.Message]) -> list[models.Message]:
    """Return the messages that are answered by some rows and are not among them.

    What went into the archive is quoted nowhere but there.
    """
    daily = {"archived_at": None} if any(row.archived_at is None for row in rows) else {}
    wanted = {row.reply_to for row in rows if row.reply_to}
    return list(
        models.Message.objects.filter(
            number_id__in={row.number_id for row in rows},
            provider_id__in=wanted - {row.provider_id for row in rows},
            **daily,
        ).select_related("person")
    )


def _quote(row: models.Message, parsed: Mapping[str, events.Json], since: Since) -> Quote:
    text = text_of(parsed) if since.text is None else since.text
    return Quote(
        known=True,
        outgoing=row.outgoing,
        kind=row.kind,
        text="" if since.revoked else text[:_EXCERPT],
        revoked=since.revoked,
        message=row.id,
    )


def _media(row: models.Message, content: Mapping[str, events.Json]) -> Media | None:
    media: models.Media | None = getattr(row, "media", None)
    if media is None:
        return None
    filename = content.get("filename")
    return Media(
        id=media.id,
        mime=media.mime,
        size=media.size,
        state=media.state,
        problem=media.problem,
        filename=filename if isinstance(filename, str) else "",
    )


def _message(
    row: models.Message,
    parsed: Mapping[str, events.Json],
    since: Since,
    quote: Quote | None,
    *,
    author: str,
    language: str,
) -> Message:
    content = _content_of(parsed)
    text = text_of(parsed) if since.text is None else since.text
    return Message(
        id=row.id,
        conversation=row.conversation_id,
        outgoing=row.outgoing,
        kind=row.kind,
        text="" if since.revoked else text,
        content=contents.Content() if since.revoked else contents.of(row.kind, content),
        at=row.at,
        state=row.state,
        sent_at=row.sent_at,
        delivered_at=row.delivered_at,
        read_at=row.read_at,
        failed_at=row.failed_at,
        failure_code=row.failure_code,
        due_at=row.due_at,
        purpose=row.purpose,
        author=author,
        forwarded=row.forwarded,
        historic=row.historic,
        edited=since.text is not None,
        revoked=since.revoked,
        reactions=() if since.revoked else since.reactions,
        quote=quote,
        media=None if since.revoked else _media(row, content),
        permit=decisions.of(row.permit, language=language),
        refusal=decisions.of(row.refusal, language=language),
        tag=row.tag,
    )
