"""Tests of the doctor: all well, and for each thing that is not, a failing check with its remedy."""

import dataclasses
import itertools
import json
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from tests import mailserver, scannerserver, servers
from werkbote.config import doctor, env, login

FINE = {"keys", "disk", "database", "clock", "key match", "walls", "schema"}
FINE |= {"intake", "outbox", "jobs", "encryption", "database line"}
FINE |= {"backup", "restore test", "key copy", "journal", "organisation keys", "key age", "sweep"}
_HOUSES = itertools.count()


def made(database: servers.Run, name: str) -> env.Environment:
    """The environment of a new database, with the port of nobody."""
    servers.make(database, name)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    return dataclasses.replace(
        env.read({"WERKBOTE_HOME": str(database.home)}),
        embedded=False,
        owner=database.owner(name),
        application=database.application(name),
        public_url=f"http://127.0.0.1:{port}",
    )


@pytest.fixture(scope="module")
def environment(database: servers.Run, worker_id: str) -> env.Environment:
    """The environment of a database of this module's own."""
    return made(database, f"doctor_{worker_id}")


@pytest.fixture
def tables(environment: env.Environment) -> Iterator[None]:
    """Tables that a test may spoil: the change is taken back."""
    with doctor.psycopg.connect(login.as_owner(environment).url(), autocommit=True) as owner:
        owner.execute("BEGIN")
        owner.execute("CREATE TABLE kept AS SELECT * FROM django_migrations")
        owner.execute("COMMIT")
        yield
        owner.execute("DELETE FROM django_migrations")
        owner.execute("INSERT INTO django_migrations OVERRIDING SYSTEM VALUE SELECT * FROM kept")
        owner.execute("DROP TABLE kept")


def change(environment: env.Environment, statement: str) -> None:
    with doctor.psycopg.connect(login.as_owner(environment).url(), autocommit=True) as owner:
        owner.execute(statement)


def failing(environment: env.Environment) -> dict[str, str]:
    return {
        finding.check: f"{finding.text} {finding.remedy}"
        for finding in doctor.examine(environment)
        if finding.state is doctor.State.FAIL
    }


def test_fresh_installation_is_fine(environment: env.Environment) -> None:
    found = list(doctor.examine(environment))

    assert {finding.check for finding in found} == FINE
    assert [finding for finding in found if finding.state is doctor.State.FAIL] == []


def test_missing_keys_fail_with_the_way_back(environment: env.Environment, tmp_path: Path) -> None:
    lost = dataclasses.replace(environment, key_file=tmp_path / "keys.json")

    assert "Put it back from your backup of the keys" in failing(lost)["keys"]


def test_database_before_the_first_start_fails_with_the_first_step(
    environment: env.Environment,
) -> None:
    assert (
        "Run “werkbote init”" in failing(dataclasses.replace(environment, owner=None))["database"]
    )


def test_owner_as_application_fails(environment: env.Environment) -> None:
    same = dataclasses.replace(environment, application=environment.owner)

    assert "could see past the walls" in failing(same)["database"]


@pytest.mark.usefixtures("tables")
def test_older_tables_fail_with_migrate(environment: env.Environment) -> None:
    change(environment, "DELETE FROM django_migrations WHERE app = 'store'")

    assert "Run “werkbote migrate”" in failing(environment)["database"]


@pytest.mark.usefixtures("tables")
def test_newer_tables_fail_with_update(environment: env.Environment) -> None:
    change(
        environment,
        "INSERT INTO django_migrations (app, name, applied) VALUES ('store', '9999_next', now())",
    )

    assert "Update Werkbote on this host" in failing(environment)["database"]


def test_full_disk_fails(environment: env.Environment, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "_FREE_FAIL", 1 << 62)

    assert "Make room" in failing(environment)["disk"]


def test_certificate_that_is_not_there_fails(environment: env.Environment) -> None:
    public = environment.public_url.replace("http:", "https:")

    assert (
        "shows no certificate"
        in failing(dataclasses.replace(environment, public_url=public))["certificate"]
    )


def test_job_that_waits_long_fails(environment: env.Environment) -> None:
    change(
        environment,
        "INSERT INTO procrastinate_jobs (queue_name, task_name, scheduled_at)"
        " VALUES ('media', 'fetch_media', now() - interval '1 hour')",
    )
    said = failing(environment)["jobs"]
    change(environment, "DELETE FROM procrastinate_jobs")

    assert "waits for 3600 seconds" in said


def test_report_for_machines_is_json_with_the_exit_code(environment: env.Environment) -> None:
    written: list[str] = []
    code = doctor.report(environment, as_json=True, write=written.append)

    assert code == 0
    assert {finding["check"] for finding in json.loads("".join(written))} == FINE
    assert not connection.in_atomic_block


