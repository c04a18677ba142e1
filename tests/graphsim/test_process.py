"""The simulator as a process: ready line, refusal of bad settings, stop on SIGTERM; and its clock."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from graphsim import clock, ids, schedule

_START = [sys.executable, "-W", "error", "-m", "graphsim", "--port", "0"]


def _run(*options: str) -> subprocess.Popen[str]:
    source = str(Path(__file__).parents[2] / "src")
    environment = os.environ | {"PYTHONPATH": source}
    return subprocess.Popen(
        [*_START, *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    )


def test_process_says_ready_and_stops_on_sigterm(tmp_path: Path) -> None:
    config = tmp_path / "sim.json"
    config.write_text(json.dumps({"deliver_seconds": 0, "log_cap": 2}), "utf-8")
    process = _run("--config", str(config), "--clock-rate", "10")
    assert process.stdout is not None
    url = process.stdout.readline().split()[3]

    health = httpx.get(f"{url}/healthz", trust_env=False).json()
    assert (health["status"], health["numbers"]) == ("ok", 0)
    assert health["memory_kib"] < 100_000
    process.send_signal(signal.SIGTERM)
    assert process.communicate(timeout=60) == ("", "")
    assert process.returncode == 0


_NUMBER = {
    "waba_id": "102290129340398",
    "display_phone_number": "+49 30 23125100",
    "access_token": "token",
    "app_secret": "secret",
    "verify_token": "word",
}
_ILSE = "/sim/customers/ilse"
_WRITES = {"to": "106540352242922", "kind": "text", "text": "Ist er fertig?"}


def test_process_remembers_phones_and_chats_where_it_is_told_to(tmp_path: Path) -> None:
    memory = tmp_path / "simulator.memory"
    process, url = _ready("--memory", str(memory))
    _ask("PUT", f"{url}/sim/numbers/106540352242922", _NUMBER)
    _ask("PUT", url + _ILSE, {"name": "Ilse Exempel", "phone": "491713920042"})
    _ask("POST", f"{url}{_ILSE}/messages", _WRITES)
    before = [_ask("GET", f"{url}{one}") for one in ("/sim/customers", f"{_ILSE}/messages")]
    _stop(process)
    assert memory.stat().st_mode & 0o777 == 0o600

    process, url = _ready("--memory", str(memory))
    after = [_ask("GET", f"{url}{one}") for one in ("/sim/customers", f"{_ILSE}/messages")]
    assert after == before
    assert "Ist er fertig?" in json.dumps(after)
    _ask("POST", f"{url}{_ILSE}/messages", _WRITES)
    _stop(process)


@pytest.mark.parametrize("content", [b"", b"no memory of ours", b"\x80\x04}\x94."])
def test_process_begins_empty_where_its_memory_cannot_be_read(
    tmp_path: Path, content: bytes
) -> None:
    memory = tmp_path / "simulator.memory"
    memory.write_bytes(content)
    process, url = _ready("--memory", str(memory))
    assert _ask("GET", f"{url}/healthz")["customers"] == 0
    process.send_signal(signal.SIGTERM)
    assert "the phones begin empty" in process.communicate(timeout=60)[1]


def _ready(*options: str) -> tuple[subprocess.Popen[str], str]:
    process = _run(*options)
    assert process.stdout is not None
    return process, process.stdout.readline().split()[3]


def _ask(method: str, url: str, content: dict[str, Any] | None = None) -> Any:
    answer = httpx.request(method, url, json=content, trust_env=False)
    assert answer.is_success, answer.text
    return answer.json()


def _stop(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGTERM)
    assert process.communicate(timeout=60) == ("", "")


@pytest.mark.parametrize(
    ("text", "words"),
    [('{"speed": 1}', "use an object with these settings"), ("{", "cannot be read")],
)
def test_process_refuses_settings_it_does_not_know(tmp_path: Path, text: str, words: str) -> None:
    config = tmp_path / "sim.json"
    config.write_text(text, "utf-8")
    process = _run("--config", str(config))

    assert words in process.communicate(timeout=60)[1]
    assert process.returncode == 2


def test_same_seed_gives_the_same_ids() -> None:
    first, second, other = ids.Ids(seed=1), ids.Ids(seed=1), ids.Ids(seed=2)

    assert [first.wamid("49"), first.bsuid()] == [second.wamid("49"), second.bsuid()]
    assert first.wamid("49") != other.wamid("49")


def test_schedule_keeps_order_and_survives_a_failing_deed(
    caplog: pytest.LogCaptureFixture,
) -> None:
    done: list[str] = []

    failed, late = asyncio.Event(), asyncio.Event()

    def fail() -> None:
        failed.set()
        raise RuntimeError("invented")

    def finish() -> None:
        done.append("late")
        late.set()

    async def play() -> None:
        made = clock.Clock()
        plan = schedule.Schedule(made)
        task = asyncio.create_task(plan.run())
        plan.after(7_200, finish)
        plan.after(3_600, lambda: done.append("early"))
        plan.after(0, fail)
        async with asyncio.timeout(60):
            await failed.wait()
            made.advance(7_200)
            plan.wake()
            await late.wait()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    asyncio.run(play())
    assert done == ["early", "late"]
    assert "A planned deed of the simulator failed." in caplog.text


def test_clock_runs_faster_at_a_higher_rate() -> None:
    made = clock.Clock(rate=1_000_000)
    begun = made.now()

    time.sleep(0.01)
    assert made.now() - begun >= 10_000
