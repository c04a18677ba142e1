"""What cannot be backed up or restored says why in one sentence, and leaves everything as it was."""

import dataclasses
import json
import os
import pickle
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from tests import dealers, servers
from tests.config.backup.conftest import Place
from werkbote.channels import shelf
from werkbote.config import env
from werkbote.config.backup import (
    dumping,
    fetching,
    loading,
    making,
    plan,
    restoring,
    scratch,
    sealing,
)
from werkbote.domain import backup
from werkbote.store import journal, vault

AT = dealers.NOW
NAME = backup.name(AT)


@pytest.fixture(scope="module")
def original(database: servers.Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One backup, made once: the shelf and the identity that opens it."""
    assert database.home.exists()
    dealers.dealer()
    folder = tmp_path_factory.mktemp("original")
    identity = folder / "identity.txt"
    recipient = sealing.new_identity(identity)
    environment = env.read()
    said = dataclasses.replace(
        environment.backup,
        to=str(folder / "shelf" / "data"),
        keys_to=str(folder / "shelf" / "keys"),
        recipients=(recipient,),
    )
    there = dataclasses.replace(environment, home=folder, journal=folder / "journal", backup=said)
    making.run(plan.make(there, say=lambda _text: None), at=AT)
    return folder


@pytest.fixture
def copy(original: Path, tmp_path: Path) -> Path:
    """A copy of that shelf, to be damaged."""
    shutil.copytree(original / "shelf", tmp_path / "shelf")
    return tmp_path / "shelf"


def restore(place: Place, original: Path, name: str = NAME, **backup: object) -> restoring.Report:
    how = {"identity": original / "identity.txt", **backup}
    return restoring.restore(place.plan(**how), name, at=AT)


def flip(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def forge(file: Path) -> None:
    """Change a manifest so that its own hashes fit."""
    raw = json.loads(file.read_bytes())
    raw["facts"]["counts"]["person"] = 4711
    file.write_text(json.dumps(raw))


DAMAGE: dict[str, tuple[Callable[[Path], object], str]] = {
    "bit flipped": (lambda data: flip(data / "database.age"), "is damaged .database.age"),
    "cut short": (lambda data: os.truncate(data / "database.age", 900), "is damaged"),
    "part missing": (lambda data: (data / "rows-person.age").unlink(), "does not exist"),
    "manifest not JSON": (lambda data: (data / "manifest.json").write_text("{"), "is damaged"),
    "manifest not ours": (lambda data: (data / "manifest.json").write_text("[]"), "is damaged"),
    "format of tomorrow": (
        lambda data: (data / "manifest.json").write_text('{"format": 99}'),
        "update Werkbote",
    ),
    "manifest missing": (lambda data: (data / "manifest.json").unlink(), "no such backup"),
    "promises other rows": (lambda data: forge(data / "manifest.json"), "rows of person: 4711"),
}


@pytest.mark.parametrize("name", DAMAGE)
def test_damaged_backup_changes_nothing(elsewhere, original, copy, name):
    damage, words = DAMAGE[name]
    damage(copy / "data" / NAME)
    with pytest.raises(
        (dumping.UnableToLoad, backup.UnableToRead, shelf.UnableToReach), match=words
    ):
        restore(elsewhere, original)
    owner = elsewhere.environment.owner
    assert owner is not None
    with psycopg.connect(owner.url()) as connection:
        found = connection.execute("SELECT to_regclass('public.organisation')").fetchone()
    assert found == (None,)


def test_wrong_identity_is_said(elsewhere, original, copy, tmp_path):
    assert copy.exists()
    other = tmp_path / "other.txt"
    sealing.new_identity(other)
    with pytest.raises(sealing.UnableToUnseal, match="sealed for another one"):
        restore(elsewhere, original, identity=other)


@pytest.mark.parametrize(
    ("content", "mode", "words"),
    [
        ("", 0o600, "holds no age identity"),
        ("AGE-SECRET-KEY-1NONSENSE", 0o600, "holds no age identity"),
        ("x", 0o644, "readable for others"),
    ],
)
def test_identity_file_that_is_none_is_said(tmp_path, content, mode, words):
    file = tmp_path / "odd.txt"
    file.write_text(content)
    file.chmod(mode)
    with pytest.raises(sealing.UnableToUnseal, match=words):
        sealing.identities(file=file, passphrase_file=None, sealed=b"")


def test_missing_identity_is_said(tmp_path):
    with pytest.raises(sealing.UnableToUnseal, match="set WERKBOTE_BACKUP_IDENTITY"):
        sealing.identities(file=None, passphrase_file=None, sealed=b"")
    with pytest.raises(sealing.UnableToUnseal, match="cannot be read"):
        sealing.identities(file=tmp_path / "nowhere", passphrase_file=None, sealed=b"")


@pytest.mark.parametrize("name", ["yesterday", "20200101T000000Z", "../../etc"])
def test_backup_that_does_not_exist_is_said(elsewhere, original, copy, name):
    assert copy.exists()
    with pytest.raises(
        (dumping.UnableToLoad, backup.UnableToRead), match="that “werkbote restore --list” shows"
    ):
        restore(elsewhere, original, name)


def test_keys_older_than_the_data_are_refused(elsewhere, original, copy):
    (copy / "keys" / NAME).rename(copy / "keys" / "20200101T000000Z")
    raw = json.loads((copy / "keys" / "20200101T000000Z" / "manifest.json").read_text())
    raw["at"] = "2020-01-01T00:00:00+00:00"
    (copy / "keys" / "20200101T000000Z" / "manifest.json").write_text(json.dumps(raw))
    with pytest.raises(dumping.UnableToLoad, match="are older than the backup"):
        restore(elsewhere, original)


def test_database_in_use_is_not_replaced(elsewhere, original, copy):
    assert copy.exists()
    owner = elsewhere.environment.owner
    assert owner is not None
    with psycopg.connect(owner.url()) as busy:
        busy.execute("SELECT 1")
        with pytest.raises(scratch.UnableToMake, match="stop Werkbote on every host"):
            restore(elsewhere, original)
        assert busy.execute("SELECT current_database()").fetchone() == (owner.name,)


def test_contradicting_journal_stops_the_restore(elsewhere, original, copy):
    """A journal here that is damaged must not be papered over by the backup's copy."""
    assert copy.exists()
    folder = elsewhere.environment.journal
    folder.mkdir()
    (folder / "erasures-0.jsonl").write_text("nonsense\n")
    with pytest.raises(journal.UnableToReadJournal, match="nothing is opened before"):
        restore(elsewhere, original)


def test_key_file_of_another_installation_is_refused(elsewhere, original, copy):
    assert copy.exists()
    vault.create(elsewhere.environment.key_file, name="2030-01")
    with pytest.raises(dumping.UnableToLoad, match="does not belong to this database"):
        restore(elsewhere, original)


def test_two_runs_at_once_are_refused(here):
    made = here.plan()
    with (
        scratch.alone(made.owner),
        pytest.raises(scratch.UnableToMake, match="is running: wait for it"),
    ):
        making.run(made, at=AT)


@pytest.mark.parametrize("limit", [4096, 24 * 1024])
def test_full_disk_leaves_no_half_backup(here, tmp_path, limit):
    made = here.plan()
    told = tmp_path / "environment.pickle"
    told.write_bytes(pickle.dumps(made.environment))
    words = ["-m", "tests.config.backup.limited", str(told), str(limit)]
    around = env.surroundings(PYTHONPATH=str(Path(__file__).parents[3]))
    done = subprocess.run(
        [sys.executable, *words], env=around, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr.count("make room")) == (1, 1), done.stderr
    assert loading.listed(made.data).whole == []
    assert not made.work.exists()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"to": ""}, "set WERKBOTE_BACKUP_TO"),
        ({"to": "s3://bucket"}, "set WERKBOTE_BACKUP_S3_FILE"),
        ({"to": "s3://bucket", "s3_file": Path("/nowhere.json")}, "cannot be read"),
        ({"programs": Path("/nowhere")}, "There is no pg_dump"),
    ],
)
def test_plan_says_what_is_missing(here, change, words):
    with pytest.raises(plan.UnableToPlan, match=words):
        here.plan(**change)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"recipients": ()}, "Nobody is named who can open backups"),
        ({"recipients": ("age1nonsense",)}, "is no age recipient"),
        ({"recipients": (), "passphrase_file": Path("/nowhere")}, "cannot be read"),
    ],
)
def test_nobody_to_seal_for_is_said_before_anything_is_copied(here, change, words):
    with pytest.raises((sealing.UnableToSeal, sealing.UnableToUnseal), match=words):
        making.run(here.plan(**change), at=AT)


