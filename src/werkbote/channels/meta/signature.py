"""Proof that Meta sent a body: the signature over its raw bytes and the answer to the subscription check."""

import hashlib
import hmac
from collections.abc import Mapping, Sequence

_PREFIX = "sha256="


def signature_ok(raw: bytes, header: str | None, secrets: Sequence[str | bytes]) -> bool:
    """Whether `X-Hub-Signature-256` is the HMAC-SHA256 of `raw` under one of the app secrets.

    Several secrets are valid at once, so that one can be replaced without losing a body. Without a
    secret, or with an empty one, nothing is ever valid. Every secret is tried, in constant time.
    """
    if header is None or not header.startswith(_PREFIX):
        return False
    claimed = header[len(_PREFIX) :].strip().lower().encode("utf-8", "surrogatepass")
    valid = False
    for secret in secrets:
        key = secret.encode() if isinstance(secret, str) else secret
        if key:
            expected = hmac.digest(key, raw, hashlib.sha256).hex().encode()
            valid |= hmac.compare_digest(expected, claimed)
    return valid


def verify_challenge(query: Mapping[str, str], tokens: Sequence[str]) -> str | None:
    """Meta's `hub.challenge` when the query carries one of our verify tokens, otherwise None."""
    challenge = query.get("hub.challenge")
    if query.get("hub.mode") != "subscribe" or not challenge:
        return None
    given = query.get("hub.verify_token", "").encode("utf-8", "surrogatepass")
    valid = False
    for token in tokens:
        if token:
            valid |= hmac.compare_digest(token.encode("utf-8", "surrogatepass"), given)
    return challenge if valid else None
