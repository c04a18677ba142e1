"""Canned replies as screens show them: all of them to arrange, and those that fit one conversation, filled."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from werkbote.domain import desk, team
from werkbote.reads import access
from werkbote.reads import cases as case_reads
from werkbote.reads.inbox import people
from werkbote.store import keyring, models, scope, vault


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A text kept ready; `gaps` are the places that could not be filled."""

    id: int
    name: str
    text: str
    branch: int | None
    team: int | None
    gaps: tuple[str, ...] = ()


def replies(*, viewer: access.Viewer) -> tuple[Reply, ...]:
    """Return every text kept ready, for those who arrange."""
    access.check_right(viewer, team.Right.MANAGE_TEAM)
    keys = keyring.organisation(viewer.organisation)
    with scope.looking(organisation=viewer.organisation):
        return tuple(_opened(keys, Q()))


def offered(*, viewer: access.Viewer, conversation: int, at: datetime) -> tuple[Reply, ...]:
    """Return the texts that fit a conversation, with what is known filled in.

    Those of the house, of its branch, and of a team that has the conversation or the viewer.
    """
    access.check_conversation(viewer, conversation)
    keys = keyring.organisation(viewer.organisation)
    with scope.looking(organisation=viewer.organisation):
        row = models.Conversation.objects.select_related("person", "number__branch").get(
            id=conversation
        )
        teams = models.TeamMembership.objects.filter(member_id=viewer.member)
        fits = Q(branch=None) | Q(branch=row.number.branch_id)
        fits &= Q(team=None) | Q(team=row.team_id) | Q(team__in=teams.values("team_id"))
        values = _values(viewer, keys, row, at=at)
        return tuple(
            Reply(
                id=one.id,
                name=one.name,
                text=desk.fill(one.text, values),
                branch=one.branch,
                team=one.team,
                gaps=desk.gaps(desk.fill(one.text, values)),
            )
            for one in _opened(keys, fits)
        )


def _opened(keys: vault.OrganisationKeys, fits: Q) -> Iterator[Reply]:
    rows = models.CannedReply.objects.filter(fits, ended_at=None).order_by("id")
    for row in rows:
        yield Reply(
            id=row.id,
            name=keys.main.open_text(
                row.name_sealed, table="canned_reply", row=row.id, column="name_sealed"
            ),
            text=keys.main.open_text(
                row.text_sealed, table="canned_reply", row=row.id, column="text_sealed"
            ),
            branch=row.branch_id,
            team=row.team_id,
        )


def _values(
    viewer: access.Viewer, keys: vault.OrganisationKeys, row: models.Conversation, *, at: datetime
) -> dict[desk.Place, str]:
    """Return what is known; of several vehicles none is guessed."""
    contact = people.contacts([row.person], people.Keyhole(keys))[row.person_id]
    branch = row.number.branch
    values = {
        desk.Place.GREETING: desk.greeting(contact.name),
        desk.Place.NAME: contact.name,
        desk.Place.FIRST_NAME: contact.name.partition(" ")[0],
        desk.Place.BRANCH: keys.main.open_text(
            branch.name_sealed, table="branch", row=branch.id, column="name_sealed"
        ),
        desk.Place.MEMBER: viewer.name,
    }
    known = [
        one
        for one in case_reads.vehicles_of(keys, row.person_id)
        if any(
            role.contact.person == row.person_id
            and (role.valid_to is None or role.valid_to >= at.date())
            for role in one.roles
        )
    ]
    if len(known) == 1:
        car = known[0].known
        values[desk.Place.PLATE] = car.plate
        values[desk.Place.VEHICLE] = " ".join(filter(None, (car.make, car.model)))
        values[desk.Place.INSPECTION] = f"{car.hu_due_on:%m/%Y}" if car.hu_due_on else ""
    return values
