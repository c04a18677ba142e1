"""How webhooks arrive: signed, batched, retried, and wrong on request."""

import base64
import itertools
import json

from graphsim.state import delivery
from tests.graphsim.stage import NUMBER, WABA, Stage, wait


def test_challenge_is_asked_and_checked(sim: Stage) -> None:
    assert sim.control("POST", f"numbers/{NUMBER}/verify")["verified"] is True
    sim.number(verify_token="another")

    refused = sim.control("POST", f"numbers/{NUMBER}/verify")
    assert refused["verified"] is False
    assert sim.control("GET", "numbers")["numbers"][0]["webhook_verified"] is False


def test_body_signs_escaped_bytes(sim: Stage) -> None:
    sim.says(text="Grüße 🚗")

    wait(lambda: sim.hook.bodies)
    assert sim.hook.bodies[0].isascii()
    assert sim.hook.items("messages")[0]["text"]["body"] == "Grüße 🚗"
    assert sim.hook.signed == [True]


def test_strange_text_is_still_escaped_json() -> None:
    strange = {"a": "\ud800", "n": 2**80, "z": "ü"}

    raw = delivery.fragment(strange)
    assert raw.isascii()
    assert json.loads(raw) == strange


def test_many_updates_share_bodies_and_none_is_lost(sim: Stage) -> None:
    sim.number(pair_rate=False, throughput=100_000)
    sim.says()
    ids = {sim.sent() for _ in range(120)}

    wait(lambda: len(sim.hook.items("statuses")) == 240)
    assert {item["id"] for item in sim.hook.items("statuses")} == ids
    assert len(sim.hook.bodies) < 200


def test_body_holds_up_to_1000_updates_in_many_entries_and_changes() -> None:
    updates = [
        delivery.Update("1", "messages", "statuses", b'{"a":1}', b'{"id":%d}' % n, None, None)
        for n in range(1_000)
    ]

    found = json.loads(delivery.body(updates))
    changes = [change for entry in found["entry"] for change in entry["changes"]]
    assert (len(found["entry"]), len(changes)) == (2, 40)
    told = [status["id"] for change in changes for status in change["value"]["statuses"]]
    assert told == list(range(1_000))


def test_failed_delivery_is_retried_with_falling_frequency(sim: Stage) -> None:
    sim.hook.answers = [500, 503, 404]
    sim.says()

    wait(lambda: len(sim.hook.bodies) == 4)
    assert len(set(sim.hook.bodies)) == 1
    wait(lambda: sim.control("GET", "webhooks")["waiting"] == 0)
    attempts = sim.control("GET", "webhooks")["deliveries"][0]["attempts"]
    assert [each["result"] for each in attempts] == [500, 503, 404, 200]
    gaps = [b["at"] - a["at"] for a, b in itertools.pairwise(attempts)]
    assert gaps == sorted(gaps)


def test_delivery_is_given_up_after_seven_days(sim: Stage) -> None:
    sim.hook.answers = [500] * 5_000
    sim.says()

    def given_up_six_hours_later() -> bool:
        sim.control("POST", "clock", advance_seconds=6 * 3600)
        return bool(sim.control("GET", "webhooks")["deliveries"][0]["state"] == "given_up")

    wait(lambda: sim.hook.bodies)
    wait(given_up_six_hours_later)


def _fault(sim: Stage, kind: str, **more: object) -> None:
    sim.control("POST", f"numbers/{NUMBER}/faults", webhook=[{"kind": kind, "times": 1, **more}])


def test_body_comes_twice_on_request(sim: Stage) -> None:
    _fault(sim, "twice")
    sim.says()

    wait(lambda: len(sim.hook.bodies) == 2)
    assert sim.hook.bodies[0] == sim.hook.bodies[1]
    sim.says()
    wait(lambda: len(sim.hook.bodies) == 3)


def test_body_comes_late_on_request(sim: Stage) -> None:
    _fault(sim, "late", seconds=3_600)
    late = sim.says()
    wait(lambda: sim.control("GET", "webhooks")["waiting"] == 1)
    early = sim.says()
    wait(lambda: len(sim.hook.bodies) == 1)
    sim.control("POST", "clock", advance_seconds=3_600)

    wait(lambda: len(sim.hook.bodies) == 2)
    assert [item["id"] for item in sim.hook.items("messages")] == [early, late]


def test_body_is_split_and_shuffled_on_request(sim: Stage) -> None:
    sim.control("PUT", "customers/bernd", name="Bernd", phone="+491713920002")
    faults = [{"kind": "split", "times": 1}, {"kind": "shuffled", "times": 1}]
    sim.control("POST", f"numbers/{NUMBER}/history", messages=10, chunk=1, send=False)
    sim.number(coexistence=True)
    sim.control("POST", f"numbers/{NUMBER}/faults", webhook=faults)
    body = {"messaging_product": "whatsapp", "sync_type": "history"}
    assert sim.graph("POST", f"{NUMBER}/smb_app_data", body).status_code == 200

    wait(lambda: len(sim.hook.bodies) == 60)
    orders = [each["metadata"]["chunk_order"] for each in sim.hook.items("history", "history")]
    assert orders != [*range(1, 21)] * 3
    assert sorted(orders) == sorted([*range(1, 21)] * 3)


def test_wrong_signature_is_sent_once_and_not_retried(sim: Stage) -> None:
    sim.hook.answers = [403]
    _fault(sim, "wrong_signature")
    sim.says()
    wait(lambda: sim.hook.signed == [False])
    sim.says()

    wait(lambda: True in sim.hook.signed)
    assert sim.hook.signed[0] is False
    assert sim.control("GET", "webhooks")["deliveries"][0]["state"] == "given_up"


def test_lost_body_never_comes(sim: Stage) -> None:
    _fault(sim, "lost")
    sim.says()
    wait(lambda: sim.control("GET", "webhooks")["dropped_updates"] == 1)
    second = sim.says()

    wait(lambda: sim.hook.bodies)
    assert [item["id"] for item in sim.hook.items("messages")] == [second]


def test_raw_body_is_sent_as_it_is(sim: Stage) -> None:
    sim.control("POST", "webhooks/raw", phone_number_id=NUMBER, text="{not json")
    wait(lambda: len(sim.hook.bodies) == 1)
    data = base64.b64encode(b"\xff\x00").decode()
    sim.control("POST", "webhooks/raw", phone_number_id=NUMBER, base64=data, wrong_signature=True)

    wait(lambda: len(sim.hook.bodies) == 2)
    assert sim.hook.bodies == [b"{not json", b"\xff\x00"]
    assert sim.hook.signed == [True, False]


def test_what_was_forgotten_takes_nothing_along(sim: Stage) -> None:
    for _ in range(5):
        sim.says()
        sim.begin()
        kept = sim.says()

        wait(lambda: sim.hook.items("messages"))
        assert [item["id"] for item in sim.hook.items("messages")] == [kept]


def test_nothing_comes_while_no_app_is_subscribed(sim: Stage) -> None:
    path = f"{WABA}/subscribed_apps"
    assert sim.graph("DELETE", path).json() == {"success": True}
    sim.says()
    assert sim.graph("GET", path).json() == {"data": []}
    assert sim.graph("POST", path).json() == {"success": True}
    second = sim.says()

    wait(lambda: sim.hook.bodies)
    assert [item["id"] for item in sim.hook.items("messages")] == [second]
