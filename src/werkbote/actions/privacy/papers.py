"""Handing out papers, each on record: an erasure's confirmation and protocol, letters of an answer."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from werkbote.actions import audit
from werkbote.actions.privacy import lettering, proving, requesting
from werkbote.domain import privacy
from werkbote.store import keyring, models, scope


def confirmation_paper(*, organisation: int, run: int, by: int, at: datetime) -> bytes:
    """Return the confirmation for the person as PDF; raise UnableToHandle until it is done."""
    keys = keyring.organisation(organisation)
    with scope.transaction(organisation=organisation):
        row = _done(run)
        content = privacy.confirmation(proving.protocol_in(row))
        asked = models.PersonRequest.objects.filter(id=row.request_ref or 0).first()
        branch = asked.branch_id if asked else models.Branch.objects.order_by("id")[0].id
        paper = lettering.erased(keys, branch, content, at=at)
        _handed_out(organisation, f"erasure_run:{run}", "confirmation", by=by, at=at)
    return paper


def protocol_paper(*, organisation: int, run: int, by: int, at: datetime) -> Mapping[str, Any]:
    """Return the internal protocol (Löschprotokoll) of an erasure; raise UnableToHandle until it is done."""
    with scope.transaction(organisation=organisation):
        row = _done(run)
        _handed_out(organisation, f"erasure_run:{run}", "protocol", by=by, at=at)
    content: Mapping[str, Any] = row.protocol or {}
    return content


def _done(run: int) -> models.ErasureRun:
    row = models.ErasureRun.objects.filter(id=run, state=privacy.State.DONE).first()
    if row is None:
        raise requesting.UnableToHandle("This erasure is not done yet.")
    return row


def reply_paper(*, organisation: int, request: int, by: int, at: datetime) -> bytes:
    """Return the letter that tells why it takes longer, or why not; raise UnableToHandle without one."""
    keys = keyring.organisation(organisation)
    with scope.transaction(organisation=organisation):
        row = models.PersonRequest.objects.filter(id=request).first()
        if row is None or row.reason_sealed is None:
            raise requesting.UnableToHandle("There is no letter for this request.")
        paper = lettering.reply(keys, row, at=at)
        _handed_out(organisation, f"person_request:{request}", "letter", by=by, at=at)
    return paper


def told_paper(*, organisation: int, request: int, by: int, at: datetime) -> bytes:
    """Return the letter that names who was told (Art. 19 S. 2); raise UnableToHandle where nobody is."""
    keys = keyring.organisation(organisation)
    with scope.transaction(organisation=organisation):
        row = models.PersonRequest.objects.filter(id=request).first()
        if row is None or not row.notices:
            raise requesting.UnableToHandle("There is no letter for this request.")
        paper = lettering.told(keys, row, at=at)
        _handed_out(organisation, f"person_request:{request}", "recipients", by=by, at=at)
    return paper


def unasked_paper(*, organisation: int, document: int, by: int, at: datetime) -> bytes:
    """Return the letter that an unasked document is deleted; who hands it out has told the person.

    Raises UnableToHandle where no such letter is owed.
    """
    keys = keyring.organisation(organisation)
    with scope.transaction(organisation=organisation):
        row = models.UnaskedDocument.objects.select_for_update().filter(id=document).first()
        if row is None:
            raise requesting.UnableToHandle("There is no such letter.")
        paper = lettering.unasked(keys, row, at=at)
        row.letter_at = row.letter_at or at
        row.save(update_fields=["letter_at"])
        _handed_out(organisation, f"unasked_document:{document}", "unasked_document", by=by, at=at)
    return paper


def _handed_out(organisation: int, about: str, paper: str, *, by: int, at: datetime) -> None:
    audit.record(
        organisation=organisation,
        by=by,
        verb="privacy.hand_out",
        object=about,
        detail={"paper": paper},
        at=at,
    )
