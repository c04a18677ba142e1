"""What a phone shows: chats and bubbles as plain data for the page."""

import re
from collections.abc import Callable
from typing import Any

from markupsafe import Markup, escape

from graphsim.state import customer, medium, number
from graphsim.state.world import World

type Json = dict[str, Any]
type Say = Callable[[str], str]

_HIDDEN = frozenset({"accepted", "held", "sent", "failed", "expired"})
_LINK = re.compile(r"https?://[^\s<>\"']+")
_STYLES = (
    (re.compile(r"```([^`]+)```"), r"<code>\1</code>"),
    (re.compile(r"(?<![\w*])\*(\S(?:[^*\n]*\S)?)\*(?![\w*])"), r"<strong>\1</strong>"),
    (re.compile(r"(?<![\w_])_(\S(?:[^_\n]*\S)?)_(?![\w_])"), r"<em>\1</em>"),
    (re.compile(r"(?<![\w~])~(\S(?:[^~\n]*\S)?)~(?![\w~])"), r"<s>\1</s>"),
)
_INLINE = frozenset({"image/png", "image/jpeg", "image/webp", "video/mp4"})


def rich(text: object) -> Markup:
    """Text with WhatsApp's marks and clickable links; everything else is escaped."""
    words = str(text)
    made, start = Markup(""), 0
    for match in _LINK.finditer(words):
        made += _styled(words[start : match.start()])
        made += Markup('<a href="{0}" target="_blank" rel="noopener noreferrer">{0}</a>').format(
            match[0]
        )
        start = match.end()
    return made + _styled(words[start:])


def _styled(text: str) -> Markup:
    safe = str(escape(text))
    for pattern, replacement in _STYLES:
        safe = pattern.sub(replacement, safe)
    return Markup(safe)  # noqa: S704 -- escaped above; only our own tags were added


def chats(world: World, who: customer.Customer, say: Say) -> list[Json]:
    """The list of chats: every number, the latest talk first."""
    found = []
    for each in world.numbers.values():
        chat = who.chats.get(each.id)
        shown = [] if chat is None else _visible(chat)
        last = shown[-1] if shown else None
        found.append(
            {
                "id": each.id,
                "name": each.verified_name,
                "initials": initials(each.verified_name),
                "preview": "" if last is None else _preview(last, say),
                "at": 0 if last is None else last.at,
                "unread": 0 if chat is None else chat.unread,
            }
        )
    return sorted(found, key=lambda each: -each["at"])


def initials(name: str) -> str:
    """Up to two letters for the round picture."""
    letters = [word[0].upper() for word in name.split() if word[0].isalnum()]
    return "".join(letters[:1] + letters[-1:] if len(letters) > 1 else letters) or "?"


def chat(world: World, who: customer.Customer, of: number.Number, say: Say) -> Json:
    """One open chat: its bubbles oldest first, and what stands at its head."""
    found = who.chat(of.id)
    shown = _visible(found)
    by_id = {each.wamid: each for each in shown}
    return {
        "id": of.id,
        "name": of.verified_name,
        "initials": initials(of.verified_name),
        "typing": found.typing_until > world.clock.now(),
        "stopped": found.stopped,
        "blocked": found.blocked,
        "unread": found.unread,
        "bubbles": [_bubble(world, each, by_id, say) for each in shown if _is_shown(each)],
    }


def _visible(found: customer.Chat) -> list[customer.Bubble]:
    return [each for each in found.bubbles if each.mine or each.status not in _HIDDEN]


def _is_shown(bubble: customer.Bubble) -> bool:
    return bubble.kind != "reaction"


def _preview(bubble: customer.Bubble, say: Say) -> str:
    if bubble.revoked:
        return say("This message was deleted.")
    return _summary(bubble, say)[:80]


def _summary(bubble: customer.Bubble, say: Say) -> str:
    body = bubble.body
    names = {
        "image": "Picture",
        "video": "Video",
        "audio": "Voice note",
        "document": "Document",
        "sticker": "Sticker",
        "location": "Location",
        "contacts": "Contact",
        "order": "Order",
        "unsupported": "Unsupported kind",
    }
    if bubble.kind == "text":
        return str(body.get("body", ""))
    if bubble.kind == "template":
        return str(body.get("body", ""))
    if bubble.kind == "button":
        return str(body.get("text", ""))
    if bubble.kind == "reaction":
        return str(body.get("emoji", ""))
    if bubble.kind == "interactive":
        return _interactive_words(body, say)
    return str(body.get("caption") or say(names.get(bubble.kind, "Message")))


def _interactive_words(body: Json, say: Say) -> str:
    reply = body.get(str(body.get("type")), {})
    if isinstance(reply, dict) and (reply.get("title") or reply.get("body")):
        return str(reply.get("title") or say("Form sent"))
    text = body.get("body")
    return str(text.get("text", "")) if isinstance(text, dict) else ""


