"""Conversations rest, end, come back; who waits is known, and told of in time."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from tests import staff
from tests.deskwork import (
    LATER,
    NOW,
    arrives,
    by_bob,
    close,
    conversation_of,
    happened,
    look,
    nudged,
    snooze,
)
from werkbote.actions import desk as deeds
from werkbote.actions import drafts, inbox, outbox
from werkbote.store import keyring, models, scope


@pytest.fixture
def crew() -> staff.Staff:
    return staff.staff()


def test_a_snoozed_conversation_returns_by_itself_and_its_owner_is_told(crew: staff.Staff) -> None:
    conversation = staff.wrote(crew.dealer)
    deeds.assign(member=crew.bob, **by_bob(crew, conversation))
    deeds.snooze(until=LATER, **by_bob(crew, conversation))
    organisation = crew.dealer.organisation
    early = deeds.wake(organisation=organisation, at=LATER - timedelta(seconds=1))
    due = deeds.wake(organisation=organisation, at=LATER)
    again = deeds.wake(organisation=organisation, at=LATER)
    assert (early, due, again) == (0, 1, 0)
    row = look(crew, conversation)
    assert (row.state, row.snoozed_until) == ("open", None)
    assert happened(crew, conversation)[-2:] == ["snoozed", "returned"]
    assert nudged(crew) == [(crew.bob, "returned")]


@pytest.mark.parametrize(
    ("until", "says"),
    [(NOW, "has passed"), (NOW + timedelta(days=367), "A year is the longest")],
)
def test_a_rest_has_an_end_that_comes(crew: staff.Staff, until: datetime, says: str) -> None:
    conversation = staff.wrote(crew.dealer)
    with pytest.raises(deeds.UnableToDo, match=says):
        deeds.snooze(until=until, **by_bob(crew, conversation))


@pytest.mark.parametrize(("rest", "event"), [(close, "reopened"), (snooze, "returned")])
def test_whoever_writes_again_opens_the_conversation(
    crew: staff.Staff, rest: Callable[[staff.Staff, int], None], event: str
) -> None:
    arrives(crew, at=NOW)
    conversation = conversation_of(crew)
    deeds.assign(member=crew.bob, **by_bob(crew, conversation))
    rest(crew, conversation)
    arrives(crew, "Noch etwas")
    row = look(crew, conversation)
    assert (row.state, row.snoozed_until, row.closed_at, row.outcome) == ("open", None, None, "")
    assert row.waiting_since == (LATER if event == "reopened" else NOW)
    assert happened(crew, conversation)[-1] == event
    assert nudged(crew) == [(crew.bob, "returned")]


def test_a_conversation_is_closed_with_its_outcome_and_opened_by_hand(crew: staff.Staff) -> None:
    arrives(crew, at=NOW)
    conversation = conversation_of(crew)
    close(crew, conversation)
    row = look(crew, conversation)
    assert (row.state, row.outcome, row.closed_at) == ("closed", "appointment", NOW)
    assert row.waiting_since is None
    with pytest.raises(deeds.UnableToDo, match="changed meanwhile"):
        close(crew, conversation)
    deeds.reopen(**by_bob(crew, conversation))
    assert look(crew, conversation).state == "open"
    with pytest.raises(deeds.UnableToDo, match="changed meanwhile"):
        deeds.reopen(**by_bob(crew, conversation))


def test_spam_stays_closed_whatever_is_written_there(crew: staff.Staff) -> None:
    arrives(crew, at=NOW)
    conversation = conversation_of(crew)
    deeds.mark_spam(**by_bob(crew, conversation))
    arrives(crew, "Gewinnen Sie jetzt")
    row = look(crew, conversation)
    assert (row.state, row.outcome, row.waiting_since) == ("closed", "spam", None)
    deeds.unmark_spam(**by_bob(crew, conversation))
    assert look(crew, conversation).state == "open"
    with pytest.raises(deeds.UnableToDo, match="not marked as spam"):
        deeds.unmark_spam(**by_bob(crew, conversation))


def test_who_waits_is_known_until_somebody_answers(crew: staff.Staff) -> None:
    arrives(crew, at=NOW)
    conversation = conversation_of(crew)
    arrives(crew, "Hallo?", at=NOW + timedelta(minutes=5))
    assert look(crew, conversation).waiting_since == NOW
    echo = inbox.Fresh(
        message=waiting_message(crew),
        conversation=conversation,
        outgoing=True,
        kind="text",
        text="",
        payload="",
        at=LATER,
    )
    with scope.transaction(organisation=crew.dealer.organisation):
        batch = inbox.Batch(
            keys=keyring.organisation(crew.dealer.organisation), numbers={}, at=LATER, fresh=[echo]
        )
        deeds.attend(batch)
    assert look(crew, conversation).waiting_since is None


@pytest.mark.parametrize(
    ("ours", "theirs", "waits"),
    [
        ("Ihr Wagen ist fertig.", "Super, danke 👍", False),
        ("Ihr Wagen ist fertig.", "Danke, wann denn?", True),
        ("Passt Ihnen Dienstag?", "Danke", True),
        ("", "Danke", True),
    ],
)
def test_who_only_thanks_for_our_answer_waits_for_nothing(
    crew: staff.Staff, *, ours: str, theirs: str, waits: bool
) -> None:
    if ours:
        arrives(crew, at=NOW)
        outbox.queue_message(
            draft=drafts.Draft(text=ours, request_key="answer"),
            purpose="P-02",
            **by_bob(crew, conversation_of(crew), at=NOW + timedelta(minutes=5)),
        )
        assert look(crew, conversation_of(crew)).waiting_since is None
    arrives(crew, theirs, at=LATER)
    assert look(crew, conversation_of(crew)).waiting_since == (LATER if waits else None)


def waiting_message(crew: staff.Staff) -> int:
    with scope.looking(organisation=crew.dealer.organisation):
        return models.Message.objects.order_by("-id")[0].id


def test_a_window_that_closes_is_told_of_once_an_hour_before(crew: staff.Staff) -> None:
    arrives(crew, at=NOW)
    conversation = conversation_of(crew)
    deeds.assign(member=crew.bob, **by_bob(crew, conversation))
    organisation = crew.dealer.organisation
    closes = NOW + timedelta(hours=24)
    told = [
        deeds.remind(organisation=organisation, at=closes - timedelta(minutes=minutes))
        for minutes in (61, 59, 30)
    ]
    assert told == [0, 1, 0]
    assert nudged(crew) == [(crew.bob, "window_closing")]
    assert deeds.remind(organisation=organisation, at=closes + timedelta(minutes=1)) == 0


def test_an_answered_conversation_is_not_told_of(crew: staff.Staff) -> None:
    arrives(crew, at=NOW)
    with scope.transaction(organisation=crew.dealer.organisation):
        models.Conversation.objects.update(waiting_since=None)
    at = NOW + timedelta(hours=23, minutes=30)
    assert deeds.remind(organisation=crew.dealer.organisation, at=at) == 0
