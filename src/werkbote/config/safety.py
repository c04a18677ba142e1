"""What the doctor says about backups, restore tests, keys and their copy, the erasure journal and the sweep."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

import psycopg

from werkbote.config import env, login, opening
from werkbote.domain import backup, privacy
from werkbote.store import journal, vault

_LATE, _MUCH_TOO_LATE = timedelta(hours=36), timedelta(days=7)
_ZONE = ZoneInfo("Europe/Berlin")
_OLD_KEY = timedelta(days=2 * 365)


class Look(NamedTuple):
    """One finding: the check, how it ended, what was found, what to do."""

    check: str
    state: Literal["ok", "warn", "fail"]
    text: str
    remedy: str = ""


def look(connection: psycopg.Connection, environment: env.Environment) -> Iterator[Look]:
    """Yield what there is to say, looking into database and journal with the owner's login."""
    now = datetime.now(UTC)
    made = _last(connection, "backup.made")
    yield _backup(environment, made, now=now)
    yield _drill(environment, _last(connection, "backup.drilled"), now=now)
    yield _key_file(connection, environment, made, now=now)
    yield _journal(connection, environment)
    yield _houses(connection, environment)
    yield _key_age(connection, now=now)
    yield _sweep(connection, now=now)


def _last(connection: psycopg.Connection, verb: str) -> datetime | None:
    row = connection.execute("SELECT max(at) FROM audit_entry WHERE verb = %s", [verb]).fetchone()
    found: datetime | None = row[0] if row else None
    return found


def _age(then: datetime, now: datetime) -> str:
    hours = int((now - then).total_seconds()) // 3600
    return f"{hours} hours" if hours < 72 else f"{hours // 24} days"  # noqa: PLR2004 -- words


def _backup(environment: env.Environment, made: datetime | None, *, now: datetime) -> Look:
    if not environment.backup.to:
        return Look(
            "backup",
            "warn",
            "No backups are set up: a lost disk would be the end of everything here.",
            "Set WERKBOTE_BACKUP_TO and WERKBOTE_BACKUP_RECIPIENTS; see docs/how-to/backup.md.",
        )
    remedy = "Run “werkbote backup” and look at what it says."
    if made is None:
        return Look("backup", "warn", "No backup has been made yet.", remedy)
    text = f"The last backup is {_age(made, now)} old."
    if now - made > _LATE:
        return Look("backup", "fail" if now - made > _MUCH_TOO_LATE else "warn", text, remedy)
    return Look("backup", "ok", text)


def _drill(environment: env.Environment, tested: datetime | None, *, now: datetime) -> Look:
    remedy = "Run “werkbote drill”: a restore must be tested every quarter (Art. 32(1)(d))."
    if tested is None:
        state: Literal["ok", "warn"] = "warn" if environment.backup.to else "ok"
        return Look("restore test", state, "No restore has been tested yet.", remedy)
    text = f"The last restore test is {_age(tested, now)} old."
    if now - tested > backup.DRILL_EVERY:
        return Look("restore test", "warn", text, remedy)
    return Look("restore test", "ok", text)


def _key_file(
    connection: psycopg.Connection,
    environment: env.Environment,
    made: datetime | None,
    *,
    now: datetime,
) -> Look:
    """Say what would be lost with the key file before it can happen, and whether a copy is known."""
    counts = connection.execute(
        "SELECT (SELECT count(*) FROM person), (SELECT count(*) FROM message)"
    ).fetchone() or (0, 0)
    lost = (
        f"Without {environment.key_file} nobody can ever read the data of {counts[0]} people and "
        f"{counts[1]} messages again, not even from a backup."
    )
    said = environment.backup
    kept = timedelta(days=said.keys_keep_days)
    if made is None or now - made > kept:
        return Look(
            "key copy",
            "warn",
            f"{lost} No copy of it is known.",
            "Set up backups, or keep a copy of the file apart from the data.",
        )
    if said.keys_to.startswith(said.to.rstrip("/") + "/") or said.keys_to == said.to:
        return Look(
            "key copy",
            "warn",
            f"{lost} Its copy lies beside the copy of the data.",
            "Set WERKBOTE_BACKUP_KEYS_TO to another place: who finds one must not find both.",
        )
    return Look("key copy", "ok", f"{lost} A copy is {_age(made, now)} old.")


