"""Cases and vehicles as screens show them: lists with filters, one case, the vehicles of a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q, QuerySet

from werkbote.domain import cases, team
from werkbote.reads import access
from werkbote.reads.inbox import naming, people
from werkbote.store import cases as rows
from werkbote.store import keyring, models, scope, vault


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """Who somebody is to a vehicle, since when and until when."""

    id: int
    role: str
    contact: people.Contact
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Vehicle:
    """A vehicle with what is known of it; `fits` is the check digit's hint, None without a FIN."""

    id: int
    known: cases.Vehicle
    roles: tuple[Role, ...]
    fits: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A case as lists and pages show it; `conversation` leads to one of its person at its branch."""

    id: int
    kind: str
    state: str
    contract: str
    title: str
    contact: people.Contact
    branch: int
    owner_id: int | None
    owner: str
    team_id: int | None
    team: str
    vehicle_id: int | None
    vehicle: str
    due_at: datetime | None
    closed_at: datetime | None
    opened_at: datetime
    changed_at: datetime
    conversation: int | None
    messages: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """Whom and what a case can be given: members and teams of its branch, vehicles of its person."""

    members: tuple[naming.Named, ...]
    teams: tuple[naming.Named, ...]
    vehicles: tuple[naming.Named, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which cases a list shows: `state` "open" (waiting too), "closed" or one of the states."""

    state: str = "open"
    kind: str = ""
    mine: bool = False


def case_list(
    *, viewer: access.Viewer, wanted: Wanted, before: int | None = None, limit: int = 50
) -> tuple[Case, ...]:
    """Return a page of the viewer's cases, the latest changed first; `before` is the last one shown."""
    access.check_right(viewer, team.Right.READ_CHATS)
    keys = keyring.organisation(viewer.organisation)
    with scope.looking(organisation=viewer.organisation):
        found = models.Case.objects.filter(access.visible_cases(viewer), _wanted(viewer, wanted))
        if before is not None:
            edge = models.Case.objects.filter(id=before).values("changed_at")[:1]
            found = found.filter(Q(changed_at__lt=edge) | Q(changed_at=edge, id__lt=before))
        return _opened(viewer, keys, list(_joined(found).order_by("-changed_at", "-id")[:limit]))


def case(*, viewer: access.Viewer, case: int) -> Case:
    """Return one case; raise access.UnableToSee where it is not the viewer's."""
    access.check_case(viewer, case)
    keys = keyring.organisation(viewer.organisation)
    with scope.looking(organisation=viewer.organisation):
        return _opened(viewer, keys, list(_joined(models.Case.objects.filter(id=case))))[0]


def choices(*, viewer: access.Viewer, case: int) -> Choices:
    """Return what a case can be given; raise access.UnableToSee where it is not the viewer's."""
    access.check_case(viewer, case)
    keys = keyring.organisation(viewer.organisation)
    with scope.looking(organisation=viewer.organisation):
        row = models.Case.objects.select_related("person").get(id=case)
        return Choices(
            members=naming.members_at(keys, row.branch_id),
            teams=naming.teams_at(keys, row.branch_id),
            vehicles=tuple(
                naming.Named(id=one.id, name=one.known.plate or one.known.name or one.known.vin)
                for one in vehicles_of(keys, row.person.merged_into_id or row.person_id)
            ),
        )


def filed(*, viewer: access.Viewer, message: int) -> tuple[int | None, tuple[Case, ...]]:
    """Return the case a message is filed in, and the cases of its person it can be moved to."""
    access.check_right(viewer, team.Right.READ_CHATS)
    conversation = access.check_message(viewer, message)
    keys = keyring.organisation(viewer.organisation)
    with scope.looking(organisation=viewer.organisation):
        person = models.Conversation.objects.values_list("person_id", flat=True).get(
            id=conversation
        )
        present = models.Message.objects.values_list("case_id", flat=True).get(id=message)
        return present, of_person(viewer, keys, person)


def to_file_in(*, viewer: access.Viewer, conversation: int) -> tuple[naming.Named, ...]:
    """Return the open cases of a conversation's person, the latest changed first, by their titles."""
    access.check_right(viewer, team.Right.READ_CHATS)
    keyhole = people.Keyhole(keyring.organisation(viewer.organisation))
    with scope.looking(organisation=viewer.organisation):
        person = models.Conversation.objects.filter(id=conversation).values("person_id")
        same = Q(person_id__in=person) | Q(person__merged_into_id__in=person)
        found = models.Case.objects.filter(access.visible_cases(viewer), same, closed_at=None)
        return tuple(
            naming.Named(id=row.id, name=_title(keyhole, row))
            for row in found.select_related("person").order_by("-changed_at", "-id")[:20]
        )


def _title(keyhole: people.Keyhole, row: models.Case) -> str:
    key = keyhole.of(row.person)
    return key.open_text(row.title_sealed, table="customer_case", row=row.id, column="title_sealed")


def fitting(
    viewer: access.Viewer, keys: vault.OrganisationKeys, condition: Q, *, limit: int
) -> tuple[Case, ...]:
    """Return the viewer's cases that fit a condition, the latest changed first. Inside `looking`."""
    found = models.Case.objects.filter(access.visible_cases(viewer), condition)
    return _opened(viewer, keys, list(_joined(found).order_by("-changed_at", "-id")[:limit]))


