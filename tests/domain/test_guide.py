"""The laws of the WhatsApp check: what holds for any answers, and the verdicts of known dealers."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from werkbote.domain import guide, guide_answers, guide_catalogue
from werkbote.store import guide as store_guide

CATALOGUE = store_guide.catalogue(on=date(2026, 11, 23))

BEST = {
    question.id: max(
        (option for option in question.options if option.value is not None),
        key=lambda option: option.value,
    ).id
    for question in CATALOGUE.questions
    if question.id != "bot"
} | {"bot": "no", "advertising": "no", "reminders": "no"}

ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        question.id: st.sampled_from(guide_answers.accepted(question))
        for question in CATALOGUE.questions
    },
).filter(bool)


def evaluate(answers: dict[str, str], language: guide.Language = "de") -> guide.Result:
    return guide.evaluate(answers, catalogue=CATALOGUE, language=language)


def counted(result: guide.Result) -> set[str]:
    return {reply.question.id for reply in result.replies if reply.value is not None}


@settings(max_examples=40)
@given(answers=ANSWERS, data=st.data())
def test_score_better_answer_never_lowers_it(answers: dict[str, str], data: st.DataObject) -> None:
    before = evaluate(answers)
    reply = data.draw(st.sampled_from([r for r in before.replies if r.value is not None]))
    better = [
        option.id
        for option in reply.question.options
        if option.value is not None and option.value >= reply.value
    ]
    after = evaluate(answers | {reply.question.id: data.draw(st.sampled_from(better))})
    if counted(before) == counted(after):
        assert after.score >= before.score


@settings(max_examples=40)
@given(answers=ANSWERS, data=st.data())
def test_light_better_answer_never_worsens_it(answers: dict[str, str], data: st.DataObject) -> None:
    before = evaluate(answers)
    reply = data.draw(st.sampled_from([r for r in before.replies if r.value is not None]))
    better = [
        option.id
        for option in reply.question.options
        if option.value is not None and option.value >= reply.value and not option.knockout
    ]
    after = evaluate(answers | {reply.question.id: data.draw(st.sampled_from(better))})
    order = list(guide.Light)
    if counted(before) == counted(after):
        assert order.index(after.light) >= order.index(before.light)


@settings(max_examples=40)
@given(answers=ANSWERS)
def test_knockout_is_always_red_and_has_a_measure_for_today(answers: dict[str, str]) -> None:
    result = evaluate(answers)
    knocked = {reply.question.id for reply in result.replies if reply.knockout}
    if knocked:
        assert (result.light, result.cause) == (guide.Light.RED, guide.Cause.KNOCKOUT)
        assert result.reasons[0].knockout
        assert knocked <= {step.question for step in result.due(guide.Group.TODAY)}


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        (question.id, option.id)
        for question in CATALOGUE.questions
        for option in question.options
        if option.knockout
    ],
)
def test_knockout_beside_best_answers_is_red(question: str, answer: str) -> None:
    answers = BEST | ({"bot": "yes"} if question in {"disclosure", "recording"} else {})

    result = evaluate(answers | {question: answer})

    assert result.cause is guide.Cause.KNOCKOUT
    assert [reason.question for reason in result.reasons if reason.knockout] == [question]


@settings(max_examples=40)
@given(answers=ANSWERS, data=st.data())
def test_not_applicable_and_closed_questions_never_count(
    answers: dict[str, str], data: st.DataObject
) -> None:
    result = evaluate(answers)
    shown = {reply.question.id for reply in result.replies}
    silent = {
        reply.question.id
        for reply in result.replies
        if reply.answer == guide.NOT_APPLICABLE or reply.value is None
    }
    closed = [question for question in CATALOGUE.questions if question.id not in shown]
    assert not silent & {reason.question for reason in result.reasons}
    assert not silent & {step.question for step in result.steps}
    if closed:
        question = data.draw(st.sampled_from(closed))
        answer = data.draw(st.sampled_from(guide_answers.accepted(question)))
        changed = evaluate(answers | {question.id: answer})
        assert (changed.score, changed.light, changed.steps) == (
            result.score,
            result.light,
            result.steps,
        )


@settings(max_examples=40)
@given(answers=ANSWERS)
def test_result_is_whole_for_any_answers(answers: dict[str, str]) -> None:
    result = evaluate(answers)

    assert 0 <= result.score <= 100
    assert all(area.score is None or 0 <= area.score <= 100 for area in result.areas)
    assert sum(area.counted for area in result.areas) == len(counted(result))
    assert result.provisional == (result.unclear > Fraction(1, 5))
    assert len({step.id for step in result.steps}) == len(result.steps)
    assert [number for number, _ in enumerate(result.conditions, 1)] == [
        condition.number for condition in result.conditions
    ]
    lossy = {reply.question.id for reply in result.replies if reply.loss}
    assert {step.question for step in result.steps} == lossy


@settings(max_examples=40)
@given(answers=ANSWERS)
def test_languages_agree_on_everything_but_words(answers: dict[str, str]) -> None:
    german, english = evaluate(answers, "de"), evaluate(answers, "en")

    assert (german.light, german.score, german.unclear) == (
        english.light,
        english.score,
        english.unclear,
    )
    assert [step.id for step in german.steps] == [step.id for step in english.steps]


def test_light_best_answers_is_green() -> None:
    result = evaluate(BEST)

    assert (result.light, result.score, result.reasons, result.steps) == (
        guide.Light.GREEN,
        100,
        (),
        (),
    )
    assert {condition.state for condition in result.conditions} == {
        guide.State.MET,
        guide.State.NOT_NEEDED,
    }


def test_light_coexistence_beside_best_answers_is_yellow() -> None:
    result = evaluate(BEST | {"channel": "coexistence"})

    assert (result.light, result.cause) == (guide.Light.YELLOW, guide.Cause.CRITICAL_GAP)


def test_light_three_serious_gaps_are_red() -> None:
    gaps = {"meta_terms": "no", "notice": "no", "retention": "no"}

    assert evaluate(BEST | gaps).cause is guide.Cause.CRITICAL_GAPS


def test_light_two_serious_gaps_are_yellow() -> None:
    gaps = {"meta_terms": "no", "notice": "no"}

    assert evaluate(BEST | gaps).light is guide.Light.YELLOW


def test_light_many_smaller_gaps_are_yellow_by_score() -> None:
    gaps = {
        "old_chats": "no",
        "transfer": "no",
        "documents": "yes",
        "records": "no",
        "policy": "no",
    }

    result = evaluate(BEST | gaps)

    assert (result.light, result.cause) == (guide.Light.YELLOW, guide.Cause.MIDDLE_SCORE)


def test_score_one_serious_gap_is_weighted() -> None:
    result = evaluate(BEST | {"meta_terms": "no"})
    weights = [
        CATALOGUE.scoring.weights[reply.question.level]
        for reply in result.replies
        if reply.value is not None
    ]

    assert result.score == 100 * (sum(weights) - 5) // sum(weights)


def test_reasons_strongest_first() -> None:
    gaps = {"imprint": "no", "retention": "no", "transfer": "old", "groups": "yes"}

    result = evaluate(BEST | gaps)

    assert [reason.question for reason in result.reasons] == [
        "groups",
        "retention",
        "imprint",
        "transfer",
    ]


def test_unclear_many_open_facts_are_provisional() -> None:
    answers = dict(list(BEST.items())[:20])

    result = evaluate(answers)

    assert result.provisional
    assert all(step.clarify for step in result.steps)


@pytest.mark.parametrize(
    ("answers", "notice"),
    [
        ({"channel": "cloud_api", "address_book": "yes"}, "platform_with_app"),
        ({"advertising": "no", "reminders": "without_consent"}, "reminders_are_advertising"),
        ({"dpo": "not_required", "bot": "yes"}, "bot_needs_officer"),
        ({"channel": "none", "private_phones": "yes"}, "none_but_private_phones"),
    ],
)
def test_notices_of_answers_that_do_not_fit_together(answers: dict[str, str], notice: str) -> None:
    remarks = evaluate(answers, "en").remarks

    assert [(remark.id, set(remark.questions)) for remark in remarks] == [(notice, set(answers))]


def test_plan_private_app_stops_today_and_moves_within_90_days() -> None:
    result = evaluate(BEST | {"channel": "private_app"})

    assert [step.id for step in result.due(guide.Group.TODAY)] == ["stop_private_app"]
    assert [step.id for step in result.due(guide.Group.DAYS_90)] == ["move_to_platform"]


def test_catalogue_every_question_and_source_is_complete() -> None:
    assert len(CATALOGUE.questions) == 33
    sources = {entry["id"] for entry in CATALOGUE.book["guide_sources"]["sources"]}
    named = {name for question in CATALOGUE.questions for name in question.sources}
    assert named <= sources
    assert {area.id for area in CATALOGUE.areas} == {q.area for q in CATALOGUE.questions}
    assert set(guide.Cause) | {"clarify", "unknown", "do_not_know", "not_applicable"} == set(
        CATALOGUE.words
    )
    assert {measure.solver for q in CATALOGUE.questions for measure in q.measures} == set(
        guide_catalogue.Solver
    )
