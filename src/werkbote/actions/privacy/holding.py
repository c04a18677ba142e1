"""Legal holds (Aussetzung der Löschung): begun with a reason and a date of review, ended by a person."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models.functions import Coalesce

from werkbote.actions import audit
from werkbote.actions.privacy import keeping
from werkbote.domain import cases, privacy
from werkbote.domain.events import Json
from werkbote.store import cases as vehicles
from werkbote.store import ids, keyring, ledger, models, rechtsstand, scope

_LATEST = timedelta(days=366)
"""How far off a review may be: whoever holds longer looks again before."""


class UnableToHold(Exception):
    """The hold cannot begin or end; the sentence says why."""


NO_VEHICLE = "No vehicle with this plate is known here."
"""Said of a plate that nobody has, and of one that another branch knows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """Whom a hold covers now: persons, and their messages."""

    people: int
    messages: int


def covered(*, organisation: int, subject: int | None, query: Mapping[str, Json]) -> Cover:
    """Return how much a hold would cover now, and change nothing; raise UnableToHold like `hold`."""
    _check(query)
    with scope.looking(organisation=organisation):
        if subject is not None:
            people = set(ledger.group(_known(subject)))
        else:
            people = set(keeping.fitting(query).values_list("person", flat=True).distinct())
        messages = models.Message.objects.filter(person__in=people).count()
        roots = models.Person.objects.filter(id__in=people).values_list(
            Coalesce("merged_into", "id"), flat=True
        )
        return Cover(people=len(set(roots)), messages=messages)


def vehicle_of(*, organisation: int, plate: str, at: datetime) -> int:
    """Return the vehicle that carries a plate; raise UnableToHold where none is known."""
    keys, day = keyring.organisation(organisation), keeping.today(at)
    try:
        read = vehicles.read(cases.Vehicle(plate=plate), on=day)
    except cases.UnableToReadPlate as error:
        raise UnableToHold(str(error)) from None
    with scope.looking(organisation=organisation):
        found = models.Vehicle.objects.filter(vehicles.found_by(keys, read, on=day)).first()
    if found is None:
        raise UnableToHold(NO_VEHICLE)
    return found.id


def _check(query: Mapping[str, Json]) -> None:
    if unknown := sorted(query.keys() - keeping.CONDITIONS.keys()):
        raise UnableToHold(f"“{unknown[0]}” is no condition of a hold.")


def hold(  # noqa: PLR0913 -- what a hold is made of
    *,
    organisation: int,
    subject: int | None,
    reason: str,
    query: Mapping[str, Json],
    review_on: date | None = None,
    by: int,
    at: datetime,
) -> int:
    """Begin a hold for a person, or for everybody a query names; return its id.

    It stops deletions from now on, also those that are under way; it is reviewed on a day, without
    one after some months.
    """
    if not reason.strip():
        raise UnableToHold("Say why this must not be deleted: a hold without a reason is none.")
    _check(query)
    keys, row = keyring.organisation(organisation), ids.new()
    day = keeping.today(at)
    months = rechtsstand.retention(day).review_months
    review = review_on or privacy.Period(months=months).after(day)
    if not day < review <= day + _LATEST:
        raise UnableToHold("Choose a day of review within the next twelve months.")
    with scope.transaction(organisation=organisation):
        if subject is not None:
            subject = _known(subject)
        models.LegalHold(
            id=row,
            organisation_id=organisation,
            subject=subject,
            query=dict(query),
            reason_sealed=keys.main.seal_text(
                reason, table="legal_hold", row=row, column="reason_sealed"
            ),
            asked_by_id=by,
            began_at=at,
            review_on=review,
        ).save(force_insert=True)
        audit.record(
            organisation=organisation, by=by, verb="privacy.hold", object=f"legal_hold:{row}", at=at
        )
    return row


def _known(subject: int) -> int:
    if not models.Person.objects.filter(id=subject).exists():
        raise UnableToHold("There is no such person here any more.")
    return ledger.group(subject)[0]


def end_hold(*, organisation: int, hold: int, reason: str, by: int, at: datetime) -> None:
    """End a hold for one of privacy.HOLD_ENDS; erasures it stopped go on.

    Raises UnableToHold for another reason, and where it ended before.
    """
    if reason not in privacy.HOLD_ENDS:
        raise UnableToHold("Say why the hold ends: it is written down.")
    with scope.transaction(organisation=organisation):
        ended = models.LegalHold.objects.filter(id=hold, ended_at=None).update(ended_at=at)
        if not ended:
            raise UnableToHold("This hold has ended already; reload the page.")
        waiting = models.ErasureRun.objects.filter(state=privacy.State.HELD)
        for run in waiting:
            if not keeping.held(ledger.group(run.subject)):
                models.ErasureRun.objects.filter(id=run.id).update(
                    state=privacy.move(privacy.State.HELD, "release"), next_at=at
                )
        audit.record(
            organisation=organisation,
            by=by,
            verb="privacy.end_hold",
            object=f"legal_hold:{hold}",
            detail={"reason": reason},
            at=at,
        )


def review_due(*, day: date) -> int:
    """Return how many holds are due for review. Inside a scope."""
    return models.LegalHold.objects.filter(ended_at=None, review_on__lte=day).count()
