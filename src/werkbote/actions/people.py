"""People: who a message is from, when two are one, and who must not be written to again."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db.models import Q

from werkbote.actions import audit, freezing
from werkbote.domain import events
from werkbote.store import ids, keyring, merging, models, old_chats, scope, search_names, vault


class Scheme(StrEnum):
    """The schemes identities come in."""

    PHONE = "phone"
    BSUID = "bsuid"
    EMAIL = "email"


class UnableToDecide(Exception):
    """The review is not open any more, is not one of this organisation's, or is one's own."""


class UnableToPropose(Exception):
    """Two persons cannot be proposed as one; the sentence says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Handle:
    """A person as deeds need it: the row all roads lead to, and the key to seal with."""

    id: int
    key: vault.Key


def identities(party: events.Party) -> tuple[tuple[Scheme, str], ...]:
    """Return the (scheme, value) pairs a party is known by, the stablest first."""
    found: list[tuple[Scheme, str]] = []
    if party.bsuid:
        found.append((Scheme.BSUID, party.bsuid))
    if party.phone:
        found.append((Scheme.PHONE, party.phone))
    if party.email:
        found.append((Scheme.EMAIL, party.email))
    return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """The identity rows of a batch by fingerprint, and the persons they lead to."""

    by_fingerprint: dict[bytes, int]
    persons: dict[int, models.Person]


def resolve(
    *, keys: vault.OrganisationKeys, parties: Iterable[events.Party], source: str, at: datetime
) -> Mapping[events.Party, Handle]:
    """Return a person for every party, made where nobody is known yet. Inside a transaction.

    A party that names a phone and a BSUID proves that both are one person: where they led to two,
    the two are merged. Parties without any identity are left out. The order of parties, and of
    calls, does not matter for who is one person with whom.
    """
    wanted = {party: identities(party) for party in parties}
    known = _known(keys, [pair for pairs in wanted.values() for pair in pairs])
    handles: dict[events.Party, Handle] = {}
    for party, pairs in wanted.items():
        if pairs:
            person = _person_of(keys, known, party, pairs, source=source, at=at)
            handles[party] = Handle(
                id=person.id, key=keys.unwrap(person.key_wrapped, person=person.id)
            )
    return {
        party: _survivor(keys, known, handle.id)
        if known.persons[handle.id].merged_into_id
        else handle
        for party, handle in handles.items()
    }


def _known(keys: vault.OrganisationKeys, pairs: Sequence[tuple[Scheme, str]]) -> _Known:
    prints = {keys.fingerprint(scheme, value) for scheme, value in pairs}
    rows = models.Identity.objects.filter(
        organisation_id=keys.organisation, fingerprint__in=list(prints)
    ).values_list("fingerprint", "person_id")
    by_print = {bytes(fingerprint): person for fingerprint, person in rows}
    persons: dict[int, models.Person] = {}
    missing = set(by_print.values())
    while missing:
        found = {row.id: row for row in models.Person.objects.filter(id__in=missing)}
        persons |= found
        missing = {
            row.merged_into_id for row in found.values() if row.merged_into_id is not None
        } - persons.keys()
    return _Known(by_fingerprint=by_print, persons=persons)


def _root(known: _Known, person: int) -> models.Person:
    row = known.persons[person]
    while row.merged_into_id is not None:
        row = known.persons[row.merged_into_id]
    return row


def _survivor(keys: vault.OrganisationKeys, known: _Known, person: int) -> Handle:
    row = _root(known, person)
    return Handle(id=row.id, key=keys.unwrap(row.key_wrapped, person=row.id))


def _person_of(
    keys: vault.OrganisationKeys,
    known: _Known,
    party: events.Party,
    pairs: tuple[tuple[Scheme, str], ...],
    *,
    source: str,
    at: datetime,
) -> models.Person:
    prints = {pair: keys.fingerprint(*pair) for pair in pairs}
    roots = {
        root.id: root
        for fingerprint in prints.values()
        if fingerprint in known.by_fingerprint
        for root in [_root(known, known.by_fingerprint[fingerprint])]
    }
    if not roots:
        person = _create(keys, party, source=source, at=at)
        known.persons[person.id] = person
    else:
        person, *others = (roots[key] for key in sorted(roots))
        for other in others:
            _merge(keep=person, drop=other)
            known.persons[other.id].merged_into_id = person.id
        _name(keys, person, party)
    for pair, fingerprint in prints.items():
        if fingerprint not in known.by_fingerprint:
            _identify(keys, person, pair, fingerprint, at=at)
            known.by_fingerprint[fingerprint] = person.id
    return person


