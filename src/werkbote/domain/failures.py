"""What a failure of Meta's means for us: try again, wait, stop, or ask a person; and for how long.

The rows stand in `failure_codes`, the sentences for staff in `failure_reasons`. A message is tried
again by itself only when it is certain that it was not accepted.
"""

from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum

from werkbote.domain import failure_codes, failure_reasons
from werkbote.domain.failure_codes import Course as Course
from werkbote.domain.failure_codes import Row as Row
from werkbote.domain.failure_reasons import Reason as Reason

LONGEST = timedelta(hours=72)
"""No wait is longer, whatever the attempt."""

_JITTER_SHARE = 0.25
_STEPS = 40  # even doubling is beyond `LONGEST` by then
_PATIENCE = {Course.RETRY_SOON: 8, Course.RETRY_LATER: 6, Course.THROTTLED: 9}
_PAUSING = frozenset({Course.TOKEN, Course.ACCOUNT, Course.PAYMENT})


class Transport(StrEnum):
    """How an attempt ended without an answer that could be read."""

    NOT_WRITTEN = "not written"
    """Not one byte of the request left: no name, no connection, no TLS, no free connection."""
    NO_ANSWER = "no answer"
    """The request may have arrived: time ran out or the connection broke while waiting."""
    UNREADABLE = "unreadable"
    """An answer came, but not one that says what became of the request."""


class NoDelay(ValueError):
    """Raised when a wait is asked for although the verdict is not to try again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What to do about one failed attempt, and what to tell staff.

    `code` and `http` are Meta's, as far as there was an answer; `exhausted` says that trying again
    was right but has been done often enough.
    """

    course: Course
    reason: Reason
    row: Row
    code: int | None = None
    http: int | None = None
    details: str = ""
    exhausted: bool = False

    @property
    def may_retry(self) -> bool:
        """Whether the same message may be tried again without a person's word."""
        return self.course in _PATIENCE

    @property
    def pauses_number(self) -> bool:
        """Whether nothing can leave the number until somebody has acted."""
        return self.course in _PAUSING


def verdict(code: int | None, http: int | None, details: str = "", attempt: int = 1) -> Verdict:
    """The verdict on Meta's answer to the given attempt (the first is 1).

    `http` None means the failure was reported by webhook: then the message was certainly not
    delivered, and nothing about it is unclear.
    """
    row = failure_codes.find(code)
    if row is None:
        row = failure_codes.by_status(http)
    elif http is None and row.course is Course.UNKNOWN_OUTCOME:
        row = replace(row, course=Course.RETRY_SOON)
    return _judge(row, attempt, Answer(code=code, http=http, details=details))


def unanswered(transport: Transport, attempt: int = 1) -> Verdict:
    """The verdict on an attempt without a readable answer.

    Only `NOT_WRITTEN` proves that nothing was accepted; everything else is left to a returning
    status or to a person, because a second copy cannot be taken back.
    """
    name = "unreachable" if transport is Transport.NOT_WRITTEN else "unclear"
    course = Course.RETRY_SOON if transport is Transport.NOT_WRITTEN else Course.UNKNOWN_OUTCOME
    return _judge(Row(course=course, reason=name), attempt, Answer(details=str(transport)))


def harmless(verdict: Verdict, attempt: int = 1) -> Verdict:
    """The verdict when running the request twice does no harm: unclear is simply tried again."""
    if verdict.course is not Course.UNKNOWN_OUTCOME:
        return verdict
    answer = Answer(code=verdict.code, http=verdict.http, details=verdict.details)
    return _judge(Row(course=Course.RETRY_SOON, reason="busy"), attempt, answer)


def delay(verdict: Verdict, attempt: int, jitter: float) -> timedelta:
    """How long to wait after the given failed attempt (the first is 1).

    `jitter` is a random number from 0 to 1; it lengthens the wait by up to a quarter and never
    shortens it, because Meta's waits are minima (131056: 4^X seconds). Raises `NoDelay`.
    """
    if not verdict.may_retry:
        raise NoDelay(f"{verdict.course} is not tried again; do not ask for a wait.")
    steps = min(max(attempt, 1) - 1, _STEPS)
    seconds = verdict.row.wait * float(verdict.row.growth) ** steps
    stretched = seconds * (1 + _JITTER_SHARE * min(max(jitter, 0.0), 1.0))
    return timedelta(seconds=min(stretched, LONGEST.total_seconds()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the other side said, as far as it said anything."""

    code: int | None = None
    http: int | None = None
    details: str = ""


def _judge(row: Row, attempt: int, answer: Answer) -> Verdict:
    exhausted = attempt >= _PATIENCE.get(row.course, attempt + 1)
    return Verdict(
        course=Course.GIVE_UP if exhausted else row.course,
        reason=failure_reasons.REASONS[row.reason],
        row=row,
        code=answer.code,
        http=answer.http,
        details=answer.details,
        exhausted=exhausted,
    )
