"""How connections, recipients and papers of the controller are shown."""

from collections.abc import Mapping

from django import template

from werkbote.web import duties_labels, duties_paper, labels

register = template.Library()


@register.filter
def line_state(code: str) -> str:
    """Show whether a connection can be opened right now."""
    return labels.of(duties_labels.LINE_STATES, code)


@register.filter
def line_role(code: str) -> str:
    """Show what the other end of a connection is by law."""
    return labels.of(duties_labels.ROLES, code)


@register.filter
def transfer_basis(code: str) -> str:
    """Show on which ground data goes to a country."""
    return labels.of(duties_labels.BASES, code)


@register.filter
def transfer_check(code: str) -> str:
    """Show how the record of a transfer stands."""
    return labels.of(duties_labels.CHECKS, code)


@register.filter
def paper_source(code: str) -> str:
    """Show what a paper is made from."""
    return labels.of(duties_labels.SOURCES, code)


@register.filter
def paper_place(place: str) -> str:
    """Show where a statement of a paper stands."""
    return duties_labels.statement(place)


@register.filter
def statements(part: Mapping[str, object]) -> list[tuple[str, list[str]]]:
    """Return what one part of a paper says, each statement with its name."""
    return [
        (duties_labels.statement(name), duties_paper.listed(value))
        for name, value in part.items()
        if name != "title"
    ]


@register.filter
def officer_standing(code: str) -> str:
    """Show how a house stands with its data protection officer."""
    return labels.of(duties_labels.OFFICER, code)


@register.filter
def officer_ground(code: str) -> str:
    """Show why a data protection officer is needed."""
    return labels.of(duties_labels.GROUNDS, code)
