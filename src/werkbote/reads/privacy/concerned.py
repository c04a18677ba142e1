"""Whom a member may handle rights of: persons and vehicles of their branches, and holds on these."""

from typing import Any

from django.db.models import Q

from werkbote.domain import team
from werkbote.reads import access
from werkbote.store import models, scope


def has_person(*, viewer: access.Viewer, person: int) -> bool:
    """Return whether a person has to do with the viewer's branches; an owner answers for everybody."""
    access.check_right(viewer, team.Right.HANDLE_REQUESTS)
    if viewer.role is team.Role.OWNER:
        return True
    with scope.looking(organisation=viewer.organisation):
        rows = models.Person.objects.filter(access.concerned_persons(viewer), id=person)
        return rows.exists()


def has_vehicle(*, viewer: access.Viewer, vehicle: int) -> bool:
    """Return whether a vehicle is of somebody who has to do with the viewer's branches."""
    access.check_right(viewer, team.Right.HANDLE_REQUESTS)
    with scope.looking(organisation=viewer.organisation):
        return vehicle in _vehicles(viewer, [vehicle])


def has_house(*, viewer: access.Viewer) -> bool:
    """Return whether the viewer works at every branch, and so may decide for the whole house."""
    with scope.looking(organisation=viewer.organisation):
        return not models.Branch.objects.exclude(id__in=viewer.branches).exists()


def holds(viewer: access.Viewer) -> Any:
    """Return the holds a viewer sees: of their persons, branches, vehicles, and of everybody. In a scope."""
    everybody = Q(subject__isnull=True)
    if viewer.role is team.Role.OWNER:
        return models.LegalHold.objects.all()
    concerned = models.Person.objects.filter(access.concerned_persons(viewer))
    named = models.LegalHold.objects.filter(everybody, query__has_key="vehicle")
    mine = _vehicles(viewer, [row.query["vehicle"] for row in named])
    return models.LegalHold.objects.filter(
        Q(subject__in=concerned.values("id"))
        | everybody & Q(query__vehicle__in=sorted(mine))
        | everybody & ~Q(query__has_key="vehicle") & Q(query__branch__in=sorted(viewer.branches))
        | everybody & ~Q(query__has_key="vehicle") & ~Q(query__has_key="branch")
    )


def may_end(*, viewer: access.Viewer, hold: int) -> bool:
    """Return whether the viewer may end a hold: one for the whole house only who works at every branch.

    Raises access.UnableToSee unless the hold is one they see.
    """
    access.check_right(viewer, team.Right.HANDLE_REQUESTS)
    with scope.looking(organisation=viewer.organisation):
        row = holds(viewer).filter(id=hold).first()
        if row is None:
            raise access.UnableToSee("There is no such hold.")
    is_narrow = row.subject is not None or not row.query.keys().isdisjoint({"branch", "vehicle"})
    return is_narrow or has_house(viewer=viewer)


def _vehicles(viewer: access.Viewer, among: list[int]) -> set[int]:
    persons = models.Person.objects.filter(access.concerned_persons(viewer))
    roles = models.VehicleRole.objects.filter(vehicle__in=among).filter(
        Q(person_id__in=persons.values("id")) | Q(person__merged_into_id__in=persons.values("id"))
    )
    return set(roles.values_list("vehicle_id", flat=True))
