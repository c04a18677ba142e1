"""The simulator as one web application, and as a process that stops when told."""

import asyncio
import pathlib
import signal
from collections.abc import AsyncIterator
from functools import partial

from aiohttp import web

from graphsim import mail
from graphsim.control import table as control
from graphsim.graph import entrance
from graphsim.phones import screens
from graphsim.state import memory
from graphsim.state.world import Settings, World

WORLD: web.AppKey[World] = web.AppKey("world", World)
MAILBOX: web.AppKey[mail.Mailbox] = web.AppKey("mailbox", mail.Mailbox)
_UPLOAD_BYTES = 140 * 1024 * 1024
"""Room for a customer's file of 100 MB, written as base64."""

_VERSION = r"/{version:v\d{1,3}\.\d{1,2}}/{path:.*}"
_UNVERSIONED = r"/{path:\d+(?:/.*)?}"


def create_app(
    *, settings: Settings | None = None, clock_rate: float = 1.0, seed: int | None = None
) -> web.Application:
    """A simulator with an empty world; run it in any aiohttp runner. `app[WORLD]` is the world."""
    world = World(settings=settings or Settings(), clock_rate=clock_rate, seed=seed)
    app = web.Application(client_max_size=_UPLOAD_BYTES)
    app[WORLD] = world
    app.cleanup_ctx.append(_live)
    app.router.add_route("*", _VERSION, entrance.Entrance(world).answer)
    app.router.add_route("*", _UNVERSIONED, entrance.Entrance(world).answer)
    app.router.add_get("/whatsapp_business/attachments/", partial(entrance.attachment, world))
    app.router.add_get(r"/qr/{code:[A-Z2-7]{14}}.{form:svg|png}", entrance.qr_picture)
    app.router.add_get("/profile/{number}.png", entrance.profile_picture)
    control.attach(app, world)
    screens.Screens(world).attach(app)
    app[MAILBOX] = mail.Mailbox()
    mail.attach(app, app[MAILBOX])
    app.on_shutdown.append(_close_pages)
    return app


async def _live(app: web.Application) -> AsyncIterator[None]:
    world = app[WORLD]
    await world.courier.open()
    ticker = world.ticker()
    yield
    ticker.cancel()
    await asyncio.gather(ticker, return_exceptions=True)
    await world.courier.close()


async def _close_pages(app: web.Application) -> None:
    app[WORLD].hub.close()


class UnableToListen(OSError):
    """The address is taken or not ours; choose another with --host and --port."""


async def run(
    app: web.Application,
    *,
    host: str,
    port: int,
    mail_port: int = 0,
    memory_file: pathlib.Path | None = None,
) -> None:
    """Serve until SIGTERM or SIGINT, e-mail too where a port for it is given; say when ready.

    A `memory_file` is read at the start and written at the end.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    if memory_file is not None:
        memory.load(app[WORLD], memory_file)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=2.0)
    await runner.setup()
    site = web.TCPSite(runner, host, port, reuse_address=True, backlog=1024)
    letters: asyncio.Server | None = None
    try:
        await site.start()
        if mail_port:
            letters = await app[MAILBOX].listen(host=host, port=mail_port)
    except OSError as error:
        await runner.cleanup()
        raise UnableToListen(f"{host}:{port} cannot be used: {error.strerror}") from error
    real = runner.addresses[0]
    print(f"graphsim ready on http://{real[0]}:{real[1]} (phones: /phones)", flush=True)  # noqa: T201
    await stop.wait()
    if letters is not None:
        letters.close()
    await runner.cleanup()
    if memory_file is not None:
        memory.save(app[WORLD], memory_file)
