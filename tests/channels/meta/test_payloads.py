"""The contract of outbound messages: one row for every kind, equality of the whole request."""

import pytest

from tests.channels.meta.bodies import ANNA, ANNA_ID, Item
from werkbote.channels import outgoing
from werkbote.channels.meta import payloads
from werkbote.channels.outgoing import FileKind
from werkbote.domain import events

TO = events.Party(phone=f"+{ANNA}", bsuid=ANNA_ID)
HELD = outgoing.Held(provider_id="9001")
UPLOAD = outgoing.Upload(content=b"%PDF", mime="application/pdf", filename="Rechnung.pdf")

ROWS: list[tuple[outgoing.Body, str, object]] = [
    (outgoing.Text(text="Hallo"), "text", {"body": "Hallo", "preview_url": False}),
    (outgoing.Text(text="Hallo", preview=True), "text", {"body": "Hallo", "preview_url": True}),
    (
        outgoing.File(kind=FileKind.IMAGE, media=HELD, caption="Kratzer"),
        "image",
        {"id": "9001", "caption": "Kratzer"},
    ),
    (outgoing.File(kind=FileKind.VIDEO, media=HELD), "video", {"id": "9001"}),
    (outgoing.File(kind=FileKind.AUDIO, media=HELD), "audio", {"id": "9001"}),
    (outgoing.File(kind=FileKind.VOICE, media=HELD), "audio", {"id": "9001", "voice": True}),
    (outgoing.File(kind=FileKind.STICKER, media=HELD), "sticker", {"id": "9001"}),
    (
        outgoing.File(kind=FileKind.DOCUMENT, media=HELD, filename="Schein.pdf"),
        "document",
        {"id": "9001", "filename": "Schein.pdf"},
    ),
    (
        outgoing.File(kind=FileKind.DOCUMENT, media=UPLOAD),
        "document",
        {"id": "uploaded", "filename": "Rechnung.pdf"},
    ),
    (
        outgoing.Location(latitude=52.5, longitude=13.4, name="Werkstatt", address="Hof 1"),
        "location",
        {"latitude": 52.5, "longitude": 13.4, "name": "Werkstatt", "address": "Hof 1"},
    ),
    (
        outgoing.Contacts(cards=({"name": {"formatted_name": "Werkstatt"}},)),
        "contacts",
        [{"name": {"formatted_name": "Werkstatt"}}],
    ),
    (
        outgoing.Reaction(target="wamid.0", emoji="👍"),
        "reaction",
        {"message_id": "wamid.0", "emoji": "👍"},
    ),
    (outgoing.Reaction(target="wamid.0"), "reaction", {"message_id": "wamid.0", "emoji": ""}),
    (
        outgoing.Interactive(
            text="Passt 9 Uhr?",
            action=outgoing.Buttons(buttons=(outgoing.Choice(key="ja", title="Ja"),)),
            header="Termin",
            footer="Autohaus Muster",
        ),
        "interactive",
        {
            "type": "button",
            "body": {"text": "Passt 9 Uhr?"},
            "action": {"buttons": [{"type": "reply", "reply": {"id": "ja", "title": "Ja"}}]},
            "header": {"type": "text", "text": "Termin"},
            "footer": {"text": "Autohaus Muster"},
        },
    ),
    (
        outgoing.Interactive(
            text="Wann?",
            action=outgoing.Menu(
                label="Zeiten",
                sections=(
                    outgoing.Section(
                        title="Montag",
                        rows=(
                            outgoing.Choice(key="9", title="9 Uhr", description="Halle 1"),
                            outgoing.Choice(key="10", title="10 Uhr"),
                        ),
                    ),
                ),
            ),
        ),
        "interactive",
        {
            "type": "list",
            "body": {"text": "Wann?"},
            "action": {
                "button": "Zeiten",
                "sections": [
                    {
                        "title": "Montag",
                        "rows": [
                            {"id": "9", "title": "9 Uhr", "description": "Halle 1"},
                            {"id": "10", "title": "10 Uhr"},
                        ],
                    }
                ],
            },
        },
    ),
    (
        outgoing.Interactive(
            text="Angebot",
            action=outgoing.Link(label="Ansehen", url="https://example.test/a"),
            header=outgoing.File(kind=FileKind.IMAGE, media=HELD),
        ),
        "interactive",
        {
            "type": "cta_url",
            "body": {"text": "Angebot"},
            "action": {
                "name": "cta_url",
                "parameters": {"display_text": "Ansehen", "url": "https://example.test/a"},
            },
            "header": {"type": "image", "image": {"id": "9001"}},
        },
    ),
    (
        outgoing.Interactive(
            text="Termin",
            action=outgoing.Form(
                label="Buchen", flow_id="5", token="t", screen="TAG", data={"a": 1}
            ),
        ),
        "interactive",
        {
            "type": "flow",
            "body": {"text": "Termin"},
            "action": {
                "name": "flow",
                "parameters": {
                    "flow_message_version": "3",
                    "flow_id": "5",
                    "flow_token": "t",
                    "flow_cta": "Buchen",
                    "flow_action": "navigate",
                    "flow_action_payload": {"screen": "TAG", "data": {"a": 1}},
                },
            },
        },
    ),
    (
        outgoing.Interactive(
            text="Termin", action=outgoing.Form(label="Buchen", flow_id="5", token="t")
        ),
        "interactive",
        {
            "type": "flow",
            "body": {"text": "Termin"},
            "action": {
                "name": "flow",
                "parameters": {
                    "flow_message_version": "3",
                    "flow_id": "5",
                    "flow_token": "t",
                    "flow_cta": "Buchen",
                    "flow_action": "data_exchange",
                },
            },
        },
    ),
    (
        outgoing.Interactive(text="Wo?", action=outgoing.Wish.LOCATION),
        "interactive",
        {
            "type": "location_request_message",
            "body": {"text": "Wo?"},
            "action": {"name": "send_location"},
        },
    ),
    (
        outgoing.Interactive(text="Ihre Nummer?", action=outgoing.Wish.PHONE),
        "interactive",
        {
            "type": "request_contact_info",
            "body": {"text": "Ihre Nummer?"},
            "action": {"name": "request_contact_info"},
        },
    ),
    (
        outgoing.Template(name="hallo", language="de"),
        "template",
        {"name": "hallo", "language": {"code": "de"}},
    ),
    (
        outgoing.Template(
            name="fertig",
            language="de",
            header=outgoing.File(kind=FileKind.DOCUMENT, media=UPLOAD),
            body=(
                outgoing.Parameter(text="Anna"),
                outgoing.Parameter(text="B-WB 1", name="plate"),
            ),
            buttons=(
                outgoing.ButtonParameter(
                    index=0, kind=outgoing.ButtonKind.QUICK_REPLY, value="stop"
                ),
                outgoing.ButtonParameter(index=1, kind=outgoing.ButtonKind.URL, value="a7"),
                outgoing.ButtonParameter(index=2, kind=outgoing.ButtonKind.COPY_CODE, value="C"),
                outgoing.ButtonParameter(index=3, kind=outgoing.ButtonKind.FLOW, value="t"),
            ),
        ),
        "template",
        {
            "name": "fertig",
            "language": {"code": "de"},
            "components": [
                {
                    "type": "header",
                    "parameters": [
                        {
                            "type": "document",
                            "document": {"id": "uploaded", "filename": "Rechnung.pdf"},
                        }
                    ],
                },
                {
                    "type": "body",
                    "parameters": [
                        {"type": "text", "text": "Anna"},
                        {"type": "text", "text": "B-WB 1", "parameter_name": "plate"},
                    ],
                },
                {
                    "type": "button",
                    "sub_type": "quick_reply",
                    "index": "0",
                    "parameters": [{"type": "payload", "payload": "stop"}],
                },
                {
                    "type": "button",
                    "sub_type": "url",
                    "index": "1",
                    "parameters": [{"type": "text", "text": "a7"}],
                },
                {
                    "type": "button",
                    "sub_type": "copy_code",
                    "index": "2",
                    "parameters": [{"type": "coupon_code", "coupon_code": "C"}],
                },
                {
                    "type": "button",
                    "sub_type": "flow",
                    "index": "3",
                    "parameters": [{"type": "action", "action": {"flow_token": "t"}}],
                },
            ],
        },
    ),
    (
        outgoing.Template(name="t", language="de", header=outgoing.Parameter(text="HU")),
        "template",
        {
            "name": "t",
            "language": {"code": "de"},
            "components": [{"type": "header", "parameters": [{"type": "text", "text": "HU"}]}],
        },
    ),
    (
        outgoing.Template(
            name="t", language="de", header=outgoing.Location(latitude=1.0, longitude=2.0)
        ),
        "template",
        {
            "name": "t",
            "language": {"code": "de"},
            "components": [
                {
                    "type": "header",
                    "parameters": [
                        {"type": "location", "location": {"latitude": 1.0, "longitude": 2.0}}
                    ],
                }
            ],
        },
    ),
]


