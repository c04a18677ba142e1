"""How numbers and templates are shown: codes in words, and a template as the bubble people will see."""

from django import template
from django.utils.translation import gettext

from werkbote.domain import numbers
from werkbote.web import clock, labels, numbers_labels

register = template.Library()

_TONES = {
    "APPROVED": "teal",
    "REJECTED": "red",
    "DISABLED": "red",
    "PAUSED": "yellow",
    "GREEN": "teal",
    "YELLOW": "yellow",
    "RED": "red",
}


@register.filter
def number_word(code: str, table: str) -> str:
    """Show a code of numbers or templates in words; `table` names which."""
    return labels.of(getattr(numbers_labels, table), code)


@register.filter
def tone(code: str) -> str:
    """Name the colour of a status or a quality."""
    return _TONES.get(code, "plain")


@register.filter
def german_class(code: str) -> str:
    """Show a template's purpose: its code with the name it has today."""
    if code == numbers.ASKS:
        return labels.template_asks()
    if not code:
        return gettext("no class yet: never sent")
    return f"{code} · {labels.purpose(code, clock.today())}"


@register.inclusion_tag("components/template_bubble.html")
def template_bubble(*, draft: numbers.Draft) -> dict[str, object]:
    """A template filled with its examples, as it will stand in the chat."""
    return {"draft": draft, "text": numbers.fill(draft.body, draft.examples)}
