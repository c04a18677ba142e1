"""How the desk, cases and vehicles are shown: codes in words, days and moments to come."""

from datetime import UTC, date, datetime, timedelta

from django import template
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from werkbote.reads import inbox
from werkbote.web import components, desk_labels, labels

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


_ROW = """<li id="c{}" data-at="{}"><a class="row-link{}" href="{}?{}"{}>
{}
<span class="row-body"><span class="row-top"><span class="row-name">{}</span>\
<time datetime="{}">{}</time></span>
<span class="row-bottom"><span class="row-last">{}</span>{}{}</span>
<span class="row-number">{}</span>{}</span>
</a></li>"""
_CURRENT = SafeString(' aria-current="true"')


@register.simple_tag
def row(*, line: inbox.Conversation, query: str = "", open: int | None = None) -> SafeString:  # noqa: A002 -- as the page calls it
    """Draw one line of the list. Thirty to a page, and at every change: without a template."""
    contact = line.contact
    return format_html(
        _ROW,
        line.id,
        position(line),
        " unread" if line.unread else "",
        reverse("conversation", args=[line.id]),
        query,
        _CURRENT if line.id == open else "",
        components.avatar(contact=contact),
        contact.name or contact.masked or gettext("Unknown person"),
        timezone.localtime(line.at).isoformat() if line.at else "",
        components.when(line.at),
        _last(line.last) if line.last else "",
        components.countdown(window=line.window),
        _unread(line.unread) if line.unread else "",
        _below(line),
        _marks(line.work),
    )


def _last(last: inbox.Last) -> SafeString:
    """Draw the last words, and how far they came."""
    ticks = components.ticks(state=last.state) if last.outgoing else ""
    if last.revoked:
        return format_html("{}<em>{}</em>", ticks, gettext("Deleted message"))
    return format_html("{}{}{}", ticks, _kind(last), components.one_line(last.text))


def _kind(last: inbox.Last) -> str:
    if last.kind == "text":
        return ""
    words = "" if last.text else f" {components.kind(last.kind)}"
    sign = components.icon(components.kind_icon(last.kind))
    return format_html('<span class="row-kind">{}{}</span>', sign, words)


def _unread(count: int) -> SafeString:
    words = ngettext("%(n)s unread message", "%(n)s unread messages", count) % {"n": count}
    return format_html(
        '<span class="count"><span aria-hidden="true">{}</span>'
        '<span class="visually-hidden">{}</span></span>',
        count,
        words,
    )


def _below(line: inbox.Conversation) -> SafeString:
    """Draw the number written to, the person's own where the name stands above, and whose it is."""
    own = line.contact.masked if line.contact.name and line.contact.phone else ""
    words = [word for word in (own, line.work.owner) if word]
    rest = format_html_join("", " · <bdi>{}</bdi>", ((word,) for word in words))
    return format_html("<bdi>{}</bdi>{}", line.number, rest)


def _marks(work: inbox.Work) -> str:
    marks = []
    if work.level and work.level != "calm":
        words = desk_word(work.level, "LEVELS")
        marks.append(format_html('<span class="level level-{}">{}</span>', work.level, words))
    if work.snoozed_until:
        sign = components.icon("clock-hour-4")
        marks.append(
            format_html('<span class="badge">{} {}</span>', sign, ahead(work.snoozed_until))
        )
    if work.spam:
        marks.append(format_html('<span class="badge bg-red-lt">{}</span>', gettext("Spam")))
    badge = '<span class="badge label-{}">{}</span>'
    marks += [format_html(badge, label.colour, label.name) for label in work.labels]
    if not marks:
        return ""
    together = format_html_join("", "{}", ((mark,) for mark in marks))
    return format_html('<span class="row-marks">{}</span>', together)


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
