"""Whom and what an erasure means: persons, the traces to search for, what outside systems must be told."""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import orjson
from django.db.models import F

from werkbote.actions.privacy import keeping
from werkbote.domain import delivery, privacy
from werkbote.store import erasing, ids, ledger, live, models, scope, search, vault

_PLACE = ("erasure_run", "targets_sealed")
_SHORTEST = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Targets:
    """What is erased. `needles` are addresses as they stand in bodies, `prints` as they are hashed.

    `books` pairs a number with the user id by which Meta's contact book knows the person.
    """

    people: tuple[int, ...]
    needles: tuple[str, ...]
    prints: tuple[str, ...]
    books: tuple[tuple[int, str], ...]
    kept: erasing.Kept = erasing.NOTHING

    @property
    def traces(self) -> tuple[bytes, ...]:
        """The needles as bytes to search for."""
        return tuple(needle.encode() for needle in self.needles)


def prepare(
    keys: vault.OrganisationKeys, row: models.ErasureRun, *, at: datetime
) -> Targets | None:
    """Stop all use of the persons' data and note what must go; None where a hold forbids it.

    What an earlier try noted is kept, what came since (a merge, a new number) is added, until it is
    erased: what is left then is kept by a rule, and is known by no number any more.
    """
    with scope.transaction(organisation=row.organisation_id):
        before = opened(keys, row)
        people = sorted({*ledger.group(row.subject), *before.people})
        now = keeping.find(people, at=at)
        rest(people, at=at)
        if now.held:
            stop(row, at=at)
            return None
        found = before if row.erased_at else _joined(before, _look(keys, people), people)
        _suppress(row, found, at=at)
        _note(keys, row, found)
    return Targets(
        people=found.people,
        needles=found.needles,
        prints=found.prints,
        books=found.books,
        kept=now.kept,
    )


def opened(keys: vault.OrganisationKeys, row: models.ErasureRun) -> Targets:
    """Return what an earlier try noted. Inside a scope."""
    sealed = models.ErasureRun.objects.values_list("targets_sealed", flat=True).get(id=row.id)
    if sealed is None:
        return Targets(people=(), needles=(), prints=(), books=())
    table, column = _PLACE
    plain = orjson.loads(keys.main.open(sealed, table=table, row=row.id, column=column))
    return Targets(
        people=tuple(plain["people"]),
        needles=tuple(plain["needles"]),
        prints=tuple(plain["prints"]),
        books=tuple((number, user) for number, user in plain["books"]),
    )


def _look(keys: vault.OrganisationKeys, people: Sequence[int]) -> Targets:
    rows = models.Identity.objects.select_related("person").filter(person__in=people)
    values, users, prints = [], [], []
    for one in rows:
        prints.append(bytes(one.fingerprint).hex())
        if not one.person.key_wrapped:
            continue  # a restored backup: the key was erased, so what it sealed is noise already
        key = keys.unwrap(one.person.key_wrapped, person=one.person_id)
        value = key.open_text(one.value_sealed, table="identity", row=one.id, column="value_sealed")
        values.append(value.removeprefix("+"))
        if one.scheme == "bsuid":
            users.append(value)
    numbers = models.Conversation.objects.filter(person__in=people).values_list("number", flat=True)
    return Targets(
        people=tuple(people),
        needles=tuple(value for value in values if len(value) >= _SHORTEST),
        prints=tuple(prints),
        books=tuple((number, user) for number in sorted(set(numbers)) for user in sorted(users)),
    )


def _joined(before: Targets, now: Targets, people: Sequence[int]) -> Targets:
    return Targets(
        people=tuple(people),
        needles=tuple(sorted({*before.needles, *now.needles})),
        prints=tuple(sorted({*before.prints, *now.prints})),
        books=tuple(sorted({*before.books, *now.books})),
    )


def rest(people: Sequence[int], *, at: datetime) -> None:
    """Restrict the persons and take back what waits to be sent: from here on nothing is used."""
    models.Person.objects.filter(id__in=people, restricted_at=None).update(restricted_at=at)
    waiting = models.Message.objects.filter(
        conversation__person__in=people, state=delivery.State.QUEUED
    )
    touched = set(waiting.values_list("conversation_id", flat=True))
    waiting.update(state=delivery.State.CANCELLED)
    live.announce(conversations=touched, at=at)


def stop(row: models.ErasureRun, *, at: datetime) -> None:
    """Halt an erasure because a hold covers the person; it goes on when the hold ends. In a transaction."""
    models.ErasureRun.objects.filter(id=row.id).update(
        state=privacy.State.HELD, problem="held", claimed_at=at
    )


