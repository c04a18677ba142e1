"""The whole product as one group: up, back after each part is killed, cleanly down, up again."""

import http.client
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from werkbote.config import env

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """The home of a demonstration in a short, reachable place."""
    with tempfile.TemporaryDirectory(prefix="wb-") as name:
        Path(name).chmod(0o711)
        yield Path(name) / "home"


def start(home: Path) -> "subprocess.Popen[str]":
    kept = {
        name: value
        for name, value in env.surroundings().items()
        if not name.startswith("WERKBOTE_")
    }
    words = [sys.executable, "-P", "-m", "werkbote.cli", "demo"]
    around = kept | {
        "WERKBOTE_HOME": str(home),
        "WERKBOTE_FSYNC": "off",
        "WERKBOTE_DEMO_TALK": "off",
    }
    return subprocess.Popen(words, env=around, stderr=subprocess.PIPE, text=True)


def run_file(home: Path) -> dict[str, object]:
    found: dict[str, object] = json.loads((home / "run.json").read_text())
    return found


def pid(home: Path, name: str) -> int:
    processes = run_file(home)["processes"]
    assert isinstance(processes, dict)
    return int(processes[name])


def login_page(home: Path) -> bool:
    place = urlsplit(str(run_file(home)["web"]))
    line = http.client.HTTPConnection(place.hostname or "", place.port, timeout=5)
    try:
        line.request("GET", "/login/")
        return line.getresponse().status == 200
    except OSError:
        return False
    finally:
        line.close()


def killed(home: Path, part: str) -> bool:
    """Kill a part and wait for its successor; False when it was just being replaced anyway."""
    before = pid(home, part)
    try:
        os.kill(before, signal.SIGKILL)
    except ProcessLookupError:
        return False
    until(lambda: pid(home, part) != before)
    return True


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 240
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)


@pytest.fixture(scope="module")
def demo(home: Path) -> Iterator["subprocess.Popen[str]"]:
    """A running demonstration."""
    with start(home) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if "Stop with Ctrl-C" in line:
                break
        yield process
        process.send_signal(signal.SIGINT)
        process.communicate()


@pytest.mark.shows("S-32")
@pytest.mark.parametrize("part", ["database", "web", "worker", "simulator"])
@pytest.mark.usefixtures("demo")
def test_a_crash_leaves_no_memory_on_disk(home: Path, part: str) -> None:
    limits = Path(f"/proc/{pid(home, part)}/limits").read_text().splitlines()
    core = next(line for line in limits if line.startswith("Max core file size"))
    assert core.split()[4:6] == ["0", "0"]


@pytest.mark.parametrize("part", ["database", "web", "worker", "simulator"])
@pytest.mark.usefixtures("demo")
def test_killed_part_comes_back_without_anybody(home: Path, part: str) -> None:
    until(lambda: killed(home, part))
    until(lambda: login_page(home))


def test_stopped_demonstration_ends_everything_and_starts_again(
    home: Path, demo: "subprocess.Popen[str]"
) -> None:
    pids = run_file(home)["processes"]
    assert isinstance(pids, dict)
    demo.send_signal(signal.SIGINT)
    assert demo.wait(240) == 0
    assert [name for name, number in pids.items() if Path(f"/proc/{number}").exists()] == []
    with start(home) as again:
        assert again.stderr is not None
        greeting = ""
        for line in again.stderr:
            greeting += line
            if "Stop with Ctrl-C" in line:
                break
        assert re.search(r"Login +anna\.\w+@autohaus\.example", greeting)
        assert login_page(home)
        again.terminate()
        again.communicate()
        assert again.returncode == 0
