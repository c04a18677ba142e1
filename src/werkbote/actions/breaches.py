"""Keeping the register of data breaches: opened by people or by “wrong number”, assessed, reported, closed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from werkbote.actions import audit, freezing, inbox, ledger
from werkbote.domain import breaches, consent, delivery, events
from werkbote.papers import breach as paper
from werkbote.store import breaches as store
from werkbote.store import ids, keyring, models, rechtsstand, scope, vault


class UnableToFind(LookupError):
    """There is no such breach in this organisation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What is known when a case is opened; `nature` says in words what happened."""

    branch: int
    kind: breaches.Kind
    aware_at: datetime
    happened_at: datetime | None = None
    nature: str = ""
    records: int = 0


def law_on(at: datetime) -> breaches.BreachLaw:
    """Return the law of breaches of a moment's day in Germany."""
    return rechtsstand.breach(at.astimezone(ledger.ZONE).date())


def open_case(*, organisation: int, opening: Opening, by: int | str, at: datetime) -> int:
    """Open a case and return its id; the clock runs from `aware_at`, which may lie before `at`."""
    keys = keyring.organisation(organisation)
    with scope.transaction(organisation=organisation):
        return _open(keys, opening, by=by, at=at)


def _open(keys: vault.OrganisationKeys, opening: Opening, *, by: int | str, at: datetime) -> int:
    breach = ids.new()
    models.Breach(
        id=breach,
        organisation_id=keys.organisation,
        branch_id=opening.branch,
        kind=opening.kind,
        aware_at=opening.aware_at,
        happened_at=opening.happened_at,
        records_count=opening.records,
        body_sealed=store.sealed(keys, breach, {"nature": opening.nature}),
    ).save(force_insert=True)
    _record(keys.organisation, breach, "breach.open", by=by, at=at, kind=str(opening.kind))
    return breach


def _record(
    organisation: int, breach: int, verb: str, *, by: int | str, at: datetime, **detail: events.Json
) -> None:
    audit.record(
        organisation=organisation,
        by=by,
        verb=verb,
        object=f"breach:{breach}",
        detail=detail,
        at=at,
    )


def _locked(breach: int) -> models.Breach:
    row = models.Breach.objects.select_for_update().filter(id=breach).first()
    if row is None:
        raise UnableToFind("There is no such breach.")
    return row


def write(
    *, organisation: int, breach: int, body: Mapping[str, str], by: int | str, at: datetime
) -> None:
    """Write down what the notification must hold (Art. 33(3)), as far as it is known; closed cases stay."""
    keys = keyring.organisation(organisation)
    with scope.transaction(organisation=organisation):
        row = _locked(breach)
        if row.state == breaches.State.CLOSED:
            raise breaches.UnableToGoOn("closed", "The case is closed: it stays as it is.")
        row.body_sealed = store.sealed(keys, breach, {**store.body(keys, row), **body})
        row.save(update_fields=["body_sealed"])
        _record(organisation, breach, "breach.write", by=by, at=at, fields=[*sorted(body)])


def assess(
    *,
    organisation: int,
    breach: int,
    risk: breaches.Risk,
    reasons: str,
    by: int | str,
    at: datetime,
) -> None:
    """Decide about the risk, with reasons; an assessment may be made again until the case is closed."""
    breaches.check_assessment(risk, reasons)
    keys = keyring.organisation(organisation)
    with scope.transaction(organisation=organisation):
        row = _locked(breach)
        state = breaches.State(row.state)
        if state is not breaches.State.REPORTED:
            breaches.check_step(state, breaches.State.ASSESSED)
            row.state = breaches.State.ASSESSED
        row.risk = risk
        row.body_sealed = store.sealed(keys, breach, {**store.body(keys, row), "reasons": reasons})
        row.save(update_fields=["state", "risk", "body_sealed"])
        _record(organisation, breach, "breach.assess", by=by, at=at, risk=str(risk))


