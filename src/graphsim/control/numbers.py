"""Control of numbers: set up, verify, faults, history and echoes of a phone app."""

from typing import Any

from aiohttp import web

from graphsim import errors
from graphsim.control import plain
from graphsim.control.plain import Json, Refused
from graphsim.deeds import reviewing
from graphsim.state import fault, number
from graphsim.state.world import World

_APP_THROUGHPUT = 20  # messages a second, fixed while a phone app holds the number
_ERRORS_BY = ("webhook", "answer")


def find(world: World, number_id: object) -> number.Number:
    """The number of an id; raises `Refused` (404)."""
    found = world.numbers.get(number_id) if isinstance(number_id, str) else None
    if found is None:
        raise Refused(
            f"There is no number {number_id!r:.60}; create it with PUT /sim/numbers/<id>.",
            status=404,
        )
    return found


async def put(world: World, request: web.Request) -> web.Response:
    """PUT /sim/numbers/{id}: create a number, or change what the body names."""
    order = await plain.body(request)
    number_id = request.match_info["number"]
    if not number_id.isascii() or not number_id.isalnum():
        raise Refused("A phone number id has only letters and digits.")
    old = world.numbers.get(number_id)
    made = _made(number_id, order, old, now=world.clock.now())
    if old is None:
        world.numbers[number_id] = made
    else:
        _change(world, old, made)
    world.hub.tell("*")
    return plain.answer(public(world.numbers[number_id]), status=200 if old else 201)


def _change(world: World, old: number.Number, new: number.Number) -> None:
    """Take over what was set, and tell the business of a new quality or limit, as Meta does."""
    quality, tier, app = old.quality, old.tier, old.coexistence
    for name in sorted(_SET):
        setattr(old, name, getattr(new, name))
    old.digits = new.digits
    if old.coexistence and not app:
        old.coexistence_since = world.clock.now()
        old.app_syncs.clear()
    if (quality == "RED") != (old.quality == "RED"):
        event = "FLAGGED" if old.quality == "RED" else "UNFLAGGED"
        reviewing.tell_quality(world, old, event_name=event)
    if tier != old.tier:
        tiers = list(number.TIERS)
        event = "UPGRADE" if tiers.index(old.tier) > tiers.index(tier) else "DOWNGRADE"
        reviewing.tell_quality(world, old, event_name=event)
        reviewing.tell_capability(world, old)


_SET = frozenset(
    {
        "id",
        "waba_id",
        "display_phone_number",
        "verified_name",
        "access_token",
        "app_secret",
        "verify_token",
        "webhook_url",
        "throughput",
        "enforce_limits",
        "pair_rate",
        "enforce_window",
        "errors_by",
        "registered",
        "storage_region",
        "tier",
        "quality",
        "pin",
        "coexistence",
        "contact_book",
    }
)


_USUAL: Json = {
    "display_phone_number": "+49 30 23125 000",
    "verified_name": "Autohaus Muster",
    "webhook_url": None,
    "verify_token": "verify",
}


def _whole(order: Json, old: number.Number | None) -> Json:
    """The order with everything it leaves out: what the number has, or else what is usual."""
    if unknown := sorted(set(order) - _SET):
        raise Refused(f"Unknown field {unknown[0]!r:.60}; known are: {', '.join(sorted(_SET))}.")
    known = {} if old is None else {name: getattr(old, name) for name in _SET}
    whole: Json = _USUAL | known | order
    joins = plain.flag(whole, "coexistence", default=False) and not known.get("coexistence")
    if joins and "throughput" not in order:
        whole["throughput"] = _APP_THROUGHPUT
    url = plain.optional(whole, "webhook_url")
    if url is not None and not url.startswith(("http://", "https://")):
        raise Refused("'webhook_url' must begin with http:// or https://.")
    if not any(c in "0123456789" for c in plain.text(whole, "display_phone_number")):
        raise Refused("'display_phone_number' has no digits.")
    return whole


