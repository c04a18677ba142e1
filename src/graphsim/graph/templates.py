"""Template endpoints: create, list with cursors, show, edit, delete."""

from typing import Any

from graphsim.deeds import reviewing
from graphsim.errors import GraphError
from graphsim.graph.call import Call, Json
from graphsim.state import template


def public(found: template.Template) -> Json:
    """A template as the Graph API shows it."""
    return {
        "id": found.id,
        "name": found.name,
        "language": found.language,
        "status": found.status,
        "category": found.category,
        "components": found.components,
        "parameter_format": found.parameter_format,
        "quality_score": {"score": found.quality, "date": int(found.created_at)},
        "rejected_reason": found.reason,
    }


_SHOWN = ("id", "name", "language", "status", "category", "components", "parameter_format")


def _shown(call: Call, found: template.Template) -> Json:
    whole = public(found)
    if call.query.get("fields"):
        return call.fields(whole)
    return {key: whole[key] for key in _SHOWN}


def create(call: Call) -> Json:
    """POST /{waba}/message_templates."""
    order = call.body
    if order.get("category") is not None:
        order = order | {"category": str(order["category"]).upper()}
    made = reviewing.create(call.world, waba_id=call.node, order=order)
    return {"id": made.id, "status": made.status, "category": made.category}


def everyone(call: Call) -> Json:
    """GET /{waba}/message_templates with name, status, category, language, limit and cursors."""
    wanted = {
        key: call.query[key].upper() if key != "language" else call.query[key]
        for key in ("status", "category", "language")
        if call.query.get(key)
    }
    found = [
        each
        for each in call.world.templates.values()
        if each.waba_id == call.node
        and all(getattr(each, key) == value for key, value in wanted.items())
        and call.query.get("name", "") in each.name
    ]
    shown, paging = call.page(found, key=lambda each: each.id)
    page: Json = {"data": [_shown(call, each) for each in shown], **paging}
    if call.query.get("summary"):
        page["summary"] = {
            "total_count": len(found),
            "message_template_count": len(found),
            "message_template_limit": reviewing.UNVERIFIED_LIMIT,
            "are_translations_complete": True,
        }
    return page


def show(call: Call) -> Json:
    """GET /{template}."""
    return _shown(call, call.world.templates[call.node])


def edit(call: Call) -> Json:
    """POST /{template}: contents or category; goes back into review."""
    order: dict[str, Any] = dict(call.body)
    if not set(order) & {"components", "category"}:
        raise GraphError(100, "Give components or category to change.")
    if order.get("category") is not None:
        order["category"] = str(order["category"]).upper()
    reviewing.edit(call.world, call.world.templates[call.node], order)
    return {"success": True}


def delete(call: Call) -> Json:
    """DELETE /{waba}/message_templates?name= (all languages), or with hsm_id one of them."""
    name = call.word("name")
    hsm_id = call.word("hsm_id", required=False)
    found = [
        each
        for each in call.world.templates.values()
        if each.waba_id == call.node and each.name == name and hsm_id in ("", each.id)
    ]
    if not found:
        raise GraphError(100, f"There is no template named '{name:.100}'.", subcode=2593002)
    reviewing.delete(call.world, found)
    return {"success": True}
