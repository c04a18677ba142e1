"""Speaking as a number: which one, with which access, and whether it rests."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from werkbote.actions import mailing
from werkbote.channels import driver
from werkbote.store import duties, models, vault

MAIL = "mail"
_PAUSE = timedelta(minutes=15)


class UnableToSpeak(Exception):
    """The house has stopped who would be spoken to: nothing was said."""


def rests(number: models.Number, *, at: datetime) -> bool:
    """Return whether a number sends nothing now: paused, or its mail server is not the one agreed on.

    The agreement (Art. 28 DSGVO) is with one server; should the environment name another, the sender
    pauses until an owner has confirmed the new one. In the claim's transaction.
    """
    if number.paused_until is not None and number.paused_until > at:
        return True
    if number.channel != MAIL or mailing.server().base_url == number.graph_url:
        return False
    models.Number.objects.filter(id=number.id).update(paused_until=at + _PAUSE)
    return True


def access(keys: vault.OrganisationKeys, number: models.Number) -> driver.Access:
    """Return the access a driver needs to speak for a number; the token is opened here and only here.

    Inside a scope. Raises UnableToSpeak where the house has stopped the recipient.
    """
    if duties.recipient_of_number(number.channel, number.graph_url) in duties.stopped():
        raise UnableToSpeak(
            "The house has stopped this recipient: data protection releases it under Recipients."
        )
    if number.channel == MAIL:
        server = mailing.server()
        return driver.Access(
            token=server.password,
            number=number.phone_number_id,
            account=server.user,
            base_url=number.graph_url,
        )
    return driver.Access(
        token=keys.main.open_text(
            number.token_sealed, table="number", row=number.id, column="token_sealed"
        ),
        number=number.phone_number_id,
        account=number.account_id,
        base_url=number.graph_url,
        version=number.graph_version,
    )


def own(*, phone_number_ids: Sequence[str]) -> list[models.Number]:
    """Return those of the named numbers that are this organisation's."""
    return list(models.Number.objects.filter(phone_number_id__in=phone_number_ids).order_by("id"))
