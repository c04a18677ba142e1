"""The real product as a subprocess: started like a user starts it, and killed part by part."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import psycopg

from tests import simulator
from tests.journeys import silence
from werkbote.config import cluster, demo, env, processes
from werkbote.store import vault

ROOT = Path(__file__).parents[2]
_START_SECONDS = 240.0
_STOP_SECONDS = 120.0


def surroundings(home: Path, **changes: str) -> dict[str, str]:
    """The environment of a fresh installation at `home`: nothing of the test run's own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("WERKBOTE_")}
    kept.pop("DJANGO_SETTINGS_MODULE", None)
    path = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    return {**kept, "PYTHONPATH": path, "WERKBOTE_HOME": str(home), **changes}


@dataclass(frozen=True, slots=True, kw_only=True)
class Demonstration:
    """One running demonstration; `process` is the group's supervisor."""

    home: Path
    port: int
    process: "subprocess.Popen[bytes]"

    def known(self) -> dict[str, Any]:
        """What demo.json says: ids and secrets of the invented dealership."""
        found: dict[str, Any] = json.loads((self.home / "demo.json").read_text())
        return found

    def run_file(self) -> dict[str, Any]:
        """What run.json says: addresses and process ids."""
        found: dict[str, Any] = json.loads((self.home / "run.json").read_text())
        return found

    def pids(self) -> Mapping[str, int]:
        """Process ids of the parts by name."""
        found: dict[str, int] = self.run_file()["processes"]
        return found

    def backends(self) -> list[int]:
        """Process ids of the database's connections of our programs."""
        found = children(self.pids()["database"])
        return [pid for pid in found if b"_app " in _words(pid)]

    def look(self, query: str, *values: Any) -> list[Any]:
        """Rows as the database's owner sees them, walls or not; waits for a database that was killed."""
        url = cluster.owner_url(cluster.locate(self.home).record)
        deadline = time.monotonic() + _START_SECONDS
        while True:
            try:
                with psycopg.connect(url, autocommit=True) as connection:
                    return connection.execute(query.encode(), values).fetchall()
            except psycopg.OperationalError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.5)

    def named(self, provider_ids: Iterable[str]) -> list[str]:
        """The keyed names under which the dealership's message ids are kept, in order."""
        keys = vault.load(self.home / "keys.json")
        ((row, name, wrapped),) = self.look("SELECT id, key_name, index_wrapped FROM organisation")
        index = keys.unwrap(wrapped, organisation=row, column="index_wrapped", name=name)
        opened = vault.OrganisationKeys(organisation=row, main=vault.new_key(), index=index)
        return sorted(opened.name(one) for one in provider_ids)

    def speaks(self) -> bool:
        """Whether the web server answers."""
        return processes.speaks_http("127.0.0.1", self.port, "/healthz")


def children(pid: int) -> list[int]:
    """Process ids of a process's children; empty when it is gone."""
    with suppress(OSError):
        return [
            int(child)
            for task in Path(f"/proc/{pid}/task").iterdir()
            for child in (task / "children").read_text().split()
        ]
    return []


def _words(pid: int) -> bytes:
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    return b""


def lives(pid: int) -> bool:
    """Whether a process runs; a zombie does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def left_over(home: Path) -> list[int]:
    """Process ids that still work for an installation."""
    mark = f"WERKBOTE_HOME={home}".encode()
    found = []
    for entry in Path("/proc").iterdir():
        with suppress(OSError):
            if (
                entry.name.isdigit()
                and mark in (entry / "environ").read_bytes().split(b"\0")
                and lives(int(entry.name))
            ):
                found.append(int(entry.name))
    return found


@contextmanager
def running(home: Path, *, talk: bool = False) -> Iterator[Demonstration]:
    """Run a new demonstration in `home` until the block ends, with its talks if asked.

    Its words go to home/said.log.
    """
    try:
        with _started(home, simulator.free_port(), talk=talk) as made:
            yield made
    finally:
        _forget(home)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mould:
    """A demonstration at rest, founded once and copied often; its number knows the simulator by this port."""

    home: Path
    sandbox_port: int


@contextmanager
def mould() -> Iterator[Mould]:
    """Found a demonstration, stop it, and keep it until the block ends."""
    home = Path(tempfile.mkdtemp(prefix="werkbote-mould-"))
    try:
        made = Mould(home=home, sandbox_port=simulator.free_port())
        with _started(home, made.sandbox_port, talk=False):
            pass
        yield made
    finally:
        _forget(home)
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def copied(mould: Mould, home: Path, *, level: str = "info") -> Iterator[Demonstration]:
    """Run a copy of a demonstration, as new in `home`; one at a time, for its simulator's port.

    `level` is how much its logs say.
    """
    apart = shutil.ignore_patterns("postgres", "database.*", "run.json", "*.log", "*.lock")
    shutil.copytree(mould.home, home, ignore=apart, dirs_exist_ok=True)
    old, new = cluster.locate(mould.home), cluster.locate(home)
    record = replace(old.record, place=new.record.place, socket=new.record.socket)
    (home / "database.json").write_text(json.dumps(asdict(record)))
    owner = env.parse_login(cluster.owner_url(record))
    known = json.loads((home / demo.FILE).read_text()) | {"database": demo.fingerprint(owner)}
    (home / demo.FILE).write_text(json.dumps(known))
    subprocess.run(["cp", "-a", old.place, new.place], check=True)
    try:
        with _started(home, mould.sandbox_port, talk=False, level=level) as made:
            yield made
    finally:
        _forget(home)


def _forget(home: Path) -> None:
    """Remove the database of `home`, which may live elsewhere; the words said stay for who looks."""
    shutil.rmtree(cluster.locate(home).place, ignore_errors=True)


@contextmanager
def _started(
    home: Path, sandbox_port: int, *, talk: bool, level: str = "info"
) -> Iterator[Demonstration]:
    port = simulator.free_port()
    with (home / "said.log").open("wb") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "werkbote.cli", "demo"],
            env=surroundings(
                home,
                WERKBOTE_PORT=str(port),
                WERKBOTE_SANDBOX_PORT=str(sandbox_port),
                WERKBOTE_LOG_LEVEL=level,
                WERKBOTE_DEMO_TALK="on" if talk else "off",
            ),
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
        )
    made = Demonstration(home=home, port=port, process=process)
    try:
        _await_start(made)
        if talk:
            _await_talk(made)
        yield made
        silence.check(home / "said.log")
        silence.check(cluster.locate(home).log)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _await_talk(made: Demonstration) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while made.known().get("talk") != "played" or "worker" not in made.pids():
        assert made.process.poll() is None, (made.home / "said.log").read_text()
        assert time.monotonic() < deadline, (made.home / "said.log").read_text()
        time.sleep(0.2)


def _await_start(made: Demonstration) -> None:
    deadline = time.monotonic() + _START_SECONDS
    log = made.home / "said.log"
    while "Ctrl-C" not in log.read_text():
        assert made.process.poll() is None, log.read_text()
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.1)
