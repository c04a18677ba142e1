"""Tests of the process group: order, restart, what is told again, stop, ports, one group per home."""

import dataclasses
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import ordinary
from werkbote.config import env, processes

SLEEP = "import time; time.sleep(600)"
GROUP = """
import os, sys
from pathlib import Path
from typing import Any
from werkbote.config import processes
home = Path(sys.argv[1])
with processes.alone(home):
    group = processes.Group(
        say=lambda text: print(text, flush=True),
        note=lambda pids: processes.write_run(home, {"web": "here", "processes": pids}),
    )
    group.listen()
    part = processes.program("sleeper", ["-c", "import time; time.sleep(600)"], surroundings=os.environ)
    try:
        group.add(part)
        group.watch()
    finally:
        group.stop()
"""

LOCK = """
import sys
from pathlib import Path
from werkbote.config import processes
with processes.alone(Path(sys.argv[1])):
    print("alone")
"""


class Told(list[str]):
    """What the group said and was told, in order."""


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def group(told: Told) -> Iterator[processes.Group]:
    made = processes.Group(say=told.append, note=lambda _pids: None)
    yield made
    made.stop()


def part(name: str, code: str = SLEEP, **changes: Any) -> processes.Part:
    made = processes.program(name, ["-c", code], surroundings=env.surroundings())
    return dataclasses.replace(made, **changes)


def until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def watched(home: Path) -> "subprocess.Popen[bytes]":
    started = subprocess.Popen([sys.executable, "-c", GROUP, str(home)], stdout=subprocess.PIPE)
    until((home / "run.json").exists)
    return started


def pid_of(home: Path, name: str) -> int:
    return int(json.loads((home / "run.json").read_text())["processes"][name])


def gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def test_part_that_ends_while_starting_is_refused(group: processes.Group) -> None:
    never = part("web", "raise SystemExit(3)", ready=lambda: False)

    with pytest.raises(processes.UnableToRun, match="The web ended while it was starting"):
        group.add(never)


def test_step_that_refuses_ends_the_start(group: processes.Group) -> None:
    with pytest.raises(processes.UnableToRun, match="the reason stands above"):
        group.step(["-c", "raise SystemExit(1)"], surroundings=env.surroundings())


def test_part_is_told_after_the_first_start(group: processes.Group, told: Told) -> None:
    group.add(part("simulator", tell=lambda: told.append("told")))

    assert told[0] == "told"


def test_killed_part_is_started_again(tmp_path: Path) -> None:
    with watched(tmp_path) as supervisor:
        first = pid_of(tmp_path, "sleeper")
        os.kill(first, signal.SIGKILL)
        until(lambda: pid_of(tmp_path, "sleeper") != first)
        second = pid_of(tmp_path, "sleeper")
        supervisor.terminate()
        said = supervisor.communicate()[0].decode()

    assert "The sleeper ended (-9); again in 0.5 s." in said
    assert supervisor.returncode == 0
    assert gone(second)
    assert not (tmp_path / "run.json").exists()


def test_children_end_with_a_killed_supervisor(tmp_path: Path) -> None:
    with watched(tmp_path) as supervisor:
        child = pid_of(tmp_path, "sleeper")
        supervisor.kill()
        until(lambda: gone(child))


def test_second_group_of_a_home_names_the_first(tmp_path: Path) -> None:
    with watched(tmp_path) as supervisor:
        with (
            pytest.raises(processes.UnableToRun, match=f"process {supervisor.pid}"),
            processes.alone(tmp_path),
        ):
            pass
        supervisor.terminate()


def test_part_that_does_not_listen_is_ended_by_force(told: Told, tmp_path: Path) -> None:
    deaf = (
        "import signal, time\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        f"open({str(tmp_path / 'deaf')!r}, 'w').close()\n"
        "time.sleep(600)"
    )
    made = processes.Group(say=told.append, note=lambda _pids: None)
    pids: list[int] = []
    made.note = lambda now: pids.extend(now.values())
    made.add(part("deaf", deaf, ready=(tmp_path / "deaf").exists, patience=0.2))
    made.stop()

    assert gone(pids[0])


def test_what_a_killed_part_left_behind_is_ended(group: processes.Group, tmp_path: Path) -> None:
    mother = (
        "import subprocess, sys, time\n"
        f"child = subprocess.Popen([sys.executable, '-c', {SLEEP!r}])\n"
        f"open({str(tmp_path / 'pid')!r}, 'w').write(str(child.pid))\n"
        "time.sleep(600)"
    )
    group.add(part("mother", mother, ready=(tmp_path / "pid").exists, patience=5))
    until((tmp_path / "pid").read_text)
    group.stop()
    until(lambda: gone(int((tmp_path / "pid").read_text())))


def test_pauses_between_restarts_grow(group: processes.Group, told: Told) -> None:
    def ended() -> list[str]:
        return [text for text in told if "ended" in text]

    group.add(part("web", "import time; time.sleep(0.3); raise SystemExit(1)"))
    previous = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    previous[signal.SIGHUP] = signal.getsignal(signal.SIGHUP)
    group.listen()

    def stop_after_three() -> None:
        until(lambda: len(ended()) >= 3)
        os.kill(os.getpid(), signal.SIGTERM)

    watching = threading.Thread(target=stop_after_three)
    watching.start()
    group.watch()
    watching.join()
    for number, handler in previous.items():
        signal.signal(number, handler)

    assert ended()[:3] == [
        "The web ended (1); again in 0.5 s.",
        "The web ended (1); again in 1.0 s.",
        "The web ended (1); again in 2.0 s.",
    ]


def test_taken_port_is_named_with_its_variable() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        with pytest.raises(processes.UnableToRun) as caught:
            processes.check_port("127.0.0.1", port, variable="WERKBOTE_PORT")
        with processes.reserved("127.0.0.1", port) as other:
            assert other > port

    assert str(caught.value) == (
        f"Port {port} on 127.0.0.1 is taken by another program: stop that program, or set "
        "WERKBOTE_PORT to a free port."
    )


def test_home_that_cannot_be_written_gets_the_remedy(tmp_path: Path) -> None:
    tmp_path.chmod(0o555)
    done = subprocess.run(
        [*ordinary.PREFIX, sys.executable, "-c", LOCK, str(tmp_path / "home")],
        env=env.surroundings(),
        capture_output=True,
        text=True,
        check=False,
    )
    tmp_path.chmod(0o755)
    assert "UnableToRun" in done.stderr
    assert "set WERKBOTE_HOME" in done.stderr


def test_speaks_http_is_false_where_nobody_listens() -> None:
    with processes.reserved("127.0.0.1", 18_000) as port:
        assert not processes.speaks_http("127.0.0.1", port, "/")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has names that end with a process")
def test_port_another_group_has_in_mind_is_passed_over() -> None:
    with processes.reserved("127.0.0.1", 18_100) as first:
        with processes.reserved("127.0.0.1", first) as second:
            assert second > first
        with processes.reserved("127.0.0.1", first) as third:
            assert third > first
    with processes.reserved("127.0.0.1", first) as again:
        assert again == first


def test_stranger_who_answers_does_not_make_an_ended_part_ready(group: processes.Group) -> None:
    ended = part("web", "raise SystemExit(3)")
    started = ended.start()
    started.wait()

    with pytest.raises(processes.UnableToRun, match="The web ended while it was starting"):
        group.add(dataclasses.replace(ended, start=lambda: started, ready=lambda: True))
