"""The ways in as screens show them: what is written, for what, since when, and at which branch."""

from dataclasses import dataclass
from datetime import datetime

from werkbote.domain import team
from werkbote.reads import access
from werkbote.store import keyring, models, scope

_MOST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way in. `said` is what has to be written; `ended_at` tells that it means nothing any more."""

    id: int
    branch: int
    branch_name: str
    code: str
    said: str
    title: str
    purposes: tuple[str, ...]
    created_at: datetime
    ended_at: datetime | None


def branches(*, viewer: access.Viewer) -> tuple[tuple[int, str], ...]:
    """Return id and name of each branch of the viewer's."""
    keys = keyring.organisation(viewer.organisation)
    with scope.looking(organisation=viewer.organisation):
        rows = models.Branch.objects.filter(id__in=viewer.branches).order_by("created_at", "id")
        return tuple(
            (
                row.id,
                keys.main.open_text(
                    row.name_sealed, table="branch", row=row.id, column="name_sealed"
                ),
            )
            for row in rows
        )


def ways(*, viewer: access.Viewer) -> tuple[Way, ...]:
    """Return the ways in of the viewer's branches, the running ones first, newest first."""
    access.check_right(viewer, team.Right.OFFER)
    names = dict(branches(viewer=viewer))
    with scope.looking(organisation=viewer.organisation):
        rows = models.ConsentWay.objects.filter(branch__in=viewer.branches).order_by("-created_at")
        found = [
            Way(
                id=row.id,
                branch=row.branch_id,
                branch_name=names[row.branch_id],
                code=row.code,
                said=f"{row.keyword} {row.code}".upper(),
                title=row.title,
                purposes=tuple(row.purposes),
                created_at=row.created_at,
                ended_at=row.ended_at,
            )
            for row in rows[:_MOST]
        ]
    return tuple(sorted(found, key=lambda way: way.ended_at is not None))


def check_way(*, viewer: access.Viewer, way: int) -> None:
    """Raise access.UnableToSee unless the way is at a branch of the viewer's, and theirs to offer."""
    access.check_right(viewer, team.Right.OFFER)
    with scope.looking(organisation=viewer.organisation):
        seen = models.ConsentWay.objects.filter(id=way, branch__in=viewer.branches).exists()
    if not seen:
        raise access.UnableToSee("There is no such way in.")
