"""WhatsApp as the registry hands it out: webhooks in, permitted messages out, files fetched."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from werkbote.channels import driver, outgoing
from werkbote.channels.meta import client, sending, signature, webhooks
from werkbote.domain import events, policy


class _WhatsApp:
    """The driver; it has no state."""

    __slots__ = ()

    scheme = "whatsapp"

    def read(self, body: bytes, *, received_at: datetime) -> tuple[events.Event, ...]:
        return webhooks.read(body, received_at=received_at)

    def signature_ok(self, raw: bytes, header: str | None, secrets: Sequence[str | bytes]) -> bool:
        return signature.signature_ok(raw, header, secrets)

    def verify_challenge(self, query: Mapping[str, str], tokens: Sequence[str]) -> str | None:
        return signature.verify_challenge(query, tokens)

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
        return await client.fetch_media(media, access=access, sink=sink, limit=limit)


DRIVER = _WhatsApp()