def _create(
    keys: vault.OrganisationKeys, party: events.Party, *, source: str, at: datetime
) -> models.Person:
    person = models.Person(
        id=ids.new(), organisation_id=keys.organisation, source=source, created_at=at
    )
    key = vault.new_key()
    person.key_wrapped = keys.wrap(key, person=person.id)
    if party.name:
        person.name_sealed = key.seal_text(
            party.name, table="person", row=person.id, column="name_sealed"
        )
    person.save(force_insert=True)
    search_names.index_name(keys=keys, person=person.id, name=party.name or "")
    return person


def _name(keys: vault.OrganisationKeys, person: models.Person, party: events.Party) -> None:
    """Remember a name where none is known; a later one never replaces what staff may have set."""
    if person.name_sealed is not None or not party.name:
        return
    key = keys.unwrap(person.key_wrapped, person=person.id)
    person.name_sealed = key.seal_text(
        party.name, table="person", row=person.id, column="name_sealed"
    )
    person.save(update_fields=["name_sealed"])
    search_names.index_name(keys=keys, person=person.id, name=party.name)


def _identify(
    keys: vault.OrganisationKeys,
    person: models.Person,
    pair: tuple[Scheme, str],
    fingerprint: bytes,
    *,
    at: datetime,
) -> None:
    row = ids.new()
    key = keys.unwrap(person.key_wrapped, person=person.id)
    models.Identity(
        id=row,
        organisation_id=keys.organisation,
        person=person,
        scheme=pair[0],
        fingerprint=fingerprint,
        value_sealed=key.seal_text(pair[1], table="identity", row=row, column="value_sealed"),
        created_at=at,
    ).save(force_insert=True)
    if pair[0] is Scheme.PHONE:
        search_names.index_phone(keys=keys, person=person.id, phone=pair[1])


def _hold(persons: Collection[int]) -> None:
    """Lock persons in their order, before anything else of theirs: an erasure does the same."""
    rows = models.Person.objects.select_for_update(no_key=True).filter(id__in=persons)
    list(rows.order_by("id").values_list("id", flat=True))


def _merge(*, keep: models.Person, drop: models.Person) -> None:
    """Make two persons one: conversations are joined, what was sealed keeps its own key.

    Open questions whether they are one are answered by it.
    """
    _hold([keep.id, drop.id])
    merging.join_conversations(keep=keep.id, drop=drop.id)
    models.Person.objects.filter(merged_into=drop).update(merged_into=keep)
    drop.merged_into = keep
    keep.restricted_at = keep.restricted_at or drop.restricted_at
    keep.minor_suspected_at = keep.minor_suspected_at or drop.minor_suspected_at
    keep.wrong_number_at = keep.wrong_number_at or drop.wrong_number_at
    keep.save(update_fields=["restricted_at", "minor_suspected_at", "wrong_number_at"])
    drop.save(update_fields=["merged_into"])
    merging.drop_answered(keep=keep.id)


def ask_review(
    *, keys: vault.OrganisationKeys, event: events.IdentityChanged, at: datetime
) -> int | None:
    """Record that a person reports a new identity; link nothing. Inside a transaction.

    Returns the person the news concerns, or None where both sides are one person already.
    """
    people = resolve(
        keys=keys, parties=[event.previous, event.current], source="identity_changed", at=at
    )
    previous, current = people.get(event.previous), people.get(event.current)
    if previous is None or current is None or previous.id == current.id:
        return previous.id if previous else None
    models.IdentityReview.objects.bulk_create(
        [
            models.IdentityReview(
                organisation_id=keys.organisation,
                kind="identity_changed",
                provider_id=event.provider_id,
                previous_id=previous.id,
                current_id=current.id,
                created_at=at,
            )
        ],
        ignore_conflicts=True,
    )
    return previous.id


