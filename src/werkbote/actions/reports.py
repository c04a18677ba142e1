"""The switch of the works council: whether reports may show single members (§ 26 BDSG, § 87 BetrVG)."""

from datetime import datetime
from enum import StrEnum

from werkbote.actions import audit, ledger
from werkbote.store import ids, keyring, models, reasons, scope

_TOPIC = "reports"
_LONGEST = 300


class Ground(StrEnum):
    """What allows it: an agreement with the works council, or that there is none and all were told."""

    AGREEMENT = "agreement"
    TOLD = "told"


class UnableToSwitch(ValueError):
    """The switch cannot be turned like that; the sentence says why."""


def switch_on(*, organisation: int, ground: Ground, reason: str, by: int, at: datetime) -> None:
    """Let reports show single members from now on; raise UnableToSwitch without a reason."""
    words = reason.strip()
    if not 1 <= len(words) <= _LONGEST:
        raise UnableToSwitch("Say why in up to 300 signs.")
    _turn(organisation, {"by_person": str(ground)}, words, by=by, at=at)


def switch_off(*, organisation: int, by: int, at: datetime) -> None:
    """Let reports show teams and branches only again, as shipped."""
    _turn(organisation, {}, "as shipped", by=by, at=at)


def _turn(
    organisation: int, changes: dict[str, str], reason: str, *, by: int, at: datetime
) -> None:
    keys, row = keyring.organisation(organisation), ids.new()
    with scope.transaction(organisation=organisation):
        models.HouseRule(
            id=row,
            organisation_id=organisation,
            topic=_TOPIC,
            changes=changes,
            valid_from=at.astimezone(ledger.ZONE).date(),
            reason_sealed=reasons.sealed(keys, reason, table="house_rule", row=row),
            made_by=by,
            created_at=at,
        ).save(force_insert=True)
        audit.record(
            organisation=organisation,
            by=by,
            verb="reports.switch_on" if changes else "reports.switch_off",
            object=f"house_rule:{row}",
            detail=dict(changes),
            at=at,
        )
