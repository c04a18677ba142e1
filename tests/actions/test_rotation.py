"""Keys are renewed while everything runs: all stays readable at every step, and nothing is left under the old."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings

from tests import dealers, phones, staff
from werkbote.actions import numbers, rotation
from werkbote.reads import access
from werkbote.store import keyring, models, scope, vault

NOW = dealers.NOW


@pytest.fixture
def dealer() -> dealers.Dealer:
    made = dealers.dealer()
    staff.wrote(made, words="Der Golf klappert")
    phones.agrees(made, at=NOW)
    return made


def secret(dealer: dealers.Dealer) -> bytes:
    keyring.forget(dealer.organisation)
    return keyring.organisation(dealer.organisation).main.secret


def readable(dealer: dealers.Dealer) -> bool:
    """Whether number, branch, person and message still open, as a fresh process reads them."""
    keyring.forget(dealer.organisation)
    keys = keyring.organisation(dealer.organisation)
    with scope.looking(organisation=dealer.organisation):
        row = models.Number.objects.get(id=dealer.number)
        assert numbers.access(keys, row).token == "token"
        message = models.Message.objects.select_related("person").earliest("id")
        key = keys.unwrap(message.person.key_wrapped, person=message.person_id)
        body = key.open(message.body, table="message", row=message.id, column="body")
    return b"Der Golf klappert" in body


def rotate(dealer: dealers.Dealer) -> int:
    return rotation.rotate(
        organisation=dealer.organisation,
        by="system",
        now=lambda: datetime.now(UTC),
        settle=lambda: keyring.forget(dealer.organisation),
    )


@pytest.mark.shows("S-17", "S-20")
def test_everything_is_sealed_anew_and_still_opens(dealer):
    before = secret(dealer)
    assert rotate(dealer) > 5
    assert secret(dealer) != before
    assert readable(dealer)
    with scope.looking(organisation=dealer.organisation):
        row = models.Organisation.objects.get()
        branch = models.Branch.objects.earliest("id")
    assert (row.other_wrapped, row.rotation) == (None, "")
    with pytest.raises(vault.UnableToOpen):
        vault.Key(before).open(
            branch.name_sealed, table="branch", row=branch.id, column="name_sealed"
        )


def test_everything_opens_between_the_steps_too(dealer):
    args = {"organisation": dealer.organisation, "by": "system", "at": NOW}
    rotation.announce(**args)
    assert readable(dealer)
    rotation.announce(**args)
    rotation.use(**args)
    assert readable(dealer)
    rotation.use(**args)
    assert rotation.reseal(organisation=dealer.organisation) > 5
    assert readable(dealer)
    assert rotation.reseal(organisation=dealer.organisation) == 0


def test_process_that_read_the_keys_before_is_read_by_those_after(dealer):
    """Somebody who seals with the old key while the new one is announced is understood by all."""
    early = keyring.organisation(dealer.organisation)
    args = {"organisation": dealer.organisation, "by": "system", "at": NOW}
    rotation.announce(**args)
    rotation.use(**args)
    sealed = early.main.seal(b"spaet", table="branch", row=1, column="x")
    late = keyring.organisation(dealer.organisation)
    assert late.main.open(sealed, table="branch", row=1, column="x") == b"spaet"


def test_old_key_is_not_forgotten_while_it_seals_anything(dealer):
    args = {"organisation": dealer.organisation, "by": "system", "at": NOW}
    early = keyring.organisation(dealer.organisation)
    rotation.announce(**args)
    rotation.use(**args)
    rotation.reseal(organisation=dealer.organisation)
    with scope.transaction(organisation=dealer.organisation):
        branch = models.Branch.objects.earliest("id")
        branch.name_sealed = early.main.seal_text(
            "Hamburg", table="branch", row=branch.id, column="name_sealed"
        )
        branch.save()
    with pytest.raises(
        rotation.UnableToRotate, match="1 values were still sealed with the old key"
    ):
        rotation.finish(**args)
    rotation.finish(**args)
    assert readable(dealer)


def test_interrupted_rotation_goes_on_where_it_stopped(dealer):
    args = {"organisation": dealer.organisation, "by": "system", "at": NOW}
    rotation.announce(**args)
    rotation.use(**args)
    rotate(dealer)
    assert rotation.step_of(organisation=dealer.organisation) is rotation.Step.IDLE
    assert readable(dealer)


def test_damaged_value_stops_the_rotation_and_both_keys_stay(dealer):
    with scope.transaction(organisation=dealer.organisation):
        models.Branch.objects.update(name_sealed=b"\x01damaged")
    with pytest.raises(rotation.UnableToRotate, match="opens with neither key"):
        rotate(dealer)
    with scope.looking(organisation=dealer.organisation):
        assert models.Organisation.objects.get().other_wrapped is not None


@pytest.mark.shows("S-17")
def test_installation_key_is_renewed_and_running_processes_find_it(
    dealer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    file = tmp_path / "keys.json"
    vault.write(file, Path(settings.WERKBOTE_KEY_FILE).read_text())
    monkeypatch.setattr(settings, "WERKBOTE_KEY_FILE", file)
    before = keyring.installation().active
    vault.add_key(file, name="2030-01")
    assert keyring.installation().active == before, "a running process has not read it yet"
    keyring._installation.cache_clear()
    args = {"organisation": dealer.organisation, "by": "system", "at": NOW}
    assert rotation.rewrap(**args)
    assert not rotation.rewrap(**args)
    keyring._installation.cache_clear()
    assert readable(dealer)
    assert file.stat().st_mode & 0o777 == 0o600
    with pytest.raises(vault.UnableToLoadKeys, match="has a key “2030-01” already"):
        vault.add_key(file, name="2030-01")


def test_members_still_sign_in_afterwards():
    people = staff.staff()
    rotate(people.dealer)
    assert staff.signed_in(people.alice).get("/inbox/").status_code == 200
    assert access.viewer(people.alice).name == "Anna Muster"
