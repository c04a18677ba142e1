"""The life of a case: opened, changed, moved, closed with its one question."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from werkbote.actions import audit
from werkbote.actions.cases import marking
from werkbote.domain import cases
from werkbote.store import ids, keyring, live, models, scope, search_names, vault

LONGEST_TITLE = 200


class UnableToOpen(Exception):
    """The case cannot be opened; the sentence says why."""


class UnableToChange(Exception):
    """The case cannot be changed like that; the sentence says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """What people say about a case; None stands for nobody, nothing, no day."""

    kind: cases.Kind
    title: str
    owner: int | None = None
    team: int | None = None
    vehicle: int | None = None
    due_at: datetime | None = None


def open_case(
    *,
    organisation: int,
    branch: int,
    person: int,
    details: Details,
    by: int | str,
    at: datetime,
) -> int:
    """Open a case of a person at a branch and return its id; raise UnableToOpen with the reason."""
    with scope.transaction(organisation=organisation):
        return add(
            keys=keyring.organisation(organisation),
            branch=branch,
            person=person,
            details=details,
            by=by,
            at=at,
        )


def add(
    *,
    keys: vault.OrganisationKeys,
    branch: int,
    person: int,
    details: Details,
    by: int | str,
    at: datetime,
) -> int:
    """Open a case as part of another deed and return its id. Inside a transaction."""
    owner = models.Person.objects.filter(id=person).first()
    if owner is None or not models.Branch.objects.filter(id=branch).exists():
        raise UnableToOpen("This person or branch is not here any more; go back to the list.")
    problem = _misfit(branch, owner, details)
    if problem:
        raise UnableToOpen(problem)
    row = models.Case(
        id=ids.new(),
        organisation_id=keys.organisation,
        branch_id=branch,
        person=owner,
        opened_by_id=by if isinstance(by, int) else None,
        state=cases.State.OPEN,
        created_at=at,
    )
    _write(keys, row, details, at=at)
    row.save(force_insert=True)
    _index(keys, row, details)
    _tell(row, at=at)
    _record(row, "cases.open_case", by=by, at=at, kind=details.kind)
    return row.id


def change_case(
    *, organisation: int, case: int, details: Details, by: int | str, at: datetime
) -> None:
    """Change what is said about a case; raise UnableToChange with the reason."""
    with scope.transaction(organisation=organisation):
        row = locked(case)
        problem = _misfit(row.branch_id, row.person, details)
        if problem:
            raise UnableToChange(problem)
        keys = keyring.organisation(organisation)
        _write(keys, row, details, at=at)
        row.save()
        _index(keys, row, details)
        _tell(row, at=at)
        _record(row, "cases.change_case", by=by, at=at, kind=details.kind)


def move_case(
    *, organisation: int, case: int, cause: cases.Cause, by: int | str, at: datetime
) -> None:
    """Let a case wait, go on or open again; raise UnableToChange where it is elsewhere meanwhile.

    Closing asks a question and is `close_case`.
    """
    if cause is cases.Cause.CLOSE:
        raise UnableToChange("Say whether a contract came about: closing a case depends on it.")
    with scope.transaction(organisation=organisation):
        _move(locked(case), cause, contract="", by=by, at=at)


def close_case(
    *, organisation: int, case: int, contract: cases.Contract, by: int | str, at: datetime
) -> None:
    """Close a case with the answer to „Vertrag zustande gekommen?“; raise UnableToChange if it is."""
    with scope.transaction(organisation=organisation):
        _move(locked(case), cases.Cause.CLOSE, contract=contract, by=by, at=at)


def answer_contract(
    *, organisation: int, case: int, contract: cases.Contract, by: int | str, at: datetime
) -> None:
    """Answer the question later, or anew, for a closed case; raise UnableToChange for an open one."""
    with scope.transaction(organisation=organisation):
        row = locked(case)
        if row.state != cases.State.CLOSED:
            raise UnableToChange("This case is open: the question is asked when it is closed.")
        row.contract, row.changed_at = contract, at
        row.save(update_fields=["contract", "changed_at"])
        marking.mark_by_rule(row, at=at)
        _record(row, "cases.answer_contract", by=by, at=at, contract=contract)


