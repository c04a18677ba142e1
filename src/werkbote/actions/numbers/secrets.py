"""The secrets of a number: exchanged for new ones, never shown again."""

from datetime import datetime

from werkbote.actions import audit
from werkbote.actions.numbers import asking, looking, setting_up
from werkbote.actions.numbers.connecting import UnableToConnect
from werkbote.channels import registry
from werkbote.domain import numbers
from werkbote.store import keyring, models, scope


def rotate_app_secret(
    *, organisation: int, number: int, secret: str, by: int | str, at: datetime
) -> None:
    """Make `secret` the app secret and keep the one before it valid beside it."""
    if not secret.strip():
        raise UnableToConnect("The new app secret is empty: copy it from the Meta app's settings.")
    keys = keyring.organisation(organisation)
    with scope.transaction(organisation=organisation):
        row = models.Number.objects.select_for_update(no_key=True).get(id=number)
        before = keys.main.open(
            row.app_secret_sealed, table="number", row=number, column="app_secret_sealed"
        )
        row.app_secret_previous_sealed = keys.main.seal(
            before, table="number", row=number, column="app_secret_previous_sealed"
        )
        row.app_secret_sealed = keys.main.seal_text(
            secret, table="number", row=number, column="app_secret_sealed"
        )
        row.save(update_fields=["app_secret_sealed", "app_secret_previous_sealed"])
        audit.record(
            organisation=organisation,
            by=by,
            verb="numbers.rotate_app_secret",
            object=f"number:{number}",
            at=at,
        )


def renew_token(*, organisation: int, number: int, token: str, by: int, at: datetime) -> None:
    """Make `token` the access token; the one before it is gone."""
    if not token.strip():
        raise UnableToConnect(
            "The new access token is empty: copy it from the Meta Business Suite."
        )
    keys = keyring.organisation(organisation)
    with scope.transaction(organisation=organisation):
        models.Number.objects.filter(id=number).update(
            token_sealed=keys.main.seal_text(
                token.strip(), table="number", row=number, column="token_sealed"
            ),
            paused_until=None,
            paused_code=None,
        )
        audit.record(
            organisation=organisation,
            by=by,
            verb="numbers.renew_token",
            object=f"number:{number}",
            at=at,
        )


def change_pin(*, organisation: int, number: int, pin: str, by: int, at: datetime) -> None:
    """Tell Meta a new PIN and seal it; raise numbers.UnableToStep or asking.UnableToAsk."""
    numbers.check_pin(pin)
    here = looking.place(organisation=organisation, number=number)
    asking.ask(lambda: registry.management.change_pin(here.access, pin=pin))
    with scope.transaction(organisation=organisation):
        setting_up.keep_pin(organisation=organisation, number=number, pin=pin)
        audit.record(
            organisation=organisation,
            by=by,
            verb="numbers.change_pin",
            object=f"number:{number}",
            at=at,
        )
