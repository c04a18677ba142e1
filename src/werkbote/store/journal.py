"""The erasure journal: what was erased, kept outside the database, so that a restored backup forgets it again.

One append-only file per host (JSON lines), each line chained to the one before. It holds opaque
row numbers, a scope and a time, never contents (EDPB, 10.02.2026; BayLfD, 30th report, no. 12.5).
"""

import fcntl
import hashlib
import json
import os
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

_FIRST = "0" * 64
_PREFIX = "erasures-"
_PATTERN = f"{_PREFIX}*.jsonl"
_DIRECTORY_MODE, _FILE_MODE = 0o700, 0o600
_TAIL = 4096


class UnableToReadJournal(Exception):
    """The erasure journal is damaged or cannot be read."""


class UnableToWriteJournal(Exception):
    """An erasure cannot be written down, and so must not begin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One erasure: `subject` is the row number of who was erased, `scope` a code for how much of them."""

    id: int
    organisation: int
    subject: int
    scope: str
    at: datetime


def append(folder: Path, entry: Entry) -> None:
    """Write an entry down and return when it is on the disk; raise UnableToWriteJournal otherwise.

    Any number of processes may append at once. A line that a crash tore was never acknowledged and
    makes room for the next.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=_DIRECTORY_MODE)
        file = folder / f"{_PREFIX}{_host()}.jsonl"
        is_new = not file.exists()
        handle = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, _FILE_MODE)
        with os.fdopen(handle, "r+b", buffering=0) as journal:
            fcntl.flock(journal, fcntl.LOCK_EX)
            _write(journal, _line(entry, previous=_last_hash(journal)))
        if is_new:
            _sync_directory(folder)
    except OSError as error:
        raise UnableToWriteJournal(
            f"The erasure journal in {folder} cannot be written ({error.strerror}): make room and give "
            "this user permission there; nothing is erased before."
        ) from None


def _write(journal: BinaryIO, line: bytes) -> None:
    """Write the whole line and sync it, or leave the file as it was."""
    end = journal.seek(0, os.SEEK_END)
    try:
        left = memoryview(line)
        while left:
            left = left[journal.write(left) :]
        os.fsync(journal.fileno())
    except OSError:
        journal.truncate(end)
        raise


def _host() -> str:
    """Return a short name of this host for the file's name; hosts on a shared directory never meet."""
    return hashlib.sha256(socket.gethostname().encode()).hexdigest()[:12]


def _sync_directory(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _last_hash(journal: BinaryIO) -> str:
    """Return the hash of the last whole line; cut off what a crash left half-written behind it."""
    end = journal.seek(0, os.SEEK_END)
    start = max(0, end - _TAIL)
    journal.seek(start)
    tail = journal.read(end - start)
    whole = tail.rfind(b"\n") + 1
    if whole != len(tail):
        journal.truncate(start + whole)
    lines = tail[:whole].splitlines()
    try:
        return str(json.loads(lines[-1])["hash"]) if lines else _FIRST
    except (ValueError, KeyError, TypeError):
        raise UnableToWriteJournal(
            "The last line of the erasure journal is damaged: put the file back from the newest backup; "
            "nothing is erased before."
        ) from None


def _line(entry: Entry, *, previous: str) -> bytes:
    content = {
        "id": entry.id,
        "organisation": entry.organisation,
        "subject": entry.subject,
        "scope": entry.scope,
        "at": entry.at.astimezone(UTC).isoformat(),
        "previous": previous,
    }
    return json.dumps({**content, "hash": _hash(content)}).encode() + b"\n"


def _hash(content: dict[str, object]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def files(folder: Path) -> list[Path]:
    """Return the journal's files, one for each host that ever erased."""
    return sorted(folder.glob(_PATTERN))


def read(folder: Path) -> list[Entry]:
    """Return every entry of every host, oldest first; raise UnableToReadJournal at the first that is wrong."""
    found = {
        entry.id: entry for file in files(folder) for entry in parse(_bytes(file), name=str(file))
    }
    return sorted(found.values(), key=lambda entry: (entry.at, entry.id))


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise UnableToReadJournal(
            f"The erasure journal {file} cannot be read ({error.strerror}): give this user permission, "
            "or put it back from the newest backup."
        ) from None


def parse(content: bytes, *, name: str) -> Iterator[Entry]:
    """Yield the entries of one file's content; a last line without its end was never acknowledged."""
    previous = _FIRST
    for number, line in enumerate(content.split(b"\n")[:-1], 1):
        try:
            entry, previous = _understand(line, previous=previous)
        except (ValueError, KeyError, TypeError, AttributeError):
            raise UnableToReadJournal(
                f"The erasure journal {name} is damaged at line {number}: put this file back from the "
                "newest backup; nothing is opened before."
            ) from None
        yield entry


def _understand(line: bytes, *, previous: str) -> tuple[Entry, str]:
    """Return a line's entry and its hash; raise ValueError, KeyError or TypeError when it does not fit."""
    raw = json.loads(line)
    stated = raw.pop("hash")
    if raw["previous"] != previous or _hash(raw) != stated:
        raise ValueError("the line does not follow the one before it")
    entry = Entry(
        id=int(raw["id"]),
        organisation=int(raw["organisation"]),
        subject=int(raw["subject"]),
        scope=str(raw["scope"]),
        at=datetime.fromisoformat(raw["at"]),
    )
    return entry, stated


def merge(folder: Path, *, name: str, content: bytes) -> None:
    """Put a copy of a host's file back where it is missing or shorter here; raise when the two disagree."""
    file = folder / Path(name).name
    list(parse(content, name=name))
    here = _bytes(file) if file.exists() else b""
    shorter, longer = sorted((here, content), key=len)
    if not longer.startswith(shorter):
        raise UnableToReadJournal(
            f"The erasure journal {file} and its copy in the backup contradict each other: compare "
            "both by hand, and keep every line of both; nothing is opened before."
        )
    if len(content) <= len(here):
        return
    folder.mkdir(parents=True, exist_ok=True, mode=_DIRECTORY_MODE)
    fresh = file.with_suffix(".new")
    with fresh.open("wb") as written:
        written.write(content)
        written.flush()
        os.fsync(written.fileno())
    fresh.chmod(_FILE_MODE)
    fresh.replace(file)
    _sync_directory(folder)
