"""What the control API takes and gives: JSON objects, and errors as sentences."""

from typing import Any

import orjson
from aiohttp import web

type Json = dict[str, Any]


class Refused(ValueError):
    """A request the control API does not understand; the sentence says what to change."""

    def __init__(self, why: str, *, status: int = 400) -> None:
        super().__init__(why)
        self.status = status


async def body(request: web.Request) -> Json:
    """The JSON object of a request; empty when there is none. Raises `Refused`."""
    raw = await request.read()
    if not raw:
        return {}
    try:
        found = orjson.loads(raw)
    except orjson.JSONDecodeError:
        raise Refused("The body is not valid JSON.") from None
    if not isinstance(found, dict):
        raise Refused("The body must be a JSON object.")
    return found


def answer(found: object, *, status: int = 200) -> web.Response:
    """A JSON answer."""
    return web.Response(body=orjson.dumps(found), status=status, content_type="application/json")


def text(order: Json, key: str, default: str | None = None) -> str:
    """A text of an order; raises `Refused` when it is missing and has no default."""
    found = order.get(key, default)
    if not isinstance(found, str):
        raise Refused(f"'{key}' must be a text.")
    return found


def optional(order: Json, key: str, default: str | None = None) -> str | None:
    """A text or null."""
    found = order.get(key, default)
    if found is not None and not isinstance(found, str):
        raise Refused(f"'{key}' must be a text or null.")
    return found


def flag(order: Json, key: str, *, default: bool) -> bool:
    """True or false."""
    found = order.get(key, default)
    if not isinstance(found, bool):
        raise Refused(f"'{key}' must be true or false.")
    return found


def amount(order: Json, key: str, default: float, *, least: float, most: float) -> float:
    """A number between two bounds."""
    found = order.get(key, default)
    if isinstance(found, bool) or not isinstance(found, int | float) or not least <= found <= most:
        raise Refused(f"'{key}' must be a number from {least:g} to {most:g}.")
    return float(found)


def choice(order: Json, key: str, default: str, *, of: tuple[str, ...]) -> str:
    """One of some words."""
    found = order.get(key, default)
    if not isinstance(found, str) or found not in of:
        raise Refused(f"'{key}' must be one of: {', '.join(of)}.")
    return found
