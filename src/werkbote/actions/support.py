"""Letting support by a vendor in, watching what it looks at, and ending it at once."""

from dataclasses import dataclass
from datetime import datetime

from werkbote.actions import audit, ledger
from werkbote.domain import support, team
from werkbote.store import ids, keyring, models, scope
from werkbote.store import support as store


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """Whom to let in, of which vendor (a code of the register), why, for how many hours, with chats or not."""

    member: int
    vendor: str
    reason: str
    hours: int
    chats: bool = False


def open_window(*, organisation: int, opening: Opening, by: int, at: datetime) -> int:
    """Let a support account in and return the window's id; its sessions of before are over.

    Raises support.UnableToOpenSupport, in words, for what is missing.
    """
    with scope.transaction(organisation=organisation):
        member = (
            models.Member.objects.select_for_update()
            .filter(id=opening.member, role=team.Role.SUPPORT, is_active=True)
            .first()
        )
        if member is None:
            raise support.UnableToOpenSupport("Choose an account of the role “Support”.")
        vendor = models.Processor.objects.filter(code=opening.vendor).first()
        agreement_on = support.check_opening(
            hours=opening.hours,
            reason=opening.reason,
            agreement_on=vendor.agreement_on if vendor else None,
            stopped=vendor is not None and vendor.stopped_at is not None,
            today=at.astimezone(ledger.ZONE).date(),
        )
        assert vendor is not None
        _close(member.id, by=by, at=at)
        keys, row = keyring.organisation(organisation), ids.new()
        models.SupportWindow(
            id=row,
            organisation_id=organisation,
            member_id=member.id,
            vendor=opening.vendor,
            agreement_on=agreement_on,
            reason_sealed=store.sealed(keys, opening.reason.strip(), row=row),
            chats=opening.chats,
            opened_by=by,
            opened_at=at,
            until=support.end(hours=opening.hours, at=at),
        ).save(force_insert=True)
        audit.record(
            organisation=organisation,
            by=by,
            verb="support.open",
            object=f"support_window:{row}",
            detail={"member": member.id, "hours": opening.hours, "chats": opening.chats},
            at=at,
        )
    return row


def end_window(*, organisation: int, window: int, by: int, at: datetime) -> bool:
    """End a window at once, with all sessions of its account; return whether it was open."""
    with scope.transaction(organisation=organisation):
        row = store.open_at(at).select_for_update().filter(id=window).first()
        if row is None:
            return False
        _close(row.member_id, by=by, at=at)
        audit.record(
            organisation=organisation,
            by=by,
            verb="support.end",
            object=f"support_window:{window}",
            detail={"member": row.member_id},
            at=at,
        )
    return True


def _close(member: int, *, by: int, at: datetime) -> None:
    """End windows of an account, lapsed ones at their own end, and all of its sessions."""
    rows = models.SupportWindow.objects.filter(member=member, ended_at=None)
    for row in rows:
        row.ended_at, row.ended_by = min(row.until, at), by if row.until > at else None
        row.save(update_fields=["ended_at", "ended_by"])
    models.Entry.objects.filter(member=member, ended_at=None).update(ended_at=at)


def note_look(*, organisation: int, page: str, by: int, at: datetime) -> None:
    """Write down which page a support account asks for, before it is shown."""
    audit.note(organisation=organisation, by=by, verb="support.look", object=f"page:{page}", at=at)
