"""The audit chain as a page and an export show it: who did what to which object when, filtered."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from werkbote.domain import team
from werkbote.domain.events import Json
from werkbote.reads import access
from werkbote.store import keyring, models, scope

PAGE = 50
_ZONE = ZoneInfo("Europe/Berlin")
_MEMBER = "member:"
_CHUNK = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What to show; empty fields do not narrow. `object` may be a kind or a whole name (“message:12”)."""

    object: str = ""
    actor: str = ""
    verb: str = ""
    since: date | None = None
    until: date | None = None
    before: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One deed. `name` is the member's, empty for the system and for who is gone."""

    position: int
    at: datetime
    actor: str
    name: str
    verb: str
    object: str
    detail: Mapping[str, Json]
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page of entries, the newest first; `older` is where the next begins, None at the end."""

    entries: Sequence[Entry]
    older: int | None
    verbs: Sequence[str]
    members: Sequence[tuple[str, str]]


def page(*, viewer: access.Viewer, wanted: Filter) -> Page:
    """Return one page of the chain."""
    access.check_right(viewer, team.Right.READ_AUDIT)
    with scope.looking(organisation=viewer.organisation):
        rows = list(_rows(wanted)[: PAGE + 1])
        verbs = list(
            models.AuditEntry.objects.order_by("verb").values_list("verb", flat=True).distinct()
        )
        names = _names(viewer.organisation)
    shown = rows[:PAGE]
    return Page(
        entries=[_entry(row, names) for row in shown],
        older=shown[-1].position if len(rows) > PAGE else None,
        verbs=verbs,
        members=sorted(names.items(), key=lambda one: one[1]),
    )


def export(*, viewer: access.Viewer, wanted: Filter) -> Iterator[Entry]:
    """Yield every entry the filter leaves, the newest first."""
    access.check_right(viewer, team.Right.READ_AUDIT)
    with scope.looking(organisation=viewer.organisation):
        names = _names(viewer.organisation)
        for row in _rows(wanted).iterator(chunk_size=_CHUNK):
            yield _entry(row, names)


def _rows(wanted: Filter) -> QuerySet[models.AuditEntry]:
    rows = models.AuditEntry.objects.order_by("-position")
    if wanted.object:
        exact = ":" in wanted.object
        rows = rows.filter(**{"object" if exact else "object__startswith": wanted.object})
    if wanted.actor:
        rows = rows.filter(actor=wanted.actor)
    if wanted.verb:
        rows = rows.filter(verb=wanted.verb)
    if wanted.since is not None:
        rows = rows.filter(at__gte=_midnight(wanted.since))
    if wanted.until is not None:
        rows = rows.filter(at__lt=_midnight(wanted.until + timedelta(days=1)))
    if wanted.before is not None:
        rows = rows.filter(position__lt=wanted.before)
    return rows


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=_ZONE)


def _names(organisation: int) -> dict[str, str]:
    main = keyring.organisation(organisation).main
    return {
        f"{_MEMBER}{row.id}": main.open_text(
            row.name_sealed, table="member", row=row.id, column="name_sealed"
        )
        for row in models.Member.objects.filter(organisation_id=organisation)
    }


def _entry(row: models.AuditEntry, names: Mapping[str, str]) -> Entry:
    return Entry(
        position=row.position,
        at=row.at,
        actor=row.actor,
        name=names.get(row.actor, ""),
        verb=row.verb,
        object=row.object,
        detail=row.detail,
        hash=bytes(row.hash).hex(),
    )
