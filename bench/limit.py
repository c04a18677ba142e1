"""The machine's limit: the same server and the same signature check, and nothing else."""

import os
import sys
from typing import Any

from werkbote.channels.meta import signature
from werkbote.config import serving

_SECRET = os.environ.get("BENCH_SECRET", "").encode()


class Application:
    """Answers 200 to a signed body, 401 to any other."""

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        """Answer one request."""
        body = b""
        more = True
        while more:
            part = await receive()
            body += part.get("body", b"")
            more = part.get("more_body", False)
        header = dict(scope["headers"]).get(b"x-hub-signature-256", b"").decode()
        status = 200 if signature.signature_ok(body, header, [_SECRET]) else 401
        headers = [(b"content-length", b"0")]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": b""})

    async def close(self) -> None:
        """Do nothing: no answer takes long."""


if __name__ == "__main__":
    host, port = sys.argv[1], int(sys.argv[2])
    serving.Server(serving.configured(Application(), host=host, port=port, lifespan="off")).run()
