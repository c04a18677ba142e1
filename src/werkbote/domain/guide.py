"""The WhatsApp check for dealers: answers in, traffic light, reasons and plan of measures out.

Pure arithmetic over one catalogue. A knock-out is always red; a question that does not apply, or
that another answer closed, never counts; while the same questions count, a better answer never
lowers the score. Words come from the catalogue, so a result is bound to one language.
"""

from collections.abc import Iterable
from fractions import Fraction

from werkbote.domain import guide_answers, guide_catalogue
from werkbote.domain.guide_answers import Answer as Answer
from werkbote.domain.guide_answers import Answers as Answers
from werkbote.domain.guide_answers import Progress as Progress
from werkbote.domain.guide_answers import UnableToReadAnswers as UnableToReadAnswers
from werkbote.domain.guide_answers import next_question as next_question
from werkbote.domain.guide_answers import previous_question as previous_question
from werkbote.domain.guide_answers import progress as progress
from werkbote.domain.guide_answers import read_answers as read_answers
from werkbote.domain.guide_answers import visible as visible
from werkbote.domain.guide_catalogue import NOT_APPLICABLE as NOT_APPLICABLE
from werkbote.domain.guide_catalogue import UNKNOWN as UNKNOWN
from werkbote.domain.guide_catalogue import Catalogue as Catalogue
from werkbote.domain.guide_catalogue import Language as Language
from werkbote.domain.guide_result import AreaScore as AreaScore
from werkbote.domain.guide_result import Cause as Cause
from werkbote.domain.guide_result import ConditionState as ConditionState
from werkbote.domain.guide_result import Group as Group
from werkbote.domain.guide_result import Light as Light
from werkbote.domain.guide_result import Reason as Reason
from werkbote.domain.guide_result import Remark as Remark
from werkbote.domain.guide_result import Reply as Reply
from werkbote.domain.guide_result import Result as Result
from werkbote.domain.guide_result import State as State
from werkbote.domain.guide_result import Step as Step


def evaluate(answers: Answers, *, catalogue: Catalogue, language: Language) -> Result:
    """Return the verdict on these answers; a visible question without an answer is unknown.

    Raises:
        UnableToReadAnswers: if there is no answer or one does not fit the catalogue.
    """
    read_answers(answers, catalogue)
    replies = tuple(
        _reply(question, answers.get(question.id, UNKNOWN), catalogue, language)
        for question in visible(answers, catalogue=catalogue)
    )
    counted = [reply for reply in replies if reply.value is not None]
    share = _share(counted, catalogue.scoring)
    light, cause = _light(counted, share, catalogue.scoring)
    unclear = Fraction(sum(reply.unknown for reply in counted), len(counted))
    return Result(
        version=catalogue.version,
        language=language,
        light=light,
        cause=cause,
        verdict=catalogue.words[cause].into(language),
        score=int(share * 100),
        provisional=unclear > catalogue.scoring.unclear_limit,
        unclear=unclear,
        reasons=_reasons(replies, language),
        areas=tuple(
            _area_score(area, counted, catalogue.scoring, language) for area in catalogue.areas
        ),
        remarks=_remarks(answers, catalogue, language),
        steps=_steps(replies, catalogue, language),
        conditions=tuple(
            _condition_state(condition, replies, language) for condition in catalogue.conditions
        ),
        replies=replies,
    )


def _reply(
    question: guide_catalogue.Question,
    answer: Answer,
    catalogue: Catalogue,
    language: Language,
) -> Reply:
    option = question.option(answer)
    scored = question.level is not guide_catalogue.Level.SWITCH and answer != NOT_APPLICABLE
    value = (option.value if option else Fraction(0)) if scored else None
    loss = Fraction(0)
    finding = None
    if value is not None and value < 1:
        loss = catalogue.scoring.weights[question.level] * (1 - value)
        finding = (option.finding or question.gap) if option else catalogue.words["unknown"]
    return Reply(
        question=question,
        answer=answer,
        value=value,
        knockout=bool(option and option.knockout),
        loss=loss,
        label=option.label.into(language) if option else "",
        finding=finding.into(language) if finding else None,
    )


def _share(counted: Iterable[Reply], scoring: guide_catalogue.Scoring) -> Fraction:
    """Return Σ(w·v)/Σ(w) of the replies, all of which have a value."""
    weight = won = Fraction(0)
    for reply in counted:
        weight += scoring.weights[reply.question.level]
        won += scoring.weights[reply.question.level] * (reply.value or 0)
    return won / weight


