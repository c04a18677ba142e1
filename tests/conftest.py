"""What every test stands on: a real database made on demand, a closed network, one run for all workers.

Tests in the floors that need tables get the database by themselves; others ask for the `database`
fixture. Tests commit for real: each makes its own organisation, and the walls between organisations
keep them apart.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import django
import psycopg
import pytest
from django.conf import settings
from django.db import connection

from tests import network, servers
from werkbote.config import translations

_FLOORS_WITH_TABLES = {"store", "reads", "actions", "web", "worker", "journeys"}
_RUN = pytest.StashKey[servers.Run]()
_FAILED = pytest.StashKey[str]()


def pytest_configure(config: pytest.Config) -> None:
    told = getattr(config, "workerinput", None)
    run = servers.joined(told["run"]) if told else servers.begin()
    config.stash[_RUN] = run
    config.stash[_FAILED] = os.environ.pop("TESTS_FAILED", "")
    servers.announce(run, told["workerid"] if told else "main")
    if told is None:
        translations.compile_all()
    django.setup()
    settings.PASSWORD_HASHERS = ["tests.quick.QuickArgon2", *settings.PASSWORD_HASHERS[1:]]


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: pytest.Item) -> None:
    node.workerinput["run"] = node.config.stash[_RUN].message()  # type: ignore[attr-defined]


def pytest_unconfigure(config: pytest.Config) -> None:
    run = config.stash.get(_RUN, None)
    if run is not None and not hasattr(config, "workerinput"):
        servers.end(run)


@pytest.fixture(scope="session", autouse=True)
def closed_network() -> Iterator[None]:
    """Refuse every address but this machine's."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        network.close(monkeypatch)
        yield


@pytest.fixture(scope="session")
def run(request: pytest.FixtureRequest) -> servers.Run:
    """The test run: its server and the logins to its databases."""
    return request.config.stash[_RUN]


@pytest.fixture(scope="session")
def database(run: servers.Run, worker_id: str) -> Iterator[servers.Run]:
    """A migrated database of this process's own; Django is logged in with the application's role."""
    servers.make(run, "main" if worker_id == "master" else worker_id)
    yield run
    connection.close()
    connection.close_pool()


@pytest.fixture
def owner(database: servers.Run, worker_id: str) -> Iterator[psycopg.Connection]:
    """A connection of the database's owner, for looking at what the application cannot."""
    name = "main" if worker_id == "master" else worker_id
    with psycopg.connect(database.owner(name).url(), autocommit=True) as made:
        yield made


@pytest.fixture(autouse=True)
def _database_where_tables_are_needed(request: pytest.FixtureRequest) -> Iterator[None]:
    """Give the floors with tables their database, and check that no transaction stays open."""
    parts = Path(request.path).relative_to(request.config.rootpath).parts
    if len(parts) < 2 or parts[1] not in _FLOORS_WITH_TABLES:
        yield
        return
    request.getfixturevalue("database")
    yield
    assert not connection.in_atomic_block, "The test left a transaction open."


@pytest.fixture
def no_jobs(database: servers.Run, owner: psycopg.Connection) -> None:
    """An empty job table: jobs of earlier tests are forgotten."""
    assert owner.info.dbname.startswith(f"werkbote_{database.run}_")
    owner.execute("DELETE FROM procrastinate_jobs")


@pytest.fixture
def journal_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the erasure journal of this test is written; nobody else's entries stand in it."""
    monkeypatch.setattr(settings, "WERKBOTE_JOURNAL", tmp_path / "journal")
    return tmp_path / "journal"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what tests have counted, so that a run says how much it showed; name the files that failed."""
    if place := terminalreporter.config.stash.get(_FAILED, ""):
        failed = [*terminalreporter.getreports("failed"), *terminalreporter.getreports("error")]
        files = sorted({report.nodeid.partition("::")[0] for report in failed})
        Path(place).write_text("".join(f"{one}\n" for one in files))
    for report in terminalreporter.getreports("passed"):
        for name, told in report.user_properties:
            if name == "counted":
                terminalreporter.write_line(f"{report.nodeid}: {told}")
