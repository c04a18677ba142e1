"""A message's state: the table of arrows, and the laws of merging reports."""

import itertools
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from werkbote.domain import delivery, events

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
REPORTS = st.lists(
    st.builds(
        delivery.Report,
        status=st.sampled_from(events.Status),
        at=st.integers(0, 500).map(lambda seconds: START + timedelta(seconds=seconds)),
    ),
    max_size=8,
)


def merged(reports: list[delivery.Report]) -> delivery.Progress:
    progress = delivery.Progress()
    for report in reports:
        progress = delivery.merge(progress, report)
    return progress


@given(REPORTS, st.randoms())
def test_the_order_of_reports_does_not_matter(reports: list[delivery.Report], random) -> None:
    shuffled = [*reports]
    random.shuffle(shuffled)
    assert merged(shuffled) == merged(reports)


@given(REPORTS)
def test_repeating_reports_does_not_matter(reports: list[delivery.Report]) -> None:
    assert merged([*reports, *reports]) == merged(reports)


@given(REPORTS, REPORTS)
def test_reports_may_come_in_any_portions(
    some: list[delivery.Report], others: list[delivery.Report]
) -> None:
    progress = merged(some)
    for report in others:
        progress = delivery.merge(progress, report)
    assert progress == merged([*others, *some])


_RANK = [None, *(delivery.State(name) for name in ("sent", "failed", "delivered", "read"))]


@given(REPORTS)
def test_more_news_never_takes_anything_back(reports: list[delivery.Report]) -> None:
    seen = [merged(reports[:count]).state for count in range(len(reports) + 1)]
    ranks = [_RANK.index(state) for state in seen]
    assert ranks == sorted(ranks)


@given(REPORTS)
def test_the_earliest_time_of_each_kind_counts(reports: list[delivery.Report]) -> None:
    reads = [
        report.at
        for report in reports
        if report.status in {events.Status.READ, events.Status.PLAYED}
    ]
    assert merged(reports).read_at == (min(reads) if reads else None)


@pytest.mark.parametrize(
    ("statuses", "state"),
    [
        ([], None),
        ([events.Status.SENT], delivery.State.SENT),
        ([events.Status.DELIVERED], delivery.State.DELIVERED),
        ([events.Status.READ, events.Status.DELIVERED], delivery.State.READ),
        ([events.Status.PLAYED], delivery.State.READ),
        ([events.Status.SENT, events.Status.FAILED], delivery.State.FAILED),
        ([events.Status.FAILED, events.Status.DELIVERED], delivery.State.DELIVERED),
    ],
)
def test_the_furthest_state_is_shown(
    statuses: list[events.Status], state: delivery.State | None
) -> None:
    reports = [delivery.Report(status=status, at=START) for status in statuses]
    assert merged(reports).state == state


@pytest.mark.parametrize(
    ("state", "cause"),
    [
        pair
        for pair in itertools.product(delivery.State, delivery.Cause)
        if pair not in delivery.TRANSITIONS
    ],
)
def test_what_is_not_in_the_table_is_refused(state: delivery.State, cause: delivery.Cause) -> None:
    with pytest.raises(delivery.UnableToMove, match=f"that is {state} cannot move"):
        delivery.move(state=state, cause=cause)


@pytest.mark.parametrize(("pair", "after"), delivery.TRANSITIONS.items())
def test_what_is_in_the_table_moves(
    pair: tuple[delivery.State, delivery.Cause], after: delivery.State
) -> None:
    assert delivery.move(state=pair[0], cause=pair[1]) == after


def reachable(start: delivery.State, *, without: delivery.Cause) -> set[delivery.State]:
    found, new = {start}, {start}
    while new:
        new = {
            after
            for (before, cause), after in delivery.TRANSITIONS.items()
            if before in new and cause is not without
        } - found
        found |= new
    return found


def test_no_way_leads_past_the_permit() -> None:
    found = reachable(delivery.State.QUEUED, without=delivery.Cause.PERMIT)
    assert found & delivery.NEEDS_PERMIT == set()


def test_every_state_of_an_outbound_message_is_reached_or_reported() -> None:
    moved = reachable(delivery.State.QUEUED, without=delivery.Cause("reported"))
    reported = {delivery.State.SENT, delivery.State.DELIVERED, delivery.State.READ}
    assert moved | reported == set(delivery.State) - {delivery.State.RECEIVED}


def test_a_message_in_doubt_is_queued_again_only_when_somebody_decides_it() -> None:
    causes = {
        cause
        for (state, cause), after in delivery.TRANSITIONS.items()
        if state is delivery.State.UNKNOWN and after is delivery.State.QUEUED
    }
    assert causes == {delivery.Cause.DECIDED_AGAIN}


def test_the_diagram_names_every_arrow() -> None:
    drawn = delivery.diagram()
    missing = [
        pair
        for pair, after in delivery.TRANSITIONS.items()
        if f"{pair[0]} --> {after}: {pair[1]}" not in drawn
    ]
    assert missing == []
