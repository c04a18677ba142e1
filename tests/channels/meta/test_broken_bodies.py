"""Bodies that are wrong somewhere: nothing is dropped, and one bad item hides no neighbour."""

import json

import pytest

from tests.channels.meta import bodies
from tests.channels.meta.bodies import NUMBER, RECEIVED, Item
from werkbote.channels import driver
from werkbote.domain import events
from werkbote.domain.events import Json

GOOD = bodies.message("text", text={"body": "gut"})
ITEMS = "messages", "statuses", "calls", "user_preferences", "user_id_update", "groups", "errors"


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"   ",
        b"<html>",
        b"null",
        b"42",
        b'"entry"',
        b"[]",
        b"{}",
        b'{"object":"whatsapp_business_account"}',
        b'{"entry":{}}',
        b'{"entry":[',
        b'{"entry":null}',
        b"[" * 200_000,
        b'{"entry":[' + b"[" * 200_000 + b"]" * 200_000 + b"]}",
        b"\xff\xfe\x00",
    ],
)
def test_body_that_is_no_webhook_is_unreadable(raw: bytes) -> None:
    with pytest.raises(driver.UnreadableBody) as refused:
        bodies.read(raw)
    assert str(refused.value).endswith(".")


def test_body_without_entries_holds_nothing() -> None:
    assert bodies.read(b'{"entry":[]}') == ()


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (None, "The entry has no list of changes."),
        (7, "The entry has no list of changes."),
        ({"id": "1"}, "The entry has no list of changes."),
        ({"changes": {}}, "The entry has no list of changes."),
        ({"changes": [None]}, "The change has no value."),
        ({"changes": [{"field": "messages"}]}, "The change has no value."),
        ({"changes": [{"field": "messages", "value": []}]}, "The change has no value."),
        ({"changes": [], "messaging": []}, "The body carries fields that no webhook of Meta has."),
    ],
)
def test_entry_that_is_wrong_hides_no_neighbour(wrong: Json, why: str) -> None:
    good = bodies.entry(bodies.change(messages=[GOOD]))
    first, second, third = bodies.read(bodies.body(good, wrong, good))
    assert isinstance(second, events.Unknown)
    assert second.why == why
    assert first == third


@pytest.mark.parametrize("wrong", [None, 1, "x", [], [[]], True, {}])
@pytest.mark.parametrize("key", ITEMS)
def test_item_that_is_wrong_hides_no_neighbour(key: str, wrong: Json) -> None:
    found = bodies.read_change(bodies.change(messages=[GOOD])) + bodies.read_change(
        bodies.change(**{key: [wrong]})
    )
    both = bodies.read_change(
        bodies.change(messages=[wrong, GOOD])
        if key == "messages"
        else bodies.change(**{key: [wrong], "messages": [GOOD]})
    )
    assert sorted(map(repr, both)) == sorted(map(repr, found))
    assert len(both) == 2


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"id": None}, "The message has no id."),
        ({"id": ""}, "The message has no id."),
        ({"id": {}}, "The message has no id."),
    ],
)
def test_message_without_an_id_is_kept_as_unknown(changed: Item, why: str) -> None:
    item: Item = {**GOOD, **changed}
    assert bodies.read_change(bodies.change(messages=[item, GOOD])) == (
        events.Unknown(number=NUMBER, field="messages", why=why, content=item, at=RECEIVED),
        bodies.read_message(GOOD),
    )


def test_message_from_nobody_is_kept_as_unknown() -> None:
    item: Item = {**GOOD, "from": None, "from_user_id": []}
    (event,) = bodies.read_change(bodies.change(messages=[item], contacts=[]))
    assert isinstance(event, events.Unknown)
    assert event.why == "The message names no person."


def test_message_to_no_number_is_kept_as_unknown() -> None:
    (event,) = bodies.read_change(bodies.change(number=None, messages=[GOOD]))
    assert isinstance(event, events.Unknown)
    assert (event.number, event.why) == (None, "The change names no phone_number_id.")


@pytest.mark.parametrize("status", ["deleted", "", None, 5, {"a": 1}])
def test_status_of_unknown_kind_is_kept_as_unknown(status: Json) -> None:
    item: Item = {"id": "wamid.1", "status": status}
    (event,) = bodies.read_change(bodies.change(statuses=[item]))
    assert isinstance(event, events.Unknown)
    assert event.content == item


def test_field_of_unknown_kind_is_kept_whole() -> None:
    made: Item = {"field": "teleport", "value": {"beam": "up"}}
    (event,) = bodies.read_change(made)
    assert event == events.Unknown(
        number=None,
        field="teleport",
        why="This version does not know this kind of news.",
        content={"beam": "up"},
        at=RECEIVED,
    )


