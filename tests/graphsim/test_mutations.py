"""Well-formed requests with one part replaced by nonsense: always an answer, never a crash."""

import copy
import json
import random
from collections.abc import Iterator
from typing import Any

import pytest

from tests.graphsim.stage import ANNA, NUMBER, WABA, Json, Stage, filled

_ODD: list[Any] = [None, True, -1, 10**30, 1.5, "", "\u0000", "x" * 70_000, [], [[]], {}, {"a": {}}]
_ODD += ["\ud800", [None], [{}], "{{1}}", "٣", "wamid.x", {"type": []}, ["text"]]
_BUTTON = {"type": "reply", "reply": {"id": "1", "title": "Ja"}}
_ROWS = {"title": "Heute", "rows": [{"id": "1", "title": "8 Uhr", "description": "früh"}]}
_BODY = {"type": "BODY", "text": "Hallo {{1}}, die HU ist fällig. Danke!"}
_BODY |= {"example": {"body_text": [["Anna"]]}}
_DRAFT: Json = {
    "name": "hu",
    "language": "de",
    "category": "UTILITY",
    "components": [
        {"type": "HEADER", "format": "TEXT", "text": "HU"},
        _BODY,
        {"type": "FOOTER", "text": "Autohaus"},
        {
            "type": "BUTTONS",
            "buttons": [
                {"type": "URL", "text": "Mehr", "url": "https://example.org/{{1}}"},
                {"type": "QUICK_REPLY", "text": "Ja"},
            ],
        },
    ],
}


def _interactive(kind: str, action: Json) -> Json:
    inner = {"type": kind, "body": {"text": "?"}, "footer": {"text": "."}, "action": action}
    inner["header"] = {"type": "text", "text": "!"}
    return {"type": "interactive", "interactive": inner}


_MESSAGES: list[Json] = [
    {"type": "text", "text": {"body": "Hallo"}, "context": {"message_id": "wamid.x"}},
    {"type": "image", "image": {"link": "https://example.org/a.png", "caption": "Bild"}},
    {"type": "document", "document": {"link": "https://example.org/a", "filename": "a.pdf"}},
    {"type": "location", "location": {"latitude": 1, "longitude": 2, "name": "Hof"}},
    {
        "type": "contacts",
        "contacts": [{"name": {"formatted_name": "E"}, "phones": [{"phone": "1"}]}],
    },
    {"type": "reaction", "reaction": {"message_id": "wamid.x", "emoji": "👍"}},
    _interactive("button", {"buttons": [_BUTTON]}),
    _interactive("list", {"button": "Zeit", "sections": [_ROWS]}),
    _interactive("cta_url", {"parameters": {"display_text": "a", "url": "https://example.org"}}),
    _interactive("flow", {"parameters": {"flow_cta": "Los", "flow_token": "t"}}),
    filled("fertig"),
    {"status": "read", "message_id": "wamid.x", "typing_indicator": {"type": "text"}},
]
_WRITTEN: list[Json] = [
    {"kind": "text", "text": "Hallo", "reply_to": "wamid.x", "forwarded": True, "timestamp": 1},
    {
        "kind": "document",
        "data": "QQ==",
        "mime_type": "text/plain",
        "filename": "a",
        "caption": "b",
    },
    {
        "kind": "contacts",
        "contacts": [{"name": {"formatted_name": "E"}, "phones": [{"phone": "1"}]}],
    },
    {"kind": "interactive", "interactive": {"type": "nfm_reply", "nfm_reply": {"name": "flow"}}},
    {"kind": "order", "order": {"catalog_id": "1", "product_items": [{}], "text": "x"}},
    {"kind": "location", "latitude": 1, "longitude": 2, "name": "Hof", "address": "Weg"},
    {"kind": "system", "system": {"type": "x", "body": "y"}, "referral": {"source_id": "1"}},
    {"kind": "raw", "message": {"type": "poll", "poll": {"name": "?"}}},
]


def _places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in items:
        yield (*path, key)
        if isinstance(inner, dict | list):
            yield from _places(inner, (*path, key))


def _mutants(whole: Json, *, count: int) -> Iterator[Json]:
    chosen = random.Random(str(sorted(whole)))
    for _ in range(count):
        made = copy.deepcopy(whole)
        *way, last = chosen.choice(list(_places(made)))
        inner: Any = made
        for step in way:
            inner = inner[step]
        inner[last] = chosen.choice(_ODD)
        yield made


