from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from werkbote.domain import law
from werkbote.store import rechtsstand

TODAY = date(2026, 11, 23)
LAW = rechtsstand.on(TODAY)


def documents() -> dict[str, dict[str, Any]]:
    return {
        topic: dict(rechtsstand.document(topic, day=TODAY)) for topic in rechtsstand.GATE_TOPICS
    }


def source(topic: str, valid_from: date, valid_to: date | None = None) -> law.Source:
    return law.Source(
        topic=topic, valid_from=valid_from, valid_to=valid_to, source="test", reviewed_by=None
    )


def test_law_knows_every_purpose() -> None:
    assert list(LAW.purposes) == [f"P-{number:02}" for number in range(1, 15)]


def test_law_names_what_is_advertising() -> None:
    advertising = [code for code, purpose in LAW.purposes.items() if purpose.advertising]
    assert advertising == ["P-04", "P-05", "P-06", "P-08", "P-12", "P-14"]


def test_every_purpose_that_asks_for_opt_in_stands_on_consent() -> None:
    for purpose in LAW.purposes.values():
        assert purpose.opt_in == (purpose.evidence is law.Evidence.CONSENT)


def test_every_rule_has_article_sentences_and_remedy() -> None:
    for rule in law.RuleId:
        text = LAW.rules[rule]
        assert text.article
        assert text.sentence_de.endswith(".")
        assert text.sentence_en.endswith(".")
        assert text.remedy in law.Remedy


@pytest.mark.parametrize("topic", rechtsstand.GATE_TOPICS)
def test_law_without_a_topic_is_refused(topic: str) -> None:
    rest = {name: content for name, content in documents().items() if name != topic}
    with pytest.raises(law.UnableToReadLaw, match=topic):
        law.parse(rest)


def test_law_without_a_rule_is_refused() -> None:
    rest = dict(LAW.rules)
    del rest[law.RuleId.ERASED]
    with pytest.raises(law.UnableToReadLaw, match="no article and sentences: erased"):
        replace(LAW, rules=rest)


def test_law_without_a_basis_for_a_role_is_refused() -> None:
    with pytest.raises(law.UnableToReadLaw, match="withdrawal_receipt"):
        replace(LAW, role_basis={law.Role.CONSENT_REQUEST: "Art. 7 DSGVO"})


def test_advertising_without_consent_is_refused() -> None:
    changed = documents()
    entries = [dict(entry) for entry in changed["purposes"]["purposes"]]
    entries[4]["evidence"] = "inbound"
    changed["purposes"]["purposes"] = entries
    with pytest.raises(law.UnableToReadLaw, match="P-05 is advertising"):
        law.parse(changed)


@pytest.mark.parametrize("field", ["topic", "valid_from", "valid_to", "source", "reviewed_by"])
def test_file_without_a_complete_head_is_refused(field: str) -> None:
    head = {"topic": "x", "valid_from": TODAY, "valid_to": None, "source": "s", "reviewed_by": None}
    del head[field]
    with pytest.raises(law.UnableToReadLaw, match=field):
        law.parse_source(head)


def test_file_that_ends_before_it_begins_is_refused() -> None:
    head = {
        "topic": "x",
        "valid_from": TODAY,
        "valid_to": date(2026, 1, 1),
        "source": "s",
        "reviewed_by": None,
    }
    with pytest.raises(law.UnableToReadLaw, match="dates in order"):
        law.parse_source(head)


def test_newest_file_in_force_holds() -> None:
    old = source("hours", date(2025, 1, 1))
    new = source("hours", date(2026, 6, 1))
    future = source("hours", date(2027, 1, 1))
    ended = source("rules", date(2025, 1, 1), date(2026, 11, 22))
    assert law.in_force([future, new, ended, old], on=TODAY) == (new,)


def test_file_holds_on_its_last_day() -> None:
    ends_today = source("rules", date(2025, 1, 1), TODAY)
    assert law.in_force([ends_today], on=TODAY) == (ends_today,)


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ((2026, 1, 31), 1, (2026, 2, 28)),
        ((2027, 11, 30), 3, (2028, 2, 29)),
        ((2026, 12, 15), 1, (2027, 1, 15)),
        ((2024, 2, 29), 12, (2025, 2, 28)),
    ],
)
def test_months_end_on_the_same_day_or_the_months_last(
    start: tuple[int, int, int], months: int, end: tuple[int, int, int]
) -> None:
    assert law.months_after(datetime(*start, tzinfo=UTC), months) == datetime(*end, tzinfo=UTC)


@given(
    st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 -- Hypothesis adds the zone
    st.integers(min_value=0, max_value=120),
)
def test_more_months_are_never_earlier(moment: datetime, months: int) -> None:
    assert moment <= law.months_after(moment, months) <= law.months_after(moment, months + 1)
