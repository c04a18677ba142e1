"""What customers do, as the business hears it by webhook."""

import base64
from typing import Any

import pytest

from tests.graphsim import stage
from tests.graphsim.stage import NUMBER, Json, Stage, wait

_CARD = {"name": {"formatted_name": "E. Muster"}, "phones": [{"phone": "+491713920099"}]}
_KINDS: list[tuple[Json, str, Json]] = [
    ({"kind": "text", "text": "Hallo"}, "text", {"body": "Hallo"}),
    (
        {"kind": "location", "latitude": 52, "longitude": 13, "name": "Hof"},
        "location",
        {"latitude": 52.0, "longitude": 13.0, "name": "Hof"},
    ),
    (
        {"kind": "reaction", "message_id": "wamid.x", "emoji": "👍"},
        "reaction",
        {"message_id": "wamid.x", "emoji": "👍"},
    ),
    ({"kind": "reaction", "message_id": "wamid.x"}, "reaction", {"message_id": "wamid.x"}),
    (
        {"kind": "button", "text": "Ja", "payload": "yes"},
        "button",
        {"payload": "yes", "text": "Ja"},
    ),
    (
        {
            "kind": "interactive",
            "interactive": {"type": "list_reply", "list_reply": {"id": "1", "title": "8 Uhr"}},
        },
        "interactive",
        {"type": "list_reply", "list_reply": {"id": "1", "title": "8 Uhr"}},
    ),
    (
        {
            "kind": "interactive",
            "interactive": {
                "type": "nfm_reply",
                "nfm_reply": {"name": "flow", "response_json": "{}"},
            },
        },
        "interactive",
        {"type": "nfm_reply", "nfm_reply": {"name": "flow", "response_json": "{}"}},
    ),
    (
        {"kind": "order", "order": {"catalog_id": "1", "product_items": []}},
        "order",
        {"catalog_id": "1", "product_items": []},
    ),
    (
        {"kind": "edit", "message_id": "wamid.x", "text": "neu"},
        "edit",
        {"original_message_id": "wamid.x", "message": {"type": "text", "text": {"body": "neu"}}},
    ),
    ({"kind": "revoke", "message_id": "wamid.x"}, "revoke", {"original_message_id": "wamid.x"}),
    (
        {"kind": "system", "system": {"type": "x", "body": "y"}},
        "system",
        {"type": "x", "body": "y"},
    ),
    ({"kind": "raw", "message": {"type": "poll", "poll": {"name": "?"}}}, "poll", {"name": "?"}),
]


@pytest.mark.parametrize(("order", "kind", "payload"), _KINDS)
def test_every_kind_arrives_in_metas_form(
    sim: Stage, order: Json, kind: str, payload: Json
) -> None:
    wamid = sim.control("POST", "customers/anna/messages", to=NUMBER, **order)["wamid"]

    wait(lambda: sim.hook.items("messages"))
    message = sim.hook.items("messages")[0]
    bsuid = message.pop("from_user_id")
    assert message.pop("timestamp").isdigit()
    assert message == {
        "from": stage.ANNA_DIGITS,
        "id": wamid,
        "type": kind,
        kind: payload,
    }
    value = sim.hook.values()[0]
    assert value["metadata"] == {
        "display_phone_number": "493023125001",
        "phone_number_id": NUMBER,
    }
    assert value["contacts"] == [
        {"profile": {"name": "Anna Beispiel"}, "wa_id": stage.ANNA_DIGITS, "user_id": bsuid}
    ]


def test_contacts_and_unsupported_arrive_in_their_own_form(sim: Stage) -> None:
    sim.says("contacts", contacts=[_CARD])
    sim.says("unsupported")

    wait(lambda: len(sim.hook.items("messages")) == 2)
    cards, unknown = sim.hook.items("messages")
    assert cards["contacts"] == [_CARD]
    assert (unknown["type"], unknown["errors"][0]["code"]) == ("unsupported", 131051)


@pytest.mark.parametrize(
    ("kind", "name", "mime_type"),
    [
        ("image", "image", "image/png"),
        ("voice", "audio", "audio/ogg; codecs=opus"),
        ("document", "document", "application/pdf"),
        ("sticker", "sticker", "image/webp"),
        ("video", "video", "video/mp4"),
    ],
)
def test_file_arrives_with_url_and_hash(sim: Stage, kind: str, name: str, mime_type: str) -> None:
    sim.says(kind)

    wait(lambda: sim.hook.items("messages"))
    payload = sim.hook.items("messages")[0][name]
    assert payload["mime_type"] == mime_type
    assert payload.get("voice", False) == (kind == "voice")
    headers = {"Authorization": f"Bearer {stage.TOKEN}"}
    found = sim.http.get(payload["url"], headers=headers)
    assert found.status_code == 200
    assert sim.graph("GET", payload["id"]).json()["sha256"] == payload["sha256"]


