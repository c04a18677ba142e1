"""What a customer does with the phone: writes, answers, reacts, edits, reads, stops, blocks."""

from collections.abc import Callable
from typing import Any

from graphsim import errors
from graphsim.deeds import files, receipts
from graphsim.state import customer, number
from graphsim.state.world import World

type Json = dict[str, Any]

MEDIA_KINDS = ("image", "audio", "voice", "video", "document", "sticker")
_EXTRAS = ("referral", "identity")


class UnableToWrite(ValueError):
    """The customer cannot write that; the sentence says what to change."""


def write(world: World, who: customer.Customer, to: number.Number, order: Json) -> str:
    """Send one message to the business by webhook and return its id.

    `order` names the `kind` and its fields (see the simulator's how-to). Raises `UnableToWrite`.
    """
    kind = order.get("kind", "text")
    maker = _MAKERS.get(kind) if isinstance(kind, str) else None
    if maker is None:
        raise UnableToWrite(f"Unknown kind {kind!r:.40}. Use one of: {', '.join(_MAKERS)}.")
    if who.address == who.key and who.phone is None and who.bsuid is None:
        raise UnableToWrite("The customer has neither a phone nor a user id; give one of them.")
    message = _head(world, who, to, order)
    message |= maker(world, who, to, order)
    for extra in _EXTRAS:
        if isinstance(order.get(extra), dict):
            message[extra] = order[extra]
    chat = who.chat(to.id)
    _open_window(world, chat, referred="referral" in message)
    if "from" in message:
        note_contact(world, who, to)
    if to.enforce_limits:
        to.meter.count_inbound(world.clock.now())
    _remember(world, who, chat, message)
    if to.registered and not chat.blocked and not _is_blocked(to, who):
        contact = receipts.contact(world, to, who)
        world.courier.put(to, field="messages", key="messages", item=message, contact=contact)
    world.hub.tell(who.key)
    return str(message["id"])


def _head(world: World, who: customer.Customer, to: number.Number, order: Json) -> Json:
    stamp = order.get("timestamp")
    message: Json = {}
    context: Json = {}
    if isinstance(reply := order.get("reply_to"), str) and reply:
        context |= {"from": to.digits, "id": reply}
    if order.get("forwarded") is True:
        context["forwarded"] = True
    if context:
        message["context"] = context
    if receipts.phone_shown(world, to, who):
        message["from"] = who.phone
    if who.bsuid:
        message["from_user_id"] = who.bsuid
    wamid = order.get("wamid")
    message["id"] = wamid if isinstance(wamid, str) and wamid else world.ids.wamid(who.address)
    message["timestamp"] = str(stamp if isinstance(stamp, int) else int(world.clock.now()))
    return message


def _open_window(world: World, chat: customer.Chat, *, referred: bool) -> None:
    now = world.clock.now()
    chat.window_until = now + customer.WINDOW_SECONDS
    chat.last_inbound = now
    if referred:
        chat.free_entry_until = now + customer.FREE_ENTRY_SECONDS


def note_contact(world: World, who: customer.Customer, to: number.Number) -> None:
    """The number dealt with the person's phone: Meta shows it for 30 days, and keeps it."""
    who.chat(to.id).last_contact = world.clock.now()
    if to.contact_book and who.bsuid and who.phone:
        to.book[who.bsuid] = {"phone": who.phone}


def _is_blocked(to: number.Number, who: customer.Customer) -> bool:
    return any(each in to.blocked for each in (who.phone, who.bsuid) if each)


def _remember(world: World, who: customer.Customer, chat: customer.Chat, message: Json) -> None:
    kind = str(message["type"])
    payload = message.get(kind)
    target = world.wamids.get(_target(kind, payload))
    if target is not None and kind == "reaction":
        _mark_reaction(target[2], who.key, payload)
    elif target is not None and kind == "edit" and isinstance(payload, dict):
        _mark_edit(target[2], payload["message"])
    elif target is not None and kind == "revoke":
        target[2].revoked = True
    if kind in ("edit", "revoke", "reaction") or message["id"] in world.wamids:
        return
    body = payload if isinstance(payload, dict) else {kind: payload}
    made = customer.Bubble(
        wamid=message["id"],
        mine=True,
        kind=kind,
        body=body,
        at=world.clock.now(),
        status="delivered",
        reply_to=message.get("context", {}).get("id"),
    )
    world.keep(who, chat, made)


def _target(kind: str, payload: object) -> str:
    key = "message_id" if kind == "reaction" else "original_message_id"
    return str(payload.get(key, "")) if isinstance(payload, dict) else ""


def _mark_reaction(bubble: customer.Bubble, key: str, payload: Any) -> None:
    if payload.get("emoji"):
        bubble.reactions[key] = payload["emoji"]
    else:
        bubble.reactions.pop(key, None)


def _mark_edit(bubble: customer.Bubble, message: Json) -> None:
    kind = message["type"]
    bubble.body = {**bubble.body, **message[kind]}
    bubble.edited = True


def _text(_w: World, _c: customer.Customer, _n: number.Number, order: Json) -> Json:
    return {"type": "text", "text": {"body": _word(order, "text", most=65_536)}}


def _word(order: Json, key: str, *, most: int = 4_096) -> str:
    found = order.get(key)
    if not isinstance(found, str) or not found:
        raise UnableToWrite(f"'{key}' is missing; give it as text.")
    if len(found) > most:
        raise UnableToWrite(f"'{key}' is longer than {most} characters; shorten it.")
    return found


