"""The Cloud API for one number, but for sending: read marks, files, people to block or forget."""

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass

import aiohttp
from yarl import URL

from werkbote.channels import driver, outgoing
from werkbote.channels.meta import transport, wire
from werkbote.domain import events, failures
from werkbote.domain.events import Json

_MEDIA_HOSTS = (".fbsbx.com", ".fbcdn.net", ".facebook.com", ".whatsapp.net")
_UPLOAD_SECONDS = 180.0
_SHA256_HEX = 64
_UNSAFE_IN_NAME = re.compile(r'[\x00-\x1f\x7f"\\/]')


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A file as Meta describes it: an address good for five minutes, its type, checksum, size."""

    url: str
    mime: str
    sha256: str
    size: int


async def mark_read(
    provider_id: str, *, access: driver.Access, typing: bool = False, attempt: int = 1
) -> None:
    """Show the message as read, and with `typing` that an answer is being written."""
    body: wire.Item = {
        "messaging_product": "whatsapp",
        "status": "read",
        "message_id": provider_id,
    }
    if typing:
        body["typing_indicator"] = {"type": "text"}
    await transport.call(
        access,
        transport.Call(method="POST", path=(access.number, "messages"), body=body, repeatable=True),
        attempt=attempt,
    )


async def upload(file: outgoing.Upload, *, access: driver.Access, attempt: int = 1) -> str:
    """Hand a file over; returns its id (good for 30 days). Raises `driver.Unable`."""

    def form() -> aiohttp.FormData:
        found = aiohttp.FormData(quote_fields=False)  # the name as it is, not percent-encoded
        found.add_field("messaging_product", "whatsapp")
        found.add_field("type", file.mime)
        name = _UNSAFE_IN_NAME.sub("_", file.filename) or "file"
        found.add_field("file", file.content, filename=name, content_type=file.mime)
        return found

    answer = await transport.call(
        access,
        transport.Call(
            method="POST",
            path=(access.number, "media"),
            form=form,
            repeatable=True,
            seconds=_UPLOAD_SECONDS,
        ),
        attempt=attempt,
    )
    return required(answer, "id", attempt)


async def media(provider_id: str, *, access: driver.Access) -> Held:
    """What Meta knows of a file, with an address good for five minutes."""
    answer = await transport.call(
        access,
        transport.Call(
            method="GET",
            path=(provider_id,),
            query={"phone_number_id": access.number},
            repeatable=True,
        ),
    )
    return Held(
        url=required(answer, "url", 1),
        mime=wire.text(answer.get("mime_type")),
        sha256=wire.text(answer.get("sha256")),
        size=wire.integer(answer.get("file_size")) or 0,
    )


async def fetch_media(
    ref: events.MediaRef,
    *,
    access: driver.Access,
    sink: Callable[[bytes], object],
    limit: int,
) -> driver.Fetched:
    """Write a received file to `sink` and prove that it is the one that was announced.

    Raises `driver.Unable`, and `driver.UnusableMedia` for a file that is too large, lies on a
    foreign host, or has another checksum; then what `sink` has must be thrown away.
    """
    held = await media(ref.provider_id, access=access)
    if held.size > limit:
        raise driver.UnusableMedia(f"The file is larger than {limit} bytes; ask for a smaller one.")
    _check_host(held.url, access)
    checksum = hashlib.sha256()

    def take(chunk: bytes) -> None:
        checksum.update(chunk)
        sink(chunk)

    size = await transport.download(access, held.url, sink=take, limit=limit)
    announced = ref.sha256 or held.sha256
    if not _is_checksum(announced, checksum.digest()):
        raise driver.UnusableMedia(
            "The file is not the one that was announced; ask for it to be sent again."
        )
    return driver.Fetched(size=size, mime=held.mime or ref.mime, sha256=checksum.hexdigest())


def _check_host(url: str, access: driver.Access) -> None:
    """The token goes only to Meta's media hosts, or to the very endpoint it belongs to."""
    own = URL(access.base_url).origin()
    try:
        found = URL(url, encoded=True)
        trusted = found.origin() == own or (
            found.scheme == "https" and f".{found.host}".endswith(_MEDIA_HOSTS)
        )
    except ValueError:
        trusted = False
    if not trusted:
        raise driver.UnusableMedia("The file lies on a foreign host; it is not fetched.")


def _is_checksum(announced: str, digest: bytes) -> bool:
    """Whether a SHA-256 in hexadecimal or Base64 (Meta uses both) is this digest."""
    if len(announced) == _SHA256_HEX:
        expected = digest.hex().encode()
        return hmac.compare_digest(expected, announced.lower().encode("utf-8", "replace"))
    try:
        return hmac.compare_digest(digest, base64.b64decode(announced, validate=True))
    except (binascii.Error, ValueError):
        return False


async def delete_media(provider_id: str, *, access: driver.Access) -> None:
    """Delete a file at Meta before its 30 days are over."""
    await transport.call(
        access,
        transport.Call(
            method="DELETE",
            path=(provider_id,),
            query={"phone_number_id": access.number},
            repeatable=True,
        ),
    )


async def block(address: str, *, access: driver.Access) -> None:
    """Block a person who wrote within 24 hours, by phone or user id."""
    await _block("POST", address, access)


async def unblock(address: str, *, access: driver.Access) -> None:
    """Let a person write again."""
    await _block("DELETE", address, access)


async def _block(method: str, address: str, access: driver.Access) -> None:
    # One at a time: a list of several fails in part, and then names its failures as an error.
    users: Json = [{"user": address}]
    await transport.call(
        access,
        transport.Call(
            method=method,
            path=(access.number, "block_users"),
            body={"messaging_product": "whatsapp", "block_users": users},
            repeatable=True,
        ),
    )


async def forget_contact(bsuid: str, *, access: driver.Access) -> bool:
    """Delete a person's entry in Meta's contact book (phone beside user id); False: none was there.

    The address of this call follows the partners' documentation of 2026; it could not be tried
    against Meta itself.
    """
    answer = await transport.call(
        access,
        transport.Call(
            method="DELETE",
            path=(access.number, "contact_book"),
            body={"messaging_product": "whatsapp", "bsuid": bsuid},
            repeatable=True,
        ),
    )
    return answer.get("deleted") is True


def required(answer: wire.Item, key: str, attempt: int) -> str:
    """A value that a good answer must have; raises `driver.Unable`."""
    found = wire.ident(answer.get(key))
    if found is None:
        unread = failures.unanswered(failures.Transport.UNREADABLE, attempt)
        raise driver.Unable(failures.harmless(unread, attempt))
    return found
