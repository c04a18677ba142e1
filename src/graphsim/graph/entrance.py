"""The way into the Graph API: token, node, faults, and Meta's envelope around every error."""

import asyncio
import logging
from collections.abc import Mapping
from typing import Any

import orjson
from aiohttp import web

from graphsim import errors
from graphsim.deeds import files, samples, sending
from graphsim.errors import GraphError
from graphsim.graph import qr, table
from graphsim.graph.call import Call, File, Json
from graphsim.state import fault, medium, number
from graphsim.state.world import World

_log = logging.getLogger(__name__)
_EXPIRED = 463
_OLDEST = "v23.0"  # what a call without version gets
_TIMEOUT = 300.0


class Entrance:
    """Answers every path below /v<version>/."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """The answer to one call; never a traceback."""
        version = request.match_info.get("version", _OLDEST)
        try:
            status, found = 200, await self._answer(request, version)
        except GraphError as error:
            status = error.http
            found = error.envelope(trace=self._world.ids.trace())
        except web.HTTPException:
            raise
        except Exception:  # noqa: BLE001 -- Meta's envelope, never a traceback
            _log.exception("The simulator could not answer a call.")
            broken = GraphError(1, "The simulator itself failed; its log says why.")
            status, found = 500, broken.envelope(trace=self._world.ids.trace())
        if isinstance(found, web.StreamResponse):
            return found
        return web.Response(
            body=orjson.dumps(found),
            status=status,
            content_type="application/json",
            headers={"facebook-api-version": version, "x-app-usage": '{"call_count":0}'},
        )

    async def _answer(self, request: web.Request, version: str) -> Any:
        node, *rest = [part for part in request.match_info["path"].split("/") if part] or [""]
        token = _token(request)
        edge = rest[0] if rest else ""
        kind = table.kind_of(self._world, node, edge=edge)
        by = self._number(node, kind, token)
        body, parts, raw = await _read(request)
        call = Call(
            world=self._world,
            version=version,
            base=f"{request.scheme}://{request.host}",
            node=node,
            rest=tuple(rest),
            by=by,
            query=request.query,
            body=body,
            raw=raw,
            headers=request.headers,
            files=parts,
        )
        if by.faults.api:
            place = table.PLACES.get(edge, "number")
            place = "media" if kind == "media" else "templates" if kind == "template" else place
            struck = by.faults.strike("api", chance=self._world.ids.chance(), place=place)
            if struck:
                return await self._suffer(request, call, kind, struck)
        return self._do(request.method, kind, call)

    def _do(self, method: str, kind: str | None, call: Call) -> Any:
        edge = call.rest[0] if call.rest else ""
        endpoint = table.ENDPOINTS.get((method, kind or "", edge))
        if endpoint is None:
            if kind is None:
                raise GraphError(
                    803, f"Some of the aliases you requested do not exist: {call.node:.80}"
                )
            raise GraphError(
                100, f"Unsupported {method.lower()} request: '{edge:.80}' is no edge of a {kind}."
            )
        return endpoint(call)

    def _number(self, node: str, kind: str | None, token: str) -> number.Number:
        """The number a call concerns, if the token may act for it; raises 190, 803 or 10."""
        world = self._world
        direct = world.numbers.get(node)
        if direct is not None and direct.access_token == token:
            return direct
        mine = [each for each in world.numbers.values() if each.access_token == token]
        if not mine:
            raise GraphError(190, "Invalid OAuth access token - Cannot parse access token.")
        if kind == "number":
            raise GraphError(10, "The token has no permission for this phone number.")
        if kind == "waba":
            mine = [each for each in mine if each.waba_id == node]
        elif kind == "media":
            mine = [each for each in mine if each.id == world.media[node].number_id]
        elif kind == "template":
            mine = [each for each in mine if each.waba_id == world.templates[node].waba_id]
        if not mine:
            raise GraphError(10, "The token has no permission for this object.")
        return mine[0]

    async def _suffer(
        self, request: web.Request, call: Call, kind: str | None, struck: list[fault.Fault]
    ) -> Any:
        answer: Any = None
        if any(each.after for each in struck):
            answer = self._do(request.method, kind, call)
        for each in struck:
            if each.kind == "latency":
                await asyncio.sleep(each.seconds)
                continue
            if not each.after and call.rest[:1] == ("messages",) and "status" not in call.body:
                outcome = f"fault:{each.kind}"
                sending.note(self._world, call.by, call.body, wamid="", outcome=outcome)
            return await _misbehave(request, each, on_messages=call.rest[:1] == ("messages",))
        return self._do(request.method, kind, call) if answer is None else answer


async def _misbehave(
    request: web.Request, struck: fault.Fault, *, on_messages: bool
) -> web.StreamResponse:
    if struck.kind == "token_expired":
        raise GraphError(
            190, "Error validating access token: Session has expired.", subcode=_EXPIRED
        )
    if struck.kind == "rate_limit":
        raise GraphError(130429 if on_messages else 80007, "Too many calls; try again later.")
    if struck.kind == "error":
        raise GraphError(struck.code, f"{errors.CODES[struck.code].title} (fault).")
    if struck.kind.startswith("http_"):
        status = int(struck.kind.removeprefix("http_"))
        return web.Response(
            status=status,
            text="<html>Sorry, something went wrong.</html>",
            content_type="text/html",
        )
    if struck.kind == "timeout":
        await asyncio.sleep(min(max(struck.seconds, 0.0), _TIMEOUT))
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=500)


def _token(request: web.Request) -> str:
    header = request.headers.get("Authorization", "")
    scheme, _, token = header.partition(" ")
    if scheme.lower() == "bearer" and token.strip():
        return token.strip()
    found = request.query.get("access_token", "")
    if not found:
        raise GraphError(104, "An access token is required to request this resource.")
    return found


async def _read(request: web.Request) -> tuple[Json, Mapping[str, File], bytes]:
    """Fields, files and raw body of a request; raises 100 when it is no JSON object."""
    if request.method == "GET" or not request.can_read_body:
        return {}, {}, b""
    if request.content_type == "multipart/form-data":
        return await _parts(request)
    raw = await request.read()
    if request.content_type == "application/x-www-form-urlencoded":
        form = await request.post()
        return {k: _loads(v) for k, v in form.items() if isinstance(v, str)}, {}, raw
    if not raw or request.content_type != "application/json":
        return {}, {}, raw
    try:
        found = orjson.loads(raw)
    except orjson.JSONDecodeError:
        raise GraphError(100, "The body is not valid JSON.") from None
    if not isinstance(found, dict):
        raise GraphError(100, "The body must be a JSON object.")
    return found, {}, raw


def _loads(text: str) -> Any:
    if text[:1] in ("{", "["):
        try:
            return orjson.loads(text)
        except orjson.JSONDecodeError:
            return text
    return text


async def _parts(request: web.Request) -> tuple[Json, Mapping[str, File], bytes]:
    fields: Json = {}
    found: dict[str, File] = {}
    try:
        form = await request.post()
    except ValueError:
        raise GraphError(100, "The multipart body cannot be read.") from None
    for key, value in form.items():
        if isinstance(value, web.FileField):
            found[key] = File(
                data=value.file.read(), mime_type=value.content_type, filename=value.filename
            )
        elif isinstance(value, str):
            fields[key] = value
    return fields, found, b""


async def attachment(world: World, request: web.Request) -> web.Response:
    """GET of a media URL: the file, if the bearer is right and the five minutes are not over."""
    try:
        found = _opened(world, request)
    except GraphError as error:
        return web.json_response(error.envelope(trace=world.ids.trace()), status=error.http)
    if found is None:
        return web.Response(status=404, text="Media URL expired", content_type="text/plain")
    return web.Response(body=found.data, content_type=found.mime_type.partition(";")[0])


async def qr_picture(request: web.Request) -> web.Response:
    """GET of a QR link's picture."""
    form = request.match_info["form"]
    picture = qr.image(request.match_info["code"], form=form)
    return web.Response(
        body=picture, content_type="image/png" if form == "png" else "image/svg+xml"
    )


async def profile_picture(_request: web.Request) -> web.Response:
    """GET of a business profile's picture: the same sample for everyone."""
    found = samples.sample("image")
    return web.Response(body=found.data, content_type=found.mime_type)


def _opened(world: World, request: web.Request) -> medium.Medium | None:
    token = _token(request)
    item = world.media.get(request.query.get("mid", ""))
    owner = None if item is None else world.numbers.get(item.number_id)
    if owner is not None and owner.access_token != token:
        raise GraphError(190, "Invalid OAuth access token.")
    found = files.opened(world, token=request.query.get("token", ""))
    return found if found is item else None
