"""Meta's side of a storm: signed bodies from many people, brought until each is acknowledged."""

import hashlib
import hmac
import http.client
import json
import queue
import random
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

_TIMEOUT = 30.0
_PAUSE = (0.05, 0.4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """The number the bodies are for, and the address they are brought to."""

    port: int
    slug: str
    secret: str
    phone_number_id: str
    account_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Storm:
    """Bodies in the order of their arrival, and what must be found when it is over."""

    posts: Sequence[bytes]
    distinct: int
    messages: frozenset[str]
    reactions: frozenset[str]
    news: int


@dataclass(slots=True)
class _Made:
    messages: set[str] = field(default_factory=set)
    reactions: set[str] = field(default_factory=set)
    news: int = 0


def phones() -> list[str]:
    """Invented mobile numbers of the ranges kept free for films."""
    return [f"4917139200{n:02}" for n in range(100)] + [f"49176040690{n:02}" for n in range(80)]


def user_ids() -> list[str]:
    """Invented people who show no phone number."""
    return [f"DE.70000000000000{n:02}" for n in range(20)]


def storm(line: Line, *, bodies: int, repeated: int, chance: random.Random) -> Storm:
    """Make `bodies` distinct bodies, repeat some of them, and shuffle the lot."""
    made = _Made()
    distinct = [_body(line, made, chance) for _ in range(bodies)]
    posts = distinct + chance.sample(distinct, repeated)
    chance.shuffle(posts)
    return Storm(
        posts=posts,
        distinct=len(set(distinct)),
        messages=frozenset(made.messages),
        reactions=frozenset(made.reactions),
        news=made.news,
    )


def _body(line: Line, made: _Made, chance: random.Random) -> bytes:
    items = 1 if chance.random() < 0.8 else chance.randint(2, 6)
    changes = [_change(line, made, chance) for _ in range(items)]
    entry = {"id": line.account_id, "time": int(time.time()), "changes": changes}
    return json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()


def _change(line: Line, made: _Made, chance: random.Random) -> dict[str, Any]:
    value: dict[str, Any] = {
        "messaging_product": "whatsapp",
        "metadata": {
            "display_phone_number": "493023125100",
            "phone_number_id": line.phone_number_id,
        },
    }
    if chance.random() < 0.01:
        made.news += 1
        return {"field": "weather", "value": {**value, "forecast": [{"n": made.news}]}}
    return {"field": "messages", "value": value | _message(made, chance)}


def _message(made: _Made, chance: random.Random) -> dict[str, Any]:
    name = f"wamid.{chance.getrandbits(80):020x}"
    stamp = str(int(time.time()) - chance.randint(0, 600))
    item: dict[str, Any] = {"id": name, "timestamp": stamp}
    contact: dict[str, Any] = {"profile": {"name": "Alex Beispiel"}}
    if chance.random() < 0.1:
        item["from_user_id"] = contact["user_id"] = chance.choice(user_ids())
    else:
        item["from"] = contact["wa_id"] = chance.choice(phones())
    return {"contacts": [contact], "messages": [item | _content(name, made, chance)]}


def _content(name: str, made: _Made, chance: random.Random) -> dict[str, Any]:
    dice = chance.random()
    if dice < 0.03 and made.messages:
        made.reactions.add(name)
        target = chance.choice(sorted(made.messages)[:50])
        return {"type": "reaction", "reaction": {"message_id": target, "emoji": "👍"}}
    made.messages.add(name)
    if dice < 0.07:
        return {"type": "hologram", "hologram": {"depth": 3}}
    if dice < 0.08:
        return {
            "type": "image",
            "image": {"id": str(chance.getrandbits(50)), "mime_type": "image/jpeg"},
        }
    return {"type": "text", "text": {"body": f"Ist mein Auto fertig? {chance.getrandbits(16)}"}}


@dataclass(slots=True, kw_only=True)
class Bringers:
    """Connections that bring posts at a pace, each until it is answered with 200."""

    line: Line
    connections: int
    per_second: float
    acknowledged: int = 0
    refused: int = 0
    broken: int = 0
    late: int = 0
    _posts: "queue.Queue[tuple[float, bytes]]" = field(default_factory=queue.Queue)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _threads: list[threading.Thread] = field(default_factory=list)
    _given_up: threading.Event = field(default_factory=threading.Event)

    def start(self, posts: Sequence[bytes]) -> None:
        """Begin to bring `posts` in their order."""
        began = time.monotonic()
        for position, raw in enumerate(posts):
            self._posts.put((began + position / self.per_second, raw))
        self._threads = [
            threading.Thread(target=self._bring_all, args=[random.Random(seed)], daemon=True)
            for seed in range(self.connections)
        ]
        for thread in self._threads:
            thread.start()

    def finish(self, seconds: float) -> bool:
        """Wait until all is acknowledged; give up after `seconds` without any, and return False."""
        before, deadline = -1, 0.0
        while not (done := not any(thread.is_alive() for thread in self._threads)):
            if self.acknowledged != before:
                before, deadline = self.acknowledged, time.monotonic() + seconds
            if time.monotonic() > deadline:
                break
            time.sleep(0.1)
        self._given_up.set()
        return done

    def _bring_all(self, chance: random.Random) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.line.port, timeout=_TIMEOUT)
        while not self._given_up.is_set():
            try:
                due, raw = self._posts.get_nowait()
            except queue.Empty:
                break
            time.sleep(max(0.0, due - time.monotonic()))
            while not self._bring(connection, raw) and not self._given_up.is_set():
                time.sleep(chance.uniform(*_PAUSE))
        connection.close()

    def _bring(self, connection: http.client.HTTPConnection, raw: bytes) -> bool:
        signed = hmac.new(self.line.secret.encode(), raw, hashlib.sha256).hexdigest()
        headers = {"x-hub-signature-256": f"sha256={signed}", "content-type": "application/json"}
        try:
            connection.request("POST", f"/hooks/meta/{self.line.slug}", body=raw, headers=headers)
            answer = connection.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException):
            connection.close()
            with self._lock:
                self.broken += 1
            return False
        good = answer.status == 200
        with self._lock:
            self.acknowledged += good
            self.refused += not good
        return good
