import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from tests import dealers, phones
from werkbote.actions import chains, consent, ledger
from werkbote.store import keyring, models, scope


@pytest.fixture
def dealer() -> dealers.Dealer:
    made = dealers.dealer()
    phones.agrees(made, at=dealers.NOW)
    phones.writes(made, "STOPP", at=dealers.NOW + timedelta(hours=1))
    return made


@pytest.fixture
def forger(owner: psycopg.Connection) -> Iterator[psycopg.Connection]:
    """Somebody with the owner's password, who switches the triggers off."""
    tables = ("consent_event", "consent_evidence", "audit_entry")
    for table in tables:
        owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    yield owner
    for table in tables:
        owner.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def _broken(dealer: dealers.Dealer) -> dict[str, int | None]:
    findings = chains.verify(organisations=[dealer.organisation])
    return {one.chain: one.broken for one in findings}


def test_verify_finds_whole_chains_whole(dealer):
    assert _broken(dealer) == {"consent": None, "audit": None}


@pytest.mark.parametrize(
    ("change", "position"),
    [
        ("UPDATE consent_event SET deed = 'used' WHERE organisation_id = %s AND position = 3", 3),
        ("DELETE FROM consent_event WHERE organisation_id = %s AND position = 4", 4),
        (
            "UPDATE consent_evidence SET body = '' WHERE organisation_id = %s",
            1,
        ),
    ],
)
@pytest.mark.shows("R-08", "S-25")
def test_verify_names_the_first_forged_event(dealer, forger, change, position):
    if change.startswith("DELETE"):
        forger.execute(
            "DELETE FROM consent_evidence e USING consent_event c WHERE c.id = e.event_id"
            " AND c.organisation_id = %s AND c.position = 4",
            [dealer.organisation],
        )
    forger.execute(change, [dealer.organisation] * change.count("%s"))
    assert _broken(dealer) == {"consent": position, "audit": None}


@pytest.mark.shows("R-08", "S-25")
def test_verify_names_the_first_forged_audit_entry(dealer, forger):
    forger.execute(
        "UPDATE audit_entry SET actor = 'nobody' WHERE organisation_id = %s AND position = 2",
        [dealer.organisation],
    )
    assert _broken(dealer) == {"consent": None, "audit": 2}


def test_events_cannot_be_changed_by_the_application(dealer):
    for change in (
        lambda: models.ConsentEvent.objects.update(deed="used"),
        lambda: models.ConsentEvent.objects.filter(position=7)._raw_delete("default"),
        lambda: models.ConsentEvidence.objects.update(body=b""),
    ):
        with (
            pytest.raises(Exception, match="append-only"),
            scope.transaction(organisation=dealer.organisation),
        ):
            change()


def test_chain_stays_whole_when_person_key_and_evidence_are_gone(dealer):
    with scope.transaction(organisation=dealer.organisation):
        models.ConsentEvidence.objects.all().delete()
        models.Person.objects.update(key_wrapped=b"")
    assert _broken(dealer)["consent"] is None


@pytest.mark.shows("S-25")
def test_copy_heads_writes_what_the_chains_end_in(dealer, tmp_path: Path):
    file = chains.copy_heads(
        organisations=[dealer.organisation], folder=tmp_path / "elsewhere", at=dealers.NOW
    )
    position, digest = ledger.head(organisation=dealer.organisation)
    heads = json.loads(file.read_text())["heads"]
    assert heads[f"{dealer.organisation}/consent"] == {"position": position, "hash": digest}
    assert file.name == "chain-heads-2026-11-23.json"


@pytest.mark.shows("R-06")
def test_sweep_lapses_requests_and_lets_their_evidence_go():
    dealer = dealers.dealer()
    phones.writes(dealer, "WERBUNG JA", at=dealers.NOW)
    later = dealers.NOW + timedelta(hours=49)
    assert consent.sweep(organisation=dealer.organisation, at=later) == 1
    assert consent.sweep(organisation=dealer.organisation, at=later) == 0
    month = later + timedelta(days=31)
    assert consent.sweep(organisation=dealer.organisation, at=month) == 1
    with scope.looking(organisation=dealer.organisation):
        assert models.Consent.objects.get().state == "lapsed"
        assert models.ConsentEvidence.objects.count() == 0
    assert _broken(dealer)["consent"] is None


def test_sweep_finds_a_grant_due_after_a_year_without_use():
    dealer = dealers.dealer()
    phones.agrees(dealer, at=dealers.NOW)
    assert keyring.organisation(dealer.organisation)
    year = dealers.NOW + timedelta(days=366)
    assert consent.sweep(organisation=dealer.organisation, at=year) == 1
    with scope.looking(organisation=dealer.organisation):
        assert models.Consent.objects.get(purpose="P-05").state == "refresh_due"
