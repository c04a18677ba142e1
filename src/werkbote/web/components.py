"""The components: each declares its props as keyword arguments, so that a wrong one fails at once."""

import functools
from datetime import date, datetime, timedelta
from pathlib import Path

import phonenumbers
from django import template
from django.templatetags.static import static
from django.utils import formats, timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from werkbote.reads import inbox
from werkbote.web import (
    clock,
    consent_labels,
    deed_labels,
    desk_labels,
    formatting,
    labels,
    numbers_labels,
    privacy_labels,
    settings_labels,
    team_labels,
    watch_labels,
)

register = template.Library()

_SPRITE = "vendor/icons/icons.svg"
_NAMES = Path(__file__).parent / "static" / "vendor" / "icons" / "names.txt"
_WEEK = timedelta(days=6)


class UnknownIcon(LookupError):
    """A template asks for an icon that is not among the vendored ones."""


@functools.cache
def _icons() -> frozenset[str]:
    return frozenset(_NAMES.read_text().split())


@register.simple_tag
def icon(name: str, *, css: str = "") -> SafeString:
    """Return a decorative icon; what it says must stand beside it in words."""
    return _drawn(name, css)


@functools.cache
def _drawn(name: str, css: str) -> SafeString:
    """Draw an icon once: a page shows hundreds, of a few dozen kinds."""
    if name not in _icons():
        raise UnknownIcon(f"There is no icon {name}: add it to vendor/icons (see its README).")
    return format_html(
        '<svg class="icon {}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        css,
        _sprite(),
        name,
    )


@functools.cache
def _sprite() -> str:
    return static(_SPRITE)


@register.filter
def whatsapp(text: str) -> SafeString:
    """Show a message's text with WhatsApp's marks."""
    return formatting.html(text)


@register.filter
def one_line(text: str) -> str:
    """Show a message's text on one line."""
    return formatting.plain(text)


@register.filter
def phone(number: str) -> str:
    """Show a phone number in groups; as it is where it is none."""
    try:
        parsed = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        return number
    return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL))


@register.filter
def apart(words: str) -> SafeString:
    """Show words of others that stand together, each with its direction to itself."""
    return format_html_join(" · ", "<bdi>{}</bdi>", ((word,) for word in words.split(" · ")))


@register.filter
def size(value: int) -> str:
    """Show a file's size."""
    return labels.file_size(value)


@register.filter
def kind(code: str) -> str:
    """Show what kind of message this is."""
    return labels.of(labels.KINDS, code)


@register.filter
def kind_icon(code: str) -> str:
    """Name the icon of a kind of message."""
    return labels.KIND_ICONS.get(code, "message-circle")


@register.filter
def topic(code: str) -> str:
    """Show what a training was about."""
    return labels.of(team_labels.TOPICS, code)


@register.filter
def role(code: str) -> str:
    """Show a member's role."""
    return labels.of(labels.ROLES, code)


@register.filter
def scope(code: str) -> str:
    """Show what a token may do."""
    return labels.of(labels.SCOPES, code)


@register.filter
def purpose(code: str, at: datetime) -> str:
    """Show a purpose by the name it had on a day."""
    return labels.purpose(code, timezone.localtime(at).date())


@register.filter
def deed(verb: str) -> str:
    """Show what an entry of the audit says was done; its code where there are no words."""
    return labels.of(deed_labels.DEEDS, verb)


@register.filter
def setting(code: str) -> str:
    """Show the name of a setting."""
    return labels.of(settings_labels.SETTINGS, code)


@register.filter
def setting_value(code: str) -> str:
    """Show how a setting is."""
    return settings_labels.setting_value(code)


@register.filter
def setting_place(code: str) -> str:
    """Show what a setting is of that has no name of its own."""
    return labels.of(settings_labels.SETTING_PLACES, code.partition(":")[0])


@register.filter
def breach_kind(code: str) -> str:
    """Show what kind of breach this is."""
    return labels.of(labels.BREACHES, code)


@register.filter
def breach_state(code: str) -> str:
    """Show where a breach stands."""
    return labels.of(labels.BREACH_STATES, code)


@register.filter
def risk(code: str) -> str:
    """Show how a breach was assessed."""
    return labels.of(labels.RISKS, code)


@register.filter
def hours(left: timedelta) -> str:
    """Show a time left in hours and minutes."""
    minutes = int(left.total_seconds()) // 60
    return f"{minutes // 60}:{minutes % 60:02} h"


@register.filter
def media_problem(code: str) -> str:
    """Show why a file could not be fetched."""
    return labels.media_problem(code)


@register.filter
def rejection(code: str) -> str:
    """Show why a call of the webhook was rejected."""
    return labels.of(labels.REJECTIONS, code)


@register.filter
def price_category(code: str) -> str:
    """Show what kind of message was charged."""
    return labels.of(numbers_labels.PRICE_CATEGORIES, code)


@register.filter
def review_kind(code: str) -> str:
    """Show what a question about identities is about."""
    return labels.of(desk_labels.REVIEWS, code)


@register.filter
def consent_state(code: str) -> str:
    """Show where a consent stands."""
    return labels.of(consent_labels.CONSENT_STATES, code)


@register.filter
def import_outcome(code: str) -> str:
    """What became of a row of an import, in words."""
    return labels.of(consent_labels.OUTCOMES, code)


