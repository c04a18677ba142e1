"""A paper knows when it is outdated: fingerprints of its sources, and what two versions say differently."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from werkbote.domain.duties import papers

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.dates(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(st.text(min_size=1), PLAIN, max_size=5))
def test_equal_sources_have_equal_fingerprints_in_any_order(sources: dict[str, Any]) -> None:
    turned = dict(reversed(sources.items()))
    assert papers.fingerprint(sources) == papers.fingerprint(turned)
    assert papers.changed(papers.fingerprint(sources), papers.fingerprint(turned)) == ()


@pytest.mark.shows("R-44")
@given(st.dictionaries(st.text(min_size=1), PLAIN, min_size=1, max_size=5), st.data())
def test_exactly_the_source_that_changed_is_named(sources: dict[str, Any], data: Any) -> None:
    name = data.draw(st.sampled_from(sorted(sources)))
    before = papers.fingerprint(sources)
    now = papers.fingerprint(sources | {name: ["something else", sources[name]]})
    assert papers.changed(before, now) == (name,)


def test_sources_that_came_and_went_are_named() -> None:
    before = papers.fingerprint({"law": 1, "gone": 2})
    now = papers.fingerprint({"law": 1, "new": 2})
    assert papers.changed(before, now) == ("gone", "new")


@pytest.mark.parametrize("source", [object(), b"bytes", {"deep": [object()]}, 1j])
def test_what_is_no_plain_data_has_no_fingerprint(source: object) -> None:
    with pytest.raises(TypeError, match="no plain data"):
        papers.fingerprint({"law": source})


def test_days_and_sets_are_plain() -> None:
    plain = {"a": "2026-11-27", "b": ["x", "y"]}
    assert papers.digest({"b": frozenset({"y", "x"}), "a": date(2026, 11, 27)}) == papers.digest(
        plain
    )


OLD = {
    "controllers": [{"title": "Nord", "address": "Kai 1"}],
    "activities": [
        {"title": "Chat", "recipients": ["Meta"], "subjects": "Kunden"},
        {"title": "Fax", "recipients": []},
    ],
    "measures": "Rollen",
}
NEW = {
    "controllers": [{"title": "Nord", "address": "Kai 2"}],
    "activities": [{"title": "Chat", "recipients": ["Meta", "Mail"], "subjects": "Kunden"}],
    "measures": "Rollen",
}


@pytest.mark.shows("R-44")
def test_difference_names_the_statement_with_before_and_now() -> None:
    found = [(one.place, one.before, one.now) for one in papers.differences(OLD, NEW)]
    assert found == [
        ("controllers › Nord › address", "Kai 1", "Kai 2"),
        ("activities › Chat › recipients", "Meta", "Meta; Mail"),
        ("activities › Fax › title", "Fax", ""),
    ]


def test_same_paper_has_no_differences() -> None:
    assert papers.differences(OLD, OLD) == []
