"""A Graph API that does what a test tells it to: scripted answers, and connections that break."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import orjson
from aiohttp import web
from aiohttp.test_utils import unused_port

from tests.channels.meta.bodies import ACCOUNT, NUMBER
from werkbote.channels import driver, sessions

type Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
type Broken = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

TOKEN = "EAAsecret"
ACCEPTED = {
    "messaging_product": "whatsapp",
    "contacts": [{"input": "+4915228817386", "wa_id": "4915228817386", "user_id": "DE.1"}],
    "messages": [{"id": "wamid.out", "message_status": "accepted"}],
}


@dataclass(slots=True)
class Scripted:
    """Answers by "METHOD path below the version"; what has no answer is 404. Keeps what it got."""

    answers: Mapping[str, object]
    base: str = ""
    calls: list[tuple[str, object]] = field(default_factory=list)
    tokens: set[str] = field(default_factory=set)

    async def __call__(self, request: web.Request) -> web.StreamResponse:
        key = f"{request.method} {request.path.removeprefix('/v25.0/').lstrip('/')}"
        self.tokens.add(request.headers.get("Authorization", ""))
        self.calls.append((key, await _received(request)))
        answer = self.answers.get(key, (404, {"error": {"code": 803, "message": "no"}}))
        if isinstance(answer, web.Response):
            return answer
        status, found = answer if isinstance(answer, tuple) else (200, answer)
        raw = found if isinstance(found, bytes) else orjson.dumps(found)
        return web.Response(status=status, body=raw.replace(b"BASE", self.base.encode()))


async def _received(request: web.Request) -> object:
    if request.content_type == "multipart/form-data":
        form = await request.post()
        return {
            key: (each.filename, each.content_type, each.file.read())
            if isinstance(each, web.FileField)
            else each
            for key, each in form.items()
        }
    raw = await request.read()
    return orjson.loads(raw) if raw else dict(request.query)


def access(base_url: str) -> driver.Access:
    return driver.Access(token=TOKEN, number=NUMBER, account=ACCOUNT, base_url=base_url)


@asynccontextmanager
async def serving(handler: Handler | Scripted) -> AsyncIterator[driver.Access]:
    """An HTTP server on loopback for the time of the test."""
    runner = web.ServerRunner(web.Server(handler), shutdown_timeout=0.0)
    await runner.setup()
    port = unused_port()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    base = f"http://127.0.0.1:{port}"
    if isinstance(handler, Scripted):
        handler.base = base
    try:
        yield access(base)
    finally:
        await sessions.close()
        await runner.cleanup()


@asynccontextmanager
async def breaking(behave: Broken) -> AsyncIterator[driver.Access]:
    """A TCP server on loopback that misbehaves below HTTP."""
    server = await asyncio.start_server(behave, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    try:
        yield access(f"http://127.0.0.1:{port}")
    finally:
        await sessions.close()  # before the server, which waits for its connections
        server.close()
        await server.wait_closed()
