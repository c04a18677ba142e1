"""Brings a database to the state this release needs: version, application role, tables.

Run in its own process as the owner. Every host may run it at every start: a lock lets one work.
"""

import sys
from datetime import UTC, datetime

import psycopg
from psycopg import sql

from werkbote.config import env, login, translations
from werkbote.store import vault

OLDEST_MAJOR = 15
_LOCK = 0x5745524B
_NEW_INSTALLATION = "--new-installation"

type _Step = tuple[str, str]


class UnableToPrepare(Exception):
    """The database cannot be brought to the state this release needs."""


def prepare(environment: env.Environment) -> None:
    """Create the application's role and migrate; raise UnableToPrepare with the remedy."""
    owner = login.as_owner(environment)
    with connect(owner) as connection:
        check_version(connection)
        connection.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        check_keys(connection, environment)
        application = login.application(environment)
        _ensure_role(connection, owner=owner, application=application)
        check_role(application)
        check_history(connection)
        _migrate()


def check_keys(connection: psycopg.Connection, environment: env.Environment) -> None:
    """Raise UnableToPrepare when the data was sealed with other keys than ours."""
    row = _any_organisation(connection)
    if row is None:
        return
    organisation, name, wrapped = row
    try:
        login.installation(environment).unwrap(
            bytes(wrapped), organisation=organisation, column="key_wrapped", name=name
        )
    except vault.UnableToOpen:
        raise UnableToPrepare(
            f"The key file {environment.key_file} does not belong to this database: put back the "
            "key file the installation was made with; nothing was changed."
        ) from None


def _any_organisation(connection: psycopg.Connection) -> tuple[int, str, bytes] | None:
    known = connection.execute("SELECT to_regclass('public.organisation')").fetchone()
    if known is None or known[0] is None:
        return None
    query = "SELECT id, key_name, key_wrapped FROM organisation ORDER BY id LIMIT 1"
    return connection.execute(query).fetchone()


def create_keys(environment: env.Environment) -> None:
    """Make the key file of a new installation; leave an existing one; refuse where data exists."""
    if environment.keys or environment.key_file.exists():
        return
    with connect(login.as_owner(environment)) as connection:
        if _any_organisation(connection) is not None:
            login.installation(environment)
    vault.create(environment.key_file, name=f"{datetime.now(UTC):%Y-%m}")


def check_role(application: env.Login) -> None:
    """Raise UnableToPrepare when the application cannot log in, or could see past the walls."""
    query = (
        "SELECT rolsuper OR rolbypassrls, pg_has_role(current_user, d.datdba, 'MEMBER')"
        " FROM pg_roles, pg_database d WHERE rolname = current_user"
        " AND d.datname = current_database()"
    )
    with connect(application) as connection:
        row = connection.execute(query).fetchone()
    if row is None or row[0] or row[1]:
        raise UnableToPrepare(
            f"The role {application.user} could see past the walls between organisations (it is a "
            "superuser, has BYPASSRLS or owns the database): name a plain role in "
            "WERKBOTE_DATABASE_APP_URL."
        )


def check_complete(connection: psycopg.Connection) -> None:
    """Raise UnableToPrepare when the tables lack something of this release."""
    missing = set(_steps()) - _applied(connection)
    if missing:
        raise UnableToPrepare(
            f"The database is older than this release ({len(missing)} migrations are "
            "missing): run “werkbote migrate”."
        )


def check_current(environment: env.Environment) -> None:
    """Raise UnableToPrepare when the tables are not exactly those of this release."""
    with connect(login.as_owner(environment)) as connection:
        check_complete(connection)
        applied = _applied(connection)
    steps = _steps()
    known, replaced = set(steps), set().union(*steps.values())
    ours = {app for app, _ in known}
    if {step for step in applied - known - replaced if step[0] in ours}:
        raise UnableToPrepare(
            "The database is newer than this release: update Werkbote on this host."
        )


def check_history(connection: psycopg.Connection) -> None:
    """Raise UnableToPrepare for a database that stopped amid steps this release has made into one."""
    applied = _applied(connection)
    for step, replaced in _steps().items():
        missing = sorted(replaced - applied)
        if step not in applied and missing and replaced & applied:
            raise UnableToPrepare(
                f"The database is too old for this release (the step {missing[0][1]} is missing): "
                "run “werkbote migrate” once with the last release that has it; nothing was changed."
            )


