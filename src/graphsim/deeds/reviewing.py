"""The life of templates: created, reviewed, edited, paused, held, deleted, each with its event."""

from functools import partial
from typing import Any

from graphsim.deeds import drafting, receipts
from graphsim.errors import GraphError
from graphsim.state import number, template
from graphsim.state.world import World

type Json = dict[str, Any]

UNVERIFIED_LIMIT = 250
DELETED_SECONDS = 30 * 86_400.0
_DAY, _MONTH = 86_400.0, 30 * 86_400.0
_EDITS_A_MONTH = 10
_EDITABLE = ("APPROVED", "REJECTED", "PAUSED")
PAUSES = (3 * 3_600.0, 6 * 3_600.0)


def create(world: World, *, waba_id: str, order: Json) -> template.Template:
    """A new template in review; it is approved after the review time. Raises `GraphError`."""
    drafting.check(order)
    key = (waba_id, order["name"], order["language"])
    blocked = world.deleted_names.get((waba_id, order["name"]), 0.0)
    if key in world.by_name:
        raise GraphError(
            100, "There is already a template of that name in that language.", subcode=2388024
        )
    if blocked > world.clock.now():
        raise GraphError(
            100, "A template of that name was deleted less than 30 days ago.", subcode=2388023
        )
    if sum(k[0] == waba_id for k in world.by_name) >= UNVERIFIED_LIMIT:
        raise GraphError(
            2388019, f"The account has {UNVERIFIED_LIMIT} templates already.", subcode=2388019
        )
    made = seed(world, waba_id=waba_id, order=order, status="PENDING")
    review(world, made)
    return made


def seed(world: World, *, waba_id: str, order: Json, status: str) -> template.Template:
    """Put a template into the world as it is, without review."""
    made = template.Template(
        id=world.ids.number(),
        waba_id=waba_id,
        name=order["name"],
        language=order["language"],
        category=order["category"],
        components=order["components"],
        parameter_format=str(order.get("parameter_format", "POSITIONAL")).upper(),
        status=status,
        quality="GREEN" if status == "APPROVED" else "UNKNOWN",
        created_at=world.clock.now(),
    )
    world.templates[made.id] = made
    world.by_name[waba_id, made.name, made.language] = made
    return made


def review(world: World, found: template.Template) -> None:
    """Decide after the review time: approved, unless somebody decided before."""
    world.schedule.after(world.settings.review_seconds, partial(_approve, world, found))


def _approve(world: World, found: template.Template) -> None:
    if found.status == "PENDING" and found.id in world.templates:
        event(world, found, name="APPROVED")


def event(world: World, found: template.Template, *, name: str, reason: str = "NONE") -> None:
    """One step of a template's life, told to every number of its account by webhook."""
    status = template.EVENTS[name]
    if status is not None:
        found.status = status
    found.reason = reason
    value: Json = {
        "event": name,
        "message_template_id": int(found.id),
        "message_template_name": found.name,
        "message_template_language": found.language,
        "reason": reason,
        "message_template_category": found.category,
    }
    if name == "REJECTED":
        value["rejection_info"] = {
            "reason": f"The template was rejected: {reason}.",
            "recommendation": "Change the text and submit it again.",
        }
    if name == "PAUSED":
        _pause(world, found, value)
    if name == "FLAGGED":
        value["disable_info"] = {"disable_date": int(world.clock.now() + 7 * _DAY)}
    tell(world, found.waba_id, "message_template_status_update", value)
    if found.status in ("PAUSED", "DISABLED"):
        release(world, found, send=False)


def _pause(world: World, found: template.Template, value: Json) -> None:
    found.pauses += 1
    if found.pauses > len(PAUSES):
        found.status, value["event"] = "DISABLED", "DISABLED"
        return
    titles = ("FIRST_PAUSE", "SECOND_PAUSE")
    value["other_info"] = {
        "title": titles[found.pauses - 1],
        "description": "The template is paused because of recurring negative feedback.",
    }
    seconds = PAUSES[found.pauses - 1]
    world.schedule.after(seconds, partial(_unpause, world, found, found.pauses))


def _unpause(world: World, found: template.Template, pause: int) -> None:
    if found.status == "PAUSED" and found.pauses == pause:
        event(world, found, name="UNPAUSED")


