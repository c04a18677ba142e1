from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests import dealers, phones, readers, staff
from werkbote.actions import breaches, drafts, freezing, outbox, people
from werkbote.domain import events, law, policy, team
from werkbote.store import keyring, models, scope

START = dealers.NOW
SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)
WRONG = "Das bin ich nicht."


@pytest.fixture
def house() -> staff.Staff:
    """A dealer to whom Alice has agreed, and by whom she was written to."""
    made = staff.staff()
    phones.agrees(made.dealer, at=START)
    phones.accepted(made.dealer, phones.asked(made.dealer, role="plain"), at=START + 90 * SECOND)
    return made


@pytest.fixture
def letters() -> Iterator[readers.House]:
    """A dealer with a newsletter."""
    dealer = dealers.dealer()
    staff.member(dealer.organisation, role=team.Role.OWNER, branches=[dealer.branch])
    with readers.house(dealer) as made:
        yield made


def _held(house: staff.Staff) -> tuple[str, list[str]]:
    """Where the consent stands, and what became of it after it was given."""
    with scope.looking(organisation=house.dealer.organisation):
        state = models.Consent.objects.get(purpose="P-05").state
        deeds = models.ConsentEvent.objects.filter(purpose="P-05").order_by("position")
        return state, list(deeds.values_list("deed", flat=True))[2:]


def _rule(house: staff.Staff, *, at: datetime) -> law.RuleId | None:
    """Why the gate refuses advertising to her; None where it lets it out."""
    with scope.looking(organisation=house.dealer.organisation):
        conversation = models.Conversation.objects.order_by("id")[0].id
    found = outbox.preview(
        organisation=house.dealer.organisation,
        conversation=conversation,
        draft=drafts.Draft(text="Winterräder ab 399 Euro."),
        purpose="P-05",
        at=at,
    )
    return found.rule if isinstance(found, policy.Refusal) else None


def _moves(house: staff.Staff, *, at: datetime) -> int:
    """Alice's number becomes Bob's, says Meta; returns the question to the team."""
    value: dict[str, Any] = dealers.text("", at=at)
    item = value["messages"][0]
    del item["text"]
    item["type"] = "system"
    item["system"] = {"type": "user_changed_number", "wa_id": dealers.BOB, "body": "Neu"}
    dealers.arrive(house.dealer, dealers.body(house.dealer, value), at=at)
    dealers.understand(house.dealer, at=at)
    with scope.looking(organisation=house.dealer.organisation):
        return models.IdentityReview.objects.get().id


def _breach(house: staff.Staff) -> int:
    with scope.looking(organisation=house.dealer.organisation):
        return models.Breach.objects.get().id


def _decides(house: staff.Staff, review: int, *, accept: bool, at: datetime) -> None:
    people.decide_review(
        organisation=house.dealer.organisation, review=review, accept=accept, by=house.alice, at=at
    )


def _means_another_thing(house: staff.Staff, *, at: datetime) -> None:
    """Alice writes unclear words and says, asked back, that she meant something else."""
    phones.writes(house.dealer, "Stopp, bitte nicht reparieren!", at=at)
    with scope.looking(organisation=house.dealer.organisation):
        asked = models.Message.objects.filter(outgoing=True).latest("id")
    payload = phones.payloads(house.dealer, asked)[2]
    phones.taps(house.dealer, payload, at=at + SECOND, quoted=None, title="Etwas anderes")


@pytest.mark.shows("R-05", "R-09")
def test_a_wrong_number_holds_the_consent_until_it_is_cleared(house):
    phones.writes(house.dealer, WRONG, at=START + HOUR)
    assert _held(house) == ("frozen", ["wrong_number"])
    breaches.release(
        organisation=house.dealer.organisation,
        breach=_breach(house),
        by=house.alice,
        at=START + 2 * HOUR,
    )
    assert _held(house) == ("granted", ["wrong_number", "reverified"])
    assert _rule(house, at=START + 3 * HOUR) is None


def test_an_answer_about_other_words_does_not_clear_a_wrong_number(house):
    phones.writes(house.dealer, WRONG, at=START + HOUR)
    _means_another_thing(house, at=START + 2 * HOUR)
    assert _held(house) == ("frozen", ["wrong_number", "paused"])


@pytest.mark.shows("R-05", "R-09")
def test_a_new_number_holds_the_consent_until_it_is_known_whose_it_is(house):
    review = _moves(house, at=START + HOUR)
    assert _held(house) == ("frozen", ["number_changed"])
    assert _rule(house, at=START + HOUR) is law.RuleId.NUMBER_CHANGED
    _decides(house, review, accept=True, at=START + 2 * HOUR)
    assert _held(house) == ("granted", ["number_changed", "reverified"])
    assert _rule(house, at=START + 3 * HOUR) is None


def test_a_number_that_is_somebody_elses_leaves_the_consent_on_hold(house):
    review = _moves(house, at=START + HOUR)
    _decides(house, review, accept=False, at=START + 2 * HOUR)
    assert _held(house) == ("frozen", ["number_changed"])
    assert _rule(house, at=START + 3 * HOUR) is law.RuleId.CONSENT_FROZEN


def test_a_consent_held_for_two_reasons_waits_for_both(house):
    review = _moves(house, at=START + HOUR)
    phones.writes(house.dealer, WRONG, at=START + 2 * HOUR)
    _decides(house, review, accept=True, at=START + 3 * HOUR)
    assert _held(house)[0] == "frozen"
    breaches.release(
        organisation=house.dealer.organisation,
        breach=_breach(house),
        by=house.alice,
        at=START + 4 * HOUR,
    )
    assert _held(house)[0] == "granted"


def test_two_who_turn_out_to_be_one_are_held_by_what_held_either():
    house = staff.staff()
    keys = keyring.organisation(house.dealer.organisation)
    known = events.Party(bsuid="DE.older")
    with scope.transaction(organisation=house.dealer.organisation):
        people.resolve(keys=keys, parties=[known], source="message", at=START)
    phones.agrees(house.dealer, at=START)
    phones.accepted(house.dealer, phones.asked(house.dealer, role="plain"), at=START + 90 * SECOND)
    phones.writes(house.dealer, WRONG, at=START + HOUR)
    both = events.Party(bsuid="DE.older", phone="+" + dealers.ALICE)
    with scope.transaction(organisation=house.dealer.organisation):
        people.resolve(keys=keys, parties=[both], source="message", at=START + 2 * HOUR)
        assert models.Person.objects.filter(merged_into=None, wrong_number_at__isnull=False)
    breaches.release(
        organisation=house.dealer.organisation,
        breach=_breach(house),
        by=house.alice,
        at=START + 3 * HOUR,
    )
    with scope.looking(organisation=house.dealer.organisation):
        assert not models.Person.objects.filter(wrong_number_at__isnull=False)
    assert _held(house)[0] == "granted"


def test_an_address_that_takes_nothing_stays_on_hold(letters):
    letters.subscribes(readers.ANNA, at=START)
    letters.box.says["RCPT"] = "550 5.1.1 no such user"
    letters.publishes(at=START + HOUR)
    letters.sends(at=START + HOUR)
    assert letters.state() == "frozen"
    keys = keyring.organisation(letters.dealer.organisation)
    with scope.transaction(organisation=letters.dealer.organisation):
        person = models.Consent.objects.get(purpose="P-14").person_id
        assert freezing.thaw(
            keys=keys,
            person=person,
            key="t1",
            by="system",
            occurred_at=START + 2 * HOUR,
            at=START + 2 * HOUR,
        )
    assert letters.state() == "frozen"
