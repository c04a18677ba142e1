"""A stopped recipient gets nothing from that moment on, whatever was on its way; and nothing is lost."""

import asyncio
from datetime import UTC, datetime

import pytest
from django.db import Error

from tests import dealers, simulator
from werkbote.actions import drafts, numbers, outbox
from werkbote.actions.duties import recipients
from werkbote.actions.outbox import switches
from werkbote.domain import duties
from werkbote.store import models, scope

NOW = dealers.NOW
META = duties.outside.META


@pytest.fixture
def dealer(simulator: simulator.Simulator) -> dealers.Dealer:
    made = dealers.dealer(graph_url=simulator.url)
    simulator.connect(made, enforce_limits=False)
    return made


def replied(dealer: dealers.Dealer) -> int:
    moment = datetime.now(UTC)
    dealers.arrive(dealer, dealers.body(dealer, dealers.text("Moin", at=moment)), at=moment)
    dealers.understand(dealer, at=moment)
    with scope.looking(organisation=dealer.organisation):
        conversation = models.Conversation.objects.get().id
    return outbox.queue_message(
        organisation=dealer.organisation,
        conversation=conversation,
        draft=drafts.Draft(text="Ihr Golf ist fertig."),
        purpose="P-02",
        by=None,
        at=moment,
    )


def claimed(dealer: dealers.Dealer) -> list[outbox.Ready]:
    return outbox.claim(
        organisation=dealer.organisation, number=dealer.number, at=datetime.now(UTC)
    )


def sent(dealer: dealers.Dealer, ready: list[outbox.Ready]) -> list[outbox.Outcome]:
    async def send() -> list[outbox.Outcome]:
        try:
            return [await outbox.send(one, clock=lambda: datetime.now(UTC)) for one in ready]
        finally:
            await outbox.hang_up()

    outcomes = asyncio.run(send())
    if outcomes:
        outbox.settle(organisation=dealer.organisation, outcomes=outcomes)
    return outcomes


def message(dealer: dealers.Dealer, row: int) -> models.Message:
    with scope.looking(organisation=dealer.organisation):
        return models.Message.objects.select_related("refusal").get(id=row)


def stop(dealer: dealers.Dealer, code: str = META) -> None:
    recipients.stop(
        organisation=dealer.organisation, code=code, reason="DPF gefallen", by=1, at=NOW
    )


def received(dealer: dealers.Dealer, simulator: simulator.Simulator) -> int:
    return sum(one["phone_number_id"] == dealer.phone_number_id for one in simulator.log())


@pytest.mark.shows("R-52")
def test_what_waits_is_refused_with_its_sentence_and_stays_in_the_thread(dealer, simulator):
    row = replied(dealer)
    stop(dealer)
    assert claimed(dealer) == []
    kept = message(dealer, row)
    assert (kept.state, kept.refusal.rule) == ("refused", "processor_blocked")
    assert kept.refusal.sentence_de.startswith("Dieser Dienstleister ist abgeschaltet")
    assert kept.body
    assert received(dealer, simulator) == 0


@pytest.mark.shows("R-52", "S-26")
def test_what_was_permitted_before_does_not_leave_after_and_goes_back(dealer, simulator):
    row = replied(dealer)
    ready = claimed(dealer)
    assert len(ready) == 1
    stop(dealer)
    (outcome,) = sent(dealer, ready)
    assert outcome.missed
    assert received(dealer, simulator) == 0
    assert message(dealer, row).state == "queued"
    assert claimed(dealer) == []
    assert message(dealer, row).refusal.rule == "processor_blocked"


@pytest.mark.shows("R-52", "S-26")
def test_who_cannot_tell_does_not_send(dealer, simulator, monkeypatch):
    row = replied(dealer)
    ready = claimed(dealer)

    def broken() -> frozenset[str]:
        raise Error("the table is gone")

    with monkeypatch.context() as patch:
        patch.setattr(switches.duties, "stopped", broken)
        (outcome,) = sent(dealer, ready)
    assert outcome.missed
    assert received(dealer, simulator) == 0
    assert sent(dealer, claimed(dealer))[0].receipt is not None
    assert message(dealer, row).state == "sent"


@pytest.mark.shows("R-52")
def test_release_lets_messages_leave_again(dealer):
    stop(dealer)
    recipients.release(organisation=dealer.organisation, code=META, by=1, at=NOW)
    row = replied(dealer)
    sent(dealer, claimed(dealer))
    assert message(dealer, row).state == "sent"


@pytest.mark.shows("R-52")
def test_switch_of_one_recipient_and_of_another_house_stops_nobody_else(dealer):
    other = dealers.dealer()
    stop(other)
    with scope.transaction(organisation=dealer.organisation):
        models.Processor.objects.create(
            organisation_id=dealer.organisation,
            code="mail:smtp.example.de",
            body_sealed=b"",
            stopped_at=NOW,
            changed_at=NOW,
        )
    row = replied(dealer)
    sent(dealer, claimed(dealer))
    assert message(dealer, row).state == "sent"


@pytest.mark.shows("R-52")
def test_nobody_asks_meta_anything_while_it_is_stopped(dealer, simulator):
    stop(dealer)
    before = len(simulator.log())
    with pytest.raises(numbers.Stopped, match="data protection releases it"):
        numbers.look(organisation=dealer.organisation, number=dealer.number, at=NOW)
    assert len(simulator.log()) == before


@pytest.mark.shows("R-52")
@pytest.mark.parametrize(
    ("code", "reason", "words"),
    [
        ("meta", "", "300 signs"),
        ("meta", "   ", "300 signs"),
        ("meta", "x" * 301, "300 signs"),
        ("backup", "weg", "operator"),
        ("company_sign_in", "weg", "operator"),
        ("", "weg", "operator"),
        ("other:7", "weg", "operator"),
    ],
)
def test_what_cannot_be_stopped_says_why(dealer, code, reason, words):
    with pytest.raises(recipients.UnableToSwitch, match=words):
        recipients.stop(organisation=dealer.organisation, code=code, reason=reason, by=1, at=NOW)
    with scope.looking(organisation=dealer.organisation):
        assert not models.Processor.objects.exists()


@pytest.mark.parametrize("code", ["mail:nobody.example", "callbacks:nobody.example"])
def test_who_is_not_spoken_to_cannot_be_stopped(dealer, code):
    with pytest.raises(recipients.UnableToRecord, match="no such recipient"):
        stop(dealer, code)


@pytest.mark.shows("R-52")
def test_switch_is_pulled_once_and_every_pull_is_an_entry(dealer):
    stop(dealer)
    with pytest.raises(recipients.UnableToSwitch, match="already"):
        stop(dealer)
    recipients.release(organisation=dealer.organisation, code=META, by=1, at=NOW)
    with pytest.raises(recipients.UnableToSwitch, match="not stopped"):
        recipients.release(organisation=dealer.organisation, code=META, by=1, at=NOW)
    with scope.looking(organisation=dealer.organisation):
        entries = models.AuditEntry.objects.filter(verb__startswith="processors.")
        assert [(one.verb, one.detail["recipient"]) for one in entries.order_by("position")] == [
            ("processors.stop", "meta"),
            ("processors.release", "meta"),
        ]