def test_reply_forward_and_own_id_are_kept(sim: Stage) -> None:
    wamid = sim.says(reply_to="wamid.before", forwarded=True, wamid="wamid.own", timestamp=17)

    wait(lambda: sim.hook.items("messages"))
    message = sim.hook.items("messages")[0]
    assert wamid == message["id"] == "wamid.own"
    assert message["timestamp"] == "17"
    assert message["context"] == {"from": "493023125001", "id": "wamid.before", "forwarded": True}


def test_edit_and_revoke_change_the_phone(sim: Stage) -> None:
    first, second = sim.says(text="alt"), sim.says(text="weg")
    sim.says("edit", message_id=first, text="neu")
    sim.says("revoke", message_id=second)

    page = sim.http.get(f"/phones/anna/screen?number={NUMBER}").text
    assert "<p>neu</p>" in page
    assert "Diese Nachricht wurde gelöscht." in page
    assert "weg" not in page


def test_customer_cannot_edit_what_the_business_wrote(sim: Stage) -> None:
    sim.says()
    theirs = sim.sent()
    order = {"to": NUMBER, "kind": "revoke", "message_id": theirs}

    answer = sim.http.post("/sim/customers/anna/messages", json=order)
    assert answer.status_code == 400


def test_person_known_by_user_id_only(sim: Stage) -> None:
    sim.control("PUT", "customers/ceyda", name="Ceyda", phone=None, bsuid="DE.77")
    sim.says(key="ceyda")
    wait(lambda: sim.hook.items("messages"))
    value = sim.hook.values()[0]
    assert value["contacts"] == [{"profile": {"name": "Ceyda"}, "user_id": "DE.77"}]
    assert "from" not in value["messages"][0]
    assert value["messages"][0]["from_user_id"] == "DE.77"

    answer = sim.send(to=None, recipient="DE.77").json()
    wamid = answer["messages"][0]["id"]
    assert answer["contacts"] == [{"input": "DE.77", "user_id": "DE.77"}]
    wait(lambda: sim.hook.statuses(wamid) == ["sent", "delivered"])
    status = sim.hook.items("statuses")[0]
    assert status["recipient_user_id"] == "DE.77"
    assert "recipient_id" not in status


def test_username_adopter_hides_the_phone_until_the_business_uses_it(sim: Stage) -> None:
    sim.control(
        "PUT",
        "customers/anna",
        username="anna.b",
        bsuid="DE.5",
        phone=stage.ANNA,
    )
    sim.says()
    wait(lambda: sim.hook.items("messages"))
    assert "from" not in sim.hook.items("messages")[0]
    sim.sent()
    sim.says()

    wait(lambda: len(sim.hook.items("messages")) == 2)
    assert sim.hook.items("messages")[1]["from"] == stage.ANNA_DIGITS
    sim.graph("DELETE", f"{NUMBER}/contact_book/DE.5")
    sim.control("POST", "clock", advance_seconds=31 * 86_400)
    sim.says()
    wait(lambda: len(sim.hook.items("messages")) == 3)
    assert "from" not in sim.hook.items("messages")[2]


def test_authentication_template_refuses_user_ids(sim: Stage) -> None:
    body = {"type": "BODY", "add_security_recommendation": True}
    sim.template("code", category="AUTHENTICATION", components=[body])
    template = {"name": "code", "language": {"code": "de"}}

    answer = sim.send(to=None, recipient="DE.1", type="template", template=template)
    assert sim.error(answer) == (400, 131062)


def test_new_phone_number_is_announced(sim: Stage) -> None:
    sim.control("PUT", "customers/anna", bsuid="DE.1")
    sim.says()
    sim.control("POST", "customers/anna/change-number", phone="+49 171 3920055", bsuid="DE.2")

    wait(lambda: sim.hook.items("user_id_update", "user_id_update"))
    system = sim.hook.items("messages")[1]
    assert system["from"] == stage.ANNA_DIGITS
    assert system["system"]["type"] == "user_changed_number"
    assert system["system"]["wa_id"] == "491713920055"
    update = sim.hook.items("user_id_update", "user_id_update")[0]
    assert update["user_id"] == {"previous": "DE.1", "current": "DE.2"}
    old = sim.sent(to=stage.ANNA)
    wait(lambda: sim.hook.statuses(old) == ["failed"])


