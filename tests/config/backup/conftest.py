"""An installation to back up (this test process's own database) and empty ones to restore into."""

import dataclasses
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from tests import servers
from werkbote.config import env
from werkbote.config.backup import plan, sealing

Tell = Callable[[str], object]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One home with its database."""

    environment: env.Environment
    said: list[str]

    def plan(self, **backup: object) -> plan.Plan:
        changed = dataclasses.replace(self.environment.backup, **backup)
        there = dataclasses.replace(self.environment, backup=changed)
        return plan.make(there, say=self.said.append)


@pytest.fixture(scope="module", autouse=True)
def own_rows(database: servers.Run, worker_id: str) -> None:
    """Begin with an empty database: other tests leave rows and chains broken on purpose in theirs."""
    made = database.owner("main" if worker_id == "master" else worker_id).name
    template = database.owner(servers.TEMPLATE).name
    connection.close()
    connection.close_pool()
    with psycopg.connect(database.maintenance().url(), autocommit=True) as beside:
        deadline = time.monotonic() + 60
        while True:
            try:
                beside.execute(f'DROP DATABASE "{made}"')
            except psycopg.errors.ObjectInUse:
                assert time.monotonic() < deadline
                time.sleep(0.1)
            else:
                break
        beside.execute(f'CREATE DATABASE "{made}" TEMPLATE "{template}"')


@pytest.fixture
def identity(tmp_path: Path) -> tuple[Path, str]:
    """An identity file and its recipient."""
    file = tmp_path / "identity.txt"
    return file, sealing.new_identity(file)


@pytest.fixture
def here(database: servers.Run, tmp_path: Path, identity: tuple[Path, str]) -> Place:
    """The installation that is backed up."""
    assert database.home.exists()
    return _place(env.read(), tmp_path / "here", tmp_path / "shelf", identity)


@pytest.fixture
def elsewhere(
    database: servers.Run, tmp_path: Path, identity: tuple[Path, str], worker_id: str
) -> Iterator[Place]:
    """A fresh machine with an empty database."""
    name = f"fresh_{worker_id}"
    owner = database.owner(name)
    with psycopg.connect(database.maintenance().url(), autocommit=True) as beside:
        beside.execute(f'CREATE DATABASE "{owner.name}" TEMPLATE template0')
        environment = dataclasses.replace(
            env.read(),
            owner=owner,
            application=database.application(name),
            key_file=tmp_path / "there" / "keys.json",
        )
        yield _place(environment, tmp_path / "there", tmp_path / "shelf", identity)
        query = "SELECT datname FROM pg_database WHERE starts_with(datname, %s)"
        for (found,) in beside.execute(query, [owner.name]).fetchall():
            beside.execute(f'DROP DATABASE "{found}" WITH (FORCE)')


def _place(
    environment: env.Environment, home: Path, shelf: Path, identity: tuple[Path, str]
) -> Place:
    home.mkdir()
    file, recipient = identity
    backup = dataclasses.replace(
        environment.backup,
        to=str(shelf / "data"),
        keys_to=str(shelf / "keys"),
        recipients=(recipient,),
        identity=file,
    )
    there = dataclasses.replace(environment, home=home, journal=home / "journal", backup=backup)
    return Place(environment=there, said=[])
