"""The guide's catalogue: questions, weights, measures and printed contents of one Rechtsstand.

A catalogue is whole by construction: every reference between its parts leads somewhere, and
whatever somebody answers, at least one scored question remains.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Any, Final, Literal

from werkbote.domain import law

type Language = Literal["de", "en"]

LANGUAGES: Final[tuple[Language, ...]] = ("de", "en")
UNKNOWN: Final = "unknown"
NOT_APPLICABLE: Final = "not_applicable"
RESERVED: Final = frozenset({UNKNOWN, NOT_APPLICABLE})


class UnableToReadCatalogue(ValueError):
    """A file of the guide does not say what the check must know; names the place and the gap."""


class Level(StrEnum):
    """How heavy a question weighs; a SWITCH only opens or closes others."""

    KNOCKOUT = "knockout"
    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    SWITCH = "switch"


class Effort(StrEnum):
    """How long a measure takes, from one day to a project of weeks."""

    DAY = "day"
    WEEK = "week"
    PROJECT = "project"


class Solver(StrEnum):
    """Who takes a measure off the dealer's hands: the product, the dealer alone, or a lawyer."""

    WERKBOTE = "werkbote"
    ORGANISATION = "organisation"
    LAWYER = "lawyer"


class NoticeKind(StrEnum):
    """Why two answers are shown to the person together."""

    ASK_AGAIN = "ask_again"
    EXPLAIN = "explain"
    CONTRADICTION = "contradiction"


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """One sentence or word in both languages."""

    de: str
    en: str

    def into(self, language: Language) -> str:
        """Return the wording in a language."""
        return self.de if language == "de" else self.en


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """True of answers that give `question` one of `options`; an open question never matches."""

    question: str
    options: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One answer: `value` from 0 to 1, None if it takes the question out of the score.

    `finding` says what is wrong with this answer, where the question's own `gap` does not fit.
    """

    id: str
    label: Text
    value: Fraction | None
    knockout: bool = False
    finding: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One thing to do about a gap; an `urgent` one is asked for only after a knock-out."""

    id: str
    effort: Effort
    solver: Solver
    text: Text
    urgent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question of the check.

    `not_applicable` says when the question does not apply; None if it always does. The question is
    closed (not asked, not counted) when every match of one of `closed_by` holds.
    """

    id: str
    number: int
    area: str
    level: Level
    title: Text
    ask: Text
    why: Text
    rule: Text
    gap: Text
    options: tuple[Option, ...]
    measures: tuple[Measure, ...]
    sources: tuple[str, ...]
    not_applicable: Text | None
    closed_by: tuple[tuple[Match, ...], ...]

    def option(self, answer: str) -> Option | None:
        """Return the option with this id, None for an answer that is no option."""
        return next((option for option in self.options if option.id == answer), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """One field of questions with a score of its own."""

    id: str
    name: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What to say when all of these answers stand together."""

    id: str
    kind: NoticeKind
    when: tuple[Match, ...]
    text: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One of the conditions for the Cloud API; met when all its questions are answered in full."""

    id: str
    number: int
    title: Text
    text: Text
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scoring:
    """Weights and thresholds (shares of 1). `critical_count` answers below `critical_below` are red.

    `first_priority` and `second_priority` are the least w·(1−v)/effort for "today" and "30 days".
    """

    weights: Mapping[Level, int]
    efforts: Mapping[Effort, int]
    green: Fraction
    yellow: Fraction
    green_critical: Fraction
    critical_below: Fraction
    critical_count: int
    unclear_limit: Fraction
    first_priority: Fraction
    second_priority: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """One Rechtsstand of the guide. `book` is what is printed beside the check, by topic.

    Raises:
        UnableToReadCatalogue: if a reference leads nowhere or the check could end without a score.
    """

    version: str
    heads: tuple[law.Source, ...]
    scoring: Scoring
    areas: tuple[Area, ...]
    questions: tuple[Question, ...]
    notices: tuple[Notice, ...]
    conditions: tuple[Condition, ...]
    words: Mapping[str, Text]
    book: Mapping[str, Any]

    def __post_init__(self) -> None:
        check_whole(self)

    def question(self, question_id: str) -> Question:
        """Return the question with this id; KeyError if the catalogue has none."""
        return {question.id: question for question in self.questions}[question_id]


def check_whole(catalogue: Catalogue) -> None:
    """Raise unless every reference in the catalogue leads somewhere.

    Raises:
        UnableToReadCatalogue: with one sentence that lists every break.
    """
    areas = {area.id for area in catalogue.areas}
    options = {
        question.id: {option.id for option in question.options} for question in catalogue.questions
    }
    breaks = [
        *_twins(question.id for question in catalogue.questions),
        *_twins(measure.id for question in catalogue.questions for measure in question.measures),
        *(line for question in catalogue.questions for line in _faults(question, areas)),
        *_dangling(catalogue, options),
    ]
    if not any(map(_always_counts, catalogue.questions)):
        breaks.append("no scored question is always asked")
    if breaks:
        raise UnableToReadCatalogue(
            f"The guide's catalogue does not hold together: {'; '.join(breaks)}. "
            "Correct these entries in the Rechtsstand files."
        )


def valid_on(day: date, heads: Iterable[law.Source]) -> bool:
    """Tell whether every part of a catalogue holds on a day."""
    return all(head.valid_from <= day <= (head.valid_to or day) for head in heads)


def _twins(ids: Iterable[str]) -> list[str]:
    counts = Counter(ids)
    return [f"{entry} stands twice" for entry in sorted(counts) if counts[entry] > 1]


def _faults(question: Question, areas: set[str]) -> list[str]:
    faults = []
    if question.area not in areas:
        faults.append(f"{question.id} is in no known area")
    if len({option.id for option in question.options} - RESERVED) != len(question.options):
        faults.append(f"{question.id} has an option twice or one with a reserved name")
    if any(not 0 <= option.value <= 1 for option in question.options if option.value is not None):
        faults.append(f"{question.id} has a value outside 0 to 1")
    knocks = any(option.knockout for option in question.options)
    if knocks != any(measure.urgent for measure in question.measures):
        faults.append(f"{question.id} needs a knock-out and an urgent measure, or neither")
    if any(option.knockout and option.value != 0 for option in question.options):
        faults.append(f"{question.id} has a knock-out that earns something")
    if question.level is not Level.SWITCH and all(map(_urgent, question.measures)):
        faults.append(f"{question.id} has no measure")
    return faults


def _urgent(measure: Measure) -> bool:
    return measure.urgent


def _dangling(catalogue: Catalogue, options: Mapping[str, set[str]]) -> list[str]:
    matches = [
        match
        for question in catalogue.questions
        for closing in question.closed_by
        for match in closing
    ]
    matches += [match for notice in catalogue.notices for match in notice.when]
    lines = [
        f"a rule names {match.question} with unknown answers"
        for match in matches
        if not match.options <= options.get(match.question, set()) | RESERVED
    ]
    numbers = {question.id: question.number for question in catalogue.questions}
    lines += [
        f"{question.id} is closed by a later question"
        for question in catalogue.questions
        for closing in question.closed_by
        for match in closing
        if numbers.get(match.question, 0) >= question.number
    ]
    lines += [
        f"condition {condition.id} names the unknown question {name}"
        for condition in catalogue.conditions
        for name in condition.questions
        if name not in options
    ]
    return lines


def _always_counts(question: Question) -> bool:
    return (
        question.level is not Level.SWITCH
        and question.not_applicable is None
        and not question.closed_by
        and all(option.value is not None for option in question.options)
    )
