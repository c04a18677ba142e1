"""A small S3-compatible store on loopback: checks every signature by the rules, keeps objects in memory."""

import hashlib
import re
import threading
import urllib.parse
import xml.sax.saxutils
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from werkbote.channels import bucket, bucket_signing

ACCESS = bucket_signing.Access(key="werkstatt", secret="hebebuehne", region="eu-central-1")
_CREDENTIAL = re.compile(r"Credential=(?P<key>[^/]+)/.*SignedHeaders=(?P<names>[^,]+),Signature=")
_PAGE = 3


@dataclass(slots=True)
class Store:
    """What the store holds, and how it misbehaves: `busy` answers come first."""

    port: int = 0
    objects: dict[str, bytes] = field(default_factory=dict)
    uploads: dict[str, dict[int, bytes]] = field(default_factory=dict)
    busy: int = 0
    refused: int = 0

    def place(self, prefix: str = "", secret: str = ACCESS.secret) -> bucket.Place:
        access = bucket_signing.Access(key=ACCESS.key, secret=secret, region=ACCESS.region)
        return bucket.Place(
            endpoint=f"http://127.0.0.1:{self.port}",
            bucket="sicherung",
            prefix=prefix,
            access=access,
        )


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    store: Store

    def log_message(self, *_words: Any) -> None:
        pass

    def _answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        path, _, query = self.path.partition("?")
        asked = dict(urllib.parse.parse_qsl(query, keep_blank_values=True))
        if not self._is_signed(urllib.parse.unquote(path), asked, body):
            self.store.refused += 1
            return self._error(403, "SignatureDoesNotMatch")
        if self.store.busy:
            self.store.busy -= 1
            return self._error(503, "SlowDown")
        _, where, key = (urllib.parse.unquote(path) + "/").split("/", 2)
        if where != "sicherung":
            return self._error(404, "NoSuchBucket")
        return self._do(key.rstrip("/"), asked, body)

    do_GET = do_PUT = do_POST = do_DELETE = _serve  # noqa: N815 -- the library's names

    def _is_signed(self, path: str, asked: dict[str, str], body: bytes) -> bool:
        """Sign the request again with what the store knows, and compare."""
        found = _CREDENTIAL.search(self.headers.get("Authorization", ""))
        digest = hashlib.sha256(body).hexdigest()
        if found is None or self.headers["x-amz-content-sha256"] != digest:
            return False
        extra = {
            name: self.headers[name]
            for name in found["names"].split(";")
            if name not in {"host", "x-amz-content-sha256", "x-amz-date"}
        }
        request = bucket_signing.Request(
            method=self.command,
            host=self.headers["Host"],
            path=path,
            query=asked,
            headers=extra,
            digest=digest,
        )
        at = datetime.strptime(self.headers["x-amz-date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        expected = bucket_signing.sign(request, access=ACCESS, at=at)["authorization"]
        return expected == self.headers["Authorization"]

    def _do(self, key: str, asked: dict[str, str], body: bytes) -> None:
        if self.command == "GET" and not key:
            return self._list(asked)
        if "uploads" in asked:
            self.store.uploads["u1"] = {}
            return self._answer(200, b"<R><UploadId>u1</UploadId></R>")
        if "uploadId" in asked:
            return self._piece(key, asked, body)
        return self._plain(key, body)

    def _plain(self, key: str, body: bytes) -> None:
        if self.command == "PUT":
            self.store.objects[key] = body
            return self._answer(200, ETag='"1"')
        if self.command == "DELETE":
            self.store.objects.pop(key, None)
            return self._answer(204)
        if key not in self.store.objects:
            return self._error(404, "NoSuchKey")
        return self._answer(200, self.store.objects[key])

    def _piece(self, key: str, asked: dict[str, str], body: bytes) -> None:
        pieces = self.store.uploads[asked["uploadId"]]
        if self.command == "DELETE":
            self.store.uploads.pop(asked["uploadId"])
            return self._answer(204)
        if self.command == "PUT":
            pieces[int(asked["partNumber"])] = body
            return self._answer(200, ETag=f'"{asked["partNumber"]}"')
        assert body.count(b"<PartNumber>") == len(pieces)
        self.store.objects[key] = b"".join(pieces[number] for number in sorted(pieces))
        return self._answer(200, b"<R/>")

    def _list(self, asked: dict[str, str]) -> None:
        names = sorted(name for name in self.store.objects if name.startswith(asked["prefix"]))
        first = int(asked.get("continuation-token", "0"))
        page = names[first : first + _PAGE]
        keys = "".join(f"<C><Key>{xml.sax.saxutils.escape(name)}</Key></C>" for name in page)
        more = first + _PAGE < len(names)
        token = f"<NextContinuationToken>{first + _PAGE}</NextContinuationToken>" if more else ""
        body = f'<L xmlns="http://s3.amazonaws.com/doc/2006-03-01/">{keys}{token}</L>'
        self._answer(200, body.encode())

    def _error(self, status: int, code: str) -> None:
        self._answer(status, f"<Error><Code>{code}</Code></Error>".encode())


@contextmanager
def running() -> Iterator[Store]:
    """Yield a store that listens on loopback."""
    store = Store()
    handler = type("Handler", (_Handler,), {"store": store})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        store.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield store
        finally:
            server.shutdown()
            thread.join()
