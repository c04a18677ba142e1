from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.consent.histories import (
    EVENTS,
    EVIDENCE,
    HISTORIES,
    PERIODS,
    START,
    event,
    granted,
)
from werkbote.domain import consent
from werkbote.domain.consent import Deed, State


def state(*events: consent.Event) -> State:
    return consent.project(events, periods=PERIODS).state


def test_history_without_events_is_unknown() -> None:
    assert state() is State.UNKNOWN


def test_request_confirmed_from_number_is_granted() -> None:
    standing = consent.project(granted(), periods=PERIODS)
    assert standing.state is State.GRANTED
    assert standing.granted_at == START + timedelta(hours=1)
    assert standing.evidence == EVIDENCE


def test_request_confirmed_from_elsewhere_stays_pending() -> None:
    request, confirmation = granted()
    assert state(request, replace(confirmation, from_number=False)) is State.PENDING


def test_request_confirmed_too_late_lapses() -> None:
    assert state(granted()[0], event(Deed.CONFIRMED, hours=49)) is State.LAPSED


def test_confirmation_without_request_changes_nothing() -> None:
    standing = consent.project([event(Deed.CONFIRMED)], periods=PERIODS)
    assert (standing.state, standing.ignored) == (State.UNKNOWN, ("confirmed-0-record-1",))


def test_confirmation_without_complete_evidence_freezes() -> None:
    request, confirmation = granted()
    bare = replace(confirmation, evidence=replace(EVIDENCE, confirmation=None))
    assert state(request, bare) is State.FROZEN


def test_import_with_evidence_is_granted() -> None:
    assert state(event(Deed.IMPORTED)) is State.GRANTED


def test_import_without_evidence_freezes() -> None:
    assert state(event(Deed.IMPORTED, evidence=None)) is State.FROZEN


def test_import_after_withdrawal_does_not_grant() -> None:
    assert state(event(Deed.WITHDRAWN), event(Deed.IMPORTED, hours=5)) is State.WITHDRAWN


@pytest.mark.shows("R-05")
def test_number_change_freezes_until_verified() -> None:
    frozen = (*granted(), event(Deed.NUMBER_CHANGED, hours=5))
    assert state(*frozen) is State.FROZEN
    assert state(*frozen, event(Deed.REVERIFIED, hours=6)) is State.GRANTED


def test_verifying_what_was_never_granted_grants_nothing() -> None:
    request = granted()[0]
    freeze = event(Deed.NUMBER_CHANGED, hours=1)
    assert state(request, freeze, event(Deed.REVERIFIED, hours=2)) is State.UNKNOWN


def test_verifying_after_an_expired_grant_grants_nothing() -> None:
    history = (
        *granted(),
        event(Deed.TEXT_CHANGED, hours=2),
        event(Deed.OFFERED, hours=3),
        event(Deed.PAUSED, hours=4),
        event(Deed.REVERIFIED, hours=5),
    )
    assert state(*history) is State.UNKNOWN


def test_new_request_after_withdrawal_is_a_new_record() -> None:
    stopped = (*granted(), event(Deed.WITHDRAWN, hours=2))
    assert state(*stopped, *granted(hours=3)) is State.WITHDRAWN
    assert state(*stopped, *granted(hours=3, record="record-2")) is State.GRANTED


def test_resume_from_meta_is_no_consent() -> None:
    stopped = (*granted(), event(Deed.META_STOPPED, hours=2))
    assert state(*stopped, event(Deed.META_RESUMED, hours=3)) is State.WITHDRAWN


def test_use_is_remembered() -> None:
    standing = consent.project([*granted(), event(Deed.USED, hours=9)], periods=PERIODS)
    assert (standing.state, standing.last_used_at) == (State.GRANTED, START + timedelta(hours=9))


@pytest.mark.parametrize("stop", sorted(consent.TRANSITIONS[Deed.WITHDRAWN]))
def test_withdrawal_is_possible_from_every_state_but_objected(stop: State) -> None:
    assert consent.TRANSITIONS[Deed.WITHDRAWN][stop] is State.WITHDRAWN
    assert consent.TRANSITIONS[Deed.OBJECTED][stop] is State.OBJECTED


def test_only_new_requests_lead_out_of_a_stop() -> None:
    leaving = {
        deed
        for deed, moves in consent.TRANSITIONS.items()
        for origin, target in moves.items()
        if origin in {State.WITHDRAWN, State.OBJECTED}
        and target not in {State.WITHDRAWN, State.OBJECTED}
    }
    assert leaving == {Deed.REQUESTED}


@given(HISTORIES, st.randoms())
def test_order_and_repetition_do_not_matter(history: list[consent.Event], random: Random) -> None:
    shuffled = [*history, *history]
    random.shuffle(shuffled)
    assert consent.project(shuffled, periods=PERIODS) == consent.project(history, periods=PERIODS)


