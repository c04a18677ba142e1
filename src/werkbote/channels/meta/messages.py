"""Messages of a webhook: received, echoed from the phone app, or remembered from before."""

from dataclasses import dataclass, replace
from datetime import datetime

from werkbote.channels.meta import envelope, identities, wire
from werkbote.domain import events
from werkbote.domain.events import ChangeKind, Json, Kind

_OCTETS = "application/octet-stream"
_TEXT_KEYS = {
    "text": "body",
    "image": "caption",
    "video": "caption",
    "audio": "caption",
    "document": "caption",
    "sticker": "caption",
    "button": "text",
    "order": "text",
    "system": "body",
}
_MEDIA = frozenset({"image", "video", "audio", "document", "sticker"})
_PLAIN = frozenset({"interactive", "template", "location", *_TEXT_KEYS})
_CHANGES = {
    "reaction": (ChangeKind.REACTION, "message_id"),
    "edit": (ChangeKind.EDIT, "original_message_id"),
    "revoke": (ChangeKind.REVOKE, "original_message_id"),
}
_HEAD = frozenset({"id", "from", "from_user_id", "to", "to_user_id", "timestamp", "context"})
_PLACES = {"smb_message_echoes": "message_echoes", "message_echoes": "message_echoes"}
_REPLIES = ("button_reply", "list_reply", "nfm_reply")


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a message stood: its thread's person and whether we wrote it, where that is known."""

    party: events.Party | None = None
    outgoing: bool = False
    historic: bool = False


