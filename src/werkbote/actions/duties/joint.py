"""Keeping an agreement between joint controllers (Art. 26 DSGVO), and publishing its essence."""

from datetime import datetime

from werkbote.actions import audit, ledger, notice, scanning
from werkbote.domain import duties
from werkbote.domain.duties.joint import UnableToAgree as UnableToAgree
from werkbote.store import duties_joint as store
from werkbote.store import ids, keyring, models, scope


def agree(
    *, organisation: int, agreement: duties.joint.Agreement, paper: bytes, by: int, at: datetime
) -> int:
    """Keep an agreement with its paper, publish its essence in the notices, and return its row.

    Raises UnableToAgree, with the remedy; without the paper there is no agreement.
    """
    duties.joint.check(agreement, today=at.astimezone(ledger.ZONE).date())
    duties.joint.check_paper(paper)
    _scan(paper)
    keys, row = keyring.organisation(organisation), ids.new()
    with scope.transaction(organisation=organisation):
        models.JointController(
            id=row,
            organisation_id=organisation,
            agreed_on=agreement.agreed_on,
            body_sealed=store.sealed(keys, row, agreement),
            paper_sealed=store.sealed_paper(keys, row, paper),
            created_at=at,
        ).save(force_insert=True)
        _record(organisation, row, "joint.agree", by=by, at=at)
    notice.publish(organisation=organisation, at=at)
    return row


def end(*, organisation: int, row: int, by: int, at: datetime) -> None:
    """End an agreement: it stays on record and is published no more; raise UnableToAgree where it ended."""
    with scope.transaction(organisation=organisation):
        ended = models.JointController.objects.filter(id=row, ended_at=None).update(ended_at=at)
        if not ended:
            raise UnableToAgree("This agreement has ended already: reload the page.")
        _record(organisation, row, "joint.end", by=by, at=at)
    notice.publish(organisation=organisation, at=at)


def took_out(*, organisation: int, row: int, by: int, at: datetime) -> None:
    """Note that an agreement was taken out."""
    audit.note(
        organisation=organisation,
        by=by,
        verb="joint.export",
        object=f"joint_controller:{row}",
        at=at,
    )


def _scan(paper: bytes) -> None:
    try:
        scanning.check(paper)
    except scanning.Infected:
        raise UnableToAgree("The malware scanner has something against this file.") from None
    except scanning.UnableToScan:
        raise UnableToAgree("The file cannot be scanned right now: try again later.") from None


def _record(organisation: int, row: int, verb: str, *, by: int, at: datetime) -> None:
    audit.record(
        organisation=organisation, by=by, verb=verb, object=f"joint_controller:{row}", at=at
    )
