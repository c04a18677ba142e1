"""Signing in with the company's account: the provider vouches for the address, the member is ours."""

import asyncio
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass
from datetime import datetime
from hmac import compare_digest
from pathlib import Path
from typing import Any

from django.conf import settings

from werkbote.actions.team import entering
from werkbote.channels import oidc, sessions
from werkbote.store import keyring, models, scope


class UnableToSignInByCompany(Exception):
    """The company's account lets nobody in here; the sentence says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vouched:
    """Who was vouched for; `strong` says that a second factor was shown at the provider."""

    who: entering.SignedIn
    strong: bool


def company_possible() -> bool:
    """Return whether an identity provider is configured."""
    return bool(settings.WERKBOTE_OIDC_ISSUER)


def ask_company(*, back: str) -> tuple[str, dict[str, str]]:
    """Return where the browser goes, and what to keep until it comes back to `back`."""
    try:
        url, question = _run(oidc.ask(_provider(back)))
    except oidc.UnableToAskProvider as error:
        raise UnableToSignInByCompany(_LATER) from error
    return url, question.plain()


_LATER = "The company's sign-in does not answer: try again later or use your password."
_NOBODY = "The company's account does not belong to a member here: ask an owner for an invitation."


def enter_by_company(
    *, back: str, kept: Mapping[str, Any], state: str, code: str, at: datetime
) -> Vouched:
    """Return the member the provider vouches for; raise UnableToSignInByCompany.

    `kept` is what `ask_company` gave, once; a `state` that is not its own is refused.
    """
    if not kept or not compare_digest(str(kept["state"]).encode(), state.encode()):
        raise UnableToSignInByCompany(_LATER)
    question = oidc.Question(**kept)
    try:
        answer = _run(oidc.redeem(_provider(back), question, code=code))
    except oidc.UnableToAskProvider as error:
        raise UnableToSignInByCompany(_LATER) from error
    email_hash = keyring.installation().email_hash(answer.email)
    with scope.signing_in(email_hash=email_hash):
        member = models.Member.objects.filter(email_hash=email_hash, is_active=True).first()
    if member is None:
        raise UnableToSignInByCompany(_NOBODY)
    with scope.transaction(organisation=member.organisation_id):
        models.Member.objects.filter(id=member.id).update(last_login=at)
        factors = entering.factors_of(member.id)
    who = entering.SignedIn(
        member=member.id,
        organisation=member.organisation_id,
        stamp=member.get_session_auth_hash(),
        factors=frozenset() if answer.strong else factors,
    )
    return Vouched(who=who, strong=answer.strong)


def _provider(back: str) -> oidc.Provider:
    file = settings.WERKBOTE_OIDC_SECRET_FILE
    return oidc.Provider(
        issuer=settings.WERKBOTE_OIDC_ISSUER,
        client_id=settings.WERKBOTE_OIDC_CLIENT_ID,
        secret=Path(file).read_text().strip() if file else "",
        back=back,
    )


def _run[T](work: Coroutine[Any, Any, T]) -> T:
    async def alone() -> T:
        try:
            return await work
        finally:
            await sessions.close()

    return asyncio.run(alone())
