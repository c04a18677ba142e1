"""News of templates, numbers, accounts and groups: what concerns the business, not one person."""

from werkbote.channels.meta import envelope, wire
from werkbote.domain import events

_ACCOUNT = frozenset(
    {
        "account_alerts",
        "account_review_update",
        "account_settings_update",
        "account_update",
        "automatic_events",
        "business_capability_update",
        "business_status_update",
        "business_username_update",
        "flows",
        "message_template_limit_update",
        "messaging_handovers",
        "partner_solutions",
        "payment_configuration_update",
        "phone_number_name_update",
        "phone_number_quality_update",
        "security",
        "tracking_events",
    }
)
_TEMPLATE_VALUES = ("event", "new_quality_score", "new_category", "correct_category")
_EVENT_KEYS = ("event", "decision", "alert_type", "status", "type")


def speaks(change: envelope.Change) -> bool:
    """Whether the whole value of a change is one piece of news about the business."""
    return change.field in _ACCOUNT or _is_template(change)


def read(change: envelope.Change) -> events.Event:
    """The change as one event about a template or about the account."""
    if _is_template(change):
        return _template(change)
    return events.AccountEvent(
        account=change.account,
        number=change.number,
        field=change.field,
        event=_first(change.value, _EVENT_KEYS),
        at=change.at,
        content=change.value,
    )


def read_group(change: envelope.Change, item: wire.Item) -> events.AccountEvent:
    """One step in the life of a group."""
    return events.AccountEvent(
        account=change.account,
        number=change.number,
        field=change.field,
        event=wire.text(item.get("type")),
        at=change.moment(item.get("timestamp")),
        content=item,
    )


def _is_template(change: envelope.Change) -> bool:
    return "template" in change.field and "message_template_id" in change.value


def _template(change: envelope.Change) -> events.TemplateChanged:
    value = change.value
    return events.TemplateChanged(
        account=change.account,
        template_id=wire.text(value.get("message_template_id")),
        name=wire.text(value.get("message_template_name")),
        language=wire.text(value.get("message_template_language")),
        change=change.field,
        value=_first(value, _TEMPLATE_VALUES),
        reason=wire.text(wire.item(value.get("rejection_info")).get("reason"))
        or wire.text(value.get("reason")),
        at=change.at,
        content=value,
    )


def _first(value: wire.Item, keys: tuple[str, ...]) -> str:
    return next((found for key in keys if (found := wire.text(value.get(key)))), "")
