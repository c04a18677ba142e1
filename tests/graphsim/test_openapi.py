"""Management answers against the schemas of Meta's own OpenAPI (v23.0, MIT)."""

import json
from pathlib import Path
from typing import Any

import httpx
import jsonschema
import pytest

from tests.graphsim.stage import ANNA, NUMBER, WABA, Stage

_SCHEMAS = json.loads((Path(__file__).parent / "openapi" / "management.json").read_text("utf-8"))
_PRODUCT = {"messaging_product": "whatsapp"}
_BLOCK = _PRODUCT | {"block_users": [{"user": ANNA}]}
_BODY = {"type": "BODY", "text": "Ihr Wagen ist fertig."}


def _check(name: str, answer: httpx.Response) -> dict[str, Any]:
    assert answer.status_code == 200 or name == "error", answer.text
    schema = _SCHEMAS["answers"][name] | {"$defs": _SCHEMAS["$defs"]}
    found: dict[str, Any] = answer.json()
    jsonschema.Draft202012Validator(
        schema, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
    ).validate(found)
    return found


def test_number_answers_are_metas(sim: Stage) -> None:
    _check("GET number", sim.graph("GET", NUMBER))
    _check("GET settings", sim.graph("GET", f"{NUMBER}/settings"))
    _check("POST deregister", sim.graph("POST", f"{NUMBER}/deregister"))
    storage = {"status": "IN_COUNTRY_STORAGE_ENABLED", "data_localization_region": "DE"}
    order = {"storage_configuration": storage}
    _check("POST settings", sim.graph("POST", f"{NUMBER}/settings", order))
    _check("POST register", sim.graph("POST", f"{NUMBER}/register", _PRODUCT | {"pin": "123456"}))
    kept = _check("GET settings", sim.graph("GET", f"{NUMBER}/settings"))
    assert kept["storage_configuration"]["data_localization_region"] == "DE"


def test_profile_answers_are_metas(sim: Stage) -> None:
    path = f"{NUMBER}/whatsapp_business_profile"
    _check("POST profile", sim.graph("POST", path, _PRODUCT | {"about": "Autohaus"}))
    assert _check("GET profile", sim.graph("GET", path))["data"][0]["about"] == "Autohaus"


def test_block_list_answers_are_metas(sim: Stage) -> None:
    sim.says()
    path = f"{NUMBER}/block_users"
    _check("POST block_users", sim.graph("POST", path, _BLOCK))
    assert len(_check("GET block_users", sim.graph("GET", path))["data"]) == 1
    _check("DELETE block_users", sim.graph("DELETE", path, _BLOCK))


def test_qr_answers_are_metas(sim: Stage) -> None:
    path = f"{NUMBER}/message_qrdls"
    order = {"prefilled_message": "Termin", "generate_qr_image": "PNG"}
    made = _check("POST message_qrdls", sim.graph("POST", path, order))
    _check("GET message_qrdls", sim.graph("GET", path))
    _check("GET message_qrdl", sim.graph("GET", f"{path}/{made['code']}"))
    _check("DELETE message_qrdl", sim.graph("DELETE", f"{path}/{made['code']}"))


def test_media_answers_are_metas(sim: Stage) -> None:
    files = {"file": ("a.png", b"\x89PNG", "image/png")}
    made = _check("POST media", sim.graph("POST", f"{NUMBER}/media", data=_PRODUCT, files=files))
    _check("GET media", sim.graph("GET", made["id"]))
    _check("DELETE media", sim.graph("DELETE", made["id"]))


def test_account_answers_are_metas(sim: Stage) -> None:
    _check("GET account", sim.graph("GET", WABA))
    assert len(_check("GET phone_numbers", sim.graph("GET", f"{WABA}/phone_numbers"))["data"]) == 1
    path = f"{WABA}/subscribed_apps"
    _check("POST subscribed_apps", sim.graph("POST", path))
    assert len(_check("GET subscribed_apps", sim.graph("GET", path))["data"]) == 1
    _check("DELETE subscribed_apps", sim.graph("DELETE", path))


def test_template_answers_are_metas(sim: Stage) -> None:
    path = f"{WABA}/message_templates"
    order = {"name": "fertig", "language": "de", "category": "UTILITY", "components": [_BODY]}
    made = _check("POST message_templates", sim.graph("POST", path, order))
    sim.control("POST", f"templates/{made['id']}/event", event="APPROVED")
    _check("GET message_templates", sim.graph("GET", path))
    _check("GET template", sim.graph("GET", made["id"]))
    _check("POST template", sim.graph("POST", made["id"], {"category": "MARKETING"}))
    _check("DELETE message_templates", sim.graph("DELETE", path, params={"name": "fertig"}))


@pytest.mark.parametrize("path", [f"{NUMBER}/messages", f"{WABA}/message_templates", "12345"])
def test_error_envelope_is_metas(sim: Stage, path: str) -> None:
    _check("error", sim.graph("POST", path, {}))


def test_schemas_would_notice_a_wrong_answer() -> None:
    wrong = httpx.Response(200, json={"data": [{"id": 5}]})

    with pytest.raises(jsonschema.ValidationError):
        _check("GET phone_numbers", wrong)
