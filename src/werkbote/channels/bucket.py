"""A bucket of an S3-compatible store as a shelf: put, get, list, remove; large files in pieces."""

import asyncio
import hashlib
import urllib.parse
import xml.etree.ElementTree as ET
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from pathlib import Path

import aiohttp
import yarl

from werkbote.channels import bucket_signing, shelf

PIECE = 64 * 1024 * 1024
"""Files larger than this go in pieces of this size (at most 10,000 of them)."""

_SECONDS = aiohttp.ClientTimeout(total=None, sock_connect=20, sock_read=120)
_TRIES = 4
_PAUSE = 0.5
_MOST_WORDS = 200
_AGAIN = frozenset({429, 500, 502, 503, 504})


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A bucket at an endpoint, addressed by path; `prefix` ends with a slash or is empty."""

    endpoint: str
    bucket: str
    prefix: str
    access: bucket_signing.Access


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes


class Bucket:
    """The shelf. Every call opens its own connection: a backup is rare and a stale line is a trap."""

    def __init__(self, place: Place, *, now: Callable[[], datetime], piece: int = PIECE) -> None:
        self._place = place
        self._now = now
        self._piece = piece

    @property
    def address(self) -> str:
        """Return endpoint and bucket."""
        return f"{self._place.endpoint}/{self._place.bucket}/{self._place.prefix}".rstrip("/")

    def put(self, name: str, file: Path) -> None:
        """Upload a file; a large one in pieces that become visible together."""
        if file.stat().st_size <= self._piece:
            self._ask("PUT", name, body=file.read_bytes())
        else:
            self._put_in_pieces(name, file)

    def _put_in_pieces(self, name: str, file: Path) -> None:
        upload = _word(self._ask("POST", name, query={"uploads": ""}).body, "UploadId")
        marks: list[str] = []
        try:
            with file.open("rb") as source:
                while piece := source.read(self._piece):
                    query = {"partNumber": str(len(marks) + 1), "uploadId": upload}
                    answer = self._ask("PUT", name, query=query, body=piece)
                    marks.append(answer.headers.get("ETag", ""))
            self._ask("POST", name, query={"uploadId": upload}, body=_assembly(marks))
        except BaseException:
            self._ask("DELETE", name, query={"uploadId": upload})
            raise

    def get(self, name: str, file: Path) -> None:
        """Download to a file, chunk by chunk."""
        self._run(lambda line: self._download(line, name, file))

    def names(self, prefix: str = "") -> list[str]:
        """Return all names, page by page."""
        found: list[str] = []
        token = ""
        while True:
            query = {"list-type": "2", "prefix": self._place.prefix + prefix}
            query |= {"continuation-token": token} if token else {}
            page = self._ask("GET", "", query=query, of_bucket=True).body
            found += [name.removeprefix(self._place.prefix) for name in _words(page, "Key")]
            token = _word(page, "NextContinuationToken")
            if not token:
                return sorted(found)

    def remove(self, name: str) -> None:
        """Delete an object; S3 says yes to what is absent."""
        self._ask("DELETE", name)

    def _path(self, name: str, *, of_bucket: bool = False) -> str:
        return f"/{self._place.bucket}" + ("" if of_bucket else f"/{self._place.prefix}{name}")

    def _signed(
        self, method: str, path: str, query: Mapping[str, str], body: bytes
    ) -> tuple[str, dict[str, str]]:
        parts = urllib.parse.urlsplit(self._place.endpoint)
        request = bucket_signing.Request(
            method=method,
            host=parts.netloc,
            path=path,
            query=query,
            digest=hashlib.sha256(body).hexdigest(),
        )
        headers = bucket_signing.sign(request, access=self._place.access, at=self._now())
        url = f"{self._place.endpoint}{bucket_signing.quoted(path)}"
        return f"{url}?{bucket_signing.query_string(query)}" if query else url, headers

    def _ask(
        self,
        method: str,
        name: str,
        *,
        query: Mapping[str, str] | None = None,
        body: bytes = b"",
        of_bucket: bool = False,
    ) -> _Answer:
        path = self._path(name, of_bucket=of_bucket)

        async def ask(line: aiohttp.ClientSession) -> _Answer:
            url, headers = self._signed(method, path, query or {}, body)
            async with line.request(method, _as_is(url), data=body, headers=headers) as answer:
                found = _Answer(
                    status=answer.status, headers=answer.headers, body=await answer.read()
                )
            self._check(found, name)
            return found

        return self._run(ask)

    async def _download(self, line: aiohttp.ClientSession, name: str, file: Path) -> _Answer:
        url, headers = self._signed("GET", self._path(name), {}, b"")
        async with line.get(_as_is(url), headers=headers) as answer:
            good = answer.status == HTTPStatus.OK
            body = b"" if good else await answer.read()
            found = _Answer(status=answer.status, headers=answer.headers, body=body)
            self._check(found, name)
            with file.open("wb") as copy:
                async for chunk in answer.content.iter_chunked(1 << 20):
                    copy.write(chunk)
        return found

    def _run(self, deed: Callable[[aiohttp.ClientSession], Awaitable[_Answer]]) -> _Answer:
        try:
            return asyncio.run(self._persist(deed))
        except (aiohttp.ClientError, TimeoutError) as error:
            raise shelf.UnableToReach(
                f"The backup store {self._place.endpoint} does not answer ({type(error).__name__}): "
                "check its address and that this host reaches it; nothing half-done was left."
            ) from None

    async def _persist(
        self, deed: Callable[[aiohttp.ClientSession], Awaitable[_Answer]]
    ) -> _Answer:
        """Do it, and again when the line or the store has a weak moment; all our requests may repeat."""
        async with aiohttp.ClientSession(timeout=_SECONDS, trust_env=False) as line:
            for pause in range(1, _TRIES):
                try:
                    return await deed(line)
                except (aiohttp.ClientError, TimeoutError, _Busy):
                    await asyncio.sleep(_PAUSE * pause)
            return await deed(line)

    def _check(self, answer: _Answer, name: str) -> None:
        if answer.status in {HTTPStatus.OK, HTTPStatus.NO_CONTENT}:
            return
        code = _word(answer.body, "Code") or str(answer.status)
        if answer.status in _AGAIN:
            raise _Busy(f"The backup store is busy ({code}): try again later.")
        if answer.status == HTTPStatus.NOT_FOUND and code != "NoSuchBucket":
            raise shelf.Missing(f"{name} does not exist in {self.address}: use another backup.")
        raise shelf.UnableToReach(
            f"The backup store {self.address} refuses us ({code}): check bucket, region, key and "
            "secret in the file that WERKBOTE_BACKUP_S3_FILE names."
        )


class _Busy(shelf.UnableToReach):
    """The store asks to come again later."""


def _as_is(url: str) -> yarl.URL:
    """Return an address that is sent exactly as it was signed."""
    return yarl.URL(url, encoded=True)


def _assembly(marks: list[str]) -> bytes:
    root = ET.Element("CompleteMultipartUpload")
    for number, mark in enumerate(marks, 1):
        part = ET.SubElement(root, "Part")
        ET.SubElement(part, "PartNumber").text = str(number)
        ET.SubElement(part, "ETag").text = mark
    return ET.tostring(root)


def _words(body: bytes, tag: str) -> list[str]:
    """Return the texts of all elements of a name, whatever their namespace."""
    try:
        root = ET.fromstring(body)  # noqa: S314 -- the operator's own store; expat ends at entity bombs
    except ET.ParseError:
        return []
    return [element.text or "" for element in root.iter() if element.tag.rpartition("}")[2] == tag]


def _word(body: bytes, tag: str) -> str:
    return next(iter(_words(body, tag)), "")[:_MOST_WORDS]