def test_part_of_unknown_kind_is_kept_beside_the_messages() -> None:
    found = bodies.read_change(bodies.change(messages=[GOOD], extras=[1], more={"a": None}))
    assert found == (
        bodies.read_message(GOOD),
        events.Unknown(
            number=NUMBER,
            field="messages",
            why="The change carries parts of unknown kind.",
            content={"extras": [1], "more": {"a": None}},
            at=RECEIVED,
        ),
    )


@pytest.mark.parametrize("contacts", ["Anna", 5, {"wa_id": "1"}, ["Anna"]])
def test_contacts_that_are_wrong_are_kept_as_unknown(contacts: Json) -> None:
    first, second = bodies.read_change(bodies.change(messages=[GOOD], contacts=contacts))
    assert isinstance(first, events.MessageIn)
    assert first.party.name is None
    assert isinstance(second, events.Unknown)


@pytest.mark.parametrize("metadata", [None, "x", [], {"phone_number_id": {}}])
def test_metadata_that_is_wrong_keeps_the_message_as_unknown(metadata: Json) -> None:
    (event,) = bodies.read_change(bodies.change(messages=[GOOD], metadata=metadata))
    assert isinstance(event, events.Unknown)
    assert event.content == GOOD


def spoken(escaped: str) -> str:
    raw = bodies.body(bodies.entry(bodies.change(messages=[GOOD])))
    (event,) = bodies.read(raw.replace(b"gut", escaped.encode("utf-8", "surrogateescape")))
    assert isinstance(event, events.MessageIn)
    json.dumps(event.text, ensure_ascii=False).encode()
    return event.text


@pytest.mark.parametrize(
    ("escaped", "text"),
    [
        ("a\\u0000b", "a\ufffdb"),
        ("\\ud800", "\ufffd"),
        ("a\\udc00b\\u0000", "a\ufffdb\ufffd"),
        ("\\ud83d\\ude00", "😀"),
        ("\\ud83d\\ude00\\ud83d", "😀\ufffd"),
        ("a\0b", "a\ufffdb"),
        ("Zeile\nzwei", "Zeile\nzwei"),
        ("\udcff", "\ufffd"),
        ("\\\\u0000", "\\u0000"),
        ("e\u0301\u200f", "e\u0301\u200f"),
    ],
)
def test_text_that_a_database_cannot_hold_is_shown_as_replaced(escaped: str, text: str) -> None:
    assert spoken(escaped) == text


@pytest.mark.parametrize(
    ("number", "kept"),
    [
        (b"NaN", "NaN"),
        (b"-Infinity", "-Infinity"),
        (b"1e999", "inf"),
        (b"1" + b"0" * 5000, "1" + "0" * 5000),
        (b"12345678901234567890123", 1.2345678901234568e22),
    ],
)
def test_number_that_a_database_cannot_hold_is_kept_as_text(number: bytes, kept: Json) -> None:
    made = bodies.body(bodies.entry(bodies.change(messages=[{**GOOD, "odd": "here"}])))
    (event,) = bodies.read(made.replace(b'"here"', number))
    assert isinstance(event, events.MessageIn)
    assert event.content == {"odd": kept}


@pytest.mark.parametrize("depth", [150, 300, 2000])
def test_part_that_is_nested_too_deeply_is_cut_and_hides_no_neighbour(depth: int) -> None:
    made = bodies.body(bodies.entry(bodies.change(messages=[GOOD], odd="here")))
    message, rest = bodies.read(made.replace(b'"here"', b"[" * depth + b"]" * depth))
    assert message == bodies.read_message(GOOD)
    assert isinstance(rest, events.Unknown)
    kept = json.dumps(rest.content)
    assert ("nested too deeply" in kept) == (depth > 200)
    assert kept.count("[") <= 200


def test_body_with_a_byte_order_mark() -> None:
    raw = bodies.body(bodies.entry(bodies.change(messages=[GOOD])))
    assert bodies.read(b"\xef\xbb\xbf" + raw) == bodies.read(raw)


def test_keys_hold_no_character_a_database_cannot_hold() -> None:
    made = bodies.body(bodies.entry(bodies.change(messages=[{**GOOD, "odd": 1}])))
    (event,) = bodies.read(made.replace(b'"odd"', b'"o\\u0000d"'))
    assert isinstance(event, events.MessageIn)
    assert event.content == {"o\ufffdd": 1}
