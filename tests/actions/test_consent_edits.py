from datetime import datetime, timedelta
from typing import Any

import pytest

from tests import dealers, phones, staff
from werkbote.reads import consent_tasks
from werkbote.store import ids, models, scope

START = dealers.NOW
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def house() -> staff.Staff:
    """A dealer to whom Alice has agreed."""
    made = staff.staff()
    phones.agrees(made.dealer, at=START)
    return made


def _edits(house: staff.Staff, wamid: str, words: str, *, at: datetime) -> None:
    """Alice makes other words of a message she wrote."""
    value: dict[str, Any] = dealers.text("", at=at, wamid=f"wamid.edit.{ids.new()}")
    item = value["messages"][0]
    del item["text"]
    item["type"] = "edit"
    item["edit"] = {
        "original_message_id": wamid,
        "message": {"type": "text", "text": {"body": words}},
    }
    dealers.arrive(house.dealer, dealers.body(house.dealer, value), at=at)
    dealers.understand(house.dealer, at=at)


def _state(house: staff.Staff) -> str:
    with scope.looking(organisation=house.dealer.organisation):
        return models.Consent.objects.get(purpose="P-05").state


def _receipts(house: staff.Staff) -> int:
    with scope.looking(organisation=house.dealer.organisation):
        return models.Message.objects.filter(role="withdrawal_receipt").count()


@pytest.mark.shows("R-15", "R-100")
@pytest.mark.parametrize("edit_first", [False, True], ids=["in order", "edit first"])
def test_an_edit_into_a_withdrawal_is_one(house, edit_first):
    wamid = f"wamid.{ids.new()}"
    deeds = [
        lambda: phones.writes(house.dealer, "Danke!", at=START + HOUR, wamid=wamid),
        lambda: _edits(house, wamid, "Bitte keine Werbung mehr.", at=START + HOUR + MINUTE),
    ]
    for deed in reversed(deeds) if edit_first else deeds:
        deed()
    assert _state(house) == "withdrawn"
    assert _receipts(house) == 1
    with scope.looking(organisation=house.dealer.organisation):
        event = models.ConsentEvent.objects.get(deed="withdrawn", purpose="P-05")
    proof = phones.evidence(house.dealer, event)
    assert (proof.channel or "").endswith(", edited message")
    assert proof.withdrawal is not None
    assert proof.withdrawal.raw_text == "Bitte keine Werbung mehr."
    assert proof.withdrawal.at == START + HOUR + MINUTE


def test_the_same_edit_again_does_not_outlive_a_later_consent(house):
    wamid = f"wamid.{ids.new()}"
    phones.writes(house.dealer, "Danke!", at=START + HOUR, wamid=wamid)
    _edits(house, wamid, "STOPP", at=START + HOUR + MINUTE)
    phones.agrees(house.dealer, at=START + 2 * HOUR)
    _edits(house, wamid, "STOPP", at=START + HOUR + MINUTE)
    assert _state(house) == "granted"
    assert _receipts(house) == 1


@pytest.mark.shows("R-63")
def test_an_edit_into_unclear_words_asks_the_team_with_the_new_words(house):
    wamid = f"wamid.{ids.new()}"
    phones.writes(house.dealer, "Danke!", at=START + HOUR, wamid=wamid)
    _edits(house, wamid, "Stopp, bitte nicht reparieren!", at=START + HOUR + MINUTE)
    assert _state(house) == "frozen"
    viewer = staff.viewer(house.alice)
    (task,) = consent_tasks.tasks(viewer=viewer)
    assert consent_tasks.task(viewer=viewer, task=task.id).said == "Stopp, bitte nicht reparieren!"


def test_an_edit_asks_for_no_consent_and_a_strangers_edit_is_none(house):
    wamid = f"wamid.{ids.new()}"
    phones.writes(house.dealer, "STOPP", at=START + HOUR)
    phones.writes(house.dealer, "Danke!", at=START + 2 * HOUR, wamid=wamid)
    _edits(house, wamid, "WERBUNG JA", at=START + 2 * HOUR + MINUTE)
    assert _state(house) == "withdrawn"
    other = f"wamid.{ids.new()}"
    phones.writes(house.dealer, "WERBUNG JA", at=START + 3 * HOUR, wa_id=dealers.BOB, wamid=other)
    _edits(house, other, "STOPP", at=START + 3 * HOUR + MINUTE)
    with scope.looking(organisation=house.dealer.organisation):
        pending = models.Consent.objects.filter(purpose="P-05", state="pending")
        assert pending.count() == 1
