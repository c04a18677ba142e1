"""How consents are shown: evidence and open questions in words."""

from collections.abc import Iterable

from django import template

from werkbote.web import consent_labels, labels

register = template.Library()


@register.filter
def evidence(stored: str) -> str:
    """What evidence says about act and place, in the present language."""
    return consent_labels.evidence(stored)


@register.filter
def evidence_fields(numbers: Iterable[int]) -> str:
    """The fields of evidence that are missing, in words."""
    return ", ".join(str(consent_labels.FIELDS[number]) for number in numbers)


@register.filter
def task_kind(code: str) -> str:
    """Why the team is asked about somebody's words."""
    return labels.of(consent_labels.TASKS, code)


@register.filter
def rule_topic(topic: str) -> str:
    """What a version of the house's own is about."""
    return labels.of(consent_labels.RULE_TOPICS, topic)


@register.filter
def ending(reading: str) -> str:
    """What a word of withdrawal ends."""
    return labels.of(consent_labels.ENDING, reading)
