"""What owners see of support by a vendor: who is in, who was, on which agreement."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from werkbote.domain import team
from werkbote.reads import access
from werkbote.store import duties, keyring, models, scope
from werkbote.store import support as store

_BACK = timedelta(days=365)
_MOST = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """One time support was let in."""

    id: int
    name: str
    vendor: str
    agreement_on: date
    reason: str
    chats: bool
    opened_by: str
    opened_at: datetime
    until: datetime
    ended_at: datetime | None
    is_open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """Windows of the last year, the newest first; accounts and vendors to choose from."""

    windows: tuple[Window, ...]
    accounts: tuple[tuple[int, str], ...]
    vendors: tuple[tuple[str, str], ...]


def overview(*, viewer: access.Viewer, at: datetime) -> Overview:
    """Return who was let in, and whom an owner can let in."""
    access.check_right(viewer, team.Right.MANAGE_TEAM)
    with scope.looking(organisation=viewer.organisation):
        accounts = models.Member.objects.filter(role=team.Role.SUPPORT, is_active=True)
        vendors = models.Processor.objects.exclude(agreement_on=None).order_by("id")
        keys = keyring.organisation(viewer.organisation)
        named = ((row.code, duties.entry(keys, row).name) for row in vendors)
        names = _names(viewer)
        return Overview(
            windows=_windows(viewer, names, at=at, only_open=False),
            accounts=tuple(
                (one, names[one]) for one in accounts.order_by("id").values_list("id", flat=True)
            ),
            vendors=tuple(named),
        )


def inside(*, viewer: access.Viewer, at: datetime) -> tuple[Window, ...]:
    """Return who is in now, for the banner of owners and of whoever is in; nobody else is told."""
    if not viewer.can(team.Right.MANAGE_TEAM) and viewer.role is not team.Role.SUPPORT:
        return ()
    with scope.looking(organisation=viewer.organisation):
        if not store.open_at(at).exists():
            return ()
        return _windows(viewer, _names(viewer), at=at, only_open=True)


def _names(viewer: access.Viewer) -> dict[int, str]:
    main = keyring.organisation(viewer.organisation).main
    return {
        row.id: main.open_text(row.name_sealed, table="member", row=row.id, column="name_sealed")
        for row in models.Member.objects.filter(organisation=viewer.organisation)
    }


def _windows(
    viewer: access.Viewer, names: dict[int, str], *, at: datetime, only_open: bool
) -> tuple[Window, ...]:
    rows = models.SupportWindow.objects.filter(opened_at__gt=at - _BACK)
    if only_open:
        rows = store.open_at(at)
    if viewer.role is team.Role.SUPPORT:
        rows = rows.filter(member=viewer.member)
    keys = keyring.organisation(viewer.organisation)
    vendors = {row.code: row for row in models.Processor.objects.all()}
    return tuple(
        Window(
            id=row.id,
            name=names.get(row.member_id, ""),
            vendor=duties.entry(keys, vendors[row.vendor]).name if row.vendor in vendors else "",
            agreement_on=row.agreement_on,
            reason=store.reason(keys, row),
            chats=row.chats,
            opened_by=names.get(row.opened_by, ""),
            opened_at=row.opened_at,
            until=row.until,
            ended_at=row.ended_at,
            is_open=row.ended_at is None and row.until > at,
        )
        for row in rows.order_by("-id")[:_MOST]
    )
