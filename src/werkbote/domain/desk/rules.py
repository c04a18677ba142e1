"""Automation: when something happens, if all conditions hold, then steps are done. Asking alone, here."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from werkbote.domain import search
from werkbote.domain.desk import steps

MOST_CONDITIONS = 10
LONGEST_VALUE = 200


class Trigger(StrEnum):
    """When a rule is asked: the person wrote, wrote for the first time, or somebody closed it."""

    MESSAGE = "message"
    FIRST_MESSAGE = "first_message"
    CLOSED = "closed"


class Subject(StrEnum):
    """What a condition looks at."""

    WORDS = "words"
    KIND = "kind"
    NUMBER = "number"
    HOURS = "hours"
    LABEL = "label"
    UNASSIGNED = "unassigned"


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One condition; `negated` turns it round.

    `value` by subject: words with commas between; a kind; a number's or label's id; "open" or
    "closed"; nothing.
    """

    subject: Subject
    value: str = ""
    negated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """What happened, as conditions need it: facts of one conversation at one moment."""

    trigger: Trigger
    text: str = ""
    kind: str = ""
    number: int = 0
    open: bool = True
    labels: frozenset[int] = frozenset()
    assigned: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """When, if, then. `branch` None holds at every branch."""

    id: int
    trigger: Trigger
    conditions: tuple[Condition, ...]
    steps: tuple[steps.Step, ...]
    branch: int | None = None


def applies(rule: Rule, happening: Happening) -> bool:
    """Return whether a rule's steps are to be done: its trigger, and every condition."""
    first = rule.trigger is Trigger.MESSAGE and happening.trigger is Trigger.FIRST_MESSAGE
    if rule.trigger is not happening.trigger and not first:
        return False
    return all(_holds(one, happening) for one in rule.conditions)


def parse_conditions(raw: Iterable[Mapping[str, Any]]) -> tuple[Condition, ...]:
    """Return the conditions kept as JSON; raise steps.UnableToReadSteps where one says nothing."""
    found = []
    for one in raw:
        try:
            subject = Subject(one["subject"])
            value = str(one.get("value") or "").strip()
        except (KeyError, TypeError, ValueError):
            raise steps.UnableToReadSteps(
                "One condition is not readable: choose it again."
            ) from None
        if not value and subject is not Subject.UNASSIGNED:
            raise steps.UnableToReadSteps("One condition says nothing: fill it in or remove it.")
        if len(value) > LONGEST_VALUE:
            raise steps.UnableToReadSteps("A condition has more than 200 characters: shorten it.")
        found.append(Condition(subject=subject, value=value, negated=bool(one.get("negated"))))
    if len(found) > MOST_CONDITIONS:
        raise steps.UnableToReadSteps("Ten conditions are the most: make two rules of it.")
    return tuple(found)


def _holds(condition: Condition, happening: Happening) -> bool:
    looks = {
        Subject.WORDS: lambda: _speaks_of(happening.text, condition.value),
        Subject.KIND: lambda: happening.kind == condition.value,
        Subject.NUMBER: lambda: str(happening.number) == condition.value,
        Subject.HOURS: lambda: happening.open == (condition.value == "open"),
        Subject.LABEL: lambda: condition.value in {str(label) for label in happening.labels},
        Subject.UNASSIGNED: lambda: not happening.assigned,
    }
    return looks[condition.subject]() is not condition.negated


def _speaks_of(text: str, words: str) -> bool:
    """Return whether a text holds one of several words or phrases, stemmed as search does."""
    spoken = search.stems(text)
    return any(
        stems and set(stems) <= set(spoken)
        for stems in (search.stems(phrase) for phrase in words.split(","))
    )
