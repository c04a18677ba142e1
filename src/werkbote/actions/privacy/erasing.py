"""Asking for an erasure: what would go, what stays and why, and who must agree."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from werkbote.actions import audit
from werkbote.actions.privacy import keeping
from werkbote.domain import privacy
from werkbote.store import erasing, ids, ledger, models, queue, rechtsstand, scope


class UnableToErase(Exception):
    """The erasure cannot be asked for or decided; the sentence says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is wanted. `request` is the case it answers, `identified_by` how the person was verified."""

    trigger: privacy.Trigger
    stop: privacy.Stop = privacy.Stop.KEEP
    request: int | None = None
    identified_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What an erasure would do now. `takes_two`: a second person must agree."""

    counts: Mapping[str, int]
    blocks: tuple[privacy.Block, ...]
    held: bool
    takes_two: bool


def preview(*, organisation: int, person: int, at: datetime) -> Preview:
    """Return counts and blocks, no contents; raise UnableToErase for a person who is not here."""
    with scope.looking(organisation=organisation):
        return _preview(_group(person), at=at)


def _group(person: int) -> list[int]:
    group = ledger.group(person)
    if not models.Person.objects.filter(id=group[0]).exists():
        raise UnableToErase("This person is not here any more; go back to the list.")
    return group


def _locked(person: int) -> list[int]:
    """Return the ids of a person whom nobody else can begin to erase or merge meanwhile."""
    group = _group(person)
    rows = models.Person.objects.select_for_update(no_key=True).filter(id__in=group)
    list(rows.order_by("id").values_list("id", flat=True))
    return _group(person)


def _preview(group: list[int], *, at: datetime) -> Preview:
    found = keeping.find(group, at=at)
    counts = erasing.counts(group, kept=found.kept)
    rules = rechtsstand.retention(keeping.today(at))
    return Preview(
        counts=counts,
        blocks=found.blocks,
        held=found.held,
        takes_two=sum(counts.values()) >= rules.approval_from,
    )


def ask(*, organisation: int, person: int, order: Order, by: int | None, at: datetime) -> int:
    """Ask for a person's erasure and return its id; while one is open, the id of that one.

    Above a number of rows a second person must agree first; what a rule asks for has its own brake.
    Raises UnableToErase for a person who is not here.
    """
    with scope.transaction(organisation=organisation):
        group = _locked(person)
        again = models.ErasureRun.objects.filter(
            Q(subject__in=group), state__in=sorted(privacy.OPEN)
        ).first()
        if again is not None:
            return again.id
        found = _preview(group, at=at)
        waits = found.takes_two and order.trigger in {
            privacy.Trigger.REQUEST,
            privacy.Trigger.STAFF,
        }
        run = models.ErasureRun(
            id=ids.new(),
            organisation_id=organisation,
            subject=group[0],
            trigger=order.trigger,
            request_ref=order.request,
            identified_by=order.identified_by,
            state=privacy.State.WAITING if waits else privacy.State.READY,
            stop=order.stop,
            preview=dict(found.counts),
            blocks=plain(found.blocks),
            asked_by_id=by,
            asked_at=at,
            next_at=at,
        )
        run.save(force_insert=True)
        if not waits:
            _start(run)
        audit.record(
            organisation=organisation,
            by=audit.SYSTEM if by is None else by,
            verb="privacy.ask_erasure",
            object=f"erasure_run:{run.id}",
            detail={"person": group[0], "trigger": order.trigger, "takes_two": waits},
            at=at,
        )
    return run.id


def plain(blocks: tuple[privacy.Block, ...]) -> list[dict[str, object]]:
    """Return blocks as the run's row keeps them."""
    return [
        {**asdict(one), "until": one.until.isoformat() if one.until else None} for one in blocks
    ]


def _start(run: models.ErasureRun) -> None:
    queue.enqueue(queue.Job.ERASE, organisation=run.organisation_id, object_id=run.id)


def approve(*, organisation: int, run: int, by: int, at: datetime) -> None:
    """Agree to an erasure as the second person; raise UnableToErase where that cannot be."""
    _decide(organisation, run, "approve", by=by, at=at)


def refuse(*, organisation: int, run: int, by: int, at: datetime) -> None:
    """Say no to an erasure that waits; raise UnableToErase where that cannot be."""
    _decide(organisation, run, "refuse", by=by, at=at)


def _decide(organisation: int, run: int, cause: str, *, by: int, at: datetime) -> None:
    with scope.transaction(organisation=organisation):
        row = models.ErasureRun.objects.select_for_update().filter(id=run).first()
        if row is None or row.state not in {privacy.State.WAITING, privacy.State.HELD}:
            raise UnableToErase("This erasure does not wait for a decision any more.")
        if cause == "approve" and row.asked_by_id == by:
            raise UnableToErase("Somebody else must agree: whoever asks for it cannot approve it.")
        state = privacy.move(privacy.State(row.state), cause)
        models.ErasureRun.objects.filter(id=run).update(
            state=state,
            approved_by=by,
            approved_at=at,
            next_at=at,
            ended_at=at if state is privacy.State.REFUSED else None,
        )
        if state is privacy.State.READY:
            _start(row)
        audit.record(
            organisation=organisation,
            by=by,
            verb=f"privacy.{cause}_erasure",
            object=f"erasure_run:{run}",
            at=at,
        )


def backups_until(*, at: datetime) -> datetime:
    """Return when the last backup that holds what goes now has expired (L-25)."""
    period = rechtsstand.retention(keeping.today(at)).rules["L-25"].period
    return at + timedelta(days=period.days if period else 0)
