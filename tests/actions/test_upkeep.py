"""What happens by night for every organisation: one that fails is told of, and nobody waits for it."""

import logging
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import OperationalError, connection

from tests import dealers
from werkbote.actions import drift, upkeep
from werkbote.store import keyring, models, scope

LATER = dealers.NOW + timedelta(days=40)


@pytest.fixture
def shut() -> Iterator[dealers.Dealer]:
    """A dealer whose key is not in the key file, older than the one beside it."""
    made = dealers.dealer()
    name = _rename_key(made, "lost")
    yield made
    _rename_key(made, name)


@pytest.fixture
def sound(shut: dealers.Dealer) -> dealers.Dealer:
    del shut
    return dealers.dealer()


def _rename_key(dealer: dealers.Dealer, name: str) -> str:
    with scope.transaction(organisation=dealer.organisation):
        row = models.Organisation.objects.get()
        before, row.key_name = row.key_name, name
        row.save(update_fields=["key_name"])
    keyring.forget(dealer.organisation)
    return before


def _explained(dealer: dealers.Dealer) -> None:
    """Keep a reason in plain, as an older release did."""
    with scope.transaction(organisation=dealer.organisation):
        models.SettingNote(
            organisation_id=dealer.organisation,
            setting="lock_minutes",
            object="house",
            value="60",
            kind="explained",
            reason="Die Halle ist weit",
            made_by=1,
            created_at=dealers.NOW,
        ).save(force_insert=True)


def _in_plain(dealer: dealers.Dealer) -> bool:
    with scope.looking(organisation=dealer.organisation):
        return models.SettingNote.objects.exclude(reason="").exists()


def _bodies(dealer: dealers.Dealer) -> int:
    with scope.looking(organisation=dealer.organisation):
        return models.WebhookEvent.objects.count()


def _failures(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [one.getMessage() for one in caplog.records if one.levelno == logging.ERROR]


def test_a_missing_key_holds_up_no_other_organisation(shut, sound, caplog):
    for dealer in (shut, sound):
        _explained(dealer)
    upkeep.notice_drift(at=LATER)
    assert (_in_plain(shut), _in_plain(sound)) == (True, False)
    assert f"reasons of organisation {shut.organisation} failed: UnableToOpen" in _failures(caplog)
    assert not [one for one in _failures(caplog) if str(sound.organisation) in one]


def test_what_failed_is_done_as_soon_as_the_key_is_back(shut):
    _explained(shut)
    upkeep.notice_drift(at=LATER)
    active = keyring.installation().active
    _rename_key(shut, active)
    upkeep.notice_drift(at=LATER)
    assert not _in_plain(shut)


@pytest.mark.parametrize(
    "night",
    [
        upkeep.notice_silence,
        upkeep.tell_subscribers,
        upkeep.keep_consents,
        upkeep.erase_due,
        upkeep.mind_the_desk,
        upkeep.remind_of_requests,
        upkeep.sweep,
        upkeep.notice_drift,
        upkeep.let_go,
    ],
)
@pytest.mark.usefixtures("shut", "sound")
def test_every_round_comes_through_beside_a_missing_key(night):
    assert night(at=LATER) >= 0


def test_bodies_are_let_go_without_a_key():
    dealer = dealers.dealer()
    dealers.arrive(dealer, dealers.body(dealer, dealers.text("Moin")))
    dealers.understand(dealer)
    name = _rename_key(dealer, "lost")
    assert _bodies(dealer) == 1
    upkeep.let_go(at=LATER)
    assert _bodies(dealer) == 0
    _rename_key(dealer, name)


def test_a_deadlock_of_one_organisation_holds_up_no_other(sound, monkeypatch):
    turns = []

    def meet(*, organisation, at):
        del at
        turns.append(organisation)
        with scope.transaction(organisation=organisation), connection.cursor() as cursor:
            cursor.execute("DO $$ BEGIN RAISE SQLSTATE '40P01'; END $$")

    monkeypatch.setattr(drift, "notice", meet)
    assert upkeep.notice_drift(at=LATER) == 0
    assert sorted(turns) == sorted(upkeep.organisations())
    assert sound.organisation in turns


@pytest.mark.parametrize("is_away", [False, True])
@pytest.mark.usefixtures("sound")
def test_a_lost_connection_is_replaced_and_a_lost_database_ends_the_round(monkeypatch, is_away):
    turns = []

    def refuse() -> None:
        raise OperationalError("the server does not answer")

    def vanish(*, organisation, at):
        del at
        turns.append(organisation)
        if len(turns) == 1:
            with scope.transaction(organisation=organisation), connection.cursor() as cursor:
                if is_away:
                    monkeypatch.setattr(connection, "ensure_connection", refuse)
                cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        return 0

    monkeypatch.setattr(drift, "notice", vanish)
    if is_away:
        with pytest.raises(OperationalError):
            upkeep.notice_drift(at=LATER)
        monkeypatch.undo()
        assert len(turns) == 1
    else:
        assert upkeep.notice_drift(at=LATER) == 0
        assert sorted(turns) == sorted(upkeep.organisations())
