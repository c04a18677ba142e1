"""A database that lacks erasures of the journal is not opened, and says what opens it."""

import dataclasses
import subprocess
import sys
from pathlib import Path

import pytest

from tests import dealers, servers
from werkbote.config import env, opening
from werkbote.store import ids, journal


@pytest.fixture
def environment(database: servers.Run, tmp_path: Path) -> env.Environment:
    assert database.home.exists()
    return dataclasses.replace(env.read(), journal=tmp_path / "journal")


def erased(environment: env.Environment, organisation: int) -> None:
    journal.append(
        environment.journal,
        journal.Entry(
            id=ids.new(), organisation=organisation, subject=1, scope="person", at=dealers.NOW
        ),
    )


def test_database_without_a_journal_opens(environment):
    opening.check(environment)


def test_database_that_is_older_than_an_erasure_stays_shut(environment):
    erased(environment, dealers.dealer().organisation)
    with pytest.raises(opening.UnableToOpen, match=r"lacks 1 erasures .* restore --replay"):
        opening.check(environment)


def test_erasures_of_organisations_elsewhere_do_not_matter(environment):
    erased(environment, 1)
    opening.check(environment)


def test_damaged_journal_keeps_it_shut(environment):
    environment.journal.mkdir()
    (environment.journal / "erasures-0.jsonl").write_text("nonsense\n")
    with pytest.raises(journal.UnableToReadJournal, match="nothing is opened before"):
        opening.check(environment)


def test_worker_refuses_with_one_sentence(environment):
    erased(environment, dealers.dealer().organisation)
    around = env.surroundings(WERKBOTE_JOURNAL=str(environment.journal))
    done = subprocess.run(
        [sys.executable, "-P", "-m", "werkbote.cli", "worker"],
        env=around,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.splitlines()[0].startswith("This database lacks 1 erasures of the journal")