def of_person(viewer: access.Viewer, keys: vault.OrganisationKeys, person: int) -> tuple[Case, ...]:
    """Return a person's cases at the viewer's branches, open ones first. Inside `looking`."""
    same = Q(person_id=person) | Q(person__merged_into_id=person)
    found = models.Case.objects.filter(access.visible_cases(viewer), same)
    ordered = _joined(found).order_by("closed_at", "-changed_at", "-id")
    latest = list(ordered[:20])
    return _opened(viewer, keys, sorted(latest, key=lambda row: row.closed_at is not None))


def vehicles_of(keys: vault.OrganisationKeys, person: int) -> tuple[Vehicle, ...]:
    """Return the vehicles a person has a role towards today or had. Inside `looking`."""
    same = Q(person_id=person) | Q(person__merged_into_id=person)
    mine = models.VehicleRole.objects.filter(same).values("vehicle_id")
    found = models.Vehicle.objects.filter(id__in=mine).order_by("-changed_at", "-id")
    return _vehicles(keys, list(found))


def vehicle(*, viewer: access.Viewer, vehicle: int) -> Vehicle:
    """Return one vehicle; raise access.UnableToSee where it is not the viewer's business."""
    access.check_vehicle(viewer, vehicle)
    keys = keyring.organisation(viewer.organisation)
    with scope.looking(organisation=viewer.organisation):
        return _vehicles(keys, list(models.Vehicle.objects.filter(id=vehicle)))[0]


def _wanted(viewer: access.Viewer, wanted: Wanted) -> Q:
    condition = Q(owner_id=viewer.member) if wanted.mine else Q()
    if wanted.kind in set(cases.Kind):
        condition &= Q(kind=wanted.kind)
    if wanted.state in {cases.State.WAITING, cases.State.CLOSED}:
        return condition & Q(state=wanted.state)
    return condition & ~Q(state=cases.State.CLOSED)


def _joined(found: QuerySet[models.Case]) -> QuerySet[models.Case]:
    return found.select_related("person", "owner", "team", "vehicle").annotate(
        filed=Count("messages", distinct=True)
    )


def _opened(
    viewer: access.Viewer, keys: vault.OrganisationKeys, found: Sequence[models.Case]
) -> tuple[Case, ...]:
    """Return cases opened: three queries whatever their number. Inside `looking`."""
    keyhole = people.Keyhole(keys)
    contacts = people.contacts((row.person for row in found), keyhole)
    talks = _conversations(viewer, found)
    return tuple(
        Case(
            id=row.id,
            kind=row.kind,
            state=row.state,
            contract=row.contract,
            title=_title(keyhole, row),
            contact=contacts[row.person_id],
            branch=row.branch_id,
            owner_id=row.owner_id,
            owner=naming.member(keys, row.owner),
            team_id=row.team_id,
            team=naming.team(keys, row.team),
            vehicle_id=row.vehicle_id,
            vehicle=_brief(keys, row.vehicle),
            due_at=row.due_at,
            closed_at=row.closed_at,
            opened_at=row.created_at,
            changed_at=row.changed_at,
            conversation=talks.get((row.person.merged_into_id or row.person_id, row.branch_id)),
            messages=getattr(row, "filed", 0),
        )
        for row in found
    )


def _conversations(
    viewer: access.Viewer, found: Sequence[models.Case]
) -> dict[tuple[int, int], int]:
    persons = {row.person.merged_into_id or row.person_id for row in found}
    rows_ = models.Conversation.objects.filter(
        access.visible_conversations(viewer), person__in=persons
    ).order_by("last_message_at")
    return {
        (person, branch): row
        for row, person, branch in rows_.values_list("id", "person_id", "number__branch_id")
    }


def _brief(keys: vault.OrganisationKeys, row: models.Vehicle | None) -> str:
    if row is None:
        return ""
    known = rows.opened(keys, row)
    return " · ".join(word for word in (known.plate, known.name) if word) or known.vin


def _vehicles(keys: vault.OrganisationKeys, found: Sequence[models.Vehicle]) -> tuple[Vehicle, ...]:
    """Return vehicles opened with their roles: two queries whatever their number."""
    held = list(
        models.VehicleRole.objects.filter(vehicle__in=found)
        .select_related("person")
        .order_by("valid_to", "valid_from", "id")
    )
    contacts = people.contacts((one.person for one in held), people.Keyhole(keys))
    roles: dict[int, list[Role]] = {}
    for one in held:
        roles.setdefault(one.vehicle_id, []).append(
            Role(
                id=one.id,
                role=one.role,
                contact=contacts[one.person_id],
                valid_from=one.valid_from,
                valid_to=one.valid_to,
            )
        )
    opened = [(row, rows.opened(keys, row)) for row in found]
    return tuple(
        Vehicle(
            id=row.id,
            known=known,
            roles=tuple(roles.get(row.id, ())),
            fits=cases.check_digit_fits(known.vin) if known.vin else None,
        )
        for row, known in opened
    )
