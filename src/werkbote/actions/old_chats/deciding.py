"""Deciding an old chat: filed into a case under a retention class, or deleted with its key."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from werkbote.actions import audit
from werkbote.actions.privacy import keeping
from werkbote.domain import old_chats
from werkbote.store import ledger, models, rechtsstand, scope
from werkbote.store import old_chats as store


class UnableToDecide(Exception):
    """The chat is being read, decided already, or the class is not one of the law's."""


def classes(at: datetime) -> tuple[str, ...]:
    """Return the ids of the retention classes that hold."""
    return tuple(one.id for one in rechtsstand.way_out(timezone.localtime(at).date()).classes)


def choose_own(*, organisation: int, chat: int, own: int | None, by: int, at: datetime) -> None:
    """Say which of the participants is us; it decides only on which side words are shown."""
    with scope.transaction(organisation=organisation):
        models.OldChat.objects.filter(id=chat).update(own=own)
        _record(organisation, by, "old_chats.choose_own", chat, at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """Where a chat goes: its retention class, and a case of its person where there is one."""

    retention: str
    case: int | None = None


def file_into_case(*, organisation: int, chat: int, filing: Filing, by: int, at: datetime) -> None:
    """Keep a chat as a case's letter under a retention class; raise UnableToDecide.

    It stays historic: it opens no window, is no consent and no ground for advertising.
    """
    if filing.retention not in classes(at):
        raise UnableToDecide("Choose one of the retention classes offered.")
    with scope.transaction(organisation=organisation):
        row = (
            models.OldChat.objects.select_for_update(of=("self",))
            .select_related("person")
            .filter(id=chat, state__in=["open", "case"])
            .first()
        )
        if row is None:
            raise UnableToDecide("This chat is still being read: wait a moment, then decide.")
        if filing.case is not None and not _is_theirs(row, filing.case):
            raise UnableToDecide("Choose a case of the person this chat is with.")
        row.state, row.retention, row.case_id = "case", filing.retention, filing.case
        row.decided_by_id, row.decided_at = by, at
        row.save(update_fields=["state", "retention", "case", "decided_by", "decided_at"])
        _record(organisation, by, "old_chats.file", chat, at, retention=filing.retention)


def _is_theirs(row: models.OldChat, case: int) -> bool:
    """Return whether a case is of the person a chat was joined to, at the chat's branch."""
    known = row.person.merged_into_id
    return (
        known is not None
        and models.Case.objects.filter(id=case, person=known, branch=row.branch_id).exists()
    )


def look(*, organisation: int, chat: int, reason: str, by: int, at: datetime) -> None:
    """Write down that somebody opens a protected chat, and why; raise UnableToDecide without a reason."""
    with scope.transaction(organisation=organisation):
        row = models.OldChat.objects.select_related("person__merged_into").get(id=chat)
        known = row.person.merged_into or row.person
        restricted = bool(row.person.restricted_at or known.restricted_at)
        if reason not in old_chats.reasons(restricted=restricted):
            raise UnableToDecide("Say why you need to see this: it is written down.")
        _record(organisation, by, "old_chats.look_at_protected", chat, at, reason=reason)


def delete(*, organisation: int, chat: int, by: int, at: datetime) -> None:
    """Delete a chat: rows, files and the key they were sealed with; raise UnableToDecide if kept.

    A chat in a case is kept by law and goes by its retention class, not by this.
    """
    with scope.transaction(organisation=organisation):
        row = models.OldChat.objects.select_for_update().filter(id=chat).first()
        if row is None or row.state == "case":
            raise UnableToDecide("This chat is gone, or is kept in a case until its period ends.")
        if keeping.held(ledger.group(row.person_id)):
            raise UnableToDecide("A legal hold keeps this chat until it is lifted.")
        store.remove([chat])
        _record(organisation, by, "old_chats.delete", chat, at, messages=row.messages)


def discard(*, organisation: int, arrival: int, by: int, at: datetime) -> None:
    """Delete an upload that could not be read; raise UnableToDecide for any other."""
    with scope.transaction(organisation=organisation):
        row = models.OldChatArrival.objects.filter(id=arrival, state="failed").first()
        if row is None:
            raise UnableToDecide("This upload is gone already, or is being read.")
        if row.chat_id is None:
            models.Person.objects.filter(id=row.person_id, source=store.SOURCE).delete()
        else:
            row.delete()
        audit.record(
            organisation=organisation,
            by=by,
            verb="old_chats.discard",
            object=f"old_chat_arrival:{arrival}",
            at=at,
        )


def _record(
    organisation: int, by: int, verb: str, chat: int, at: datetime, **detail: str | int
) -> None:
    audit.record(
        organisation=organisation, by=by, verb=verb, object=f"old_chat:{chat}", detail=detail, at=at
    )
