import json
from datetime import UTC, datetime

import pytest

from werkbote.channels import registry
from werkbote.domain import events

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def _body(**value: object) -> bytes:
    change = {
        "field": "messages",
        "value": {
            "messaging_product": "whatsapp",
            "metadata": {"display_phone_number": "493023125100", "phone_number_id": "77"},
            "contacts": [
                {"wa_id": "491713920001", "profile": {"name": "Alice"}},
                {"wa_id": "491713920002", "profile": {"name": "Bob"}},
            ],
            **value,
        },
    }
    return json.dumps({"object": "x", "entry": [{"id": "88", "changes": [change]}]}).encode()


def _one(raw: bytes) -> events.Event:
    (found,) = registry.driver("whatsapp").read(raw, received_at=NOW)
    return found


@pytest.mark.parametrize(
    "value",
    [
        {
            "messages": [
                {
                    "from": "491713920001",
                    "id": "wamid.1",
                    "timestamp": "1795424400",
                    "type": "hologram",
                    "hologram": {"depth": 3},
                }
            ]
        },
        {"messages": [{"from": "491713920001", "timestamp": "1795424400", "type": "text"}]},
        {"holograms": [{"from": "491713920001"}]},
    ],
    ids=["unknown message", "message without id", "unknown part"],
)
def test_read_gives_for_an_unknown_part_what_reads_the_same_alone(value):
    found = _one(_body(**value))
    assert isinstance(found, events.MessageIn | events.Unknown)
    again = _one(json.dumps(found.again).encode())
    assert again == found


def test_read_keeps_only_the_contacts_a_part_names():
    found = _one(_body(messages=[{"from": "491713920001", "type": "text"}]))
    assert isinstance(found, events.Unknown)
    assert "491713920002" not in json.dumps(found.again)
