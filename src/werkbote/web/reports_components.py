"""The components of the reports: times in words, and pictures that were drawn here."""

from datetime import timedelta

from django import template
from django.utils.safestring import SafeString, mark_safe

from werkbote.web import labels, reports_labels

register = template.Library()


@register.filter
def duration(time: timedelta | None) -> str:
    """Show a time as people say it."""
    return reports_labels.duration(time)


@register.filter
def report_ground(code: str) -> str:
    """Show what allows figures of single members."""
    return labels.of(reports_labels.GROUNDS, code)


@register.filter
def drawing(svg: str) -> SafeString:
    """Show a chart; it was drawn by our own library from numbers and escaped words."""
    return mark_safe(svg)  # noqa: S308 -- drawn here, texts escaped by the drawer (tests/papers)