def _suppress(row: models.ErasureRun, found: Targets, *, at: datetime) -> None:
    prints = [bytes.fromhex(one) for one in found.prints]
    if row.stop == privacy.Stop.ADD:
        models.Suppression.objects.bulk_create(
            [
                models.Suppression(
                    organisation_id=row.organisation_id,
                    fingerprint=one,
                    scope=scope_,
                    reason="erased",
                    created_at=at,
                )
                for one in prints
                for scope_ in ("advertising", "everything")
            ],
            ignore_conflicts=True,
        )
    elif row.stop == privacy.Stop.REMOVE:
        gone, _ = models.Suppression.objects.filter(fingerprint__in=prints).delete()
        count(row, {privacy.Store.SUPPRESSION: gone})


def _note(keys: vault.OrganisationKeys, row: models.ErasureRun, found: Targets) -> None:
    table, column = _PLACE
    plain = orjson.dumps(
        {
            "people": found.people,
            "needles": found.needles,
            "prints": found.prints,
            "books": found.books,
        }
    )
    models.ErasureRun.objects.filter(id=row.id).update(
        targets_sealed=keys.main.seal(plain, table=table, row=row.id, column=column)
    )
    stores = [privacy.Store.SEARCH, *erasing.stages(), *(label for label, _ in erasing.searched())]
    stores += [book(number, position) for position, (number, _) in enumerate(found.books)]
    _steps(row, [*stores, privacy.Store.VERIFICATION])


def book(number: int, position: int) -> str:
    """Return the name of the step that empties one entry of Meta's contact book."""
    return f"{privacy.Store.CONTACT_BOOK}:{number}:{position}"


def _steps(row: models.ErasureRun, stores: Iterable[str]) -> None:
    models.ErasureStep.objects.bulk_create(
        [
            models.ErasureStep(
                id=ids.new(),
                organisation_id=row.organisation_id,
                run_id=row.id,
                position=position,
                store=store,
            )
            for position, store in enumerate(stores)
        ],
        ignore_conflicts=True,
    )


def count(row: models.ErasureRun, gone: Mapping[str, int]) -> None:
    """Count what a transaction deleted, in that transaction."""
    _steps(row, [store for store, number in gone.items() if number])
    for store, number in gone.items():
        models.ErasureStep.objects.filter(run_id=row.id, store=store).update(
            count=F("count") + number
        )


def done(row: models.ErasureRun, store: str, *, at: datetime) -> None:
    """Note that a store is empty."""
    with scope.looking(organisation=row.organisation_id):
        models.ErasureStep.objects.filter(run_id=row.id, store=store).update(
            state=privacy.StepState.DONE, done_at=at, problem=""
        )


def detach(people: Iterable[int]) -> None:
    """Let nobody find what is kept by a number or a name any more. In a transaction.

    A person whose evidence or letters stay is not met again when they write: that makes a new one.
    """
    left = sorted(people)
    for one in models.Identity.objects.filter(person__in=left):
        one.fingerprint = os.urandom(32)
        one.save(update_fields=["fingerprint"])


def forget_words(found: Targets) -> int:
    """Take what is kept out of the search index and return how many stems went. In a transaction."""
    left = models.Message.objects.filter(person__in=found.people).values_list("id", flat=True)
    return search.forget(left)


def empty_searched(
    keys: vault.OrganisationKeys, row: models.ErasureRun, found: Targets, *, at: datetime
) -> None:
    """Delete what can be found only by opening it: raw bodies, and the parts kept of them.

    A part that names nobody goes with the body it came in; bodies go last, so that a crash loses
    no trace of what belongs to them.
    """
    bodies, *parts = erasing.searched()
    came: set[tuple[int, datetime]] = set()
    for hits in _hits(keys, row, found, bodies):
        came |= erasing.origins(bodies[0], hits)
    for label, column in parts:
        with scope.transaction(organisation=row.organisation_id):
            _drop(row, label, erasing.come_from(label, came))
        _empty_opened(keys, row, found, (label, column), at=at)
    _empty_opened(keys, row, found, bodies, at=at)


def _hits(
    keys: vault.OrganisationKeys,
    row: models.ErasureRun,
    found: Targets,
    place: tuple[str, str],
) -> Iterator[list[int]]:
    """Yield, batch by batch and each inside a scope of its own, the rows that hold a trace."""
    after = 0
    while True:
        with scope.transaction(organisation=row.organisation_id):
            batch = list(
                erasing.holding(
                    keys, needles=found.traces, after=after, label=place[0], column=place[1]
                )
            )
            yield [number for number, holds in batch if holds]
        if not batch:
            return
        after = batch[-1][0]


def _empty_opened(
    keys: vault.OrganisationKeys,
    row: models.ErasureRun,
    found: Targets,
    place: tuple[str, str],
    *,
    at: datetime,
) -> None:
    for hits in _hits(keys, row, found, place):
        _drop(row, place[0], hits)
    done(row, place[0], at=at)


def _drop(row: models.ErasureRun, label: str, hits: Sequence[int]) -> None:
    if hits:
        count(row, {label: erasing.drop(label, hits)})
