"""Media: uploading, expiring links, and the sample files a customer's phone holds."""

import base64
import binascii
import hashlib
from typing import Any

from graphsim.deeds import samples
from graphsim.errors import GraphError
from graphsim.state import medium, number
from graphsim.state.world import URLS_KEPT, World

type Json = dict[str, Any]

_INBOUND_LIMIT = 100 * medium.MIB


class UnableToStore(ValueError):
    """The file cannot be sent; the sentence says what to change."""


def upload(
    world: World, by: number.Number, *, data: bytes, mime_type: str, filename: str | None
) -> str:
    """Store a file of the business for 30 days and return its id; raises `GraphError`."""
    kind = medium.kind_of(mime_type)
    if kind is None:
        raise GraphError(
            100,
            f"Param file must be a file with one of the following types: "
            f"{', '.join(t for types, _ in medium.ACCEPTED.values() for t in types)}. "
            f"Received file of type '{mime_type:.80}'.",
        )
    if not data:
        raise GraphError(131009, "The file is empty.")
    if len(data) > medium.ACCEPTED[kind][1]:
        raise GraphError(
            131053,
            f"The file is larger than {medium.ACCEPTED[kind][1]} bytes, the most for {kind}.",
        )
    return _store(world, by, data, mime_type, filename, inbound=False).id


def receive(world: World, to: number.Number, order: Json) -> medium.Medium:
    """The file of a customer's message: `data` (base64), or the sample of its kind."""
    kind = str(order.get("kind"))
    given = order.get("data")
    sample = samples.sample(kind)
    mime_type = order.get("mime_type")
    filename = order.get("filename")
    if given is None:
        data, mime_type = sample.data, mime_type or sample.mime_type
        filename = filename or sample.filename
    else:
        data = _decoded(given)
    if len(data) > _INBOUND_LIMIT:
        raise UnableToStore("The file is larger than 100 MB; WhatsApp takes no larger one.")
    if not isinstance(mime_type, str | None) or not isinstance(filename, str | None):
        raise UnableToStore("'mime_type' and 'filename' are texts.")
    return _store(world, to, data, mime_type or sample.mime_type, filename, inbound=True)


def _decoded(given: object) -> bytes:
    try:
        return base64.b64decode(given if isinstance(given, str) else "", validate=True)
    except (binascii.Error, ValueError):
        raise UnableToStore("'data' is not base64.") from None


def _store(
    world: World,
    of: number.Number,
    data: bytes,
    mime_type: str,
    filename: str | None,
    *,
    inbound: bool,
) -> medium.Medium:
    life = medium.INBOUND_SECONDS if inbound else medium.UPLOAD_SECONDS
    digest = hashlib.sha256(data)
    item = medium.Medium(
        id=world.ids.number(),
        number_id=of.id,
        mime_type=mime_type,
        sha256=base64.b64encode(digest.digest()).decode() if inbound else digest.hexdigest(),
        data=data,
        filename=filename,
        expires_at=world.clock.now() + life,
        inbound=inbound,
    )
    world.store(item)
    return item


def link(world: World, item: medium.Medium, *, base: str) -> str:
    """A URL for the file that lives five minutes and wants the bearer token."""
    token = world.ids.token()
    world.urls[token] = (item.id, world.clock.now() + medium.URL_SECONDS)
    while len(world.urls) > URLS_KEPT:
        world.urls.popitem(last=False)
    return f"{base}/whatsapp_business/attachments/?mid={item.id}&token={token}"


def opened(world: World, *, token: str) -> medium.Medium | None:
    """The file behind a URL, or None when URL or file is gone."""
    media_id, until = world.urls.get(token, ("", 0.0))
    if until <= world.clock.now():
        return None
    return world.media.get(media_id)
