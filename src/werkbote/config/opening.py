"""The door before the doors: a database that lacks erasures of the journal is not opened.

Run as a process of its own before web and worker start; it looks with the owner's login. With `--tables`, where
nothing has prepared the database just before, keys and tables are looked at too.
"""

import sys

from werkbote.config import env, login, schema
from werkbote.store import journal, vault


class UnableToOpen(Exception):
    """The system must not be opened with this database."""


def check(environment: env.Environment) -> None:
    """Raise UnableToOpen when the journal names erasures this database has never met."""
    lacking = missing(environment)
    if lacking:
        raise UnableToOpen(
            f"This database lacks {lacking} erasures of the journal, so it is older than they are "
            "(restored from a backup?): run “werkbote restore --replay”; it is not opened before."
        )


def check_tables(environment: env.Environment) -> None:
    """Raise schema.UnableToPrepare for a database of other keys, or without all tables of this release.

    Newer tables are no reason: a release may be rolled out host by host.
    """
    with schema.connect(login.as_owner(environment)) as connection:
        schema.check_version(connection)
        schema.check_keys(connection, environment)
        schema.check_complete(connection)


def missing(environment: env.Environment) -> int:
    """Return how many entries of the journal this database has never met."""
    entries = journal.read(environment.journal)
    if not entries:
        return 0
    with schema.connect(login.as_owner(environment)) as connection:
        ours = {row[0] for row in connection.execute("SELECT id FROM organisation").fetchall()}
        met = {row[0] for row in connection.execute("SELECT id FROM erasure_mark").fetchall()}
    return sum(entry.organisation in ours and entry.id not in met for entry in entries)


_TABLES = "--tables"
_TELLING = (
    UnableToOpen,
    journal.UnableToReadJournal,
    schema.UnableToPrepare,
    env.UnableToReadEnvironment,
    login.UnableToLogIn,
    vault.UnableToLoadKeys,
)


def main() -> int:
    """Return 0 when the system may be opened; else say why not, and how it can be, and return 1."""
    try:
        environment = env.read()
        if _TABLES in sys.argv[1:]:
            check_tables(environment)
        check(environment)
    except _TELLING as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
