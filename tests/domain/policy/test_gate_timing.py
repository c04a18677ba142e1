"""The gate on when: quiet hours, caps, and what is asked again."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.domain.policy.situations import (
    ADVERTISEMENT,
    ANSWER,
    NOW,
    REQUEST,
    STATUS,
    decide,
    refused_by,
    vary,
)
from werkbote.domain import law, policy
from werkbote.domain.law import RuleId

HOUR = timedelta(hours=1)


def test_only_what_cures_itself_is_asked_again() -> None:
    sunday = datetime(2026, 11, 22, 12, tzinfo=UTC)
    quiet, capped, broken = (
        decide(ADVERTISEMENT, now=sunday),
        decide(vary(ADVERTISEMENT, "caps", sent=(NOW - HOUR, NOW - 9 * HOUR))),
        decide(vary(ANSWER, readable=False)),
    )
    for refusal in (quiet, capped, broken):
        assert isinstance(refusal, policy.Refusal)
    assert policy.asks_again_at(quiet) == datetime(2026, 11, 23, 8, tzinfo=UTC)
    assert policy.asks_again_at(broken) == NOW + timedelta(minutes=5)
    assert capped.retry_at is not None
    assert policy.asks_again_at(capped) is None
    assert policy.asks_again_at(replace(quiet, retry_at=sunday + timedelta(days=6))) is None


@pytest.mark.shows("R-63")
def test_quiet_hours_say_when_to_try_again() -> None:
    sunday = datetime(2026, 11, 22, 12, tzinfo=UTC)
    decision = decide(ADVERTISEMENT, now=sunday)
    assert isinstance(decision, policy.Refusal)
    assert (decision.rule, decision.remedy) == (RuleId.QUIET_HOURS, law.Remedy.WAIT)
    assert decision.retry_at == datetime(2026, 11, 23, 8, tzinfo=UTC)


def test_quiet_hours_do_not_hold_back_service() -> None:
    night = datetime(2026, 11, 22, 2, tzinfo=UTC)
    assert refused_by(STATUS, now=night) is None
    assert refused_by(REQUEST, now=night) is None


def test_cap_says_when_the_next_one_is_free() -> None:
    first, second = NOW - timedelta(days=20), NOW - timedelta(days=3)
    decision = decide(vary(ADVERTISEMENT, "caps", sent=(second, first)))
    assert isinstance(decision, policy.Refusal)
    assert decision.retry_at == first + timedelta(days=30)
    assert (
        refused_by(vary(ADVERTISEMENT, "caps", sent=(first - timedelta(days=10), second))) is None
    )


def test_cap_of_none_at_all_never_frees() -> None:
    decision = decide(vary(ADVERTISEMENT, "caps", caps=(law.Cap(count=0, days=1),)))
    assert isinstance(decision, policy.Refusal)
    assert decision.retry_at is None
