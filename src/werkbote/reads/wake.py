"""A bell on a NOTIFY channel: waiting for something to do without asking for it all the time."""

from dataclasses import dataclass, field
from typing import Any

import psycopg

from werkbote.store import intake


@dataclass(slots=True)
class Bell:
    """Listens on one channel with a connection of its own; opened at the first wait."""

    channel: str
    _connection: "psycopg.Connection[Any] | None" = field(default=None)

    def wait(self, seconds: float) -> bool:
        """Return True as soon as somebody rings, False after `seconds`."""
        if self._connection is None:
            self._connection = psycopg.connect(autocommit=True, **intake.application_conninfo())
            self._connection.execute(f"LISTEN {self.channel}")
            return True
        return any(True for _ in self._connection.notifies(timeout=seconds, stop_after=1))

    def close(self) -> None:
        """Stop listening; the next wait opens a new connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
