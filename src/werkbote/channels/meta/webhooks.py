"""A webhook body as events: every entry, every change, every item."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime

from werkbote.channels.meta import (
    account,
    envelope,
    history,
    identities,
    messages,
    statuses,
    wire,
)
from werkbote.domain import events
from werkbote.domain.events import Json

type _One = Callable[[envelope.Change, wire.Item], events.Event]
type _Many = Callable[[envelope.Change, wire.Item], Iterable[events.Event]]

_ONE: Mapping[str, _One] = {
    "messages": messages.read,
    "message_echoes": messages.read_echo,
    "calls": statuses.read_call,
    "user_preferences": identities.read_preference,
    "user_id_update": identities.read_update,
    "groups": account.read_group,
    "errors": statuses.read_error,
}
_MANY: Mapping[str, _Many] = {"statuses": statuses.read, "history": history.read}
_FRAME = frozenset({"messaging_product", "metadata", "contacts"})


def read(body: bytes, *, received_at: datetime) -> tuple[events.Event, ...]:
    """Every event of one webhook body, in its order; nothing is dropped.

    What cannot be understood becomes `Unknown` and never hides its neighbours. Raises
    `driver.UnreadableBody` for bytes that are no webhook body at all.
    """
    found: list[events.Event] = []
    for change in envelope.changes(body, received_at=received_at):
        if isinstance(change, events.Unknown):
            found.append(change)
        else:
            found.extend(_change(change))
    return tuple(found)


def _change(change: envelope.Change) -> Iterator[events.Event]:
    if account.speaks(change):
        yield account.read(change)
        return
    rest: dict[str, Json] = {}
    understood = False
    for key, value in change.value.items():
        if key in _ONE or key in _MANY:
            understood = True
            yield from _items(change, key, value)
        elif key == "state_sync" and isinstance(value, list):
            understood = True
            yield history.read_contacts(change, value)
        elif key not in _FRAME:
            rest[key] = value
    yield from _contacts(change)
    if not understood:
        yield change.unknown(
            "This version does not know this kind of news.", change.value, part=change.value
        )
    elif rest:
        yield change.unknown("The change carries parts of unknown kind.", rest, part=rest)


def _contacts(change: envelope.Change) -> Iterator[events.Unknown]:
    contacts = change.value.get("contacts", [])
    if not isinstance(contacts, list):
        yield change.unknown("The contacts are not a list.", contacts)
        return
    for contact in contacts:
        if not isinstance(contact, dict):
            yield change.unknown("One of the contacts is not an object.", contact)


def _items(change: envelope.Change, key: str, value: Json) -> Iterator[events.Event]:
    if not isinstance(value, list):
        yield change.unknown(f"The {key} are not a list.", value)
        return
    one = _ONE.get(key)
    if key == "messages" and change.field == "history":
        one = messages.read_remembered
    for item in value:
        if not isinstance(item, dict):
            yield change.unknown(f"One of the {key} is not an object.", item)
            continue
        try:
            if one is not None:
                yield one(change, item)
            else:
                yield from tuple(_MANY[key](change, item))
        except wire.NotUnderstood as problem:
            yield change.unknown(str(problem), item, part={key: [item]})
