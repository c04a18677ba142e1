"""Coexistence: what a phone app shares of its past, and what staff write in it."""

from dataclasses import dataclass
from typing import Any

from graphsim import errors
from graphsim.state import customer, delivery, number
from graphsim.state.world import World

type Json = dict[str, Any]

_DAY = 86_400.0
_PHASES = ((0.0, 1.0), (1.0, 90.0), (90.0, 180.0))
_WORDS = (
    "Guten Tag, ist mein Wagen fertig?",
    "Ja, Sie können ihn ab 16 Uhr abholen.",
    "Danke, bis später!",
    "Gern. Der TÜV-Bericht liegt im Handschuhfach.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to share: messages per chat, messages per webhook, or that sharing is declined."""

    messages: int = 12
    chunk: int = 100
    declined: bool = False
    threads: tuple[Json, ...] = ()


class UnableToEcho(ValueError):
    """Nothing staff could have written in the app; the sentence says what to change."""


def raw(body: object) -> bytes:
    """Any JSON as a webhook body in Meta's spelling."""
    return delivery.fragment(body)


def plan_of(by: number.Number) -> Plan:
    """The plan set by the control API, or the usual one."""
    found = by.settings.get("_history")
    return found if isinstance(found, Plan) else Plan()


def send_history(world: World, by: number.Number, plan: Plan) -> int:
    """Share the past by webhook in three phases; returns how many messages."""
    if plan.declined:
        item = {"errors": [errors.webhook_error(2593109, "History sharing is turned off.")]}
        world.courier.put(by, field="history", key="history", item=item)
        return 0
    if plan.threads:
        _put_chunk(world, by, list(plan.threads), phase=0, order=1, progress=100)
        return sum(len(each.get("messages", [])) for each in plan.threads)
    count = 0
    for phase, (youngest, oldest) in enumerate(_PHASES):
        threads = [_thread(world, by, who, plan, youngest, oldest) for who in _people(world)]
        chunks = _chunks(threads, most=plan.chunk)
        for order, chunk in enumerate(chunks, 1):
            progress = round(100 * (phase + order / len(chunks)) / len(_PHASES))
            _put_chunk(world, by, chunk, phase=phase, order=order, progress=progress)
        count += sum(len(each["messages"]) for each in threads)
    return count


def _people(world: World) -> list[customer.Customer]:
    return [each for each in world.customers.values() if each.phone]


def _put_chunk(
    world: World, by: number.Number, threads: list[Json], *, phase: int, order: int, progress: int
) -> None:
    metadata = {"phase": phase, "chunk_order": order, "progress": progress}
    item = {"metadata": metadata, "threads": threads}
    world.courier.put(by, field="history", key="history", item=item)


def _thread(
    world: World,
    by: number.Number,
    who: customer.Customer,
    plan: Plan,
    youngest: float,
    oldest: float,
) -> Json:
    now = world.clock.now()
    messages = []
    for place in range(plan.messages):
        age = oldest - (oldest - youngest) * (place + 1) / (plan.messages + 1)
        mine = place % 2 == 0
        message: Json = {"from": who.phone if mine else by.digits}
        if not mine:
            message["to"] = who.phone
        message |= {
            "id": world.ids.wamid(who.phone or ""),
            "timestamp": str(int(now - age * _DAY)),
            "type": "text",
            "text": {"body": _WORDS[place % len(_WORDS)]},
            "history_context": {"status": "READ"},
        }
        messages.append(message)
    thread: Json = {"id": who.phone, "messages": messages}
    if who.bsuid:
        thread["context"] = {"wa_id": who.phone, "user_id": who.bsuid}
    return thread


def _chunks(threads: list[Json], *, most: int) -> list[list[Json]]:
    chunks: list[list[Json]] = [[]]
    room = most
    for thread in threads:
        rest = thread["messages"]
        while rest:
            if room == 0:
                chunks.append([])
                room = most
            chunks[-1].append({**thread, "messages": rest[:room]})
            taken = min(room, len(rest))
            rest, room = rest[taken:], room - taken
    return chunks


def send_contacts(world: World, by: number.Number) -> int:
    """Share the app's contacts by webhook; returns how many."""
    stamp = str(int(world.clock.now()))
    people = _people(world)
    for who in people:
        item = {
            "type": "contact",
            "contact": {
                "full_name": who.name,
                "first_name": who.name.split()[0] if who.name.split() else who.name,
                "phone_number": who.phone,
            },
            "action": "add",
            "metadata": {"timestamp": stamp},
        }
        world.courier.put(by, field="smb_app_state_sync", key="state_sync", item=item)
    return len(people)


def echo(world: World, by: number.Number, who: customer.Customer, order: Json) -> str:
    """Staff write in the phone app: the customer sees it, the product hears an echo."""
    item: Json = {"from": by.digits}
    if who.phone:
        item["to"] = who.phone
    if who.bsuid:
        item["to_user_id"] = who.bsuid
    wamid = world.ids.wamid(who.address)
    item |= {"id": wamid, "timestamp": str(int(world.clock.now()))}
    item |= _echoed(world, who, order)
    if item["type"] == "text":
        bubble = customer.Bubble(
            wamid=wamid,
            mine=False,
            kind="text",
            body=item["text"],
            at=world.clock.now(),
            status="delivered",
        )
        world.keep(who, who.chat(by.id), bubble)
    world.courier.put(by, field="smb_message_echoes", key="message_echoes", item=item)
    world.hub.tell(who.key)
    return wamid


def _echoed(world: World, who: customer.Customer, order: Json) -> Json:
    kind, text, target = order.get("kind", "text"), order.get("text"), order.get("message_id")
    found = world.wamids.get(target) if isinstance(target, str) else None
    if found is not None and (found[0] is not who or found[2].mine):
        raise UnableToEcho("'message_id' must name a message of the business in that chat.")
    if kind == "revoke" and isinstance(target, str):
        if found is not None:
            found[2].revoked = True
        return {"type": "revoke", "revoke": {"original_message_id": target}}
    if not isinstance(text, str) or not text:
        raise UnableToEcho("'text' is missing; give it as text.")
    if kind == "edit" and isinstance(target, str):
        if found is not None:
            found[2].body, found[2].edited = {"body": text}, True
        message = {"type": "text", "text": {"body": text}}
        return {"type": "edit", "edit": {"original_message_id": target, "message": message}}
    if kind != "text":
        raise UnableToEcho("Use kind text, edit or revoke (the last two with 'message_id').")
    return {"type": "text", "text": {"body": text}}
