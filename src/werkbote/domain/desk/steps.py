"""One step of a macro or a rule: a deed with what it is done to, read from the JSON it is kept as."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

MOST_STEPS = 10
LONGEST_TEXT = 2000


class Act(StrEnum):
    """What a step does. ASSIGN_ME is the one who runs the macro; a rule has nobody there."""

    ASSIGN = "assign"
    ASSIGN_ME = "assign_me"
    UNASSIGN = "unassign"
    TEAM = "team"
    LABEL = "label"
    UNLABEL = "unlabel"
    NOTE = "note"
    REPLY = "reply"
    SNOOZE = "snooze"
    CLOSE = "close"
    SPAM = "spam"


NEEDS_TARGET = frozenset({Act.ASSIGN, Act.TEAM, Act.LABEL, Act.UNLABEL})
NEEDS_TEXT = frozenset({Act.NOTE, Act.REPLY})
NEEDS_HOURS = frozenset({Act.SNOOZE})


class UnableToReadSteps(ValueError):
    """The steps cannot be carried out; the sentence says which one and what is missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A deed. `target` is a row's number (member, team, label), `hours` how long a snooze lasts."""

    act: Act
    target: int | None = None
    text: str = ""
    hours: int = 0
    outcome: str = ""


def parse_steps(raw: Iterable[Mapping[str, Any]], *, by_rule: bool = False) -> tuple[Step, ...]:
    """Return the steps of a macro or rule; raise UnableToReadSteps where one cannot be done."""
    steps = tuple(_step(one, by_rule=by_rule) for one in raw)
    if not steps:
        raise UnableToReadSteps("Choose at least one step.")
    if len(steps) > MOST_STEPS:
        raise UnableToReadSteps("Ten steps are the most: split the rest into another macro.")
    return steps


def plain_steps(steps: Iterable[Step]) -> list[dict[str, Any]]:
    """Return steps as the JSON that `parse_steps` reads."""
    return [
        {
            "act": step.act.value,
            "target": step.target,
            "text": step.text,
            "hours": step.hours,
            "outcome": step.outcome,
        }
        for step in steps
    ]


def _step(raw: Mapping[str, Any], *, by_rule: bool) -> Step:
    try:
        step = Step(
            act=Act(raw["act"]),
            target=None if raw.get("target") in {None, ""} else int(raw["target"]),
            text=str(raw.get("text") or "").strip(),
            hours=int(raw.get("hours") or 0),
            outcome=str(raw.get("outcome") or ""),
        )
    except (KeyError, TypeError, ValueError):
        raise UnableToReadSteps("One step is not readable: choose it again.") from None
    problem = _missing(step, by_rule=by_rule)
    if problem:
        raise UnableToReadSteps(problem)
    return step


def _missing(step: Step, *, by_rule: bool) -> str:
    if step.act in NEEDS_TARGET and step.target is None:
        return "Say to whom or what: a step names no member, team or label."
    if step.act in NEEDS_TEXT and not step.text:
        return "Write the text of the note or reply: a step has none."
    if len(step.text) > LONGEST_TEXT:
        return "A text of a step has more than 2000 characters: shorten it."
    if step.act in NEEDS_HOURS and step.hours < 1:
        return "Say how many hours the conversation rests."
    if by_rule and step.act is Act.ASSIGN_ME:
        return "A rule runs by itself and has nobody to assign to: name a member."
    return ""
