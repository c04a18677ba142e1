"""Holding a person's consents (a new number, somebody else's, perhaps a child) until that is cleared.

Several things may hold one consent; it holds again only once none of them is left.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q

from werkbote.actions import ledger
from werkbote.domain import consent
from werkbote.store import ledger as rows
from werkbote.store import merging, models, vault

_NONE_LEFT = Q(wrong_number_at=None, minor_suspected_at=None)


def freeze(  # noqa: PLR0913 -- one freeze: of whom, why, from when, by whom
    *,
    keys: vault.OrganisationKeys,
    person: int,
    deed: consent.Deed,
    key: str,
    by: str,
    occurred_at: datetime,
    at: datetime,
) -> None:
    """Hold every consent of a person; `key` names what it came from, and the same changes nothing.

    Inside a transaction, as late in it as possible.
    """
    _enter(keys, person, deed, key=key, by=by, moment=(occurred_at, at))


def thaw(
    *,
    keys: vault.OrganisationKeys,
    person: int,
    key: str,
    by: str,
    occurred_at: datetime,
    at: datetime,
) -> bool:
    """Let a person's consents hold again; return whether nothing else holds them still.

    What was granted before is granted again, and nothing more; an e-mail address that takes nothing
    stays on hold until it signs up anew. Inside a transaction, as late as possible.
    """
    if is_held(rows.group(person)):
        return False
    _enter(keys, person, consent.Deed.REVERIFIED, key=key, by=by, moment=(occurred_at, at))
    return True


def is_held(people: Sequence[int]) -> bool:
    """Return whether anything holds the consents of somebody known as these persons."""
    asked = models.ConsentTask.objects.filter(person__in=people, answered_at=None)
    either = Q(previous__in=people) | Q(current__in=people)
    moved = models.IdentityReview.objects.filter(~Q(kind=merging.PROPOSED), either, state="open")
    marked = models.Person.objects.filter(id__in=people).exclude(_NONE_LEFT)
    return asked.exists() or moved.exists() or marked.exists()


def _enter(
    keys: vault.OrganisationKeys,
    person: int,
    deed: consent.Deed,
    *,
    key: str,
    by: str,
    moment: tuple[datetime, datetime],
) -> None:
    occurred_at, at = moment
    held = models.Consent.objects.filter(person__in=rows.group(person))
    if deed is consent.Deed.REVERIFIED:
        held = held.exclude(record__in=_undeliverable(person))
    ledger.enter(
        keys=keys,
        entries=[
            ledger.Entry(
                key=f"{key}/{deed}/{row.purpose}/{row.branch_id}",
                record=row.record,
                person=person,
                purpose=row.purpose,
                entity=row.branch_id,
                deed=deed,
                occurred_at=occurred_at,
                by=by,
            )
            for row in held.order_by("branch", "purpose", "id")
        ],
        at=at,
    )


def _undeliverable(person: int) -> list[str]:
    """Return the records whose e-mail address took nothing any more."""
    bounced = models.ConsentEvent.objects.filter(
        person_ref__in=rows.group(person), deed=consent.Deed.WRONG_NUMBER, by="system"
    )
    return list(bounced.values_list("record", flat=True))
