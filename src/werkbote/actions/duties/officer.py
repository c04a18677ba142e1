"""Keeping what the house says about its data protection officer, and publishing whom it appointed."""

from dataclasses import replace
from datetime import datetime

from werkbote.actions import audit, ledger, notice
from werkbote.domain import duties
from werkbote.domain.duties.officer import UnableToAppoint as UnableToAppoint
from werkbote.store import duties_officer as store
from werkbote.store import ids, keyring, models, scope


def answer(*, organisation: int, answer: duties.officer.Answer, by: int, at: datetime) -> None:
    """Keep the answer, and publish the notices that name the officer from now on.

    Raises UnableToAppoint, with the remedy, for an answer that could not stand.
    """
    told = replace(
        answer,
        name=answer.name.strip(),
        contact=answer.contact.strip(),
        reference=answer.reference.strip(),
    )
    duties.officer.check(told, today=at.astimezone(ledger.ZONE).date())
    keys = keyring.organisation(organisation)
    with scope.transaction(organisation=organisation):
        known = models.Officer.objects.select_for_update().first()
        row = known or models.Officer(id=ids.new(), organisation_id=organisation)
        row.people, row.assessment = told.people, told.assessment
        row.appointed_on, row.notified_on, row.changed_at = told.appointed_on, told.notified_on, at
        row.body_sealed = store.sealed(keys, row.id, told)
        row.save(force_insert=known is None)
        audit.record(
            organisation=organisation,
            by=by,
            verb="officer.answer",
            object=f"organisation:{organisation}",
            detail={
                "people": told.people,
                "assessment": told.assessment,
                "appointed": told.appointed_on is not None,
                "notified": told.notified_on is not None,
            },
            at=at,
        )
    notice.publish(organisation=organisation, at=at)
