"""News of what was sent or dialled: message statuses, calls, and the errors beside them."""

from collections.abc import Iterator

from werkbote.channels.meta import envelope, wire
from werkbote.domain import events
from werkbote.domain.events import Json, Status

_STATUSES = {status.value: status for status in Status}


def read(change: envelope.Change, item: wire.Item) -> Iterator[events.Event]:
    """The events of one status; a call's or a payment's is not mistaken for a message's."""
    kind = wire.text(item.get("type"))
    if kind == "call":
        yield _dialled(change, item)
        return
    if kind == "payment":
        yield _payment(change, item)
        return
    status = _STATUSES.get(wire.text(item.get("status")))
    provider_id = wire.ident(item.get("id"))
    if status is None or kind not in {"", "message"}:
        raise wire.NotUnderstood("The status is of a kind this version does not know.")
    if provider_id is None:
        raise wire.NotUnderstood("The status does not say of which message.")
    number = change.required_number()
    at = change.moment(item.get("timestamp"))
    failure, others = _failures(item.get("errors"))
    yield events.StatusIn(
        number=number,
        provider_id=provider_id,
        status=status,
        at=at,
        recipient=_recipient(change, item),
        callback=wire.ident(item.get("biz_opaque_callback_data")),
        failure=failure,
        pricing=_pricing(item.get("pricing")),
    )
    for other in others:
        yield events.ErrorIn(number=number, failure=other, at=at)


def read_error(change: envelope.Change, item: wire.Item) -> events.ErrorIn:
    """An error beside messages and statuses."""
    return events.ErrorIn(number=change.number, failure=wire.failure(item), at=change.at)


def read_call(change: envelope.Change, item: wire.Item) -> events.CallIn:
    """One step of a call to or from the number."""
    caller = item.get("from")
    own = change.display is not None and wire.digits(caller) == change.display
    direction = wire.text(item.get("direction"))
    inbound = direction == "USER_INITIATED" if direction else not own
    address = caller if inbound else item.get("to")
    if change.display is not None and wire.digits(address) == change.display:
        address = item.get("to") if inbound else caller
    user_id = item.get("from_user_id") if inbound else item.get("to_user_id")
    return _call(change, item, address=address, user_id=user_id, inbound=inbound)


def _dialled(change: envelope.Change, item: wire.Item) -> events.CallIn:
    return _call(
        change,
        item,
        address=item.get("recipient_id"),
        user_id=item.get("recipient_user_id"),
        inbound=False,
    )


def _call(
    change: envelope.Change, item: wire.Item, *, address: Json, user_id: Json, inbound: bool
) -> events.CallIn:
    party = change.people.party(address, user_id)
    provider_id = wire.ident(item.get("id"))
    event = wire.ident(item.get("event")) or wire.ident(item.get("status"))
    if party is None or provider_id is None or event is None:
        raise wire.NotUnderstood("The call names no id, no event or no person.")
    return events.CallIn(
        number=change.required_number(),
        provider_id=provider_id,
        party=party,
        at=change.moment(item.get("timestamp")),
        event=event.lower(),
        inbound=inbound,
    )


def _payment(change: envelope.Change, item: wire.Item) -> events.AccountEvent:
    return events.AccountEvent(
        account=change.account,
        number=change.number,
        field="payment",
        event=wire.text(item.get("status")),
        at=change.moment(item.get("timestamp")),
        content=item,
    )


def _recipient(change: envelope.Change, item: wire.Item) -> events.Party | None:
    if item.get("recipient_type") == "group":
        address = item.get("recipient_participant_id")
        user_id = item.get("recipient_participant_user_id")
    else:
        address = item.get("recipient_id")
        user_id = item.get("recipient_user_id")
    if not address and not user_id:
        return None
    return change.people.party(address, user_id)


def _failures(value: Json) -> tuple[events.Failure | None, list[events.Failure]]:
    if not isinstance(value, list) or not value:
        return None, []
    first, *others = (wire.failure(each) for each in value)
    return first, others


def _pricing(value: Json) -> events.Pricing | None:
    pricing = wire.item(value)
    category = wire.ident(pricing.get("category"))
    if category is None:
        return None
    return events.Pricing(
        category=category,
        kind=wire.text(pricing.get("type")),
        billable=pricing.get("billable") is not False,
    )
