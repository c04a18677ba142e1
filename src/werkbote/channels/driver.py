"""What every driver can do, what it needs to know, and the two things it may refuse."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from urllib.parse import urlsplit

from werkbote.channels import outgoing
from werkbote.domain import events, failures, policy

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_ENCRYPTED = frozenset({"https", "smtps", "smtp"})
"""Schemes under which a token is never shown; "smtp" turns encryption on first or does not speak."""


class UnreadableBody(ValueError):
    """Raised by a driver for bytes that are no payload of its channel: keep them as a dead letter."""


class InsecureEndpoint(ValueError):
    """Raised for an endpoint to which a token would travel in the clear."""


class UnusableMedia(Exception):
    """Raised for a file that must not be kept: too large, cut short, changed, or from elsewhere."""


class Unable(Exception):
    """Raised when the provider did not do what it was asked; `verdict` says what to do about it.

    Its text carries no personal data. `media_id` is a file that was already handed over and need
    not be sent again.
    """

    def __init__(self, verdict: failures.Verdict, *, media_id: str | None = None) -> None:
        """Word the sentence from the verdict."""
        self.verdict = verdict
        self.media_id = media_id
        super().__init__(
            f"{verdict.reason.en} {verdict.reason.remedy_en} "
            f"(code {verdict.code}, HTTP {verdict.http}, {verdict.course})"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """How to speak for one number: where, with which token, as whom.

    `number` is the provider's phone_number_id, `account` the WhatsApp Business account. The
    endpoint must be encrypted unless it is this very machine; raises `InsecureEndpoint`. For e-mail
    `account` is the login and `token` the password, both empty where the server asks for none.
    """

    token: str = field(repr=False)
    number: str
    account: str = ""
    base_url: str = "https://graph.facebook.com"
    version: str = "v25.0"

    def __post_init__(self) -> None:
        """Refuse an endpoint that would show the token to others."""
        parts = urlsplit(self.base_url)
        if parts.scheme not in _ENCRYPTED and parts.hostname not in _LOOPBACK:
            raise InsecureEndpoint(f"{self.base_url} is not encrypted; use an https address.")

    @property
    def endpoint(self) -> str:
        """Host and port the messages go to, as a permit names it."""
        return endpoint_of(self.base_url)


def endpoint_of(address: str) -> str:
    """Host and port of an address or of a bare host, in lower case."""
    return (urlsplit(address).netloc if "//" in address else address).strip("/").lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A file that arrived whole: its size in bytes, its type, and its checksum as hexadecimal."""

    size: int
    mime: str
    sha256: str


class Driver(Protocol):
    """A channel: bytes in, events out; and, where it can, messages out and files in."""

    @property
    def scheme(self) -> str:
        """The channel's name, as in `registry.driver(scheme)`."""

    def read(self, body: bytes, *, received_at: datetime) -> tuple[events.Event, ...]:
        """Every event of one body, in its order; raises `UnreadableBody`."""

    def signature_ok(self, raw: bytes, header: str | None, secrets: Sequence[str | bytes]) -> bool:
        """Whether the provider signed exactly these bytes with one of the secrets."""

    def verify_challenge(self, query: Mapping[str, str], tokens: Sequence[str]) -> str | None:
        """The answer to the provider's subscription check, or None to refuse it."""

    async def send(
        self,
        permit: policy.Permit,
        message: outgoing.Outgoing,
        *,
        access: Access,
        attempt: int,
    ) -> outgoing.Receipt:
        """Hand one permitted message over; only the egress calls this. Raises `Unable`."""

    async def fetch_media(
        self,
        media: events.MediaRef,
        *,
        access: Access,
        sink: Callable[[bytes], object],
        limit: int,
    ) -> Fetched:
        """Write a file to `sink`, at most `limit` bytes; raises `Unable` and `UnusableMedia`."""
