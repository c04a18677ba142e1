"""The fault menu: what goes wrong on request, how often, and where."""

import time
from typing import Any

import httpx
import pytest

from tests.graphsim.stage import NUMBER, Stage, filled, wait


def _api(sim: Stage, **fault: Any) -> None:
    sim.control("POST", f"numbers/{NUMBER}/faults", api=[{"times": 1, **fault}])


@pytest.mark.parametrize(
    ("fault", "http", "code"),
    [
        ({"kind": "rate_limit"}, 400, 130429),
        ({"kind": "token_expired"}, 401, 190),
        ({"kind": "error", "code": 131031}, 403, 131031),
        ({"kind": "error", "code": 131057}, 500, 131057),
        ({"kind": "error", "code": 2}, 503, 2),
    ],
)
def test_error_strikes_once_then_all_is_well(
    sim: Stage, fault: dict[str, Any], http: int, code: int
) -> None:
    sim.says()
    _api(sim, **fault)

    assert sim.error(sim.send()) == (http, code)
    assert sim.send().status_code == 200
    outcomes = [each["outcome"] for each in sim.control("GET", "log")["entries"]]
    assert outcomes == [f"fault:{fault['kind']}", "accepted"]


@pytest.mark.parametrize("status", [500, 502, 503])
def test_server_error_is_no_json(sim: Stage, status: int) -> None:
    _api(sim, kind=f"http_{status}")
    answer = sim.send()

    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("text/html")


def test_connection_is_reset(sim: Stage) -> None:
    _api(sim, kind="reset")

    with pytest.raises(httpx.TransportError):
        sim.send()
    assert sim.control("GET", "log")["entries"][0]["outcome"] == "fault:reset"


def test_answer_is_lost_after_the_message_was_accepted(sim: Stage) -> None:
    sim.says()
    _api(sim, kind="reset", after=True, place="messages")

    with pytest.raises(httpx.TransportError):
        sim.send(biz_opaque_callback_data="kept")
    wait(lambda: len(sim.hook.items("statuses")) == 2)
    told = {item["biz_opaque_callback_data"] for item in sim.hook.items("statuses")}
    assert told == {"kept"}
    assert sim.control("GET", "log")["entries"][0]["outcome"] == "accepted"


def test_timeout_hangs_and_breaks_off(sim: Stage) -> None:
    _api(sim, kind="timeout", seconds=0.2)
    begun = time.monotonic()

    with pytest.raises(httpx.TransportError):
        sim.send()
    assert time.monotonic() - begun >= 0.2


def test_latency_only_delays(sim: Stage) -> None:
    sim.says()
    _api(sim, kind="latency", seconds=0.2)
    begun = time.monotonic()

    assert sim.send().status_code == 200
    assert time.monotonic() - begun >= 0.2


def test_fault_strikes_only_its_place(sim: Stage) -> None:
    _api(sim, kind="http_500", place="media")

    assert sim.send().status_code == 200
    assert sim.graph("POST", f"{NUMBER}/media").status_code == 500


def test_fault_stays_until_cleared(sim: Stage) -> None:
    sim.control("POST", f"numbers/{NUMBER}/faults", api=[{"kind": "http_503"}])
    assert [sim.send().status_code for _ in range(3)] == [503] * 3
    shown = sim.control("GET", f"numbers/{NUMBER}/faults")
    assert [each["kind"] for each in shown["api"]] == ["http_503"]
    sim.control("DELETE", f"numbers/{NUMBER}/faults")

    assert sim.send().status_code == 200


def test_fault_with_probability_zero_never_strikes(sim: Stage) -> None:
    sim.control("POST", f"numbers/{NUMBER}/faults", api={"kind": "http_503", "probability": 0})

    assert sim.send().status_code == 200


@pytest.mark.parametrize(
    ("fault", "statuses"),
    [
        ({"kind": "fail", "code": 131049}, ["failed"]),
        ({"kind": "skip_delivered"}, ["sent", "read"]),
        ({"kind": "slow", "seconds": 0.05}, ["sent", "delivered"]),
    ],
)
def test_delivery_goes_wrong(sim: Stage, fault: dict[str, Any], statuses: list[str]) -> None:
    sim.says()
    sim.control("POST", f"numbers/{NUMBER}/faults", delivery={"times": 1, **fault})
    wamid = sim.sent()

    wait(lambda: sim.hook.statuses(wamid) == statuses)


def test_status_never_comes(sim: Stage) -> None:
    sim.says()
    sim.control("POST", f"numbers/{NUMBER}/faults", delivery={"kind": "no_status", "times": 1})
    silent, loud = sim.sent(), sim.sent()

    wait(lambda: sim.hook.statuses(loud) == ["sent", "delivered"])
    assert sim.hook.statuses(silent) == []


def test_template_is_held_by_fault(sim: Stage) -> None:
    sim.template()
    sim.control("POST", f"numbers/{NUMBER}/faults", delivery={"kind": "held", "times": 1})

    answer = sim.send(**filled()).json()
    assert answer["messages"][0]["message_status"] == "held_for_quality_assessment"
