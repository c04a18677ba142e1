"""A number's limit is divided among the workers that send for it; what each holds is in its row."""

from dataclasses import asdict

from django.db import connection

from werkbote.domain import pace
from werkbote.store import models, scope


def share(*, organisation: int, number: int, sender: str, busy: int) -> pace.Division:
    """Renew what `sender` may start per second; `busy` is what its window holds already."""
    with scope.transaction(organisation=organisation):
        row = _row(number)
        division = pace.divide(
            limit=row.per_second, holds=_holds(row), sender=sender, busy=busy, now=_now()
        )
        row.pace = {name: asdict(hold) for name, hold in division.holds.items()}
        row.save(update_fields=["pace"])
    return division


def leave(*, organisation: int, number: int, sender: str, busy: int) -> None:
    """Give a share back: `sender` starts nothing more."""
    with scope.transaction(organisation=organisation):
        row = _row(number)
        held = pace.leave(holds=_holds(row), sender=sender, busy=busy, now=_now())
        row.pace = {name: asdict(hold) for name, hold in held.items()}
        row.save(update_fields=["pace"])


def _row(number: int) -> models.Number:
    return (
        models.Number.objects.select_for_update(no_key=True)
        .only("per_second", "pace")
        .get(id=number)
    )


def _holds(row: models.Number) -> dict[str, pace.Hold]:
    return {name: pace.Hold(**hold) for name, hold in row.pace.items()}


def _now() -> float:
    """Return the database's clock, the one that all workers share."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM clock_timestamp())::float8")
        now: float = cursor.fetchone()[0]
    return now
