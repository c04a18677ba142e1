"""What the doctor says about time and silence: a clock that differs from Meta's, a number nobody writes to.

Lost messages are an unavailability like any other (Art. 32(1)(b) DSGVO): Meta repeats a body for days,
and says nothing when a subscription has ended.
"""

import http.client
import urllib.parse
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple

from werkbote.config import safety

LONG = timedelta(hours=12)
"""Silence that is noticed where somebody wrote by this time on the same weekday of each of three weeks."""
WEEKS = 3
_SKEW = timedelta(seconds=30)
_SECONDS = 8
_QUERY = """
SELECT n.id, max(m.received_at), count(DISTINCT m.received_at::date) FILTER (
    WHERE %(now)s - m.received_at > interval '1 day'
      AND extract(isodow FROM m.received_at) = extract(isodow FROM %(now)s)
      AND m.received_at::time <= %(now)s::time)
FROM number n LEFT JOIN message m
    ON m.number_id = n.id AND NOT m.outgoing AND NOT m.historic
    AND m.received_at > %(now)s - interval '22 days' AND m.received_at <= %(now)s
WHERE n.channel = 'whatsapp' GROUP BY n.id ORDER BY n.id
"""


class Number(NamedTuple):
    """A number: when somebody last wrote, and on how many of the last weeks by this time of this weekday."""

    id: int
    last: datetime | None
    weeks: int


def numbers(cursor: Any, *, now: datetime) -> list[Number]:
    """Return what is known of each number; the cursor speaks for one organisation."""
    cursor.execute("SET LOCAL timezone = 'Europe/Berlin'")
    cursor.execute(_QUERY, {"now": now})
    return [Number(*row) for row in cursor.fetchall()]


def silence(number: Number, *, now: datetime) -> safety.Look:
    """Return whether a number is unusually silent."""
    check = f"silence of number {number.id}"
    if number.weeks < WEEKS or (number.last is not None and now - number.last <= LONG):
        return safety.Look(check, "ok", "Messages come as usual, or too few to tell.")
    hours = round((now - number.last).total_seconds() / 3600) if number.last else 0
    return safety.Look(
        check,
        "warn",
        f"Nobody has written for {hours} hours; by now on this weekday somebody always had.",
        "Look at Meta's status page, at the number's subscription (set-up, step “Webhook”) and at the proxy.",
    )


def clock(url: str) -> safety.Look | None:
    """Return how this host's clock differs from that of Meta's interface; None where it tells no time."""
    told = _date(url)
    if told is None:
        return None
    skew = abs(datetime.now(UTC) - told)
    if skew <= _SKEW:
        return safety.Look("time", "ok", "This host and Meta's interface agree on the time.")
    return safety.Look(
        "time",
        "fail",
        f"The clocks of this host and of Meta's interface differ by {skew.total_seconds():.0f} seconds.",
        "Let this host follow a time server (timedatectl set-ntp true).",
    )


def _date(url: str) -> datetime | None:
    parts = urllib.parse.urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    line = kind(parts.hostname or "", parts.port, timeout=_SECONDS)
    try:
        line.request("GET", "/")
        said = line.getresponse().getheader("Date")
        return parsedate_to_datetime(said) if said else None
    except (OSError, http.client.HTTPException, ValueError):
        return None
    finally:
        line.close()


def look(connection: Any, urls: set[str]) -> Iterator[safety.Look]:
    """Yield what there is to say of every organisation's numbers, and of the clock."""
    now = datetime.now(UTC)
    for (organisation,) in connection.execute("SELECT * FROM werkbote_organisations()").fetchall():
        with connection.transaction(), connection.cursor() as cursor:
            setting = "SELECT set_config('werkbote.organisation', %s, true)"
            cursor.execute(setting, [str(organisation)])
            found = numbers(cursor, now=now)
        yield from (silence(one, now=now) for one in found)
    yield from filter(None, (clock(url) for url in sorted(urls)))
