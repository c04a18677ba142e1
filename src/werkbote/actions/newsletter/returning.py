"""What comes back undeliverable: the copy counts as failed, and an address that does not exist gets nothing more."""

import logging
from datetime import datetime

from django.conf import settings
from django.db import connection

from werkbote.actions import delivery as reports
from werkbote.actions import ledger, mailing
from werkbote.channels import registry
from werkbote.domain import delivery, events, newsletter
from werkbote.store import keyring, live, models, scope

_LOG = logging.getLogger(__name__)


def collect(*, at: datetime) -> int:
    """Empty the mailbox of returned letters; return how many there were, 0 where none is set."""
    if not settings.WERKBOTE_MAIL_BOUNCES:
        return 0
    try:
        return registry.bounces.collect(
            settings.WERKBOTE_MAIL_BOUNCES, take=lambda raw: take(raw=raw, at=at)
        )
    except registry.bounces.UnableToFetch as error:
        _LOG.error("%s", error)
        return 0


def take(*, raw: bytes, at: datetime) -> bool:
    """Understand one returned letter; return whether it was about an e-mail of ours and news.

    Only a letter that names the keyed Message-ID we gave counts: nobody else can end a subscription.
    """
    return any(
        _failed(event, at=at)
        for event in registry.driver("mail").read(raw, received_at=at)
        if isinstance(event, events.StatusIn)
    )


def _failed(event: events.StatusIn, *, at: datetime) -> bool:
    message = int(event.callback or 0)
    organisation = _organisation_of(message)
    if organisation is None or event.failure is None:
        return False
    keys = keyring.organisation(organisation)
    if not mailing.is_ours(keys, message=message, named=event.provider_id):
        return False
    with scope.transaction(organisation=organisation):
        row = (
            models.Message.objects.select_for_update(no_key=True)
            .filter(id=message, kind=events.Kind.MAIL, permit__isnull=False)
            .first()
        )
        if row is None or row.failed_at is not None:
            return False
        reports.report(row, delivery.Report(status=events.Status.FAILED, at=event.at))
        row.failure_code = event.failure.code
        row.save(update_fields=["state", "failed_at", "failure_code"])
        live.announce(conversations={row.conversation_id}, at=at)
        if newsletter.is_hard(event.failure.code):
            ledger.freeze_undeliverable(
                keys=keys,
                person=row.person_id,
                purpose=newsletter.PURPOSE,
                message=row.id,
                at=at,
            )
    return True


def _organisation_of(message: int) -> int | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT werkbote_organisation_of_message(%s)", [message])
        row = cursor.fetchone()
    return None if row is None or row[0] is None else int(row[0])
