"""The check as forms: one question a page, back and forth, answers carried as one short word."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from werkbote.domain import guide, guide_answers, guide_forms
from werkbote.store import guide as store_guide

CATALOGUE = store_guide.catalogue(on=date(2026, 11, 23))
ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        question.id: st.sampled_from(guide_answers.accepted(question))
        for question in CATALOGUE.questions
    },
)


def page(
    answers: guide.Answers, question: str, language: guide.Language = "de"
) -> guide_forms.Page:
    return guide_forms.page(answers, question=question, catalogue=CATALOGUE, language=language)


@settings(max_examples=40)
@given(answers=ANSWERS)
def test_pack_and_unpack_give_the_answers_back(answers: dict[str, str]) -> None:
    word = guide_forms.pack(answers, catalogue=CATALOGUE)

    assert guide_forms.unpack(word, catalogue=CATALOGUE) == answers
    assert len(word) == len("2026-11-23.") + 33


@pytest.mark.parametrize(
    ("word", "problem"),
    [
        ("", "The check has changed since you began. Please start again."),
        ("2020-01-01." + "-" * 33, "The check has changed since you began. Please start again."),
        ("2026-11-23." + "-" * 32, "The check has changed since you began. Please start again."),
        ("2026-11-23." + "9" + "-" * 32, "The answers so far cannot be read. Please start again."),
        ("2026-11-23." + "n" + "-" * 32, "The answers so far cannot be read. Please start again."),
    ],
)
def test_unpack_changed_word_is_refused(word: str, problem: str) -> None:
    with pytest.raises(guide.UnableToReadAnswers) as caught:
        guide_forms.unpack(word, catalogue=CATALOGUE)

    assert caught.value.problems == (problem,)


def test_page_first_question_has_no_way_back() -> None:
    first = page({}, "channel")

    assert (first.number, first.previous, first.following) == (1, None, "private_phones")
    assert [choice.value for choice in first.choices][-1] == guide.UNKNOWN
    assert not any(choice.chosen for choice in first.choices)


def test_page_shows_the_answer_given_and_skips_closed_questions() -> None:
    answers = {"channel": "business_app", "address_book": "mdm"}

    shown = page(answers, "address_book", "en")

    assert [choice.label for choice in shown.choices if choice.chosen] == [
        "No, blocked by device management (MDM)"
    ]
    assert (shown.previous, shown.following) == ("groups", "old_chats")


def test_page_says_when_a_question_does_not_apply() -> None:
    choice = next(
        choice
        for choice in page({}, "archive", "en").choices
        if choice.value == guide.NOT_APPLICABLE
    )

    assert (choice.label, choice.hint) == (
        "Does not apply",
        "Orders and approvals never come by chat.",
    )


def test_page_last_question_leads_nowhere() -> None:
    assert page({"bot": "no"}, "bot").following is None


@pytest.mark.parametrize("question", ["recording", "weather"])
def test_page_closed_or_unknown_question_is_refused(question: str) -> None:
    with pytest.raises(guide.UnableToReadAnswers, match="Go back one question"):
        page({"bot": "no"}, question)


def test_answered_drops_what_the_answer_closes() -> None:
    before = {"bot": "yes", "dpia": "no", "recording": "no"}

    after = guide_forms.answered(before, question="bot", answer="no", catalogue=CATALOGUE)

    assert after == {"bot": "no"}


def test_answered_wrong_word_is_refused() -> None:
    with pytest.raises(guide.UnableToReadAnswers, match="bot cannot be"):
        guide_forms.answered({}, question="bot", answer="maybe", catalogue=CATALOGUE)
