"""The process group of one box: ordered start, restart with growing pauses, ordered stop.

The supervisor imports neither Django nor a database driver, so that it costs next to nothing; all
work is done by children, which end when it ends, however it ends.
"""

import contextlib
import fcntl
import itertools
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from werkbote.config import cluster, database

_PAUSE = 0.1
_FIRST_WAIT, _LONGEST_WAIT = 0.5, 30.0
_STEADY_SECONDS = 60.0
_START_SECONDS = 120.0
_PORT_TRIES = 50
_RUN_FILE = "run.json"

Process = subprocess.Popen[bytes]


class UnableToRun(Exception):
    """The process group cannot start, or a part of it does not come up."""


class Stopped(Exception):
    """The group was asked to stop while it was starting."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One process of the group. `ready` is asked after the start until it says yes.

    `tell` is then called, after every start: for what a part does not remember by itself. The part
    ends on `ask`; one that has not after `patience` seconds gets `force`.
    """

    name: str
    start: Callable[[], Process]
    ready: Callable[[], bool] = lambda: True
    tell: Callable[[], None] = lambda: None
    ask: signal.Signals = signal.SIGTERM
    force: signal.Signals = signal.SIGKILL
    patience: float = 20.0

    def finish(self, process: Process) -> None:
        """Wait for a process that was asked to end."""
        try:
            process.wait(self.patience)
        except subprocess.TimeoutExpired:
            process.send_signal(self.force)
            process.wait()
        _sweep(process)


