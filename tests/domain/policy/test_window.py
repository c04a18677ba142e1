from datetime import timedelta

import pytest

from tests.domain.policy.situations import ANSWER, NOW, refused_by, vary
from werkbote.domain import policy
from werkbote.domain.law import RuleId

HOUR = timedelta(hours=1)


@pytest.mark.shows("R-101")
def test_window_closes_a_day_after_the_last_message() -> None:
    assert policy.window_closes_at(ANSWER, NOW) == NOW + 22 * HOUR


def test_later_call_extends_the_window() -> None:
    called = vary(ANSWER, "window", last_call_at=NOW - HOUR, last_call_id="call-1")
    assert policy.window_closes_at(called, NOW) == NOW + 23 * HOUR


@pytest.mark.shows("R-101")
def test_call_alone_opens_the_window_and_is_the_proof() -> None:
    window = policy.WindowFacts(
        number_id="number-1", last_call_at=NOW - HOUR, last_call_id="call-1"
    )
    decision = policy.decide(vary(ANSWER, window=window), now=NOW)
    assert isinstance(decision, policy.Permit)
    assert decision.evidence[0] == policy.Reference(kind=policy.Proof.CALL, id="call-1")


@pytest.mark.shows("R-101")
def test_window_of_another_number_is_not_this_numbers() -> None:
    assert policy.window_closes_at(vary(ANSWER, "window", number_id="number-2"), NOW) is None


@pytest.mark.parametrize("ahead", [timedelta(minutes=6), timedelta(days=400000 // 365 * 365)])
def test_clock_from_the_future_opens_nothing(ahead: timedelta) -> None:
    wrong = vary(ANSWER, "window", last_inbound_at=NOW + ahead)
    assert policy.window_closes_at(wrong, NOW) is None
    assert refused_by(wrong) is RuleId.INBOUND_MISSING


def test_clock_a_little_ahead_counts_as_now() -> None:
    fast = vary(ANSWER, "window", last_inbound_at=NOW + timedelta(minutes=5))
    assert policy.window_closes_at(fast, NOW) == NOW + 24 * HOUR


def test_window_is_closed_at_the_very_moment_it_closes() -> None:
    closes = NOW + 22 * HOUR
    assert policy.window_closes_at(ANSWER, closes - timedelta(seconds=1)) == closes
    assert policy.window_closes_at(ANSWER, closes) is None


def test_message_the_sender_chose_to_answer_is_the_proof() -> None:
    decision = policy.decide(vary(ANSWER, "message", answers="inbound-0"), now=NOW)
    assert isinstance(decision, policy.Permit)
    assert decision.evidence[0] == policy.Reference(kind=policy.Proof.INBOUND, id="inbound-0")
