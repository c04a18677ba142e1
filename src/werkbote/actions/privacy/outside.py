"""Outside systems as erasure targets of their own: each called until it answers, each answer on record."""

import asyncio
from datetime import datetime

from django.db.models import F

from werkbote.actions import numbers
from werkbote.actions.privacy import targeting
from werkbote.channels import driver, registry, sessions
from werkbote.domain import privacy
from werkbote.store import models, scope, vault


class UnableToReach(Exception):
    """At least one outside system did not do it; it is called again later."""


def erase(keys: vault.OrganisationKeys, row: models.ErasureRun, *, at: datetime) -> None:
    """Delete the person's entries in Meta's contact book; raise UnableToReach where one is left.

    What answered once is not called again. A refusal is noted with its code.
    """
    scope.durable()
    with scope.looking(organisation=row.organisation_id):
        found = targeting.opened(keys, row)
        waiting = set(
            models.ErasureStep.objects.filter(
                run_id=row.id, store__startswith=privacy.Store.CONTACT_BOOK
            )
            .exclude(state=privacy.StepState.DONE)
            .values_list("store", flat=True)
        )
        known = models.Number.objects.in_bulk({number for number, _ in found.books})
    failed = False
    for position, (number, user) in enumerate(found.books):
        store = targeting.book(number, position)
        if store in waiting:
            failed |= not _forget(keys, row, known[number], user, store=store, at=at)
    if failed:
        raise UnableToReach("An outside system did not answer as it should; it is called again.")


def _forget(
    keys: vault.OrganisationKeys,
    row: models.ErasureRun,
    number: models.Number,
    user: str,
    *,
    store: str,
    at: datetime,
) -> bool:
    try:
        with scope.looking(organisation=row.organisation_id):
            access = numbers.access(keys, number)
        deleted = asyncio.run(_call(access, user))
    except numbers.UnableToSpeak:
        _settle(row, store, problem="stopped", at=at)
        return False
    except driver.Unable as error:
        _settle(row, store, problem=f"meta:{error.verdict.code or error.verdict.http or 0}", at=at)
        return False
    _settle(row, store, deleted=deleted, at=at)
    return True


async def _call(access: driver.Access, user: str) -> bool:
    try:
        return await registry.client.forget_contact(user, access=access)
    finally:
        await sessions.close()


def _settle(
    row: models.ErasureRun, store: str, *, at: datetime, deleted: bool = False, problem: str = ""
) -> None:
    with scope.transaction(organisation=row.organisation_id):
        models.ErasureStep.objects.filter(run_id=row.id, store=store).update(
            state=privacy.StepState.FAILED if problem else privacy.StepState.DONE,
            count=int(deleted),
            attempts=F("attempts") + 1,
            problem=problem,
            done_at=None if problem else at,
        )
