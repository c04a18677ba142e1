from typing import Any

import pytest

from werkbote.domain import requirements

ONE: dict[str, Any] = {
    "requirements": {"R-01": ["Art. 4 DSGVO", "Wissen", "Know"], "R-02": ["UWG", "Ja", "Yes"]},
    "not_applicable": {"R-02": ["Nein, weil.", "No, because."]},
}
LISTED = requirements.parse(ONE)


def test_a_requirement_is_shown_open_or_excused() -> None:
    shown, excused = requirements.matrix(LISTED, {"R-01": ["b::test_b", "a::test_a"]})
    assert (shown.standing, shown.tests) == (
        requirements.Standing.SHOWN,
        ("a::test_a", "b::test_b"),
    )
    assert excused.standing is requirements.Standing.NOT_APPLICABLE
    assert requirements.matrix(LISTED, {})[0].standing is requirements.Standing.OPEN


def test_a_test_outweighs_an_excuse() -> None:
    row = requirements.matrix(LISTED, {"R-02": ["a::test_a"]})[1]
    assert row.standing is requirements.Standing.SHOWN


def test_an_unknown_id_is_named_with_its_test() -> None:
    with pytest.raises(requirements.UnableToTrace, match="a::test_a claims R-99"):
        requirements.matrix(LISTED, {"R-99": ["a::test_a"]})


@pytest.mark.parametrize(
    "changes",
    [
        {"requirements": {"R-01": ["Art. 4 DSGVO", "Wissen"]}},
        {"requirements": {"R-01": ["Art. 4 DSGVO", "", "Know"]}},
        {"not_applicable": {"R-77": ["Nein.", "No."]}},
    ],
)
def test_a_broken_list_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(requirements.UnableToTrace):
        requirements.parse({"not_applicable": {}, **ONE, **changes})


def test_the_page_counts_and_names_everything() -> None:
    page = requirements.page(requirements.matrix(LISTED, {"R-01": ["tests/a.py::test_it_holds"]}))
    assert "1 shown, 0 not yet, 1 not applicable" in page
    assert "| R-01 | Art. 4 DSGVO | Know | `tests/a.py`: it holds |" in page
    assert "*not applicable:* No, because." in page
