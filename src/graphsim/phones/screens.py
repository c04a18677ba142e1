"""The phone page over HTTP: the page, its parts, its files, and the stream that keeps it live."""

import asyncio
import pathlib
from functools import partial
from typing import Any

import jinja2
from aiohttp import web

from graphsim.phones import view, words
from graphsim.state import fault
from graphsim.state.world import World

_HERE = pathlib.Path(__file__).parent
_STATIC = {
    "phone.css": "text/css",
    "phone.js": "text/javascript",
    "drawer.js": "text/javascript",
}
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "media-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'self'"
)
_SAFE = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
_HEARTBEAT = 15.0
_EMOJI = ("👍", "❤️", "😂", "😮", "😢", "🙏")
_ATTACHMENTS = (
    ("image", "Picture"),
    ("document", "Document"),
    ("voice", "Voice note"),
    ("video", "Video"),
    ("sticker", "Sticker"),
    ("location", "Location"),
    ("contacts", "Contact"),
    ("order", "Order"),
    ("unsupported", "Unsupported kind"),
)
# The quick menu: area, label, and the fault it orders.
_MENU: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("api", "slow (3 s)", {"kind": "latency", "seconds": 3}),
    ("api", "no answer (30 s)", {"kind": "timeout", "seconds": 30}),
    ("api", "connection breaks", {"kind": "reset"}),
    ("api", "breaks after accepting", {"kind": "reset", "after": True, "place": "messages"}),
    ("api", "error 500", {"kind": "http_500"}),
    ("api", "error 503", {"kind": "http_503"}),
    ("api", "rate limit", {"kind": "rate_limit"}),
    ("api", "token expired", {"kind": "token_expired"}),
    ("api", "account locked", {"kind": "error", "code": 131031}),
    ("webhook", "late (10 s)", {"kind": "late", "seconds": 10}),
    ("webhook", "twice", {"kind": "twice"}),
    ("webhook", "shuffled", {"kind": "shuffled"}),
    ("webhook", "split", {"kind": "split"}),
    ("webhook", "wrong signature", {"kind": "wrong_signature"}),
    ("webhook", "lost", {"kind": "lost"}),
    ("delivery", "undeliverable", {"kind": "fail", "code": 131026}),
    ("delivery", "marketing limit", {"kind": "fail", "code": 131049}),
    ("delivery", "template held back", {"kind": "held"}),
    ("delivery", "read without delivered", {"kind": "skip_delivered"}),
    ("delivery", "no status at all", {"kind": "no_status"}),
    ("delivery", "slow delivery (10 s)", {"kind": "slow", "seconds": 10}),
)
_AREAS = {
    "api": "What the product sends to Meta",
    "webhook": "What Meta tells the product",
    "delivery": "What becomes of messages",
}


