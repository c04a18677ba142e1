"""What time makes due: requests lapse, unused grants fall due, their evidence goes after its days."""

from datetime import datetime, timedelta

from django.db.models import Q

from werkbote.actions import ledger
from werkbote.domain import consent
from werkbote.store import keyring, models, rechtsstand, scope, vault

_BY_MAIL = "P-14"
_MOST = 1000
_WAITING = (consent.State.PENDING, consent.State.GRANTED, consent.State.REFRESH_DUE)


def sweep(*, organisation: int, at: datetime) -> int:
    """Enter what has fallen due and let go of the evidence of lapsed requests; return how many."""
    keys = keyring.organisation(organisation)
    count, after = 0, 0
    while True:
        with scope.transaction(organisation=organisation):
            rows = list(
                models.Consent.objects.filter(state__in=_WAITING, id__gt=after).order_by("id")[
                    :_MOST
                ]
            )
            entries = [entry for row in rows if (entry := _due(row, at=at)) is not None]
            if entries:
                count += ledger.enter(keys=keys, entries=entries, at=at)
        if len(rows) < _MOST:
            break
        after = rows[-1].id
    return count + _forget(keys, at=at)


def _due(row: models.Consent, *, at: datetime) -> ledger.Entry | None:
    heard = (
        models.Conversation.objects.filter(
            Q(person=row.person_id) | Q(person__merged_into=row.person_id),
            number__branch=row.branch_id,
        )
        .order_by("-last_inbound_at")
        .exclude(last_inbound_at=None)
        .values_list("last_inbound_at", flat=True)
        .first()
    )
    if row.purpose == _BY_MAIL:
        heard = row.last_used_at  # nobody answers a newsletter: each copy that arrived is the sign
    standing = consent.Standing(
        state=consent.State(row.state),
        since=row.since,
        requested_at=row.requested_at,
        granted_at=row.granted_at,
        last_used_at=row.last_used_at,
    )
    periods = rechtsstand.on(at.astimezone(ledger.ZONE).date()).consent
    deed = consent.due(standing, periods=periods, now=at, last_inbound_at=heard)
    if deed is None or row.since is None:
        return None
    return ledger.Entry(
        key=f"d{row.record}/{deed}/{int(row.since.timestamp())}",
        record=row.record,
        person=row.person_id,
        purpose=row.purpose,
        entity=row.branch_id,
        deed=deed,
        occurred_at=at,
        by="system",
    )


def _forget(keys: vault.OrganisationKeys, *, at: datetime) -> int:
    """Delete the evidence of requests that were never confirmed, after the days the law file names."""
    days = rechtsstand.on(at.astimezone(ledger.ZONE).date()).consent.evidence_request_days
    with scope.transaction(organisation=keys.organisation):
        lapsed = models.Consent.objects.filter(
            state=consent.State.LAPSED, since__lt=at - timedelta(days=days)
        )
        gone, _ = models.ConsentEvidence.objects.filter(
            event__record__in=lapsed.values("record")
        ).delete()
    return gone
