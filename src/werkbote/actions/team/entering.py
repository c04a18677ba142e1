"""Letting a member in: password, second factor, and the session that can be seen and ended."""

import functools
import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth import hashers
from django.db.models import F, QuerySet

from werkbote.actions.team import own
from werkbote.domain import team
from werkbote.store import ids, keyring, models, scope, support, throttle

_FROM_ONE_ADDRESS = throttle.Patience(free=5, longest=timedelta(minutes=15))
_ADDRESS_AT_ALL = throttle.Patience(free=30, longest=timedelta(minutes=15))
_ACCOUNT_AT_ALL = throttle.Patience(free=50, longest=timedelta(seconds=30))
_IPV6_HOME = 64
_DEVICE = 60


class UnableToSignIn(Exception):
    """E-mail address and password do not belong together, or there is no such account."""


class UnableToLetSupportIn(UnableToSignIn):
    """The password is right, but no owner has let this support account in."""


class UnableToSignInYet(UnableToSignIn):
    """Too many tries; `until` is the first moment at which another one counts."""

    def __init__(self, until: datetime) -> None:
        super().__init__("There were too many tries: wait a moment, then try again.")
        self.until = until


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """Whose password was right. `stamp` belongs into the session: it changes with the password.

    `factors` are the kinds of second factor that must follow; none means there is none yet.
    """

    member: int
    organisation: int
    stamp: str
    factors: frozenset[str] = frozenset()


def sign_in(*, email: str, password: str, address: str, at: datetime) -> SignedIn:
    """Let a member in; raise UnableToSignIn, or UnableToSignInYet after too many tries.

    Tries are counted per account and network address, so that a stranger's guessing does not lock
    the member out. Where an account is guessed at from everywhere, addresses that never succeeded
    wait up to 30 seconds; those that did do not. An unknown account takes as long as a known one.
    """
    door = _Door(email=email, address=address)
    door.claim(at=at)
    member = _member(door.email_hash)
    if member is not None and _must_wait(member, door, at):
        raise UnableToSignInYet(member.locked_until or at)
    fresh = _verified(member, password)
    if member is None or fresh is None or not member.is_active:
        _count_failure(member, at=at)
        raise UnableToSignIn(
            "E-mail address and password do not belong together: check both and try again."
        )
    door.open(at=at)
    with scope.transaction(organisation=member.organisation_id):
        member.password = fresh
        member.failed_logins, member.locked_until, member.last_login = 0, None, at
        member.save(update_fields=["password", "failed_logins", "locked_until", "last_login"])
        factors = factors_of(member.id)
        waits = member.role == team.Role.SUPPORT and not _is_let_in(member.id, at=at)
    if waits:
        raise UnableToLetSupportIn("Support is not let in now: an owner opens it under “Team”.")
    return SignedIn(
        member=member.id,
        organisation=member.organisation_id,
        stamp=member.get_session_auth_hash(),
        factors=factors,
    )


def _is_let_in(member: int, *, at: datetime) -> bool:
    return support.open_at(at).filter(member=member).exists()


def factors_of(member: int) -> frozenset[str]:
    """Return the kinds of second factor a member has; inside a transaction."""
    kinds = models.Factor.objects.filter(member=member, confirmed_at__isnull=False)
    return frozenset(kinds.values_list("kind", flat=True))


def enter(*, organisation: int, device: str, strong: bool, by: int, at: datetime) -> int:
    """Begin a session of the member `by` and return its id; `strong` says a second factor was shown."""
    entry = ids.new()
    with scope.transaction(organisation=organisation):
        models.Entry(
            id=entry,
            organisation_id=organisation,
            member_id=by,
            device=device[:_DEVICE],
            strong=strong,
            started_at=at,
        ).save(force_insert=True)
        own.record(organisation, by, "team.sign_in", at)
    return entry