@given(HISTORIES, st.sampled_from([Deed.WITHDRAWN, Deed.META_STOPPED, Deed.OBJECTED]), st.randoms())
@pytest.mark.shows("R-15")
def test_no_history_grants_after_an_unreversed_withdrawal(
    history: list[consent.Event], stop: Deed, random: Random
) -> None:
    requests = [each.occurred_at for each in history if each.deed is Deed.REQUESTED]
    latest = max(requests, default=START)
    withdrawal = replace(event(stop), occurred_at=latest)
    arrived = [*history, withdrawal, *history]
    random.shuffle(arrived)
    assert state(*arrived) in {State.WITHDRAWN, State.OBJECTED}


@given(HISTORIES)
@pytest.mark.shows("R-100")
def test_resume_from_meta_never_changes_anything(history: list[consent.Event]) -> None:
    without = [each for each in history if each.deed is not Deed.META_RESUMED]
    assert state(*history) is state(*without)


@given(HISTORIES)
def test_granted_always_has_complete_evidence(history: list[consent.Event]) -> None:
    standing = consent.project(history, periods=PERIODS)
    if standing.state is State.GRANTED:
        assert standing.evidence is not None
        assert standing.granted_at is not None
        assert any(each.deed in {Deed.CONFIRMED, Deed.IMPORTED} for each in history)


@given(HISTORIES, EVENTS)
def test_one_more_event_moves_only_along_the_table(
    history: list[consent.Event], last: consent.Event
) -> None:
    newest = max((each.occurred_at for each in history), default=START)
    before = state(*history)
    after = state(*history, replace(last, occurred_at=newest + timedelta(seconds=1)))
    targets = {before, consent.TRANSITIONS[last.deed].get(before, before)}
    assert after in targets | {State.FROZEN, State.LAPSED, State.UNKNOWN}


def test_pending_lapses_after_the_confirmation_period() -> None:
    pending = consent.project([granted()[0]], periods=PERIODS)
    inside, outside = START + timedelta(hours=48), START + timedelta(hours=48, seconds=1)
    assert consent.due(pending, periods=PERIODS, now=inside) is None
    assert consent.due(pending, periods=PERIODS, now=outside) is Deed.LAPSED
    assert consent.state_at(pending, periods=PERIODS, now=outside) is State.LAPSED


def test_unused_grant_falls_due_for_refresh_after_twelve_months() -> None:
    standing = consent.project(granted(), periods=PERIODS)
    moment = START + timedelta(hours=1)
    before = moment.replace(year=2027) - timedelta(seconds=1)
    assert consent.state_at(standing, periods=PERIODS, now=before) is State.GRANTED
    assert consent.state_at(standing, periods=PERIODS, now=moment.replace(year=2027)) is (
        State.REFRESH_DUE
    )


def test_used_grant_falls_due_after_twenty_four_months_of_silence() -> None:
    used = event(Deed.USED, hours=24 * 700)
    standing = consent.project([*granted(), used], periods=PERIODS)
    silent = (START + timedelta(hours=1)).replace(year=2028)
    assert consent.due(standing, periods=PERIODS, now=silent) is Deed.REFRESH_FELL_DUE
    heard = silent - timedelta(days=5)
    assert consent.due(standing, periods=PERIODS, now=silent, last_inbound_at=heard) is None


def test_refresh_that_nobody_answers_expires() -> None:
    fell_due = event(Deed.REFRESH_FELL_DUE, hours=5)
    standing = consent.project([*granted(), fell_due], periods=PERIODS)
    now = fell_due.occurred_at + timedelta(days=PERIODS.expiry_days)
    assert consent.due(standing, periods=PERIODS, now=now) is Deed.EXPIRED
    assert state(*granted(), fell_due, event(Deed.RECONFIRMED, hours=9)) is State.GRANTED


def test_a_no_is_respected_for_six_months() -> None:
    declined = consent.project(
        [event(Deed.OFFERED), event(Deed.DECLINED, hours=1)], periods=PERIODS
    )
    since = START + timedelta(hours=1)
    assert not consent.can_ask(declined, periods=PERIODS, now=since + timedelta(days=180))
    assert consent.can_ask(declined, periods=PERIODS, now=since.replace(month=9))


@pytest.mark.parametrize("stop", [Deed.WITHDRAWN, Deed.OBJECTED])
def test_after_a_stop_the_house_never_asks_again(stop: Deed) -> None:
    stopped = consent.project([*granted(), event(stop, hours=3)], periods=PERIODS)
    assert not consent.can_ask(stopped, periods=PERIODS, now=START.replace(year=2036))


def test_diagram_shows_every_state() -> None:
    drawn = consent.diagram()
    assert drawn.startswith("stateDiagram-v2\n    [*] --> unknown\n")
    assert "    pending --> granted: confirmed\n" in drawn
    assert {each for each in State if f" {each}" not in drawn} == set()
