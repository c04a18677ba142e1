"""Handing a package over: a one-time link, a code to the verified number, every fetch on record."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from werkbote.actions import audit, drafts
from werkbote.actions.privacy import lettering, requesting, writing
from werkbote.store import keyring, models, notice, scope, vault

_MOST_TRIES = 5


class UnableToFetch(Exception):
    """The link or the code is wrong, used up or too old; the sentence says what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """A package to be sent to a browser."""

    filename: str
    size: int
    pieces: Iterator[bytes]


_WRITE_FIRST = (
    "WhatsApp lets us write for one day after your last message. Send us any message there, then "
    "ask for the code again."
)
_NOT_NOW = "We must not send a code to your number at present. Ask us another way."
_GONE = "This link has ended or was used already. Ask us for a new one."


def check_link(*, branch: int, token: str, at: datetime) -> None:
    """Raise UnableToFetch unless the link is open."""
    organisation = _organisation(branch)
    keys = keyring.organisation(organisation)
    with scope.looking(organisation=organisation):
        _open(keys, token, at=at)


def _organisation(branch: int) -> int:
    try:
        return notice.organisation_of(branch)
    except notice.UnableToFindNotice:
        raise UnableToFetch(_GONE) from None


def _open(keys: vault.OrganisationKeys, token: str, *, at: datetime) -> models.AccessPackage:
    row = _still_open(at).filter(token_digest=keys.digest("package", token.encode())).first()
    if row is None:
        raise UnableToFetch(_GONE)
    return row


def _still_open(at: datetime) -> QuerySet[models.AccessPackage]:
    """Return the packages whose link is good now, each to be locked by who takes it."""
    return (
        models.AccessPackage.objects.select_related("person")
        .select_for_update(of=("self",))
        .filter(state="ready", downloaded_at=None, expires_at__gt=at, tries__lt=_MOST_TRIES)
    )


def send_code(*, branch: int, token: str, at: datetime) -> None:
    """Send a code to the person's number on WhatsApp; an earlier one is void. Raises UnableToFetch."""
    organisation = _organisation(branch)
    keys = keyring.organisation(organisation)
    code = lettering.code()
    with scope.transaction(organisation=organisation):
        row = _open(keys, token, at=at)
        conversation = requesting.talk_of(row.person_id)
        if conversation is None:
            raise UnableToFetch("There is no number we could send a code to. Ask us another way.")
        draft = drafts.Draft(
            text=f"Ihr Code für die Auskunft: {code}. Geben Sie ihn niemandem weiter.",
            request_key=f"code:{row.id}:{row.tries + 1}",
        )
        if requesting.is_doubted(row.person_id):
            raise UnableToFetch(_NOT_NOW)
        row.code_digest = keys.digest(f"code:{row.id}", code.encode())
        row.tries += 1
        row.save(update_fields=["code_digest", "tries"])
        try:
            writing.queue(keys, conversation, draft, at=at)
        except writing.UnableToWrite as stopped:
            raise UnableToFetch(_WRITE_FIRST if stopped.window else _NOT_NOW) from None


def hand_code(*, organisation: int, package: int, by: int, at: datetime) -> str:
    """Return a code to be handed over in person; an earlier one is void. On record, without the code.

    For whom no code can reach or may be sent to: the number is gone or another's, the data restricted.
    Raises requesting.UnableToHandle where the link is not open.
    """
    keys = keyring.organisation(organisation)
    code = lettering.code()
    with scope.transaction(organisation=organisation):
        row = _still_open(at).filter(id=package).first()
        if row is None:
            raise requesting.UnableToHandle("This link has ended or was used: make a new one.")
        row.code_digest = keys.digest(f"code:{row.id}", code.encode())
        row.tries += 1
        row.save(update_fields=["code_digest", "tries"])
        audit.record(
            organisation=organisation,
            by=f"member:{by}",
            verb="privacy.hand_code",
            object=f"access_package:{row.id}",
            detail={"tries": row.tries},
            at=at,
        )
    return code


def fetch(*, branch: int, token: str, code: str, at: datetime) -> Parcel:
    """Return the package and close its link; raise UnableToFetch for a wrong code, which counts."""
    organisation = _organisation(branch)
    keys = keyring.organisation(organisation)
    with scope.transaction(organisation=organisation):
        row = _open(keys, token, at=at)
        given = keys.digest(f"code:{row.id}", code.strip().encode())
        fits = row.code_digest is not None and bytes(row.code_digest) == given
        if fits:
            row.downloaded_at = at
        else:
            row.tries += 1
        row.save(update_fields=["downloaded_at", "tries"])
        audit.record(
            organisation=organisation,
            by="person",
            verb="privacy.fetch_package" if fits else "privacy.refuse_code",
            object=f"access_package:{row.id}",
            detail={"tries": row.tries},
            at=at,
        )
    if not fits:
        raise UnableToFetch(
            "The code is wrong. Check the message on your phone, or ask for a new one."
        )
    key = keys.unwrap(row.person.key_wrapped, person=row.person_id)
    return Parcel(
        filename=f"auskunft-{row.id}.zip",
        size=row.size,
        pieces=_pieces(organisation, row.id, key),
    )


def _pieces(organisation: int, package: int, key: vault.Key) -> Iterator[bytes]:
    with scope.looking(organisation=organisation):
        chunks = list(
            models.PackageChunk.objects.filter(package=package)
            .order_by("position")
            .values_list("id", flat=True)
        )
    for chunk in chunks:
        with scope.looking(organisation=organisation):
            sealed = models.PackageChunk.objects.values_list("sealed", flat=True).get(id=chunk)
        yield key.open(sealed, table="package_chunk", row=chunk, column="sealed")


def let_go_packages(*, organisation: int, at: datetime) -> int:
    """Delete packages whose link has ended; return how many went."""
    with scope.transaction(organisation=organisation):
        over = models.AccessPackage.objects.filter(expires_at__lte=at)
        models.PackageChunk.objects.filter(package__in=over).delete()
        gone, _ = over.delete()
    return gone
