"""The pace: no window of one second holds more than the limit, whatever delays, crashes and joins."""

import heapq
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from werkbote.domain import pace

DELAYS = st.lists(st.floats(0.0, 2.0), min_size=1, max_size=30)


def most_in_a_second(arrivals: Sequence[float]) -> int:
    most = first = 0
    for last, at in enumerate(times := sorted(arrivals)):
        while at - times[first] >= pace.WINDOW:
            first += 1
        most = max(most, last - first + 1)
    return most


def play(
    limit: int, calls: Sequence[float], places: Sequence[float], *, seconds: float
) -> list[float]:
    """Send all the time for a while; return when each message arrived, somewhere within its call."""
    window = pace.Window(limit=limit)
    ends: list[float] = []
    arrivals: list[float] = []
    now = 0.0
    while now < seconds:
        while ends and ends[0] <= now:
            window.end(heapq.heappop(ends))
        pause = window.pause(now)
        if pause > 0:
            now += pause
            continue
        count = len(arrivals)
        call, place = calls[count % len(calls)], places[count % len(places)]
        window.start(now)
        arrivals.append(now + call * place)
        heapq.heappush(ends, now + call)
    return arrivals


@given(limit=st.integers(1, 12), calls=DELAYS, places=st.lists(st.floats(0, 1), min_size=1))
def test_window_holds_whatever_the_delays(
    limit: int, calls: list[float], places: list[float]
) -> None:
    assert most_in_a_second(play(limit, calls, places, seconds=4.0)) <= limit


def test_window_uses_almost_all_of_the_limit() -> None:
    arrivals = play(80, [0.01], [0.5], seconds=10.0)

    assert len(arrivals) >= 0.95 * 80 * 10


def test_window_catches_up_a_little_and_no_more() -> None:
    window = pace.Window(limit=10)
    window.start(0.0)
    window.end(0.0)

    assert window.pause(5.0) == 0.0
    window.start(5.0)
    window.end(5.0)
    assert 0.0 < window.pause(5.0) <= 0.1


def test_window_without_a_share_starts_nothing() -> None:
    assert pace.Window().pause(1.0) > 0


def divide(
    holds: dict[str, pace.Hold], sender: str, *, busy: int = 0, now: float = 100.0
) -> pace.Division:
    return pace.divide(limit=80, holds=holds, sender=sender, busy=busy, now=now)


def test_single_sender_has_all() -> None:
    found = divide({}, "a")

    assert (found.share, found.settled) == (80, True)


def test_second_sender_gets_what_the_first_lets_go() -> None:
    alone = divide({}, "a", busy=80)
    second = divide(dict(alone.holds), "b")
    assert (second.share, second.settled) == (0, False)
    first = divide(dict(second.holds), "a", busy=70)
    assert (first.share, first.settled, first.holds["a"].share) == (40, False, 70)
    second = divide(dict(first.holds), "b")
    assert second.share == 10
    first = divide(dict(second.holds), "a", busy=40)
    second = divide(dict(first.holds), "b", busy=10)
    assert (first.share, second.share, second.settled) == (40, 40, True)


def test_share_of_a_sender_that_died_is_free_when_its_last_call_must_be_over() -> None:
    held = dict(divide({}, "dead").holds)
    lapse = held["dead"].until + pace.GRACE

    assert divide(held, "heir", now=lapse - 0.01).share == 0
    assert divide(held, "heir", now=lapse).share == 80


def test_sender_that_leaves_lets_go_of_all_but_its_window() -> None:
    held = divide({}, "a").holds
    left = dict(pace.leave(holds=held, sender="a", busy=30, now=100.0))

    assert divide(left, "b", now=100.1).share == 40
    assert divide(left, "b", now=100.0 + pace.GRACE).share == 80
    assert pace.leave(holds=held, sender="a", busy=0, now=100.0) == {}


@given(
    limit=st.integers(1, 100),
    turns=st.lists(st.tuples(st.sampled_from("abcd"), st.floats(0, 1)), max_size=60),
)
def test_shares_together_never_exceed_the_limit(limit: int, turns: list[tuple[str, float]]) -> None:
    holds: dict[str, pace.Hold] = {}
    share: dict[str, int] = {}
    now = 0.0
    for sender, used in turns:
        now += 0.05
        busy = int(share.get(sender, 0) * used)
        found = pace.divide(limit=limit, holds=holds, sender=sender, busy=busy, now=now)
        holds, share[sender] = dict(found.holds), found.share
        assert sum(hold.share for hold in holds.values()) <= limit
