"""How Meta's loose JSON values become ours: text, ids, numbers, phones and times."""

import math
import re
from datetime import UTC, datetime, timedelta

from werkbote.domain import events
from werkbote.domain.events import Json

type Item = dict[str, Json]

_PHONE = re.compile(r"[1-9][0-9]{4,14}")
_PHONE_ORNAMENTS = str.maketrans("", "", "+ -()/.\u00a0")
_MILLISECONDS_FROM = 100_000_000_000  # the year 5138 in seconds, 1973 in milliseconds
_AHEAD = timedelta(days=1)


class NotUnderstood(ValueError):
    """Raised for one item that cannot become the event it claims to be; its text is the reason."""


def text(value: Json) -> str:
    """The value as text; numbers are written out, everything else is empty."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or not isinstance(value, int | float):
        return ""
    return str(value)


def ident(value: Json) -> str | None:
    """The value as a non-empty id, or None."""
    return text(value).strip() or None


def item(value: Json) -> Item:
    """The value if it is an object, otherwise an empty one."""
    return value if isinstance(value, dict) else {}


def integer(value: Json) -> int | None:
    """The value as a whole number, also when it came as text; None when it is none."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, float):
        return int(value) if math.isfinite(value) else None
    if isinstance(value, str) and len(value) <= 20:  # noqa: PLR2004 -- digits of a 64-bit number
        try:
            return int(value)
        except ValueError:
            return None
    return None


def digits(value: Json) -> str | None:
    """The digits of a phone number (5 to 15, no leading zero), or None when it is none."""
    written = text(value)
    if not written.isdigit():
        written = written.translate(_PHONE_ORNAMENTS)
    return written if _PHONE.fullmatch(written) else None


def moment(value: Json, *, received_at: datetime) -> tuple[datetime, bool]:
    """A Unix time in seconds or milliseconds as UTC, and whether it could be believed.

    What is no time, not positive, or more than a day ahead of `received_at` counts as
    `received_at`, because an event cannot be later than its own arrival.
    """
    seconds = integer(value)
    if seconds is None or seconds <= 0:
        return received_at, False
    if seconds >= _MILLISECONDS_FROM:
        seconds //= 1000
    try:
        at = datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return received_at, False
    if at - received_at > _AHEAD:
        return received_at, False
    return at, True


def failure(value: Json) -> events.Failure:
    """One of Meta's error objects; raises `NotUnderstood` when it names no code."""
    error = item(value)
    code = integer(error.get("code"))
    if code is None:
        raise NotUnderstood("The error names no code.")
    message = text(error.get("message"))
    title = text(error.get("title")) or message
    details = (
        text(item(error.get("error_data")).get("details"))
        or text(error.get("details"))
        or (message if message != title else "")
    )
    return events.Failure(code=code, title=title, details=details)
