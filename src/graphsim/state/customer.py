"""A customer with a phone: who they are, how their phone behaves, and their chats."""

from collections import deque
from dataclasses import dataclass, field
from typing import Any

WINDOW_SECONDS = 86_400.0
FREE_ENTRY_SECONDS = 72 * 3_600.0
KNOWN_SECONDS = 30 * 86_400.0
BUBBLES_KEPT = 200


@dataclass(slots=True, kw_only=True)
class Bubble:
    """One message of a chat as the phone shows it; `mine` is the customer's own."""

    wamid: str
    mine: bool
    kind: str
    body: dict[str, Any]
    at: float
    status: str = "sent"
    callback: str | None = None
    category: str = "service"
    pricing: dict[str, Any] | None = None
    reply_to: str | None = None
    reactions: dict[str, str] = field(default_factory=dict)
    edited: bool = False
    revoked: bool = False
    errors: list[dict[str, Any]] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Chat:
    """What one customer and one number wrote to each other, newest last."""

    number_id: str
    bubbles: deque[Bubble] = field(default_factory=deque)
    window_until: float = 0.0
    free_entry_until: float = 0.0
    last_inbound: float = 0.0
    last_contact: float = 0.0
    unread: int = 0
    stopped: bool = False
    blocked: bool = False
    typing_until: float = 0.0
    undelivered: deque[Bubble] = field(default_factory=lambda: deque(maxlen=BUBBLES_KEPT))


@dataclass(slots=True, kw_only=True)
class Customer:
    """One person; phone and business-scoped user id may each be missing."""

    key: str
    name: str
    phone: str | None
    bsuid: str | None
    parent_bsuid: str | None = None
    username: str | None = None
    on_whatsapp: bool = True
    offline: bool = False
    auto_read: bool = False
    deliver_seconds: float = 0.15
    chats: dict[str, Chat] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """Phone digits, or else the business-scoped user id."""
        return self.phone or self.bsuid or self.key

    def chat(self, number_id: str) -> Chat:
        """The chat with a number, begun when there is none."""
        found = self.chats.get(number_id)
        if found is None:
            found = self.chats[number_id] = Chat(number_id=number_id)
        return found

    def shows_phone(self, number_id: str, *, now: float, in_book: bool) -> bool:
        """Whether webhooks of that number carry the phone (Meta's rule for username adopters)."""
        if self.phone is None:
            return False
        if self.username is None or in_book:
            return True
        chat = self.chats.get(number_id)
        return (
            chat is not None and chat.last_contact > 0 and now - chat.last_contact < KNOWN_SECONDS
        )
