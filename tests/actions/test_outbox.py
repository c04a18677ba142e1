import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from tests import dealers, simulator, staff
from werkbote.actions import drafts, outbox
from werkbote.domain import events, policy, team
from werkbote.store import models, scope


def _conversation(dealer: dealers.Dealer) -> int:
    with scope.looking(organisation=dealer.organisation):
        return models.Conversation.objects.get().id


def _wrote(
    dealer: dealers.Dealer, *, at: datetime | None = None, wa_id: str = dealers.ALICE
) -> int:
    moment = at or datetime.now(UTC)
    dealers.arrive(
        dealer, dealers.body(dealer, dealers.text("Moin", wa_id=wa_id, at=moment)), at=moment
    )
    dealers.understand(dealer, at=moment)
    return _conversation(dealer)


def _reply(dealer: dealers.Dealer, conversation: int, text: str = "Ihr Golf ist fertig.") -> int:
    return outbox.queue_message(
        organisation=dealer.organisation,
        conversation=conversation,
        draft=drafts.Draft(text=text),
        purpose="P-02",
        by=None,
        at=datetime.now(UTC),
    )


def _dispatch(dealer: dealers.Dealer) -> list[outbox.Outcome]:
    ready = outbox.claim(
        organisation=dealer.organisation, number=dealer.number, at=datetime.now(UTC)
    )

    async def send() -> list[outbox.Outcome]:
        try:
            return [await outbox.send(one, clock=lambda: datetime.now(UTC)) for one in ready]
        finally:
            await outbox.hang_up()

    outcomes = asyncio.run(send())
    if outcomes:
        outbox.settle(organisation=dealer.organisation, outcomes=outcomes)
    return outcomes


def _message(dealer: dealers.Dealer, message: int) -> models.Message:
    with scope.looking(organisation=dealer.organisation):
        return models.Message.objects.select_related("permit", "refusal").get(id=message)


@pytest.fixture
def dealer(simulator: simulator.Simulator) -> dealers.Dealer:
    made = dealers.dealer(graph_url=simulator.url)
    simulator.connect(made, enforce_limits=False)
    return made


@pytest.mark.shows("R-02", "R-25")
def test_dispatch_sends_a_reply_with_notice_and_permit(dealer, simulator):
    simulator.customer("alice", phone="+" + dealers.ALICE)
    conversation = _wrote(dealer)
    message = _reply(dealer, conversation)
    _dispatch(dealer)
    row = _message(dealer, message)
    assert row.state == "sent"
    assert row.permit.permitted
    assert row.permit.evidence[0].startswith("inbound:message:")
    assert row.notice_version != ""
    received = [one for one in simulator.log() if one["phone_number_id"] == dealer.phone_number_id]
    assert [one["biz_opaque_callback_data"] for one in received] == [str(message)]


def test_dispatch_carries_the_notice_once(dealer):
    conversation = _wrote(dealer)
    first, second = _reply(dealer, conversation, "eins"), _reply(dealer, conversation, "zwei")
    _dispatch(dealer)
    assert _message(dealer, first).notice_version != ""
    assert _message(dealer, second).notice_version == ""


@pytest.mark.shows("R-101")
def test_dispatch_refuses_after_the_window_with_a_reason(dealer):
    conversation = _wrote(dealer, at=datetime.now(UTC) - timedelta(hours=25))
    message = _reply(dealer, conversation)
    assert _dispatch(dealer) == []
    row = _message(dealer, message)
    assert (row.state, row.refusal.rule) == ("refused", "window_closed")
    assert row.refusal.sentence_de != ""


@pytest.mark.shows("R-42")
def test_whoever_asked_waits_on_when_the_answer_is_refused(dealer):
    asked = datetime.now(UTC) - timedelta(hours=25)
    conversation = _wrote(dealer, at=asked)
    member = staff.member(dealer.organisation, role=team.Role.AGENT, branches=[dealer.branch])
    outbox.queue_message(
        organisation=dealer.organisation,
        conversation=conversation,
        draft=drafts.Draft(text="Ja."),
        purpose="P-02",
        by=member,
        at=datetime.now(UTC),
    )
    with scope.looking(organisation=dealer.organisation):
        row = models.Conversation.objects.get(id=conversation)
        assert row.waiting_since is None
    _dispatch(dealer)
    with scope.looking(organisation=dealer.organisation):
        row.refresh_from_db()
    assert row.waiting_since == row.last_inbound_at


def test_dispatch_refuses_without_a_processor_agreement(simulator):
    dealer = dealers.dealer(graph_url=simulator.url, agreement=False)
    message = _reply(dealer, _wrote(dealer))
    _dispatch(dealer)
    assert _message(dealer, message).refusal.rule == "agreement_missing"


