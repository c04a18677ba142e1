"""The house's own versions as screens show them: what is shipped, what holds, and every version."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from werkbote.domain import team
from werkbote.reads import access
from werkbote.store import keyring, models, reasons, rechtsstand, scope

_MOST = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A law file as shipped, and as it holds for this house."""

    shipped: Mapping[str, Any]
    present: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version: who laid it over the shipped file, when, why, and in what it differs."""

    id: int
    topic: str
    by: str
    at: datetime
    reason: str
    changes: tuple[tuple[str, str], ...]


def at(document: Mapping[str, Any], name: str) -> Any:
    """Return the value at a dotted name of a document."""
    place: Any = document
    for step in name.split("."):
        place = place[step]
    return place


def standing(*, viewer: access.Viewer, topic: str, day: date) -> Standing:
    """Return a topic as shipped and as it holds for the viewer's house."""
    access.check_right(viewer, team.Right.KEEP_CONSENTS)
    with scope.looking(organisation=viewer.organisation):
        return Standing(
            shipped=rechtsstand.shipped(topic, day=day),
            present=rechtsstand.document(topic, day=day),
        )


def versions(*, viewer: access.Viewer) -> tuple[Version, ...]:
    """Return the newest versions of all topics, the newest first."""
    access.check_right(viewer, team.Right.KEEP_CONSENTS)
    keys = keyring.organisation(viewer.organisation)
    with scope.looking(organisation=viewer.organisation):
        rows = models.HouseRule.objects.order_by("-created_at", "-id")[:_MOST]
        members = {
            row.id: keys.main.open_text(
                row.name_sealed, table="member", row=row.id, column="name_sealed"
            )
            for row in models.Member.objects.filter(id__in={row.made_by for row in rows})
        }
        return tuple(
            Version(
                id=row.id,
                topic=row.topic,
                by=members.get(row.made_by, ""),
                at=row.created_at,
                reason=reasons.words(keys, row),
                changes=tuple((name, str(value)) for name, value in sorted(row.changes.items())),
            )
            for row in rows
        )