def tell(*, organisation: int, breach: int, told_at: datetime, by: int | str, at: datetime) -> None:
    """Note that the authority was told; the first report stops the clock, later ones are phases (33(4))."""
    keys = keyring.organisation(organisation)
    with scope.transaction(organisation=organisation):
        row = _locked(breach)
        breaches.check_step(breaches.State(row.state), breaches.State.REPORTED)
        delay = store.body(keys, row).get("delay", "")
        breaches.check_report(
            told_at=row.told_at or told_at, aware_at=row.aware_at, delay=delay, law=law_on(at)
        )
        row.state = breaches.State.REPORTED
        row.told_at = row.told_at or told_at
        row.save(update_fields=["state", "told_at"])
        _record(organisation, breach, "breach.tell", by=by, at=at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """Who is concerned: everybody who exchanged messages with a branch in a time."""

    branch: int
    since: datetime
    until: datetime


def gather(*, organisation: int, breach: int, query: Query, by: int | str, at: datetime) -> int:
    """Add those concerned by a query (Art. 34) and return how many there are now."""
    with scope.transaction(organisation=organisation):
        row = _locked(breach)
        found = (
            models.Message.objects.filter(
                number__branch=query.branch,
                at__gte=query.since,
                at__lt=query.until,
            )
            .values_list("conversation__person_id", flat=True)
            .distinct()
        )
        _concern(row, list(found))
        _record(organisation, breach, "breach.gather", by=by, at=at, people=row.people_count)
        return row.people_count


def _concern(row: models.Breach, people: Sequence[int]) -> None:
    models.BreachPerson.objects.bulk_create(
        [
            models.BreachPerson(
                organisation_id=row.organisation_id, breach_id=row.id, person_id=person
            )
            for person in sorted(set(people))
        ],
        ignore_conflicts=True,
    )
    row.people_count = models.BreachPerson.objects.filter(breach=row).count()
    row.save(update_fields=["people_count"])


def inform(
    *, organisation: int, breach: int, way: breaches.Way, text: str, by: int | str, at: datetime
) -> int:
    """Note that those concerned who had not been told have been (Art. 34), how and with which text.

    Returns how many. Who is added later has to be told, too.
    """
    keys = keyring.organisation(organisation)
    with scope.transaction(organisation=organisation):
        row = _locked(breach)
        breaches.check_step(breaches.State(row.state), breaches.State(row.state))
        body = store.body(keys, row)
        breaches.check_letter(body)
        number = store.next_told(body)
        told = models.BreachPerson.objects.filter(breach=row, told_at=None).update(
            told_at=at, told_way=way, told_text=number
        )
        row.body_sealed = store.sealed(keys, breach, {**body, store.told_key(number): text})
        row.informed_at = row.informed_at or at
        row.save(update_fields=["informed_at", "body_sealed"])
        _record(organisation, breach, "breach.inform", by=by, at=at, people=told, way=str(way))
        return told


def close(*, organisation: int, breach: int, lessons: str, by: int | str, at: datetime) -> None:
    """Close a case whose duties are done, with what was learned; what was frozen stays so until released."""
    keys = keyring.organisation(organisation)
    with scope.transaction(organisation=organisation):
        row = _locked(breach)
        breaches.check_close(
            state=breaches.State(row.state),
            risk=breaches.Risk(row.risk),
            informed=_all_told(row),
        )
        row.state, row.closed_at = breaches.State.CLOSED, at
        row.body_sealed = store.sealed(keys, breach, {**store.body(keys, row), "lessons": lessons})
        row.save(update_fields=["state", "closed_at", "body_sealed"])
        _record(organisation, breach, "breach.close", by=by, at=at)


def _all_told(row: models.Breach) -> bool:
    untold = models.BreachPerson.objects.filter(breach=row, told_at=None)
    return row.informed_at is not None and not untold.exists()


def release(*, organisation: int, breach: int, by: int | str, at: datetime) -> int:
    """Let the frozen people of a case be written to again, once the number is clear; return how many."""
    keys = keyring.organisation(organisation)
    with scope.transaction(organisation=organisation):
        row = _locked(breach)
        concerned = models.BreachPerson.objects.filter(breach=row)
        frozen = models.Person.objects.filter(
            Q(id__in=concerned.values("person_id"))
            | Q(id__in=concerned.values("person__merged_into_id")),
            wrong_number_at__isnull=False,
        )
        people = list(frozen.order_by("id").values_list("id", flat=True))
        frozen.update(wrong_number_at=None)
        for person in people:
            freezing.thaw(
                keys=keys,
                person=person,
                key=f"w{breach}",
                by=f"member:{by}" if isinstance(by, int) else by,
                occurred_at=at,
                at=at,
            )
        _record(organisation, breach, "breach.release", by=by, at=at, people=len(people))
    return len(people)


def attend(batch: inbox.Batch, arrived: Sequence[events.Event]) -> None:
    """Open a case and freeze where somebody says that we have the wrong number, having been written to.

    Runs last in the intake's transaction. One open case per person: a repetition changes nothing.
    """
    law = law_on(batch.at)
    said = {
        event.provider_id
        for event in arrived
        if isinstance(event, events.MessageIn)
        and not event.outgoing
        and not event.historic
        and event.number in batch.numbers
        and breaches.says_wrong_number(event.text, law)
    }
    if not said:
        return
    rows = models.Message.objects.filter(
        number__in=list(batch.numbers.values()), provider_id__in=said, outgoing=False
    ).select_related("conversation__person", "number")
    for row in rows.order_by("id"):
        _freeze(batch, row)


def _freeze(batch: inbox.Batch, row: models.Message) -> None:
    person = row.conversation.person
    written = models.Message.objects.filter(
        Q(sent_at__isnull=False) | Q(state=delivery.State.RECEIVED),
        conversation=row.conversation_id,
        outgoing=True,
        at__lte=row.at,
    )
    count = written.count()
    if person.wrong_number_at is not None or not count:
        return
    models.Person.objects.filter(id=person.id).update(wrong_number_at=batch.at)
    freezing.freeze(
        keys=batch.keys,
        person=person.id,
        deed=consent.Deed.WRONG_NUMBER,
        key=f"w{row.id}",
        by="person",
        occurred_at=batch.at,
        at=batch.at,
    )
    opening = Opening(
        branch=row.number.branch_id,
        kind=breaches.Kind.WRONG_NUMBER,
        aware_at=batch.at,
        records=count,
    )
    breach = _open(batch.keys, opening, by=audit.SYSTEM, at=batch.at)
    _concern(models.Breach.objects.get(id=breach), [person.id])
    batch.touched.add(row.conversation_id)


def printed(
    *, organisation: int, breach: int, data: Mapping[str, object], by: int, at: datetime
) -> bytes:
    """Return the notification as PDF and note that it was taken out."""
    made = paper.pdf(data, at=at)
    took_out(organisation=organisation, breach=breach, what="breach.export", by=by, at=at)
    return made


def letter(
    *, organisation: int, breach: int, words: breaches.Letter, lang: str, by: int, at: datetime
) -> bytes:
    """Return the letter to those concerned as PDF and note that it was printed.

    Raises breaches.UnableToGoOn while it lacks what Art. 34(2) asks for.
    """
    keys = keyring.organisation(organisation)
    with scope.looking(organisation=organisation):
        breaches.check_letter(store.body(keys, models.Breach.objects.get(id=breach)))
    made = paper.letter(words, lang=lang, at=at.astimezone(ledger.ZONE))
    took_out(organisation=organisation, breach=breach, what="breach.print_letter", by=by, at=at)
    return made


def took_out(*, organisation: int, breach: int, what: str, by: int, at: datetime) -> None:
    """Note what of a case was taken out."""
    audit.note(organisation=organisation, by=by, verb=what, object=f"breach:{breach}", at=at)