def propose(*, organisation: int, person: int, other: int, by: int, at: datetime) -> None:
    """Ask the team whether two persons are one; nothing is joined before somebody else agrees.

    Raises UnableToPropose with the reason.
    """
    with scope.transaction(organisation=organisation):
        rows = models.Person.objects.filter(id__in=(person, other))
        roots = sorted({row.merged_into_id or row.id for row in rows})
        if len(roots) != 2:  # noqa: PLR2004 -- two are asked about
            raise UnableToPropose("Choose another person: this one is the same already.")
        first, second = roots
        pair = Q(previous_id=first, current_id=second) | Q(previous_id=second, current_id=first)
        if models.IdentityReview.objects.filter(pair, state="open").exists():
            raise UnableToPropose("This question is open already: it stands under Reviews.")
        row = models.IdentityReview.objects.create(
            organisation_id=organisation,
            kind=merging.PROPOSED,
            provider_id=f"proposed:{ids.new()}",
            previous_id=first,
            current_id=second,
            asked_by_id=by,
            created_at=at,
        )
        audit.record(
            organisation=organisation,
            by=by,
            verb="people.propose",
            object=f"identity_review:{row.id}",
            detail={},
            at=at,
        )


def decide_review(*, organisation: int, review: int, accept: bool, by: int, at: datetime) -> None:
    """Link the two persons of a review, or keep them apart; raise UnableToDecide if it is not open.

    Consents that a new number held go on where both are one; where they are not, they stay on hold.
    """
    with scope.transaction(organisation=organisation):
        if models.IdentityReview.objects.filter(id=review, asked_by_id=by).exists():
            raise UnableToDecide("You proposed this: somebody else of the team decides it.")
        pair = models.IdentityReview.objects.filter(id=review).values_list("previous", "current")
        _hold([person for both in pair for person in both])
        claimed = models.IdentityReview.objects.filter(id=review, state="open").update(
            state="accepted" if accept else "rejected", decided_by_id=by, decided_at=at
        )
        if not claimed:
            raise UnableToDecide("This question has been answered already; reload the page.")
        row = models.IdentityReview.objects.select_related("previous", "current").get(id=review)
        if accept and row.previous.merged_into_id is None and row.current.merged_into_id is None:
            keep, drop = sorted((row.previous, row.current), key=_seniority)
            _merge(keep=keep, drop=drop)
        if accept and row.kind == "identity_changed":
            models.Identity.objects.filter(person_id=row.previous_id, replaced_at=None).update(
                replaced_at=at
            )
            freezing.thaw(
                keys=keyring.organisation(organisation),
                person=row.previous_id,
                key=f"r{review}",
                by=f"member:{by}",
                occurred_at=at,
                at=at,
            )
        audit.record(
            organisation=organisation,
            by=by,
            verb="people.decide_review",
            object=f"identity_review:{review}",
            detail={"accepted": accept},
            at=at,
        )


def _seniority(person: models.Person) -> tuple[bool, int]:
    """Return what two persons are ordered by: the older first, but one made for an old chat last.

    That one ends with its chat, and would take along whoever points to it.
    """
    return person.source == old_chats.SOURCE, person.id


def suppress(
    *, keys: vault.OrganisationKeys, person: int, scope_: str, reason: str, at: datetime
) -> None:
    """Put every identity of a person on the suppression list (Sperrliste). Inside a transaction."""
    root = models.Person.objects.values_list("merged_into_id", flat=True).get(id=person) or person
    prints = models.Identity.objects.filter(
        Q(person_id=root) | Q(person__merged_into_id=root)
    ).values_list("fingerprint", flat=True)
    models.Suppression.objects.bulk_create(
        [
            models.Suppression(
                organisation_id=keys.organisation,
                fingerprint=fingerprint,
                scope=scope_,
                reason=reason,
                created_at=at,
            )
            for fingerprint in prints
        ],
        ignore_conflicts=True,
    )
