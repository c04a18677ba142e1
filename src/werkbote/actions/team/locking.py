"""The lock before a screen that nobody touches: who opens it again, and after how many minutes it closes."""

from datetime import datetime, timedelta

from django.contrib.auth import hashers

from werkbote.actions import audit
from werkbote.actions.team import factors
from werkbote.store import keyring, models, scope, throttle

FEWEST_MINUTES, MOST_MINUTES = 1, 120
_PATIENCE = throttle.Patience(free=5, longest=timedelta(minutes=15))


class UnableToUnlock(Exception):
    """What was typed is neither the member's password nor a code of theirs; or there were too many tries."""


def check_present(*, organisation: int, secret: str, by: int, at: datetime) -> None:
    """Take the password or a code of the app from the member `by`; raise UnableToUnlock.

    Tries are counted per member.
    """
    key = keyring.installation().derive(f"unlock {by}")
    if throttle.claim(key, patience=_PATIENCE, at=at) is not None:
        raise UnableToUnlock("There were too many tries: wait a moment, then try again.")
    with scope.looking(organisation=organisation):
        kept = models.Member.objects.values_list("password", flat=True).get(id=by)
    if not hashers.check_password(secret, kept):
        try:
            factors.check_code(organisation=organisation, code=secret[:40], by=by, at=at)
        except factors.UnableToConfirm:
            raise UnableToUnlock("That does not fit: type it again.") from None
    throttle.forgive(key, trusted=False, at=at)


def set_lock(*, organisation: int, minutes: int, by: int, at: datetime) -> None:
    """Lock idle screens of the house after some minutes, FEWEST_MINUTES to MOST_MINUTES."""
    with scope.transaction(organisation=organisation):
        models.Organisation.objects.filter(id=organisation).update(lock_minutes=minutes)
        audit.record(
            organisation=organisation,
            by=by,
            verb="team.set_lock",
            object=f"organisation:{organisation}",
            detail={"minutes": minutes},
            at=at,
        )
