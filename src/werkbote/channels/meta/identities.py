"""People who got a new phone number or a new user id, and what they prefer to receive."""

from werkbote.channels.meta import envelope, people, wire
from werkbote.domain import events


def from_system(change: envelope.Change, item: wire.Item) -> events.IdentityChanged | None:
    """The new identity a `system` message announces, or None when it announces none."""
    system = wire.item(item.get("system"))
    current = people.party(system.get("wa_id") or system.get("new_wa_id"), system.get("user_id"))
    former = item.get("from") or system.get("customer")
    previous = people.party(former, item.get("from_user_id"))
    provider_id = wire.ident(item.get("id"))
    if current is None or previous is None or provider_id is None:
        return None
    if current.phone == previous.phone and current.bsuid in {None, previous.bsuid}:
        return None
    return events.IdentityChanged(
        number=change.required_number(),
        provider_id=provider_id,
        previous=previous,
        current=current,
        at=change.moment(item.get("timestamp")),
        note=wire.text(system.get("body")),
    )


def read_update(change: envelope.Change, item: wire.Item) -> events.IdentityChanged:
    """One `user_id_update`: the phone stays, the user id is new.

    Meta gives it no id of its own; the two user ids name it.
    """
    ids = wire.item(item.get("user_id"))
    former, latter = wire.ident(ids.get("previous")), wire.ident(ids.get("current"))
    if former is None or latter is None:
        raise wire.NotUnderstood("The update does not name the previous and the current user id.")
    address = item.get("wa_id")
    known = change.people.party(address, None)
    return events.IdentityChanged(
        number=change.required_number(),
        provider_id=f"user_id_update:{former}:{latter}",
        previous=events.Party(phone=known.phone if known else None, bsuid=former),
        current=events.Party(
            phone=known.phone if known else None, bsuid=latter, name=known.name if known else None
        ),
        at=change.moment(item.get("timestamp")),
        note=wire.text(item.get("detail")),
    )


def read_preference(change: envelope.Change, item: wire.Item) -> events.PreferenceIn:
    """One entry of `user_preferences`: a stop or resume pressed in WhatsApp itself."""
    party = change.people.party(item.get("wa_id"), item.get("user_id"))
    if party is None:
        raise wire.NotUnderstood("The preference names no person.")
    value = wire.ident(item.get("value"))
    if value is None:
        raise wire.NotUnderstood("The preference has no value.")
    return events.PreferenceIn(
        number=change.required_number(),
        party=party,
        at=change.moment(item.get("timestamp")),
        category=wire.text(item.get("category")),
        value=value,
        detail=wire.text(item.get("detail")),
    )
