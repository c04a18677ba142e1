"""Papers that can become outdated: what they would say today, every version, and what changed since."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from werkbote.domain import duties, team
from werkbote.reads import access
from werkbote.store import duties_records as store
from werkbote.store import keyring, models, scope, vault

_SHOWN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version of a paper as it was made; `differences` are those to the version before it."""

    id: int
    position: int
    made_at: datetime
    by: str
    digest: str
    said: Mapping[str, Any]
    sources: Sequence[str]
    differences: Sequence[duties.papers.Difference]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a paper stands: what it would say today, and what changed since the newest version.

    `outdated` names the sources that are not what they were; nothing is outdated that was never made.
    """

    said: Mapping[str, Any]
    outdated: Sequence[str]
    differences: Sequence[duties.papers.Difference]
    versions: Sequence[Version]


def records(*, viewer: access.Viewer, day: date) -> Standing:
    """Return how the records of processing stand, newest version first; the same for every branch."""
    access.check_right(viewer, team.Right.READ_SETTINGS)
    with scope.looking(organisation=viewer.organisation):
        sources, said = store.today(organisation=viewer.organisation, day=day)
        found = models.Paper.objects.filter(kind=duties.papers.Kind.RECORDS)
        rows = list(found.order_by("-position")[:_SHOWN])[::-1]
        versions, bodies = _versions(viewer, rows)
    now = said[viewer.language]
    if not bodies:
        return Standing(said=now, outdated=(), differences=(), versions=())
    last = bodies[-1]
    return Standing(
        said=now,
        outdated=duties.papers.changed(last["sources"], sources),
        differences=duties.papers.differences(last["said"][viewer.language], now),
        versions=versions[::-1],
    )


def version(*, viewer: access.Viewer, position: int) -> Version:
    """Return one version of the records; raise access.UnableToSee where there is none."""
    access.check_right(viewer, team.Right.READ_SETTINGS)
    with scope.looking(organisation=viewer.organisation):
        found = models.Paper.objects.filter(kind=duties.papers.Kind.RECORDS)
        row = found.filter(position=position).first()
        if row is None:
            raise access.UnableToSee("There is no such paper.")
        before = found.filter(position=position - 1)
        versions, _ = _versions(viewer, [*before, row])
    return versions[-1]


def _versions(
    viewer: access.Viewer, rows: Sequence[models.Paper]
) -> tuple[list[Version], list[dict[str, Any]]]:
    keys = keyring.organisation(viewer.organisation)
    bodies = [store.body(keys, row) for row in rows]
    names = _names(keys, rows)
    found = []
    for place, (row, body) in enumerate(zip(rows, bodies, strict=True)):
        said = body["said"][viewer.language]
        before = bodies[place - 1]["said"][viewer.language] if place else None
        found.append(
            Version(
                id=row.id,
                position=row.position,
                made_at=row.made_at,
                by=names.get(row.made_by or 0, ""),
                digest=row.digest,
                said=said,
                sources=sorted(body["sources"]),
                differences=duties.papers.differences(before, said) if before is not None else (),
            )
        )
    return found, bodies


def _names(keys: vault.OrganisationKeys, rows: Sequence[models.Paper]) -> dict[int, str]:
    makers = [row.made_by for row in rows if row.made_by is not None]
    members = models.Member.objects.filter(id__in=makers)
    return {
        row.id: keys.main.open_text(
            row.name_sealed, table="member", row=row.id, column="name_sealed"
        )
        for row in members
    }