def _applied(connection: psycopg.Connection) -> set[_Step]:
    row = connection.execute("SELECT to_regclass('public.django_migrations')").fetchone()
    if row is None or row[0] is None:
        return set()
    rows = connection.execute("SELECT app, name FROM django_migrations").fetchall()
    return {(app, name) for app, name in rows}


def _steps() -> dict[_Step, set[_Step]]:
    """Return the migrations of this release, each with those it stands for."""
    import django  # noqa: PLC0415 -- slow import
    from django.db.migrations.loader import MigrationLoader  # noqa: PLC0415 -- slow import

    django.setup()
    loader = MigrationLoader(None, ignore_no_migrations=True)
    return {step: set(one.replaces) for step, one in loader.disk_migrations.items()}


def connect(who: env.Login) -> psycopg.Connection:
    """Open a connection; raise UnableToPrepare with where and why not."""
    try:
        return psycopg.connect(who.url(), autocommit=True, connect_timeout=15)
    except psycopg.OperationalError as error:
        said = str(error).strip().splitlines()[0].rpartition("failed: ")[2]
        raise UnableToPrepare(
            f"The database {who.name} at {who.host} cannot be reached as {who.user}: {said}. "
            "Check WERKBOTE_DATABASE_URL and that the server runs."
        ) from None


def check_version(connection: psycopg.Connection) -> None:
    """Raise UnableToPrepare when the server is too old."""
    major = connection.info.server_version // 10000
    if major < OLDEST_MAJOR:
        raise UnableToPrepare(
            f"The server is PostgreSQL {major}: Werkbote needs {OLDEST_MAJOR} or newer."
        )


def _ensure_role(
    connection: psycopg.Connection, *, owner: env.Login, application: env.Login
) -> None:
    """Create the role if it is missing, with what it may do; give ours its password again."""
    query = "SELECT 1 FROM pg_roles WHERE rolname = %s"
    exists = connection.execute(query, [application.user]).fetchone() is not None
    role = sql.Identifier(application.user)
    secret = connection.pgconn.encrypt_password(
        application.password.encode(), application.user.encode(), b"scram-sha-256"
    ).decode()
    rules = "LOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB NOBYPASSRLS PASSWORD {}"
    try:
        if not exists:
            command = sql.SQL(f"CREATE ROLE {{}} {rules}")
            connection.execute(command.format(role, sql.Literal(secret)))
        elif not _can_log_in(application):
            connection.execute(
                sql.SQL("ALTER ROLE {} PASSWORD {}").format(role, sql.Literal(secret))
            )
    except psycopg.errors.InsufficientPrivilege:
        raise UnableToPrepare(
            f"{owner.user} may not create or change the role {application.user}: run “ALTER ROLE "
            f"{owner.user} CREATEROLE” as a superuser, or create a plain role yourself and name it "
            "in WERKBOTE_DATABASE_APP_URL."
        ) from None
    _grant(connection, role)


def _can_log_in(application: env.Login) -> bool:
    try:
        with psycopg.connect(application.url(), connect_timeout=15):
            return True
    except psycopg.OperationalError:
        return False


def _grant(connection: psycopg.Connection, role: sql.Identifier) -> None:
    """Let the role work with tables made from now on, and with those made before it was known."""
    known = connection.execute(
        "SELECT 1 FROM pg_default_acl a, aclexplode(a.defaclacl) e"
        " WHERE a.defaclrole = current_user::regrole AND e.grantee = %s::regrole",
        [role.as_string(connection)],
    ).fetchone()
    if known:
        return
    defaults = "ALTER DEFAULT PRIVILEGES IN SCHEMA public"
    commands = [
        "GRANT USAGE ON SCHEMA public TO {}",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {}",
        "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {}",
        f"{defaults} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {{}}",
        f"{defaults} GRANT USAGE, SELECT ON SEQUENCES TO {{}}",
    ]
    with connection.transaction():
        for command in commands:
            connection.execute(sql.SQL(command).format(role))


def _migrate() -> None:
    import django  # noqa: PLC0415 -- slow import
    from django.core.management import call_command  # noqa: PLC0415 -- slow import

    django.setup()
    call_command("migrate", verbosity=0, interactive=False)


_TELLING = (
    UnableToPrepare,
    env.UnableToReadEnvironment,
    login.UnableToLogIn,
    vault.UnableToLoadKeys,
)


def main() -> int:
    """Prepare the database of this environment and return the exit code."""
    try:
        environment = env.read()
        if _NEW_INSTALLATION in sys.argv[1:]:
            create_keys(environment)
        prepare(environment)
        translations.compile_all()
    except _TELLING as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
