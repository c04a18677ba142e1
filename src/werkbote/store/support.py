"""Which support accounts are let in at a moment, and why."""

from datetime import datetime

from django.db.models import QuerySet

from werkbote.store import models, vault

_REASON = {"table": "support_window", "column": "reason_sealed"}


def open_at(at: datetime) -> QuerySet[models.SupportWindow]:
    """Return the windows that are open at a moment; inside a scope."""
    return models.SupportWindow.objects.filter(ended_at=None, opened_at__lte=at, until__gt=at)


def sealed(keys: vault.OrganisationKeys, reason: str, *, row: int) -> bytes:
    """Return why support is let in as the window's row keeps it."""
    return keys.main.seal_text(reason, row=row, **_REASON)


def reason(keys: vault.OrganisationKeys, row: models.SupportWindow) -> str:
    """Return why support was let in."""
    return keys.main.open_text(row.reason_sealed, row=row.id, **_REASON)
