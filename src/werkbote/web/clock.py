"""The one place of the screens that asks what time it is."""

from datetime import date, datetime

from django.utils import timezone


def now() -> datetime:
    """Return the present moment, aware, in UTC."""
    return timezone.now()  # noqa: TID251 -- a page is an edge


def today() -> date:
    """Return the present day in Germany."""
    return timezone.localdate()
