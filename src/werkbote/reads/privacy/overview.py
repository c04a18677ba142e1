"""The page of the data protection officer: what waits, what was erased, what is held."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q

from werkbote.domain import privacy, team
from werkbote.reads import access
from werkbote.reads.privacy import concerned
from werkbote.reads.privacy import requests as asked
from werkbote.store import cases as vehicle_rows
from werkbote.store import keyring, models, scope

_MOST = 50
_MANY = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    """One erasure with what became of every store."""

    id: int
    subject: int
    trigger: str
    state: str
    problem: str
    asked_at: datetime
    asked_by: int | None
    ended_at: datetime | None
    preview: Mapping[str, int]
    blocks: Sequence[Mapping[str, Any]]
    steps: Sequence[privacy.Step]
    protocol: Mapping[str, Any] | None
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """One legal hold."""

    id: int
    subject: int | None
    reason: str
    began_at: datetime
    review_on: date
    is_due: bool
    scope: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """The page of the data protection officer."""

    requests: tuple[asked.Request, ...]
    answered: tuple[asked.Request, ...]
    erasures: tuple[Erasure, ...]
    holds: tuple[Hold, ...]
    restricted_wrote: int


def branches(*, viewer: access.Viewer) -> list[tuple[int, str]]:
    """Return the viewer's branches by name."""
    main = keyring.organisation(viewer.organisation).main
    with scope.looking(organisation=viewer.organisation):
        rows = models.Branch.objects.filter(id__in=viewer.branches).order_by("id")
        return [
            (
                row.id,
                main.open_text(row.name_sealed, table="branch", row=row.id, column="name_sealed"),
            )
            for row in rows
        ]


def overview(*, viewer: access.Viewer, day: date) -> Overview:
    """Return what waits, what was done and what is held."""
    access.check_right(viewer, team.Right.HANDLE_REQUESTS)
    with scope.looking(organisation=viewer.organisation):
        rows = models.PersonRequest.objects.filter(branch__in=viewer.branches)
        waiting = rows.filter(state__in=sorted(privacy.UNANSWERED)).order_by("due_on", "id")
        closed = rows.exclude(state__in=sorted(privacy.UNANSWERED)).order_by("-answered_at", "-id")
        runs = _erasures(viewer).order_by("-asked_at", "-id")[:_MOST]
        return Overview(
            requests=asked.opened(viewer, waiting[:_MANY], day=day),
            answered=asked.opened(viewer, closed[:_MOST], day=day),
            erasures=tuple(_erasure(row, ()) for row in runs),
            holds=_holds(viewer, day=day),
            restricted_wrote=_restricted_wrote(viewer),
        )


def holds(*, viewer: access.Viewer, day: date) -> tuple[Hold, ...]:
    """Return the holds that go on, those to be reviewed first."""
    access.check_right(viewer, team.Right.HANDLE_REQUESTS)
    with scope.looking(organisation=viewer.organisation):
        return _holds(viewer, day=day)


def _holds(viewer: access.Viewer, *, day: date) -> tuple[Hold, ...]:
    rows = list(concerned.holds(viewer).filter(ended_at=None).order_by("review_on", "id")[:_MANY])
    names = _names(viewer, rows)
    return tuple(_hold(viewer, row, names, day=day) for row in rows)


def _names(viewer: access.Viewer, rows: Sequence[models.LegalHold]) -> dict[int, str]:
    """Return what the branches and vehicles that holds name are called."""
    keys = keyring.organisation(viewer.organisation)
    named = {row.query[key] for row in rows for key in ("branch", "vehicle") if key in row.query}
    places = {
        one.id: keys.main.open_text(
            one.name_sealed, table="branch", row=one.id, column="name_sealed"
        )
        for one in models.Branch.objects.filter(id__in=named)
    }
    cars = {
        one.id: vehicle_rows.opened(keys, one).plate
        for one in models.Vehicle.objects.filter(id__in=named)
    }
    return {**places, **cars}


def _erasures(viewer: access.Viewer) -> Any:
    """Return the erasures of the viewer's branches, and those of whom nothing says any more which."""
    here = models.Person.objects.filter(access.concerned_persons(viewer))
    asked_here = models.PersonRequest.objects.filter(branch__in=viewer.branches)
    gone = ~Exists(models.Person.objects.filter(id=OuterRef("subject")))
    return models.ErasureRun.objects.filter(
        Q(subject__in=here.values("id"))
        | Q(request_ref__in=asked_here.values("id"))
        | Q(gone, request_ref__isnull=True)
    )


def _restricted_wrote(viewer: access.Viewer) -> int:
    """Return how many people whose data is restricted have written since: somebody must look."""
    since = models.Message.objects.filter(
        conversation__person=OuterRef("pk"),
        outgoing=False,
        received_at__gt=OuterRef("restricted_at"),
    )
    rows = models.Person.objects.filter(access.concerned_persons(viewer), Exists(since))
    return rows.filter(restricted_at__isnull=False).count()


def erasure(*, viewer: access.Viewer, run: int) -> Erasure:
    """Return one erasure with its steps; raise access.UnableToSee where there is none."""
    access.check_right(viewer, team.Right.HANDLE_REQUESTS)
    with scope.looking(organisation=viewer.organisation):
        row = _erasures(viewer).filter(id=run).first()
        if row is None:
            raise access.UnableToSee("There is no such erasure.")
        steps = models.ErasureStep.objects.filter(run=run).order_by("position", "id")
        return _erasure(row, list(steps))


def _erasure(row: models.ErasureRun, steps: Sequence[models.ErasureStep]) -> Erasure:
    return Erasure(
        id=row.id,
        subject=row.subject,
        trigger=row.trigger,
        state=row.state,
        problem=row.problem,
        asked_at=row.asked_at,
        asked_by=row.asked_by_id,
        ended_at=row.ended_at,
        preview=row.preview,
        blocks=row.blocks,
        steps=tuple(
            privacy.Step(store=one.store, state=one.state, count=one.count, problem=one.problem)
            for one in steps
            if one.count or one.state != privacy.StepState.DONE
        ),
        protocol=row.protocol,
        digest=row.digest,
    )


def _hold(
    viewer: access.Viewer, row: models.LegalHold, names: Mapping[int, str], *, day: date
) -> Hold:
    main = keyring.organisation(viewer.organisation).main
    return Hold(
        id=row.id,
        subject=row.subject,
        reason=main.open_text(
            row.reason_sealed, table="legal_hold", row=row.id, column="reason_sealed"
        ),
        began_at=row.began_at,
        review_on=row.review_on,
        is_due=row.review_on <= day,
        scope=tuple((key, _told(key, value, names)) for key, value in sorted(row.query.items())),
    )


def _told(key: str, value: Any, names: Mapping[int, str]) -> str:
    return names.get(value, "") if key in {"branch", "vehicle"} else str(value)
