"""The life of a template: created, reviewed, listed, edited, paused, held, deleted."""

import pytest

from tests.graphsim.stage import NUMBER, WABA, Json, Stage, filled, wait

_BODY = {
    "type": "BODY",
    "text": "Hallo {{1}}, die HU ist fällig. Danke!",
    "example": {"body_text": [["Anna"]]},
}


def _order(**changed: object) -> Json:
    usual: Json = {"name": "hu", "language": "de", "category": "MARKETING", "components": [_BODY]}
    return usual | changed


def _create(sim: Stage, **changed: object) -> str:
    answer = sim.graph("POST", f"{WABA}/message_templates", _order(**changed))
    assert answer.status_code == 200, answer.text
    return str(answer.json()["id"])


def _events(sim: Stage) -> list[str]:
    return [value["event"] for value in sim.hook.values("message_template_status_update")]


def test_template_is_reviewed_and_approved(sim: Stage) -> None:
    made = _create(sim)

    assert sim.graph("GET", made).json()["status"] == "PENDING"
    wait(lambda: _events(sim) == ["APPROVED"])
    assert sim.graph("GET", made).json()["status"] == "APPROVED"
    value = sim.hook.values("message_template_status_update")[0]
    assert (value["message_template_id"], value["reason"]) == (int(made), "NONE")


def test_rejection_names_reason_and_recommendation(sim: Stage) -> None:
    made = _create(sim)
    sim.control("POST", f"templates/{made}/event", event="REJECTED", reason="PROMOTIONAL")

    wait(lambda: _events(sim) == ["REJECTED"])
    value = sim.hook.values("message_template_status_update")[0]
    assert value["reason"] == "PROMOTIONAL"
    assert set(value["rejection_info"]) == {"reason", "recommendation"}


def test_list_pages_with_cursors(sim: Stage) -> None:
    made = [sim.template(f"vorlage_{n}")["id"] for n in range(5)]
    seen: list[str] = []
    path = f"{WABA}/message_templates"
    after = ""
    while True:
        query = {"limit": "2", "fields": "name", **({"after": after} if after else {})}
        page = sim.graph("GET", path, params=query).json()
        seen += [each["id"] for each in page["data"]]
        if "next" not in page["paging"]:
            break
        after = page["paging"]["cursors"]["after"]

    assert seen == made
    before = page["paging"]["cursors"]["before"]
    back = sim.graph("GET", path, params={"limit": "2", "before": before}).json()
    assert [each["id"] for each in back["data"]] == made[2:4]
    assert sim.error(sim.graph("GET", path, params={"after": "nonsense"})) == (400, 131059)
    assert sim.error(sim.graph("GET", path, params={"limit": "all"})) == (400, 100)
    found = sim.graph("GET", path, params={"name": "vorlage_3", "status": "APPROVED"}).json()
    assert [each["name"] for each in found["data"]] == ["vorlage_3"]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"name": "Mit Leerzeichen"}, 100),
        ({"language": "deutsch"}, 100),
        ({"category": "NEWS"}, 100),
        ({"components": []}, 2388072),
        ({"components": [{"type": "BODY", "text": ""}]}, 2388072),
        ({"components": [{"type": "BODY", "text": "x" * 1025}]}, 2388040),
        ({"components": [{**_BODY, "text": "{{1}} ist fertig, bitte holen"}]}, 2388299),
        ({"components": [{**_BODY, "text": "Bitte holen Sie ab: {{1}}"}]}, 2388299),
        ({"components": [{**_BODY, "text": "Hallo {{1}} ok {{2}} ja."}]}, 2388293),
        ({"components": [{**_BODY, "text": "Hallo {{2}}, die HU ist fällig."}]}, 2388072),
        ({"components": [_BODY, {"type": "FOOTER", "text": "{{1}}"}]}, 2388073),
        ({"components": [_BODY, {"type": "FOOTER", "text": "x" * 61}]}, 2388040),
        ({"components": [_BODY, {"type": "HEADER", "format": "GIF"}]}, 2388047),
        ({"components": [_BODY, {"type": "HEADER", "format": "IMAGE"}]}, 2388047),
        ({"components": [_BODY, {"type": "BUTTONS", "buttons": []}]}, 100),
        ({"components": [_BODY, _BODY]}, 100),
        ({"components": "x"}, 100),
    ],
)
def test_draft_that_breaks_a_rule_is_refused(sim: Stage, changed: Json, code: int) -> None:
    answer = sim.graph("POST", f"{WABA}/message_templates", _order(**changed))

    assert sim.error(answer) == (400, code)


