"""The 24-hour service window of a conversation (Meta, Cloud API, 2026), as a clock shows it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from werkbote.store import models

LENGTH = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """`closes_at` is the first instant at which only templates may be sent; None was never open."""

    closes_at: datetime | None

    def is_open(self, *, at: datetime) -> bool:
        """Return whether free messages can be delivered at that time."""
        return self.closes_at is not None and at < self.closes_at

    def left(self, *, at: datetime) -> timedelta:
        """Return how long it stays open; zero when it is closed."""
        if self.closes_at is None:
            return timedelta(0)
        return max(self.closes_at - at, timedelta(0))


def of(conversation: models.Conversation) -> Window:
    """Return the window that the last message or call of the person opened."""
    opened = [
        moment
        for moment in (conversation.last_inbound_at, conversation.last_call_at)
        if moment is not None
    ]
    return Window(closes_at=max(opened) + LENGTH if opened else None)
