"""Names of those and of what conversations are sorted by, opened for a screen."""

from dataclasses import dataclass

from django.db.models import Q

from werkbote.domain import team as roles
from werkbote.reads import access
from werkbote.store import keyring, models, scope, vault


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """Somebody or something with a name."""

    id: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A label with its colour."""

    id: int
    name: str
    colour: str


def labels(keys: vault.OrganisationKeys) -> tuple[Label, ...]:
    """Return the labels that are offered. Inside `looking`."""
    return tuple(
        label_of(keys, row) for row in models.Label.objects.filter(ended_at=None).order_by("id")
    )


def label_of(keys: vault.OrganisationKeys, row: models.Label) -> Label:
    """Return a label's row, opened."""
    name = keys.main.open_text(row.name_sealed, table="label", row=row.id, column="name_sealed")
    return Label(id=row.id, name=name, colour=row.colour)


def member(keys: vault.OrganisationKeys, row: models.Member | None) -> str:
    """Return a member's name, empty for nobody."""
    if row is None:
        return ""
    return keys.main.open_text(row.name_sealed, table="member", row=row.id, column="name_sealed")


def team(keys: vault.OrganisationKeys, row: models.Team | None) -> str:
    """Return a team's name, empty for none."""
    if row is None:
        return ""
    return keys.main.open_text(row.name_sealed, table="team", row=row.id, column="name_sealed")


def members_at(keys: vault.OrganisationKeys, branch: int) -> tuple[Named, ...]:
    """Return the members who see a branch's chats, by name. Inside `looking`."""
    may = [role for role in roles.Role if roles.can(role=role, right=roles.Right.READ_CHATS)]
    here = Q(memberships__branch_id=branch) | Q(role=roles.Role.OWNER)
    rows = models.Member.objects.filter(here, is_active=True, role__in=may).distinct()
    named = [Named(id=row.id, name=member(keys, row)) for row in rows]
    return tuple(sorted(named, key=lambda one: one.name.casefold()))


def teams_at(keys: vault.OrganisationKeys, branch: int) -> tuple[Named, ...]:
    """Return the teams of a branch. Inside `looking`."""
    rows = models.Team.objects.filter(branch_id=branch, ended_at=None).order_by("id")
    return tuple(Named(id=row.id, name=team(keys, row)) for row in rows)


def branches(*, viewer: access.Viewer) -> tuple[Named, ...]:
    """Return the viewer's branches by name; nothing where there is only one to choose."""
    if len(viewer.branches) < 2:  # noqa: PLR2004 -- one is no choice
        return ()
    keys = keyring.organisation(viewer.organisation)
    with scope.looking(organisation=viewer.organisation):
        rows = list(models.Branch.objects.filter(id__in=viewer.branches).order_by("id"))
    return tuple(
        Named(
            id=row.id,
            name=keys.main.open_text(
                row.name_sealed, table="branch", row=row.id, column="name_sealed"
            ),
        )
        for row in rows
    )
