"""The archive of commercial letters (Handelsbriefe): counts by case for everybody who may, words only on demand."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Count, Max, Min, QuerySet

from werkbote.domain import team
from werkbote.reads import access
from werkbote.reads.inbox import bubbles, people
from werkbote.store import keyring, models, scope

PAGE = 50
_ZONE = ZoneInfo("Europe/Berlin")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which letters; empty fields do not narrow. `case` 0 is what stands in no case."""

    year: int | None = None
    branch: int | None = None
    case: int | None = None
    page: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """The archived letters of one case at one branch; `case` is 0 where they stand in none."""

    case: int
    kind: str
    branch: int
    place: str
    count: int
    first: datetime
    last: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """A page of the archive, the newest first, with what it can be narrowed to."""

    bundles: tuple[Bundle, ...]
    years: tuple[int, ...]
    branches: tuple[tuple[int, str], ...]
    letters: int
    more: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Letters:
    """A page of opened letters, the oldest first."""

    messages: tuple[bubbles.Message, ...]
    more: bool


def archive(*, viewer: access.Viewer, wanted: Wanted) -> Archive:
    """Return a page of the archive: which cases have letters, how many, of when. No words."""
    access.check_right(viewer, team.Right.EXPORT_LETTERS)
    start = (wanted.page - 1) * PAGE
    with scope.looking(organisation=viewer.organisation):
        rows = _rows(viewer, wanted)
        places = _places(viewer)
        bundles = (
            rows.values("case_id", "case__kind", "number__branch_id")
            .annotate(count=Count("id"), first=Min("at"), last=Max("at"))
            .order_by("-last", "-case_id", "number__branch_id")
        )
        found = list(bundles[start : start + PAGE + 1])
        years = _rows(viewer, Wanted()).datetimes("at", "year", order="DESC", tzinfo=_ZONE)
        return Archive(
            bundles=tuple(_bundle(one, places) for one in found[:PAGE]),
            years=tuple(one.year for one in years),
            branches=tuple(places.items()),
            letters=rows.count(),
            more=len(found) > PAGE,
        )


def letters(*, viewer: access.Viewer, wanted: Wanted) -> Letters:
    """Return a page of opened letters; the look itself is written down by the deed before.

    Raises access.UnableToSee where the viewer's branches have none.
    """
    access.check_right(viewer, team.Right.EXPORT_LETTERS)
    start = (wanted.page - 1) * PAGE
    keyhole = people.Keyhole(keyring.organisation(viewer.organisation))
    with scope.looking(organisation=viewer.organisation):
        rows = list(
            _rows(viewer, wanted)
            .select_related("person", "media", "permit", "refusal")
            .order_by("at", "id")[start : start + PAGE + 1]
        )
        if not rows:
            raise access.UnableToSee("There are no such letters.")
        shown = bubbles.opened(rows[:PAGE], keyhole=keyhole, names={}, language=viewer.language)
        return Letters(messages=tuple(shown), more=len(rows) > PAGE)


def check_letters(*, viewer: access.Viewer, wanted: Wanted) -> None:
    """Raise access.UnableToSee where the viewer's branches have no such letters in the archive."""
    access.check_right(viewer, team.Right.EXPORT_LETTERS)
    with scope.looking(organisation=viewer.organisation):
        if not _rows(viewer, wanted).exists():
            raise access.UnableToSee("There are no such letters.")


def _rows(viewer: access.Viewer, wanted: Wanted) -> QuerySet[models.Message]:
    rows = models.Message.objects.filter(
        archived_at__isnull=False, number__branch_id__in=viewer.branches
    )
    if wanted.year is not None:
        begin, end = (datetime(one, 1, 1, tzinfo=_ZONE) for one in (wanted.year, wanted.year + 1))
        rows = rows.filter(at__gte=begin, at__lt=end)
    if wanted.branch is not None:
        rows = rows.filter(number__branch_id=wanted.branch)
    if wanted.case is not None:
        rows = rows.filter(case_id=wanted.case) if wanted.case else rows.filter(case=None)
    return rows


def _places(viewer: access.Viewer) -> dict[int, str]:
    main = keyring.organisation(viewer.organisation).main
    return {
        row.id: main.open_text(row.name_sealed, table="branch", row=row.id, column="name_sealed")
        for row in models.Branch.objects.filter(id__in=viewer.branches).order_by("id")
    }


def _bundle(row: Mapping[str, object], places: Mapping[int, str]) -> Bundle:
    branch = row["number__branch_id"]
    assert isinstance(branch, int)
    return Bundle(
        case=int(row["case_id"] or 0),  # type: ignore[call-overload]  # an id, or none
        kind=str(row["case__kind"] or ""),
        branch=branch,
        place=places[branch],
        count=int(row["count"]),  # type: ignore[call-overload]  # counted by the database
        first=row["first"],  # type: ignore[arg-type]  # a moment
        last=row["last"],  # type: ignore[arg-type]  # a moment
    )
