"""The month as the law counts it, and periods that end with the year."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from werkbote.domain import law, privacy
from werkbote.store import rechtsstand

DAYS = st.dates(min_value=date(2020, 1, 1), max_value=date(2099, 12, 31))
WORKDAY = st.sets(DAYS, max_size=6)


def never(_: date) -> bool:
    return False


@pytest.mark.parametrize(
    ("received", "due"),
    [
        (date(2026, 11, 26), date(2026, 12, 28)),
        (date(2026, 11, 24), date(2026, 12, 24)),
        (date(2026, 1, 31), date(2026, 3, 2)),
        (date(2024, 1, 31), date(2024, 2, 29)),
        (date(2026, 8, 31), date(2026, 9, 30)),
        (date(2026, 12, 31), date(2027, 2, 1)),
        (date(2026, 2, 28), date(2026, 3, 30)),
    ],
)
def test_month_ends_with_the_same_number_or_the_last_day_and_never_on_a_weekend(received, due):
    assert privacy.month_ends(received, months=1, is_free=never) == due


def test_holiday_moves_the_end_to_the_next_working_day():
    christmas = {date(2026, 12, 25), date(2026, 12, 26)}
    found = privacy.deadline(date(2026, 11, 25), is_free=christmas.__contains__)
    assert found.due == date(2026, 12, 28)


@pytest.mark.parametrize(
    ("age", "level"), [(0, 0), (6, 0), (7, 1), (13, 1), (14, 2), (21, 3), (24, 3), (25, 4), (90, 4)]
)
def test_request_rises_by_a_step_on_each_day_of_the_file(age, level):
    assert privacy.level(age, rechtsstand.escalation(date(2026, 11, 25))) == level


@pytest.mark.parametrize(
    "written",
    [
        None,
        {"days": [7]},
        {"source": "DSGVO"},
        {"source": "", "days": [7]},
        {"source": "DSGVO", "days": []},
        {"source": "DSGVO", "days": None},
        {"source": "DSGVO", "days": 7},
        {"source": "DSGVO", "days": [7, 7]},
        {"source": "DSGVO", "days": [14, 7]},
        {"source": "DSGVO", "days": [0, 7]},
        {"source": "DSGVO", "days": [7, 28]},
        {"source": "DSGVO", "days": ["7"]},
        {"source": "DSGVO", "days": [True, 7]},
        {"source": "DSGVO", "days": [7.5]},
    ],
    ids=str,
)
def test_escalation_that_makes_no_sense_is_refused(written):
    with pytest.raises(law.UnableToReadLaw, match="escalation"):
        privacy.parse_escalation({"escalation": written})


def test_file_without_escalation_is_refused():
    with pytest.raises(law.UnableToReadLaw, match="escalation"):
        privacy.parse_escalation({})


@pytest.mark.parametrize(
    ("days", "is_extended", "waited"),
    [(0, False, 0), (7, False, 7), (40, False, 40), (20, True, -41), (61, True, 0), (92, True, 31)],
)
def test_steps_count_the_days_of_the_last_month(days, is_extended, waited):
    received = date(2026, 11, 23)
    due = received + timedelta(days=92 if is_extended else 30)
    found = privacy.waited(
        received=received,
        due=due,
        is_extended=is_extended,
        day=received + timedelta(days=days),
    )
    assert found == waited


@pytest.mark.parametrize(("age", "step"), [(-3, None), (6, None), (7, 7), (24, 21), (90, 25)])
def test_step_is_the_highest_that_is_passed(age, step):
    assert privacy.step(age, (7, 14, 21, 25)) == step


@pytest.mark.parametrize(
    ("part", "words"),
    [
        ("subject", "Antrag"),
        ("subject", "Antrag von {person} bis {due}"),
        ("text", "Bis {due}: {link}"),
        ("text", "Bis {due} seit {age}: {link} {"),
        ("footer", None),
    ],
)
def test_reminder_that_says_more_or_less_than_it_may_is_refused(part, words):
    document = rechtsstand.document("requests", day=date(2026, 11, 25))
    escalation = document["escalation"]
    german = {**escalation["mail"]["de"], part: words}
    spoiled = {**escalation, "mail": {**escalation["mail"], "de": german}}
    with pytest.raises(law.UnableToReadLaw, match="reminder"):
        privacy.parse_words({"escalation": spoiled})


def test_file_without_words_of_the_reminder_is_refused():
    with pytest.raises(law.UnableToReadLaw, match="reminder"):
        privacy.parse_words({"escalation": {"days": [7], "source": "DSGVO"}})


@given(DAYS, st.integers(min_value=1, max_value=6), WORKDAY)
def test_end_is_a_working_day_at_or_after_the_calendar_end_and_as_early_as_can_be(
    received, months, holidays
):
    end = privacy.month_ends(received, months=months, is_free=holidays.__contains__)
    bare = privacy.month_ends(received, months=months, is_free=never)
    assert end.isoweekday() < 6
    assert end not in holidays
    between = [bare + timedelta(days=n) for n in range((end - bare).days)]
    assert all(day.isoweekday() > 5 or day in holidays for day in between)
    assert timedelta(days=28) * months - timedelta(days=1) <= bare - received


@given(DAYS, WORKDAY)
def test_later_receipt_never_ends_earlier_and_extension_comes_after(received, holidays):
    free = holidays.__contains__
    today, next_ = (privacy.deadline(received + timedelta(days=n), is_free=free) for n in range(2))
    assert today.due <= next_.due
    assert today.due < today.extended_due
    assert received + timedelta(days=max(rechtsstand.escalation(date(2026, 11, 25)))) < today.due


RULES = rechtsstand.retention(date(2026, 11, 23)).rules
TIMED = sorted(code for code, rule in RULES.items() if rule.period is not None)


@pytest.mark.parametrize(
    ("code", "start", "due"),
    [
        ("L-01", date(2026, 11, 23), date(2026, 12, 1)),
        ("L-02", date(2026, 8, 31), date(2027, 3, 1)),
        ("L-05", date(2026, 1, 1), date(2033, 1, 1)),
        ("L-05", date(2026, 12, 31), date(2033, 1, 1)),
        ("L-06", date(2026, 6, 1), date(2035, 1, 1)),
        ("L-16", date(2026, 11, 23), date(2030, 1, 1)),
        ("L-17", date(2024, 2, 29), date(2029, 3, 1)),
        ("L-26", date(2026, 11, 23), date(2028, 11, 24)),
    ],
)
def test_periods_end_as_the_classes_say(code, start, due):
    assert RULES[code].due(start) == due


@given(st.sampled_from(TIMED), DAYS)
def test_first_kept_is_the_border_between_due_and_not_due(code, today):
    rule = RULES[code]
    first = rule.first_kept(today)
    before, after = rule.due(first - timedelta(days=1)), rule.due(first)
    assert before <= today < after


def test_what_no_period_ends_is_never_due():
    assert (RULES["L-18"].due(date(2000, 1, 1)), RULES["L-18"].first_kept(date(2026, 1, 1))) == (
        None,
        None,
    )


@pytest.mark.parametrize(
    "spoil",
    [{"classes": {}}, {"classes": {"L-01": {"de": "x"}}}, {"sweep": {}}, {"tags": {"x": "L-99"}}],
)
def test_malformed_retention_says_what_is_missing(spoil):
    whole = dict(rechtsstand.document("retention", day=date(2026, 11, 23)))
    with pytest.raises(privacy.UnableToReadRetention):
        privacy.parse(whole | spoil)


@pytest.mark.parametrize("state", list(privacy.State))
def test_only_known_causes_move_an_erasure(state):
    with pytest.raises(privacy.UnableToMove):
        privacy.move(state, "wish")
