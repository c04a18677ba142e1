"""What a phone app shares when its number joins: the chats of before, and a count of its contacts."""

from collections import Counter
from collections.abc import Iterator

from werkbote.channels.meta import envelope, messages, people, wire
from werkbote.domain import events
from werkbote.domain.events import Json


def read(change: envelope.Change, item: wire.Item) -> Iterator[events.Event]:
    """The events of one chunk: how far the sharing has come, its errors, and every message."""
    metadata = item.get("metadata")
    if isinstance(metadata, dict):
        yield events.AccountEvent(
            account=change.account,
            number=change.number,
            field=change.field,
            event="progress",
            at=change.at,
            content=metadata,
        )
    for key, value in item.items():
        if key == "threads" and isinstance(value, list):
            for thread in value:
                yield from _thread(change, thread)
        elif key == "errors" and isinstance(value, list):
            yield from _errors(change, value)
        elif key != "metadata" or not isinstance(metadata, dict):
            yield change.unknown("The history carries a part of unknown kind.", {key: value})


def _errors(change: envelope.Change, errors: list[Json]) -> Iterator[events.Event]:
    for error in errors:
        try:
            yield events.ErrorIn(number=change.number, failure=wire.failure(error), at=change.at)
        except wire.NotUnderstood as problem:
            yield change.unknown(str(problem), error)


def _thread(change: envelope.Change, thread: Json) -> Iterator[events.Event]:
    found = wire.item(thread).get("messages")
    if not isinstance(thread, dict) or not isinstance(found, list):
        yield change.unknown("The thread has no list of messages.", thread)
        return
    context = wire.item(thread.get("context"))
    address = context.get("wa_id") or thread.get("id")
    party = people.party(
        address,
        context.get("user_id"),
        wire.ident(context.get("name")) or wire.ident(context.get("username")),
    )
    for message in found:
        try:
            yield _message(change, message, party)
        except wire.NotUnderstood as problem:
            yield change.unknown(str(problem), message)


def _message(change: envelope.Change, message: Json, party: events.Party | None) -> events.Event:
    if not isinstance(message, dict):
        raise wire.NotUnderstood("The message is not an object.")
    origin = messages.Origin(party=party, outgoing=_is_ours(change, message, party), historic=True)
    return messages.read(change, message, origin)


def _is_ours(change: envelope.Change, message: wire.Item, party: events.Party | None) -> bool:
    """Whether the business wrote it: its own number is the sender, or not the thread's person."""
    sender = wire.digits(message.get("from"))
    if sender is None:
        return False
    if change.display is not None and sender == change.display:
        return True
    return party is not None and party.phone is not None and party.phone != f"+{sender}"


def read_contacts(change: envelope.Change, items: list[Json]) -> events.AccountEvent:
    """How many contacts the phone app shared; the contacts themselves are not kept.

    They are people who never asked to be known here (Art. 5 (1) (c) GDPR).
    """
    actions = Counter(wire.text(wire.item(item).get("action")) or "other" for item in items)
    return events.AccountEvent(
        account=change.account,
        number=change.number,
        field=change.field,
        event="contacts_discarded",
        at=change.at,
        content={"contacts": len(items), **actions},
    )
