"""Whether a message body is one Meta would take: every kind, field by field."""

import math
from collections.abc import Callable
from typing import Any

from graphsim.errors import GraphError
from graphsim.state.number import Number
from graphsim.state.world import World

type Json = dict[str, Any]

_MEDIA_KINDS = frozenset({"image", "audio", "video", "document", "sticker"})
_TEXT = 4096
_CAPTION = 1024
_EDGE = 60
_HTTP = ("http://", "https://")


def check(world: World, by: Number, body: Json) -> tuple[str, Json]:
    """The kind and its payload; raises `GraphError` with what is missing or wrong."""
    if body.get("messaging_product") != "whatsapp":
        raise GraphError(100, "The parameter messaging_product is required and must be 'whatsapp'.")
    kind = body.get("type", "text")
    if not isinstance(kind, str) or kind not in _CHECKS:
        raise GraphError(
            100, f"Param type must be one of {{{', '.join(_CHECKS).upper()}}} - got {kind!r:.60}."
        )
    payload = body.get(kind)
    wanted = list if kind == "contacts" else dict
    if not isinstance(payload, wanted) or not payload:
        raise GraphError(131008, f"Parameter '{kind}' is mandatory for type '{kind}'.")
    _CHECKS[kind](world, by, kind, payload)
    return kind, payload if isinstance(payload, dict) else {"contacts": payload}


def check_callback(body: Json) -> str | None:
    """The business's own word that returns in statuses: at most 512 characters."""
    found = body.get("biz_opaque_callback_data")
    if found is not None and (not isinstance(found, str) or len(found) > 512):  # noqa: PLR2004
        raise GraphError(131009, "biz_opaque_callback_data must be at most 512 characters.")
    return found


def words(holder: Json, key: str, *, limit: int, where: str, required: bool = True) -> str:
    """A text field within its limit; raises `GraphError` when missing, no text, or too long."""
    found = holder.get(key)
    if found is None and not required:
        return ""
    if not isinstance(found, str) or not found.strip():
        raise GraphError(131008, f"Parameter '{where}.{key}' is required and must be a text.")
    if len(found) > limit:
        raise GraphError(131009, f"Param {where}['{key}'] must be at most {limit} characters long.")
    return found


def _text(_world: World, _by: Number, kind: str, payload: Json) -> None:
    words(payload, "body", limit=_TEXT, where=kind)


def _media(world: World, by: Number, kind: str, payload: Json) -> None:
    media_id, link = payload.get("id"), payload.get("link")
    if media_id is None and link is None:
        raise GraphError(131008, f"Parameter '{kind}.id' or '{kind}.link' is required.")
    if media_id is not None:
        check_attachment(world, by, kind, media_id)
    elif not isinstance(link, str) or not link.startswith(_HTTP):
        raise GraphError(131009, f"Param {kind}['link'] is not a valid URL.")
    words(payload, "caption", limit=_CAPTION, where=kind, required=False)


def check_attachment(world: World, by: Number, kind: str, media_id: object) -> None:
    """Whether a media id belongs to this number, lives, and fits the kind of message."""
    found = world.media.get(media_id) if isinstance(media_id, str) else None
    if found is None or found.number_id != by.id or found.expires_at <= world.clock.now():
        raise GraphError(
            100,
            f"Param {kind}['id'] is not a valid whatsapp business account media attachment ID.",
        )


def _sticker(world: World, by: Number, kind: str, payload: Json) -> None:
    if "caption" in payload:
        raise GraphError(131009, "A sticker has no caption.")
    _media(world, by, kind, payload)


def _location(_world: World, _by: Number, kind: str, payload: Json) -> None:
    for key, most in (("latitude", 90.0), ("longitude", 180.0)):
        try:
            found = float(payload[key])
        except (KeyError, TypeError, ValueError):
            raise GraphError(131008, f"Parameter '{kind}.{key}' is required.") from None
        if not math.isfinite(found) or abs(found) > most:
            raise GraphError(131009, f"Param {kind}['{key}'] is out of range.")


def _contacts(_world: World, _by: Number, kind: str, payload: Any) -> None:
    for card in payload:
        name = card.get("name") if isinstance(card, dict) else None
        if not isinstance(name, dict):
            raise GraphError(131008, f"Parameter '{kind}.name' is required.")
        words(name, "formatted_name", limit=_TEXT, where=f"{kind}.name")


def _reaction(_world: World, _by: Number, kind: str, payload: Json) -> None:
    words(payload, "message_id", limit=_TEXT, where=kind)
    if not isinstance(payload.get("emoji", ""), str) or len(payload.get("emoji", "")) > 16:  # noqa: PLR2004
        raise GraphError(131009, "Param reaction['emoji'] must be a single emoji.")


def _template(_world: World, _by: Number, kind: str, payload: Json) -> None:
    words(payload, "name", limit=512, where=kind)
    language = payload.get("language")
    if not isinstance(language, dict):
        raise GraphError(131008, "Parameter 'template.language' is required.")
    words(language, "code", limit=16, where="template.language")
    components = payload.get("components", [])
    if not isinstance(components, list) or not all(isinstance(c, dict) for c in components):
        raise GraphError(131009, "Param template['components'] must be an array of objects.")