def _light(
    counted: list[Reply], share: Fraction, scoring: guide_catalogue.Scoring
) -> tuple[Light, Cause]:
    heavy = scoring.weights[guide_catalogue.Level.CRITICAL]
    critical = [
        reply.value
        for reply in counted
        if reply.value is not None and scoring.weights[reply.question.level] >= heavy
    ]
    if any(reply.knockout for reply in counted):
        return Light.RED, Cause.KNOCKOUT
    if sum(value < scoring.critical_below for value in critical) >= scoring.critical_count:
        return Light.RED, Cause.CRITICAL_GAPS
    if share < scoring.yellow:
        return Light.RED, Cause.LOW_SCORE
    if any(value < scoring.green_critical for value in critical):
        return Light.YELLOW, Cause.CRITICAL_GAP
    if share < scoring.green:
        return Light.YELLOW, Cause.MIDDLE_SCORE
    return Light.GREEN, Cause.NO_GAP


def _reasons(replies: Iterable[Reply], language: Language) -> tuple[Reason, ...]:
    ranked = sorted(
        (reply for reply in replies if reply.loss and not reply.unknown),
        key=lambda reply: (not reply.knockout, -reply.loss, reply.question.number),
    )
    return tuple(
        Reason(
            question=reply.question.id,
            number=reply.question.number,
            text=reply.finding or "",
            rule=reply.question.rule.into(language),
            knockout=reply.knockout,
        )
        for reply in ranked
    )


def _area_score(
    area: guide_catalogue.Area,
    counted: Iterable[Reply],
    scoring: guide_catalogue.Scoring,
    language: Language,
) -> AreaScore:
    inside = [reply for reply in counted if reply.question.area == area.id]
    return AreaScore(
        area=area.id,
        name=area.name.into(language),
        score=int(_share(inside, scoring) * 100) if inside else None,
        counted=len(inside),
        unclear=sum(reply.unknown for reply in inside),
    )


def _remarks(answers: Answers, catalogue: Catalogue, language: Language) -> tuple[Remark, ...]:
    return tuple(
        Remark(
            id=notice.id,
            kind=notice.kind,
            text=notice.text.into(language),
            questions=tuple(match.question for match in notice.when),
        )
        for notice in catalogue.notices
        if guide_answers.holds(notice.when, answers)
    )


def _steps(replies: Iterable[Reply], catalogue: Catalogue, language: Language) -> tuple[Step, ...]:
    steps = [
        step
        for reply in replies
        if reply.loss
        for step in (
            [_clarification(reply, catalogue, language)]
            if reply.unknown
            else _measures(reply, catalogue.scoring, language)
        )
    ]
    order = list(Group)
    steps.sort(key=lambda step: (order.index(step.group), -step.priority, step.number))
    return tuple(steps)


def _measures(reply: Reply, scoring: guide_catalogue.Scoring, language: Language) -> list[Step]:
    steps = []
    for measure in reply.question.measures:
        if measure.urgent and not reply.knockout:
            continue
        priority = reply.loss / scoring.efforts[measure.effort]
        steps.append(
            Step(
                id=measure.id,
                question=reply.question.id,
                number=reply.question.number,
                title=reply.question.title.into(language),
                text=measure.text.into(language),
                effort=measure.effort,
                solver=measure.solver,
                rule=reply.question.rule.into(language),
                sources=reply.question.sources,
                priority=priority,
                group=_group(measure, priority, scoring),
                clarify=False,
            )
        )
    return steps


def _group(
    measure: guide_catalogue.Measure, priority: Fraction, scoring: guide_catalogue.Scoring
) -> Group:
    if measure.urgent:
        return Group.TODAY
    if measure.effort is guide_catalogue.Effort.DAY and priority >= scoring.first_priority:
        return Group.TODAY
    quick = measure.effort is not guide_catalogue.Effort.PROJECT
    return Group.DAYS_30 if quick and priority >= scoring.second_priority else Group.DAYS_90


def _clarification(reply: Reply, catalogue: Catalogue, language: Language) -> Step:
    question = reply.question
    return Step(
        id=f"clarify_{question.id}",
        question=question.id,
        number=question.number,
        title=question.title.into(language),
        text=f"{catalogue.words['clarify'].into(language)} {question.ask.into(language)}",
        effort=guide_catalogue.Effort.DAY,
        solver=guide_catalogue.Solver.ORGANISATION,
        rule=question.rule.into(language),
        sources=question.sources,
        priority=reply.loss,
        group=Group.DAYS_30,
        clarify=True,
    )


def _condition_state(
    condition: guide_catalogue.Condition, replies: Iterable[Reply], language: Language
) -> ConditionState:
    asked = [
        reply
        for reply in replies
        if reply.question.id in condition.questions and reply.value is not None
    ]
    return ConditionState(
        id=condition.id,
        number=condition.number,
        title=condition.title.into(language),
        text=condition.text.into(language),
        state=_state(asked),
    )


def _state(asked: list[Reply]) -> State:
    if not asked:
        return State.NOT_NEEDED
    if any(reply.unknown for reply in asked):
        return State.UNCLEAR
    if not any(reply.loss for reply in asked):
        return State.MET
    return State.PARTLY if any(reply.value for reply in asked) else State.OPEN
