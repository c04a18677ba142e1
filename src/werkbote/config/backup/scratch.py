"""Databases made for a test or a restore: made empty, thrown away, or put in the place of the one that runs."""

import contextlib
import dataclasses
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import psycopg
from psycopg import sql

from werkbote.config import env, schema
from werkbote.domain import backup

_LOCK, _CREATION = 0x57_42_42, 0x57_42_43
_SCRATCH, _BEFORE = "_scratch_", "_before_"
_LONGEST = 63
_ENDING_SECONDS = 20.0
KEEP_BEFORE = timedelta(days=7)
"""How long the database that a restore replaced is kept, in case the restore was a mistake."""


class UnableToMake(Exception):
    """No further database can be made, or another run is busy; the one that runs was not touched."""


def maintenance(owner: env.Login) -> psycopg.Connection:
    """Connect beside the installation's own database, which can be renamed from here."""
    with contextlib.suppress(schema.UnableToPrepare):
        return schema.connect(dataclasses.replace(owner, name="postgres"))
    return schema.connect(dataclasses.replace(owner, name="template1"))


@contextmanager
def alone(owner: env.Login) -> Iterator[None]:
    """Be the only backup, restore or drill of this database; clear away what a killed one left."""
    with maintenance(owner) as connection:
        key = f"{owner.name}"
        query = "SELECT pg_try_advisory_lock(%s, hashtext(%s))"
        row = connection.execute(query, [_LOCK, key]).fetchone()
        if row is None or not row[0]:
            raise UnableToMake(
                "Another backup, restore or drill of this database is running: wait for it."
            )
        _clear(connection, owner)
        yield


def _clear(connection: psycopg.Connection, owner: env.Login) -> None:
    """Drop what killed runs left, once the server is done with a creation whose client is already dead."""
    connection.execute("SELECT pg_advisory_lock(%s, hashtext(%s))", [_CREATION, owner.name])
    connection.execute("SELECT pg_advisory_unlock(%s, hashtext(%s))", [_CREATION, owner.name])
    for name in _named(connection, owner.name + _SCRATCH):
        _drop(connection, name)


def _named(connection: psycopg.Connection, prefix: str) -> list[str]:
    query = "SELECT datname FROM pg_database WHERE starts_with(datname, %s) ORDER BY datname"
    return [row[0] for row in connection.execute(query, [prefix]).fetchall()]


def _drop(connection: psycopg.Connection, name: str) -> None:
    """Drop a database; wait for sessions of the application that are ending and are not ours to end."""
    query = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    deadline = time.monotonic() + _ENDING_SECONDS
    while True:
        try:
            connection.execute(query)
        except (psycopg.errors.InsufficientPrivilege, psycopg.errors.ObjectInUse):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
        else:
            return


def forget_before(owner: env.Login, *, at: datetime) -> list[str]:
    """Drop databases that a restore replaced long enough ago; return their names."""
    gone = []
    with maintenance(owner) as connection:
        prefix = owner.name + _BEFORE
        for name in _named(connection, prefix):
            stamp = name.removeprefix(prefix).upper()
            if backup.is_name(stamp) and at - backup.instant(stamp) > KEEP_BEFORE:
                _drop(connection, name)
                gone.append(name)
    return gone


@contextmanager
def database(owner: env.Login) -> Iterator[env.Login]:
    """Yield the owner's login to a fresh empty database; drop it at the end unless it was promoted."""
    name = f"{owner.name}{_SCRATCH}{secrets.token_hex(4)}"
    if len(name) > _LONGEST:
        raise UnableToMake(
            f"The name {owner.name} is too long for a restore beside it: shorten it."
        )
    with maintenance(owner) as connection:
        connection.execute("SELECT pg_advisory_lock(%s, hashtext(%s))", [_CREATION, owner.name])
        try:
            connection.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name))
            )
        except psycopg.errors.InsufficientPrivilege:
            raise UnableToMake(
                f"{owner.user} may not create a database to restore into: run “ALTER ROLE {owner.user} "
                "CREATEDB” as a superuser."
            ) from None
        except psycopg.errors.DiskFull:
            raise UnableToMake(
                "The database server's disk is full: make room there; nothing was changed."
            ) from None
    try:
        yield dataclasses.replace(owner, name=name)
    finally:
        with maintenance(owner) as connection:
            _drop(connection, name)


def promote(owner: env.Login, fresh: env.Login, *, at: datetime) -> str:
    """Put `fresh` in the place of the installation's database in one step; return the old one's name."""
    old = f"{owner.name}{_BEFORE}{backup.name(at).lower()}"
    rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
    with maintenance(owner) as connection:
        try:
            with connection.transaction():
                for one, other in ((owner.name, old), (fresh.name, owner.name)):
                    connection.execute(rename.format(sql.Identifier(one), sql.Identifier(other)))
        except psycopg.errors.ObjectInUse:
            raise UnableToMake(
                f"Somebody is still working with the database {owner.name}: stop Werkbote on every host, "
                "then restore again; nothing was changed."
            ) from None
    return old