def _interactive(_world: World, _by: Number, kind: str, payload: Json) -> None:
    sort = payload.get("type")
    if not isinstance(sort, str) or sort not in _INTERACTIVE:
        raise GraphError(
            131009, f"Param interactive['type'] must be one of {', '.join(sorted(_INTERACTIVE))}."
        )
    action = payload.get("action")
    if not isinstance(action, dict) and sort != "contact_request":
        raise GraphError(131008, "Parameter 'interactive.action' is required.")
    if sort not in ("catalog_message", "product"):
        body = payload.get("body")
        if not isinstance(body, dict):
            raise GraphError(131008, "Parameter 'interactive.body' is required.")
        words(body, "text", limit=_TEXT if sort == "list" else _CAPTION, where=f"{kind}.body")
    _check_edges(kind, sort, payload)
    _INTERACTIVE[sort](action if isinstance(action, dict) else {})


def _check_edges(kind: str, sort: str, payload: Json) -> None:
    """Header and footer: short, and above a list nothing but words."""
    for key in ("header", "footer"):
        part = payload.get(key)
        if part is None and key not in payload:
            continue
        if not isinstance(part, dict):
            raise GraphError(131009, f"Param interactive['{key}'] must be an object.")
        if key == "header" and sort == "list" and part.get("type") != "text":
            raise GraphError(131009, "The header of a list must be of type text.")
        if key == "footer" or part.get("type") == "text":
            words(part, "text", limit=_EDGE, where=f"{kind}.{key}")


def _check_unique(found: list[str], what: str) -> None:
    if len(set(found)) < len(found):
        raise GraphError(131009, f"{what} must be unique.")


def _buttons(action: Json) -> None:
    buttons = action.get("buttons")
    if not isinstance(buttons, list) or not 1 <= len(buttons) <= 3:  # noqa: PLR2004
        raise GraphError(131009, "A button message has between 1 and 3 buttons.")
    replies = []
    for each in buttons:
        reply = each.get("reply") if isinstance(each, dict) else None
        if not isinstance(reply, dict):
            raise GraphError(131008, "Parameter 'action.buttons.reply' is required.")
        if each.get("type") != "reply":
            raise GraphError(131009, "Param action.buttons['type'] must be 'reply'.")
        replies.append(reply)
    where = "action.buttons.reply"
    _check_unique([words(one, "title", limit=20, where=where) for one in replies], "Button titles")
    _check_unique([words(one, "id", limit=256, where=where) for one in replies], "Button ids")


def _list(action: Json) -> None:
    words(action, "button", limit=20, where="action")
    sections = action.get("sections")
    if not isinstance(sections, list) or not 1 <= len(sections) <= 10:  # noqa: PLR2004
        raise GraphError(131009, "A list has between 1 and 10 sections.")
    rows = [row for section in sections for row in _rows(section, titled=len(sections) > 1)]
    if not 1 <= len(rows) <= 10:  # noqa: PLR2004
        raise GraphError(131009, "A list has between 1 and 10 rows in all.")
    _check_unique(rows, "Row ids")


def _rows(section: Any, *, titled: bool) -> list[str]:
    found = section.get("rows") if isinstance(section, dict) else None
    if not isinstance(found, list) or not found or not all(isinstance(row, dict) for row in found):
        raise GraphError(131008, "Parameter 'action.sections.rows' is required.")
    words(section, "title", limit=24, where="action.sections", required=titled)
    for row in found:
        words(row, "title", limit=24, where="rows")
        words(row, "description", limit=72, where="rows", required=False)
    return [words(row, "id", limit=200, where="rows") for row in found]


def _link(action: Json) -> None:
    parameters = action.get("parameters")
    if not isinstance(parameters, dict):
        raise GraphError(131008, "Parameter 'action.parameters' is required.")
    words(parameters, "display_text", limit=20, where="action.parameters")
    url = words(parameters, "url", limit=2000, where="action.parameters")
    if not url.startswith(_HTTP):
        raise GraphError(131009, "Param action.parameters['url'] is not a valid URL.")


def _any(_action: Json) -> None:
    """Kinds whose action the simulator shows but does not look into."""


_INTERACTIVE: dict[str, Callable[[Json], None]] = {
    "button": _buttons,
    "list": _list,
    "cta_url": _link,
    "flow": _any,
    "location_request_message": _any,
    "contact_request": _any,
    "request_contact_info": _any,
    "call_permission_request": _any,
    "voice_call": _any,
    "address_message": _any,
    "product": _any,
    "product_list": _any,
    "catalog_message": _any,
    "carousel": _any,
}
_CHECKS: dict[str, Callable[[World, Number, str, Any], None]] = {
    "text": _text,
    **dict.fromkeys(sorted(_MEDIA_KINDS - {"sticker"}), _media),
    "sticker": _sticker,
    "location": _location,
    "contacts": _contacts,
    "reaction": _reaction,
    "interactive": _interactive,
    "template": _template,
}
