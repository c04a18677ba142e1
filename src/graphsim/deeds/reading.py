"""Read marks and the typing indicator: the business's side of the messages endpoint."""

from typing import Any

from graphsim.errors import GraphError
from graphsim.state import customer, number
from graphsim.state.world import World

_TYPING_SECONDS = 25.0


def accept(world: World, by: number.Number, body: dict[str, Any]) -> dict[str, Any]:
    """Mark the customer's message (and all before it) read, and show typing when asked."""
    if body.get("messaging_product") != "whatsapp":
        raise GraphError(100, "The parameter messaging_product is required and must be 'whatsapp'.")
    if body.get("status") != "read":
        raise GraphError(131009, "Param status must be 'read'.")
    message_id = body.get("message_id")
    if not isinstance(message_id, str) or not message_id:
        raise GraphError(131008, "Parameter 'message_id' is required.")
    found = world.wamids.get(message_id)
    if found is None or not found[2].mine or found[1].number_id != by.id:
        raise GraphError(131009, "Param message_id names no message this number received.")
    who, chat, bubble = found
    for each in chat.bubbles:
        if each.mine and each.at <= bubble.at:
            each.status = "read"
    if body.get("typing_indicator") is not None:
        _type(world, who, chat, body["typing_indicator"])
    world.hub.tell(who.key)
    return {"success": True}


def _type(world: World, who: customer.Customer, chat: customer.Chat, indicator: object) -> None:
    if not isinstance(indicator, dict) or indicator.get("type") != "text":
        raise GraphError(131009, "Param typing_indicator['type'] must be 'text'.")
    chat.typing_until = world.clock.now() + _TYPING_SECONDS
    world.schedule.after(_TYPING_SECONDS, lambda: world.hub.tell(who.key))
