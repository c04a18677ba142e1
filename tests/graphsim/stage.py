"""A simulator and a webhook on loopback, in a thread beside the test."""

import asyncio
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

import httpx
from aiohttp import web

from graphsim import server
from graphsim.state.world import Settings, World

type Json = dict[str, Any]

SECRET = "invented-secret"
TOKEN = "invented-token"
NUMBER = "10010001"
WABA = "20020002"
ANNA = "+49 171 3920001"
ANNA_DIGITS = "491713920001"
QUICK = Settings(
    deliver_seconds=0.0,
    review_seconds=0.05,
    webhook_linger_seconds=0.005,
    webhook_retry_seconds=0.05,
    webhook_timeout_seconds=30.0,
)


def _signature(raw: bytes) -> str:
    return "sha256=" + hmac.new(SECRET.encode(), raw, hashlib.sha256).hexdigest()


@dataclass(slots=True)
class Hook:
    """The product's webhook: keeps what came, and answers as the test wishes."""

    heard: list[tuple[bytes, str]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)

    @property
    def bodies(self) -> list[bytes]:
        """The raw bodies, in order of arrival."""
        return [raw for raw, _ in list(self.heard)]

    @property
    def signatures(self) -> list[str]:
        """What each body was signed with."""
        return [signature for _, signature in list(self.heard)]

    @property
    def signed(self) -> list[bool]:
        """Whether each body's signature was right."""
        return [signature == _signature(raw) for raw, signature in list(self.heard)]

    async def __call__(self, request: web.Request) -> web.Response:
        if request.method == "GET":
            right = request.query.get("hub.verify_token") == "verify-me"
            return web.Response(text=request.query["hub.challenge"] if right else "no")
        raw = await request.read()
        self.heard.append((raw, request.headers["X-Hub-Signature-256"]))
        return web.Response(status=self.answers.pop(0) if self.answers else 200)

    def values(self, field_name: str = "messages") -> list[Json]:
        """The value of every change of that field, in order of arrival."""
        return [
            change["value"]
            for raw in self.bodies
            for entry in json.loads(raw)["entry"]
            for change in entry["changes"]
            if change["field"] == field_name
        ]

    def items(self, key: str, field_name: str = "messages") -> list[Json]:
        """Every item of a list of the values: messages, statuses, history…"""
        return [item for value in self.values(field_name) for item in value.get(key, [])]

    def statuses(self, wamid: str) -> list[str]:
        """The statuses told of one message."""
        return [item["status"] for item in self.items("statuses") if item["id"] == wamid]


class Stage:
    """Runs the simulator and the webhook until `close`."""

    def __init__(self, settings: Settings = QUICK) -> None:
        self.hook = Hook()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._app = server.create_app(settings=settings, seed=7)
        self._runners: list[web.AppRunner] = []
        hook_app = web.Application(client_max_size=10_000_000)
        hook_app.router.add_route("*", "/hook/{test}", self._heard)
        self._tests = 0
        self.url = self._do(self._serve(self._app))
        self._hook_base = self._do(self._serve(hook_app))
        self.http = httpx.Client(base_url=self.url, trust_env=False, timeout=60)

    @property
    def hook_url(self) -> str:
        """Where this test's webhook listens."""
        return f"{self._hook_base}/hook/{self._tests}"

    async def _heard(self, request: web.Request) -> web.Response:
        if request.match_info["test"] != str(self._tests):
            return web.Response()  # meant for an earlier test
        return await self.hook(request)

    async def _serve(self, app: web.Application) -> str:
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self._runners.append(runner)
        return f"http://127.0.0.1:{runner.addresses[0][1]}"

    def _do[T](self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=60)

    @property
    def world(self) -> World:
        """The simulated world, for looking at."""
        return self._app[server.WORLD]

    def close(self) -> None:
        """Stop everything."""
        self.http.close()
        for runner in self._runners:
            self._do(runner.cleanup())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=60)
        self._loop.close()

    def begin(self) -> None:
        """Forget everything and set up one number and one customer."""
        self.control("POST", "reset")
        self.hook, self._tests = Hook(), self._tests + 1
        self.number()
        self.control("PUT", "customers/anna", name="Anna Beispiel", phone=ANNA)

    def control(self, method: str, path: str, **order: Any) -> Json:
        """A call of the control API; fails on anything but success."""
        answer = self.http.request(method, f"/sim/{path}", json=order or None)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        return dict(answer.json())

    def number(self, number_id: str = NUMBER, **settings: Any) -> Json:
        """Set up (or change) a number."""
        usual: Json = {
            "waba_id": WABA,
            "display_phone_number": "+49 30 23125 001",
            "verified_name": "Autohaus Muster",
            "access_token": TOKEN,
            "app_secret": SECRET,
            "verify_token": "verify-me",
            "webhook_url": self.hook_url,
        }
        return self.control("PUT", f"numbers/{number_id}", **(usual | settings))

    def says(self, kind: str = "text", *, key: str = "anna", to: str = NUMBER, **order: Any) -> str:
        """Let a customer write; returns the message's id."""
        if kind == "text":
            order.setdefault("text", "Guten Tag")
        made = self.control("POST", f"customers/{key}/messages", to=to, kind=kind, **order)
        return str(made["wamid"])

    def graph(
        self, method: str, path: str, body: Json | None = None, **more: Any
    ) -> httpx.Response:
        """A call of the Graph API with the right token."""
        headers = {"Authorization": f"Bearer {TOKEN}"}
        return self.http.request(
            method, f"/v23.0/{path}", json=body, headers=headers | more.pop("headers", {}), **more
        )

    def send(self, *, number_id: str = NUMBER, **message: Any) -> httpx.Response:
        """Send a message; a text to Anna unless told otherwise."""
        usual: Json = {"messaging_product": "whatsapp", "to": ANNA}
        if "type" not in message:
            usual |= {"type": "text", "text": {"body": "Ihr Wagen ist fertig."}}
        return self.graph("POST", f"{number_id}/messages", usual | message)

    def sent(self, **message: Any) -> str:
        """Send a message that must be accepted; returns its id."""
        answer = self.send(**message)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["messages"][0]["id"])

    def template(self, name: str = "abholung", **changed: Any) -> Json:
        """Put an approved template with one variable and a button."""
        body = {
            "type": "BODY",
            "text": "Hallo {{1}}, Ihr Wagen ist fertig. Danke!",
            "example": {"body_text": [["Anna"]]},
        }
        buttons = {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "Ich komme"}]}
        order = {
            "name": name,
            "language": "de",
            "category": "UTILITY",
            "components": [body, buttons],
        }
        made = self.control("PUT", f"wabas/{WABA}/templates", **(order | changed))
        return dict(made["templates"][0])

    def error(self, answer: httpx.Response) -> tuple[int, int]:
        """HTTP status and code of an answer that must be Meta's error envelope."""
        found = answer.json()["error"]
        assert found["type"] in ("OAuthException", "GraphMethodException")
        assert found["fbtrace_id"]
        return answer.status_code, found["code"]


def wait(ready: Callable[[], object], *, seconds: float = 60.0) -> None:
    """Wait until something holds; fails after `seconds`."""
    until = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < until, "It did not happen in time."
        time.sleep(0.005)


def filled(name: str = "abholung", text: str = "Anna") -> Json:
    """A template message with one parameter."""
    return {
        "type": "template",
        "template": {
            "name": name,
            "language": {"code": "de"},
            "components": [{"type": "body", "parameters": [{"type": "text", "text": text}]}],
        },
    }
