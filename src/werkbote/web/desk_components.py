"""How the desk, cases and vehicles are shown: codes in words, days and moments to come."""

from datetime import UTC, date, datetime, timedelta

from django import template
from django.utils import formats, timezone
from django.utils.translation import gettext

from werkbote.reads import inbox
from werkbote.web import desk_labels, labels

register = template.Library()


@register.filter
def upto(count: int) -> str:
    """Show how many wait; beyond what is counted, that there are more."""
    return f"{inbox.MOST - 1}+" if count >= inbox.MOST else str(count)


@register.filter
def position(line: inbox.Conversation) -> str:
    """Return where a line stands in the list, as text that sorts like it: what is later is greater."""
    at = line.at.astimezone(UTC) if line.at else datetime.min.replace(tzinfo=UTC)
    return f"{at:%Y%m%d%H%M%S%f}-{line.id:020}"


_WEEK = timedelta(days=6)


@register.filter
def desk_word(code: str, table: str) -> str:
    """Show a code of the desk, of cases or of vehicles in words; `table` names which."""
    return labels.of(getattr(desk_labels, table), code)


@register.filter
def weekday(number: int) -> str:
    """Show a weekday by its number, 1 Monday to 7 Sunday."""
    return str(formats.date_format(date(2024, 1, number), "l"))


@register.filter
def ahead(at: datetime | None) -> str:
    """Show a moment to come: the time today, else weekday or date with the time."""
    if at is None:
        return ""
    local, today = timezone.localtime(at), timezone.localtime().date()
    if local.date() == today:
        return str(formats.date_format(local, "H:i"))
    if today < local.date() <= today + _WEEK:
        return str(formats.date_format(local, "D H:i"))
    return str(formats.date_format(local, gettext("m/d/y")))
