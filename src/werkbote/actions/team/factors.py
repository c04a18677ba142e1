"""The second factor by an authenticator app (TOTP, RFC 6238), and recovery codes for when it is lost."""

import hmac
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pyotp

from werkbote.actions.team import own
from werkbote.store import ids, keyring, models, scope, throttle

TOTP = "totp"
PASSKEY = "passkey"
_STEP_SECONDS = 30
_DRIFT = 1
_CODES = 10
_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
_PATIENCE = throttle.Patience(free=5, longest=timedelta(minutes=15))


class UnableToConfirm(Exception):
    """The code is wrong, was used already, or came too often."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """A factor that is being set up: what the authenticator app needs, once."""

    factor: int
    secret: str = field(repr=False)
    address: str = field(repr=False)


def begin_app(*, organisation: int, by: int, at: datetime) -> Beginning:
    """Make a secret for an authenticator app; an earlier one that was never confirmed goes."""
    keys = keyring.organisation(organisation)
    secret, factor = pyotp.random_base32(), ids.new()
    with scope.transaction(organisation=organisation):
        member = models.Member.objects.select_for_update().get(id=by)
        models.Factor.objects.filter(member=by, kind=TOTP, confirmed_at=None).delete()
        models.Factor(
            id=factor,
            organisation_id=organisation,
            member_id=by,
            kind=TOTP,
            secret_sealed=keys.main.seal_text(
                secret, table="factor", row=factor, column="secret_sealed"
            ),
            created_at=at,
        ).save(force_insert=True)
        email = keys.main.open_text(
            member.email_sealed, table="member", row=member.id, column="email_sealed"
        )
    address = pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name="Werkbote")
    return Beginning(factor=factor, secret=secret, address=address)


def confirm_app(*, organisation: int, code: str, by: int, at: datetime) -> tuple[str, ...]:
    """Confirm the app that was begun and return ten recovery codes, shown this once.

    Raises UnableToConfirm when the code is not the app's present one.
    """
    with scope.transaction(organisation=organisation):
        models.Member.objects.select_for_update().get(id=by)
        row = models.Factor.objects.filter(member=by, kind=TOTP, confirmed_at=None).first()
        step = None if row is None else _step(organisation, row, code, at=at)
        if row is None or step is None:
            raise UnableToConfirm("The code does not fit: type the one the app shows now.")
        models.Factor.objects.filter(member=by, kind=TOTP).exclude(id=row.id).delete()
        row.confirmed_at, row.counter = at, step
        row.save(update_fields=["confirmed_at", "counter"])
        codes = renew_codes(organisation=organisation, member=by)
        own.record(organisation, by, "team.add_factor", at)
    return codes


def renew_codes(*, organisation: int, member: int) -> tuple[str, ...]:
    """Replace the member's recovery codes and return the new ones; inside the deed's transaction."""
    codes = tuple(_code() for _ in range(_CODES))
    models.RecoveryCode.objects.filter(member=member).delete()
    models.RecoveryCode.objects.bulk_create(
        models.RecoveryCode(
            id=ids.new(),
            organisation_id=organisation,
            member_id=member,
            digest=_digest(member, code),
        )
        for code in codes
    )
    return codes


def fresh_codes(*, organisation: int, by: int, at: datetime) -> tuple[str, ...]:
    """Give the member `by` ten new recovery codes; the old ones are worth nothing from now on."""
    with scope.transaction(organisation=organisation):
        codes = renew_codes(organisation=organisation, member=by)
        own.record(organisation, by, "team.renew_recovery_codes", at)
    return codes


def check_code(*, organisation: int, code: str, by: int, at: datetime) -> None:
    """Take the second factor: a code of the app, or a recovery code; raise UnableToConfirm.

    Tries are counted per member; each code counts once.
    """
    key = keyring.installation().derive(f"second factor {by}")
    if throttle.claim(key, patience=_PATIENCE, at=at) is not None:
        raise UnableToConfirm("There were too many tries: wait a moment, then try again.")
    with scope.transaction(organisation=organisation):
        taken = _take_totp(organisation, by, code, at=at) or _take_recovery(by, code, at=at)
        if not taken:
            raise UnableToConfirm("The code does not fit: type the one the app shows now.")
    throttle.forgive(key, trusted=False, at=at)


def remove_factor(*, organisation: int, factor: int, by: int, at: datetime) -> bool:
    """Remove one of the member's own factors; return whether there was one."""
    with scope.transaction(organisation=organisation):
        gone, _ = models.Factor.objects.filter(id=factor, member=by).delete()
        if gone:
            if not models.Factor.objects.filter(member=by, confirmed_at__isnull=False).exists():
                models.RecoveryCode.objects.filter(member=by).delete()
            own.record(organisation, by, "team.remove_factor", at)
    return bool(gone)


def _take_totp(organisation: int, member: int, code: str, *, at: datetime) -> bool:
    rows = models.Factor.objects.select_for_update().filter(
        member=member, kind=TOTP, confirmed_at__isnull=False
    )
    for row in rows.order_by("id"):
        step = _step(organisation, row, code, at=at)
        if step is not None:
            row.counter, row.used_at = step, at
            row.save(update_fields=["counter", "used_at"])
            return True
    return False


def _take_recovery(member: int, code: str, *, at: datetime) -> bool:
    return bool(
        models.RecoveryCode.objects.filter(
            member=member, digest=_digest(member, code), used_at=None
        ).update(used_at=at)
    )


def _step(organisation: int, row: models.Factor, code: str, *, at: datetime) -> int | None:
    """Return the time step a code belongs to, None where it fits none or an earlier one was used."""
    keys = keyring.organisation(organisation)
    secret = keys.main.open_text(
        row.secret_sealed, table="factor", row=row.id, column="secret_sealed"
    )
    given = "".join(code.split())
    now = int(at.timestamp()) // _STEP_SECONDS
    for step in range(now - _DRIFT, now + _DRIFT + 1):
        wanted = pyotp.TOTP(secret).at(step * _STEP_SECONDS)
        if step > row.counter and hmac.compare_digest(wanted.encode(), given.encode()):
            return step
    return None


def _code() -> str:
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(10))
    return f"{letters[:5]}-{letters[5:]}"


def _digest(member: int, code: str) -> bytes:
    plain = code.strip().casefold().replace("-", "").replace(" ", "")
    return keyring.installation().derive(f"recovery {member} {plain}")
