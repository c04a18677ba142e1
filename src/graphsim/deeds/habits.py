"""A customer's habits beside writing: reading, stopping, going online, getting a new number."""

from typing import Any

from graphsim.deeds import receipts
from graphsim.state import customer, number
from graphsim.state.world import World


def read_all(world: World, by: number.Number, who: customer.Customer) -> int:
    """The customer opens the chat: every delivered message is read; returns how many."""
    count = 0
    chat = who.chat(by.id)
    for bubble in chat.bubbles:
        if not bubble.mine and bubble.status == "delivered":
            receipts.read(world, by, who, bubble)
            count += 1
    chat.unread = 0
    world.hub.tell(who.key)
    return count


def play(world: World, who: customer.Customer, wamid: str) -> bool:
    """The customer listens to a voice note; false when it is none of theirs."""
    found = world.wamids.get(wamid)
    if found is None or found[0] is not who or found[2].kind not in ("audio", "video"):
        return False
    receipts.played(world, world.numbers[found[1].number_id], who, found[2])
    return True


def came_online(world: World, who: customer.Customer) -> None:
    """What waited for the phone is delivered now."""
    if who.offline:
        return
    for chat in who.chats.values():
        waiting, by = list(chat.undelivered), world.numbers.get(chat.number_id)
        chat.undelivered.clear()
        for bubble in waiting:
            if by is not None:
                receipts.deliver(world, by, bubble, who)


def prefer(world: World, to: number.Number, who: customer.Customer, *, value: str) -> None:
    """The customer stops or resumes the number's marketing in WhatsApp itself."""
    who.chat(to.id).stopped = value == "stop"
    item: dict[str, Any] = {}
    if receipts.phone_shown(world, to, who):
        item["wa_id"] = who.phone
    if who.bsuid:
        item["user_id"] = who.bsuid
    item |= {
        "detail": f"User requested to {value} marketing messages",
        "category": "marketing_messages",
        "value": value,
        "timestamp": int(world.clock.now()),
    }
    contact = receipts.contact(world, to, who)
    world.courier.put(
        to, field="user_preferences", key="user_preferences", item=item, contact=contact
    )


def change_number(
    world: World, who: customer.Customer, *, phone: str | None, bsuid: str | None
) -> list[str]:
    """The customer gets a new phone number and user id; every number they wrote with is told."""
    old_phone, old_bsuid = who.phone, who.bsuid
    numbers = [n for each in who.chats if (n := world.numbers.get(each)) is not None]
    shown = {n.id: receipts.phone_shown(world, n, who) for n in numbers}
    who.phone, who.bsuid = phone, bsuid
    world.index(who)
    stamp = str(int(world.clock.now()))
    for each in numbers:
        if old_phone and phone and shown[each.id]:
            _announce_phone(world, each, who, old_phone=old_phone, old_bsuid=old_bsuid)
        if old_bsuid and bsuid and old_bsuid != bsuid:
            item = {
                "detail": f"User id for {who.name} has been updated.",
                "user_id": {"previous": old_bsuid, "current": bsuid},
                "timestamp": stamp,
            }
            if shown[each.id] and phone:
                item = {"wa_id": phone} | item
            contact = receipts.contact(world, each, who)
            world.courier.put(
                each, field="user_id_update", key="user_id_update", item=item, contact=contact
            )
    world.hub.tell(who.key)
    return [each.id for each in numbers]


def _announce_phone(
    world: World,
    to: number.Number,
    who: customer.Customer,
    *,
    old_phone: str,
    old_bsuid: str | None,
) -> None:
    system: dict[str, Any] = {
        "body": f"User {who.name} changed from {old_phone} to {who.phone}",
        "wa_id": who.phone,
        "type": "user_changed_number",
    }
    if who.bsuid:
        system["user_id"] = who.bsuid
    item: dict[str, Any] = {"from": old_phone}
    if old_bsuid:
        item["from_user_id"] = old_bsuid
    item |= {
        "id": world.ids.wamid(old_phone),
        "timestamp": str(int(world.clock.now())),
        "system": system,
        "type": "system",
    }
    world.courier.put(to, field="messages", key="messages", item=item)