def test_identity_is_never_overwritten(tmp_path):
    file = tmp_path / "identity.txt"
    sealing.new_identity(file)
    before = file.read_text()
    with pytest.raises(sealing.UnableToSeal, match="is not overwritten"):
        sealing.new_identity(file)
    assert (file.read_text(), file.stat().st_mode & 0o777) == (before, 0o600)


def test_backup_of_an_older_release_is_migrated(
    database: servers.Run, worker_id: str, here: Place, elsewhere: Place
) -> None:
    older = _older(database, worker_id, here)
    making.run(older.plan(), at=AT)
    manifest = fetching.find(
        older.plan().data, NAME, folder=older.environment.home / "look"
    ).manifest
    assert "store.0034_setting_notes" not in manifest.facts.migrations
    restoring.restore(elsewhere.plan(), NAME, at=AT)
    owner = elsewhere.environment.owner
    assert owner is not None
    with psycopg.connect(owner.url()) as connection:
        assert connection.execute("SELECT count(*) FROM setting_note").fetchone() == (0,)


def _older(database: servers.Run, worker_id: str, here: Place) -> Place:
    """Return an installation whose tables are those of an earlier release."""
    name = f"older_{worker_id}"
    owner = database.owner(name)
    with psycopg.connect(database.maintenance().url(), autocommit=True) as connection:
        template = database.owner(servers.TEMPLATE).name
        connection.execute(f'DROP DATABASE IF EXISTS "{owner.name}"')
        connection.execute(f'CREATE DATABASE "{owner.name}" TEMPLATE "{template}"')
    around = env.surroundings(
        WERKBOTE_DATABASE_URL=owner.url(),
        WERKBOTE_DATABASE_APP_URL=database.application(name).url(),
        WERKBOTE_DATABASE_ROLE="owner",
    )
    words = ["-m", "django", "migrate", "store", "0001", "--skip-checks", "-v", "0"]
    subprocess.run([sys.executable, *words], env=around, check=True)
    there = dataclasses.replace(
        here.environment, owner=owner, application=database.application(name)
    )
    return Place(environment=there, said=[])
