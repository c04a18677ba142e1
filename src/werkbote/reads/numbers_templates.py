"""Templates as the editor shows them: the account's own, one to change, and the library to choose from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from werkbote.domain import law, numbers, team
from werkbote.reads import access, numbers_setup
from werkbote.store import keyring, models, rechtsstand, scope

_ZONE = ZoneInfo("Europe/Berlin")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A template: what it says, what it is at Meta, and what it is in German law."""

    id: int
    draft: numbers.Draft
    status: str
    quality: str
    reason: str
    submitted_at: datetime | None
    editable: bool
    advertising: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """A ready-made template in the viewer's language; `status` is empty until it is adopted."""

    name: str
    title: str
    note: str
    basic: bool
    draft: numbers.Draft
    advertising: bool
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Ready-made templates of one occasion."""

    group: str
    entries: Sequence[Ready]


def templates(*, viewer: access.Viewer, number: int, at: datetime) -> tuple[Row, ...]:
    """Return what Meta holds for a number's account, by name."""
    numbers_setup.check(viewer, number, team.Right.WRITE_TEMPLATES)
    purposes = _purposes(at)
    with scope.looking(organisation=viewer.organisation):
        rows = list(
            _of(number)
            .exclude(status__in=["DELETED", "PENDING_DELETION"])
            .order_by("name", "language")
        )
    return tuple(_row(row, purposes) for row in rows)


def places(*, viewer: access.Viewer) -> tuple[tuple[int, str], ...]:
    """Return the numbers whose templates the viewer may write, with their names in the house."""
    access.check_right(viewer, team.Right.WRITE_TEMPLATES)
    key = keyring.organisation(viewer.organisation).main
    with scope.looking(organisation=viewer.organisation):
        rows = list(
            models.Number.objects.filter(
                branch_id__in=viewer.branches, channel="whatsapp"
            ).order_by("created_at", "id")
        )
    return tuple(
        (
            row.id,
            key.open_text(row.label_sealed, table="number", row=row.id, column="label_sealed"),
        )
        for row in rows
    )


def template(*, viewer: access.Viewer, number: int, template: int, at: datetime) -> Row:
    """Return one template; raise UnableToSee for one of another account, or gone."""
    for row in templates(viewer=viewer, number=number, at=at):
        if row.id == template:
            return row
    raise access.UnableToSee("There is no such template.")


def library(
    *, viewer: access.Viewer, number: int, language: str, at: datetime
) -> tuple[Group, ...]:
    """Return the ready-made templates by occasion, each with how it stands at this number's account."""
    numbers_setup.check(viewer, number, team.Right.WRITE_TEMPLATES)
    purposes = _purposes(at)
    with scope.looking(organisation=viewer.organisation):
        known = dict(
            _of(number)
            .exclude(status__in=["DELETED", "PENDING_DELETION"])
            .values_list("name", "status")
        )
    ready = [
        _ready(entry, language, known.get(entry.draft.name, ""), purposes)
        for entry in rechtsstand.templates(at.astimezone(_ZONE).date())
    ]
    groups = {entry.draft.name: entry.group for entry in _entries(at)}
    order = list(dict.fromkeys(groups.values()))
    ready.sort(key=lambda one: order.index(groups[one.name]))
    return tuple(
        Group(group=group, entries=tuple(inside))
        for group, inside in groupby(ready, key=lambda one: groups[one.name])
    )


def ready_draft(*, name: str, at: datetime) -> numbers.Draft | None:
    """Return the draft of a ready-made template, to begin an own one with; None for no such name."""
    return next((entry.draft for entry in _entries(at) if entry.draft.name == name), None)


def _entries(at: datetime) -> tuple[numbers.Entry, ...]:
    return rechtsstand.templates(at.astimezone(_ZONE).date())


def _of(number: int) -> QuerySet[models.Template]:
    account = models.Number.objects.filter(id=number).values("account_id")
    return models.Template.objects.filter(account_id__in=account)


def _purposes(at: datetime) -> Mapping[str, law.Purpose]:
    return rechtsstand.on(at.astimezone(_ZONE).date()).purposes


def _advertises(purposes: Mapping[str, law.Purpose], code: str) -> bool:
    return code in purposes and purposes[code].advertising


def _row(row: models.Template, purposes: Mapping[str, law.Purpose]) -> Row:
    draft = numbers.draft_of(
        row.components,
        name=row.name,
        language=row.language,
        category=row.category,
        purpose=row.purpose,
    )
    return Row(
        id=row.id,
        draft=draft,
        status=row.status,
        quality=row.quality,
        reason="" if row.reason == "NONE" else row.reason,
        submitted_at=row.submitted_at,
        editable=row.status in {"APPROVED", "REJECTED", "PAUSED"},
        advertising=_advertises(purposes, row.purpose),
    )


def _ready(
    entry: numbers.Entry, language: str, status: str, purposes: Mapping[str, law.Purpose]
) -> Ready:
    german = language == "de"
    return Ready(
        name=entry.draft.name,
        title=entry.name_de if german else entry.name_en,
        note=entry.note_de if german else entry.note_en,
        basic=entry.basic,
        draft=entry.draft,
        advertising=_advertises(purposes, entry.draft.purpose),
        status=status,
    )
