"""Webhook bodies made of invented people: builders that say only what a test is about."""

from datetime import UTC, datetime

import orjson

from werkbote.channels import registry
from werkbote.domain import events
from werkbote.domain.events import Json

NUMBER = "770000000000001"
ACCOUNT = "880000000000001"
DISPLAY = "493023125100"
ANNA = "4915228817386"
ANNA_ID = "DE.1000000000001"
BERND = "4917139200042"
RECEIVED = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
SENT = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)
STAMP = str(int(SENT.timestamp()))
KNOWN = events.Party(phone=f"+{ANNA}", bsuid=ANNA_ID, name="Anna Muster")
PHONE_ONLY = events.Party(phone=f"+{BERND}")

type Item = dict[str, Json]


def contact() -> Item:
    return {"profile": {"name": "Anna Muster"}, "wa_id": ANNA, "user_id": ANNA_ID}


def message(kind: str, **fields: Json) -> Item:
    """A message from Anna; fields set to None are left out."""
    item: Item = {
        "from": ANNA,
        "from_user_id": ANNA_ID,
        "id": "wamid.1",
        "timestamp": STAMP,
        "type": kind,
        **fields,
    }
    return {key: value for key, value in item.items() if value is not None}


def change(field: str = "messages", *, number: str | None = NUMBER, **value: Json) -> Item:
    """A change of one number; its contacts are Anna alone unless others are given."""
    metadata: Item = {"display_phone_number": DISPLAY}
    if number is not None:
        metadata["phone_number_id"] = number
    held: Item = {"messaging_product": "whatsapp", "metadata": metadata, "contacts": [contact()]}
    return {"field": field, "value": {**held, **value}}


def entry(*changes: Json) -> Item:
    return {"id": ACCOUNT, "changes": list(changes)}


def body(*entries: Json) -> bytes:
    return orjson.dumps({"object": "whatsapp_business_account", "entry": list(entries)})


def read(raw: bytes) -> tuple[events.Event, ...]:
    return registry.driver("whatsapp").read(raw, received_at=RECEIVED)


def read_change(made: Item) -> tuple[events.Event, ...]:
    return read(body(entry(made)))


def read_message(item: Item) -> events.Event:
    """The one event of one message."""
    (event,) = read_change(change(messages=[item]))
    return event
