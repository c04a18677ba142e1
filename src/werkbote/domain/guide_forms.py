"""One page of the check as a form shows it, and the answers so far as one short word.

The word goes through the visitor's browser in a field that the web floor signs; the product keeps
nothing about a check. It holds one sign per question of the catalogue and no personal data.
"""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from werkbote.domain import guide_answers, guide_catalogue
from werkbote.domain.guide_catalogue import NOT_APPLICABLE, UNKNOWN

OPEN: Final = "-"
SIGNS: Final = MappingProxyType({UNKNOWN: "u", NOT_APPLICABLE: "n"})
OPTION_SIGNS: Final = "0123456789"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One radio button; `hint` says when "does not apply" is the right answer."""

    value: guide_answers.Answer
    label: str
    hint: str
    chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One question with its choices; `previous` and `following` are question ids, None at the ends."""

    question: str
    number: int
    area: str
    ask: str
    why: str
    rule: str
    choices: tuple[Choice, ...]
    progress: guide_answers.Progress
    previous: str | None
    following: str | None


def page(
    answers: guide_answers.Answers,
    *,
    question: str,
    catalogue: guide_catalogue.Catalogue,
    language: guide_catalogue.Language,
) -> Page:
    """Return the form of one question.

    Raises:
        UnableToReadAnswers: if the check has no such question, or other answers close it.
    """
    shown = {entry.id: entry for entry in guide_answers.visible(answers, catalogue=catalogue)}
    if question not in shown:
        raise guide_answers.UnableToReadAnswers(
            ("This question is not part of the check with these answers. Go back one question.",)
        )
    asked = shown[question]
    before = guide_answers.previous_question(answers, catalogue=catalogue, before=question)
    after = guide_answers.next_question(answers, catalogue=catalogue, after=question)
    area = next(entry for entry in catalogue.areas if entry.id == asked.area)
    return Page(
        question=asked.id,
        number=list(shown).index(asked.id) + 1,
        area=area.name.into(language),
        ask=asked.ask.into(language),
        why=asked.why.into(language),
        rule=asked.rule.into(language),
        choices=_choices(asked, answers.get(asked.id), catalogue, language),
        progress=guide_answers.progress(answers, catalogue=catalogue),
        previous=before.id if before else None,
        following=after.id if after else None,
    )


def answered(
    answers: guide_answers.Answers,
    *,
    question: str,
    answer: guide_answers.Answer,
    catalogue: guide_catalogue.Catalogue,
) -> guide_answers.Answers:
    """Return the answers with one more, without those that it closes.

    Raises:
        UnableToReadAnswers: if the answer does not fit the question.
    """
    read = guide_answers.read_answers({**answers, question: answer}, catalogue)
    shown = {entry.id for entry in guide_answers.visible(read, catalogue=catalogue)}
    return MappingProxyType({name: value for name, value in read.items() if name in shown})


def pack(answers: guide_answers.Answers, *, catalogue: guide_catalogue.Catalogue) -> str:
    """Return the answers as `version.signs`, one sign for each question in order."""
    signs = (_sign(question, answers.get(question.id)) for question in catalogue.questions)
    return f"{catalogue.version}.{''.join(signs)}"


def unpack(word: str, *, catalogue: guide_catalogue.Catalogue) -> guide_answers.Answers:
    """Return the answers that `pack` wrote down; none at all is fine.

    Raises:
        UnableToReadAnswers: if the word is of another catalogue or was changed.
    """
    version, _, signs = word.partition(".")
    if version != catalogue.version or len(signs) != len(catalogue.questions):
        raise guide_answers.UnableToReadAnswers(
            ("The check has changed since you began. Please start again.",)
        )
    answers: dict[str, guide_answers.Answer] = {}
    for question, sign in zip(catalogue.questions, signs, strict=True):
        meanings = {_sign(question, answer): answer for answer in guide_answers.accepted(question)}
        if sign == OPEN:
            continue
        if sign not in meanings:
            raise guide_answers.UnableToReadAnswers(
                ("The answers so far cannot be read. Please start again.",)
            )
        answers[question.id] = meanings[sign]
    return MappingProxyType(answers)


def _sign(question: guide_catalogue.Question, answer: guide_answers.Answer | None) -> str:
    if answer is None:
        return OPEN
    if answer in SIGNS:
        return SIGNS[answer]
    return OPTION_SIGNS[[option.id for option in question.options].index(answer)]


def _choices(
    question: guide_catalogue.Question,
    answer: guide_answers.Answer | None,
    catalogue: guide_catalogue.Catalogue,
    language: guide_catalogue.Language,
) -> tuple[Choice, ...]:
    labels = {option.id: option.label.into(language) for option in question.options}
    hints = {}
    if question.not_applicable is not None:
        labels[NOT_APPLICABLE] = catalogue.words[NOT_APPLICABLE].into(language)
        hints[NOT_APPLICABLE] = question.not_applicable.into(language)
    labels[UNKNOWN] = catalogue.words["do_not_know"].into(language)
    return tuple(
        Choice(value=value, label=label, hint=hints.get(value, ""), chosen=value == answer)
        for value, label in labels.items()
    )
