"""The machine's limit: the same server and the same signature check, and nothing else."""

import os
import sys
from typing import Any

import uvicorn

from werkbote.channels.meta import signature
from werkbote.config import serving

_SECRET = os.environ.get("BENCH_SECRET", "").encode()


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Answer 200 to a signed body, 401 to any other."""
    body = b""
    more = True
    while more:
        part = await receive()
        body += part.get("body", b"")
        more = part.get("more_body", False)
    header = dict(scope["headers"]).get(b"x-hub-signature-256", b"").decode()
    good = signature.signature_ok(body, header, [_SECRET])
    headers = [(b"content-length", b"0")]
    await send({"type": "http.response.start", "status": 200 if good else 401, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


if __name__ == "__main__":
    host, port = sys.argv[1], int(sys.argv[2])
    uvicorn.Server(serving.configured(application, host=host, port=port, lifespan="off")).run()
