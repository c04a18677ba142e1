"""Connecting a number: its row with every secret sealed."""

import secrets
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import IntegrityError

from werkbote.actions import audit
from werkbote.store import ids, keyring, models, scope


class UnableToConnect(Exception):
    """The number cannot be connected; the sentence says why and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """What the product must know to speak as a business number.

    `phone` is E.164; `graph_url` the address of the Graph API without version; `agreement_at` the
    date of the processor agreement with Meta, None where there is none: then nothing is sent.
    """

    phone_number_id: str
    account_id: str
    phone: str
    label: str
    token: str = field(repr=False)
    app_secret: str = field(repr=False)
    verify_token: str = field(repr=False)
    graph_url: str = "https://graph.facebook.com"
    graph_version: str = "v23.0"
    agreement_at: date | None = None
    per_second: int = 80


def connect(
    *, organisation: int, branch: int, number: Connection, by: int | str, at: datetime
) -> tuple[int, str]:
    """Store a number with its secrets sealed; return its id and the slug of its webhook address.

    Raises UnableToConnect without an app secret (there is no unsigned mode) or when the number is
    connected already.
    """
    for value, name in (
        (number.app_secret, "app secret"),
        (number.token, "access token"),
        (number.verify_token, "verify token"),
        (number.phone_number_id, "phone number id"),
    ):
        if not value.strip():
            raise UnableToConnect(f"The {name} is missing: copy it from the Meta app's settings.")
    keys = keyring.organisation(organisation)
    row = ids.new()

    def seal(value: str, column: str) -> bytes:
        return keys.main.seal_text(value, table="number", row=row, column=column)

    slug = secrets.token_urlsafe(24)
    try:
        with scope.transaction(organisation=organisation):
            models.Number(
                id=row,
                organisation_id=organisation,
                branch_id=branch,
                phone_number_id=number.phone_number_id,
                account_id=number.account_id,
                phone_sealed=seal(number.phone, "phone_sealed"),
                label_sealed=seal(number.label, "label_sealed"),
                token_sealed=seal(number.token, "token_sealed"),
                app_secret_sealed=seal(number.app_secret, "app_secret_sealed"),
                verify_token_sealed=seal(number.verify_token, "verify_token_sealed"),
                hook_slug=slug,
                graph_url=number.graph_url.rstrip("/"),
                graph_version=number.graph_version,
                agreement_at=number.agreement_at,
                per_second=number.per_second,
                created_at=at,
            ).save(force_insert=True)
            audit.record(
                organisation=organisation,
                by=by,
                verb="numbers.connect",
                object=f"number:{row}",
                at=at,
            )
    except IntegrityError:
        raise UnableToConnect(
            "This phone number id is connected already: disconnect it there first."
        ) from None
    return row, slug


def ids_of(*, organisation: int) -> frozenset[int]:
    """Return the ids of an organisation's numbers."""
    with scope.looking(organisation=organisation):
        return frozenset(models.Number.objects.values_list("id", flat=True))
