"""Control of customers: who they are, and everything they do with their phones."""

from typing import Any

from aiohttp import web

from graphsim.control import numbers, plain
from graphsim.control.plain import Json, Refused
from graphsim.deeds import habits, inbound
from graphsim.state import customer
from graphsim.state.world import CUSTOMERS_KEPT, World

_FIELDS = frozenset(
    {
        "name",
        "phone",
        "bsuid",
        "parent_bsuid",
        "username",
        "on_whatsapp",
        "offline",
        "auto_read",
        "deliver_seconds",
    }
)


def find(world: World, key: str) -> customer.Customer:
    """The customer of a key; raises `Refused` (404)."""
    found = world.customers.get(key)
    if found is None:
        raise Refused(
            f"There is no customer {key!r:.60}; create one with PUT /sim/customers/<key>.",
            status=404,
        )
    return found


async def put(world: World, request: web.Request) -> web.Response:
    """PUT /sim/customers/{key}: create a customer, or change what the body names."""
    order = await plain.body(request)
    key = request.match_info["key"]
    if unknown := sorted(set(order) - _FIELDS):
        raise Refused(f"Unknown field {unknown[0]!r:.60}; known are: {', '.join(sorted(_FIELDS))}.")
    old = world.customers.get(key)
    if old is None and len(world.customers) >= CUSTOMERS_KEPT:
        raise Refused(f"There are {CUSTOMERS_KEPT} customers already; reset the simulator first.")
    if old is not None:
        known: Json = {name: getattr(old, name) for name in _FIELDS}
    else:
        known = {"name": key, "bsuid": world.ids.bsuid()}
        known["deliver_seconds"] = world.settings.deliver_seconds
    made = _made(key, known | order)
    _check_unused(world, made)
    if old is not None:
        for name in sorted(_FIELDS):
            setattr(old, name, getattr(made, name))
        habits.came_online(world, old)
        made = old
    world.index(made)
    world.hub.tell("*")
    return plain.answer(public(made), status=200 if old else 201)


def _check_unused(world: World, made: customer.Customer) -> None:
    for address in (made.phone, made.bsuid):
        other = world.find(address) if address else None
        if other is not None and other.key != made.key:
            raise Refused(f"Customer {other.key!r:.60} already has that phone or user id.")


def _made(key: str, order: Json) -> customer.Customer:
    phone = plain.optional(order, "phone")
    digits = None if phone is None else "".join(c for c in phone if c in "0123456789")
    if digits is not None and not 5 <= len(digits) <= 15:  # noqa: PLR2004 -- E.164
        raise Refused("'phone' must have 5 to 15 digits with the country code, or be null.")
    bsuid = plain.optional(order, "bsuid")
    if bsuid is not None and "." not in bsuid:
        raise Refused("'bsuid' looks like 'DE.1234567890', or is null.")
    if digits is None and bsuid is None:
        raise Refused("Give a phone, a bsuid, or both.")
    return customer.Customer(
        key=key,
        name=plain.text(order, "name"),
        phone=digits,
        bsuid=bsuid,
        parent_bsuid=plain.optional(order, "parent_bsuid"),
        username=plain.optional(order, "username"),
        on_whatsapp=plain.flag(order, "on_whatsapp", default=True),
        offline=plain.flag(order, "offline", default=False),
        auto_read=plain.flag(order, "auto_read", default=False),
        deliver_seconds=plain.amount(order, "deliver_seconds", 0.15, least=0, most=10_000_000),
    )


def public(who: customer.Customer) -> Json:
    """A customer as the control API shows them."""
    return {
        "key": who.key,
        "name": who.name,
        "phone": who.phone,
        "bsuid": who.bsuid,
        "parent_bsuid": who.parent_bsuid,
        "username": who.username,
        "on_whatsapp": who.on_whatsapp,
        "offline": who.offline,
        "auto_read": who.auto_read,
        "deliver_seconds": who.deliver_seconds,
        "chats": [_chat(each) for each in who.chats.values()],
    }


def _chat(chat: customer.Chat) -> Json:
    return {
        "phone_number_id": chat.number_id,
        "messages": len(chat.bubbles),
        "unread": chat.unread,
        "stopped": chat.stopped,
        "blocked": chat.blocked,
        "window_until": chat.window_until,
    }


def shown(bubble: customer.Bubble) -> Json:
    """A message as the control API shows it."""
    return {
        "id": bubble.wamid,
        "from_customer": bubble.mine,
        "kind": bubble.kind,
        "body": bubble.body,
        "at": bubble.at,
        "status": bubble.status,
        "reply_to": bubble.reply_to,
        "reactions": bubble.reactions,
        "edited": bubble.edited,
        "revoked": bubble.revoked,
        "biz_opaque_callback_data": bubble.callback,
        "errors": bubble.errors,
    }


async def everyone(world: World, _request: web.Request) -> web.Response:
    """GET /sim/customers."""
    return plain.answer({"customers": [public(each) for each in world.customers.values()]})


async def messages(world: World, request: web.Request) -> web.Response:
    """GET /sim/customers/{key}/messages?number=: what the phone holds, oldest first."""
    who = find(world, request.match_info["key"])
    wanted = request.query.get("number")
    chats = [c for c in who.chats.values() if wanted in (None, c.number_id)]
    return plain.answer({"messages": [shown(b) for c in chats for b in c.bubbles]})


async def write(world: World, request: web.Request) -> web.Response:
    """POST /sim/customers/{key}/messages: write to a number; answers with the message's id."""
    who = find(world, request.match_info["key"])
    order = await plain.body(request)
    to = numbers.find(world, order.get("to"))
    order["_base"] = f"{request.scheme}://{request.host}"
    try:
        wamid = inbound.write(world, who, to, order)
    except inbound.UnableToWrite as error:
        raise Refused(str(error)) from None
    return plain.answer({"wamid": wamid}, status=201)


async def act(world: World, request: web.Request) -> web.Response:
    """POST /sim/customers/{key}/{deed}: read, played, stop, resume, block, unblock, change-number."""
    who = find(world, request.match_info["key"])
    order = await plain.body(request)
    return plain.answer(_act(world, who, request.match_info["deed"], order))


def _act(world: World, who: customer.Customer, deed: str, order: Json) -> Any:
    if deed == "change-number":
        phone = plain.optional(order, "phone")
        digits = None if phone is None else "".join(c for c in phone if c in "0123456789")
        return {
            "told": habits.change_number(
                world, who, phone=digits, bsuid=plain.optional(order, "bsuid") or world.ids.bsuid()
            )
        }
    ids = [order["to"]] if "to" in order else list(who.chats) or list(world.numbers)
    found = [numbers.find(world, each) for each in ids]
    if deed == "read":
        return {"read": sum(habits.read_all(world, each, who) for each in found)}
    if deed == "played":
        return {"played": habits.play(world, who, plain.text(order, "message_id"))}
    for each in found:
        if deed in ("stop", "resume"):
            habits.prefer(world, each, who, value=deed)
        else:
            who.chat(each.id).blocked = deed == "block"
    world.hub.tell(who.key)
    return {"numbers": [each.id for each in found]}
