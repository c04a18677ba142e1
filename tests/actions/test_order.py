"""The law of the intake: order, repetition and packing of news cannot matter for what it comes to."""

from collections.abc import Mapping
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests import dealers
from tests.actions import happenings, views
from tests.actions.happenings import Happening, Place

EXAMPLES = 20


def _arrive(at: Place, steps: list[Any], cuts: list[int]) -> None:
    """Let steps happen in their order: `cuts` says how many go into each body, drained at once or not."""
    waiting = list(steps)
    sizes = iter(cuts * len(steps))
    while waiting:
        size = next(sizes)
        chunk, waiting = waiting[: 1 + size % 4], waiting[1 + size % 4 :]
        news = [one for one in chunk if not isinstance(one, int)]
        if news:
            dealers.arrive(at.dealer, happenings.body(at, news), at=happenings.NOW)
        if size > 3:
            dealers.understand(at.dealer, at=happenings.NOW)
        for own in chunk:
            if isinstance(own, int):
                happenings.settle(at, own)
    dealers.understand(at.dealer, at=happenings.NOW)


def _difference(one: Mapping[str, list[Any]], other: Mapping[str, list[Any]]) -> dict[str, Any]:
    """What only one of two views shows, by its kind."""
    return {
        name: (
            [each for each in one[name] if each not in other[name]],
            [each for each in other[name] if each not in one[name]],
        )
        for name in one
        if one[name] != other[name]
    }


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
@given(st.data())
def test_order_repetition_and_packing_of_news_do_not_matter(data):
    told = data.draw(st.lists(happenings.happenings, min_size=2, max_size=9))
    steps: list[Happening | int] = [*told, 0, 1]
    again = data.draw(
        st.permutations(steps + data.draw(st.lists(st.sampled_from(told), max_size=4)))
    )
    cuts = data.draw(st.lists(st.integers(0, 7), min_size=1, max_size=6))
    one, other = happenings.place(), happenings.place()
    _arrive(one, steps, [0, 0, 2, 4])
    _arrive(other, again, cuts)
    assert _difference(views.view(one), views.view(other)) == {}
