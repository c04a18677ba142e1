"""One organisation never sees or touches another's rows, whatever SQL the application runs."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.db import connection, models
from psycopg import sql
from psycopg.rows import dict_row

from tests import servers
from tests.store import rows
from werkbote.store import scope

OPEN_TABLES = {
    "auth_group",
    "auth_group_permissions",
    "auth_permission",
    "django_content_type",
    "django_migrations",
    "django_session",
    "procrastinate_events",
    "procrastinate_jobs",
    "procrastinate_periodic_defers",
    "procrastinate_workers",
}
"""Tables of the frameworks: they hold no organisation's rows."""

WALLED = sorted(model._meta.db_table for model in rows.tables())
TABLES = pytest.mark.parametrize("table", WALLED)


@pytest.fixture(scope="module")
def pair(database: servers.Run) -> tuple[int, int]:
    """Ids of two organisations with a row in every table."""
    assert database.home.exists()
    return rows.organisation(), rows.organisation()


@pytest.fixture
def application(database: servers.Run, worker_id: str) -> Iterator[psycopg.Connection[Any]]:
    """A bare connection of the application's role."""
    login = database.application("main" if worker_id == "master" else worker_id)
    with psycopg.connect(login.url(), autocommit=True) as made:
        yield made


def enter(application: psycopg.Connection[Any], organisation: int | str) -> None:
    application.execute(
        "SELECT set_config('werkbote.organisation', %s, false)", [str(organisation)]
    )


def statement(text: str, table: str) -> sql.Composed:
    return sql.SQL(text).format(sql.Identifier(table))


@TABLES
@pytest.mark.shows("S-05", "R-07")
def test_an_organisation_sees_its_own_rows_alone(
    application: psycopg.Connection[Any], pair: tuple[int, int], table: str
) -> None:
    for own in pair:
        enter(application, own)
        seen = application.execute(statement("SELECT DISTINCT organisation_id FROM {}", table))
        assert seen.fetchall() == [(own,)]


@TABLES
@pytest.mark.parametrize("setting", [None, "", "0"])
def test_nobody_sees_a_row_without_an_organisation(
    application: psycopg.Connection[Any], pair: tuple[int, int], table: str, setting: str | None
) -> None:
    assert pair[0] != pair[1]
    if setting is not None:
        enter(application, setting)
    seen = application.execute(statement("SELECT count(*) FROM {}", table)).fetchone()
    assert seen == (0,)


@TABLES
@pytest.mark.parametrize(
    "command",
    [
        "UPDATE {} SET organisation_id = organisation_id WHERE organisation_id = %s",
        "DELETE FROM {} WHERE organisation_id = %s",
    ],
)
def test_another_organisations_rows_cannot_be_touched(
    application: psycopg.Connection[Any], pair: tuple[int, int], table: str, command: str
) -> None:
    other, own = pair
    enter(application, own)
    assert application.execute(statement(command, table), [other]).rowcount == 0


@TABLES
def test_a_row_cannot_be_inserted_for_another_organisation(
    application: psycopg.Connection[Any],
    owner: psycopg.Connection[Any],
    pair: tuple[int, int],
    table: str,
) -> None:
    other, own = pair
    found = owner.execute(
        statement("SELECT row_to_json(t) FROM {} t WHERE organisation_id = %s", table), [other]
    ).fetchone()
    assert found is not None
    enter(application, own)
    command = sql.SQL("INSERT INTO {0} SELECT * FROM json_populate_record(NULL::{0}, %s)").format(
        sql.Identifier(table)
    )
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level security"):
        application.execute(command, [psycopg.types.json.Json(found[0])])


@TABLES
def test_an_own_row_cannot_be_given_away(
    application: psycopg.Connection[Any], pair: tuple[int, int], table: str
) -> None:
    other, own = pair
    enter(application, own)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        application.execute(statement("UPDATE {} SET organisation_id = %s", table), [other])


def test_an_organisation_sees_only_itself(
    application: psycopg.Connection[Any], pair: tuple[int, int]
) -> None:
    enter(application, pair[0])
    assert application.execute("SELECT id FROM organisation").fetchall() == [(pair[0],)]
    assert application.execute("DELETE FROM organisation WHERE id = %s", [pair[1]]).rowcount == 0


def test_every_table_is_walled_or_named_as_open(owner: psycopg.Connection[Any]) -> None:
    found = owner.execute(
        "SELECT relname, relrowsecurity AND EXISTS (SELECT FROM pg_policy WHERE polrelid = c.oid)"
        " FROM pg_class c WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace"
    ).fetchall()
    assert sorted(name for name, walled in found if walled) == sorted([*WALLED, "organisation"])
    assert {name for name, walled in found if not walled} - OPEN_TABLES == set()


