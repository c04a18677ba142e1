"""The simulator's clock: real time, moved forward on request and run faster at will."""

import time


class Clock:
    """Simulated wall time in seconds since 1970; it never runs backwards."""

    __slots__ = ("_base", "_origin", "rate")

    def __init__(self, *, rate: float = 1.0) -> None:
        self.rate = rate
        self._base = time.time()
        self._origin = time.monotonic()

    def now(self) -> float:
        """Simulated seconds since 1970."""
        return self._base + (time.monotonic() - self._origin) * self.rate

    def set_back(self, seconds: float) -> None:
        """Begin so many seconds ago, before anything has happened."""
        self._base -= seconds

    def advance(self, seconds: float) -> float:
        """Move forward by `seconds` and return the new time."""
        self._base += seconds
        return self.now()