def _sweep(process: Process) -> None:
    """End what an ended process left behind in its own process group."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


@dataclass(slots=True, kw_only=True)
class _Child:
    part: Part
    process: Process
    since: float
    wait: float = _FIRST_WAIT
    again_at: float | None = None
    settled: bool = True


def _check_alive(child: _Child) -> None:
    if child.process.poll() is not None:
        raise UnableToRun(
            f"The {child.part.name} ended while it was starting: its reason stands above."
        )


def embedded_database(where: cluster.Cluster, *, durable: bool) -> Part:
    """Return the embedded PostgreSQL as a part."""
    return Part(
        name="database",
        start=lambda: database.start_ready(where, durable=durable),
        ready=lambda: database.answers(where),
        ask=signal.SIGINT,
        force=signal.SIGQUIT,
        patience=60.0,
    )


def program(
    name: str,
    words: Sequence[str],
    *,
    surroundings: Mapping[str, str],
    ready: Callable[[], bool] = lambda: True,
) -> Part:
    """Return one of our own Python programs as a part; it is asked to stop by SIGTERM."""

    def start() -> Process:
        return subprocess.Popen(
            [sys.executable, "-P", *words],
            env=dict(surroundings),
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=database.follow_parent(signal.SIGTERM),  # noqa: PLW1509 -- no threads here
        )

    return Part(name=name, start=start, ready=ready)


@dataclass(slots=True, kw_only=True)
class Group:
    """The running parts. `note` is called with the process ids whenever they change."""

    say: Callable[[str], None]
    note: Callable[[Mapping[str, int]], None]
    _children: list[list[_Child]] = field(default_factory=list)
    _asked_to_stop: bool = False

    def listen(self) -> None:
        """Let SIGINT, SIGTERM and SIGHUP stop the group."""

        def ask(_number: int, _frame: object) -> None:
            self._asked_to_stop = True

        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, ask)

    def add(self, *parts: Part) -> None:
        """Start parts side by side and wait until all are ready; raise UnableToRun if one ends."""
        began = time.monotonic()
        fresh = [_Child(part=part, process=part.start(), since=began) for part in parts]
        self._children.append(fresh)
        self._note()
        for child in fresh:
            while not child.part.ready():
                self._check_start(child)
                time.sleep(_PAUSE)
            _check_alive(child)  # whatever answered, the part itself must be there
            child.part.tell()
            self.say(f"  {child.part.name:<10} ready after {time.monotonic() - began:.1f} s")

    def _check_start(self, child: _Child) -> None:
        if self._asked_to_stop:
            raise Stopped
        _check_alive(child)
        if time.monotonic() - child.since > _START_SECONDS:
            raise UnableToRun(
                f"The {child.part.name} did not answer within {_START_SECONDS:.0f} seconds: look at "
                "its messages above, then start again."
            )

    def step(self, words: Sequence[str], *, surroundings: Mapping[str, str]) -> None:
        """Run one of our programs to its end; raise UnableToRun when it refuses."""
        part = program(words[1], words, surroundings=surroundings)
        process = part.start()
        while process.poll() is None and not self._asked_to_stop:
            time.sleep(_PAUSE)
        if self._asked_to_stop:
            process.send_signal(part.ask)
            part.finish(process)
            raise Stopped
        if process.returncode:
            raise UnableToRun("The start was given up: the reason stands above.")

    def meanwhile(self, words: Sequence[str], *, surroundings: Mapping[str, str]) -> None:
        """Look after the parts while one of our programs runs to its end; if it fails they go on."""
        part = program(words[1], words, surroundings=surroundings)
        process = part.start()
        while process.poll() is None and not self._asked_to_stop:
            self._look_at_all()
            time.sleep(_PAUSE)
        if self._asked_to_stop:
            process.send_signal(part.ask)
            part.finish(process)
            raise Stopped

    def watch(self) -> None:
        """Restart what dies until asked to stop."""
        while not self._asked_to_stop:
            self._look_at_all()
            time.sleep(_PAUSE)

    def _look_at_all(self) -> None:
        for child in itertools.chain.from_iterable(self._children):
            self._look_after(child)

    def _look_after(self, child: _Child) -> None:
        now = time.monotonic()
        if child.again_at is not None:
            if now >= child.again_at:
                self._restart(child)
        elif child.process.poll() is not None:
            code = child.process.returncode
            _sweep(child.process)
            self.say(f"The {child.part.name} ended ({code}); again in {child.wait:.1f} s.")
            child.again_at = now + child.wait
            child.wait = min(child.wait * 2, _LONGEST_WAIT)
        elif not child.settled and child.part.ready():
            child.settled = True
            child.part.tell()
            self.say(f"The {child.part.name} is back.")
        elif now - child.since > _STEADY_SECONDS:
            child.wait = _FIRST_WAIT

    def _restart(self, child: _Child) -> None:
        child.again_at, child.settled = None, False
        try:
            child.process = child.part.start()
        except (database.UnableToRunDatabase, cluster.UnableToPlace, OSError) as error:
            self.say(str(error))
        child.since = time.monotonic()
        self._note()

    def stop(self) -> None:
        """Stop the parts in reverse order; those that were started together, together."""
        while self._children:
            batch = self._children.pop()
            for child in batch:
                child.process.send_signal(child.part.ask)
            for child in batch:
                child.part.finish(child.process)

    def _note(self) -> None:
        everyone = itertools.chain.from_iterable(self._children)
        self.note({child.part.name: child.process.pid for child in everyone})


@contextlib.contextmanager
def alone(home: Path) -> Iterator[None]:
    """Be the only group of this home; raise UnableToRun and name the other one."""
    try:
        home.mkdir(parents=True, exist_ok=True, mode=0o711)
        lock = (home / "run.lock").open("w")
    except OSError as error:
        raise UnableToRun(
            f"{home} cannot be written ({error.strerror}): give this user write permission there, "
            "or set WERKBOTE_HOME to a directory that has it."
        ) from None
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UnableToRun(_already(home)) from None
        try:
            yield
        finally:
            (home / _RUN_FILE).unlink(missing_ok=True)


def _already(home: Path) -> str:
    try:
        known = json.loads((home / _RUN_FILE).read_text())
        return (
            f"Werkbote runs here already (process {known['pid']}): open {known['web']}, "
            f"or stop it first with “kill {known['pid']}”."
        )
    except (OSError, ValueError, KeyError):
        return f"Werkbote is starting already in {home}: wait for it, or stop it first."


def write_run(home: Path, content: Mapping[str, object]) -> None:
    """Record process ids and addresses in run.json, in one piece."""
    fresh = home / f"{_RUN_FILE}.new"
    fresh.write_text(json.dumps({"pid": os.getpid(), **content}, indent=2))
    fresh.replace(home / _RUN_FILE)


def is_free(host: str, port: int) -> bool:
    """Return True when nobody listens at this address."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def check_port(host: str, port: int, *, variable: str) -> None:
    """Raise UnableToRun when the port is taken."""
    if not is_free(host, port):
        raise UnableToRun(
            f"Port {port} on {host} is taken by another program: stop that program, or set "
            f"{variable} to a free port."
        )


@contextlib.contextmanager
def reserved(host: str, port: int) -> Iterator[int]:
    """Yield the first port from `port` on that is free and no other group has in mind; keep it so.

    Between the look at a port and the part that listens on it lie seconds, in which another group
    would find it free too. Raise UnableToRun after fifty tries.
    """
    with socket.socket(socket.AF_UNIX) as mark:
        for candidate in range(port, port + _PORT_TRIES):
            if is_free(host, candidate) and _marked(mark, candidate):
                yield candidate
                return
    raise UnableToRun(
        f"Ports {port} to {port + _PORT_TRIES - 1} on {host} are all taken: set WERKBOTE_PORT and "
        "WERKBOTE_SANDBOX_PORT to free ones."
    )


def _marked(mark: socket.socket, port: int) -> bool:
    """Mark a port for this process, in a name that ends with it; only Linux has such names."""
    if sys.platform != "linux":
        return True
    try:
        mark.bind(f"\0werkbote-port-{port}")
    except OSError:
        return False
    return True


def speaks_http(host: str, port: int, path: str) -> bool:
    """Return True when a server at this address answers a GET with any status."""
    target = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 -- compared only
    request = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    try:
        with socket.create_connection((target, port), timeout=5) as line:
            line.sendall(request.encode())
            return line.recv(9).startswith(b"HTTP/1.1 ")
    except OSError:
        return False
