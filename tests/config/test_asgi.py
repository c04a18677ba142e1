"""Tests of the composition: who answers which path, and what the server's life passes on."""

import asyncio
from collections.abc import Mapping
from types import ModuleType
from typing import Any

import pytest

from werkbote.config import asgi, static


def module(name: str, calls: list[str], *, broken: bool = False) -> ModuleType:
    made = ModuleType(name)

    async def app(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": name.encode()})

    async def startup() -> None:
        calls.append(f"{name} starts")
        if broken:
            raise OSError("a secret detail")

    async def shutdown() -> None:
        calls.append(f"{name} stops")

    made.app, made.startup, made.shutdown = app, startup, shutdown  # type: ignore[attr-defined]
    return made


def composition(calls: list[str], *, broken: bool = False) -> asgi.Composition:
    mounts = {
        "/static/": static,
        "/live": module("live", calls, broken=broken),
        "/hooks/": module("hooks", calls),
    }
    return asgi.Composition(mounts=mounts, rest=module("django", calls).app)


def ask(
    app: asgi.Composition, scope: dict[str, Any], *arriving: Mapping[str, Any]
) -> list[Mapping[str, Any]]:
    sent: list[Mapping[str, Any]] = []
    waiting = list(arriving)

    async def receive() -> Mapping[str, Any]:
        return waiting.pop(0)

    async def send(message: Mapping[str, Any]) -> None:
        sent.append(message)

    asyncio.run(app(scope, receive, send))
    return sent


def get(app: asgi.Composition, path: str, **more: Any) -> list[Mapping[str, Any]]:
    scope = {"type": "http", "method": "GET", "path": path, "headers": [], "query_string": b""}
    return ask(app, scope | more)


@pytest.mark.parametrize(
    ("path", "who"),
    [
        ("/hooks/meta/x", b"hooks"),
        ("/live", b"live"),
        ("/live/inbox", b"live"),
        ("/hooksofother", b"django"),
        ("/inbox/", b"django"),
        ("/healthz", b"alive"),
    ],
)
def test_path_is_answered_by_its_own_part(path: str, who: bytes) -> None:
    assert get(composition([]), path)[1]["body"] == who


def test_life_is_passed_on_in_order_and_back() -> None:
    calls: list[str] = []
    sent = ask(
        composition(calls),
        {"type": "lifespan"},
        {"type": "lifespan.startup"},
        {"type": "lifespan.shutdown"},
    )

    assert calls == ["live starts", "hooks starts", "hooks stops", "live stops"]
    assert [message["type"] for message in sent] == [
        "lifespan.startup.complete",
        "lifespan.shutdown.complete",
    ]


def test_failed_start_is_told_to_the_server_without_details() -> None:
    sent = ask(composition([], broken=True), {"type": "lifespan"}, {"type": "lifespan.startup"})

    assert sent == [
        {"type": "lifespan.startup.failed", "message": "OSError at startup: see the log."}
    ]


def test_compose_names_modules_by_their_path() -> None:
    made = asgi.compose({"/static/": "werkbote.config.static"}, rest=composition([]).rest)

    assert made.mounts == {"/static/": static}
