"""A consistent copy of one database as files, and a database from such files, with PostgreSQL's own programs.

Keys of people do not travel with the data: their column is left empty in the copy and goes into the
archive of the keys, which lives for days only. Whoever is erased is missing from the next archive, and
what older backups hold of them stays noise.
"""

import re
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import psycopg
from psycopg import sql

from werkbote.config import cluster, env, schema
from werkbote.domain import backup
from werkbote.store import personal_data

_WITHOUT_ROWS = ("django_session",)
"""Tables whose rows are worth nothing later: whoever was signed in signs in again."""

_CHAINS = {"audit": "audit_entry", "consent": "consent_event"}
_FULL = ("No space left", "could not extend", "Disk quota", "could not write")

_CAPITAL = re.compile(r"(?<!^)(?=[A-Z])")


class UnableToDump(Exception):
    """The database cannot be copied."""


class UnableToLoad(Exception):
    """A database cannot be made from a backup; the one that runs was not touched."""


def key_tables(connection: psycopg.Connection) -> list[backup.KeyTable]:
    """Return the tables with keys of people, as the table of personal fields knows them."""
    found = []
    for table in personal_data.TABLES:
        for field in table.fields:
            if field.kind is personal_data.Kind.KEY and field.whose is personal_data.Whose.PERSON:
                name = _CAPITAL.sub("_", table.model.rpartition(".")[2]).lower()
                found.append(_described(connection, name, field.name))
    return [one for one in found if one.columns]


def _described(connection: psycopg.Connection, table: str, column: str) -> backup.KeyTable:
    query = (
        "SELECT attname FROM pg_attribute WHERE attrelid = to_regclass(%s) AND attnum > 0"
        " AND NOT attisdropped AND attgenerated = '' ORDER BY attnum"
    )
    columns = [row[0] for row in connection.execute(query, [f"public.{table}"]).fetchall()]
    return backup.KeyTable(table=table, column=column, columns=columns)


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """One instant of the database, held open: everything read through it belongs together."""

    connection: psycopg.Connection
    name: str
    facts: backup.Facts
    tables: Sequence[backup.KeyTable]


@contextmanager
def snapshot(owner: env.Login) -> Iterator[Snapshot]:
    """Hold one instant of the database while it is copied."""
    with schema.connect(owner) as connection:
        connection.execute("SET idle_in_transaction_session_timeout = 0")
        connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        row = connection.execute("SELECT pg_export_snapshot()").fetchone()
        yield Snapshot(
            connection=connection,
            name=row[0] if row else "",
            facts=facts(connection),
            tables=key_tables(connection),
        )


def facts(connection: psycopg.Connection) -> backup.Facts:
    """Return rows per table, ends of the chains and applied migrations."""
    tables = [
        row[0]
        for row in connection.execute(
            "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND NOT relispartition"
            " AND relnamespace = 'public'::regnamespace ORDER BY relname"
        ).fetchall()
        if row[0] not in _WITHOUT_ROWS
    ]
    heads = {}
    query = sql.SQL(
        "SELECT DISTINCT ON (organisation_id) organisation_id, position, hash::text"
        " FROM {} ORDER BY organisation_id, position DESC"
    )
    for name, chain in _CHAINS.items():
        rows = connection.execute(query.format(sql.Identifier(chain))).fetchall()
        for organisation, position, digest in rows:
            heads[f"{name}/{organisation}"] = f"{position} {digest}"
    applied = connection.execute("SELECT app, name FROM django_migrations ORDER BY 1, 2").fetchall()
    return backup.Facts(
        counts={table: _count(connection, table) for table in tables},
        heads=heads,
        migrations=[f"{app}.{name}" for app, name in applied],
    )


def _count(connection: psycopg.Connection, table: str) -> int:
    query = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))
    row = connection.execute(query).fetchone()
    return int(row[0]) if row else 0


def dump(
    programs: Path, owner: env.Login, held: Snapshot, take: Callable[[IO[bytes]], None]
) -> None:
    """Let `take` read the archive of the database; raise UnableToDump when it does not come whole."""
    without = [*_WITHOUT_ROWS, *(one.table for one in held.tables)]
    words = [
        str(programs / "pg_dump"),
        "--format=custom",
        "--compress=gzip:1",
        "--no-owner",
        "--no-acl",
        f"--snapshot={held.name}",
        *(f"--exclude-table-data=public.{table}" for table in without),
        f"--dbname={_address(owner)}",
    ]
    with _program(words, owner) as process:
        try:
            if process.stdout is not None:
                take(process.stdout)
        except BaseException:
            process.kill()
            raise
        said = process.stderr.read().decode(errors="replace") if process.stderr else ""
        if process.wait():
            raise UnableToDump(
                f"The database cannot be copied: {_last(said)}. Check free space, and that pg_dump in "
                f"{programs} is as new as the server (WERKBOTE_DATABASE_PROGRAMS)."
            )


