"""Bad input: the Graph API answers with Meta's envelope, the control API with a sentence."""

from typing import Any

import pytest

from tests.graphsim.stage import NUMBER, WABA, Json, Stage, filled

_LONG = "x" * 4097


def _interactive(**changed: Any) -> Json:
    usual: Json = {
        "type": "button",
        "body": {"text": "?"},
        "action": {"buttons": [{"type": "reply", "reply": {"id": "1", "title": "Ja"}}]},
    }
    return {"type": "interactive", "interactive": usual | changed}


def _reply(title: str = "Ja", key: str = "1") -> Json:
    return {"type": "reply", "reply": {"id": key, "title": title}}


def _list(*rows: Json, **changed: Any) -> Json:
    action = {"button": "Termine", "sections": [{"rows": list(rows)}]} | changed
    return _interactive(type="list", action=action)


def _row(key: str = "1", **changed: Any) -> Json:
    return {"id": key, "title": "9 Uhr"} | changed


_TAPPED: list[tuple[Json, int, int]] = [
    (_interactive(body={"text": "x" * 1025}), 400, 131009),
    (_interactive(body={"text": " "}), 400, 131008),
    (_interactive(action={"buttons": [_reply(title="")]}), 400, 131008),
    (_interactive(action={"buttons": [_reply(), _reply(key="2")]}), 400, 131009),
    (_interactive(action={"buttons": [_reply(), _reply(title="Nein")]}), 400, 131009),
    (_interactive(action={"buttons": [_reply(str(n), str(n)) for n in range(4)]}), 400, 131009),
    (_interactive(action={"buttons": [_reply() | {"type": "url"}]}), 400, 131009),
    (_interactive(footer={"text": "x" * 61}), 400, 131009),
    (_interactive(header={"type": "text", "text": "x" * 61}), 400, 131009),
    (_list(_row(), button="x" * 21), 400, 131009),
    (_list(_row(), button=""), 400, 131008),
    (_list(), 400, 131008),
    (_list(_row(title="x" * 25)), 400, 131009),
    (_list(_row(description="x" * 73)), 400, 131009),
    (_list(_row(description="")), 400, 131008),
    (_list(_row(), _row()), 400, 131009),
    (_list(*(_row(str(n)) for n in range(11))), 400, 131009),
    (_list(sections=[{"title": "x" * 25, "rows": [_row()]}]), 400, 131009),
    (_list(sections=[{"rows": [_row()]}, {"rows": [_row("2")]}]), 400, 131008),
]
_MESSAGES: list[tuple[Json, int, int]] = [
    ({"messaging_product": "telegram"}, 400, 100),
    ({"type": "fax", "fax": {}}, 400, 100),
    ({"type": 7}, 400, 100),
    ({"type": "image"}, 400, 131008),
    ({"type": "text", "text": {"body": ""}}, 400, 131008),
    ({"type": "text", "text": {"body": _LONG}}, 400, 131009),
    ({"type": "text", "text": ["body"]}, 400, 131008),
    ({"to": None}, 400, 131008),
    ({"to": "12"}, 400, 131009),
    ({"to": {"phone": 1}}, 400, 131009),
    ({"to": "+49 30 23125 001"}, 400, 131021),
    ({"to": None, "recipient": "nobody"}, 400, 131009),
    ({"type": "image", "image": {"id": "123"}}, 400, 100),
    ({"type": "image", "image": {"link": "ftp://example.org/a"}}, 400, 131009),
    ({"type": "image", "image": {"caption": "leer"}}, 400, 131008),
    ({"type": "location", "location": {"latitude": "north"}}, 400, 131008),
    ({"type": "location", "location": {"latitude": 91, "longitude": 0}}, 400, 131009),
    ({"type": "location", "location": {"latitude": "nan", "longitude": 0}}, 400, 131009),
    ({"type": "contacts", "contacts": [{"name": {}}]}, 400, 131008),
    ({"type": "contacts", "contacts": {"name": 1}}, 400, 131008),
    ({"type": "reaction", "reaction": {"emoji": "x"}}, 400, 131008),
    (_interactive(type="magic"), 400, 131009),
    (_interactive(body=None), 400, 131008),
    (_interactive(action={"buttons": []}), 400, 131009),
    (_interactive(action={"buttons": [{"reply": {"id": "1", "title": "x" * 21}}]}), 400, 131009),
    (_interactive(type="list", action={"button": "b", "sections": [{}]}), 400, 131008),
    (_interactive(header="kein Objekt"), 400, 131009),
    ({"type": "template", "template": {"name": "fehlt", "language": {"code": "de"}}}, 404, 132001),
    ({"type": "template", "template": {"name": "fehlt"}}, 400, 131008),
    ({"biz_opaque_callback_data": "x" * 513}, 400, 131009),
    ({"status": "delivered", "message_id": "x"}, 400, 131009),
    ({"status": "read"}, 400, 131008),
    ({"status": "read", "message_id": "wamid.unknown"}, 400, 131009),
]


