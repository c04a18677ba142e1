"""Tests of preparing a database: roles, keys that do not fit, servers that are too old, refused logins."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.db.migrations.loader import MigrationLoader

from tests import servers
from werkbote.config import env, login, opening, schema
from werkbote.store import vault


@pytest.fixture(scope="module")
def environment(database: servers.Run, worker_id: str) -> env.Environment:
    """The environment of a database of this module's own, as the owner."""
    name = f"schema_{worker_id}"
    servers.make(database, name)
    return dataclasses.replace(
        env.read({"WERKBOTE_HOME": str(database.home)}),
        embedded=False,
        owner=database.owner(name),
        application=database.application(name),
    )


def test_check_role_accepts_the_applications_own(environment: env.Environment) -> None:
    schema.check_role(login.application(environment))


def test_check_role_refuses_a_role_that_could_see_everything(environment: env.Environment) -> None:
    with pytest.raises(schema.UnableToPrepare, match="could see past the walls"):
        schema.check_role(login.as_owner(environment))


def test_prepare_with_the_owner_as_application_is_refused(environment: env.Environment) -> None:
    same = dataclasses.replace(environment, application=environment.owner)

    with pytest.raises(schema.UnableToPrepare, match="could see past the walls"):
        schema.prepare(same)


def test_prepare_with_a_wrong_password_says_whom_and_where(environment: env.Environment) -> None:
    assert environment.owner is not None
    wrong = dataclasses.replace(environment.owner, password="wrong")

    with pytest.raises(schema.UnableToPrepare) as caught:
        schema.prepare(dataclasses.replace(environment, owner=wrong))
    assert f"cannot be reached as {wrong.user}" in str(caught.value)
    assert "Check WERKBOTE_DATABASE_URL" in str(caught.value)


def test_prepare_with_no_server_says_where_it_looked(environment: env.Environment) -> None:
    assert environment.owner is not None
    nowhere = dataclasses.replace(environment.owner, host="127.0.0.1", port="9")

    with pytest.raises(schema.UnableToPrepare, match=r"at 127\.0\.0\.1 cannot be reached"):
        schema.prepare(dataclasses.replace(environment, owner=nowhere))


def test_prepare_with_a_server_too_old_names_the_oldest(
    environment: env.Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schema, "OLDEST_MAJOR", 99)

    with pytest.raises(schema.UnableToPrepare, match="Werkbote needs 99 or newer"):
        schema.prepare(environment)


def test_prepare_without_keys_says_where_they_belong(
    environment: env.Environment, tmp_path: Path
) -> None:
    missing = dataclasses.replace(environment, key_file=tmp_path / "keys.json", application=None)

    with pytest.raises(vault.UnableToLoadKeys, match="put it back from your backup"):
        schema.prepare(missing)


def test_keys_readable_for_others_are_refused(environment: env.Environment, tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    vault.create(path, name="x")
    path.chmod(0o640)

    with pytest.raises(vault.UnableToLoadKeys, match="chmod 600"):
        login.installation(dataclasses.replace(environment, key_file=path))


@pytest.fixture
def sealed(environment: env.Environment) -> Iterator[None]:
    """An organisation's row, sealed with the installation's keys."""
    keys = login.installation(environment)
    wrapped = keys.wrap(vault.new_key().secret, organisation=7, column="key_wrapped")
    with psycopg.connect(login.as_owner(environment).url(), autocommit=True) as owner:
        owner.execute(
            "INSERT INTO organisation (id, name_sealed, key_name, key_wrapped, index_wrapped,"
            " created_at) VALUES (7, '', %s, %s, '', now())",
            [keys.active, wrapped],
        )
        yield
        owner.execute("DELETE FROM organisation")


@pytest.mark.usefixtures("sealed")
def test_keys_of_another_installation_are_refused(
    environment: env.Environment, tmp_path: Path
) -> None:
    other = tmp_path / "keys.json"
    vault.create(other, name="other")

    with pytest.raises(schema.UnableToPrepare) as caught:
        schema.prepare(dataclasses.replace(environment, key_file=other))
    assert "does not belong to this database" in str(caught.value)
    with pytest.raises(schema.UnableToPrepare, match="does not belong to this database"):
        opening.check_tables(dataclasses.replace(environment, key_file=other))


@pytest.mark.usefixtures("sealed")
def test_keys_are_never_made_anew_where_data_exists(
    environment: env.Environment, tmp_path: Path
) -> None:
    lost = dataclasses.replace(environment, key_file=tmp_path / "keys.json")

    with pytest.raises(vault.UnableToLoadKeys, match="put it back from your backup"):
        schema.create_keys(lost)
    assert not lost.key_file.exists()


def test_existing_keys_are_never_overwritten(environment: env.Environment) -> None:
    before = environment.key_file.read_bytes()
    schema.create_keys(environment)

    assert environment.key_file.read_bytes() == before


def test_derived_application_login_needs_no_second_secret(environment: env.Environment) -> None:
    derived = login.application(dataclasses.replace(environment, application=None))

    assert environment.owner is not None
    assert derived.user == f"{environment.owner.name}_app"
    assert len(derived.password) == 64


@pytest.fixture
def tables(environment: env.Environment) -> Iterator[psycopg.Connection]:
    """The owner's connection to tables whose history a test may rewrite; it is put back after it."""
    with psycopg.connect(login.as_owner(environment).url(), autocommit=True) as owner:
        owner.execute("CREATE TABLE kept AS SELECT * FROM django_migrations")
        yield owner
        owner.execute("DELETE FROM django_migrations")
        owner.execute("INSERT INTO django_migrations OVERRIDING SYSTEM VALUE SELECT * FROM kept")
        owner.execute("DROP TABLE kept")


def _took(owner: psycopg.Connection, steps: list[tuple[str, str]]) -> None:
    for one in [("store", "0001_tables"), *_replaced()]:
        owner.execute("DELETE FROM django_migrations WHERE (app, name) = (%s, %s)", one)
    for app, name in steps:
        owner.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES (%s, %s, now())", [app, name]
        )


def test_tables_made_in_many_steps_count_as_made_in_one(
    database: servers.Run,
    worker_id: str,
    environment: env.Environment,
    tables: psycopg.Connection,
) -> None:
    _took(tables, _replaced())
    servers.migrate(database, f"schema_{worker_id}")
    schema.check_current(environment)


def test_tables_that_stopped_amid_the_many_steps_are_refused(tables: psycopg.Connection) -> None:
    *most, last = _replaced()
    _took(tables, most)
    with pytest.raises(schema.UnableToPrepare, match=f"the step {last[1]} is missing"):
        schema.check_history(tables)


def _replaced() -> list[tuple[str, str]]:
    loader = MigrationLoader(None, ignore_no_migrations=True)
    return list(loader.disk_migrations["store", "0001_tables"].replaces)


def test_worker_waits_for_missing_tables_and_not_for_those_of_the_next_release(
    environment: env.Environment, tables: psycopg.Connection
) -> None:
    tables.execute(
        "INSERT INTO django_migrations (app, name, applied) VALUES ('store', '9999_next', now())"
    )
    opening.check_tables(environment)

    tables.execute("DELETE FROM django_migrations WHERE app = 'store'")
    with pytest.raises(schema.UnableToPrepare, match="run “werkbote migrate”"):
        opening.check_tables(environment)
