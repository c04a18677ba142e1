"""What went wrong on the way in, for those who run the house: counts and codes, never contents."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from werkbote.domain import team
from werkbote.reads import access
from werkbote.store import keyring, models, scope, vault

_MOST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    """A body that was signed but could not be processed; it waits until somebody replays it."""

    id: int
    number: str
    received_at: datetime
    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NotUnderstood:
    """A part of a body that this version cannot read."""

    id: int
    number: str
    field: str
    why: str
    at: datetime
    replayed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaFailure:
    """A file that could not be fetched."""

    id: int
    conversation: int
    mime: str
    state: str
    problem: str
    attempts: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejection:
    """How often a webhook was called with a bad signature on a day."""

    number: str
    day: date
    reason: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Problems:
    """How many of each there are: the figures on the tabs."""

    dead: int
    unknown: int
    media: int
    rejected: int


def problems(*, viewer: access.Viewer) -> Problems:
    """Return how many problems wait at the viewer's numbers."""
    access.check_right(viewer, team.Right.READ_OPERATION)
    with scope.looking(organisation=viewer.organisation):
        return Problems(
            dead=_dead(viewer).count(),
            unknown=_unknown(viewer).filter(replayed_at=None).count(),
            media=_failed_media(viewer).count(),
            rejected=sum(_rejected(viewer).values_list("count", flat=True)),
        )


def dead_letters(*, viewer: access.Viewer) -> tuple[DeadLetter, ...]:
    """Return the bodies that wait for a replay, the newest first."""
    access.check_right(viewer, team.Right.READ_OPERATION)
    keys = keyring.organisation(viewer.organisation)
    with scope.looking(organisation=viewer.organisation):
        rows = list(_dead(viewer).select_related("number").defer("body")[:_MOST])
    return tuple(
        DeadLetter(
            id=row.id,
            number=_label(keys.main, row.number),
            received_at=row.received_at,
            problem=row.problem,
        )
        for row in rows
    )


def not_understood(*, viewer: access.Viewer) -> tuple[NotUnderstood, ...]:
    """Return what was not understood, the newest first; what was replayed since is marked."""
    access.check_right(viewer, team.Right.READ_OPERATION)
    keys = keyring.organisation(viewer.organisation)
    with scope.looking(organisation=viewer.organisation):
        rows = list(_unknown(viewer).select_related("number").defer("content")[:_MOST])
    return tuple(
        NotUnderstood(
            id=row.id,
            number=_label(keys.main, row.number),
            field=row.field,
            why=row.why,
            at=row.at,
            replayed_at=row.replayed_at,
        )
        for row in rows
    )


def media_failures(*, viewer: access.Viewer) -> tuple[MediaFailure, ...]:
    """Return files that could not be fetched, the newest first."""
    access.check_right(viewer, team.Right.READ_OPERATION)
    with scope.looking(organisation=viewer.organisation):
        rows = list(_failed_media(viewer).select_related("message")[:_MOST])
    return tuple(
        MediaFailure(
            id=row.id,
            conversation=row.message.conversation_id,
            mime=row.mime,
            state=row.state,
            problem=row.problem,
            attempts=row.attempts,
            at=row.created_at,
        )
        for row in rows
    )


def rejections(*, viewer: access.Viewer) -> tuple[Rejection, ...]:
    """Return the counts of calls with a bad signature, the newest day first."""
    access.check_right(viewer, team.Right.READ_OPERATION)
    keys = keyring.organisation(viewer.organisation)
    with scope.looking(organisation=viewer.organisation):
        rows = list(_rejected(viewer).select_related("number")[:_MOST])
    return tuple(
        Rejection(
            number=_label(keys.main, row.number), day=row.day, reason=row.reason, count=row.count
        )
        for row in rows
    )


def check_event(*, viewer: access.Viewer, event: int) -> None:
    """Raise access.UnableToSee unless the body came in at a number of the viewer."""
    _check(viewer, models.WebhookEvent.objects.filter(id=event))


def check_part(*, viewer: access.Viewer, part: int) -> None:
    """Raise access.UnableToSee unless the part came in at a number of the viewer."""
    _check(viewer, models.NotUnderstood.objects.filter(id=part))


def check_media(*, viewer: access.Viewer, media: int) -> int:
    """Return the conversation of a file at the viewer's numbers; raise access.UnableToSee."""
    with scope.looking(organisation=viewer.organisation):
        found = (
            models.Media.objects.filter(id=media, message__number__branch_id__in=viewer.branches)
            .values_list("message__conversation_id", flat=True)
            .first()
        )
    if found is None:
        raise access.UnableToSee("There is no such file.")
    return int(found)


def _check(
    viewer: access.Viewer,
    rows: "QuerySet[models.WebhookEvent] | QuerySet[models.NotUnderstood]",
) -> None:
    access.check_right(viewer, team.Right.OPERATE)
    with scope.looking(organisation=viewer.organisation):
        if not rows.filter(number__branch_id__in=viewer.branches).exists():
            raise access.UnableToSee("There is no such thing.")


def _label(key: vault.Key, row: models.Number) -> str:
    return key.open_text(row.label_sealed, table="number", row=row.id, column="label_sealed")


def _dead(viewer: access.Viewer) -> QuerySet[models.WebhookEvent]:
    return models.WebhookEvent.objects.filter(
        state="dead", number__branch_id__in=viewer.branches
    ).order_by("-received_at", "-id")


def _unknown(viewer: access.Viewer) -> QuerySet[models.NotUnderstood]:
    return models.NotUnderstood.objects.filter(number__branch_id__in=viewer.branches).order_by(
        "-received_at", "-id"
    )


def _failed_media(viewer: access.Viewer) -> QuerySet[models.Media]:
    return models.Media.objects.filter(
        state__in=["failed", "expired"], message__number__branch_id__in=viewer.branches
    ).order_by("-created_at", "-id")


def _rejected(viewer: access.Viewer) -> QuerySet[models.HookRejection]:
    return models.HookRejection.objects.filter(number__branch_id__in=viewer.branches).order_by(
        "-day", "number_id", "reason"
    )
