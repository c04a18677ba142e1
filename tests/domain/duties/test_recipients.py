"""What may stand in the register of recipients, and when it must be looked at again."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from werkbote.domain.duties import recipients

TODAY = date(2026, 11, 27)
RULES = recipients.Rules(
    check_days=90, review_days=365, eea=frozenset({"DE", "IE"}), adequate=frozenset({"CH"})
)
META = recipients.Entry(
    name="WhatsApp Ireland Limited",
    country="IE",
    onward="US",
    basis="dpf",
    checked_on=date(2026, 11, 1),
)


@pytest.mark.shows("R-52")
@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"basis": "", "checked_on": None},
        {"onward": "", "basis": "eea"},
        {"country": "CH", "onward": "", "basis": "adequate"},
        {"basis": "scc_2", "assessment": "TIA 7", "assessed_on": TODAY},
        {"basis": "art_49", "ground": "Vertrag mit der Person", "assessed_on": TODAY},
    ],
)
def test_entry_that_can_stand_is_taken(changes: dict[str, Any]) -> None:
    recipients.check(replace(META, **changes), rules=RULES, today=TODAY)


@pytest.mark.shows("R-52")
@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": ""}, "Name the recipient"),
        ({"name": "   "}, "Name the recipient"),
        ({"name": "x" * 301}, "300 signs"),
        ({"assessment": "a\nb"}, "line breaks"),
        ({"contact": "a\x00b"}, "line breaks"),
        ({"country": "ie"}, "two capital letters"),
        ({"country": "IRL"}, "two capital letters"),
        ({"onward": "U1"}, "two capital letters"),
        ({"country": "", "onward": ""}, "Name the country"),
        ({"checked_on": date(2026, 11, 28)}, "future"),
        ({"agreement_on": date(2027, 1, 1)}, "future"),
        ({"assessed_on": date(2027, 1, 1)}, "future"),
        ({"checked_on": None}, "list of the framework"),
        ({"onward": "CH"}, "in the US only"),
        ({"onward": "IE"}, "only those"),
        ({"basis": "eea"}, "only those"),
        ({"basis": "adequate"}, "no adequacy decision"),
        ({"basis": "scc_2"}, "transfer assessment"),
        ({"basis": "scc_3", "assessment": "TIA 7"}, "transfer assessment"),
        ({"basis": "scc_1", "assessed_on": TODAY}, "transfer assessment"),
        ({"basis": "art_49", "assessed_on": TODAY}, "ground in words"),
        ({"basis": "art_49", "ground": "Vertrag"}, "ground in words"),
    ],
)
def test_entry_that_cannot_stand_says_what_to_change(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(recipients.UnableToRecord, match=words):
        recipients.check(replace(META, **changes), rules=RULES, today=TODAY)


@pytest.mark.shows("R-52")
@pytest.mark.parametrize(
    ("changes", "due", "standing"),
    [
        ({}, date(2027, 1, 30), "current"),
        ({"checked_on": date(2026, 8, 30)}, date(2026, 11, 28), "current"),
        ({"checked_on": date(2026, 8, 29)}, TODAY, "due"),
        ({"assessed_on": date(2025, 11, 27)}, TODAY, "due"),
        ({"basis": "scc_2", "assessed_on": TODAY}, date(2027, 11, 27), "current"),
        ({"basis": "eea", "assessed_on": date(2020, 1, 1)}, None, "current"),
        ({"basis": ""}, None, "missing"),
    ],
)
def test_ground_is_due_again(changes: dict[str, Any], due: date | None, standing: str) -> None:
    entry = replace(META, **changes)
    assert recipients.due_on(entry, rules=RULES) == due
    assert recipients.standing(entry, rules=RULES, today=TODAY) == standing


def test_what_was_never_recorded_is_missing() -> None:
    assert recipients.standing(None, rules=RULES, today=TODAY) == "missing"


@pytest.mark.parametrize(
    ("code", "ours"),
    [
        ("meta", True),
        ("google", True),
        ("mail:smtp.example.de", True),
        ("callbacks:dms.example", True),
        ("backup", False),
        ("company_sign_in", False),
        ("other:7", False),
        ("", False),
    ],
)
def test_house_stops_what_it_set_up(code: str, ours: bool) -> None:  # noqa: FBT001 -- a column of the table
    assert recipients.is_ours_to_stop(code) is ours


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"transfers": {}},
        {"transfers": None},
        {"transfers": {"check_days": "soon", "review_days": 1, "eea": [], "adequate": []}},
        {"transfers": {"check_days": 1, "review_days": 1, "eea": 7, "adequate": []}},
    ],
)
def test_malformed_rules_are_refused(document: dict[str, Any]) -> None:
    with pytest.raises(recipients.UnableToReadTransfers, match="correct it"):
        recipients.parse(document)
