"""How often something was tried: counted in the session table, which every process shares and which expires.

Keys are keyed hashes; a row holds a count, a time and a mark, nothing about a person.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import orjson
from django.contrib.sessions.models import Session
from django.db import connection, transaction

_KEEP = timedelta(days=60)
_KEY_LENGTH = 39


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How many tries are free, and the longest wait; in between the wait doubles from a second."""

    free: int
    longest: timedelta

    def wait(self, tries: int) -> timedelta:
        """Return how long to wait after that many failed tries."""
        if tries < self.free:
            return timedelta(0)
        doublings = min(tries - self.free, 30)
        return min(timedelta(seconds=2**doublings), self.longest)


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """What is known about one key: failed tries, until when to wait, whether it ever succeeded."""

    tries: int = 0
    until: datetime | None = None
    trusted: bool = False


def look(key: bytes) -> Count:
    """Return what is known about a key."""
    row = Session.objects.filter(session_key=_name(key)).values_list("session_data", flat=True)
    return _parsed(row.first())


def claim(key: bytes, *, patience: Patience, at: datetime) -> datetime | None:
    """Count one try in advance; return until when to wait instead, if it comes too early."""
    with transaction.atomic():
        count = _locked(key, at=at)
        if count.until is not None and count.until > at:
            return count.until
        tries = count.tries + 1
        _write(
            key,
            Count(tries=tries, until=at + patience.wait(tries), trusted=count.trusted),
            at=at,
        )
    return None


def forgive(key: bytes, *, trusted: bool, at: datetime) -> None:
    """Forget the failed tries of a key after a success."""
    with transaction.atomic():
        _locked(key, at=at)
        _write(key, Count(trusted=trusted), at=at)


def _name(key: bytes) -> str:
    return "t" + key.hex()[:_KEY_LENGTH]


def _locked(key: bytes, *, at: datetime) -> Count:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_session (session_key, session_data, expire_date)"
            " VALUES (%s, '', %s) ON CONFLICT (session_key) DO NOTHING",
            [_name(key), at + _KEEP],
        )
    row = Session.objects.select_for_update().get(session_key=_name(key))
    return _parsed(row.session_data) if row.expire_date > at else Count()


def _parsed(data: str | None) -> Count:
    if not data:
        return Count()
    raw = orjson.loads(data)
    return Count(
        tries=raw["tries"],
        until=datetime.fromisoformat(raw["until"]) if raw["until"] else None,
        trusted=raw["trusted"],
    )


def _write(key: bytes, count: Count, *, at: datetime) -> None:
    data = orjson.dumps({"tries": count.tries, "until": count.until, "trusted": count.trusted})
    Session.objects.filter(session_key=_name(key)).update(
        session_data=data.decode(), expire_date=at + _KEEP
    )
