"""A throwaway installation on full durability, and the programs that run on it."""

import contextlib
import dataclasses
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from werkbote.config import cluster, database, env, group, processes
from werkbote.domain import watch as domain
from werkbote.store import vault

HOST = "127.0.0.1"
_PATIENCE = 60.0
_ROOT = Path(__file__).resolve().parents[1]


class UnableToMeasure(Exception):
    """A program that is to be measured does not run, or does not do what it should."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dealer:
    """An organisation with one number, as load is sent to it and measured at it."""

    organisation: int
    branch: int
    number: int
    phone_number_id: str
    account_id: str
    slug: str
    secret: str = field(repr=False)
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a run happens. `quick` asks for a smoke test instead of figures."""

    environment: env.Environment
    server: cluster.Cluster
    quick: bool

    def owner(self, name: str = cluster.NAME) -> psycopg.Connection:
        """Return a connection of the database's owner, autocommit."""
        return psycopg.connect(self.server.owner_url(name), autocommit=True)

    def administrator(self) -> psycopg.Connection:
        """Return a connection that may load tables without their triggers, autocommit."""
        return psycopg.connect(
            host=self.server.record.socket,
            dbname=cluster.NAME,
            user=cluster.ADMINISTRATOR,
            password=self.server.record.administrator_password,
            autocommit=True,
        )

    def surroundings(self, **changes: str) -> dict[str, str]:
        """Return the environment for a program of ours."""
        path = {"PYTHONPATH": f"{_ROOT}{os.pathsep}{_ROOT / 'src'}"}
        return group.surroundings(self.environment, **path, **changes)

    def scaled(self, full: int, quick: int) -> int:
        """Return one of two sizes."""
        return quick if self.quick else full


@contextmanager
def made(*, quick: bool) -> Iterator[Place]:
    """Yield a new installation with its database running and migrated; remove it afterwards."""
    for name in ("WERKBOTE_DATABASE_URL", "WERKBOTE_DATABASE_APP_URL", "WERKBOTE_KEYS"):
        os.environ.pop(name, None)
    home = Path(tempfile.mkdtemp(prefix="werkbote-bench-"))
    home.chmod(0o711)
    vault.create(home / "keys.json", name="bench")
    os.environ.update(
        DJANGO_SETTINGS_MODULE="werkbote.config.settings",
        WERKBOTE_HOME=str(home),
        WERKBOTE_LOG_LEVEL="warning",
    )
    try:
        with database.running(home, durable=True) as running, _environment() as environment:
            group.prepare(environment)
            yield Place(environment=environment, server=running, quick=quick)
            _hang_up()
        shutil.rmtree(running.place, ignore_errors=True)
    finally:
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def _environment() -> Iterator[env.Environment]:
    """Yield what the programs are told, with ports that are theirs while it lasts."""
    with processes.reserved(HOST, 20_000) as port, processes.reserved(HOST, 25_000) as sandbox:
        read = dataclasses.replace(env.read(), port=port, sandbox_port=sandbox)
        yield dataclasses.replace(read, public_url=f"http://{HOST}:{port}")


def _hang_up() -> None:
    from django.db import connection  # noqa: PLC0415 -- settings exist only after the place

    connection.close()
    connection.close_pool()


def dealer(place: Place, *, per_second: int = 80) -> Dealer:
    """Return a new organisation with a branch and a connected number, made by the product's deeds."""
    import django  # noqa: PLC0415 -- settings exist only after the place

    django.setup()
    from werkbote.actions import numbers, team, watch  # noqa: PLC0415 -- models exist only after setup

    now = datetime.now(UTC)
    organisation = team.create_organisation(name="Autohaus Beispiel", at=now)
    place_of = {"organisation": organisation, "by": "system", "at": now}
    branch = team.create_branch(
        name="Werkstatt", legal_entity="Autohaus Beispiel GmbH", state_code="BE", **place_of
    )
    much = domain.Thresholds(alone=domain.MOST, hourly=domain.MOST, daily=domain.MOST)
    watch.set_thresholds(wanted=much, **place_of)  # one member reads here as fast as can be
    secret, token = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
    ids = str(secrets.randbelow(10**14) + 10**14), str(secrets.randbelow(10**14) + 10**14)
    number, slug = numbers.connect(
        branch=branch,
        number=numbers.Connection(
            phone_number_id=ids[0],
            account_id=ids[1],
            phone="+493023125100",
            label="Werkstatt",
            token=token,
            app_secret=secret,
            verify_token=secrets.token_urlsafe(12),
            graph_url=f"http://{HOST}:{place.environment.sandbox_port}",
            agreement_at=now.date(),
            per_second=per_second,
        ),
        **place_of,
    )
    return Dealer(
        organisation=organisation,
        branch=branch,
        number=number,
        phone_number_id=ids[0],
        account_id=ids[1],
        slug=slug,
        secret=secret,
        token=token,
    )


@contextmanager
def program(
    place: Place, words: Sequence[str], *, port: int | None = None, **changes: str
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a Python program of ours while the block lasts; with a port, wait until it listens."""
    child = subprocess.Popen(
        [sys.executable, *words],
        env=place.surroundings(**changes),
        cwd=_ROOT,
        start_new_session=True,
    )
    try:
        if port is not None:
            _await_port(child, port)
        yield child
    finally:
        stop(child)


def stop(child: subprocess.Popen[bytes]) -> None:
    """Stop a program and everything it started."""
    if child.poll() is None:
        child.send_signal(signal.SIGTERM)
        try:
            child.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)


def _await_port(child: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        if child.poll() is not None:
            raise UnableToMeasure(
                f"{child.args!r} ended with {child.returncode} before it listened."
            )
        with contextlib.suppress(OSError), socket.create_connection((HOST, port), 1):
            return
        time.sleep(0.05)
    raise UnableToMeasure(f"{child.args!r} does not listen on port {port}.")


def children() -> dict[int, list[int]]:
    """Return the children of every process of this machine."""
    found: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        found.setdefault(parent, []).append(int(stat.parent.name))
    return found


def tree(root: int) -> list[int]:
    """Return a process and all its descendants."""
    known, found = children(), [root]
    for one in found:
        found += known.get(one, [])
    return found


def cpu_seconds(root: int) -> float:
    """Return the processor time a process and its descendants have used so far."""
    ticks = 0
    for one in tree(root):
        with contextlib.suppress(OSError):
            fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def web(place: Place) -> contextlib.AbstractContextManager[subprocess.Popen[bytes]]:
    """Run the product's web server as an installation does."""
    port = place.environment.port
    return program(place, group.web_words(HOST, port), port=port)


def worker(place: Place) -> contextlib.AbstractContextManager[subprocess.Popen[bytes]]:
    """Run one worker of the product as an installation does."""
    return program(place, group.worker_words(place.environment))


def simulator(place: Place) -> contextlib.AbstractContextManager[subprocess.Popen[bytes]]:
    """Run the simulated Graph API in its own process."""
    port = place.environment.sandbox_port
    return program(place, ["-m", "graphsim", "--host", HOST, "--port", str(port)], port=port)