def test_blocking_stops_both_directions(sim: Stage) -> None:
    sim.says()
    sim.control("POST", "customers/anna/block", to=NUMBER)
    wamid = sim.sent()
    wait(lambda: sim.hook.statuses(wamid) == ["failed"])
    sim.says()
    sim.control("POST", "customers/anna/unblock", to=NUMBER)
    last = sim.says()

    wait(lambda: len(sim.hook.items("messages")) == 2)
    assert sim.hook.items("messages")[1]["id"] == last


def test_unregistered_number_hears_nothing(sim: Stage) -> None:
    sim.number(registered=False)
    sim.says()
    sim.number(registered=True)
    heard = sim.says()

    wait(lambda: sim.hook.items("messages"))
    assert [item["id"] for item in sim.hook.items("messages")] == [heard]


def test_voice_note_is_played_after_it_is_read(sim: Stage) -> None:
    sim.says()
    wamid = sim.sent(type="audio", audio={"link": "https://example.org/a.ogg", "voice": True})
    wait(lambda: sim.hook.statuses(wamid) == ["sent", "delivered"])
    sim.control("POST", "customers/anna/read")
    sim.control("POST", "customers/anna/played", message_id=wamid)

    wait(lambda: sim.hook.statuses(wamid) == ["sent", "delivered", "read", "played"])


def _history(sim: Stage) -> list[Any]:
    return sim.hook.items("history", "history")


def test_history_is_shared_in_three_phases(sim: Stage) -> None:
    done = sim.control("POST", f"numbers/{NUMBER}/history", messages=8, chunk=5)

    wait(lambda: len(_history(sim)) == 6)
    heads = [each["metadata"] for each in _history(sim)]
    assert done == {"messages": 24}
    assert [head["phase"] for head in heads] == [0, 0, 1, 1, 2, 2]
    assert heads[-1]["progress"] == 100
    messages = [m for each in _history(sim) for t in each["threads"] for m in t["messages"]]
    assert len({m["id"] for m in messages}) == 24
    assert {m["from"] for m in messages} == {stage.ANNA_DIGITS, "493023125001"}


def test_history_is_asked_for_once_within_a_day(sim: Stage) -> None:
    sim.number(coexistence=True)
    body = {"messaging_product": "whatsapp", "sync_type": "history"}
    contacts = body | {"sync_type": "smb_app_state_sync"}
    path = f"{NUMBER}/smb_app_data"

    assert "request_id" in sim.graph("POST", path, body).json()
    assert sim.error(sim.graph("POST", path, body)) == (400, 2593107)
    wait(lambda: len(_history(sim)) == 3)
    sim.control("POST", "clock", advance_seconds=86_401)
    assert sim.error(sim.graph("POST", path, contacts)) == (400, 2593108)


def test_declined_history_says_so(sim: Stage) -> None:
    sim.control("POST", f"numbers/{NUMBER}/history", declined=True)

    wait(lambda: _history(sim))
    assert _history(sim)[0]["errors"][0]["code"] == 2593109


def test_contacts_of_the_app_are_shared(sim: Stage) -> None:
    sim.control("POST", f"numbers/{NUMBER}/contacts")

    wait(lambda: sim.hook.items("state_sync", "smb_app_state_sync"))
    found = sim.hook.items("state_sync", "smb_app_state_sync")[0]
    assert found["contact"]["phone_number"] == stage.ANNA_DIGITS


def test_echo_shows_what_staff_wrote_in_the_app(sim: Stage) -> None:
    echo = f"numbers/{NUMBER}/echoes"
    wamid = sim.control("POST", echo, customer="anna", text="Aus der App")["wamid"]
    sim.control("POST", echo, customer="anna", kind="edit", text="Neu", message_id=wamid)
    sim.control("POST", echo, customer="anna", kind="revoke", message_id=wamid)

    wait(lambda: len(sim.hook.items("message_echoes", "smb_message_echoes")) == 3)
    echoes = sim.hook.items("message_echoes", "smb_message_echoes")
    assert [each["type"] for each in echoes] == ["text", "edit", "revoke"]
    assert (echoes[0]["from"], echoes[0]["to"]) == ("493023125001", stage.ANNA_DIGITS)


def test_own_file_arrives_unchanged(sim: Stage) -> None:
    data = b"%PDF-1.4 invented"
    sim.says("document", data=base64.b64encode(data).decode(), mime_type="application/pdf")

    wait(lambda: sim.hook.items("messages"))
    url = sim.hook.items("messages")[0]["document"]["url"]
    headers = {"Authorization": f"Bearer {stage.TOKEN}"}
    assert sim.http.get(url, headers=headers).content == data
