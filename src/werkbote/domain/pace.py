"""The pace of a number: never more than its limit in any window of one second, whoever sends.

A message arrives at the provider at some unknown moment between the start of its call and the call's
end. Who starts one only while fewer than `limit` others are under way, or ended less than a second
ago, keeps the limit at the provider whatever the delays: among those that arrive within one second
take the one started last; none of the others had ended a second before that start.
"""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field

WINDOW = 1.0
"""Seconds in which the provider counts."""
LEASE = 3.0
"""Seconds a share may be used without being renewed."""
GRACE = 1.5
"""Seconds after the lease until others may use the share: the window, and a call under way."""

_CATCH_UP = 0.05
_LOOK_AGAIN = 0.005


@dataclass(slots=True, kw_only=True)
class Window:
    """What one sender may start: `limit` within a second, evenly spaced. Times are seconds of one clock."""

    limit: int = 0
    _under_way: int = 0
    _ended: deque[float] = field(default_factory=deque)
    _due: float = 0.0

    def busy(self, now: float) -> int:
        """Return how many may still count at the provider: under way, or ended within the window."""
        while self._ended and self._ended[0] <= now - WINDOW:
            self._ended.popleft()
        return self._under_way + len(self._ended)

    def pause(self, now: float) -> float:
        """Return how long to wait before asking again; 0.0 when one may start now."""
        if self.busy(now) >= self.limit:
            return _LOOK_AGAIN
        return max(0.0, self._due - now)

    def start(self, now: float) -> None:
        """Note that a call starts; a sender that was late catches up a little, and no more."""
        self._under_way += 1
        self._due = max(self._due, now - _CATCH_UP) + WINDOW / self.limit

    def end(self, now: float) -> None:
        """Note that a call has ended, whatever came of it."""
        self._under_way -= 1
        self._ended.append(now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """What a sender has said it may use of a number's limit, until when (seconds since 1970)."""

    share: int
    until: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Division:
    """A sender's share, and what all hold now; not `settled` while shares move between senders."""

    share: int
    settled: bool
    holds: Mapping[str, Hold]


def divide(
    *, limit: int, holds: Mapping[str, Hold], sender: str, busy: int, now: float
) -> Division:
    """Give `sender` its fair part of what nobody else holds.

    What it still has in the window (`busy`) stays its own until it is over, so that all shares
    together never exceed the limit while they move.
    """
    others = {
        name: hold for name, hold in holds.items() if name != sender and hold.until + GRACE > now
    }
    everybody = len(others) + 1
    left = limit - sum(hold.share for hold in others.values())
    share = max(0, min(-(-limit // everybody), left))
    mine = Hold(share=max(share, busy), until=now + LEASE)
    settled = busy <= share and share >= limit // everybody
    return Division(share=share, settled=settled, holds={**others, sender: mine})


def leave(*, holds: Mapping[str, Hold], sender: str, busy: int, now: float) -> Mapping[str, Hold]:
    """Return what is held once `sender` starts nothing more: what it has in the window, for a moment."""
    others = {name: hold for name, hold in holds.items() if name != sender}
    return {**others, sender: Hold(share=busy, until=now)} if busy else others
