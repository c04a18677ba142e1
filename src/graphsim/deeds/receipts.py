"""What becomes of a sent message: sent, delivered, read, played, failed, and what it costs."""

from datetime import UTC, datetime
from functools import partial
from typing import Any

from graphsim import errors
from graphsim.state import customer, fault, number
from graphsim.state.world import World

LIFE_SECONDS = 30 * 86_400.0
AUTHENTICATION_LIFE_SECONDS = 600.0
# Source: Meta, "Upcoming pricing updates": service messages are charged from this day on.
_SERVICE_CHARGED_FROM = datetime(2026, 10, 1, tzinfo=UTC).timestamp()
_ORDER = {"accepted": 0, "sent": 1, "delivered": 2, "read": 3, "played": 4}


def contact(
    world: World, to: number.Number, who: customer.Customer, *, profile: bool = True
) -> dict[str, Any]:
    """The `contacts[]` element of a webhook: phone and user id, each only where it is shown."""
    found: dict[str, Any] = {}
    if profile:
        found["profile"] = {"name": who.name}
        if who.username:
            found["profile"]["username"] = who.username
    if phone_shown(world, to, who):
        found["wa_id"] = who.phone
    if who.bsuid:
        found["user_id"] = who.bsuid
    if who.parent_bsuid:
        found["parent_user_id"] = who.parent_bsuid
    return found


def phone_shown(world: World, to: number.Number, who: customer.Customer) -> bool:
    """Whether this number's webhooks carry the customer's phone."""
    return who.shows_phone(to.id, now=world.clock.now(), in_book=(who.bsuid or "") in to.book)


def report(
    world: World,
    by: number.Number,
    bubble: customer.Bubble,
    status: str,
    *,
    who: customer.Customer | None,
    address: str,
) -> None:
    """Tell the business one status by webhook; a person without phone is named by user id."""
    item: dict[str, Any] = {
        "id": bubble.wamid,
        "status": status,
        "timestamp": str(int(world.clock.now())),
    }
    if who is None or phone_shown(world, by, who):
        item["recipient_id"] = address if who is None else who.phone
    if who is not None and who.bsuid:
        item["recipient_user_id"] = who.bsuid
    if bubble.callback is not None:
        item["biz_opaque_callback_data"] = bubble.callback
    if status == "failed":
        item["errors"] = bubble.errors
    elif bubble.pricing is not None and status == bubble.pricing["shown_in"]:
        item["pricing"] = {k: v for k, v in bubble.pricing.items() if k != "shown_in"}
    shown = None if who is None or status == "failed" else contact(world, by, who)
    by_list: str = "statuses"
    world.courier.put(by, field="messages", key=by_list, item=item, contact=shown)


def fail(
    world: World,
    by: number.Number,
    bubble: customer.Bubble,
    code: int,
    *,
    who: customer.Customer | None,
    address: str,
) -> None:
    """The message never arrives: tell the business why."""
    bubble.status = "failed"
    bubble.errors = [errors.webhook_error(code)]
    report(world, by, bubble, "failed", who=who, address=address)
    _show(world, who)


def leave(
    world: World,
    by: number.Number,
    bubble: customer.Bubble,
    *,
    who: customer.Customer | None,
    address: str,
    struck: dict[str, fault.Fault],
) -> None:
    """The message is on its way: `sent` now, `delivered` after the customer's delay."""
    if "no_status" in struck:
        return
    report(world, by, bubble, "sent", who=who, address=address)
    slow = struck.get("slow")
    if who is None:
        seconds = world.settings.deliver_seconds if slow is None else slow.seconds
        world.schedule.after(
            seconds, partial(report, world, by, bubble, "delivered", who=None, address=address)
        )
        return
    chat = who.chat(by.id)
    if who.offline:
        chat.undelivered.append(bubble)
        return
    seconds = who.deliver_seconds if slow is None else slow.seconds
    skip = "skip_delivered" in struck
    world.schedule.after(seconds, partial(deliver, world, by, bubble, who, skip=skip))


def deliver(
    world: World,
    by: number.Number,
    bubble: customer.Bubble,
    who: customer.Customer,
    *,
    skip: bool = False,
) -> None:
    """The message reaches the phone; it waits when the phone is offline."""
    if bubble.status != "sent":
        return
    chat = who.chat(by.id)
    if who.offline:
        chat.undelivered.append(bubble)
        return
    authentication = bubble.category == "authentication"
    life = AUTHENTICATION_LIFE_SECONDS if authentication else LIFE_SECONDS
    if world.clock.now() - bubble.at > life:
        bubble.status = "expired"
        return
    bubble.status = "delivered"
    if bubble.kind != "reaction":
        chat.unread += 1
    if skip and bubble.pricing is not None and bubble.pricing["shown_in"] == "delivered":
        bubble.pricing["shown_in"] = "read"
    if not skip:
        report(world, by, bubble, "delivered", who=who, address=who.address)
    if who.auto_read or skip:
        read(world, by, who, bubble)
    _show(world, who)


def read(world: World, by: number.Number, who: customer.Customer, bubble: customer.Bubble) -> None:
    """The customer sees the message."""
    if bubble.mine or bubble.status != "delivered":
        return
    bubble.status = "read"
    chat = who.chat(by.id)
    chat.unread = max(0, chat.unread - 1)
    report(world, by, bubble, "read", who=who, address=who.address)


def played(
    world: World, by: number.Number, who: customer.Customer, bubble: customer.Bubble
) -> None:
    """The customer listens to a voice note."""
    if bubble.mine or _ORDER.get(bubble.status, 0) in (0, 4):
        return
    bubble.status = "played"
    report(world, by, bubble, "played", who=who, address=who.address)
    _show(world, who)


def price(
    world: World, by: number.Number, *, category: str, chat: customer.Chat | None
) -> dict[str, Any]:
    """The `pricing` object of a message (Meta, "Pricing"; service charged from 1 Oct 2026)."""
    now = world.clock.now()
    kind = "regular"
    if chat is not None and chat.free_entry_until > now:
        kind, category = "free_entry_point", "referral_conversion"
    elif category == "service":
        kind = _service(by, now)
    elif category == "utility" and now < _SERVICE_CHARGED_FROM:
        kind = "free_customer_service" if chat is not None and chat.window_until > now else kind
    return {
        "billable": kind == "regular",
        "pricing_model": "PMP",
        "type": kind,
        "category": category,
    }


def _service(by: number.Number, now: float) -> str:
    if now < _SERVICE_CHARGED_FROM:
        return "free_customer_service"
    moment = datetime.fromtimestamp(now, UTC)
    month = f"{moment.year}-{moment.month}"
    if by.free_month != month:
        by.free_month, by.free_used = month, 0
    by.free_used += 1
    return "free_customer_service" if by.free_used <= number.FREE_SERVICE_MESSAGES else "regular"


def _show(world: World, who: customer.Customer | None) -> None:
    if who is not None:
        world.hub.tell(who.key)