@pytest.mark.parametrize(
    ("url", "finds"),
    [
        ("smtp://127.0.0.1:{mail}", "answers"),
        ("smtp://127.0.0.1:{closed}", "does not answer"),
        ("smtps://127.0.0.1:{mail}", "does not answer"),
    ],
)
def test_a_mail_server_is_greeted_and_nobody_logged_in(
    environment: env.Environment, url: str, finds: str
) -> None:
    with socket.socket() as closed, mailserver.serving() as box:
        closed.bind(("127.0.0.1", 0))
        place = url.format(mail=box.port, closed=closed.getsockname()[1])
        told = dataclasses.replace(environment, mail_url=place)
        (finding,) = [one for one in doctor.examine(told) if one.check == "mail server"]
    assert finds in finding.text
    assert (finding.state == "ok") is (finds == "answers")


def found(environment: env.Environment, check: str) -> doctor.Finding:
    return next(one for one in doctor.examine(environment) if one.check == check)


@pytest.fixture
def housed(database: servers.Run, worker_id: str) -> env.Environment:
    """The environment of a database with one organisation, number 7, that no other test sees."""
    environment = made(database, f"housed_{worker_id}_{next(_HOUSES)}")
    keys = login.installation(environment)
    wrapped = [
        keys.wrap(os.urandom(32), organisation=7, column=column)
        for column in ("key_wrapped", "index_wrapped")
    ]
    with doctor.psycopg.connect(login.as_owner(environment).url(), autocommit=True) as owner:
        owner.execute(
            "INSERT INTO organisation (id, name_sealed, key_name, key_wrapped, index_wrapped,"
            " created_at) VALUES (7, '', %s, %s, %s, now())",
            [keys.active, *wrapped],
        )
    return environment


def test_backup_of_an_organisation_behind_its_walls_is_seen(housed):
    change(
        housed,
        "INSERT INTO audit_entry (id, organisation_id, position, at, actor, verb, object, detail,"
        " previous, hash) VALUES (1, 7, 1, now() - interval '2 hours', 'system',"
        " 'backup.made', 'backup:1', '{}', '', '')",
    )
    told = dataclasses.replace(housed, backup=dataclasses.replace(housed.backup, to="/somewhere"))
    assert found(told, "backup").text == "The last backup is 2 hours old."


@pytest.mark.parametrize(("nights", "state"), [(0, "ok"), (1, "ok"), (2, "fail"), (9, "fail")])
def test_a_missed_sweep_fails(housed, nights, state):
    change(
        housed,
        "INSERT INTO retention_mark (id, organisation_id, day, rule, state, stock, due, done, held,"
        f" began_at) VALUES (1, 7, (now() AT TIME ZONE 'Europe/Berlin')::date - {nights},"
        " 'L-01', 'done', 0, 0, 0, 0, now())",
    )
    assert found(housed, "sweep").state == state


def test_organisation_whose_keys_do_not_open_is_named_and_the_rest_is_looked_at(housed):
    change(
        housed,
        "INSERT INTO organisation (id, name_sealed, key_name, key_wrapped, index_wrapped, created_at)"
        " SELECT 8, '', 'lost', key_wrapped, index_wrapped, now() FROM organisation",
    )
    said = found(housed, "organisation keys")
    assert (said.state, "do not open: 8." in said.text) == ("fail", True)
    assert "Put back into" in said.remedy
    assert {one.check for one in doctor.examine(housed)} >= FINE


@pytest.mark.parametrize("column", ["key_wrapped", "index_wrapped"])
def test_damaged_key_of_an_organisation_is_named(housed, column):
    keys = login.installation(housed)
    wrapped = {
        name: keys.wrap(os.urandom(32), organisation=8, column=name)
        for name in ("key_wrapped", "index_wrapped")
    }
    with doctor.psycopg.connect(login.as_owner(housed).url(), autocommit=True) as owner:
        owner.execute(
            "INSERT INTO organisation (id, name_sealed, key_name, key_wrapped, index_wrapped,"
            " created_at) VALUES (8, '', %s, %s, %s, now())",
            [keys.active, *(wrapped | {column: wrapped[column][:-1]}).values()],
        )
    assert "do not open: 8." in found(housed, "organisation keys").text
    with doctor.psycopg.connect(login.as_owner(housed).url(), autocommit=True) as owner:
        owner.execute(
            "UPDATE organisation SET key_wrapped = %s, index_wrapped = %s WHERE id = 8",
            list(wrapped.values()),
        )
    assert found(housed, "organisation keys").text == "The keys of 2 organisations open."


def test_scanner_that_is_set_up_must_answer(environment: env.Environment) -> None:
    with scannerserver.serving() as peer:
        heard = dataclasses.replace(environment, clamav=peer.address)
        found = {one.check: one.state for one in doctor.examine(heard)}
        assert found["malware scanner"] is doctor.State.OK
        peer.says = b"220 mail.example.de\0"
        assert "no clamd" in failing(heard)["malware scanner"]
    assert "systemctl start clamav" in failing(heard)["malware scanner"]
