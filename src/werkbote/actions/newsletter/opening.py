"""Opening the newsletter of a branch: the address it comes from, its pace, and the agreement with the mail server."""

import secrets
from dataclasses import dataclass
from datetime import date, datetime

from werkbote.actions import audit, mailing, numbers
from werkbote.domain import newsletter
from werkbote.store import ids, keyring, models, scope

MOST_PER_SECOND = 50


class UnableToOpen(Exception):
    """The newsletter cannot be opened like this; the sentence says what to change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Where e-mails come from. `agreement_at` is the date of the agreement (Art. 28 DSGVO) with the server."""

    address: str
    name: str
    agreement_at: date
    per_second: int = 5


def open_sender(
    *, organisation: int, branch: int, sender: Sender, by: int | str, at: datetime
) -> int:
    """Make or change the sender of a branch and return its number row; raise UnableToOpen."""
    address = newsletter.address(sender.address)
    server = mailing.server()
    if not server.base_url:
        raise UnableToOpen(
            "No mail server is set: let IT set WERKBOTE_MAIL_URL, then come back here."
        )
    if address is None:
        raise UnableToOpen("The sender's address is none: check it, such as news@autohaus.example.")
    if not sender.name.strip() or not sender.name.isprintable():
        raise UnableToOpen("Readers must see who writes: enter the name of your business.")
    if not 1 <= sender.per_second <= MOST_PER_SECOND:
        raise UnableToOpen("The pace is from 1 to 50 e-mails a second.")
    keys = keyring.organisation(organisation)
    with scope.transaction(organisation=organisation):
        known = models.Number.objects.filter(branch=branch, channel=numbers.MAIL).first()
        row = known or _new(organisation, branch, at=at)
        for column, value in (("phone_sealed", address), ("label_sealed", sender.name.strip())):
            setattr(
                row, column, keys.main.seal_text(value, table="number", row=row.id, column=column)
            )
        for column in ("token_sealed", "app_secret_sealed", "verify_token_sealed"):
            if known is None:
                sealed = keys.main.seal_text("", table="number", row=row.id, column=column)
                setattr(row, column, sealed)
        row.graph_url, row.agreement_at = server.base_url, sender.agreement_at
        row.per_second, row.paused_until, row.paused_code = sender.per_second, None, None
        row.save(force_insert=known is None)
        audit.record(
            organisation=organisation,
            by=by,
            verb="newsletter.open_sender",
            object=f"number:{row.id}",
            at=at,
        )
    return row.id


def _new(organisation: int, branch: int, *, at: datetime) -> models.Number:
    return models.Number(
        id=ids.new(),
        organisation_id=organisation,
        branch_id=branch,
        channel=numbers.MAIL,
        phone_number_id=f"mail-{branch}",
        account_id="",
        hook_slug=secrets.token_urlsafe(24),
        graph_version="",
        created_at=at,
    )