@pytest.mark.parametrize(("changed", "http", "code"), [*_MESSAGES, *_TAPPED])
def test_message_that_is_wrong_is_refused(sim: Stage, changed: Json, http: int, code: int) -> None:
    sim.says()

    assert sim.error(sim.send(**changed)) == (http, code)


@pytest.mark.parametrize(
    "raw", [b"", b"{", b"[]", b'"text"', b"null", b"\xff\xfe", b"[" * 2000, b'{"type": 1e999}']
)
def test_body_that_is_no_object_is_refused(sim: Stage, raw: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    answer = sim.graph("POST", f"{NUMBER}/messages", content=raw, headers=headers)

    assert sim.error(answer) == (400, 100)


def test_missing_wrong_and_foreign_tokens_are_refused(sim: Stage) -> None:
    sim.number("10010002", access_token="other", waba_id="other")
    path = f"/v23.0/{NUMBER}/messages"

    assert sim.error(sim.http.post(path, json={})) == (401, 104)
    wrong = {"Authorization": "Bearer wrong"}
    assert sim.error(sim.http.post(path, json={}, headers=wrong)) == (401, 190)
    other = {"Authorization": "Bearer other"}
    assert sim.error(sim.http.post(path, json={}, headers=other)) == (403, 10)
    assert sim.error(sim.graph("GET", "999999")) == (404, 803)
    assert sim.error(sim.graph("DELETE", f"{NUMBER}/messages")) == (400, 100)
    assert sim.error(sim.graph("GET", "")) == (404, 803)


def test_unregistered_number_sends_nothing(sim: Stage) -> None:
    sim.number(registered=False)

    assert sim.error(sim.send()) == (400, 133010)


@pytest.mark.parametrize(
    ("template", "http", "code"),
    [
        ({"components": []}, 400, 132000),
        ({"components": [{"type": "body", "parameters": [{"type": "image"}]}]}, 400, 132012),
        ({"components": [{"type": "body", "parameters": "x"}]}, 400, 132012),
        ({"components": [{"type": "body", "parameters": [{"text": ""}]}]}, 400, 131008),
        ({"components": [{"type": "body", "parameters": [{"text": "a\nb"}]}]}, 400, 132007),
        ({"components": [{"type": "body", "parameters": [{"text": "x" * 1024}]}]}, 400, 132005),
        ({"components": [{"type": "tail"}]}, 400, 132000),
        ({"components": "x"}, 400, 131009),
        ({"language": {"code": "fr"}}, 404, 132001),
        ({"name": 5}, 400, 131008),
    ],
)
def test_template_parameters_that_do_not_fit_are_refused(
    sim: Stage, template: Json, http: int, code: int
) -> None:
    sim.template()
    message = filled()
    message["template"] |= template

    assert sim.error(sim.send(**message)) == (http, code)


@pytest.mark.parametrize(
    ("event", "http", "code"),
    [("PAUSED", 400, 132015), ("DISABLED", 400, 132016), ("REJECTED", 404, 132001)],
)
def test_template_that_is_not_approved_is_refused(
    sim: Stage, event: str, http: int, code: int
) -> None:
    made = sim.template()
    sim.control("POST", f"templates/{made['id']}/event", event=event)

    assert sim.error(sim.send(**filled())) == (http, code)


_CONTROL: list[tuple[str, str, Any, int]] = [
    ("PUT", "/sim/numbers/1", {}, 400),
    ("PUT", "/sim/numbers/1-2", {}, 400),
    ("PUT", f"/sim/numbers/{NUMBER}", {"throughput": "many"}, 400),
    ("PUT", f"/sim/numbers/{NUMBER}", {"throughput": True}, 400),
    ("PUT", f"/sim/numbers/{NUMBER}", {"webhook_url": "ftp://x"}, 400),
    ("PUT", f"/sim/numbers/{NUMBER}", {"colour": "red"}, 400),
    ("PUT", f"/sim/numbers/{NUMBER}", {"tier": "TIER_9"}, 400),
    ("PUT", f"/sim/numbers/{NUMBER}", {"display_phone_number": "none"}, 400),
    ("PUT", "/sim/customers/x", {"phone": None, "bsuid": None}, 400),
    ("PUT", "/sim/customers/x", {"phone": "12"}, 400),
    ("PUT", "/sim/customers/x", {"phone": 12}, 400),
    ("PUT", "/sim/customers/x", {"phone": "+491713920001"}, 400),
    ("PUT", "/sim/customers/x", {"bsuid": "nodot", "phone": None}, 400),
    ("POST", "/sim/customers/nobody/messages", {"to": NUMBER}, 404),
    ("POST", "/sim/customers/anna/messages", {"to": "nowhere"}, 404),
    ("POST", "/sim/customers/anna/messages", {"to": ["x"]}, 404),
    ("POST", "/sim/customers/anna/messages", {"to": NUMBER, "kind": "fax"}, 400),
    ("POST", "/sim/customers/anna/messages", {"to": NUMBER, "kind": ["text"]}, 400),
    ("POST", "/sim/customers/anna/messages", {"to": NUMBER, "kind": "text"}, 400),
    ("POST", "/sim/customers/anna/messages", {"to": NUMBER, "kind": "image", "data": "%"}, 400),
    ("POST", "/sim/customers/anna/messages", {"to": NUMBER, "kind": "location"}, 400),
    ("POST", "/sim/customers/anna/messages", {"to": NUMBER, "kind": "contacts"}, 400),
    ("POST", "/sim/customers/anna/messages", {"to": NUMBER, "kind": "interactive"}, 400),
    ("POST", "/sim/customers/anna/messages", {"to": NUMBER, "kind": "order"}, 400),
    ("POST", "/sim/customers/anna/messages", {"to": NUMBER, "kind": "raw"}, 400),
    ("POST", "/sim/customers/anna/messages", b"{", 400),
    ("POST", "/sim/customers/anna/dance", {}, 404),
    ("POST", f"/sim/numbers/{NUMBER}/faults", {}, 400),
    ("POST", f"/sim/numbers/{NUMBER}/faults", {"api": [{"kind": "flood"}]}, 400),
    ("POST", f"/sim/numbers/{NUMBER}/faults", {"api": ["reset"]}, 400),
    ("POST", f"/sim/numbers/{NUMBER}/faults", {"api": [{"kind": "error", "code": 5}]}, 400),
    ("POST", f"/sim/numbers/{NUMBER}/faults", {"api": [{"kind": "reset", "often": 1}]}, 400),
    ("POST", "/sim/clock", {"advance_seconds": -1}, 400),
    ("POST", "/sim/clock", {"advance_seconds": "day"}, 400),
    ("POST", "/sim/webhooks/raw", {"phone_number_id": NUMBER}, 400),
    ("POST", "/sim/webhooks/raw", {"phone_number_id": NUMBER, "base64": "%"}, 400),
    ("POST", "/sim/webhooks/raw", {"phone_number_id": "x", "text": ""}, 404),
    ("PUT", f"/sim/wabas/{WABA}/templates", {"name": "Groß"}, 400),
    ("PUT", f"/sim/wabas/{WABA}/templates", {"templates": "x"}, 400),
    ("POST", "/sim/templates/1/event", {"event": "APPROVED"}, 404),
    ("POST", f"/sim/numbers/{NUMBER}/history", {"threads": [1]}, 400),
    ("POST", f"/sim/numbers/{NUMBER}/echoes", {"customer": "anna"}, 400),
    ("POST", f"/sim/numbers/{NUMBER}/echoes", {"customer": "nobody"}, 404),
    ("GET", "/sim/log?after=x", None, 400),
    ("GET", "/sim/log?limit=-1", None, 400),
]


@pytest.mark.parametrize(("method", "path", "order", "status"), _CONTROL)
def test_control_call_that_is_wrong_gets_a_sentence(
    sim: Stage, method: str, path: str, order: Any, status: int
) -> None:
    raw = {"content": order} if isinstance(order, bytes) else {"json": order}
    answer = sim.http.request(method, path, **raw)

    assert answer.status_code == status
    if path.rpartition("/")[2] != "dance":
        assert answer.json()["error"].endswith(".")


def test_control_call_from_a_foreign_page_is_refused(sim: Stage) -> None:
    headers = {"Origin": "https://example.org"}

    assert sim.http.post("/sim/reset", headers=headers).status_code == 403
    own = {"Origin": sim.url}
    assert sim.http.post("/sim/clock", headers=own, json={}).status_code == 200
