"""Taking evidence out of the house leaves an entry in the audit chain, before the first byte leaves."""

from collections.abc import Mapping
from datetime import datetime

from werkbote.actions import audit
from werkbote.domain.events import Json
from werkbote.store import scope


def note_export(
    *, organisation: int, format_: str, wanted: Mapping[str, Json], by: int, at: datetime
) -> None:
    """Record who takes which decisions away, and as what; `wanted` holds ids, codes and days."""
    with scope.transaction(organisation=organisation):
        audit.record(
            organisation=organisation,
            by=by,
            verb="policy.export",
            object="decisions",
            detail={"format": format_, **wanted},
            at=at,
        )
