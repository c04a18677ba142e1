"""Control of templates: put approved ones, decide reviews, pause, hold and release."""

from aiohttp import web

from graphsim.control import plain
from graphsim.control.plain import Json, Refused
from graphsim.deeds import drafting, reviewing
from graphsim.errors import GraphError
from graphsim.graph import templates
from graphsim.state import number, template
from graphsim.state.world import World


def find(world: World, request: web.Request) -> template.Template:
    """The template of a path; raises `Refused` (404)."""
    wanted = request.match_info["template"]
    found = world.templates.get(wanted)
    if found is None:
        raise Refused(f"There is no template {wanted!r:.60}.", status=404)
    return found


async def everyone(world: World, _request: web.Request) -> web.Response:
    """GET /sim/templates."""
    return plain.answer({"templates": [_shown(each) for each in world.templates.values()]})


async def put(world: World, request: web.Request) -> web.Response:
    """PUT /sim/wabas/{waba}/templates: one template, or {templates: [...]}, approved at once."""
    order = await plain.body(request)
    waba_id = request.match_info["waba"]
    given = order.get("templates", [order])
    if not isinstance(given, list) or not all(isinstance(each, dict) for each in given):
        raise Refused("'templates' must be a list of objects.")
    made = [_put(world, waba_id, each) for each in given]
    return plain.answer({"templates": [_shown(each) for each in made]}, status=201)


def _put(world: World, waba_id: str, order: Json) -> template.Template:
    status = plain.choice(order, "status", "APPROVED", of=template.STATUSES)
    try:
        drafting.check(order)
    except GraphError as error:
        raise Refused(f"Template {str(order.get('name'))!r:.60}: {error.details}") from None
    old = world.by_name.get((waba_id, order["name"], order["language"]))
    if old is not None:
        old.components, old.category, old.status = order["components"], order["category"], status
        return old
    return reviewing.seed(world, waba_id=waba_id, order=order, status=status)


async def event(world: World, request: web.Request) -> web.Response:
    """POST /sim/templates/{id}/event {event, reason}: one step of its life."""
    found = find(world, request)
    order = await plain.body(request)
    name = plain.choice(order, "event", "", of=tuple(template.EVENTS))
    reason = plain.choice(order, "reason", "NONE", of=template.REASONS)
    reviewing.event(world, found, name=name, reason=reason)
    return plain.answer(_shown(found))


async def change(world: World, request: web.Request) -> web.Response:
    """POST /sim/templates/{id} {quality, category, paced}: what Meta changes by itself."""
    found = find(world, request)
    order = await plain.body(request)
    if "category" in order:
        category = plain.choice(order, "category", "", of=template.CATEGORIES)
        reviewing.set_category(world, found, category=category)
    if "quality" in order:
        quality = plain.choice(order, "quality", "", of=number.QUALITIES)
        reviewing.set_quality(world, found, quality=quality)
    found.paced = plain.flag(order, "paced", default=found.paced)
    return plain.answer(_shown(found))


async def release(world: World, request: web.Request) -> web.Response:
    """POST /sim/templates/{id}/release {outcome: send|drop}: what becomes of held messages."""
    found = find(world, request)
    order = await plain.body(request)
    outcome = plain.choice(order, "outcome", "send", of=("send", "drop"))
    count = reviewing.release(world, found, send=outcome == "send")
    return plain.answer({"released": count})


def _shown(found: template.Template) -> Json:
    return {
        **templates.public(found),
        "waba_id": found.waba_id,
        "paced": found.paced,
        "held": len(found.held),
        "pauses": found.pauses,
    }
