"""Whether a data protection officer is needed, and whether all is in order."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from werkbote.domain.duties import officer

TODAY = date(2026, 11, 27)
APPOINTED = officer.Answer(
    people=25,
    assessment=False,
    name="Frau Dr. Wacholder",
    contact="dsb@nordlicht.example",
    appointed_on=date(2026, 11, 1),
    notified_on=date(2026, 11, 5),
)
NOBODY = officer.Answer(people=5, assessment=False)


@pytest.mark.shows("R-51")
@pytest.mark.parametrize(
    ("people", "assessment", "members", "grounds"),
    [
        (19, False, 3, ()),
        (20, False, 3, ("people",)),
        (5, False, 20, ("people",)),
        (5, True, 3, ("assessment",)),
        (40, True, 3, ("people", "assessment")),
        (0, False, 0, ()),
    ],
)
def test_officer_is_needed_for_people_or_an_assessment(people, assessment, members, grounds):
    answer = officer.Answer(people=people, assessment=assessment)
    assert officer.grounds(answer, members=members, most=20) == grounds


@pytest.mark.shows("R-51")
@pytest.mark.parametrize(
    ("answer", "needed", "standing"),
    [
        (None, (), "unanswered"),
        (NOBODY, (), "not_needed"),
        (NOBODY, (officer.Ground.PEOPLE,), "missing"),
        (APPOINTED, (officer.Ground.PEOPLE,), "in_order"),
        (replace(APPOINTED, notified_on=None), (), "untold"),
    ],
)
def test_standing_says_what_is_left_to_do(answer, needed, standing):
    assert officer.standing(answer, needed=needed) == standing


@pytest.mark.parametrize("answer", [NOBODY, APPOINTED, replace(APPOINTED, notified_on=None)])
def test_answer_that_can_stand_is_taken(answer: officer.Answer) -> None:
    officer.check(answer, today=TODAY)


@pytest.mark.shows("R-51")
@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"people": -1}, "Count the people"),
        ({"people": 1_000_001}, "Count the people"),
        ({"name": "x" * 201}, "200 signs"),
        ({"contact": "a\nb"}, "line breaks"),
        ({"reference": "a\x00"}, "line breaks"),
        ({"contact": ""}, "enter both"),
        ({"contact": "  "}, "enter both"),
        ({"appointed_on": None}, "enter both"),
        ({"contact": "", "appointed_on": None}, "enter both"),
        ({"contact": "", "appointed_on": None, "name": ""}, "after the appointment"),
        ({"appointed_on": date(2026, 11, 28)}, "future"),
        ({"notified_on": date(2026, 12, 1)}, "future"),
        ({"notified_on": date(2026, 10, 1)}, "after the appointment"),
    ],
)
def test_answer_that_cannot_stand_says_what_to_change(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(officer.UnableToAppoint, match=words):
        officer.check(replace(APPOINTED, **changes), today=TODAY)
