"""The erasure journal: what is written stays, whoever writes at once, and what is damaged is said."""

import multiprocessing
import os
import resource
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from werkbote.store import journal

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def entry(number: int) -> journal.Entry:
    return journal.Entry(
        id=number, organisation=7, subject=number * 10, scope="person", at=AT + timedelta(0, number)
    )


def write(folder: Path, *numbers: int) -> Path:
    for number in numbers:
        journal.append(folder, entry(number))
    (file,) = journal.files(folder)
    return file


@pytest.mark.shows("R-30")
def test_what_is_written_is_read_again(tmp_path):
    write(tmp_path / "journal", 1, 2, 3)
    assert journal.read(tmp_path / "journal") == [entry(1), entry(2), entry(3)]


def test_journal_that_was_never_written_is_empty(tmp_path):
    assert journal.read(tmp_path / "none") == []


def test_journal_holds_numbers_and_is_for_us_alone(tmp_path):
    file = write(tmp_path / "journal", 1)
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700


def _append_many(folder: Path, first: int) -> None:
    for number in range(first, first + 20):
        journal.append(folder, entry(number))


def test_many_processes_append_without_losing_a_line(tmp_path):
    fork = multiprocessing.get_context("spawn")
    writers = [fork.Process(target=_append_many, args=(tmp_path, n)) for n in (100, 200, 300)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    expected = [n for first in (100, 200, 300) for n in range(first, first + 20)]
    assert sorted(found.id for found in journal.read(tmp_path)) == expected


def test_line_that_a_crash_tore_makes_room_for_the_next(tmp_path):
    file = write(tmp_path, 1)
    with file.open("ab") as torn:
        torn.write(b'{"id": 2, "organi')
    assert journal.read(tmp_path) == [entry(1)]
    write(tmp_path, 3)
    assert journal.read(tmp_path) == [entry(1), entry(3)]


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: text.replace(b'"subject": 20', b'"subject": 21'),
        lambda text: b"".join(text.splitlines(keepends=True)[:1] + text.splitlines(True)[2:]),
        lambda text: text.replace(b"{", b"", 1),
        lambda text: b"null\n" + text,
        lambda text: b"\xff\xfe\n" + text,
    ],
    ids=["changed", "taken out", "not JSON", "not ours", "not text"],
)
def test_damage_is_found_and_nothing_is_read(tmp_path, damage):
    file = write(tmp_path, 1, 2, 3)
    file.write_bytes(damage(file.read_bytes()))
    with pytest.raises(journal.UnableToReadJournal, match=r"is damaged at line \d: put this file"):
        journal.read(tmp_path)


def test_entry_after_a_damaged_line_is_refused(tmp_path):
    file = write(tmp_path, 1)
    file.write_bytes(b"nonsense\n")
    with pytest.raises(journal.UnableToWriteJournal, match="nothing is erased before"):
        journal.append(tmp_path, entry(2))


def test_journal_that_cannot_be_written_stops_the_erasure(tmp_path):
    (tmp_path / "journal").write_text("a file where the directory belongs")
    with pytest.raises(journal.UnableToWriteJournal, match="cannot be written"):
        journal.append(tmp_path / "journal", entry(1))


def _append_with_limit(folder: Path, limit: int) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    try:
        journal.append(folder, entry(2))
    except journal.UnableToWriteJournal:
        os._exit(3)


def test_full_disk_leaves_the_journal_as_it_was(tmp_path):
    file = write(tmp_path, 1)
    before = file.read_bytes()
    spawn = multiprocessing.get_context("spawn")
    writer = spawn.Process(target=_append_with_limit, args=(tmp_path, len(before) + 20))
    writer.start()
    writer.join()
    assert writer.exitcode == 3
    assert file.read_bytes() == before


def test_copy_from_a_backup_fills_what_is_missing_and_cuts_nothing(tmp_path):
    full = write(tmp_path / "full", 1, 2, 3).read_bytes()
    file = write(tmp_path / "here", 1, 2)
    journal.merge(tmp_path / "here", name=file.name, content=full)
    assert journal.read(tmp_path / "here") == [entry(1), entry(2), entry(3)]
    short = full[: full.index(b"\n") + 1]
    journal.merge(tmp_path / "here", name=file.name, content=short)
    assert file.read_bytes() == full
    journal.merge(tmp_path / "empty", name=file.name, content=full)
    assert journal.read(tmp_path / "empty") == [entry(1), entry(2), entry(3)]


def test_copy_that_tells_another_story_is_refused(tmp_path):
    other = write(tmp_path / "other", 5).read_bytes()
    file = write(tmp_path / "here", 1, 2)
    with pytest.raises(journal.UnableToReadJournal, match="contradict each other"):
        journal.merge(tmp_path / "here", name=file.name, content=other)
