"""Tests of the pool of connections: a database that went away and came back."""

import threading
from concurrent.futures import ThreadPoolExecutor

import psycopg
from django.db import connection

from werkbote.store import intake

_OURS = (
    "FROM pg_stat_activity WHERE datname = current_database() AND usename = current_user"
    " AND pid <> pg_backend_pid()"
)


def test_a_full_pool_that_lost_every_connection_serves_the_next_who_asks() -> None:
    connection.close()
    most = connection.settings_dict["OPTIONS"]["pool"]["max_size"]
    together = threading.Barrier(most)
    with ThreadPoolExecutor(most) as threads:
        list(threads.map(lambda _: _use(together), range(most)))
    connection.close()
    with psycopg.connect(autocommit=True, **intake.application_conninfo()) as beside:
        lost = {pid for (pid,) in beside.execute(f"SELECT pid {_OURS}")}
        assert len(lost) >= most
        beside.execute(f"SELECT pg_terminate_backend(pid) {_OURS}")
    assert _pid() not in lost


def _use(together: threading.Barrier) -> None:
    """Hold a connection until everybody holds one, and give it back."""
    try:
        _pid()
        together.wait(timeout=60)
    finally:
        connection.close()


def _pid() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    return int(pid)
