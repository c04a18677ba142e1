"""The life of a template at Meta: when it may be changed or deleted, and when its name is free again."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from types import MappingProxyType

from werkbote.domain.numbers.templates import LIMITS, Draft, components

_DAY = timedelta(days=1)
_MONTH = timedelta(days=30)
_EDITABLE = frozenset({"APPROVED", "REJECTED", "PAUSED", "DRAFT"})
_GONE = "DELETED"


_AFTER = MappingProxyType(
    {
        "REINSTATED": "APPROVED",
        "UNPAUSED": "APPROVED",
        "UNARCHIVED": "APPROVED",
        "PENDING_DELETION": "DELETED",
    }
)
"""Events of Meta's that are named otherwise than the status they leave behind."""


class UnableToChange(Exception):
    """Meta does not allow this change now; the sentence says until when, or what helps."""


def check_editable(*, status: str, edits: Sequence[datetime], at: datetime) -> None:
    """Raise UnableToChange unless the template may be changed: once a day, ten times in 30 days."""
    if status not in _EDITABLE:
        raise UnableToChange(
            "Meta lets only approved, rejected and paused templates be changed: wait for the review."
        )
    if status != "APPROVED":
        return
    if any(at - edit < _DAY for edit in edits):
        raise UnableToChange("An approved template can be changed once a day: try again tomorrow.")
    if sum(at - edit < _MONTH for edit in edits) >= LIMITS["edits_a_month"]:
        raise UnableToChange(
            "An approved template can be changed ten times in 30 days: make a new one instead."
        )


def check_deletable(*, status: str) -> None:
    """Raise UnableToChange where there is nothing to delete any more."""
    if status in {_GONE, "PENDING_DELETION"}:
        raise UnableToChange("This template is deleted already.")


def check_free(*, deleted_at: datetime | None, at: datetime) -> None:
    """Raise UnableToChange while the name of a deleted template is blocked at Meta."""
    if deleted_at is not None and at - deleted_at < timedelta(days=LIMITS["name_blocked_days"]):
        raise UnableToChange(
            "A template of this name was deleted: Meta keeps the name blocked for 30 days. Choose "
            "another name."
        )


def needs_new_review(before: Draft, after: Draft) -> bool:
    """Return whether a change concerns Meta at all; the class in German law is the house's own."""
    return components(before) != components(after) or before.category != after.category


def status_after(event: str, *, before: str) -> str:
    """Return the status a review event leaves behind; a warning (FLAGGED) changes none."""
    return before if event == "FLAGGED" else _AFTER.get(event, event)
