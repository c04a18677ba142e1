"""Keys to the API: made, shown once, ended; each acts with its member's rights and no more."""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from werkbote.actions import audit
from werkbote.domain import team
from werkbote.store import ids, keyring, models, scope

_LONGEST = 366


class UnableToIssueToken(Exception):
    """The token cannot be made; the sentence says why."""


def issue_token(
    *,
    organisation: int,
    name: str,
    scopes: Iterable[team.Scope],
    days: int,
    by: int,
    at: datetime,
) -> str:
    """Make a token of the member `by`, valid for some days, and return its secret, this once."""
    wanted = sorted({str(one) for one in scopes})
    if not wanted:
        raise UnableToIssueToken("Choose at least one thing the token may do.")
    if not 1 <= days <= _LONGEST:
        raise UnableToIssueToken("A token is valid for 1 to 366 days: choose a number of days.")
    keys, token = keyring.organisation(organisation), ids.new()
    secret = f"wb_{organisation}_{secrets.token_urlsafe(32)}"
    with scope.transaction(organisation=organisation):
        models.Token(
            id=token,
            organisation_id=organisation,
            member_id=by,
            name_sealed=keys.main.seal_text(name, table="token", row=token, column="name_sealed"),
            digest=keys.digest("token", secret.encode()),
            scopes=wanted,
            created_at=at,
            expires_at=at + timedelta(days=days),
        ).save(force_insert=True)
        audit.record(
            organisation=organisation,
            by=by,
            verb="team.issue_token",
            object=f"token:{token}",
            detail={"scopes": [*wanted], "days": days},
            at=at,
        )
    return secret


def end_token(*, organisation: int, token: int, by: int, at: datetime) -> bool:
    """End a token at once; return whether it was open."""
    with scope.transaction(organisation=organisation):
        ended = models.Token.objects.filter(id=token, ended_at=None).update(ended_at=at)
        if ended:
            audit.record(
                organisation=organisation,
                by=by,
                verb="team.end_token",
                object=f"token:{token}",
                at=at,
            )
    return bool(ended)
