"""How much a number may send: per second, per person, and per day."""

from collections import deque

PAIR_SECONDS = 6.0
PAIR_BURST = 45
_DAY = 86_400.0
_MANY = 50_000


class Meter:
    """The rolling counters of one number; all times are simulated seconds."""

    __slots__ = ("_opened", "_pairs", "_recent")

    def __init__(self) -> None:
        self._recent: deque[float] = deque()
        self._pairs: dict[str, float] = {}
        self._opened: dict[str, float] = {}

    def takes_throughput(self, now: float, *, limit: int) -> bool:
        """Count one message, in or out; false when the second already holds `limit`."""
        recent = self._recent
        while recent and recent[0] <= now - 1.0:
            recent.popleft()
        if len(recent) >= limit:
            return False
        recent.append(now)
        return True

    def takes_pair(self, now: float, recipient: str) -> bool:
        """Count one message to a person: one in 6 s, of which 45 may be borrowed at once."""
        due = max(self._pairs.get(recipient, 0.0), now)
        if due - now > PAIR_SECONDS * (PAIR_BURST - 1):
            return False
        if len(self._pairs) > _MANY:
            self._pairs = {who: until for who, until in self._pairs.items() if until > now}
        self._pairs[recipient] = due + PAIR_SECONDS
        return True

    def takes_opening(self, now: float, recipient: str, *, limit: int | None) -> bool:
        """Count one person written to outside a window in the rolling day."""
        opened = self._opened
        while opened and (oldest := next(iter(opened))) and opened[oldest] <= now - _DAY:
            del opened[oldest]
        if recipient in opened or limit is None:
            return True
        if len(opened) >= limit:
            return False
        opened[recipient] = now
        return True

    def count_inbound(self, now: float) -> None:
        """A received message uses throughput too."""
        self._recent.append(now)
