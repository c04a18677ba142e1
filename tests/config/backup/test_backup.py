"""A backup is sealed, proven, and comes back whole on another machine, without whoever was erased since."""

import json
from datetime import timedelta

import psycopg
import pytest

from tests import dealers, staff
from tests.channels import store
from tests.config.backup.conftest import Place
from werkbote.actions import journal as deeds
from werkbote.config.backup import making, restoring
from werkbote.store import ids, journal, models, scope

AT = dealers.NOW


@pytest.fixture
def dealer(here: Place) -> dealers.Dealer:
    assert here.said == []
    return dealers.dealer()


def person(dealer: dealers.Dealer, phone: str) -> int:
    conversation = staff.wrote(dealer, phone=phone, words="Der Golf klappert")
    with scope.looking(organisation=dealer.organisation):
        return models.Conversation.objects.get(id=conversation).person_id


def people(place: Place, organisation: int) -> dict[int, bool]:
    """Return the people of a database and whether they have a key."""
    owner = place.environment.owner
    assert owner is not None
    with psycopg.connect(owner.url()) as connection:
        rows = connection.execute(
            "SELECT id, key_wrapped <> '' FROM person WHERE organisation_id = %s", [organisation]
        ).fetchall()
    return dict(rows)


@pytest.mark.shows("R-45", "S-29")
def test_backup_comes_back_on_a_fresh_machine(here, elsewhere, dealer):
    alice = person(dealer, "+491713920001")
    made = making.run(here.plan(), at=AT)
    assert made.manifest.verified
    report = restoring.restore(elsewhere.plan(), "newest", at=AT)
    assert people(elsewhere, dealer.organisation) == {alice: True}
    assert (report.backup, report.missing, report.without_key) == (made.manifest.name, 0, 0)
    assert report.chains >= 2
    assert elsewhere.environment.key_file.read_text() == here.environment.key_file.read_text()
    assert elsewhere.environment.key_file.stat().st_mode & 0o777 == 0o600


def erase(place: Place, dealer: dealers.Dealer, subject: int) -> None:
    """Erase somebody here, after the backup."""
    with scope.transaction(organisation=dealer.organisation):
        models.Person.objects.filter(id=subject).delete()
    journal.append(
        place.environment.journal,
        journal.Entry(
            id=ids.new(),
            organisation=dealer.organisation,
            subject=subject,
            scope=deeds.PERSON,
            at=AT,
        ),
    )


@pytest.mark.shows("R-30", "S-29")
def test_who_was_erased_after_the_backup_is_erased_again(here, elsewhere, dealer):
    alice, bob = person(dealer, "+491713920001"), person(dealer, "+491713920002")
    first = making.run(here.plan(), at=AT)
    erase(here, dealer, bob)
    making.run(here.plan(), at=AT + timedelta(hours=1))
    report = restoring.restore(elsewhere.plan(), first.manifest.name, at=AT)
    assert people(elsewhere, dealer.organisation) == {alice: True}
    assert (report.missing, report.erased, report.without_key) == (1, 1, 1)


@pytest.mark.shows("S-20")
def test_key_of_who_was_erased_is_in_no_newer_archive(here, elsewhere, dealer):
    """Without the journal the rows come back, and stay noise: crypto-shredding."""
    alice, bob = person(dealer, "+491713920001"), person(dealer, "+491713920002")
    first = making.run(here.plan(), at=AT)
    with scope.transaction(organisation=dealer.organisation):
        models.Person.objects.filter(id=bob).delete()
    making.run(here.plan(), at=AT + timedelta(hours=1))
    report = restoring.restore(elsewhere.plan(), first.manifest.name, at=AT)
    assert people(elsewhere, dealer.organisation) == {alice: True, bob: False}
    assert report.without_key == 1


@pytest.mark.shows("S-20", "S-29")
def test_nothing_of_a_backup_is_readable(here, dealer, tmp_path):
    person(dealer, "+491713920001")
    making.run(here.plan(), at=AT)
    files = [file for file in (tmp_path / "shelf").rglob("*") if file.is_file()]
    plain = {file.name for file in files if not file.name.endswith(".age")}
    assert plain == {"manifest.json"}
    assert {file.stat().st_mode & 0o077 for file in files} == {0}
    for file in files:
        content = file.read_bytes()
        assert content.startswith((b"age-encryption.org/v1", b"{"))
        assert b"491713920001" not in content
        assert b"organisation" not in content or file.name == "manifest.json"


def test_keys_lie_apart_and_what_has_lived_long_enough_goes(here, tmp_path):
    data, keys = tmp_path / "shelf" / "data", tmp_path / "shelf" / "keys"
    making.run(here.plan(), at=AT)
    assert not list(data.rglob("keyfile.age"))
    assert not list(data.rglob("keys-*.age"))
    making.run(here.plan(), at=AT + timedelta(days=8))
    assert sorted(folder.name for folder in data.iterdir()) == [
        "20261123T090000Z",
        "20261201T090000Z",
    ]
    assert [folder.name for folder in keys.iterdir()] == ["20261201T090000Z"]


def test_backup_with_a_passphrase_comes_back(here, elsewhere, dealer, tmp_path):
    alice = person(dealer, "+491713920001")
    secret = tmp_path / "passphrase"
    secret.touch(mode=0o600)
    secret.write_text("Kupplung Zahnriemen Anlasser\n")
    how = {"recipients": (), "identity": None, "passphrase_file": secret}
    making.run(here.plan(**how), at=AT)
    restoring.restore(elsewhere.plan(**how), "newest", at=AT)
    assert people(elsewhere, dealer.organisation) == {alice: True}


def test_drill_touches_nothing_and_reports(here, dealer):
    alice = person(dealer, "+491713920001")
    making.run(here.plan(), at=AT)
    erase(here, dealer, person(dealer, "+491713920003"))
    journals = [file.read_bytes() for file in journal.files(here.environment.journal)]
    before = databases(here)
    report = restoring.drill(here.plan(), "newest", at=AT)
    assert databases(here) == before
    assert [file.read_bytes() for file in journal.files(here.environment.journal)] == journals
    assert people(here, dealer.organisation) == {alice: True}
    assert [line.split()[0] for line in report.lines()] == [
        "backup",
        "journal",
        "keys",
        "chains",
        "time",
    ]


def databases(place: Place) -> list[str]:
    owner = place.environment.owner
    assert owner is not None
    with psycopg.connect(owner.url()) as connection:
        query = "SELECT datname FROM pg_database WHERE starts_with(datname, %s) ORDER BY 1"
        return [row[0] for row in connection.execute(query, [owner.name]).fetchall()]


def test_backup_goes_to_a_bucket_and_comes_back(here, dealer, tmp_path):
    alice = person(dealer, "+491713920001")
    with store.running() as bucket:
        access = tmp_path / "s3.json"
        access.touch(mode=0o600)
        access.write_text(
            json.dumps(
                {
                    "endpoint": f"http://127.0.0.1:{bucket.port}",
                    "region": store.ACCESS.region,
                    "key": store.ACCESS.key,
                    "secret": store.ACCESS.secret,
                }
            )
        )
        where = {"to": "s3://sicherung/a", "keys_to": "s3://sicherung/keys", "s3_file": access}
        making.run(here.plan(**where), at=AT)
        report = restoring.drill(here.plan(**where), "newest", at=AT)
    assert {name.split("/")[0] for name in bucket.objects} == {"a", "keys"}
    assert report.without_key == 0
    assert people(here, dealer.organisation) == {alice: True}
