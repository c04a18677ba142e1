"""The contract of inbound messages: one row for every kind, equality of the whole event."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.channels.meta import bodies
from tests.channels.meta.bodies import (
    ANNA,
    ANNA_ID,
    BERND,
    DISPLAY,
    KNOWN,
    NUMBER,
    PHONE_ONLY,
    RECEIVED,
    SENT,
    Item,
)
from werkbote.domain import events
from werkbote.domain.events import ChangeKind, Json, Kind, MediaRef

SHA = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
FILE: Item = {"id": "9001", "mime_type": "image/jpeg", "sha256": SHA}
HELD = MediaRef(provider_id="9001", mime="image/jpeg", sha256=SHA)


def received(kind: Kind, text: str = "", **changed: object) -> events.MessageIn:
    held: dict[str, object] = {
        "number": NUMBER,
        "provider_id": "wamid.1",
        "party": KNOWN,
        "at": SENT,
        "kind": kind,
        "text": text,
        **changed,
    }
    return events.MessageIn(**held)  # type: ignore[arg-type]


def changed(kind: ChangeKind, value: str | None = None, **more: object) -> events.ChangeIn:
    held: dict[str, object] = {
        "number": NUMBER,
        "provider_id": "wamid.1",
        "party": KNOWN,
        "at": SENT,
        "kind": kind,
        "target": "wamid.0",
        "value": value,
        **more,
    }
    return events.ChangeIn(**held)  # type: ignore[arg-type]


ROWS: list[tuple[str, Item, events.Event]] = [
    ("text", {"text": {"body": "Ist der Golf noch da?"}}, received(Kind.TEXT, "Ist der Golf noch da?")),
    ("text", {"text": {"body": ""}}, received(Kind.TEXT)),
    ("image", {"image": {**FILE, "caption": "Kratzer"}}, received(Kind.IMAGE, "Kratzer", media=HELD)),
    (
        "video",
        {"video": {**FILE, "url": "https://example.test/v"}},
        received(Kind.VIDEO, media=HELD, content={"url": "https://example.test/v"}),
    ),
    (
        "document",
        {"document": {**FILE, "filename": "Schein.pdf"}},
        received(
            Kind.DOCUMENT,
            media=MediaRef(provider_id="9001", mime="image/jpeg", sha256=SHA, filename="Schein.pdf"),
        ),
    ),
    (
        "audio",
        {"audio": {**FILE, "voice": False}},
        received(Kind.AUDIO, media=HELD, content={"voice": False}),
    ),
    (
        "audio",
        {"audio": {**FILE, "voice": True}},
        received(Kind.VOICE, media=HELD, content={"voice": True}),
    ),
    (
        "sticker",
        {"sticker": {**FILE, "animated": True}},
        received(Kind.STICKER, media=HELD, content={"animated": True}),
    ),
    ("image", {"image": {"id": 9001}}, received(Kind.IMAGE, media=MediaRef(provider_id="9001", mime="application/octet-stream"))),
    ("image", {"image": {"caption": "weg"}}, received(Kind.IMAGE, "weg")),
    (
        "location",
        {"location": {"latitude": 52.5, "longitude": 13.4, "name": "Werkstatt"}},
        received(
            Kind.LOCATION, content={"latitude": 52.5, "longitude": 13.4, "name": "Werkstatt"}
        ),
    ),
    (
        "contacts",
        {"contacts": [{"name": {"formatted_name": "Bernd"}}], "origin": "contact_request"},
        received(
            Kind.CONTACTS,
            content={
                "contacts": [{"name": {"formatted_name": "Bernd"}}],
                "origin": "contact_request",
            },
        ),
    ),
    (
        "button",
        {"button": {"payload": "stop", "text": "Abbestellen"}},
        received(Kind.BUTTON, "Abbestellen", content={"payload": "stop"}),
    ),
    (
        "interactive",
        {"interactive": {"type": "button_reply", "button_reply": {"id": "ja", "title": "Ja"}}},
        received(
            Kind.INTERACTIVE,
            "Ja",
            content={"type": "button_reply", "button_reply": {"id": "ja", "title": "Ja"}},
        ),
    ),
    (
        "interactive",
        {"interactive": {"type": "list_reply", "list_reply": {"id": "9", "title": "9 Uhr"}}},
        received(
            Kind.INTERACTIVE,
            "9 Uhr",
            content={"type": "list_reply", "list_reply": {"id": "9", "title": "9 Uhr"}},
        ),
    ),
    (
        "interactive",
        {"interactive": {"type": "nfm_reply", "nfm_reply": {"body": "Sent", "response_json": "{}"}}},
        received(
            Kind.INTERACTIVE,
            "Sent",
            content={"type": "nfm_reply", "nfm_reply": {"body": "Sent", "response_json": "{}"}},
        ),
    ),
    (
        "interactive",
        {"interactive": {"type": "call_permission_reply", "call_permission_reply": {"response": "accept"}}},
        received(
            Kind.INTERACTIVE,
            content={
                "type": "call_permission_reply",
                "call_permission_reply": {"response": "accept"},
            },
        ),
    ),
    (
        "order",
        {"order": {"catalog_id": "7", "text": "bitte", "product_items": []}},
        received(Kind.ORDER, "bitte", content={"catalog_id": "7", "product_items": []}),
    ),
    (
        "template",
        {"template": {"name": "hu_erinnerung"}},
        received(Kind.TEMPLATE, content={"name": "hu_erinnerung"}),
    ),
    (
        "system",
        {"system": {"type": "customer_identity_changed", "body": "Neues Gerät"}},
        received(Kind.SYSTEM, "Neues Gerät", content={"type": "customer_identity_changed"}),
    ),
    (
        "system",
        {"system": {"type": "customer_identity_changed", "wa_id": ANNA}},
        received(Kind.SYSTEM, content={"type": "customer_identity_changed", "wa_id": ANNA}),
    ),
    (
        "unsupported",
        {"unsupported": {"type": "poll"}, "errors": [{"code": 131051}]},
        received(Kind.UNSUPPORTED, content={"type": "poll", "errors": [{"code": 131051}]}),
    ),
    ("unsupported", {}, received(Kind.UNSUPPORTED)),
    (
        "unknown",
        {"errors": [{"code": 131051}]},
        received(Kind.UNKNOWN, content={"type": "unknown", "errors": [{"code": 131051}]}),
    ),
    (
        "hologram",
        {"hologram": {"id": "1"}},
        received(Kind.UNKNOWN, content={"type": "hologram", "hologram": {"id": "1"}}),
    ),
    ("interactive", {}, received(Kind.UNKNOWN, content={"type": "interactive"})),
    ("text", {"text": "nackt"}, received(Kind.UNKNOWN, content={"type": "text", "text": "nackt"})),
    ("reaction", {"reaction": {"message_id": "wamid.0", "emoji": "👍"}}, changed(ChangeKind.REACTION, "👍")),
    ("reaction", {"reaction": {"message_id": "wamid.0", "emoji": ""}}, changed(ChangeKind.REACTION)),
    ("reaction", {"reaction": {"message_id": "wamid.0"}}, changed(ChangeKind.REACTION)),
    (
        "reaction",
        {"reaction": {"emoji": "👍"}},
        received(Kind.UNKNOWN, content={"type": "reaction", "reaction": {"emoji": "👍"}}),
    ),
    (
        "edit",
        {"edit": {"original_message_id": "wamid.0", "message": {"type": "text", "text": {"body": "neu"}}}},
        changed(ChangeKind.EDIT, "neu"),
    ),
    (
        "edit",
        {"edit": {"original_message_id": "wamid.0", "message": {"type": "image", "image": {**FILE, "caption": "neu"}}}},
        changed(ChangeKind.EDIT, "neu", media=HELD),
    ),
    ("revoke", {"revoke": {"original_message_id": "wamid.0"}}, changed(ChangeKind.REVOKE)),
    (
        "text",
        {"text": {"body": "Hallo"}, "context": {"from": DISPLAY, "id": "wamid.0"}},
        received(Kind.TEXT, "Hallo", reply_to="wamid.0", content={"context": {"from": DISPLAY}}),
    ),
    (
        "text",
        {"text": {"body": "Hallo"}, "context": {"forwarded": True}},
        received(Kind.TEXT, "Hallo", forwarded=True),
    ),
    (
        "text",
        {"text": {"body": "Hallo"}, "context": {"frequently_forwarded": True}},
        received(
            Kind.TEXT,
            "Hallo",
            forwarded=True,
            content={"context": {"frequently_forwarded": True}},
        ),
    ),
    (
        "text",
        {"text": {"body": "Hallo", "neu": 1}, "referral": {"source_id": "ad"}, "group_id": "G"},
        received(
            Kind.TEXT,
            "Hallo",
            content={"neu": 1, "referral": {"source_id": "ad"}, "group_id": "G"},
        ),
    ),
    (
        "location",
        {"location": {"name": "Hof"}, "name": "beides"},
        received(Kind.LOCATION, content={"name": "Hof", "message_name": "beides"}),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "fields", "expected"), ROWS)
def test_message_of_every_kind(kind: str, fields: Item, expected: events.Event) -> None:
    assert bodies.read_message(bodies.message(kind, **fields)) == expected


def spoken(**fields: Json) -> events.Party:
    event = bodies.read_message(bodies.message("text", text={"body": "x"}, **fields))
    assert isinstance(event, events.MessageIn)
    return event.party


def test_person_by_phone_gets_name_and_user_id_of_the_contact() -> None:
    assert spoken(from_user_id=None) == KNOWN


def test_person_by_user_id_alone() -> None:
    assert spoken(**{"from": None}) == KNOWN


def test_person_without_any_address_is_the_only_contact() -> None:
    assert spoken(**{"from": None, "from_user_id": None}) == KNOWN


def test_person_of_somebody_elses_contact_stays_nameless() -> None:
    assert spoken(**{"from": BERND, "from_user_id": None}) == PHONE_ONLY


def test_person_whose_contact_disagrees_about_the_user_id_takes_nothing_from_it() -> None:
    assert spoken(from_user_id="DE.2") == events.Party(phone=f"+{ANNA}", bsuid="DE.2")


def test_person_whose_contact_disagrees_about_the_phone_takes_nothing_from_it() -> None:
    assert spoken(**{"from": BERND}) == events.Party(phone=f"+{BERND}", bsuid=ANNA_ID)


def test_person_with_a_written_out_phone() -> None:
    assert spoken(**{"from": "+49 1522 8817386", "from_user_id": None}) == KNOWN


def test_person_with_a_number_as_phone() -> None:
    assert spoken(**{"from": int(ANNA), "from_user_id": None}) == KNOWN


def test_person_whose_address_is_no_phone_is_kept_as_user_id() -> None:
    assert spoken(**{"from": "DE.77", "from_user_id": None}) == events.Party(bsuid="DE.77")


def test_person_by_username_when_the_profile_has_no_name() -> None:
    item = bodies.message("text", text={"body": "x"}, **{"from": None})
    profile: Item = {"profile": {"username": "anna.m"}, "user_id": ANNA_ID}
    (event,) = bodies.read_change(bodies.change(messages=[item], contacts=[profile]))
    assert isinstance(event, events.MessageIn)
    assert event.party == events.Party(bsuid=ANNA_ID, name="anna.m")


def test_contacts_of_several_people_are_each_matched() -> None:
    others: list[Json] = [bodies.contact(), {"profile": {"name": "Bernd"}, "wa_id": BERND}]
    sent: list[Json] = [
        bodies.message("text", text={"body": "b"}, **{"from": BERND, "from_user_id": None}),
        bodies.message("text", text={"body": "a"}),
    ]
    found = bodies.read_change(bodies.change(messages=sent, contacts=others))
    assert [event.party.name for event in found if isinstance(event, events.MessageIn)] == [
        "Bernd",
        "Anna Muster",
    ]


@pytest.mark.parametrize(
    ("stamp", "at", "believed"),
    [
        (bodies.STAMP, SENT, True),
        (int(bodies.STAMP), SENT, True),
        (int(bodies.STAMP) * 1000, SENT, True),
        ("1111111111", datetime.fromtimestamp(1111111111, UTC), True),
        (str(int(RECEIVED.timestamp()) + 86_400), RECEIVED + timedelta(days=1), True),
        (str(int(RECEIVED.timestamp()) + 86_401), RECEIVED, False),
        ("32503680000", RECEIVED, False),  # the year 3000
        ("99999999999999999999", RECEIVED, False),
        ("0", RECEIVED, False),
        (-5, RECEIVED, False),
        ("gestern", RECEIVED, False),
        (True, RECEIVED, False),
        ({}, RECEIVED, False),
    ],
)  # fmt: skip
def test_time_of_a_message(stamp: Json, at: datetime, *, believed: bool) -> None:
    event = bodies.read_message(bodies.message("text", text={"body": "x"}, timestamp=stamp))
    assert isinstance(event, events.MessageIn)
    assert event.at == at
    assert event.content == ({} if believed else {"timestamp": stamp})


def test_echo_of_the_phone_app_is_ours_and_belongs_to_whom_it_went_to() -> None:
    echo: Item = {
        "from": DISPLAY,
        "to": ANNA,
        "to_user_id": ANNA_ID,
        "id": "wamid.1",
        "timestamp": bodies.STAMP,
        "type": "text",
        "text": {"body": "Ihr Wagen ist fertig"},
    }
    found = bodies.read_change(bodies.change("smb_message_echoes", message_echoes=[echo]))
    assert found == (received(Kind.TEXT, "Ihr Wagen ist fertig", outgoing=True),)


def test_echo_that_names_us_as_recipient_belongs_to_the_other_side() -> None:
    echo: Item = {
        "from": ANNA,
        "to": DISPLAY,
        "id": "wamid.1",
        "timestamp": bodies.STAMP,
        "type": "revoke",
        "revoke": {"original_message_id": "wamid.0"},
    }
    found = bodies.read_change(bodies.change("smb_message_echoes", message_echoes=[echo]))
    assert found == (changed(ChangeKind.REVOKE, outgoing=True),)


def test_number_is_that_of_each_change() -> None:
    made = [
        bodies.change(number=number, messages=[bodies.message("text", text={"body": number})])
        for number in ("1", "2")
    ]
    found = bodies.read(bodies.body(bodies.entry(*made), bodies.entry(made[0])))
    assert [event.number for event in found] == ["1", "2", "1"]  # type: ignore[union-attr]
