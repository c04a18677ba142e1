"""What a copy may leave out: data kept by a statute alone and used for nothing else (§ 34(1) no. 2, (2) BDSG)."""

from collections.abc import Sequence
from datetime import date, datetime

from werkbote.actions import audit
from werkbote.actions.privacy import classing, keeping, requesting
from werkbote.domain import privacy
from werkbote.store import exporting, keyring, ledger, models, rechtsstand, scope, vault

_SEALED = {"table": "access_package", "column": "left_out_sealed"}
_LONGEST = 1000


def kept_by_law_alone(people: Sequence[int], *, at: datetime) -> frozenset[int]:
    """Return the messages of persons that only a statute keeps, and that are out of the daily work. In a scope."""
    day = keeping.today(at)
    rules = rechtsstand.retention(day)
    rows = models.Message.objects.filter(person__in=list(people), archived_at__isnull=False)
    return frozenset(
        row.id for row in rows.select_related("case") if _is_statutory(row, rules, day=day)
    )


def _is_statutory(row: models.Message, rules: privacy.Retention, *, day: date) -> bool:
    code = classing.code_of(row, rules, day=day)
    return bool(code) and rules.rules[code].statute


def leave_out(*, organisation: int, package: int, reason: str, by: int, at: datetime) -> None:
    """Leave what is kept by law alone out of a package, and write down why; without a reason put it back.

    The person is told the reason with the package. Raises requesting.UnableToHandle where nothing is
    kept like that, the package is made already, or the person asked to take their data along.
    """
    with scope.transaction(organisation=organisation):
        row = models.AccessPackage.objects.select_for_update().filter(id=package).first()
        if row is None:
            raise requesting.UnableToHandle("There is no such package any more.")
        if row.state != "review":
            raise requesting.UnableToHandle("This package is made already.")
        words = reason.strip()[:_LONGEST]
        request = models.PersonRequest.objects.get(id=row.request_ref)
        if request.kind != privacy.Kind.ACCESS:
            raise requesting.UnableToHandle(
                "Only access can leave something out: what is taken along has no letters in it."
            )
        if words and not kept_by_law_alone(ledger.group(row.person_id), at=at):
            raise requesting.UnableToHandle(
                "Nothing here is kept by law alone: everything goes into the package."
            )
        row.left_out_sealed = _key(row).seal_text(words, row=row.id, **_SEALED) if words else None
        row.save(update_fields=["left_out_sealed"])
        audit.record(
            organisation=organisation,
            by=by,
            verb="privacy.leave_out",
            object=f"access_package:{package}",
            detail={"left_out": bool(words)},
            at=at,
        )


def reason_of(row: models.AccessPackage) -> str:
    """Return why something is left out of a package, empty where nothing is. In a scope."""
    if row.left_out_sealed is None:
        return ""
    return _key(row).open_text(row.left_out_sealed, row=row.id, **_SEALED)


def _key(row: models.AccessPackage) -> vault.Key:
    keys = keyring.organisation(row.organisation_id)
    return exporting.open_person(keys, ledger.group(row.person_id)).own[row.person_id]
