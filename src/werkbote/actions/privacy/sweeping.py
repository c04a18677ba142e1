"""The nightly sweep: what is due goes, batch by batch, again after any crash, braked when it is too much."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F, Min, Q

from werkbote.actions import audit
from werkbote.actions.privacy import ageing, erasing, keeping, stocks
from werkbote.domain import privacy
from werkbote.store import ids, ledger, models, rechtsstand, scope

_BATCH = 500
_FEW = 100
"""Below so many rows the share says nothing, and the brake stays off."""


class UnableToSweep(Exception):
    """The brake is not on here; reload the page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one kind of rows of a class is at a moment: how many, the oldest, how many overdue, held."""

    rule: str
    name: str
    stock: int
    oldest: datetime | None
    due: int
    held: int


def survey(*, organisation: int, at: datetime) -> list[Finding]:
    """Return what the sweep would find now, and change nothing (dry run)."""
    with scope.looking(organisation=organisation):
        day = keeping.today(at)
        found = stocks.all_(rechtsstand.retention(day), organisation=organisation, day=day)
        return [_finding(one) for one in found]


def _finding(stock: ageing.Stock) -> Finding:
    held = len(_held(stock, None)) if stock.person and _holds() else 0
    return Finding(
        rule=stock.rule,
        name=stock.name,
        stock=stock.rows.count(),
        oldest=stock.rows.aggregate(first=Min(stock.since))["first"],
        due=stock.due.count() - held,
        held=held,
    )


def _holds() -> bool:
    return models.LegalHold.objects.filter(ended_at=None).exists()


def _held(stock: ageing.Stock, among: Sequence[int] | None) -> set[int]:
    """Return the due rows of persons whom a legal hold covers."""
    due = stock.due if among is None else stock.due.filter(pk__in=list(among))
    found: dict[int, list[int]] = {}
    for row, person in due.values_list("pk", stock.person):
        found.setdefault(person, []).append(row)
    return {
        row for person, rows in found.items() if keeping.held(ledger.group(person)) for row in rows
    }


def sweep(*, organisation: int, at: datetime) -> int:
    """Do what is due today and return how many rows went or moved; may be called again at any time.

    A class of which too large a share is due is left alone until a person approves it.
    """
    day, done = keeping.today(at), 0
    with scope.looking(organisation=organisation):
        rules = rechtsstand.retention(day)
        found = list(stocks.all_(rules, organisation=organisation, day=day))
    for stock in found:
        if _may(organisation, stock, day=day, at=at):
            done += _run(organisation, stock, day=day, at=at)
    return done


def _may(organisation: int, stock: ageing.Stock, *, day: date, at: datetime) -> bool:
    """Note what there is to do, and return whether the brake lets it be done."""
    with scope.transaction(organisation=organisation):
        size, due = stock.rows.count(), stock.due.count()
        brake = rechtsstand.retention(day).brake
        mark, _ = models.RetentionMark.objects.get_or_create(
            organisation_id=organisation,
            day=day,
            rule=stock.rule,
            name=stock.name,
            defaults={
                "id": ids.new(),
                "stock": size,
                "due": due,
                "oldest": stock.rows.aggregate(first=Min(stock.since))["first"],
                "began_at": at,
            },
        )
        too_much = due > _FEW and due * 100 > size * brake and mark.approved_by_id is None
        if too_much and stock.brakes and not mark.done:
            models.RetentionMark.objects.filter(id=mark.id).update(state="braked")
            return False
        models.RetentionMark.objects.filter(id=mark.id).update(state="running")
    return True


def _run(organisation: int, stock: ageing.Stock, *, day: date, at: datetime) -> int:
    """Work through one kind of rows: each batch, and its count, in a transaction of its own."""
    after, done = 0, 0
    keys = Q(day=day, rule=stock.rule, name=stock.name)
    while True:
        with scope.transaction(organisation=organisation):
            ordered = stock.due.order_by("pk")
            if stock.counts_up:
                ordered = ordered.filter(pk__gt=after)
            batch = list(ordered.values_list("pk", flat=True)[:_BATCH])
            held = _held(stock, batch) if batch and stock.person and _holds() else set()
            free = [row for row in batch if row not in held]
            gone = stock.act(free) if free and stock.name != "person" else 0
            models.RetentionMark.objects.filter(keys).update(
                done=F("done") + gone, held=F("held") + len(held)
            )
        if stock.name == "person":
            gone = _erase(organisation, free, at=at)
        done += gone
        if not batch:
            break
        after = batch[-1] if stock.counts_up else 0
    with scope.transaction(organisation=organisation):
        models.RetentionMark.objects.filter(keys).update(state="done", ended_at=at)
        if done:
            audit.record(
                organisation=organisation,
                by=audit.SYSTEM,
                verb="privacy.sweep",
                object=f"retention:{stock.rule}",
                detail={"rows": done, "what": stock.name},
                at=at,
            )
    return done


def _erase(organisation: int, people: Sequence[int], *, at: datetime) -> int:
    """Ask for the erasure of persons of whom nothing is left but the contact."""
    order = erasing.Order(trigger=privacy.Trigger.RULE)
    for person in people:
        erasing.ask(organisation=organisation, person=person, order=order, by=None, at=at)
    return len(people)


def approve_sweep(*, organisation: int, mark: int, by: int, at: datetime) -> None:
    """Let a braked class go on; raise UnableToSweep where the brake is not on."""
    with scope.transaction(organisation=organisation):
        freed = models.RetentionMark.objects.filter(id=mark, state="braked").update(
            state="running", approved_by=by
        )
        if not freed:
            raise UnableToSweep("The brake is not on here any more; reload the page.")
        audit.record(
            organisation=organisation,
            by=by,
            verb="privacy.approve_sweep",
            object=f"retention_mark:{mark}",
            at=at,
        )


def open_tax_audit(*, organisation: int, year: int, until: date, by: int, at: datetime) -> None:
    """Keep the letters of a fiscal year until a day, since its tax audit is open (§ 147(3) AO)."""
    if not 1990 <= year <= keeping.today(at).year or until < keeping.today(at):  # noqa: PLR2004 -- years there were computers in
        raise UnableToSweep("Give a fiscal year that has begun, and a day to come.")
    with scope.transaction(organisation=organisation):
        models.TaxAudit.objects.update_or_create(
            organisation_id=organisation,
            year=year,
            defaults={"open_until": until, "set_by_id": by, "set_at": at},
        )
        audit.record(
            organisation=organisation,
            by=by,
            verb="privacy.open_tax_audit",
            object=f"year:{year}",
            detail={"until": until.isoformat()},
            at=at,
        )
