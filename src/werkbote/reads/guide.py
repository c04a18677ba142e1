"""The check as screens show it: one question, the outcome with its plan, and the words around them.

No table is read: answers come from whoever asks and stay with them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from werkbote.domain import guide, guide_forms
from werkbote.papers import guide_content
from werkbote.store import guide as rechtsstand

SHOWN_REASONS = guide_content.SHOWN_REASONS


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One source the plan cites, under the number it also has in the printed guide."""

    number: int
    title: str
    where: str
    day: str
    checked: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One thing to do, in plain words."""

    title: str
    text: str
    effort: str
    solver: str
    solver_code: str
    rule: str
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The measures that are due by one time, most pressing first; may be empty."""

    code: str
    name: str
    measures: tuple[Measure, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """What does not fit together yet, and which questions (id, title) to look at again."""

    text: str
    questions: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One question and what was answered."""

    question: str
    title: str
    answer: str
    open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """Points of one area, None where nothing in it counts; `light` by the limits of the verdict."""

    name: str
    score: int | None
    light: guide.Light | None
    unclear: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The verdict as it is shown; `first` are the strongest reasons, `more` the others."""

    result: guide.Result
    light: str
    calm: str
    first: tuple[guide.Reason, ...]
    more: tuple[guide.Reason, ...]
    unclear: int
    counted: int
    areas: tuple[Area, ...]
    remarks: tuple[Remark, ...]
    groups: tuple[Group, ...]
    sources: tuple[Source, ...]
    lines: tuple[Line, ...]
    labels: Mapping[str, str]


def catalogue(*, on: date) -> guide.Catalogue:
    """Return the catalogue that holds on a day; raise UnableToReadCatalogue where none does."""
    return rechtsstand.catalogue(on=on)


def rechtsstand_words(*, language: guide.Language, on: date) -> str:
    """Return the day from which the catalogue holds, as written in a language."""
    return guide_content.day_words(catalogue(on=on).version, language)


def words(*, language: guide.Language, on: date) -> Mapping[str, str]:
    """Return the printed guide's labels, so that page and paper use the same words."""
    return _labels(catalogue(on=on), language)


def page(
    answers: guide.Answers, *, question: str, language: guide.Language, on: date
) -> guide_forms.Page:
    """Return the form of one question; raise UnableToReadAnswers if these answers close it."""
    return guide_forms.page(
        answers, question=question, catalogue=catalogue(on=on), language=language
    )


def outcome(answers: guide.Answers, *, language: guide.Language, on: date) -> Outcome:
    """Return the verdict on these answers; raise UnableToReadAnswers where there are none."""
    held = catalogue(on=on)
    result = guide.evaluate(answers, catalogue=held, language=language)
    labels = _labels(held, language)
    book = _sources(held, language, labels)
    groups = tuple(
        Group(
            code=group,
            name=labels[f"group_{group}"],
            measures=tuple(_measure(step, labels, book) for step in result.due(group)),
        )
        for group in guide.Group
    )
    cited = {source.number: source for group in groups for source in _cited(group.measures)}
    return Outcome(
        result=result,
        light=labels[f"light_{result.light}"],
        calm=labels["only_open" if result.unclear else "no_reasons"],
        first=result.reasons[:SHOWN_REASONS],
        more=result.reasons[SHOWN_REASONS:],
        unclear=sum(reply.unknown for reply in result.replies),
        counted=sum(reply.value is not None for reply in result.replies),
        areas=tuple(_area(area, held) for area in result.areas),
        remarks=tuple(_remark(remark, held, language) for remark in result.remarks),
        groups=groups,
        sources=tuple(cited[number] for number in sorted(cited)),
        lines=tuple(_line(reply, held, language) for reply in result.replies),
        labels=labels,
    )


def _labels(held: guide.Catalogue, language: guide.Language) -> Mapping[str, str]:
    labels: Mapping[str, str] = guide_content.words(held.book["guide_pages"]["labels"], language)
    return labels


def _sources(
    held: guide.Catalogue, language: guide.Language, labels: Mapping[str, str]
) -> Mapping[str, Source]:
    numbers = guide_content.source_numbers(held)
    entries: list[dict[str, Any]] = held.book["guide_sources"]["sources"]
    return {
        entry["id"]: Source(
            number=numbers[entry["id"]],
            title=entry[language],
            where=entry["where"],
            day=guide_content.day_words(entry["date"], language),
            checked=labels[f"checked_{entry['checked']}"],
        )
        for entry in entries
    }


def _measure(step: guide.Step, labels: Mapping[str, str], book: Mapping[str, Source]) -> Measure:
    return Measure(
        title=step.title,
        text=step.text,
        effort=labels[f"effort_{step.effort}"],
        solver=labels[f"solver_{step.solver}"],
        solver_code=step.solver,
        rule=step.rule,
        sources=tuple(
            sorted((book[source] for source in step.sources), key=lambda source: source.number)
        ),
    )


def _area(area: guide.AreaScore, held: guide.Catalogue) -> Area:
    light = None
    if area.score is not None:
        share = Fraction(area.score, 100)
        light = guide.Light.GREEN if share >= held.scoring.green else guide.Light.YELLOW
        light = light if share >= held.scoring.yellow else guide.Light.RED
    return Area(name=area.name, score=area.score, light=light, unclear=area.unclear)


def _cited(measures: Iterable[Measure]) -> Iterable[Source]:
    return (source for measure in measures for source in measure.sources)


def _remark(remark: guide.Remark, held: guide.Catalogue, language: guide.Language) -> Remark:
    return Remark(
        text=remark.text,
        questions=tuple(
            (name, held.question(name).title.into(language)) for name in remark.questions
        ),
    )


def _line(reply: guide.Reply, held: guide.Catalogue, language: guide.Language) -> Line:
    special = "not_applicable" if reply.answer == guide.NOT_APPLICABLE else "do_not_know"
    answer = reply.label or held.words[special].into(language)
    return Line(
        question=reply.question.id,
        title=reply.question.title.into(language),
        answer=answer,
        open=reply.unknown,
    )
