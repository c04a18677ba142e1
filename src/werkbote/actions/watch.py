"""Watching over much reading and large exports: counted without names, told once, stopped, or agreed to by two."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db.models import QuerySet

from werkbote.actions import audit, ledger
from werkbote.domain import watch
from werkbote.domain.events import Json
from werkbote.store import keyring, models, scope

_KEEP = timedelta(days=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Who reads: a member at a screen, or with a `token` a program that acts for one."""

    organisation: int
    member: int
    token: int = 0


def look(*, reader: Reader, persons: Collection[int], at: datetime, listed: bool = False) -> None:
    """Count persons whose data a reader is about to see; raise watch.UnableToRead beyond the limit.

    Goes over a threshold: an entry of the audit, once an hour and once a day. Who was counted this hour
    already stays readable. `listed`: they merely stand in a list. Before anything is shown, outside of
    any transaction; asks as often whoever of them counts.
    """
    if not persons:
        return
    places = _places(reader, persons, at=at, listed=listed)
    hour = at.replace(minute=0, second=0, microsecond=0)
    with scope.looking(organisation=reader.organisation):
        kept = _hours(reader).filter(hour=hour).values_list("marks", flat=True).first()
    if not places or (kept is not None and watch.marked(bytes(kept), places) == bytes(kept)):
        return
    with scope.transaction(organisation=reader.organisation):
        until = _count(reader, places, hour=hour, at=at)
    if until is not None:
        raise watch.UnableToRead(until)


def _places(
    reader: Reader, persons: Collection[int], *, at: datetime, listed: bool
) -> frozenset[int]:
    keys = keyring.organisation(reader.organisation)
    day = at.astimezone(ledger.ZONE).date()
    digests = [
        keys.digest("reading", f"{day} {reader.member} {reader.token} {person}".encode())
        for person in set(persons)
    ]
    return frozenset(
        watch.place(one) for one in digests if not listed or watch.counts_when_listed(one)
    )


def _hours(reader: Reader) -> QuerySet[models.ReadingHour]:
    return models.ReadingHour.objects.filter(member=reader.member, token=reader.token)


def _count(
    reader: Reader, places: frozenset[int], *, hour: datetime, at: datetime
) -> datetime | None:
    """Keep the marks and tell what went over a threshold; return until when reading stops, if it does."""
    begin = datetime.combine(at.astimezone(ledger.ZONE).date(), time(), tzinfo=ledger.ZONE)
    models.ReadingHour.objects.bulk_create(
        [
            models.ReadingHour(
                organisation_id=reader.organisation,
                member_id=reader.member,
                token=reader.token,
                hour=hour,
                marks=b"",
            )
        ],
        ignore_conflicts=True,
    )
    row = _hours(reader).select_for_update().get(hour=hour)
    earlier = _hours(reader).filter(hour__gte=begin, hour__lt=hour).values_list("marks", flat=True)
    others = watch.together([bytes(one) for one in earlier])
    old, new = bytes(row.marks), watch.marked(bytes(row.marks), places)
    found = {
        watch.Span.HOUR: (old, new, hour + timedelta(hours=1)),
        watch.Span.DAY: (
            watch.together([old, others]),
            watch.together([new, others]),
            begin + timedelta(days=1),
        ),
    }
    thresholds = _thresholds(reader.organisation)
    for span, (before, after, until) in found.items():
        limit, persons = thresholds.of(span), watch.estimate(after)
        if persons > limit * watch.STOP:
            if not row.stopped:
                _hours(reader).filter(hour=hour).update(stopped=True)
                _tell(reader, "watch.stop_reading", span, persons, at=at)
            return until
        if watch.passed(watch.estimate(before), persons, threshold=limit):
            _tell(reader, "watch.large_read", span, persons, at=at)
    _hours(reader).filter(hour=hour).update(marks=new)
    return None


def _tell(reader: Reader, verb: str, span: watch.Span, persons: int, *, at: datetime) -> None:
    audit.record(
        organisation=reader.organisation,
        by=audit.SYSTEM,
        verb=verb,
        object=f"token:{reader.token}" if reader.token else f"member:{reader.member}",
        detail={"member": reader.member, "span": span, "persons": persons},
        at=at,
    )


def _thresholds(organisation: int) -> watch.Thresholds:
    row = models.Organisation.objects.get(id=organisation)
    return watch.Thresholds(alone=row.export_alone, hourly=row.read_hourly, daily=row.read_daily)