LIVE = Origin()
REMEMBERED = Origin(historic=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Head:
    """What every message has, whatever its kind."""

    number: str
    provider_id: str
    party: events.Party
    at: datetime
    believed: bool


def read(change: envelope.Change, item: wire.Item, origin: Origin = LIVE) -> events.Event:
    """The event of one message; raises `NotUnderstood` when it names no id, sender or number."""
    kind = wire.text(item.get("type"))
    if kind == "system":
        changed = identities.from_system(change, item)
        if changed is not None:
            return changed
    party = origin.party or change.people.party(item.get("from"), item.get("from_user_id"))
    head = _head(change, item, party)
    if kind in _CHANGES:
        altered = _change(head, item, origin)
        if altered is not None:
            return altered
    found = _message(head, kind, item, origin)
    if found.kind is Kind.UNKNOWN and change.field != "history":
        return replace(found, again=change.alone({_PLACES.get(change.field, "messages"): [item]}))
    return found


def read_echo(change: envelope.Change, item: wire.Item) -> events.Event:
    """A message the business wrote in the phone app: the person is whom it went to."""
    address = item.get("to")
    if change.display is not None and wire.digits(address) == change.display:
        address = item.get("from")
    party = change.people.party(address, item.get("to_user_id"))
    return read(change, item, Origin(party=party, outgoing=True))


def read_remembered(change: envelope.Change, item: wire.Item) -> events.Event:
    """A message of a `history` change outside any thread: the file of one already reported."""
    if change.display is not None and wire.digits(item.get("from")) == change.display:
        party = change.people.party(item.get("to"), item.get("to_user_id"))
        return read(change, item, Origin(party=party, outgoing=True, historic=True))
    return read(change, item, REMEMBERED)


def _head(change: envelope.Change, item: wire.Item, party: events.Party | None) -> _Head:
    provider_id = wire.ident(item.get("id"))
    if provider_id is None:
        raise wire.NotUnderstood("The message has no id.")
    if party is None:
        raise wire.NotUnderstood("The message names no person.")
    at, believed = wire.moment(item.get("timestamp"), received_at=change.received_at)
    return _Head(
        number=change.required_number(),
        provider_id=provider_id,
        party=party,
        at=at,
        believed=believed,
    )


def _change(head: _Head, item: wire.Item, origin: Origin) -> events.ChangeIn | None:
    """The change of another message, or None when it does not say of which."""
    name = wire.text(item.get("type"))
    kind, key = _CHANGES[name]
    payload = wire.item(item.get(name))
    target = wire.ident(payload.get(key))
    if target is None:
        return None
    value, media = None, None
    if kind is ChangeKind.REACTION:
        value = wire.text(payload.get("emoji")) or None
    elif kind is ChangeKind.EDIT:
        value, media = _edited(wire.item(payload.get("message")))
    return events.ChangeIn(
        number=head.number,
        provider_id=head.provider_id,
        party=head.party,
        at=head.at,
        kind=kind,
        target=target,
        value=value,
        media=media,
        outgoing=origin.outgoing,
    )


def _edited(message: wire.Item) -> tuple[str, events.MediaRef | None]:
    name = wire.text(message.get("type"))
    fields = dict(wire.item(message.get(name)))
    return _take_text(name, fields), _take_media(name, fields)


def _message(head: _Head, name: str, item: wire.Item, origin: Origin) -> events.MessageIn:
    payload = item.get(name)
    text, media = "", None
    if name in _PLAIN and isinstance(payload, dict):
        content = dict(payload)
        kind = Kind.VOICE if name == "audio" and payload.get("voice") is True else Kind(name)
        text = _take_text(name, content)
        media = _take_media(name, content)
        own = name
    elif name == "contacts" and isinstance(payload, list):
        kind, content, own = Kind.CONTACTS, {"contacts": payload}, name
    elif name == "unsupported":
        kind, content, own = Kind.UNSUPPORTED, dict(wire.item(payload)), name
    else:
        kind, content, own = Kind.UNKNOWN, {"type": item.get("type")}, ""
    reply_to, forwarded = _take_rest(item, own, content)
    if not head.believed:
        content["timestamp"] = item.get("timestamp")
    return events.MessageIn(
        number=head.number,
        provider_id=head.provider_id,
        party=head.party,
        at=head.at,
        kind=kind,
        text=text,
        content=content,
        media=media,
        reply_to=reply_to,
        forwarded=forwarded,
        outgoing=origin.outgoing,
        historic=origin.historic,
    )


def _take_text(name: str, fields: wire.Item) -> str:
    """What a person reads, taken out of the kind's fields (an interactive's words stay in them)."""
    if name == "interactive":
        return _interactive_text(fields)
    key = _TEXT_KEYS.get(name)
    if key is None or not isinstance(fields.get(key), str):
        return ""
    return wire.text(fields.pop(key))


def _interactive_text(fields: wire.Item) -> str:
    for name in _REPLIES:
        reply = wire.item(fields.get(name))
        text = wire.text(reply.get("title")) or wire.text(reply.get("body"))
        if text:
            return text
    return wire.text(wire.item(fields.get("body")).get("text"))


def _take_media(name: str, fields: wire.Item) -> events.MediaRef | None:
    provider_id = wire.ident(fields.get("id")) if name in _MEDIA else None
    if provider_id is None:
        return None
    del fields["id"]
    return events.MediaRef(
        provider_id=provider_id,
        mime=wire.ident(fields.pop("mime_type", None)) or _OCTETS,
        sha256=wire.ident(fields.pop("sha256", None)),
        filename=wire.ident(fields.pop("filename", None)),
    )


def _take_rest(item: wire.Item, own: str, content: wire.Item) -> tuple[str | None, bool]:
    """Fill `content` with what stands beside the kind's own fields; returns reply and forwarding."""
    for key, value in item.items():
        if key not in _HEAD and key not in {"type", own}:
            content[f"message_{key}" if key in content else key] = value
    context = item.get("context")
    if context is None:
        return None, False
    if not isinstance(context, dict):
        content["context"] = context
        return None, False
    rest: Json = {k: v for k, v in context.items() if k not in {"id", "forwarded"}}
    if rest:
        content["context"] = rest
    forwarded = context.get("forwarded") is True or context.get("frequently_forwarded") is True
    return wire.ident(context.get("id")), forwarded
