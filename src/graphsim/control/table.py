"""Which deed answers which path of the control API."""

from collections.abc import Awaitable, Callable
from functools import partial

from aiohttp import web

from graphsim.control import apps, customers, life, numbers, plain, templates
from graphsim.state.world import World

type Deed = Callable[[World, web.Request], Awaitable[web.Response]]

_DEEDS: tuple[tuple[str, str, Deed], ...] = (
    ("GET", "/healthz", life.health),
    ("GET", "/sim/numbers", numbers.everyone),
    ("PUT", "/sim/numbers/{number}", numbers.put),
    ("POST", "/sim/numbers/{number}/verify", numbers.verify),
    ("GET", "/sim/numbers/{number}/faults", numbers.get_faults),
    ("POST", "/sim/numbers/{number}/faults", numbers.put_faults),
    ("DELETE", "/sim/numbers/{number}/faults", numbers.clear_faults),
    ("POST", "/sim/numbers/{number}/history", apps.history),
    ("POST", "/sim/numbers/{number}/contacts", apps.contacts),
    ("POST", "/sim/numbers/{number}/echoes", apps.echoes),
    ("GET", "/sim/templates", templates.everyone),
    ("PUT", "/sim/wabas/{waba}/templates", templates.put),
    ("POST", "/sim/templates/{template}", templates.change),
    ("POST", "/sim/templates/{template}/event", templates.event),
    ("POST", "/sim/templates/{template}/release", templates.release),
    ("GET", "/sim/customers", customers.everyone),
    ("PUT", "/sim/customers/{key}", customers.put),
    ("GET", "/sim/customers/{key}/messages", customers.messages),
    ("POST", "/sim/customers/{key}/messages", customers.write),
    (
        "POST",
        "/sim/customers/{key}/{deed:read|played|stop|resume|block|unblock|change-number}",
        customers.act,
    ),
    ("GET", "/sim/log", life.log),
    ("GET", "/sim/webhooks", life.webhooks),
    ("POST", "/sim/webhooks/raw", life.raw),
    ("GET", "/sim/clock", life.now),
    ("POST", "/sim/clock", life.clock),
    ("POST", "/sim/reset", life.reset),
)


def attach(app: web.Application, world: World) -> None:
    """Give the application the control API."""
    for method, path, deed in _DEEDS:
        app.router.add_route(method, path, partial(_answer, world, deed))


async def _answer(world: World, deed: Deed, request: web.Request) -> web.Response:
    origin = request.headers.get("Origin")
    if origin is not None and origin.partition("://")[2] != request.host:
        return plain.answer({"error": "Only the simulator's own pages may ask."}, status=403)
    try:
        return await deed(world, request)
    except plain.Refused as refused:
        return plain.answer({"error": str(refused)}, status=refused.status)
