"""Reading an upload: every line into a sealed page or already there, every file kept or named."""

import functools
import itertools
import mimetypes
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from werkbote.actions import audit, scanning
from werkbote.actions.old_chats import archive, matching, recognising, reporting
from werkbote.domain import old_chats
from werkbote.store import ids, keyring, models, queue, scope, vault
from werkbote.store import old_chats as store

_PAGE = 200
_PAGE_SIGNS = 512 * 1024
_PAGES = 8
"""So many pages are stored together: a commit each would cost more than the reading."""
_AGAIN = timedelta(seconds=5)
_SCANNER_AGAIN = timedelta(minutes=1)
_TOGETHER = 2
_LONGEST_MIME = 127


@dataclass(slots=True, kw_only=True)
class _Job:
    """One upload being read: its rows, its keys, and what there is to say about it."""

    arrival: models.OldChatArrival
    keys: vault.OrganisationKeys
    raw: archive.Archive
    survey: old_chats.Survey
    chat: models.OldChat
    key: vault.Key
    report: reporting.Report = field(default_factory=reporting.Report)
    first: datetime | None = None
    last: datetime | None = None
    added: int = 0
    repeated: int = 0

    @property
    def organisation(self) -> int:
        return self.keys.organisation


def read(*, organisation: int, arrival: int, at: datetime) -> bool:
    """Read an upload that waits; return whether its chat is there now.

    Repeating it after a crash does no harm: what a broken run had stored is replaced. Uploads of one
    member are read one after the other, so that each knows what the one before has brought.
    """
    row = _claim(organisation, arrival)
    if row is None:
        return False
    try:
        job = _begun(row, at=at)
        _take_messages(job)
        _take_files(job)
        _finish(job, at=at)
    except old_chats.UnableToRead as error:
        _fail(row, error.problem, at=at)
        return False
    except scanning.UnableToScan:
        _wait(row)
        return False
    except Exception:
        _fail(row, old_chats.Problem.INTERRUPTED, at=at)
        raise
    return True


def _claim(organisation: int, arrival: int) -> models.OldChatArrival | None:
    with scope.transaction(organisation=organisation):
        row = (
            models.OldChatArrival.objects.select_for_update(of=("self",))
            .select_related("person")
            .filter(id=arrival, state__in=["waiting", "reading"])
            .first()
        )
        if row is None:
            return None
        before = models.OldChatArrival.objects.filter(
            owner=row.owner_id, branch=row.branch_id, state__in=["waiting", "reading"]
        ).filter(id__lt=row.id)
        if before.exists():
            queue.enqueue(
                queue.Job.READ_OLD_CHAT, organisation=organisation, object_id=arrival, delay=_AGAIN
            )
            return None
        models.OldChatPage.objects.filter(arrival=row).delete()
        models.OldChatFile.objects.filter(arrival=row, chat__isnull=False).delete()
        row.state, row.read, row.problem = "reading", 0, ""
        row.save(update_fields=["state", "read", "problem"])
        return row


def _wait(row: models.OldChatArrival) -> None:
    """Let an upload wait for the scanner; nothing of it is lost, and it is read anew."""
    with scope.transaction(organisation=row.organisation_id):
        waits = models.OldChatArrival.objects.filter(id=row.id, state="reading")
        if waits.update(state="waiting", problem=old_chats.Problem.UNSCANNED):
            queue.enqueue(
                queue.Job.READ_OLD_CHAT,
                organisation=row.organisation_id,
                object_id=row.id,
                delay=_SCANNER_AGAIN,
            )


def _begun(row: models.OldChatArrival, *, at: datetime) -> _Job:
    keys = keyring.organisation(row.organisation_id)
    key = keys.unwrap(row.person.key_wrapped, person=row.person_id)
    look = functools.partial(scope.looking, organisation=row.organisation_id)
    with look():
        file = models.OldChatFile.objects.get(arrival=row, chat=None)
    raw = archive.opened(store.Reader(key, file=file.id, size=file.size, look=look))
    order = old_chats.Order(row.day_order) if row.day_order else None
    survey = old_chats.survey(raw.text(), order=order)
    if not survey.messages:
        problem = old_chats.Problem.BROKEN if raw.broken else old_chats.Problem.NOT_A_CHAT
        raise old_chats.UnableToRead(problem)
    filename = key.open_text(
        row.filename_sealed, table="old_chat_arrival", row=row.id, column="filename_sealed"
    )
    title = old_chats.counterpart(filename) or old_chats.counterpart(raw.title)
    export = recognising.Export(arrival=row, title=title, survey=survey, text=raw.text)
    chat = recognising.chat_of(export, keys=keys, at=at)
    return _Job(
        arrival=row,
        keys=keys,
        raw=raw,
        survey=survey,
        chat=chat,
        key=keys.unwrap(chat.person.key_wrapped, person=chat.person_id),
    )


def _take_messages(job: _Job) -> None:
    """Store what is not there yet; the transaction of some pages tells how far it is."""
    with scope.looking(organisation=job.organisation):
        known = old_chats.Known(recognising.kept(job.chat, job.key))
    entries = old_chats.entries(job.raw.text(), order=job.survey.order)
    for pages in itertools.batched(_pages(entries), _PAGES):
        new = [fresh for page in pages if (fresh := _fresh(job, known, page))]
        last = pages[-1][-1]
        _store(job, new, through=last.first + last.count - 1)
    job.report.broken = job.raw.broken


