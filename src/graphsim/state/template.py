"""A message template and its review life."""

from dataclasses import dataclass, field
from typing import Any

STATUSES = (
    "PENDING",
    "APPROVED",
    "REJECTED",
    "PAUSED",
    "DISABLED",
    "IN_APPEAL",
    "PENDING_DELETION",
    "DELETED",
    "LIMIT_EXCEEDED",
    "ARCHIVED",
    "LOCKED",
)
# The event of message_template_status_update and the status it leaves behind (None: unchanged).
EVENTS: dict[str, str | None] = {
    "APPROVED": "APPROVED",
    "REJECTED": "REJECTED",
    "PENDING": "PENDING",
    "PAUSED": "PAUSED",
    "FLAGGED": None,
    "DISABLED": "DISABLED",
    "REINSTATED": "APPROVED",
    "UNPAUSED": "APPROVED",
    "IN_APPEAL": "IN_APPEAL",
    "LOCKED": "LOCKED",
    "ARCHIVED": "ARCHIVED",
    "UNARCHIVED": "APPROVED",
    "LIMIT_EXCEEDED": "LIMIT_EXCEEDED",
    "PENDING_DELETION": "PENDING_DELETION",
    "DELETED": "DELETED",
}
REASONS = (
    "NONE",
    "ABUSIVE_CONTENT",
    "INCORRECT_CATEGORY",
    "INVALID_FORMAT",
    "PROMOTIONAL",
    "SCAM",
    "TAG_CONTENT_MISMATCH",
)
CATEGORIES = ("MARKETING", "UTILITY", "AUTHENTICATION")


@dataclass(slots=True, kw_only=True)
class Template:
    """One template in one language."""

    id: str
    waba_id: str
    name: str
    language: str
    category: str
    components: list[dict[str, Any]]
    parameter_format: str = "POSITIONAL"
    status: str = "PENDING"
    quality: str = "UNKNOWN"
    reason: str = "NONE"
    created_at: float = 0.0
    pauses: int = 0
    paced: bool = False
    edits: list[float] = field(default_factory=list)
    held: list[Any] = field(default_factory=list)

    def component(self, kind: str) -> dict[str, Any] | None:
        """The component of that type, when there is one."""
        return next((c for c in self.components if str(c.get("type", "")).upper() == kind), None)