def _bubble(
    world: World, bubble: customer.Bubble, by_id: dict[str, customer.Bubble], say: Say
) -> Json:
    quoted = by_id.get(bubble.reply_to or "")
    return {
        "id": bubble.wamid,
        "mine": bubble.mine,
        "kind": bubble.kind,
        "body": bubble.body,
        "at": bubble.at,
        "read": bubble.status == "read",
        "edited": bubble.edited,
        "revoked": bubble.revoked,
        "summary": "" if bubble.revoked else _summary(bubble, say),
        "editable": bubble.mine and bubble.kind == "text",
        "reactions": sorted(set(bubble.reactions.values())),
        "quote": None if quoted is None else {"mine": quoted.mine, "text": _preview(quoted, say)},
        "media": _media(world, bubble),
        "cards": _cards(bubble),
        "list": _rows(bubble),
        "buttons": _buttons(bubble),
    }


def _media(world: World, bubble: customer.Bubble) -> Json | None:
    """The file of a bubble, or of its header, where the simulator holds it."""
    holder, kind = bubble.body, bubble.kind
    header = bubble.body.get("header")
    if kind in ("template", "interactive") and isinstance(header, dict):
        kind = str(header.get("format") or header.get("type") or "").lower()
        inner = header.get(kind)
        holder = inner if isinstance(inner, dict) else {}
    if kind not in medium.ACCEPTED:
        return None
    found = world.media.get(str(holder.get("id", "")))
    link = holder.get("link")
    return {
        "kind": kind,
        "url": None if found is None else f"/phones/media/{found.id}",
        "link": link if isinstance(link, str) else None,
        "playable": found is not None and is_inline(found.mime_type),
        "name": holder.get("filename") or (found and found.filename) or kind,
        "size": 0 if found is None else len(found.data),
    }


def _part(holder: Any, key: str) -> Json:
    """The object under a key, or an empty one: people send what they like."""
    found = holder.get(key) if isinstance(holder, dict) else None
    return found if isinstance(found, dict) else {}


def _cards(bubble: customer.Bubble) -> list[Json]:
    if bubble.kind != "contacts":
        return []
    made = []
    for card in bubble.body.get("contacts", []):
        given = card.get("phones")
        phones = given if isinstance(given, list) else []
        numbers = [each.get("phone", "") for each in phones if isinstance(each, dict)]
        made.append({"name": _part(card, "name").get("formatted_name", ""), "phones": numbers})
    return made


def is_inline(mime_type: str) -> bool:
    """Whether a file may be shown inside the page; others are only downloaded."""
    bare = mime_type.partition(";")[0].strip().lower()
    return bare in _INLINE or bare in medium.ACCEPTED["audio"][0]


def _rows(bubble: customer.Bubble) -> Json | None:
    if bubble.kind != "interactive" or bubble.body.get("type") != "list":
        return None
    action = bubble.body.get("action", {})
    return {"button": action.get("button", ""), "sections": action.get("sections", [])}


def _buttons(bubble: customer.Bubble) -> list[Json]:
    """What can be pressed under a bubble of the business: label, and what pressing does."""
    if bubble.mine:
        return []
    if bubble.kind == "template":
        return [_of_template(each) for each in bubble.body.get("buttons", [])]
    kind = bubble.body.get("type") if bubble.kind == "interactive" else None
    action = _part(bubble.body, "action")
    return _INTERACTIVE[kind](action) if kind in _INTERACTIVE else []


def _replies(action: Json) -> list[Json]:
    replies = [each.get("reply", {}) for each in action.get("buttons", [])]
    return [_pressed("reply", each.get("title", ""), each.get("id", "")) for each in replies]


def _call_to_action(action: Json) -> list[Json]:
    parameters = _part(action, "parameters")
    return [_link(parameters.get("display_text", ""), parameters.get("url", ""))]


def _flow(action: Json) -> list[Json]:
    parameters = _part(action, "parameters")
    label = parameters.get("flow_cta")
    pressed = _pressed("flow", label or "Fill in form", parameters.get("flow_token", ""))
    return [pressed | {"say": not label}]


def _pressed(act: str, label: object, value: object = "") -> Json:
    return {"act": act, "label": str(label), "value": str(value), "say": False}


_INTERACTIVE: dict[object, Callable[[Json], list[Json]]] = {
    "button": _replies,
    "cta_url": _call_to_action,
    "location_request_message": lambda _: [_pressed("location", "Send location") | {"say": True}],
    "contact_request": lambda _: [_pressed("share", "Share phone number") | {"say": True}],
    "flow": _flow,
}


def _of_template(button: Json) -> Json:
    kind, label = button.get("type"), button.get("text", "")
    if kind == "QUICK_REPLY":
        return _pressed("button", label, button.get("payload", label))
    if kind == "URL":
        return _link(label, button.get("url", ""))
    if kind == "REQUEST_CONTACT_INFO":
        return _pressed("share", label or "Share phone number") | {"say": not label}
    return _pressed("flow" if kind == "FLOW" else "none", label or kind)


def _link(label: object, url: object) -> Json:
    safe = url if isinstance(url, str) and url.startswith(("http://", "https://")) else ""
    return _pressed("link" if safe else "none", label, safe)
