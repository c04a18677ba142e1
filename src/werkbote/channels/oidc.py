"""Single sign-on at the company's own identity provider (OpenID Connect Core 1.0, code flow with PKCE)."""

import base64
import hashlib
import secrets
from dataclasses import asdict, dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

import aiohttp
import jwt
import orjson

from werkbote.channels import sessions

_SECONDS = 10.0
_ANSWER_CAP = 256 * 1024
_ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA")
_LEEWAY = 60
_OK = 200
STRONG = frozenset({"mfa", "otp", "hwk", "swk", "pop", "fpt", "face", "sc"})
"""Authentication methods (RFC 8176) that count as a second factor shown at the provider."""


class UnableToAskProvider(Exception):
    """The identity provider did not answer, or not as OpenID Connect asks for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """An identity provider and what we are to it; `issuer` is its address without a last slash."""

    issuer: str
    client_id: str
    secret: str = field(repr=False)
    back: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One sign-in on its way: kept by us until the browser comes back."""

    state: str
    nonce: str
    verifier: str

    def plain(self) -> dict[str, str]:
        """Return the question in plain types, for a session."""
        return asdict(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Whom the provider vouches for."""

    email: str = field(repr=False)
    strong: bool


async def ask(provider: Provider) -> tuple[str, Question]:
    """Return where to send the browser, and the question to keep."""
    found = await _discover(provider)
    question = Question(
        state=secrets.token_urlsafe(24),
        nonce=secrets.token_urlsafe(24),
        verifier=secrets.token_urlsafe(48),
    )
    challenge = hashlib.sha256(question.verifier.encode()).digest()
    query = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": provider.back,
        "scope": "openid email",
        "state": question.state,
        "nonce": question.nonce,
        "code_challenge": base64.urlsafe_b64encode(challenge).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
    }
    return f"{found['authorization_endpoint']}?{urlencode(query)}", question


async def redeem(provider: Provider, question: Question, *, code: str) -> Answer:
    """Exchange a code for whom the provider vouches for; raise UnableToAskProvider.

    The ID token's signature, issuer, audience, times and nonce are checked, and that the provider
    itself has verified the e-mail address.
    """
    found = await _discover(provider)
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": provider.back,
        "client_id": provider.client_id,
        "client_secret": provider.secret,
        "code_verifier": question.verifier,
    }
    told = await _exchange("POST", str(found["token_endpoint"]), form=form)
    keys = await _exchange("GET", str(found["jwks_uri"]))
    try:
        claims = _claims(provider, str(told["id_token"]), keys)
    except (jwt.PyJWTError, KeyError, ValueError) as error:
        raise UnableToAskProvider("The identity provider's answer is not valid.") from error
    email = claims.get("email")
    if claims.get("nonce") != question.nonce or claims.get("email_verified") is not True:
        raise UnableToAskProvider("The identity provider does not vouch for this address.")
    if not isinstance(email, str) or not email:
        raise UnableToAskProvider("The identity provider named no e-mail address.")
    methods = claims.get("amr")
    strong = isinstance(methods, list) and not STRONG.isdisjoint(map(str, methods))
    return Answer(email=email, strong=strong)


def _claims(provider: Provider, token: str, keys: dict[str, Any]) -> dict[str, Any]:
    key = jwt.PyJWKSet.from_dict(keys)[str(jwt.get_unverified_header(token)["kid"])]
    found: dict[str, Any] = jwt.decode(
        token,
        key,
        algorithms=list(_ALGORITHMS),
        audience=provider.client_id,
        issuer=provider.issuer,
        leeway=_LEEWAY,
        options={"require": ["exp", "iat", "sub", "iss", "aud"]},
    )
    return found


async def _discover(provider: Provider) -> dict[str, Any]:
    found = await _exchange("GET", f"{provider.issuer}/.well-known/openid-configuration")
    ends = ("authorization_endpoint", "token_endpoint", "jwks_uri")
    if found.get("issuer") != provider.issuer or not all(_is_safe(found.get(end)) for end in ends):
        raise UnableToAskProvider("The identity provider's description does not fit its address.")
    return found


def _is_safe(address: object) -> bool:
    parts = urlsplit(address) if isinstance(address, str) else urlsplit("")
    return parts.scheme == "https" or parts.hostname in {"127.0.0.1", "localhost"}


async def _exchange(method: str, url: str, *, form: dict[str, str] | None = None) -> dict[str, Any]:
    try:
        async with sessions.session().request(
            method,
            url,
            data=form,
            allow_redirects=False,
            timeout=aiohttp.ClientTimeout(total=_SECONDS),
        ) as answer:
            raw = await answer.content.read(_ANSWER_CAP)
            while len(raw) < _ANSWER_CAP and not answer.content.at_eof():
                raw += await answer.content.read(_ANSWER_CAP - len(raw))
            status = answer.status
        found = orjson.loads(raw)
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError):
        # Without a cause: an error of the client may hold the request with its secret.
        raise UnableToAskProvider("The identity provider does not answer.") from None
    if status != _OK or not isinstance(found, dict):
        raise UnableToAskProvider("The identity provider refused.")
    return found