def locked(case: int) -> models.Case:
    """Return a case's row with its person, locked; raise UnableToChange where there is none."""
    row = (
        models.Case.objects.select_related("person")
        .select_for_update(of=("self",), no_key=True)
        .filter(id=case)
        .first()
    )
    if row is None:
        raise UnableToChange("This case is not here any more; go back to the list.")
    return row


def _move(
    row: models.Case, cause: cases.Cause, *, contract: str, by: int | str, at: datetime
) -> None:
    try:
        row.state = cases.move(state=cases.State(row.state), cause=cause)
    except cases.UnableToMove as error:
        raise UnableToChange(str(error)) from None
    row.contract, row.changed_at = contract, at
    row.closed_at = at if row.state == cases.State.CLOSED else None
    row.save(update_fields=["state", "contract", "closed_at", "changed_at"])
    marking.mark_by_rule(row, at=at)
    _tell(row, at=at)
    _record(row, f"cases.{cause}", by=by, at=at, contract=contract)


def _write(
    keys: vault.OrganisationKeys, row: models.Case, details: Details, *, at: datetime
) -> None:
    key = keys.unwrap(row.person.key_wrapped, person=row.person_id)
    row.title_sealed = key.seal_text(
        details.title.strip(), table="customer_case", row=row.id, column="title_sealed"
    )
    row.kind, row.due_at = details.kind, details.due_at
    row.owner_id, row.team_id, row.vehicle_id = details.owner, details.team, details.vehicle
    row.changed_at = at


def _index(keys: vault.OrganisationKeys, row: models.Case, details: Details) -> None:
    search_names.index_case(keys=keys, person=row.person_id, case=row.id, title=details.title)


def _misfit(branch: int, person: models.Person, details: Details) -> str:
    """Return what is wrong with the details, empty where nothing is."""
    if not details.title.strip():
        return "Give the case a title: a few words are enough."
    if len(details.title.strip()) > LONGEST_TITLE:
        return "The title has more than 200 characters: shorten it."
    if details.owner is not None and not works_at(details.owner, branch):
        return "This member does not work at the branch: choose somebody who does."
    if details.team is not None and not _is_here(details.team, branch):
        return "This team is not one of the branch: choose another."
    if details.vehicle is not None and not _is_of(details.vehicle, person):
        return "This vehicle does not belong to the person: record it for them first."
    return ""


def works_at(member: int, branch: int) -> bool:
    """Return whether an active member sees the branch's chats: works there, or owns all."""
    seen = models.Member.objects.filter(id=member, is_active=True)
    return seen.filter(Q(role="owner") | Q(memberships__branch_id=branch)).exists()


def _is_here(team: int, branch: int) -> bool:
    return models.Team.objects.filter(id=team, branch_id=branch, ended_at=None).exists()


def _is_of(vehicle: int, person: models.Person) -> bool:
    root = person.merged_into_id or person.id
    return models.VehicleRole.objects.filter(
        Q(person_id=root) | Q(person__merged_into_id=root), vehicle_id=vehicle
    ).exists()


def _tell(row: models.Case, *, at: datetime) -> None:
    """Renew the open pages of the person's conversations at the branch."""
    root = row.person.merged_into_id or row.person_id
    found = models.Conversation.objects.filter(person_id=root, number__branch_id=row.branch_id)
    live.announce(conversations=found.values_list("id", flat=True), at=at)


def _record(row: models.Case, verb: str, *, by: int | str, at: datetime, **detail: str) -> None:
    audit.record(
        organisation=row.organisation_id,
        by=by,
        verb=verb,
        object=f"case:{row.id}",
        detail={key: str(value) for key, value in detail.items() if value},
        at=at,
    )
