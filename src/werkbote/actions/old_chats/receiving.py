"""Taking in an exported chat: sealed as it comes, read by a job."""

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from werkbote.actions import audit
from werkbote.domain import old_chats
from werkbote.store import ids, keyring, models, queue, scope, vault
from werkbote.store import old_chats as store

_TOGETHER = 2
_KEEP_FAILED = timedelta(days=3)


class UnableToReceive(Exception):
    """The upload is not taken; `problem` says why."""

    def __init__(self, problem: old_chats.Problem) -> None:
        super().__init__(f"The upload is not taken ({problem}).")
        self.problem = problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What the uploader says about an export. `order` is None where the dates shall tell."""

    branch: int
    owner: int
    device: str
    filename: str
    zone: str
    order: old_chats.Order | None = None


def receive(
    *, organisation: int, wish: Wish, content: Iterable[bytes], by: int, at: datetime
) -> int:
    """Store an upload, sealed piece by piece, and enqueue its reading; return the arrival's id.

    Holds two pieces in memory, whatever the size. Raises UnableToReceive when it is empty or too
    large; nothing of it stays then.
    """
    arrival, file, key = _opened(organisation, wish, by=by, at=at)
    try:
        size = _store(organisation, key, file, content)
    except BaseException:
        _forget(organisation, arrival.person_id)
        raise
    with scope.transaction(organisation=organisation):
        models.OldChatFile.objects.filter(id=file.id).update(size=size)
        models.OldChatArrival.objects.filter(id=arrival.id).update(state="waiting", size=size)
        queue.enqueue(queue.Job.READ_OLD_CHAT, organisation=organisation, object_id=arrival.id)
        audit.record(
            organisation=organisation,
            by=by,
            verb="old_chats.receive",
            object=f"old_chat_arrival:{arrival.id}",
            detail={"owner": wish.owner, "bytes": size},
            at=at,
        )
    return arrival.id


def _opened(
    organisation: int, wish: Wish, *, by: int, at: datetime
) -> tuple[models.OldChatArrival, models.OldChatFile, vault.Key]:
    keys, key = keyring.organisation(organisation), vault.new_key()
    person = models.Person(
        id=ids.new(), organisation_id=organisation, source=store.SOURCE, created_at=at
    )
    person.key_wrapped = keys.wrap(key, person=person.id)
    row = ids.new()

    def sealed(words: str, column: str) -> bytes:
        return key.seal_text(words, table="old_chat_arrival", row=row, column=column)

    arrival = models.OldChatArrival(
        id=row,
        organisation_id=organisation,
        branch_id=wish.branch,
        person=person,
        owner_id=wish.owner,
        by_id=by,
        device_sealed=sealed(wish.device, "device_sealed"),
        filename_sealed=sealed(wish.filename, "filename_sealed"),
        zone=wish.zone,
        day_order=wish.order or "",
        created_at=at,
    )
    file = models.OldChatFile(id=ids.new(), organisation_id=organisation, arrival=arrival)
    with scope.transaction(organisation=organisation):
        person.save(force_insert=True)
        arrival.save(force_insert=True)
        file.save(force_insert=True)
    return arrival, file, key


def _store(
    organisation: int, key: vault.Key, file: models.OldChatFile, content: Iterable[bytes]
) -> int:
    """Insert the pieces, a few per transaction; return how many bytes there were."""
    counted = _Counted(content)
    rows = store.pieces(key, file=file, content=counted)
    for some in itertools.batched(rows, _TOGETHER):
        with scope.transaction(organisation=organisation):
            models.OldChatPiece.objects.bulk_create(some)
    if not counted.size:
        raise UnableToReceive(old_chats.Problem.EMPTY)
    return counted.size


@dataclass(slots=True)
class _Counted:
    """Bytes on their way, counted; raises UnableToReceive when they are too many."""

    content: Iterable[bytes]
    size: int = 0

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self.content:
            self.size += len(chunk)
            if self.size > old_chats.MOST_BYTES:
                raise UnableToReceive(old_chats.Problem.TOO_LARGE)
            yield chunk


def _forget(organisation: int, person: int) -> None:
    with scope.transaction(organisation=organisation):
        models.Person.objects.filter(id=person, source=store.SOURCE).delete()


def sweep(*, organisation: int, at: datetime) -> int:
    """Delete uploads that broke off or could not be read, days after they came; return how many."""
    with scope.transaction(organisation=organisation):
        stale = models.OldChatArrival.objects.filter(
            state__in=["arriving", "failed"], created_at__lt=at - _KEEP_FAILED, chat=None
        )
        persons = list(stale.values_list("person_id", flat=True))
        models.Person.objects.filter(id__in=persons, source=store.SOURCE).delete()
    return len(persons)
