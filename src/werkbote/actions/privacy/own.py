"""What the customer's own page shows of what is stored, and what can be asked for on it."""

from collections.abc import Mapping
from datetime import datetime

from werkbote.actions import audit
from werkbote.actions.privacy import keeping, requesting
from werkbote.domain import privacy
from werkbote.store import erasing, keyring, ledger, models, scope

SHOWN = (
    "store.Message",
    "store.Media",
    "store.Identity",
    "store.Case",
    "store.VehicleRole",
    "store.Consent",
    "store.ConsentEvidence",
)
"""What people understand without knowing our tables."""

ASKED = (privacy.Kind.ACCESS, privacy.Kind.CORRECTION, privacy.Kind.ERASURE)


def stored(*, organisation: int, person: int) -> Mapping[str, int]:
    """Return how much of what is stored of a person."""
    with scope.looking(organisation=organisation):
        found = erasing.counts(ledger.group(person))
    return {label: found[label] for label in SHOWN if found.get(label)}


def ask_on_own_page(*, organisation: int, branch: int, person: int, kind: str, at: datetime) -> int:
    """Enter what a person asks for on their own page, and return the request.

    The link came to their number, which identifies them. While one of the kind is open, no second is
    made. Raises requesting.UnableToHandle for anything else.
    """
    if kind not in ASKED:
        raise requesting.UnableToHandle("Nothing was chosen: press one of the buttons.")
    keys = keyring.organisation(organisation)
    with scope.transaction(organisation=organisation):
        subject = ledger.group(person)[0]
        known = models.PersonRequest.objects.filter(
            subject=subject, kind=kind, state__in=sorted(privacy.UNANSWERED)
        ).first()
        if known is not None:
            return known.id
        received = requesting.Received(
            branch=branch,
            kind=privacy.Kind(kind),
            channel="page",
            person=subject,
            received_on=keeping.today(at),
        )
        made = requesting.add(keys, received, state=privacy.RequestState.OPEN, at=at)
        models.PersonRequest.objects.filter(id=made).update(
            identified_by=privacy.Rung.NUMBER, identified_at=at
        )
        audit.record(
            organisation=organisation,
            by="person",
            verb="privacy.ask_on_own_page",
            object=f"person_request:{made}",
            detail={"kind": kind},
            at=at,
        )
    return made
