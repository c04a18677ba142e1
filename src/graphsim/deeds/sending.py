"""The messages endpoint: every check Meta makes, in Meta's order, then the message is on its way."""

import re
from dataclasses import dataclass
from typing import Any

from graphsim import errors
from graphsim.deeds import contents, filling, inbound, reading, receipts
from graphsim.errors import GraphError
from graphsim.state import customer, fault, number, template
from graphsim.state.world import World

type Json = dict[str, Any]

_SHORTEST, _LONGEST = 5, 15
_ADDRESS = 200
_NO_DIGIT = re.compile("[^0-9]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Recipient:
    given: str
    address: str
    by_user_id: bool
    who: customer.Customer | None


def accept(world: World, by: number.Number, body: Json) -> Json:
    """Answer one request to the messages endpoint; raises `GraphError` when Meta would refuse it.

    Every request that is a message is noted in the log with its outcome.
    """
    if body.get("status") is not None:
        return reading.accept(world, by, body)
    wamid = ""
    outcome = "accepted"
    try:
        answer = _accept(world, by, body)
        wamid = answer["messages"][0]["id"]
    except GraphError as error:
        outcome = f"refused:{error.code}"
        raise
    finally:
        note(world, by, body, wamid=wamid, outcome=outcome)
    return answer


def note(world: World, by: number.Number, body: Json, *, wamid: str, outcome: str) -> None:
    """Write a message request into the log."""
    callback = body.get("biz_opaque_callback_data")
    kind = body.get("type", "text")
    world.log.append(
        simulated=world.clock.now(),
        phone_number_id=by.id,
        recipient=str(body.get("to") or body.get("recipient") or "")[:_ADDRESS],
        wamid=wamid,
        callback=callback if isinstance(callback, str) else None,
        kind=kind if isinstance(kind, str) else "?",
        outcome=outcome,
    )


def _accept(world: World, by: number.Number, body: Json) -> Json:
    if not by.registered:
        raise GraphError(133010, "The phone number is not registered; register it first.")
    kind, payload = contents.check(world, by, body)
    callback = contents.check_callback(body)
    to = _recipient(world, by, body)
    found, shown = _template(world, by, payload, to) if kind == "template" else (None, payload)
    _limit(world, by, to)
    now = world.clock.now()
    bubble = customer.Bubble(
        wamid=world.ids.wamid(to.address),
        mine=False,
        kind=kind,
        body=shown,
        at=now,
        callback=callback,
        category="service" if found is None else found.category.lower(),
        reply_to=_context(body),
    )
    refused = _refusal(world, by, bubble, to)
    if refused is not None and by.errors_by == "answer" and refused in (131047, 131050):
        raise GraphError(refused, errors.DETAILS[refused])
    status = _send(world, by, bubble, to, refused=refused, found=found)
    contact = {"input": to.given, "user_id" if to.by_user_id else "wa_id": to.address}
    message = {"id": bubble.wamid}
    if found is not None:
        message["message_status"] = status
    return {"messaging_product": "whatsapp", "contacts": [contact], "messages": [message]}


def _recipient(world: World, by: number.Number, body: Json) -> _Recipient:
    to, recipient = body.get("to"), body.get("recipient")
    if to is None and recipient is None:
        raise GraphError(131008, "Parameter 'to' or 'recipient' is required.")
    if to is None:
        return _by_user_id(world, recipient)
    given = to if isinstance(to, str) else str(to)
    address = digits(given, country=by.digits[:2])
    if not _SHORTEST <= len(address) <= _LONGEST:
        if "." in given:
            return _by_user_id(world, given)
        raise GraphError(131009, "Param to is not a valid WhatsApp phone number.")
    if address == by.digits:
        raise GraphError(131021, "Sender and recipient are the same phone number.")
    return _Recipient(given=given, address=address, by_user_id=False, who=world.find(address))


def _by_user_id(world: World, recipient: object) -> _Recipient:
    if not isinstance(recipient, str) or "." not in recipient or len(recipient) > _ADDRESS:
        raise GraphError(131009, "Param recipient is not a valid business-scoped user ID.")
    return _Recipient(
        given=recipient, address=recipient, by_user_id=True, who=world.find(recipient)
    )


def digits(given: str, *, country: str) -> str:
    """The phone as digits with country code; a leading 0 means the business's own country."""
    bare = _NO_DIGIT.sub("", given)
    if given.lstrip().startswith("+"):
        return bare
    if bare.startswith("00"):
        return bare[2:]
    return country + bare[1:] if bare.startswith("0") else bare


def _template(
    world: World, by: number.Number, payload: Json, to: _Recipient
) -> tuple[template.Template, Json]:
    found = filling.find(world, waba_id=by.waba_id, payload=payload)
    if found.category == "AUTHENTICATION" and to.by_user_id:
        raise GraphError(131062, "Authentication templates need a phone number.")
    return found, filling.fill(found, payload) | {"name": found.name, "language": found.language}


def _limit(world: World, by: number.Number, to: _Recipient) -> None:
    now = world.clock.now()
    if by.enforce_limits and not by.meter.takes_throughput(now, limit=by.throughput):
        raise GraphError(130429, f"The number may send {by.throughput} messages per second.")
    if by.enforce_limits and by.pair_rate and not by.meter.takes_pair(now, to.address):
        raise GraphError(
            131056,
            "Too many messages sent from this phone number to the same phone number in a short "
            "period of time.",
        )


def _refusal(
    world: World, by: number.Number, bubble: customer.Bubble, to: _Recipient
) -> int | None:
    """Why an accepted message will fail: not reachable, stopped, window closed, or limit reached."""
    who = to.who
    if who is None:
        reachable = world.settings.unknown_on_whatsapp and not to.by_user_id
        chat = None
    else:
        reachable = who.on_whatsapp
        chat = who.chat(by.id)
    if not reachable or (chat is not None and chat.blocked):
        return 131026
    if chat is not None and chat.stopped and bubble.category == "marketing":
        return 131050
    now = world.clock.now()
    if chat is not None and max(chat.window_until, chat.free_entry_until) > now:
        return None
    if bubble.kind != "template":
        return 131047 if by.enforce_window else None
    if not by.enforce_limits:
        return None
    openings = world.openings(by.waba_id)
    return None if openings.takes_opening(now, to.address, limit=by.limit) else 131064


def _send(
    world: World,
    by: number.Number,
    bubble: customer.Bubble,
    to: _Recipient,
    *,
    refused: int | None,
    found: template.Template | None,
) -> str:
    strikes = by.faults.strike("delivery", chance=world.ids.chance()) if by.faults.delivery else []
    struck = {each.kind: each for each in strikes}
    if "fail" in struck:
        refused = struck["fail"].code
    if refused is not None:
        _keep(world, by, bubble, to)
        bubble.status = "accepted"
        receipts.fail(world, by, bubble, refused, who=to.who, address=to.address)
        return "accepted"
    chat = None if to.who is None else to.who.chat(by.id)
    if found is not None and (found.paced or "held" in struck):
        found.held.append((by, bubble, to.who, to.address))
        _keep(world, by, bubble, to)
        bubble.status = "held"
        return "held_for_quality_assessment"
    bubble.pricing = receipts.price(world, by, category=bubble.category, chat=chat)
    bubble.pricing["shown_in"] = "sent" if world.log.total % 2 else "delivered"
    _keep(world, by, bubble, to)
    _go(world, by, bubble, to, struck)
    return "accepted"


def _go(
    world: World,
    by: number.Number,
    bubble: customer.Bubble,
    to: _Recipient,
    struck: dict[str, fault.Fault],
) -> None:
    receipts.leave(world, by, bubble, who=to.who, address=to.address, struck=struck)
    if to.who is not None:
        world.hub.tell(to.who.key)


def _keep(world: World, by: number.Number, bubble: customer.Bubble, to: _Recipient) -> None:
    if to.who is None:
        return
    chat = to.who.chat(by.id)
    chat.typing_until = 0.0
    if not to.by_user_id:
        inbound.note_contact(world, to.who, by)
    if bubble.kind == "reaction":
        _react(world, by, bubble)
    world.keep(to.who, chat, bubble)


def _react(world: World, by: number.Number, bubble: customer.Bubble) -> None:
    target = world.wamids.get(bubble.body.get("message_id", ""))
    if target is None:
        return
    emoji = bubble.body.get("emoji", "")
    if emoji:
        target[2].reactions[by.id] = emoji
    else:
        target[2].reactions.pop(by.id, None)


def _context(body: Json) -> str | None:
    context = body.get("context")
    found = context.get("message_id") if isinstance(context, dict) else None
    return found if isinstance(found, str) else None