@pytest.mark.parametrize(("body", "kind", "content"), ROWS)
def test_message_of_every_kind(body: outgoing.Body, kind: str, content: object) -> None:
    message = outgoing.Outgoing(message_id="m-1", to=TO, body=body)
    assert payloads.message(message, "uploaded") == {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": f"+{ANNA}",
        "type": kind,
        kind: content,
        "biz_opaque_callback_data": "m-1",
    }


def written(**changed: object) -> Item:
    held: dict[str, object] = {"message_id": "m", "to": TO, "body": outgoing.Text(text="x")}
    return payloads.message(outgoing.Outgoing(**{**held, **changed}), None)  # type: ignore[arg-type]


def test_recipient_without_a_phone_is_addressed_by_user_id() -> None:
    found = written(to=events.Party(bsuid=ANNA_ID))
    assert (found.get("to"), found.get("recipient")) == (None, ANNA_ID)


def test_reply_names_the_message_it_answers() -> None:
    assert written(reply_to="wamid.0")["context"] == {"message_id": "wamid.0"}


def test_message_to_nobody_is_refused() -> None:
    with pytest.raises(outgoing.NoRecipient):
        written(to=events.Party(name="Anna"))


@pytest.mark.parametrize("message_id", ["", "x" * 513])
def test_message_with_an_unusable_id_is_refused(message_id: str) -> None:
    with pytest.raises(outgoing.UnusableId):
        written(message_id=message_id)


@pytest.mark.parametrize(
    ("body", "upload"),
    [
        (outgoing.File(kind=FileKind.IMAGE, media=UPLOAD), UPLOAD),
        (outgoing.File(kind=FileKind.IMAGE, media=HELD), None),
        (outgoing.Text(text="x"), None),
        (
            outgoing.Template(
                name="t",
                language="de",
                header=outgoing.File(kind=FileKind.IMAGE, media=UPLOAD),
            ),
            UPLOAD,
        ),
        (
            outgoing.Interactive(
                text="x",
                action=outgoing.Wish.PHONE,
                header=outgoing.File(kind=FileKind.IMAGE, media=UPLOAD),
            ),
            UPLOAD,
        ),
    ],
)
def test_file_that_must_be_handed_over_first(
    body: outgoing.Body, upload: outgoing.Upload | None
) -> None:
    assert outgoing.upload_of(body) is upload


def test_contents_of_a_file_are_not_shown() -> None:
    assert "%PDF" not in repr(UPLOAD)