class Screens:
    """The pages of one world."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._pages = jinja2.Environment(
            loader=jinja2.FileSystemLoader(_HERE / "pages"),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._pages.filters["rich"] = view.rich

    def attach(self, app: web.Application) -> None:
        """Give the application the phone page."""
        app.router.add_get("/", self.home)
        app.router.add_get("/phones", self.page)
        app.router.add_get("/phones/live", self.live)
        app.router.add_get("/phones/faults", self.faults)
        app.router.add_get("/phones/media/{media}", self.media)
        for name, kind in _STATIC.items():
            app.router.add_get(f"/phones/static/{name}", partial(_static, name, kind))
        app.router.add_get("/phones/{key}", self.page)
        app.router.add_get("/phones/{key}/screen", self.screen)

    async def home(self, _request: web.Request) -> web.Response:
        """GET /: to the phones."""
        raise web.HTTPFound("/phones")

    async def page(self, request: web.Request) -> web.Response:
        """GET /phones and /phones/{key}: every phone side by side, or one alone."""
        key = request.match_info.get("key")
        everyone = list(self._world.customers.values())
        if key is not None and key not in self._world.customers:
            return self._html(request, "missing.html", status=404)
        shown = [each for each in everyone if key in (None, each.key)]
        return self._html(
            request,
            "phones.html",
            people=shown[:12],
            everyone=everyone[:100],
            only=key,
            emoji=_EMOJI,
            attachments=_ATTACHMENTS,
            first=next(iter(self._world.numbers), ""),
        )

    async def screen(self, request: web.Request) -> web.Response:
        """GET /phones/{key}/screen?number=: the chat list, or one chat."""
        who = self._world.customers.get(request.match_info["key"])
        if who is None:
            return web.Response(status=404, headers=_SAFE)
        say = words.speaker(_language(request))
        of = self._world.numbers.get(request.query.get("number", ""))
        if of is None:
            found = view.chats(self._world, who, say)
            return self._html(request, "chats.html", who=who, chats=found)
        return self._html(
            request, "chat.html", who=who, chat=view.chat(self._world, who, of, say), emoji=_EMOJI
        )

    async def faults(self, request: web.Request) -> web.Response:
        """GET /phones/faults?number=: the fault menu, the clock and the state of webhooks."""
        wanted = request.query.get("number", "")
        numbers = list(self._world.numbers.values())
        found = self._world.numbers.get(wanted) or (numbers[0] if numbers else None)
        active = [] if found is None else _active(found.faults)
        courier = self._world.courier
        failed = sum(
            1
            for each in courier.records
            for tried in each.attempts
            if tried["result"] != 200  # noqa: PLR2004
        )
        return self._html(
            request,
            "faults.html",
            numbers=numbers,
            number=found,
            active=active,
            menu=_MENU,
            areas=_AREAS,
            now=self._world.clock.now(),
            waiting=courier.queued + len(courier.waiting),
            sent=courier.sent_updates,
            failed=failed,
        )

    async def media(self, request: web.Request) -> web.Response:
        """GET /phones/media/{id}: a file for the page; risky types are only downloaded."""
        found = self._world.media.get(request.match_info["media"])
        if found is None:
            return web.Response(status=404, headers=_SAFE)
        headers = {**_SAFE, "Content-Security-Policy": "default-src 'none'; sandbox"}
        kind = found.mime_type.partition(";")[0].strip().lower()
        if not view.is_inline(found.mime_type):
            kind = "application/octet-stream"
            headers["Content-Disposition"] = 'attachment; filename="file"'
        return web.Response(body=found.data, content_type=kind, headers=headers)

    async def live(self, request: web.Request) -> web.StreamResponse:
        """GET /phones/live: server-sent events, each the key of a phone that changed."""
        response = web.StreamResponse(headers={**_SAFE, "Content-Type": "text/event-stream"})
        await response.prepare(request)
        queue = self._world.hub.join()
        try:
            await response.write(b"retry: 1000\ndata: *\n\n")
            while True:
                try:
                    async with asyncio.timeout(_HEARTBEAT):
                        notice = await queue.get()
                except TimeoutError:
                    await response.write(b": still here\n\n")
                    continue
                if notice is None:
                    break
                await response.write(f"data: {_one_line(notice)}\n\n".encode())
        except ConnectionError:
            return response
        finally:
            self._world.hub.leave(queue)
        return response

    def _html(
        self, request: web.Request, name: str, *, status: int = 200, **values: Any
    ) -> web.Response:
        language = _language(request)
        text = self._pages.get_template(name).render(
            _=words.speaker(language), language=language, **values
        )
        made = web.Response(text=text, status=status, content_type="text/html", headers=_SAFE)
        if "lang" in request.query:
            made.set_cookie("lang", language, samesite="Strict", httponly=True)
        return made


def _language(request: web.Request) -> str:
    found = request.query.get("lang") or request.cookies.get("lang") or "de"
    return found if found in words.LANGUAGES else "de"


def _one_line(notice: str) -> str:
    return notice.replace("\r", " ").replace("\n", " ")


def _active(menu: fault.Menu) -> list[dict[str, Any]]:
    return [each.public() | {"area": area} for area in fault.MENUS for each in getattr(menu, area)]


async def _static(name: str, kind: str, _request: web.Request) -> web.Response:
    text = (_HERE / "static" / name).read_text(encoding="utf-8")
    return web.Response(text=text, content_type=kind, headers=_SAFE)