def test_every_model_of_ours_belongs_to_an_organisation() -> None:
    names = {model._meta.db_table for model in apps.get_app_config("store").get_models()}
    assert names - set(WALLED) - OPEN_TABLES == {"organisation"}


def test_signing_in_opens_the_one_member_with_that_address(pair: tuple[int, int]) -> None:
    member: type[models.Model] = apps.get_model("store", "Member")
    with scope.looking(organisation=pair[0]):
        known = member.objects.values_list("id", "email_hash").get()
    with scope.signing_in(email_hash=bytes(known[1])):
        assert list(member.objects.values_list("id", flat=True)) == [known[0]]
    with scope.being(member=known[0]):
        assert list(member.objects.values_list("id", flat=True)) == [known[0]]
    with scope.signing_in(email_hash=b"unknown"):
        assert not member.objects.exists()


def test_a_webhook_opens_the_one_number_with_that_address(pair: tuple[int, int]) -> None:
    number: type[models.Model] = apps.get_model("store", "Number")
    with scope.looking(organisation=pair[0]):
        known = number.objects.values_list("id", "hook_slug").get()
    with scope.at_hook(slug=known[1]):
        assert list(number.objects.values_list("id", flat=True)) == [known[0]]
    with scope.at_hook(slug="unknown"):
        assert not number.objects.exists()


def test_the_setting_ends_with_the_transaction(pair: tuple[int, int]) -> None:
    with scope.transaction(organisation=pair[0]):
        pass
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('werkbote.organisation', true)")
        assert (cursor.fetchone() or ("unset",))[0] in {"", None}


def test_the_functions_that_look_across_answer_ids_and_times_only(
    owner: psycopg.Connection[Any],
) -> None:
    found = owner.execute(
        "SELECT proname, pg_get_function_result(oid) FROM pg_proc WHERE prosecdef"
        " AND pronamespace = 'public'::regnamespace"
    ).fetchall()
    allowed = {"bigint", "SETOF bigint", "timestamp with time zone"}
    told = {
        (name, kind)
        for name, result in found
        for kind in (
            [part.split(" ", 1)[1] for part in result[6:-1].split(", ")]
            if result.startswith("TABLE(")
            else [result]
        )
    }
    assert {(name, kind) for name, kind in told if kind not in allowed} == set()


def test_the_application_role_owns_nothing_and_is_nobody_else(
    application: psycopg.Connection[Any],
) -> None:
    with application.cursor(row_factory=dict_row) as cursor:
        cursor.execute(
            "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication"
            " FROM pg_roles WHERE rolname = current_user"
        )
        assert cursor.fetchone() == dict.fromkeys(
            ["rolsuper", "rolbypassrls", "rolcreaterole", "rolcreatedb", "rolreplication"], False
        )
    owned = "SELECT count(*) FROM pg_class WHERE pg_get_userbyid(relowner) = current_user"
    assert application.execute(owned).fetchone() == (0,)
    others = (
        "SELECT rolname FROM pg_roles WHERE rolname <> current_user"
        " AND pg_has_role(current_user, oid, 'MEMBER')"
    )
    assert application.execute(others).fetchall() == []


@pytest.mark.parametrize(
    "command",
    [
        "SET ROLE {owner}",
        "SET SESSION AUTHORIZATION {owner}",
        "SET session_replication_role = replica",
        "ALTER TABLE message DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE message NO FORCE ROW LEVEL SECURITY",
        "DROP POLICY own ON message",
        "ALTER POLICY own ON message USING (true)",
        "CREATE POLICY mine ON message USING (true)",
        "DROP TRIGGER append_only ON audit_entry",
        "ALTER TABLE audit_entry DISABLE TRIGGER ALL",
        "TRUNCATE audit_entry",
        "TRUNCATE message CASCADE",
        "DROP TABLE search_token",
        "ALTER TABLE message DROP CONSTRAINT message_beyond_queue_has_permit",
        "CREATE OR REPLACE FUNCTION werkbote_organisations() RETURNS bigint RETURN 1",
        "CREATE TABLE public.mine (id int)",
        "COPY message TO PROGRAM 'cat'",
        "SELECT rolpassword FROM pg_authid",
        "SELECT pg_read_file('postgresql.conf')",
        "ALTER ROLE CURRENT_USER BYPASSRLS",
    ],
)
def test_the_application_role_cannot_climb(
    application: psycopg.Connection[Any], owner: psycopg.Connection[Any], command: str
) -> None:
    whose = owner.info.user
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        application.execute(command.format(owner=f'"{whose}"'))


def test_switching_row_security_off_raises_instead_of_showing(
    application: psycopg.Connection[Any],
) -> None:
    application.execute("SET row_security = off")
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level security"):
        application.execute("SELECT count(*) FROM message")