def test_queue_message_repeated_with_its_key_queues_once(dealer):
    conversation = _wrote(dealer)
    asked = {
        "organisation": dealer.organisation,
        "conversation": conversation,
        "draft": drafts.Draft(text="Ja", request_key="one-click"),
        "purpose": "P-02",
        "by": None,
        "at": datetime.now(UTC),
    }
    assert outbox.queue_message(**asked) == outbox.queue_message(**asked)


def test_queue_message_at_once_with_one_key_queues_once(dealer):
    conversation = _wrote(dealer)

    def queue(_: int) -> int:
        try:
            return outbox.queue_message(
                organisation=dealer.organisation,
                conversation=conversation,
                draft=drafts.Draft(text="Ja", request_key="many-clicks"),
                purpose="P-02",
                by=None,
                at=datetime.now(UTC),
            )
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(queue, range(8)))) == 1


@pytest.mark.shows("R-64")
def test_preview_says_what_dispatch_will_say(dealer):
    conversation = _wrote(dealer)
    answer = outbox.preview(
        organisation=dealer.organisation,
        conversation=conversation,
        draft=drafts.Draft(text="Ja"),
        purpose="P-05",
        at=datetime.now(UTC),
    )
    assert isinstance(answer, policy.Refusal)
    assert answer.rule == "consent_missing"


def test_settle_keeps_a_message_whose_outcome_is_unknown_out_of_the_queue(dealer, simulator):
    conversation = _wrote(dealer)
    simulator.call(
        "POST",
        f"numbers/{dealer.phone_number_id}/faults",
        api=[{"kind": "reset", "place": "messages", "after": True}],
    )
    message = _reply(dealer, conversation)
    _dispatch(dealer)
    assert _message(dealer, message).state == "sending"
    later = datetime.now(UTC) + timedelta(minutes=11)
    assert outbox.notice_silence(organisation=dealer.organisation, at=later) == 1
    assert _message(dealer, message).state == "unknown"


def test_settle_ends_the_pause_of_a_number_that_speaks_again(dealer, simulator):
    conversation = _wrote(dealer)
    simulator.call(
        "POST",
        f"numbers/{dealer.phone_number_id}/faults",
        api=[{"kind": "token_expired", "place": "messages", "times": 1}],
    )
    message = _reply(dealer, conversation)
    _dispatch(dealer)
    with scope.looking(organisation=dealer.organisation):
        assert models.Number.objects.get(id=dealer.number).paused_code == 190
    assert _message(dealer, message).state == "queued"
    with scope.transaction(organisation=dealer.organisation):
        models.Number.objects.filter(id=dealer.number).update(paused_until=dealers.NOW)
        models.Message.objects.filter(id=message).update(due_at=dealers.NOW)
    _dispatch(dealer)
    assert _message(dealer, message).state == "sent"
    with scope.looking(organisation=dealer.organisation):
        assert models.Number.objects.get(id=dealer.number).paused_code is None


def test_settle_gives_a_missed_slot_back_without_counting_an_attempt(dealer):
    message = _reply(dealer, _wrote(dealer))
    (ready,) = outbox.claim(
        organisation=dealer.organisation, number=dealer.number, at=datetime.now(UTC)
    )
    outcome = outbox.missed(ready, at=datetime.now(UTC))
    outbox.settle(organisation=dealer.organisation, outcomes=[outcome])
    row = _message(dealer, message)
    assert (row.state, row.attempts) == ("queued", 0)
    assert [one.receipt is not None for one in _dispatch(dealer)] == [True]
    outbox.settle(organisation=dealer.organisation, outcomes=[outcome])
    assert _message(dealer, message).state == "sent"


def test_claim_fails_a_message_whose_file_is_gone_and_sends_its_neighbour(dealer):
    conversation = _wrote(dealer)
    lost = outbox.queue_message(
        organisation=dealer.organisation,
        conversation=conversation,
        draft=drafts.Draft(
            kind=events.Kind.DOCUMENT,
            attachment=drafts.Attachment(content=b"%PDF-1.7", mime="application/pdf", filename="a"),
        ),
        purpose="P-02",
        by=None,
        at=datetime.now(UTC),
    )
    with scope.transaction(organisation=dealer.organisation):
        models.MediaChunk.objects.filter(media__message=lost).delete()
        models.Media.objects.filter(message=lost).delete()
    other = _reply(dealer, conversation)
    _dispatch(dealer)
    assert _message(dealer, lost).state == "failed"
    assert _message(dealer, other).state == "sent"
