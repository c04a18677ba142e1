"""What somebody answered in the check, and which questions those answers open or close."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import Final

from werkbote.domain import guide_catalogue
from werkbote.domain.guide_catalogue import NOT_APPLICABLE, UNKNOWN

type Answer = str
"""The id of an option, or `unknown`, or `not_applicable`."""

type Answers = Mapping[str, Answer]

MOST_ANSWERS: Final = 200
LONGEST_WORD: Final = 64


class UnableToReadAnswers(ValueError):
    """Answers do not fit the check; `problems` has one sentence for each misfit."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How many of the questions asked so far have an answer; `share` is between 0 and 1."""

    answered: int
    total: int

    @property
    def share(self) -> Fraction:
        """Return the answered part of the visible questions."""
        return Fraction(self.answered, self.total)


def read_answers(raw: object, catalogue: guide_catalogue.Catalogue) -> Answers:
    """Return the answers a loaded file or form states: a mapping of question to answer.

    The mapping may stand under the single key `answers`. `true` and `false`, as YAML reads an
    unquoted yes and no, mean the options `yes` and `no`.

    Raises:
        UnableToReadAnswers: with a sentence for each unknown question, wrong value or wrong type.
    """
    if isinstance(raw, Mapping) and set(raw) == {"answers"}:
        raw = raw["answers"]
    if not isinstance(raw, Mapping):
        raise UnableToReadAnswers(
            (
                "The answers are not a list of question and answer. Write one per line: channel: none",
            )
        )
    if not raw:
        raise UnableToReadAnswers(("There are no answers. Give at least one question an answer.",))
    if len(raw) > MOST_ANSWERS:
        raise UnableToReadAnswers(
            (f"There are {len(raw)} answers; the check has {len(catalogue.questions)} questions.",)
        )
    problems = tuple(_problems(raw, catalogue))
    if problems:
        raise UnableToReadAnswers(problems)
    return MappingProxyType({str(name): _word(value) for name, value in raw.items()})


def visible(
    answers: Answers, *, catalogue: guide_catalogue.Catalogue
) -> tuple[guide_catalogue.Question, ...]:
    """Return the questions these answers leave open to be asked, in order.

    An answer to a question that is itself closed has no effect on others.
    """
    shown: dict[str, guide_catalogue.Question] = {}
    for question in catalogue.questions:
        standing = {name: answer for name, answer in answers.items() if name in shown}
        if not any(holds(closing, standing) for closing in question.closed_by):
            shown[question.id] = question
    return tuple(shown.values())


def next_question(
    answers: Answers, *, catalogue: guide_catalogue.Catalogue, after: str | None = None
) -> guide_catalogue.Question | None:
    """Return the first unanswered question, or the one that follows `after`; None at the end."""
    questions = visible(answers, catalogue=catalogue)
    if after is None:
        return next((question for question in questions if question.id not in answers), None)
    number = catalogue.question(after).number
    return next((question for question in questions if question.number > number), None)


def previous_question(
    answers: Answers, *, catalogue: guide_catalogue.Catalogue, before: str
) -> guide_catalogue.Question | None:
    """Return the visible question before this one, None at the first."""
    number = catalogue.question(before).number
    earlier = [
        question for question in visible(answers, catalogue=catalogue) if question.number < number
    ]
    return earlier[-1] if earlier else None


def progress(answers: Answers, *, catalogue: guide_catalogue.Catalogue) -> Progress:
    """Return how far the check has come; branching may change the total."""
    questions = visible(answers, catalogue=catalogue)
    return Progress(
        answered=sum(question.id in answers for question in questions), total=len(questions)
    )


def holds(matches: tuple[guide_catalogue.Match, ...], answers: Answers) -> bool:
    """Tell whether every match finds one of its options among the answers."""
    return all(answers.get(match.question) in match.options for match in matches)


def accepted(question: guide_catalogue.Question) -> tuple[str, ...]:
    """Return every answer the question takes, options first."""
    words = [option.id for option in question.options]
    if question.not_applicable is not None:
        words.append(NOT_APPLICABLE)
    return (*words, UNKNOWN)


def _problems(raw: Mapping[object, object], catalogue: guide_catalogue.Catalogue) -> Iterator[str]:
    questions = {question.id: question for question in catalogue.questions}
    for name, value in raw.items():
        if not isinstance(name, str) or name not in questions:
            yield f"The check has no question {_quoted(name)}."
        elif not isinstance(value, str | bool):
            yield f"The answer to {name} is no word. Choose: {_choices(questions[name])}."
        elif _word(value) not in accepted(questions[name]):
            yield f"{name} cannot be {_quoted(value)}. Choose: {_choices(questions[name])}."


def _word(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _choices(question: guide_catalogue.Question) -> str:
    return ", ".join(accepted(question))


def _quoted(value: object) -> str:
    word = value if isinstance(value, str) else type(value).__name__
    return f'"{word[:LONGEST_WORD]}…"' if len(word) > LONGEST_WORD else f'"{word}"'
