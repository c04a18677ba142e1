from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.consent.histories import HISTORIES, event
from werkbote.domain import consent

CONTENTS = st.dictionaries(
    st.text(max_size=5), st.none() | st.booleans() | st.integers() | st.text(max_size=9), max_size=4
)


def chained(contents: list[dict[str, object]]) -> list[consent.Link]:
    previous, chain = consent.GENESIS, []
    for content in contents:
        own = consent.link(previous, content)
        chain.append(consent.Link(previous=previous, content=content, hash=own))
        previous = own
    return chain


def test_link_covers_previous_hash_and_canonical_content() -> None:
    expected = sha256(b"0" * 64 + b"\n" + '{"a":"ü","b":1}'.encode()).hexdigest()
    assert consent.link(consent.GENESIS, {"b": 1, "a": "ü"}) == expected


def test_same_moment_in_another_zone_is_the_same_content() -> None:
    moment = datetime(2026, 11, 23, 12, tzinfo=UTC)
    elsewhere = moment.astimezone(timezone(timedelta(hours=1)))
    assert consent.canonical({"at": moment}) == consent.canonical({"at": elsewhere})
    assert consent.canonical({"on": date(2026, 11, 23)}) == b'{"on":"2026-11-23"}'


@pytest.mark.parametrize("value", [datetime(2026, 1, 1), object(), {1}, float("nan")])  # noqa: DTZ001 -- the naive moment is the point
def test_value_without_canonical_form_is_refused(value: object) -> None:
    with pytest.raises(consent.UnableToHash):
        consent.canonical({"value": value})


@given(st.lists(CONTENTS, max_size=6))
def test_untouched_chain_is_whole(contents: list[dict[str, object]]) -> None:
    assert consent.first_broken(chained(contents)) is None


@given(st.lists(CONTENTS, min_size=1, max_size=6), st.data())
def test_changed_entry_is_found_at_its_place(
    contents: list[dict[str, object]], data: st.DataObject
) -> None:
    chain = chained(contents)
    place = data.draw(st.integers(min_value=0, max_value=len(chain) - 1))
    chain[place] = replace(chain[place], content={**chain[place].content, "forged": True})
    assert consent.first_broken(chain) == place


@given(st.lists(CONTENTS, min_size=2, max_size=6), st.data())
def test_removed_entry_is_found_at_its_place(
    contents: list[dict[str, object]], data: st.DataObject
) -> None:
    chain = chained(contents)
    place = data.draw(st.integers(min_value=0, max_value=len(chain) - 2))
    del chain[place]
    assert consent.first_broken(chain) == place


@given(HISTORIES)
def test_every_event_has_a_content_that_can_be_chained(history: list[consent.Event]) -> None:
    chain = chained([consent.content_of(each) for each in history])
    assert consent.first_broken(chain) is None


def test_evidence_is_part_of_the_chain() -> None:
    whole = event(consent.Deed.CONFIRMED)
    bare = replace(whole, evidence=None)
    assert consent.link(consent.GENESIS, consent.content_of(whole)) != consent.link(
        consent.GENESIS, consent.content_of(bare)
    )
