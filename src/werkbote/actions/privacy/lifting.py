"""Ending a restriction: the person is told why before it ends (Art. 18(3)), by message or by letter."""

from datetime import datetime
from typing import Any

from werkbote.actions import audit, drafts
from werkbote.actions.privacy import lettering, requesting, writing
from werkbote.domain import law, privacy
from werkbote.store import keyring, models, scope, vault
from werkbote.store import ledger as rows


def announce_lift(*, organisation: int, request: int, reason: str, by: int, at: datetime) -> None:
    """Tell a person why their restriction will end: by a message where the gate lets it leave.

    Where it does not, a letter is needed. Raises UnableToHandle.
    """
    if reason not in privacy.LIFTS:
        raise requesting.UnableToHandle("Say why the restriction ends: the person is told it.")
    keys = keyring.organisation(organisation)
    with scope.transaction(organisation=organisation):
        row = _restricted(request)
        if "lift" in row.result:
            raise requesting.UnableToHandle("The person has been told already; reload the page.")
        row.result = {**row.result, "lift": reason}
        message = _message(keys, row, at=at)
        row.result |= {"notice": message} if message else {}
        row.save(update_fields=["result"])
        requesting.record(
            organisation,
            request,
            "privacy.announce_lift",
            by=by,
            at=at,
            reason=reason,
            way="message" if message else "letter",
        )


def _message(
    keys: vault.OrganisationKeys, row: models.PersonRequest, *, at: datetime
) -> int | None:
    """Queue the notice where the gate would let it leave now; return the message, None for none."""
    conversation = requesting.talk_of(row.subject or 0)
    if conversation is None:
        return None
    draft = drafts.Draft(
        text="\n\n".join(lettering.lifting(row, at=at)),
        request_key=f"lift:{row.id}",
        role=law.Role.RESTRICTION_NOTICE,
        ground=f"person_request:{row.id}",
    )
    try:
        return writing.queue(keys, conversation, draft, at=at)
    except writing.UnableToWrite:
        return None


def lift_paper(*, organisation: int, request: int, by: int, at: datetime) -> bytes:
    """Return the letter that tells the end of a restriction; who hands it out has told the person.

    Raises UnableToHandle while no reason is known.
    """
    keys = keyring.organisation(organisation)
    with scope.transaction(organisation=organisation):
        row = requesting.locked(request)
        if "lift" not in row.result:
            raise requesting.UnableToHandle("There is no letter for this request.")
        paper = lettering.lifted(keys, row, at=at)
        if "letter" not in row.result:
            row.result = {**row.result, "letter": at.isoformat()}
            row.save(update_fields=["result"])
        requesting.record(
            organisation, request, "privacy.hand_out", by=by, at=at, paper="restriction_ends"
        )
    return paper


def lift(*, organisation: int, request: int, by: int, at: datetime) -> None:
    """End a restriction of which the person was told that it ends. Erased persons stay as they are."""
    with scope.transaction(organisation=organisation):
        row = _restricted(request)
        if not privacy.told_of_end(row.result, state=_state(row.result)):
            raise requesting.UnableToHandle(
                "First tell the person: by a message that has left, or by the letter (Art. 18(3))."
            )
        group = rows.group(row.subject or 0)
        models.Person.objects.filter(id__in=group).update(restricted_at=None)
        row.result = {**row.result, "lifted": at.isoformat()}
        row.save(update_fields=["result"])
        audit.record(
            organisation=organisation,
            by=by,
            verb="privacy.lift_restriction",
            object=f"person:{group[0]}",
            detail={"reason": row.result["lift"], "request": request},
            at=at,
        )


def _restricted(request: int) -> models.PersonRequest:
    """Return the locked request whose restriction still stands; raise UnableToHandle."""
    row = requesting.locked(request)
    group = rows.group(row.subject or 0)
    stands = models.Person.objects.filter(id__in=group, restricted_at__isnull=False).exists()
    if "restricted" not in row.result or "lifted" in row.result or not stands:
        raise requesting.UnableToHandle("Nothing is restricted here; reload the page.")
    erased = models.ErasureRun.objects.filter(subject__in=group).exclude(
        state=privacy.State.REFUSED
    )
    if erased.exists():
        raise requesting.UnableToHandle("What is kept of an erased person stays restricted.")
    return row


def _state(result: dict[str, Any]) -> str:
    states = models.Message.objects.filter(id=result.get("notice", 0))
    return states.values_list("state", flat=True).first() or ""
