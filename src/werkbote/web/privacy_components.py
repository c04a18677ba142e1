"""How persons' rights are shown: the steps of making sure who asks, in words."""

from django import template

from werkbote.domain import privacy
from werkbote.web import identity_labels, labels, privacy_labels

register = template.Library()


@register.filter
def identity_sign(code: str) -> str:
    """Show what was done to make sure who asks."""
    return labels.of(identity_labels.SIGNS, code)


@register.filter
def message_state(code: str) -> str:
    """Show in words how far a message has come."""
    return str(labels.TICKS[code].words) if code in labels.TICKS else ""


@register.filter
def why_not_left(code: str) -> str:
    """Show why an e-mail to the team waits; empty where it needs nobody."""
    return str(identity_labels.NOT_LEFT.get(code, ""))


@register.filter
def heard(code: str) -> str:
    """Show on which way a request came."""
    return labels.of(privacy_labels.CHANNELS, code)


@register.filter
def wrong(code: str) -> str:
    """Show what was put right."""
    return labels.of(privacy_labels.WRONGS, code)


@register.filter
def recipient(code: str) -> str:
    """Show who got data from us."""
    return labels.of(privacy_labels.RECIPIENTS, code)


@register.filter
def told(code: str) -> str:
    """Show whether a recipient was told."""
    return labels.of(privacy_labels.TOLD, code)


@register.filter
def lift_reason(code: str) -> str:
    """Show why a restriction ends."""
    return labels.of(privacy_labels.LIFTS, code)


@register.filter
def hold_scope(code: str) -> str:
    """Show what a condition of a hold is about."""
    return labels.of(privacy_labels.HOLD_SCOPES, code)


@register.filter
def length_of(period: privacy.Period) -> str:
    """Show how long something is kept."""
    return privacy_labels.period(period)