@contextmanager
def _program(
    words: Sequence[str], owner: env.Login, stdin: int = subprocess.DEVNULL
) -> Iterator["subprocess.Popen[bytes]"]:
    """Run one of PostgreSQL's programs; the password travels in its environment, not in its words."""
    around = {**cluster.surroundings(), "PGPASSWORD": owner.password}
    with subprocess.Popen(
        words, stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=around
    ) as process:
        yield process


def _address(owner: env.Login) -> str:
    """Return the address without its password."""
    host, _, rest = owner.url().partition("@")
    scheme, _, who = host.partition("://")
    return f"{scheme}://{who.partition(':')[0]}@{rest}"


def _last(said: str) -> str:
    lines = [line for line in said.splitlines() if line.strip()]
    return lines[-1].strip().rstrip(".") if lines else "it gave no reason"


def copy_rows(held: Snapshot, table: backup.KeyTable, take: Callable[[bytes], object]) -> None:
    """Hand over the rows of a table with the key left empty, in PostgreSQL's binary copy format."""
    shown = [
        sql.SQL("''::bytea") if column == table.column else sql.Identifier(column)
        for column in table.columns
    ]
    _copy(held.connection, shown, table, take)


def copy_keys(held: Snapshot, table: backup.KeyTable, take: Callable[[bytes], object]) -> None:
    """Hand over row numbers and keys alone."""
    _copy(held.connection, [sql.Identifier("id"), sql.Identifier(table.column)], table, take)


def _copy(
    connection: psycopg.Connection,
    shown: Sequence[sql.Composable],
    table: backup.KeyTable,
    take: Callable[[bytes], object],
) -> None:
    query = sql.SQL("COPY (SELECT {} FROM {} ORDER BY id) TO STDOUT (FORMAT binary)").format(
        sql.SQL(", ").join(shown), sql.Identifier(table.table)
    )
    with connection.cursor().copy(query) as copy:
        for block in copy:
            take(bytes(block))


def load(programs: Path, target: env.Login, archive: Path, section: str) -> None:
    """Restore one section (pre-data, data, post-data) of an archive into an empty database."""
    words = [
        str(programs / "pg_restore"),
        "--no-owner",
        "--no-acl",
        "--exit-on-error",
        f"--section={section}",
        f"--dbname={_address(target)}",
        str(archive),
    ]
    with _program(words, target) as process:
        _, said = process.communicate()
    text = said.decode(errors="replace")
    if process.returncode:
        if any(sign in text for sign in _FULL):
            raise UnableToLoad(
                "The database server's disk is full: make room there and start again; nothing was changed."
            )
        raise UnableToLoad(
            f"The backup cannot be restored: {_last(text)}. Use another backup, or a PostgreSQL as new "
            "as the one it came from; nothing was changed."
        )


def load_rows(
    connection: psycopg.Connection, table: str, columns: Sequence[str], file: Path
) -> None:
    """Put rows back that `copy_rows` handed over."""
    query = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT binary)").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    _feed(connection, query, file)


def load_keys(connection: psycopg.Connection, table: str, column: str, file: Path) -> int:
    """Give rows their keys back; return how many rows stay without one, which nobody can read again."""
    names = {"table": sql.Identifier(table), "column": sql.Identifier(column)}
    with connection.transaction():
        connection.execute(
            "CREATE TEMPORARY TABLE came_back (id bigint, secret bytea) ON COMMIT DROP"
        )
        _feed(connection, sql.SQL("COPY came_back FROM STDIN (FORMAT binary)"), file)
        query = sql.SQL(
            "UPDATE {table} t SET {column} = c.secret FROM came_back c WHERE c.id = t.id"
        )
        connection.execute(query.format(**names))
    query = sql.SQL("SELECT count(*) FROM {table} WHERE {column} = ''")
    row = connection.execute(query.format(**names)).fetchone()
    return int(row[0]) if row else 0


def _feed(connection: psycopg.Connection, query: sql.Composed | sql.SQL, file: Path) -> None:
    try:
        with file.open("rb") as source, connection.cursor().copy(query) as copy:
            while block := source.read(1 << 20):
                copy.write(block)
    except psycopg.Error as error:
        said = str(error).strip().splitlines()[0]
        raise UnableToLoad(
            f"Rows of the backup cannot be put back ({said}): use another backup; nothing was changed."
        ) from None