def _fresh(job: _Job, known: old_chats.Known, page: list[old_chats.Entry]) -> list[old_chats.Entry]:
    """Return what of a page is new, and take note of it."""
    new = []
    for entry in page:
        if known.take(entry):
            job.repeated += 1
            continue
        new.append(entry)
        job.report.line(entry)
        _stretch(job, entry)
    job.added += len(new)
    return new


def _pages(entries: Iterator[old_chats.Entry]) -> Iterator[list[old_chats.Entry]]:
    some: list[old_chats.Entry] = []
    signs = 0
    for entry in entries:
        some.append(entry)
        signs += len(entry.text)
        if len(some) >= _PAGE or signs > _PAGE_SIGNS:
            yield some
            some, signs = [], 0
    if some:
        yield some


def _stretch(job: _Job, entry: old_chats.Entry) -> None:
    if entry.at is not None:
        moment = old_chats.aware(entry.at, job.arrival.zone)
        job.first = min(job.first or moment, moment)
        job.last = max(job.last or moment, moment)


def _store(job: _Job, new: list[list[old_chats.Entry]], *, through: int) -> None:
    with scope.transaction(organisation=job.organisation):
        if not models.OldChatArrival.objects.filter(id=job.arrival.id).update(
            read=through, lines=job.survey.lines
        ):
            raise old_chats.UnableToRead(old_chats.Problem.INTERRUPTED)
        models.OldChatPage.objects.bulk_create(
            store.page(job.key, chat=job.chat, arrival=job.arrival.id, entries=page) for page in new
        )


def _take_files(job: _Job) -> None:
    for file in job.raw.files():
        job.report.kept(file.name, stray=file.stray)
        try:
            _keep(job, file)
        except archive.UnableToUnpack as error:
            job.report.leave(file.name, error.why)
        except scanning.Infected:
            job.report.leave(file.name, old_chats.Dropped.INFECTED)
        except scanning.TooLargeToScan:
            job.report.leave(file.name, old_chats.Dropped.UNSCANNABLE)
    for name, why in job.raw.dropped:
        job.report.file(name, why)


def _keep(job: _Job, file: archive.File) -> None:
    """Store one file unless it is there already or malware; all of it or nothing."""
    digest = job.keys.digest("old_chat_file", file.name.encode("utf-8", "replace"))
    with scope.looking(organisation=job.organisation):
        there = models.OldChatFile.objects.filter(chat=job.chat, name_digest=digest, size=file.size)
        if there.exists():
            return
    scanning.check_pieces(file.content())
    row = ids.new()
    made = models.OldChatFile(
        id=row,
        organisation_id=job.organisation,
        arrival=job.arrival,
        chat=job.chat,
        name_digest=digest,
        name_sealed=job.key.seal_text(
            file.name, table="old_chat_file", row=row, column="name_sealed"
        ),
        mime=(mimetypes.guess_type(file.name)[0] or "application/octet-stream")[:_LONGEST_MIME],
        size=file.size,
    )
    with scope.transaction(organisation=job.organisation):
        made.save(force_insert=True)
        pieces = store.pieces(job.key, file=made, content=file.content())
        for some in itertools.batched(pieces, _TOGETHER):
            models.OldChatPiece.objects.bulk_create(some)


def _finish(job: _Job, *, at: datetime) -> None:
    """Open the chat for decision and let go of the export itself."""
    job.report.assumed = job.survey.assumed
    with scope.transaction(organisation=job.organisation):
        chat = models.OldChat.objects.select_for_update().filter(id=job.chat.id).first()
        if chat is None:
            return
        models.OldChatFile.objects.filter(arrival=job.arrival, chat=None).delete()
        recognising.move(job.arrival, to=chat, key=job.key, keys=job.keys)
        _settle(job, at=at)
        chat.state = "open" if chat.state == "reading" else chat.state
        chat.messages += job.added
        chat.files = models.OldChatFile.objects.filter(chat=chat).count()
        moments = [one for one in (chat.first_at, chat.last_at, job.first, job.last) if one]
        chat.first_at, chat.last_at = min(moments, default=None), max(moments, default=None)
        chat.save(update_fields=["state", "messages", "files", "first_at", "last_at"])
        matching.propose(keys=job.keys, chat=chat, participants=job.survey.participants, at=at)
        audit.record(
            organisation=job.organisation,
            by=audit.SYSTEM,
            verb="old_chats.read",
            object=f"old_chat:{chat.id}",
            detail={"added": job.added, "repeated": job.repeated, "named": job.report.total},
            at=at,
        )


def _settle(job: _Job, *, at: datetime) -> None:
    row = job.arrival
    models.OldChatArrival.objects.filter(id=row.id).update(
        state="done",
        problem="",
        lines=job.survey.lines,
        read=job.survey.lines,
        added=job.added,
        repeated=job.repeated,
        report_sealed=job.key.seal(
            job.report.packed(), table="old_chat_arrival", row=row.id, column="report_sealed"
        ),
        finished_at=at,
    )


def _fail(row: models.OldChatArrival, problem: old_chats.Problem, *, at: datetime) -> None:
    """Say why an upload cannot be read; what it had brought so far goes, and so does the upload."""
    with scope.transaction(organisation=row.organisation_id):
        now = models.OldChatArrival.objects.select_for_update().filter(id=row.id).first()
        if now is None:
            return
        models.OldChatFile.objects.filter(arrival=now).delete()
        models.OldChatPage.objects.filter(arrival=now).delete()
        begun = now.chat_id
        now.chat, now.state, now.problem, now.finished_at = None, "failed", problem, at
        now.save(update_fields=["chat", "state", "problem", "finished_at"])
        if begun is not None:
            models.OldChat.objects.filter(id=begun, state="reading", person=now.person_id).delete()
