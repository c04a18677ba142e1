"""What stands in place of a foreign captcha: a small computation, or a second look after a moment."""

from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256

BITS = 16
"""Leading zero bits that the browser must find: about 65,000 tries, a fraction of a second."""

LOOK_AGAIN = timedelta(seconds=10)
"""How long somebody without scripts waits on the second page before it can be sent."""

MAX_WORK = 12
MAX_NAME, MAX_WORDS = 80, 2000


class Kind(StrEnum):
    """What somebody asks for."""

    CONTACT = "contact"
    DEMO = "demo"
    CALLBACK = "callback"


class Proof(StrEnum):
    """What stood in place of a captcha."""

    WORK = "work"
    WAIT = "wait"


def is_worked(challenge: str, work: str) -> bool:
    """Return whether a number makes the SHA-256 of "challenge:number" begin with enough zero bits."""
    if not (work.isascii() and work.isdecimal() and len(work) <= MAX_WORK):
        return False
    found = sha256(f"{challenge}:{work}".encode()).digest()
    return int.from_bytes(found) >> (len(found) * 8 - BITS) == 0


def has_waited(*, shown_at: datetime, now: datetime) -> bool:
    """Return whether the second page was looked at long enough."""
    return now >= shown_at + LOOK_AGAIN
