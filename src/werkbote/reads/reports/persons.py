"""Figures of single members: only while the house's switch is on, and only for who may look at them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from werkbote.domain import reports, team
from werkbote.reads import access
from werkbote.reads.reports import counting, figures
from werkbote.store import keyring, models, reasons, scope

TOPIC = "reports"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Whether members' figures are shown; since when, by whom, on what ground and why."""

    on: bool
    ground: str = ""
    since: datetime | None = None
    by: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """How often a member answered first, and their median time in opening hours."""

    name: str
    answered: int
    first_reply: timedelta


def standing(*, viewer: access.Viewer) -> Standing:
    """Return how the switch stands: off unless somebody has turned it on."""
    access.check_right(viewer, team.Right.READ_STAFF_REPORTS)
    with scope.looking(organisation=viewer.organisation):
        row = _newest()
        if row is None or not row.changes:
            return Standing(on=False)
        maker = models.Member.objects.filter(
            id=row.made_by, organisation_id=viewer.organisation
        ).first()
    keys = keyring.organisation(viewer.organisation)
    name = (
        keys.main.open_text(maker.name_sealed, table="member", row=maker.id, column="name_sealed")
        if maker is not None
        else ""
    )
    return Standing(
        on=True,
        ground=str(row.changes.get("by_person", "")),
        since=row.created_at,
        by=name,
        reason=reasons.words(keys, row),
    )


def _newest() -> models.HouseRule | None:
    return models.HouseRule.objects.filter(topic=TOPIC).order_by("-created_at", "-id").first()


def members(*, viewer: access.Viewer, wanted: figures.Wanted, at: datetime) -> Sequence[Member]:
    """Return the figures of the members, by name; raise UnableToReport while the switch is off."""
    access.check_right(viewer, team.Right.READ_STAFF_REPORTS)
    figures.check(wanted)
    known = figures.choices(viewer=viewer)
    with scope.looking(organisation=viewer.organisation):
        row = _newest()
        if row is None or not row.changes:
            raise figures.UnableToReport("Figures of single members are switched off.")
        counted = counting.count(figures.span(viewer, wanted, known), at=at)
        found = reports.members(counted.waits)
        rows = list(models.Member.objects.filter(id__in=found, organisation_id=viewer.organisation))
    main = keyring.organisation(viewer.organisation).main
    return sorted(
        (
            Member(
                name=main.open_text(
                    row.name_sealed, table="member", row=row.id, column="name_sealed"
                ),
                answered=found[row.id][0],
                first_reply=found[row.id][1],
            )
            for row in rows
        ),
        key=lambda one: one.name,
    )