@dataclass(frozen=True, slots=True, kw_only=True)
class _Door:
    """One account tried from one address, and the counts that belong to both."""

    email: str
    address: str

    @property
    def email_hash(self) -> bytes:
        return keyring.installation().email_hash(self.email)

    @property
    def pair(self) -> bytes:
        return self._key(self.email_hash)

    def _key(self, whose: bytes) -> bytes:
        return keyring.installation().derive(f"sign-in {_network(self.address)} {whose.hex()}")

    def claim(self, *, at: datetime) -> None:
        """Count this try; raise UnableToSignInYet when it comes too early."""
        until = throttle.claim(self.pair, patience=_FROM_ONE_ADDRESS, at=at)
        if until is None and not throttle.look(self.pair).trusted:
            until = throttle.claim(self._key(b"address"), patience=_ADDRESS_AT_ALL, at=at)
        if until is not None:
            raise UnableToSignInYet(until)

    def open(self, *, at: datetime) -> None:
        """Forget failed tries and remember that this address may."""
        throttle.forgive(self.pair, trusted=True, at=at)
        throttle.forgive(self._key(b"address"), trusted=False, at=at)


def _network(address: str) -> str:
    """Return what counts as one place: an IPv4 address, or an IPv6 home network (/64)."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if parsed.version == 4:  # noqa: PLR2004 -- the version is the name
        return str(parsed)
    return str(ipaddress.ip_network((parsed, _IPV6_HOME), strict=False))


def _member(email_hash: bytes) -> models.Member | None:
    with scope.signing_in(email_hash=email_hash):
        return models.Member.objects.filter(email_hash=email_hash).first()


def _must_wait(member: models.Member, door: _Door, at: datetime) -> bool:
    if member.locked_until is None or member.locked_until <= at:
        return False
    return not throttle.look(door.pair).trusted


def _verified(member: models.Member | None, password: str) -> str | None:
    """Return the hash to keep (renewed where it was made with older settings), None if wrong."""
    if member is None:
        hashers.check_password(password, _nobody())
        return None
    renewed: list[str] = []
    right = hashers.check_password(
        password, member.password, setter=lambda raw: renewed.append(hashers.make_password(raw))
    )
    return (renewed[0] if renewed else member.password) if right else None


@functools.cache
def _nobody() -> str:
    return hashers.make_password("a password of nobody, to take as long as somebody's")


def _count_failure(member: models.Member | None, *, at: datetime) -> None:
    if member is None:
        return
    with scope.transaction(organisation=member.organisation_id):
        wait = _ACCOUNT_AT_ALL.wait(member.failed_logins + 1)
        models.Member.objects.filter(id=member.id, failed_logins__lt=32_000).update(
            failed_logins=F("failed_logins") + 1, locked_until=at + wait if wait else None
        )


def sign_out(*, organisation: int, entry: int | None, by: int, at: datetime) -> None:
    """End a session of the member `by`."""
    with scope.transaction(organisation=organisation):
        _end(models.Entry.objects.filter(id=entry or 0, member=by), at=at)
        own.record(organisation, by, "team.sign_out", at)


def end_entry(*, organisation: int, entry: int, by: int, at: datetime) -> bool:
    """End one of the member's own sessions, wherever it is open; return whether there was one."""
    with scope.transaction(organisation=organisation):
        ended = _end(models.Entry.objects.filter(id=entry, member=by), at=at)
        if ended:
            own.record(organisation, by, "team.end_session", at)
    return bool(ended)


def end_all(*, organisation: int, but: int | None, by: int, at: datetime) -> int:
    """End all of the member's own sessions except `but`; return how many there were."""
    with scope.transaction(organisation=organisation):
        ended = _end(models.Entry.objects.filter(member=by).exclude(id=but or 0), at=at)
        if ended:
            own.record(organisation, by, "team.end_sessions", at)
    return ended


def _end(entries: QuerySet[models.Entry], *, at: datetime) -> int:
    return entries.filter(ended_at=None).update(ended_at=at)