def test_name_is_unique_per_language_and_blocked_after_deletion(sim: Stage) -> None:
    made = _create(sim)
    wait(lambda: _events(sim) == ["APPROVED"])
    path = f"{WABA}/message_templates"

    assert sim.error(sim.graph("POST", path, _order())) == (400, 100)
    _create(sim, language="en")
    assert sim.graph("DELETE", path, params={"name": "hu"}).json() == {"success": True}
    assert sim.error(sim.graph("GET", made)) == (404, 803)
    assert sim.error(sim.graph("POST", path, _order())) == (400, 100)
    sim.control("POST", "clock", advance_seconds=30 * 86_400 + 1)
    _create(sim)


def test_edit_is_reviewed_again_and_limited(sim: Stage) -> None:
    made = _create(sim)
    assert sim.error(sim.graph("POST", made, {"category": "UTILITY"})) == (400, 100)
    wait(lambda: _events(sim) == ["APPROVED"])

    assert sim.graph("POST", made, {"components": [_BODY]}).json() == {"success": True}
    wait(lambda: _events(sim) == ["APPROVED"] * 2)
    assert sim.error(sim.graph("POST", made, {"components": [_BODY]})) == (400, 100)
    sim.control("POST", "clock", advance_seconds=86_401)
    assert sim.graph("POST", made, {"category": "UTILITY"}).json() == {"success": True}


def test_bad_quality_pauses_twice_then_disables(sim: Stage) -> None:
    made = sim.template()["id"]
    sim.control("POST", f"templates/{made}", quality="RED")
    wait(lambda: _events(sim) == ["PAUSED"])
    sim.control("POST", "clock", advance_seconds=3 * 3600)
    wait(lambda: _events(sim) == ["PAUSED", "UNPAUSED"])
    sim.control("POST", f"templates/{made}", quality="RED")
    sim.control("POST", "clock", advance_seconds=6 * 3600)
    wait(lambda: _events(sim)[2:] == ["PAUSED", "UNPAUSED"])
    sim.control("POST", f"templates/{made}", quality="RED")

    wait(lambda: _events(sim)[4:] == ["DISABLED"])
    scores = sim.hook.values("message_template_quality_update")
    assert [each["new_quality_score"] for each in scores] == ["RED"] * 3


def test_meta_may_file_it_under_another_category(sim: Stage) -> None:
    made = sim.template()["id"]
    sim.control("POST", f"templates/{made}", category="MARKETING")

    wait(lambda: sim.hook.values("template_category_update"))
    assert sim.hook.values("template_category_update")[0]["new_category"] == "MARKETING"


@pytest.mark.parametrize(
    ("outcome", "statuses"), [("send", ["sent", "delivered"]), ("drop", ["failed"])]
)
def test_paced_messages_are_held_until_decided(
    sim: Stage, outcome: str, statuses: list[str]
) -> None:
    made = sim.template()["id"]
    sim.control("POST", f"templates/{made}", paced=True)
    answer = sim.send(**filled()).json()["messages"][0]

    assert answer["message_status"] == "held_for_quality_assessment"
    assert sim.hook.statuses(answer["id"]) == []
    sim.control("POST", f"templates/{made}/release", outcome=outcome)
    wait(lambda: sim.hook.statuses(answer["id"]) == statuses)


def test_named_parameters_are_matched_by_name(sim: Stage) -> None:
    body = {
        "type": "BODY",
        "text": "Hallo {{kunde}}, die HU ist fällig. Danke!",
        "example": {
            "body_text_named_params": [{"param_name": "kunde", "example": "Anna"}],
        },
    }
    sim.template("named", components=[body], parameter_format="NAMED")
    message = filled("named")
    assert sim.error(sim.send(**message)) == (400, 132000)
    message["template"]["components"][0]["parameters"][0]["parameter_name"] = "kunde"

    wamid = sim.sent(**message)
    wait(lambda: "delivered" in sim.hook.statuses(wamid))
    assert "Hallo Anna, die HU" in sim.http.get(f"/phones/anna/screen?number={NUMBER}").text


def test_marketing_endpoint_takes_marketing_only(sim: Stage) -> None:
    sim.template()
    sim.template("angebot", category="MARKETING")
    base = {"messaging_product": "whatsapp", "to": "+491713920001"}
    path = f"{NUMBER}/marketing_messages"

    assert sim.error(sim.graph("POST", path, base | filled())) == (400, 134100)
    assert sim.graph("POST", path, base | filled("angebot")).status_code == 200