def _journal(connection: psycopg.Connection, environment: env.Environment) -> Look:
    try:
        here = {entry.id for entry in journal.read(environment.journal)}
    except journal.UnableToReadJournal as error:
        text, _, remedy = str(error).partition(": ")
        return Look("journal", "fail", f"{text}.", remedy[:1].upper() + remedy[1:])
    lacking = opening.missing(environment)
    if lacking:
        return Look(
            "journal",
            "fail",
            f"This database lacks {lacking} erasures of the journal.",
            "Stop Werkbote and run “werkbote restore --replay”.",
        )
    rows = connection.execute("SELECT id FROM erasure_mark WHERE settled_at IS NOT NULL").fetchall()
    lost = sum(row[0] not in here for row in rows)
    if lost:
        return Look(
            "journal",
            "fail",
            f"The journal in {environment.journal} lacks {lost} erasures this database knows.",
            "Let all hosts share one WERKBOTE_JOURNAL, and put lost files back from the newest backup.",
        )
    return Look("journal", "ok", f"The journal holds {len(here)} erasures, all known here.")


def _houses(connection: psycopg.Connection, environment: env.Environment) -> Look:
    """Say whose keys do not open: nothing that needs them is done for that organisation."""
    rows = connection.execute(
        "SELECT id, key_name, key_wrapped, index_wrapped FROM organisation ORDER BY id"
    ).fetchall()
    keys = login.installation(environment)
    shut = []
    for organisation, name, main, index in rows:
        try:
            for column, wrapped in (("key_wrapped", main), ("index_wrapped", index)):
                keys.unwrap(bytes(wrapped), organisation=organisation, column=column, name=name)
        except vault.UnableToOpen:
            shut.append(str(organisation))
    if shut:
        return Look(
            "organisation keys",
            "fail",
            f"The keys of these organisations do not open: {', '.join(shut)}. Intake, sending and "
            "nightly upkeep go on for the others only.",
            f"Put back into {environment.key_file} the keys they were sealed with.",
        )
    return Look("organisation keys", "ok", f"The keys of {len(rows)} organisations open.")


def _key_age(connection: psycopg.Connection, *, now: datetime) -> Look:
    rows = connection.execute("SELECT DISTINCT key_name FROM organisation").fetchall()
    names = sorted(row[0] for row in rows)
    old = []
    for name in names:
        try:
            born = datetime.strptime(f"{name[:7]}-01", "%Y-%m-%d").replace(tzinfo=UTC)
        except ValueError:
            continue
        if now - born > _OLD_KEY:
            old.append(name)
    if old:
        return Look(
            "key age",
            "warn",
            f"The key {old[0]} is older than two years.",
            "Run “werkbote keys rotate”; nothing has to be stopped for it.",
        )
    return Look("key age", "ok", "The keys are younger than two years.")


_SWEPT = """
SELECT max(m.day) FROM organisation o JOIN retention_mark m ON m.organisation_id = o.id
GROUP BY o.id ORDER BY 1 LIMIT 1
"""


def _sweep(connection: psycopg.Connection, *, now: datetime) -> Look:
    row = connection.execute(_SWEPT).fetchone()
    if row is None:
        return Look("sweep", "ok", "No night has passed yet that had something to delete.")
    text = f"The last nightly sweep of every organisation is of {row[0]}, or later."
    if privacy.is_missed(row[0], day=now.astimezone(_ZONE).date()):
        return Look(
            "sweep",
            "fail",
            f"The nightly sweep has not run since {row[0]}: personal data is kept too long.",
            "Look whether the worker runs (werkbote worker) and what it logs.",
        )
    return Look("sweep", "ok", text)
