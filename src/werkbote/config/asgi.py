"""The one ASGI application: webhooks and live updates beside Django, static files before it.

Hooks and live are named by module; each has `app`, and may have `startup` and `shutdown`, awaited
with the server's own start and end, and `closing`, awaited before the server waits for its last answers.
"""

import logging
import sys
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from django.core.asgi import get_asgi_application
from django.utils.module_loading import import_string

from werkbote.config import static

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

_LOG = logging.getLogger(__name__)


HEALTH = "/healthz"


@dataclass(frozen=True, slots=True, kw_only=True)
class Composition:
    """Routes by the beginning of the path; the longest prefix comes first, Django takes the rest."""

    mounts: Mapping[str, ModuleType]
    rest: App

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one ASGI scope."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await self._app(scope["path"])(scope, receive, send)

    def _app(self, path: str) -> App:
        if path == HEALTH:
            return _alive
        for prefix, module in self.mounts.items():
            if path.startswith(prefix):
                app: App = module.app
                return app
        return self.rest

    async def close(self) -> None:
        """Let answers end that would go on for ever; the server is about to stop."""
        for moment in self._moments("closing"):
            await moment()

    async def _live(self, receive: Receive, send: Send) -> None:
        """Follow the server's life (ASGI lifespan 2.0): start in order, stop in reverse."""
        while True:
            message = await receive()
            phase = message["type"].removeprefix("lifespan.")
            try:
                for moment in self._moments(phase):
                    await moment()
            except Exception as error:  # noqa: BLE001 -- the server is told, whatever it was
                _LOG.exception("%s failed", phase)
                problem = f"{type(error).__name__} at {phase}: see the log."
                await send({"type": f"lifespan.{phase}.failed", "message": problem})
                return
            await send({"type": f"lifespan.{phase}.complete"})
            if phase == "shutdown":
                return

    def _moments(self, phase: str) -> Iterator[Callable[[], Awaitable[None]]]:
        modules = list(self.mounts.values())
        for module in modules if phase == "startup" else reversed(modules):
            moment = getattr(module, phase, None)
            if moment is not None:
                yield moment


async def _alive(_scope: Scope, _receive: Receive, send: Send) -> None:
    """Say that this process answers; whether it can work is asked by “werkbote doctor”."""
    headers = [(b"content-type", b"text/plain"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"alive"})


def compose(names: Mapping[str, str], *, rest: App) -> Composition:
    """Return the application that mounts modules, named by dotted path, at path prefixes."""
    mounts: dict[str, ModuleType] = {}
    for prefix, name in sorted(names.items(), reverse=True):
        import_string(f"{name}.app")
        mounts[prefix] = sys.modules[name]
    return Composition(mounts=mounts, rest=rest)


MOUNTS: Mapping[str, str] = {
    "/hooks/": "werkbote.web.hooks",
    "/live": "werkbote.web.live",
    "/static/": static.__name__,
}


def application() -> Composition:
    """Return the product's application; the server calls this once per process."""
    return compose(MOUNTS, rest=get_asgi_application())
