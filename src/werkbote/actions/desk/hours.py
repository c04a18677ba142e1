"""Opening hours of a branch, what it says while it is closed, what it promises, and closed days."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from werkbote.actions import audit
from werkbote.actions.desk import doing
from werkbote.domain import desk
from werkbote.store import ids, keyring, models, scope

LONGEST_ABSENCE = 1000
LONGEST_PROMISE = 10_080
"""A week, in minutes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrangement:
    """How a branch works. `week` as `desk.parse_week` reads it; `reply_minutes` None promises nothing."""

    week: Mapping[str, Iterable[Iterable[str]]]
    keeps_holidays: bool = True
    tells_absence: bool = False
    absence: str = ""
    reply_minutes: int | None = None
    asks_satisfaction: bool = False


def arrange_branch(
    *, organisation: int, branch: int, told: Arrangement, by: doing.By, at: datetime
) -> None:
    """Set a branch's hours and what goes by itself there; raise doing.UnableToDo with the reason."""
    week = _week(told.week)
    absence = told.absence.strip()
    if len(absence) > LONGEST_ABSENCE:
        raise doing.UnableToDo("The absence text has more than 1000 characters: shorten it.")
    if told.tells_absence and not any(week.values()):
        raise doing.UnableToDo("Set opening hours first: without them the branch is never absent.")
    if told.reply_minutes is not None and not 1 <= told.reply_minutes <= LONGEST_PROMISE:
        raise doing.UnableToDo("Promise an answer within one minute to one week.")
    keys = keyring.organisation(organisation)
    with scope.transaction(organisation=organisation):
        row = models.BranchHours.objects.filter(branch=branch).first() or models.BranchHours(
            id=ids.new(), organisation_id=organisation, branch=_branch(branch)
        )
        row.week, row.keeps_holidays = week, told.keeps_holidays
        row.tells_absence, row.reply_minutes = told.tells_absence, told.reply_minutes
        row.asks_satisfaction, row.changed_at = told.asks_satisfaction, at
        row.absence_sealed = keys.main.seal_text(
            absence, table="branch_hours", row=row.id, column="absence_sealed"
        )
        row.save()
        audit.record(
            organisation=organisation,
            by=by,
            verb="desk.arrange_branch",
            object=f"branch:{branch}",
            detail={"asks_satisfaction": told.asks_satisfaction},
            at=at,
        )


def close_days(
    *, organisation: int, branch: int, first: date, last: date, by: doing.By, at: datetime
) -> int:
    """Close a branch from one day to another and return the row; raise doing.UnableToDo."""
    if last < first:
        raise doing.UnableToDo("The last day is before the first: check the two days.")
    row = ids.new()
    with scope.transaction(organisation=organisation):
        models.BranchClosed.objects.create(
            id=row,
            organisation_id=organisation,
            branch=_branch(branch),
            first=first,
            last=last,
            created_at=at,
        )
        _record(organisation, branch, "desk.close_days", by=by, at=at)
    return row


def open_days(*, organisation: int, closed: int, by: doing.By, at: datetime) -> None:
    """Take closed days back; raise doing.UnableToDo where there are none."""
    with scope.transaction(organisation=organisation):
        row = models.BranchClosed.objects.filter(id=closed).first()
        if row is None:
            raise doing.UnableToDo("These days are open already; reload the page.")
        row.delete()
        _record(organisation, row.branch_id, "desk.open_days", by=by, at=at)


def _week(raw: Mapping[str, Iterable[Iterable[str]]]) -> dict[str, list[list[str]]]:
    try:
        week = desk.parse_week(raw)
    except desk.UnableToReadHours as error:
        raise doing.UnableToDo(str(error)) from None
    return {
        str(day): [[f"{one.opens:%H:%M}", f"{one.closes:%H:%M}"] for one in openings]
        for day, openings in week.items()
        if openings
    }


def _branch(branch: int) -> models.Branch:
    row = models.Branch.objects.filter(id=branch).first()
    if row is None:
        raise doing.UnableToDo("This branch is not there any more: choose another.")
    return row


def _record(organisation: int, branch: int, verb: str, *, by: doing.By, at: datetime) -> None:
    audit.record(organisation=organisation, by=by, verb=verb, object=f"branch:{branch}", at=at)
