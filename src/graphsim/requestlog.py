"""The log of message requests: what arrived, when, and what became of it."""

import itertools
import time
from collections import deque
from dataclasses import dataclass
from typing import Any

CAP = 200_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One message request; times are real (monotonic and wall) and simulated seconds."""

    n: int
    monotonic: float
    wall: float
    simulated: float
    phone_number_id: str
    recipient: str
    wamid: str
    callback: str | None
    kind: str
    outcome: str

    def public(self) -> dict[str, Any]:
        """The entry as the control API shows it."""
        return {
            "n": self.n,
            "monotonic": self.monotonic,
            "wall": self.wall,
            "simulated": self.simulated,
            "phone_number_id": self.phone_number_id,
            "recipient": self.recipient,
            "wamid": self.wamid or None,
            "biz_opaque_callback_data": self.callback,
            "kind": self.kind,
            "outcome": self.outcome,
        }


class RequestLog:
    """Append-only up to `cap` entries; then the oldest go, and `dropped` counts them."""

    __slots__ = ("_entries", "cap", "total")

    def __init__(self, *, cap: int = CAP) -> None:
        self.cap = cap
        self.total = 0
        self._entries: deque[Entry] = deque(maxlen=cap)

    @property
    def dropped(self) -> int:
        """How many entries fell out at the old end."""
        return self.total - len(self._entries)

    def append(  # noqa: PLR0913 -- the columns of the log, called on the hot path
        self,
        *,
        simulated: float,
        phone_number_id: str,
        recipient: str,
        wamid: str,
        callback: str | None,
        kind: str,
        outcome: str,
    ) -> None:
        """Note one request; numbers start at 1."""
        self.total += 1
        self._entries.append(
            Entry(
                n=self.total,
                monotonic=time.monotonic(),
                wall=time.time(),
                simulated=simulated,
                phone_number_id=phone_number_id,
                recipient=recipient,
                wamid=wamid,
                callback=callback,
                kind=kind,
                outcome=outcome,
            )
        )

    def after(self, n: int, *, limit: int) -> list[Entry]:
        """Up to `limit` entries numbered above `n`, oldest first."""
        start = max(0, n - self.dropped)
        stop = min(len(self._entries), start + limit)
        return list(itertools.islice(self._entries, start, stop)) if start < stop else []

    def clear(self) -> None:
        """Forget every entry and count from 1 again."""
        self._entries.clear()
        self.total = 0
