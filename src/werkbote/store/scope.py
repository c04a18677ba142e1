"""The two words for the database: `transaction()` to act, `looking()` to look; both for one organisation.

Row-level security reads the setting made here; outside of it the application's role sees no row.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.db import transaction as django_transaction

_ORGANISATION = "werkbote.organisation"
_SIGN_IN = "werkbote.sign_in"
_MEMBER = "werkbote.member"
_HOOK = "werkbote.hook"


class UnableToNest(RuntimeError):
    """A deed was started inside another deed's transaction."""


class UnableInsideTransaction(RuntimeError):
    """Something that cannot be undone was about to happen inside a transaction."""


def _set(name: str, value: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, true)", [name, value])


@contextmanager
def transaction(*, organisation: int) -> Iterator[None]:
    """Open the one transaction of a deed for `organisation`; raise UnableToNest inside another."""
    if connection.in_atomic_block:
        raise UnableToNest("A deed opens its own transaction; call it outside of any other.")
    with django_transaction.atomic(durable=True):
        _set(_ORGANISATION, str(organisation))
        yield


@contextmanager
def looking(*, organisation: int) -> Iterator[None]:
    """Look at rows of `organisation`; inside that organisation's transaction this is a no-op."""
    if connection.in_atomic_block:
        yield
        return
    with django_transaction.atomic():
        _set(_ORGANISATION, str(organisation))
        yield


@contextmanager
def signing_in(*, email_hash: bytes) -> Iterator[None]:
    """See exactly the member row whose keyed e-mail hash is given."""
    with django_transaction.atomic():
        _set(_SIGN_IN, email_hash.hex())
        yield


@contextmanager
def being(*, member: int) -> Iterator[None]:
    """See exactly the row of one member, as the session names it."""
    with django_transaction.atomic():
        _set(_MEMBER, str(member))
        yield


def joining(*, organisation: int) -> None:
    """See the rows of an organisation too, for the rest of the transaction of `being`."""
    _set(_ORGANISATION, str(organisation))


@contextmanager
def at_hook(*, slug: str) -> Iterator[None]:
    """See exactly the number whose webhook address ends in `slug`."""
    with django_transaction.atomic():
        _set(_HOOK, slug)
        yield


def in_transaction() -> bool:
    """Return True inside any transaction."""
    return bool(connection.in_atomic_block)


def durable() -> None:
    """Raise UnableInsideTransaction unless everything so far is committed."""
    if in_transaction():
        raise UnableInsideTransaction(
            "This cannot be undone and must not depend on a transaction that can: commit first."
        )
