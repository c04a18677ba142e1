"""Making a version of a paper that can become outdated: what it says, with the fingerprint of its sources."""

from collections.abc import Mapping
from datetime import datetime

from django.db.models import Max

from werkbote.actions import audit, ledger
from werkbote.domain import duties
from werkbote.domain.duties.papers import Kind
from werkbote.papers import records as printed
from werkbote.store import duties_records as store
from werkbote.store import ids, keyring, models, scope


class UnableToMake(Exception):
    """There is nothing new to make; the sentence says why."""


def make(*, organisation: int, by: int, at: datetime) -> int:
    """Keep the records of processing as they are today, and return the row of this version.

    Raises UnableToMake where nothing they are made from has changed since the last version.
    """
    keys, row = keyring.organisation(organisation), ids.new()
    with scope.transaction(organisation=organisation):
        models.Organisation.objects.select_for_update().get(id=organisation)
        sources, said = store.today(
            organisation=organisation, day=at.astimezone(ledger.ZONE).date()
        )
        newest = models.Paper.objects.filter(kind=Kind.RECORDS).order_by("-position").first()
        if newest is not None and not duties.papers.changed(
            store.body(keys, newest)["sources"], sources
        ):
            raise UnableToMake("Nothing has changed since the last version: it still holds.")
        last = models.Paper.objects.filter(kind=Kind.RECORDS).aggregate(last=Max("position"))
        body = {"sources": sources, "said": said}
        models.Paper(
            id=row,
            organisation_id=organisation,
            kind=Kind.RECORDS,
            position=(last["last"] or 0) + 1,
            digest=duties.papers.digest(body),
            body_sealed=store.sealed(keys, row, body),
            made_by=by,
            made_at=at,
        ).save(force_insert=True)
        _note(organisation, row, "papers.make", by=by, at=at)
    return row


def take_out(
    *, organisation: int, paper: int, data: Mapping[str, object], by: int, at: datetime
) -> bytes:
    """Return a version as PDF, and note that it was taken out."""
    made = printed.pdf(data, at=at)
    took_out(organisation=organisation, paper=paper, by=by, at=at)
    return made


def took_out(*, organisation: int, paper: int, by: int, at: datetime) -> None:
    """Note that a version was taken out."""
    audit.note(
        organisation=organisation, by=by, verb="papers.export", object=f"paper:{paper}", at=at
    )


def _note(organisation: int, row: int, verb: str, *, by: int, at: datetime) -> None:
    audit.record(
        organisation=organisation,
        by=by,
        verb=verb,
        object=f"paper:{row}",
        detail={"kind": str(Kind.RECORDS)},
        at=at,
    )