def _look(sim: Stage) -> None:
    for path in (f"anna/screen?number={NUMBER}", "anna/screen", "anna", "faults"):
        assert sim.http.get(f"/phones/{path}").status_code == 200, path
    assert sim.http.get("/sim/customers/anna/messages").status_code == 200


@pytest.mark.parametrize("message", _MESSAGES)
def test_mutated_message_is_answered_and_can_be_shown(sim: Stage, message: Json) -> None:
    sim.number(enforce_limits=False)
    sim.template("fertig", components=_DRAFT["components"])
    sim.says()
    for mutant in _mutants({"messaging_product": "whatsapp", "to": ANNA, **message}, count=25):
        answer = _post(sim, f"/v23.0/{NUMBER}/messages", mutant)
        assert answer in {200, 400, 404}, mutant
        _look(sim)


@pytest.mark.parametrize("order", _WRITTEN)
def test_mutated_customer_message_is_answered_and_can_be_shown(sim: Stage, order: Json) -> None:
    for mutant in _mutants({"to": NUMBER, **order}, count=25):
        assert _post(sim, "/sim/customers/anna/messages", mutant) in {201, 400, 404}, mutant
        _look(sim)


def test_mutated_number_and_customer_are_answered(sim: Stage) -> None:
    whole = {"webhook_url": sim.hook_url, "tier": "TIER_2K", "throughput": 80, "quality": "RED"}
    whole |= {"display_phone_number": "+49 30 23125 001", "registered": True, "pin": "123456"}
    for mutant in _mutants(whole, count=60):
        path = f"/sim/numbers/{NUMBER}"
        assert _post(sim, path, mutant, method="PUT") in {200, 400}, mutant
    whole = {"name": "Anna", "phone": ANNA, "bsuid": "DE.1", "username": "a", "offline": False}
    for mutant in _mutants(whole, count=60):
        path = "/sim/customers/anna"
        assert _post(sim, path, mutant, method="PUT") in {200, 400}, mutant
        _look(sim)


_MANAGED: list[tuple[str, Json]] = [
    (f"{WABA}/message_templates", _DRAFT),
    (f"{NUMBER}/settings", {"storage_configuration": {"status": "DEFAULT"}, "calling": {"a": 1}}),
    (f"{NUMBER}/whatsapp_business_profile", {"about": "a", "websites": ["https://example.org"]}),
    (f"{NUMBER}/block_users", {"block_users": [{"user": ANNA, "user_id": "DE.1"}]}),
    (f"{NUMBER}/message_qrdls", {"prefilled_message": "a", "generate_qr_image": "SVG"}),
    (f"{NUMBER}/register", {"pin": "123456", "data_localization_region": "DE"}),
    (f"{NUMBER}/contact_book", {"user_id": "DE.1"}),
    (f"{NUMBER}/smb_app_data", {"sync_type": "history"}),
    (
        f"{WABA}/subscribed_apps",
        {"override_callback_uri": "http://127.0.0.1/", "verify_token": "a"},
    ),
    (NUMBER, {"webhook_configuration": {"override_callback_uri": "http://127.0.0.1/"}}),
    (f"{NUMBER}/marketing_messages", filled()),
]


@pytest.mark.parametrize(("path", "order"), _MANAGED)
def test_mutated_management_call_is_answered(sim: Stage, path: str, order: Json) -> None:
    for mutant in _mutants({"messaging_product": "whatsapp", **order}, count=60):
        assert _post(sim, f"/v23.0/{path}", mutant) in {200, 400, 403, 404}, mutant
    for read in (NUMBER, f"{NUMBER}/settings", f"{NUMBER}/message_qrdls", f"{NUMBER}/block_users"):
        assert sim.graph("GET", read).status_code == 200
    assert sim.http.get("/sim/numbers").status_code == 200


def test_mutated_draft_is_answered_and_can_be_sent(sim: Stage) -> None:
    for mutant in _mutants(_DRAFT, count=60):
        path = f"/sim/wabas/{WABA}/templates"
        assert _post(sim, path, mutant, method="PUT") in {201, 400}, mutant
        assert sim.send(**filled("hu")).status_code in {200, 400, 404}, mutant
        assert sim.graph("GET", f"{WABA}/message_templates").status_code == 200
        _look(sim)


def _post(sim: Stage, path: str, body: Json, *, method: str = "POST") -> int:
    headers = {"Authorization": "Bearer invented-token", "Content-Type": "application/json"}
    raw = json.dumps(body).encode()
    return sim.http.request(method, path, content=raw, headers=headers).status_code
