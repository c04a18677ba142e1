"""E-mail as the registry hands it out: permitted messages out, returned letters in."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from werkbote.channels import driver, outgoing
from werkbote.channels.mail import bounces, sending
from werkbote.domain import events, policy


class _Mail:
    """The driver; it has no state."""

    __slots__ = ()

    scheme = "mail"

    def read(self, body: bytes, *, received_at: datetime) -> tuple[events.Event, ...]:
        return bounces.read(body, received_at=received_at)

    def signature_ok(self, raw: bytes, header: str | None, secrets: Sequence[str | bytes]) -> bool:
        """Return False: no letter is signed; ours are known by their keyed Message-ID."""
        del raw, header, secrets
        return False

    def verify_challenge(self, query: Mapping[str, str], tokens: Sequence[str]) -> str | None:
        """Return None: nobody subscribes here."""
        del query, tokens
        return None

    async def send(
        self,
        permit: policy.Permit,
        message: outgoing.Outgoing,
        *,
        access: driver.Access,
        attempt: int,
    ) -> outgoing.Receipt:
        return await sending.send(permit, message, access=access, attempt=attempt)

    async def fetch_media(
        self,
        media: events.MediaRef,
        *,
        access: driver.Access,
        sink: Callable[[bytes], object],
        limit: int,
    ) -> driver.Fetched:
        """Raise UnusableMedia: nothing that comes back by e-mail has a file to fetch."""
        del media, access, sink, limit
        raise driver.UnusableMedia("There are no files to fetch on the e-mail channel.")


DRIVER = _Mail()