def set_quality(world: World, found: template.Template, *, quality: str) -> None:
    """A new quality score; three falls to RED pause, pause again, then disable."""
    value = {
        "previous_quality_score": found.quality,
        "new_quality_score": quality,
        "message_template_id": int(found.id),
        "message_template_name": found.name,
        "message_template_language": found.language,
    }
    found.quality = quality
    tell(world, found.waba_id, "message_template_quality_update", value)
    if quality == "RED":
        event(world, found, name="PAUSED")


def set_category(world: World, found: template.Template, *, category: str) -> None:
    """Meta files the template under another category."""
    value = {
        "message_template_id": int(found.id),
        "message_template_name": found.name,
        "message_template_language": found.language,
        "previous_category": found.category,
        "new_category": category,
    }
    found.category = category
    tell(world, found.waba_id, "template_category_update", value)


def edit(world: World, found: template.Template, order: Json) -> None:
    """Change the contents and review again; raises when the state or the frequency forbids it."""
    drafting.check(order, whole=False)
    now = world.clock.now()
    if found.status not in _EDITABLE:
        raise GraphError(
            100, f"A template that is {found.status} cannot be edited.", subcode=2388025
        )
    if found.status == "APPROVED":
        found.edits = [at for at in found.edits if at > now - _MONTH]
        recent = any(at > now - _DAY for at in found.edits)
        if recent or len(found.edits) >= _EDITS_A_MONTH:
            raise GraphError(
                100,
                "An approved template can be edited once in 24 hours and 10 times in 30 days.",
                subcode=2388025,
            )
        found.edits.append(now)
    found.components = order.get("components", found.components)
    found.category = order.get("category", found.category)
    found.status = "PENDING"
    _tell_components(world, found)
    review(world, found)


def _tell_components(world: World, found: template.Template) -> None:
    body = found.component("BODY") or {}
    value = {
        "message_template_id": int(found.id),
        "message_template_name": found.name,
        "message_template_language": found.language,
        "message_template_element": body.get("text", ""),
    }
    tell(world, found.waba_id, "message_template_components_update", value)


def delete(world: World, found: list[template.Template]) -> None:
    """Take templates away; an approved one blocks its name for 30 days."""
    for each in found:
        if each.status == "APPROVED":
            until = world.clock.now() + DELETED_SECONDS
            world.deleted_names[each.waba_id, each.name] = until
        event(world, each, name="PENDING_DELETION")
        release(world, each, send=False)
        del world.templates[each.id]
        del world.by_name[each.waba_id, each.name, each.language]


def release(world: World, found: template.Template, *, send: bool) -> int:
    """Let held messages go, or drop them (132015 by webhook); returns how many."""
    held, found.held = found.held, []
    for by, bubble, who, address in held:
        if send:
            bubble.status = "sent"
            chat = None if who is None else who.chat(by.id)
            bubble.pricing = receipts.price(world, by, category=bubble.category, chat=chat)
            bubble.pricing["shown_in"] = "delivered"
            receipts.leave(world, by, bubble, who=who, address=address, struck={})
        else:
            receipts.fail(world, by, bubble, 132015, who=who, address=address)
    return len(held)


def tell(world: World, waba_id: str, field: str, value: Json) -> None:
    """News of an account: once to each webhook URL of its numbers."""
    seen: set[str | None] = set()
    for each in world.numbers_of(waba_id):
        if each.webhook_url not in seen and each.subscribed:
            seen.add(each.webhook_url)
            world.courier.put(each, field=field, key=None, item=value)


def tell_quality(world: World, to: number.Number, *, event_name: str) -> None:
    """News of a number's quality or throughput."""
    value = {
        "display_phone_number": to.digits,
        "event": event_name,
        "current_limit": to.tier,
    }
    tell(world, to.waba_id, "phone_number_quality_update", value)


def tell_capability(world: World, to: number.Number) -> None:
    """News of how many people the business may write to in a day."""
    limit = -1 if to.limit is None else to.limit
    value = {"max_daily_conversations_per_business": limit, "max_phone_numbers_per_business": 25}
    tell(world, to.waba_id, "business_capability_update", value)
