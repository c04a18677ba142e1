"""Signing requests to S3-compatible stores: AWS Signature Version 4, headers only."""

import hashlib
import hmac
import urllib.parse
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

_ALGORITHM = "AWS4-HMAC-SHA256"
_SERVICE = "s3"


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Who we are towards the store."""

    key: str
    secret: str = field(repr=False)
    region: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is asked: `path` is unquoted, `digest` the hex SHA-256 of the body."""

    method: str
    host: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    digest: str = hashlib.sha256(b"").hexdigest()


def quoted(text: str) -> str:
    """Return a path in the encoding that is signed and sent."""
    return urllib.parse.quote(text, safe="/-_.~")


def query_string(query: Mapping[str, str]) -> str:
    """Return a query in the order and encoding that is signed and sent."""
    return "&".join(
        f"{urllib.parse.quote(key, safe='-_.~')}={urllib.parse.quote(value, safe='-_.~')}"
        for key, value in sorted(query.items())
    )


def sign(request: Request, *, access: Access, at: datetime) -> dict[str, str]:
    """Return the headers that a request has to carry, signature included."""
    stamp = at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    headers = {
        **{name.lower(): value.strip() for name, value in request.headers.items()},
        "host": request.host,
        "x-amz-content-sha256": request.digest,
        "x-amz-date": stamp,
    }
    names = ";".join(sorted(headers))
    canonical = "\n".join(
        [
            request.method,
            quoted(request.path),
            query_string(request.query),
            *(f"{name}:{headers[name]}" for name in sorted(headers)),
            "",
            names,
            request.digest,
        ]
    )
    area = f"{stamp[:8]}/{access.region}/{_SERVICE}/aws4_request"
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    text = f"{_ALGORITHM}\n{stamp}\n{area}\n{digest}"
    signature = hmac.new(_key(access, stamp[:8]), text.encode(), "sha256").hexdigest()
    headers["authorization"] = (
        f"{_ALGORITHM} Credential={access.key}/{area},SignedHeaders={names},Signature={signature}"
    )
    return headers


def _key(access: Access, day: str) -> bytes:
    key = f"AWS4{access.secret}".encode()
    for step in (day, access.region, _SERVICE, "aws4_request"):
        key = hmac.digest(key, step.encode(), "sha256")
    return key