def _file(world: World, _c: customer.Customer, to: number.Number, order: Json) -> Json:
    kind = str(order["kind"])
    name = "audio" if kind == "voice" else kind
    try:
        item = files.receive(world, to, order)
    except files.UnableToStore as error:
        raise UnableToWrite(str(error)) from None
    url = files.link(world, item, base=str(order.get("_base", "")))
    payload: Json = {
        "mime_type": item.mime_type,
        "sha256": item.sha256,
        "id": item.id,
        "url": url,
    }
    if kind == "voice" or (kind == "audio" and order.get("voice") is True):
        payload["voice"] = True
    if kind == "document":
        payload = {"filename": item.filename or "document"} | payload
    if kind == "sticker":
        payload["animated"] = order.get("animated") is True
    if isinstance(order.get("caption"), str) and order["caption"] and name != "audio":
        payload = {"caption": order["caption"]} | payload
    return {"type": name, name: payload}


def _location(_w: World, _c: customer.Customer, _n: number.Number, order: Json) -> Json:
    try:
        place: Json = {key: float(order[key]) for key in ("latitude", "longitude")}
    except (KeyError, TypeError, ValueError):
        raise UnableToWrite("Give 'latitude' and 'longitude' as numbers.") from None
    for key in ("name", "address", "url"):
        if isinstance(order.get(key), str) and order[key]:
            place[key] = order[key]
    return {"type": "location", "location": place}


def _contacts(_w: World, _c: customer.Customer, _n: number.Number, order: Json) -> Json:
    cards = order.get("contacts")
    if not isinstance(cards, list) or not cards or not all(isinstance(c, dict) for c in cards):
        raise UnableToWrite("Give 'contacts' as a list of cards with name and phones.")
    return {"type": "contacts", "contacts": cards}


def _reaction(_w: World, _c: customer.Customer, _n: number.Number, order: Json) -> Json:
    payload = {"message_id": _word(order, "message_id")}
    if order.get("emoji"):
        payload["emoji"] = _word(order, "emoji", most=32)
    return {"type": "reaction", "reaction": payload}


def _button(_w: World, _c: customer.Customer, _n: number.Number, order: Json) -> Json:
    text = _word(order, "text")
    payload = order.get("payload")
    return {
        "type": "button",
        "button": {"payload": payload if isinstance(payload, str) else text, "text": text},
    }


def _interactive(_w: World, _c: customer.Customer, _n: number.Number, order: Json) -> Json:
    given = order.get("interactive")
    if not isinstance(given, dict) or not isinstance(given.get("type"), str):
        raise UnableToWrite(
            "Give 'interactive' with its type: button_reply, list_reply, nfm_reply."
        )
    if not isinstance(given.get(given["type"]), dict):
        raise UnableToWrite(f"'interactive' has no object {given['type']!r:.40}; add it.")
    return {"type": "interactive", "interactive": given}


def _order(_w: World, _c: customer.Customer, _n: number.Number, order: Json) -> Json:
    found = order.get("order")
    if not isinstance(found, dict) or not isinstance(found.get("product_items"), list):
        raise UnableToWrite("Give 'order' with catalog_id, text and product_items.")
    return {"type": "order", "order": found}


def _edit(world: World, who: customer.Customer, _n: number.Number, order: Json) -> Json:
    original = _word(order, "message_id")
    found = world.wamids.get(original)
    if found is not None and (found[0] is not who or not found[2].mine):
        raise UnableToWrite("That message is not the customer's own; name one of theirs.")
    text = _word(order, "text")
    if found is not None and found[2].kind != "text":
        kept = {k: v for k, v in found[2].body.items() if k != "caption"}
        message: Json = {"type": found[2].kind, found[2].kind: {"caption": text} | kept}
    else:
        message = {"type": "text", "text": {"body": text}}
    return {"type": "edit", "edit": {"original_message_id": original, "message": message}}


def _revoke(world: World, who: customer.Customer, _n: number.Number, order: Json) -> Json:
    original = _word(order, "message_id")
    found = world.wamids.get(original)
    if found is not None and (found[0] is not who or not found[2].mine):
        raise UnableToWrite("That message is not the customer's own; name one of theirs.")
    return {"type": "revoke", "revoke": {"original_message_id": original}}


def _unsupported(_w: World, _c: customer.Customer, _n: number.Number, order: Json) -> Json:
    code = order.get("code", 131051)
    if not isinstance(code, int):
        raise UnableToWrite("'code' is a number of Meta's error table.")
    return {
        "type": "unsupported",
        "errors": [errors.webhook_error(code, "Message type is currently not supported.")],
        "unsupported": {"type": str(order.get("sort", "unknown"))},
    }


def _system(_w: World, who: customer.Customer, _n: number.Number, order: Json) -> Json:
    found = order.get("system")
    if not isinstance(found, dict):
        found = {"body": f"User {who.name} has a new code.", "type": "customer_identity_changed"}
    return {"type": "system", "system": found}


def _raw(_w: World, _c: customer.Customer, _n: number.Number, order: Json) -> Json:
    found = order.get("message")
    if not isinstance(found, dict) or not isinstance(found.get("type"), str):
        raise UnableToWrite("Give 'message' as an object with its type; the rest goes out as is.")
    return found


_MAKERS: dict[str, Callable[[World, customer.Customer, number.Number, Json], Json]] = {
    "text": _text,
    **dict.fromkeys(MEDIA_KINDS, _file),
    "location": _location,
    "contacts": _contacts,
    "reaction": _reaction,
    "button": _button,
    "interactive": _interactive,
    "order": _order,
    "edit": _edit,
    "revoke": _revoke,
    "unsupported": _unsupported,
    "system": _system,
    "raw": _raw,
}