def set_thresholds(
    *, organisation: int, wanted: watch.Thresholds, by: int | str, at: datetime
) -> None:
    """Say what this house calls much; raise watch.UnableToSetThresholds for what cannot be."""
    watch.check_thresholds(wanted)
    with scope.transaction(organisation=organisation):
        models.Organisation.objects.filter(id=organisation).update(
            export_alone=wanted.alone, read_hourly=wanted.hourly, read_daily=wanted.daily
        )
        audit.record(
            organisation=organisation,
            by=by,
            verb="watch.set_thresholds",
            object=f"organisation:{organisation}",
            detail={"alone": wanted.alone, "hourly": wanted.hourly, "daily": wanted.daily},
            at=at,
        )


def forget_reading(*, organisation: int, at: datetime) -> int:
    """Delete counts that are older than two days; return how many."""
    with scope.transaction(organisation=organisation):
        gone, _ = models.ReadingHour.objects.filter(hour__lt=at - _KEEP).delete()
        return gone


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """A file that shall leave: on which way, what was asked for, of which branches, about how many persons."""

    way: watch.Way
    wanted: Mapping[str, Json]
    branches: Collection[int]
    persons: int


def hand_out(*, organisation: int, parcel: Parcel, by: int, at: datetime) -> int | None:
    """Return None where a file may leave now, else the number of the wish that waits for a second person.

    A second person's word is good for one file, by whoever asked, of the same kind and filter, about no
    more persons than were agreed to.
    """
    with scope.transaction(organisation=organisation):
        if not _thresholds(organisation).takes_two(parcel.persons):
            return None
        same = models.Handout.objects.select_for_update().filter(
            way=parcel.way,
            wanted=dict(parcel.wanted),
            branches=sorted(parcel.branches),
            asked_by=by,
            state__in=[watch.State.APPROVED, watch.State.WAITING],
        )
        for row in same.order_by("-id"):
            wish = _wish(row)
            if wish.covers(parcel.persons, at=at) and _is_active(row.decided_by):
                _take(row, persons=parcel.persons, at=at)
                return None
            waits = wish.state is watch.State.WAITING and not wish.is_over(at=at)
            if waits and parcel.persons <= wish.persons:
                return row.id
        return _ask(organisation, parcel, by=by, at=at)


def _wish(row: models.Handout) -> watch.Wish:
    return watch.Wish(
        state=watch.State(row.state),
        persons=row.persons,
        asked_at=row.asked_at,
        decided_at=row.decided_at,
    )


def _is_active(member: int | None) -> bool:
    return member is not None and models.Member.objects.filter(id=member, is_active=True).exists()


def _take(row: models.Handout, *, persons: int, at: datetime) -> None:
    models.Handout.objects.filter(id=row.id).update(state=watch.State.TAKEN, taken_at=at)
    audit.record(
        organisation=row.organisation_id,
        by=row.asked_by,
        verb="watch.take_out",
        object=f"handout:{row.id}",
        detail={"way": row.way, "persons": persons},
        at=at,
    )


def _ask(organisation: int, parcel: Parcel, *, by: int, at: datetime) -> int:
    row = models.Handout(
        organisation_id=organisation,
        way=parcel.way,
        wanted=dict(parcel.wanted),
        branches=sorted(parcel.branches),
        persons=parcel.persons,
        state=watch.State.WAITING,
        asked_by=by,
        asked_at=at,
    )
    row.save(force_insert=True)
    audit.record(
        organisation=organisation,
        by=by,
        verb="watch.ask_handout",
        object=f"handout:{row.id}",
        detail={"way": parcel.way, "persons": parcel.persons},
        at=at,
    )
    return row.id


def approve(*, organisation: int, handout: int, by: int, at: datetime) -> None:
    """Agree to a file as the second person; raise watch.UnableToDecide where that cannot be."""
    _decide(organisation, handout, watch.State.APPROVED, by=by, at=at)


def refuse(*, organisation: int, handout: int, by: int, at: datetime) -> None:
    """Say no to a file; raise watch.UnableToDecide where that cannot be."""
    _decide(organisation, handout, watch.State.REFUSED, by=by, at=at)


def _decide(organisation: int, handout: int, state: watch.State, *, by: int, at: datetime) -> None:
    with scope.transaction(organisation=organisation):
        row = models.Handout.objects.select_for_update().filter(id=handout).first()
        if row is None or row.state != watch.State.WAITING or _wish(row).is_over(at=at):
            raise watch.UnableToDecide("This file does not wait for a decision any more.")
        if row.asked_by == by:
            raise watch.UnableToDecide(
                "Somebody else must decide: whoever asks for a file cannot agree to it."
            )
        if not _is_active(by) or not _is_active(row.asked_by):
            raise watch.UnableToDecide("Whoever asked or decides is not active any more.")
        models.Handout.objects.filter(id=handout).update(state=state, decided_by=by, decided_at=at)
        audit.record(
            organisation=organisation,
            by=by,
            verb="watch.approve" if state is watch.State.APPROVED else "watch.refuse",
            object=f"handout:{handout}",
            detail={"way": row.way, "persons": row.persons},
            at=at,
        )
