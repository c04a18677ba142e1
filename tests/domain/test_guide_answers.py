"""What the check accepts as answers, what it opens and closes, and how one moves through it."""

from collections.abc import Iterable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from werkbote.domain import guide, guide_answers, guide_catalogue
from werkbote.store import guide as store_guide

CATALOGUE = store_guide.catalogue(on=date(2026, 11, 23))


def ids(questions: Iterable[guide_catalogue.Question]) -> list[str]:
    return [question.id for question in questions]


@pytest.mark.parametrize(
    ("raw", "problems"),
    [
        (
            None,
            (
                (
                    "The answers are not a list of question and answer. "
                    "Write one per line: channel: none"
                ),
            ),
        ),
        (
            ["channel"],
            (
                (
                    "The answers are not a list of question and answer. "
                    "Write one per line: channel: none"
                ),
            ),
        ),
        ({}, ("There are no answers. Give at least one question an answer.",)),
        ({"answers": {}}, ("There are no answers. Give at least one question an answer.",)),
        ({"colour": "red"}, ('The check has no question "colour".',)),
        ({7: "yes"}, ('The check has no question "int".',)),
        ({"x" * 90: "yes"}, (f'The check has no question "{"x" * 64}…".',)),
        (
            {"groups": "sometimes"},
            ('groups cannot be "sometimes". Choose: no, without_customer_data, yes, unknown.',),
        ),
        (
            {"groups": "not_applicable"},
            (
                (
                    'groups cannot be "not_applicable". '
                    "Choose: no, without_customer_data, yes, unknown."
                ),
            ),
        ),
        (
            {"groups": ["yes"]},
            ("The answer to groups is no word. Choose: no, without_customer_data, yes, unknown.",),
        ),
        (
            {"groups": 1, "bot": None},
            (
                "The answer to groups is no word. Choose: no, without_customer_data, yes, unknown.",
                "The answer to bot is no word. Choose: no, yes, unknown.",
            ),
        ),
        (
            {f"q{number}": "yes" for number in range(201)},
            ("There are 201 answers; the check has 33 questions.",),
        ),
    ],
)
def test_read_answers_misfit_is_named(raw: object, problems: tuple[str, ...]) -> None:
    with pytest.raises(guide.UnableToReadAnswers) as caught:
        guide.read_answers(raw, CATALOGUE)

    assert caught.value.problems == problems


def test_read_answers_yaml_yes_and_no_are_words() -> None:
    answers = guide.read_answers({"answers": {"groups": False, "bot": True}}, CATALOGUE)

    assert dict(answers) == {"groups": "no", "bot": "yes"}


@given(raw=st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists))
def test_read_answers_any_other_thing_is_refused(raw: object) -> None:
    with pytest.raises(guide.UnableToReadAnswers):
        guide.read_answers(raw, CATALOGUE)


@given(raw=st.dictionaries(st.text(), st.text()))
def test_read_answers_foreign_words_are_refused(raw: object) -> None:
    with pytest.raises(guide.UnableToReadAnswers):
        guide.read_answers(raw, CATALOGUE)


def test_visible_private_app_asks_nothing_about_the_platform() -> None:
    shown = ids(guide.visible({"channel": "private_app"}, catalogue=CATALOGUE))

    assert not {"contact_book", "storage_region"} & set(shown)
    assert len(shown) == 31


def test_visible_advertising_questions_need_both_to_be_no() -> None:
    both = ids(guide.visible({"advertising": "no", "reminders": "no"}, catalogue=CATALOGUE))
    one = ids(guide.visible({"advertising": "no"}, catalogue=CATALOGUE))
    branch = {"consent_proof", "evidence", "stop"}

    assert not branch & set(both)
    assert branch <= set(one)


def test_visible_without_bot_drops_its_questions() -> None:
    shown = ids(guide.visible({"bot": "no"}, catalogue=CATALOGUE))

    assert not {"disclosure", "dpia", "model", "recording"} & set(shown)


def test_visible_unknown_keeps_every_question() -> None:
    assert len(guide.visible({"channel": "unknown", "bot": "unknown"}, catalogue=CATALOGUE)) == 33


def test_visible_answer_to_a_closed_question_closes_nothing() -> None:
    answers = {"channel": "none", "advertising": "no", "reminders": "no"}

    assert ids(guide.visible(answers, catalogue=CATALOGUE)) == ids(
        guide.visible({"channel": "none"}, catalogue=CATALOGUE)
    )


def test_next_question_walks_the_whole_check_and_back() -> None:
    answers, seen = {}, []
    while question := guide.next_question(answers, catalogue=CATALOGUE):
        seen.append(question.id)
        answers[question.id] = guide_answers.accepted(question)[0]
    backwards, current = [], seen[-1]
    while previous := guide.previous_question(answers, catalogue=CATALOGUE, before=current):
        current = previous.id
        backwards.append(current)

    assert seen == ids(guide.visible(answers, catalogue=CATALOGUE))
    assert backwards == seen[-2::-1]
    assert guide.progress(answers, catalogue=CATALOGUE).share == 1


def test_next_question_after_skips_closed_ones() -> None:
    answers = {"channel": "business_app"}

    question = guide.next_question(answers, catalogue=CATALOGUE, after="address_book")

    assert question.id == "old_chats"


def test_progress_counts_only_visible_answers() -> None:
    progress = guide.progress({"bot": "no", "dpia": "yes"}, catalogue=CATALOGUE)

    assert (progress.answered, progress.total) == (1, 29)
