"""What the WhatsApp check says: light, reasons, scores, plan and conditions, as frozen values."""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from werkbote.domain import guide_answers, guide_catalogue


class Light(StrEnum):
    """The verdict of the check."""

    RED = "red"
    YELLOW = "yellow"
    GREEN = "green"


class Cause(StrEnum):
    """Which rule decided the light."""

    KNOCKOUT = "knockout"
    CRITICAL_GAPS = "critical_gaps"
    LOW_SCORE = "low_score"
    CRITICAL_GAP = "critical_gap"
    MIDDLE_SCORE = "middle_score"
    NO_GAP = "no_gap"


class Group(StrEnum):
    """By when a measure is due."""

    TODAY = "today"
    DAYS_30 = "days_30"
    DAYS_90 = "days_90"


class State(StrEnum):
    """How one of the conditions for the Cloud API stands."""

    MET = "met"
    PARTLY = "partly"
    OPEN = "open"
    UNCLEAR = "unclear"
    NOT_NEEDED = "not_needed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One visible question and what was answered; `value` is None when it does not count.

    `finding` says what is wrong, None when nothing is. `loss` is w·(1−v), 0 when it does not count.
    """

    question: guide_catalogue.Question
    answer: guide_answers.Answer
    value: Fraction | None
    knockout: bool
    loss: Fraction
    label: str
    finding: str | None

    @property
    def unknown(self) -> bool:
        """Tell whether a scored question has no known answer."""
        return self.answer == guide_catalogue.UNKNOWN and self.value is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One sentence why the light is not greener, with the rule it breaks."""

    question: str
    number: int
    text: str
    rule: str
    knockout: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaScore:
    """Score 0 to 100 of one area, None if nothing in it counts; `unclear` counts open facts."""

    area: str
    name: str
    score: int | None
    counted: int
    unclear: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """What to say about answers that stand together oddly, and which questions it concerns."""

    id: str
    kind: guide_catalogue.NoticeKind
    text: str
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One measure of the plan; `priority` is w·(1−v)/effort, `clarify` marks a fact to find out."""

    id: str
    question: str
    number: int
    title: str
    text: str
    effort: guide_catalogue.Effort
    solver: guide_catalogue.Solver
    rule: str
    sources: tuple[str, ...]
    priority: Fraction
    group: Group
    clarify: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionState:
    """One of the conditions for the Cloud API and whether the answers meet it."""

    id: str
    number: int
    title: str
    text: str
    state: State


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What the check says. `score` is 0 to 100, rounded down; `unclear` a share of 1.

    `provisional` means that too many facts are unknown for a firm verdict. `reasons` has the
    strongest first; `steps` are ordered by group, then by priority.
    """

    version: str
    language: guide_catalogue.Language
    light: Light
    cause: Cause
    verdict: str
    score: int
    provisional: bool
    unclear: Fraction
    reasons: tuple[Reason, ...]
    areas: tuple[AreaScore, ...]
    remarks: tuple[Remark, ...]
    steps: tuple[Step, ...]
    conditions: tuple[ConditionState, ...]
    replies: tuple[Reply, ...]

    def due(self, group: Group) -> tuple[Step, ...]:
        """Return the measures of one group, most pressing first."""
        return tuple(step for step in self.steps if step.group is group)
