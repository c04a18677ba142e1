"""Control of the world itself: log, webhooks, clock, reset, health."""

import base64
import binascii
import pathlib
import resource
from collections.abc import Sequence

from aiohttp import web

from graphsim.control import numbers, plain
from graphsim.control.plain import Refused
from graphsim.deeds import coexist
from graphsim.state.world import World

_PAGE = 1_000
_PAGES = 50_000


def _asked(request: web.Request, key: str, default: int) -> int:
    given = request.query.get(key, str(default))
    if not given.isascii() or not given.isdigit() or len(given) > 12:  # noqa: PLR2004
        raise Refused(f"'{key}' must be a whole number.")
    return int(given)


async def log(world: World, request: web.Request) -> web.Response:
    """GET /sim/log?after=N&limit=M: message requests numbered above N, oldest first."""
    after = _asked(request, "after", 0)
    limit = min(_asked(request, "limit", _PAGE), _PAGES)
    found = world.log.after(after, limit=limit)
    return plain.answer(
        {
            "entries": [each.public() for each in found],
            "next": found[-1].n if found else after,
            "total": world.log.total,
            "dropped": world.log.dropped,
            "cap": world.log.cap,
        }
    )


async def webhooks(world: World, request: web.Request) -> web.Response:
    """GET /sim/webhooks: what waits, and the last deliveries with every attempt."""
    bodies = request.query.get("bodies") == "1"
    found = []
    for each in world.courier.records:
        shown = each.public()
        if bodies:
            shown["body"] = each.body.decode("utf-8", "replace")
        found.append(shown)
    return plain.answer(
        {
            "queued_updates": world.courier.queued,
            "waiting": len(world.courier.waiting),
            "sent_updates": world.courier.sent_updates,
            "dropped_updates": world.courier.dropped,
            "deliveries": found,
        }
    )


async def raw(world: World, request: web.Request) -> web.Response:
    """POST /sim/webhooks/raw: send any body, signed with the number's secret (or wrongly)."""
    order = await plain.body(request)
    to = numbers.find(world, order.get("phone_number_id"))
    wrong = plain.flag(order, "wrong_signature", default=False)
    sent = world.courier.put_body(to, _bytes(order), wrongly_signed=wrong)
    return plain.answer({"delivery": sent}, status=202)


def _bytes(order: plain.Json) -> bytes:
    given: Sequence[str] = [key for key in ("body", "text", "base64") if key in order]
    if len(given) != 1:
        raise Refused("Give one of 'body' (JSON), 'text' or 'base64'.")
    if given[0] == "body":
        return coexist.raw(order["body"])
    found = plain.text(order, given[0])
    if given[0] == "text":
        return found.encode("utf-8", "surrogatepass")
    try:
        return base64.b64decode(found, validate=True)
    except (binascii.Error, ValueError):
        raise Refused("'base64' is not base64.") from None


async def clock(world: World, request: web.Request) -> web.Response:
    """POST /sim/clock {advance_seconds}: move the simulated time forward."""
    order = await plain.body(request)
    seconds = plain.amount(order, "advance_seconds", 0, least=0, most=10 * 366 * 86_400)
    now = world.clock.advance(seconds)
    world.schedule.wake()
    world.hub.tell("*")
    return plain.answer({"now": now, "rate": world.clock.rate})


async def now(world: World, _request: web.Request) -> web.Response:
    """GET /sim/clock."""
    return plain.answer({"now": world.clock.now(), "rate": world.clock.rate})


async def reset(world: World, _request: web.Request) -> web.Response:
    """POST /sim/reset: forget everything."""
    world.empty()
    world.hub.tell("*")
    return plain.answer({"reset": True})


async def health(world: World, _request: web.Request) -> web.Response:
    """GET /healthz."""
    return plain.answer(
        {
            "status": "ok",
            "numbers": len(world.numbers),
            "customers": len(world.customers),
            "planned": len(world.schedule),
            "memory_kib": _memory(),
        }
    )


def _memory() -> int:
    """The memory in use in KiB; where the system does not tell, the most ever used."""
    try:
        pages = pathlib.Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return int(pages) * resource.getpagesize() // 1024
