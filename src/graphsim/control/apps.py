"""Control of a phone app beside the API: history to share, and echoes of what staff write."""

from aiohttp import web

from graphsim.control import customers, numbers, plain
from graphsim.control.plain import Json, Refused
from graphsim.deeds import coexist
from graphsim.state.world import World


async def history(world: World, request: web.Request) -> web.Response:
    """POST /sim/numbers/{id}/history: share now, or (send: false) when the product asks."""
    by = numbers.find(world, request.match_info["number"])
    order = await plain.body(request)
    plan = coexist.Plan(
        messages=int(plain.amount(order, "messages", 12, least=0, most=10_000)),
        chunk=int(plain.amount(order, "chunk", 100, least=1, most=5_000)),
        declined=plain.flag(order, "declined", default=False),
        threads=_threads(order),
    )
    by.settings["_history"] = plan
    if not plain.flag(order, "send", default=True):
        return plain.answer({"planned": True})
    return plain.answer({"messages": coexist.send_history(world, by, plan)})


def _threads(order: Json) -> tuple[Json, ...]:
    found = order.get("threads", [])
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise Refused("'threads' must be a list of objects with id and messages.")
    if not all(isinstance(each.get("messages"), list) for each in found):
        raise Refused("Each of 'threads' needs a list 'messages'.")
    return tuple(found)


async def contacts(world: World, request: web.Request) -> web.Response:
    """POST /sim/numbers/{id}/contacts: share the app's contacts now."""
    by = numbers.find(world, request.match_info["number"])
    return plain.answer({"contacts": coexist.send_contacts(world, by)})


async def echoes(world: World, request: web.Request) -> web.Response:
    """POST /sim/numbers/{id}/echoes {customer, kind, text, message_id}."""
    by = numbers.find(world, request.match_info["number"])
    order = await plain.body(request)
    who = customers.find(world, plain.text(order, "customer"))
    try:
        wamid = coexist.echo(world, by, who, order)
    except coexist.UnableToEcho as error:
        raise Refused(str(error)) from None
    return plain.answer({"wamid": wamid}, status=201)