@register.filter
def said(words: str) -> str:
    """A deed's sentence in the present language."""
    return labels.sentence(words) if words else ""


@register.filter
def consent_deed(code: str) -> str:
    """Show what happened to a consent."""
    return labels.of(consent_labels.CONSENT_DEEDS, code)


@register.filter
def request_kind(code: str) -> str:
    """Show what a person asks for."""
    return labels.of(privacy_labels.REQUEST_KINDS, code)


@register.filter
def request_state(code: str) -> str:
    """Show where a request stands."""
    return labels.of(privacy_labels.REQUEST_STATES, code)


@register.filter
def rung(code: str) -> str:
    """Show how it was made sure who asks."""
    return labels.of(privacy_labels.RUNGS, code)


@register.filter
def erasure_state(code: str) -> str:
    """Show where an erasure stands."""
    return labels.of(privacy_labels.ERASURE_STATES, code)


@register.filter
def handout_way(code: str) -> str:
    """Show what a file about many persons is."""
    return labels.of(watch_labels.HANDOUT_WAYS, code)


@register.filter
def erasure_problem(code: str) -> str:
    """Show why an erasure is not complete."""
    return labels.of(privacy_labels.ERASURE_PROBLEMS, code)


@register.filter
def store(name: str) -> str:
    """Show what is kept in a store."""
    return labels.of(privacy_labels.STORES, name.partition(":")[0])


@register.filter
def evidence(reference: str) -> str:
    """Show a reference to a record: what it is, and its number."""
    what, _, number = reference.partition(":")
    return f"{labels.of(labels.EVIDENCE, what)} {number}".strip()


@register.filter
def when(at: datetime | None) -> str:
    """Show a moment in a list: the time today, a weekday this week, else the date."""
    if at is None:
        return ""
    local, today = timezone.localtime(at), timezone.localtime().date()
    if local.date() == today:
        return str(formats.date_format(local, "H:i"))
    if local.date() == today - timedelta(days=1):
        return gettext("Yesterday")
    if today - _WEEK <= local.date() < today:
        return str(formats.date_format(local, "l"))
    return str(formats.date_format(local, gettext("m/d/y")))


@register.filter
def day(value: date) -> str:
    """Show a day between messages."""
    today = timezone.localtime().date()
    if value == today:
        return gettext("Today")
    if value == today - timedelta(days=1):
        return gettext("Yesterday")
    return str(formats.date_format(value, gettext("l, F j, Y")))


@register.filter
def moment(at: datetime | None) -> str:
    """Show a moment in full."""
    if at is None:
        return "–"
    return str(formats.date_format(timezone.localtime(at), gettext("m/d/Y, H:i:s")))


@register.simple_tag
def avatar(*, contact: inbox.Contact) -> SafeString:
    """A round picture with initials."""
    inside = contact.initials or _drawn("user", "")
    return format_html(
        '<span class="avatar tone-{}" aria-hidden="true">{}</span>', contact.tone, inside
    )


@register.simple_tag
def ticks(*, state: str) -> SafeString:
    """How far a message has come: a sign, with its words for everyone who cannot see it."""
    tick = labels.TICKS[state]
    words = str(tick.words)
    return format_html(
        '<span class="ticks {}" title="{}">{}<span class="visually-hidden">{}</span></span>',
        tick.tone,
        words,
        _drawn(tick.icon, ""),
        words,
    )


_SOON = timedelta(hours=2)


@register.inclusion_tag("components/clock.html", name="clock")
def clock_tag(*, window: inbox.Window) -> dict[str, object]:
    """The 24-hour window as a clock; it counts down by itself."""
    left = window.left(at=clock.now())
    minutes = int(left.total_seconds()) // 60
    words = gettext("{h} h {m} min left")
    return {
        "window": window,
        "open": bool(left),
        "brief": _brief(left),
        "words": words,
        "left": words.replace("{h}", str(minutes // 60)).replace("{m}", str(minutes % 60)),
        "soon": left < _SOON,
    }


@register.simple_tag
def countdown(*, window: inbox.Window) -> str:
    """The same clock for a line of the list, where it is open; drawn fifty times, so without a template."""
    left = window.left(at=clock.now())
    if window.closes_at is None or not left:
        return ""
    return format_html(
        '<span class="clock{}" data-until="{}" data-short="1" title="{} {}">{}'
        '<span class="clock-left">{}</span></span>',
        " soon" if left < _SOON else "",
        window.closes_at.isoformat(),
        gettext("Free messages are possible until"),
        moment(window.closes_at),
        _drawn("clock-hour-4", ""),
        _brief(left),
    )


def _brief(left: timedelta) -> str:
    minutes = int(left.total_seconds()) // 60
    return f"{minutes // 60}:{minutes % 60:02d}"


@register.inclusion_tag("components/empty.html")
def nothing(*, icon: str, title: str, text: str = "") -> dict[str, object]:
    """A page that has nothing to show, and says why that is fine."""
    return {"icon": icon, "title": title, "text": text}


@register.inclusion_tag("components/field.html")
def field(*, field: object, icon: str = "") -> dict[str, object]:
    """One labelled field of a form, with its help and its errors."""
    return {"field": field, "icon": icon}
