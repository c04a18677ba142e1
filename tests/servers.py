"""The PostgreSQL of a test run: one server, one template, one database per process of the run."""

import fcntl
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import psycopg

from werkbote.config import cluster, database, env
from werkbote.store import vault

TEMPLATE = "template"
_PATIENCE = 180.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What the processes of one test run share: `home` is thrown away when it ends."""

    home: Path
    run: str
    controller: int
    given: str

    def message(self) -> dict[str, str | int]:
        """Return the run in plain types, for sending it to a worker."""
        return asdict(self) | {"home": str(self.home)}

    @property
    def embedded(self) -> bool:
        return not self.given

    def owner(self, name: str) -> env.Login:
        """Return the owner's login to one of the run's databases."""
        return replace(self.maintenance(), name=f"werkbote_{self.run}_{name}")

    def maintenance(self) -> env.Login:
        """Return the owner's login to the database that exists before any of ours."""
        return env.parse_login(self.given or cluster.owner_url(cluster.locate(self.home).record))

    def application(self, name: str) -> env.Login:
        """Return the application role's login to one of the run's databases."""
        return replace(self.owner(name), user=f"werkbote_{self.run}_app", password=self.run)


def joined(message: dict[str, Any]) -> Run:
    """Return the run another process began."""
    return Run(**message | {"home": Path(message["home"])})


def begin() -> Run:
    """Return a new run; nothing is started yet."""
    home = Path(tempfile.mkdtemp(prefix="werkbote-test-"))
    home.chmod(0o711)
    vault.create(home / "keys.json", name="test")
    return Run(
        home=home,
        run=secrets.token_hex(4),
        controller=os.getpid(),
        given=os.environ.get("WERKBOTE_TEST_DATABASE_URL", ""),
    )


def announce(run: Run, name: str) -> None:
    """Tell Django and every child process which database this process works with."""
    os.environ.update(
        DJANGO_SETTINGS_MODULE="werkbote.config.settings",
        WERKBOTE_HOME=str(run.home),
        WERKBOTE_DATABASE_URL=run.owner(name).url(),
        WERKBOTE_DATABASE_APP_URL=run.application(name).url(),
        WERKBOTE_LOG_LEVEL="warning",
        WERKBOTE_SECOND_FACTOR="optional",
    )


@contextmanager
def _alone(run: Run) -> Iterator[None]:
    with (run.home / "tests.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def make(run: Run, name: str) -> None:
    """Start the server and migrate the template if nobody has yet, then copy the template."""
    with _alone(run):
        if run.embedded:
            _keep(run)
        if not (run.home / "template.made").exists():
            _create(run, TEMPLATE)
            migrate(run, TEMPLATE)
            (run.home / "template.made").touch()
        _create(run, name, template=run.owner(TEMPLATE).name)


def _keep(run: Run) -> None:
    found = cluster.locate(run.home)
    if database.answers(found):
        return
    log = run.home / "keeper.log"
    words = [sys.executable, "-m", "tests.keeper", str(run.home), str(run.controller)]
    keeper = os.posix_spawn(
        sys.executable,
        words,
        env.surroundings(PYTHONPATH=str(Path(__file__).parents[1])),
        setsid=True,
        file_actions=[
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_OPEN, 1, str(log), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600),
            (os.POSIX_SPAWN_DUP2, 1, 2),
        ],
    )
    (run.home / "keeper.pid").write_text(str(keeper))
    deadline = time.monotonic() + _PATIENCE
    while not database.answers(found):
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.05)


def _create(run: Run, name: str, *, template: str = "template0") -> None:
    """Create a database that waits for no disk: what a killed server loses is no matter of these tests."""
    made = run.owner(name).name
    with psycopg.connect(run.maintenance().url(), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{made}" TEMPLATE "{template}"')
        connection.execute(f'ALTER DATABASE "{made}" SET synchronous_commit = off')


def migrate(run: Run, name: str) -> None:
    """Migrate one of the run's databases as its owner, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "werkbote.config.schema"],
        env=env.surroundings(
            WERKBOTE_DATABASE_URL=run.owner(name).url(),
            WERKBOTE_DATABASE_APP_URL=run.application(name).url(),
            WERKBOTE_DATABASE_ROLE="owner",
        ),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def end(run: Run) -> None:
    """Stop the server, or drop what was made on a server that was given."""
    if (run.home / "keeper.pid").exists():
        os.kill(int((run.home / "keeper.pid").read_text()), signal.SIGTERM)
        deadline = time.monotonic() + _PATIENCE
        while run.home.exists() and time.monotonic() < deadline:
            time.sleep(0.05)
    elif run.given and (run.home / "template.made").exists():
        _drop(run)
    shutil.rmtree(run.home, ignore_errors=True)


def _drop(run: Run) -> None:
    prefix = f"werkbote_{run.run}_"
    with psycopg.connect(run.maintenance().url(), autocommit=True) as connection:
        query = "SELECT datname FROM pg_database WHERE starts_with(datname, %s)"
        for (name,) in connection.execute(query, [prefix]).fetchall():
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
        connection.execute(f"DROP ROLE IF EXISTS {prefix}app")