def _made(number_id: str, order: Json, old: number.Number | None, *, now: float) -> number.Number:
    order = _whole(order, old)
    return number.Number(
        id=number_id,
        waba_id=plain.text(order, "waba_id"),
        display_phone_number=plain.text(order, "display_phone_number"),
        verified_name=plain.text(order, "verified_name"),
        access_token=plain.text(order, "access_token"),
        app_secret=plain.text(order, "app_secret"),
        verify_token=plain.text(order, "verify_token"),
        webhook_url=plain.optional(order, "webhook_url"),
        throughput=int(plain.amount(order, "throughput", 80, least=1, most=100_000)),
        enforce_limits=plain.flag(order, "enforce_limits", default=True),
        pair_rate=plain.flag(order, "pair_rate", default=True),
        enforce_window=plain.flag(order, "enforce_window", default=True),
        errors_by=plain.choice(order, "errors_by", "webhook", of=_ERRORS_BY),
        registered=plain.flag(order, "registered", default=True),
        storage_region=plain.optional(order, "storage_region"),
        tier=plain.choice(order, "tier", "TIER_250", of=tuple(number.TIERS)),
        quality=plain.choice(order, "quality", "GREEN", of=number.QUALITIES),
        pin=plain.optional(order, "pin"),
        coexistence=plain.flag(order, "coexistence", default=False),
        contact_book=plain.flag(order, "contact_book", default=True),
        coexistence_since=now if old is None else old.coexistence_since,
    )


def public(found: number.Number) -> Json:
    """A number as the control API shows it: its secrets left out."""
    return {
        "phone_number_id": found.id,
        "waba_id": found.waba_id,
        "display_phone_number": found.display_phone_number,
        "verified_name": found.verified_name,
        "webhook_url": found.webhook_url,
        "webhook_verified": found.verified,
        "throughput": found.throughput,
        "enforce_limits": found.enforce_limits,
        "pair_rate": found.pair_rate,
        "enforce_window": found.enforce_window,
        "errors_by": found.errors_by,
        "registered": found.registered,
        "storage_region": found.storage_region,
        "tier": found.tier,
        "quality": found.quality,
        "coexistence": found.coexistence,
        "contact_book": found.contact_book,
        "subscribed": found.subscribed,
        "free_service_messages_used": found.free_used,
        "faults": found.faults.public(),
    }


async def everyone(world: World, _request: web.Request) -> web.Response:
    """GET /sim/numbers."""
    return plain.answer({"numbers": [public(each) for each in world.numbers.values()]})


async def verify(world: World, request: web.Request) -> web.Response:
    """POST /sim/numbers/{id}/verify: ask the webhook for the challenge."""
    return plain.answer(await world.courier.verify(find(world, request.match_info["number"])))


async def put_faults(world: World, request: web.Request) -> web.Response:
    """POST /sim/numbers/{id}/faults: add faults of each menu named."""
    found = find(world, request.match_info["number"])
    order = await plain.body(request)
    if not order or not set(order) <= set(fault.MENUS):
        raise Refused(f"Name one or more of: {', '.join(fault.MENUS)}.")
    made = {area: [_fault(each, area) for each in _listed(given)] for area, given in order.items()}
    for area, faults in made.items():
        getattr(found.faults, area).extend(faults)
    return plain.answer(found.faults.public())


async def get_faults(world: World, request: web.Request) -> web.Response:
    """GET /sim/numbers/{id}/faults."""
    return plain.answer(find(world, request.match_info["number"]).faults.public())


async def clear_faults(world: World, request: web.Request) -> web.Response:
    """DELETE /sim/numbers/{id}/faults."""
    found = find(world, request.match_info["number"])
    found.faults.clear()
    return plain.answer(found.faults.public())


def _listed(given: Any) -> list[Any]:
    return given if isinstance(given, list) else [given]


def _fault(given: Any, area: str) -> fault.Fault:
    if not isinstance(given, dict):
        raise Refused("A fault is an object with its kind.")
    if unknown := sorted(set(given) - set(fault.Fault.__slots__)):
        raise Refused(
            f"Unknown field {unknown[0]!r:.60}; known are: {', '.join(fault.Fault.__slots__)}."
        )
    times = given.get("times")
    if times is not None:
        times = int(plain.amount(given, "times", 1, least=1, most=1_000_000))
    code = int(plain.amount(given, "code", 131000, least=0, most=10_000_000))
    if code not in errors.CODES:
        raise Refused(f"'code' {code} is not in Meta's table of errors.")
    return fault.Fault(
        kind=plain.choice(given, "kind", "", of=fault.MENUS[area]),
        place=plain.choice(given, "place", "all", of=fault.PLACES),
        times=times,
        probability=plain.amount(given, "probability", 1, least=0, most=1),
        seconds=plain.amount(given, "seconds", 1, least=0, most=10_000_000),
        code=code,
        after=plain.flag(given, "after", default=False),
    )
