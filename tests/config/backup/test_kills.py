"""Killed at random moments, backup and restore leave nothing half-done, and the rerun ends as the undisturbed run."""

import json
import pickle
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from tests import dealers, staff
from tests.config.backup.conftest import Place
from werkbote.config import env
from werkbote.config.backup import fetching, loading, making, restoring, scratch

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

BACKUPS, RESTORES = 54, 22
AT = dealers.NOW + timedelta(days=2)


def killing(place: Place, word: str, count: int, tmp_path: Path) -> dict[str, int]:
    told = tmp_path / "environment.pickle"
    told.write_bytes(pickle.dumps(place.environment))
    around = env.surroundings(PYTHONPATH=str(Path(__file__).parents[3]))
    done = subprocess.run(
        [sys.executable, "-m", "tests.config.backup.killer", str(told), word, str(count)],
        env=around,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, int] = json.loads(done.stdout)
    assert found["first"] == 0, done.stderr
    return found


def undisturbed[T](deed: Callable[[], T]) -> T:
    """Do it, once the server has noticed that the last one it served is dead."""
    deadline = time.monotonic() + 60
    while True:
        try:
            return deed()
        except scratch.UnableToMake:
            assert time.monotonic() < deadline
            time.sleep(0.2)


def databases(place: Place) -> list[str]:
    owner = place.environment.owner
    assert owner is not None
    with psycopg.connect(owner.url()) as connection:
        query = "SELECT datname FROM pg_database WHERE starts_with(datname, %s) ORDER BY 1"
        found = [row[0] for row in connection.execute(query, [owner.name + "_"]).fetchall()]
    return [name for name in found if "_before_" not in name]


@pytest.mark.shows("S-29")
def test_killed_backups_leave_whole_ones_only_and_the_next_cleans_up(here, tmp_path):
    dealers.dealer()
    found = killing(here, "backup", BACKUPS, tmp_path)
    assert found["killed"] >= BACKUPS * 2 // 3, found
    made = here.plan()
    for name in loading.listed(made.data).whole:
        archive = fetching.find(made.data, name, folder=tmp_path / "look")
        archive.fetch()
    done = undisturbed(lambda: making.run(made, at=AT))
    assert loading.listed(made.data).broken == loading.listed(made.keys).broken == []
    assert (databases(here), made.work.exists()) == ([], False)
    report = undisturbed(lambda: restoring.drill(made, "newest", at=AT))
    assert (report.backup, report.without_key) == (done.manifest.name, 0)


def rows(place: Place, organisation: int) -> int | None:
    """How many people of the organisation are there; None in a database without tables."""
    owner = place.environment.owner
    assert owner is not None
    with psycopg.connect(owner.url()) as connection:
        if connection.execute("SELECT to_regclass('person')").fetchone() == (None,):
            return None
        query = "SELECT count(*) FROM person WHERE organisation_id = %s"
        row = connection.execute(query, [organisation]).fetchone()
        return int(row[0]) if row else 0


@pytest.mark.shows("S-29")
def test_killed_restores_leave_the_old_or_the_new_database_and_never_half_of_one(
    here, elsewhere, tmp_path
):
    dealer = dealers.dealer()
    for number in range(3):
        staff.wrote(dealer, phone=f"+49171392000{number}")
    making.run(here.plan(), at=dealers.NOW)
    found = killing(elsewhere, "restore", RESTORES, tmp_path)
    assert found["killed"] >= RESTORES * 2 // 3, found
    assert rows(elsewhere, dealer.organisation) == 3
    made = elsewhere.plan()
    report = undisturbed(lambda: restoring.restore(made, "newest", at=AT))
    assert rows(elsewhere, dealer.organisation) == 3
    assert (report.without_key, databases(elsewhere), made.work.exists()) == (0, [], False)
