"""The second factor by a passkey (WebAuthn, W3C Level 3): made, shown, counted."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from fido2 import server, webauthn

from werkbote.actions.team import factors, own
from werkbote.store import ids, keyring, models, scope


class UnableToUsePasskey(Exception):
    """The device's answer does not fit what was asked, or the passkey is not this member's."""


def passkeys_possible() -> bool:
    """Return whether browsers allow passkeys at our address: a name, over HTTPS or on localhost."""
    parts = urlsplit(settings.WERKBOTE_PUBLIC_URL)
    host = parts.hostname or ""
    is_name = not host.replace(".", "").isdigit() and ":" not in host
    return is_name and (parts.scheme == "https" or host == "localhost")


def begin_passkey(*, organisation: int, by: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what the browser needs to make a passkey, and the state to keep until it answers."""
    keys = keyring.organisation(organisation)
    with scope.looking(organisation=organisation):
        member = models.Member.objects.get(id=by)
        known = _credentials(organisation, by)
    email = keys.main.open_text(
        member.email_sealed, table="member", row=member.id, column="email_sealed"
    )
    options, state = _server().register_begin(
        webauthn.PublicKeyCredentialUserEntity(
            id=by.to_bytes(8, "big"), name=email, display_name=email
        ),
        credentials=list(known.values()),
        user_verification=webauthn.UserVerificationRequirement.PREFERRED,
    )
    return dict(options), dict(state)


def finish_passkey(
    *,
    organisation: int,
    state: Mapping[str, Any],
    answer: Mapping[str, Any],
    by: int,
    at: datetime,
) -> tuple[str, ...]:
    """Keep the passkey the browser made; return recovery codes if the member has none yet.

    Raises UnableToUsePasskey when the answer does not fit.
    """
    try:
        made = _server().register_complete(dict(state), dict(answer)).credential_data
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise UnableToUsePasskey("The passkey was not made: try again.") from error
    if made is None:
        raise UnableToUsePasskey("The passkey was not made: try again.")
    keys, factor = keyring.organisation(organisation), ids.new()
    with scope.transaction(organisation=organisation):
        models.Member.objects.select_for_update().get(id=by)
        models.Factor(
            id=factor,
            organisation_id=organisation,
            member_id=by,
            kind=factors.PASSKEY,
            secret_sealed=keys.main.seal(
                bytes(made), table="factor", row=factor, column="secret_sealed"
            ),
            credential=keys.digest("passkey", made.credential_id),
            confirmed_at=at,
            created_at=at,
        ).save(force_insert=True)
        has_codes = models.RecoveryCode.objects.filter(member=by, used_at=None).exists()
        codes = () if has_codes else factors.renew_codes(organisation=organisation, member=by)
        own.record(organisation, by, "team.add_factor", at)
    return codes


def ask_passkey(*, organisation: int, by: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what the browser needs to show one of the member's passkeys, and the state to keep."""
    with scope.looking(organisation=organisation):
        known = _credentials(organisation, by)
    options, state = _server().authenticate_begin(
        list(known.values()), user_verification=webauthn.UserVerificationRequirement.PREFERRED
    )
    return dict(options), dict(state)


def check_passkey(
    *,
    organisation: int,
    state: Mapping[str, Any],
    answer: Mapping[str, Any],
    by: int,
    at: datetime,
) -> None:
    """Take the second factor by passkey; raise UnableToUsePasskey when it is not the member's."""
    with scope.transaction(organisation=organisation):
        known = _credentials(organisation, by)
        try:
            response = webauthn.AuthenticationResponse.from_dict(dict(answer))
            used = _server().authenticate_complete(dict(state), list(known.values()), response)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise UnableToUsePasskey("The passkey does not fit: try again.") from error
        (factor,) = (row for row, one in known.items() if one.credential_id == used.credential_id)
        count = response.response.authenticator_data.counter
        rows = models.Factor.objects.filter(id=factor)
        if count and not rows.filter(counter__lt=count).exists():
            raise UnableToUsePasskey("The passkey was copied or used twice: use another factor.")
        rows.update(counter=count, used_at=at)


def _credentials(organisation: int, member: int) -> dict[int, webauthn.AttestedCredentialData]:
    keys = keyring.organisation(organisation)
    rows = models.Factor.objects.filter(member=member, kind=factors.PASSKEY).order_by("id")
    return {
        row.id: webauthn.AttestedCredentialData(
            keys.main.open(row.secret_sealed, table="factor", row=row.id, column="secret_sealed")
        )
        for row in rows
    }


def _server() -> server.Fido2Server:
    ours = settings.WERKBOTE_PUBLIC_URL
    party = webauthn.PublicKeyCredentialRpEntity(
        id=urlsplit(ours).hostname or "localhost", name="Werkbote"
    )
    return server.Fido2Server(party, verify_origin=lambda origin: origin == ours)
