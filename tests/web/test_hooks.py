"""The address Meta calls, as ASGI over a real database: what is answered, and what then is there."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from django.db import connection

from tests import dealers
from werkbote.actions import inbound, numbers
from werkbote.store import intake, models, scope
from werkbote.web import hooks

_TERMINATE = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    status: int
    headers: dict[bytes, bytes]
    text: bytes


async def _call(
    method: str,
    path: str,
    *,
    parts: list[bytes] | None = None,
    query: str = "",
    headers: dict[bytes, bytes] | None = None,
) -> Answer:
    """One call as a server makes it: the body comes in parts."""
    waiting = list(parts or [b""])
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        await asyncio.sleep(0)
        part = waiting.pop(0)
        return {"type": "http.request", "body": part, "more_body": bool(waiting)}

    async def send(message: Any) -> None:
        await asyncio.sleep(0)
        sent.append(dict(message))

    scope_ = {
        "type": "http",
        "method": method,
        "path": path,
        "query_string": query.encode(),
        "headers": list((headers or {}).items()),
    }
    await hooks.app(scope_, receive, send)
    assert [one["type"] for one in sent] == ["http.response.start", "http.response.body"]
    return Answer(status=sent[0]["status"], headers=dict(sent[0]["headers"]), text=sent[1]["body"])


def _run[T](deed: Callable[[], Awaitable[T]]) -> T:
    """Run calls in a web process's life: the door opens before and closes after."""

    async def live() -> T:
        await hooks.startup()
        try:
            return await deed()
        finally:
            await hooks.shutdown()

    return asyncio.run(live())


async def _post(to: dealers.Dealer, raw: bytes, *, secret: str = "app-secret") -> Answer:
    headers = {b"x-hub-signature-256": dealers.sign(raw, secret).encode()}
    return await _call("POST", f"/hooks/meta/{to.slug}", parts=[raw], headers=headers)


def _posted(to: dealers.Dealer, raw: bytes, *, secret: str = "app-secret") -> int:
    return _run(lambda: _post(to, raw, secret=secret)).status


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def _hello(to: dealers.Dealer, **item: Any) -> bytes:
    value = dealers.text("Moin", wamid="wamid.1", at=_now())
    value["messages"][0] |= item
    value["messages"][0] = {k: v for k, v in value["messages"][0].items() if v is not None}
    return dealers.body(to, value)


@pytest.fixture
def dealer() -> dealers.Dealer:
    return dealers.dealer()


@pytest.mark.parametrize(
    ("query", "status", "text"),
    [
        ("hub.mode=subscribe&hub.verify_token=verify-me&hub.challenge=42", 200, b"42"),
        ("hub.mode=subscribe&hub.verify_token=wrong&hub.challenge=42", 403, None),
        ("hub.mode=subscribe&hub.verify_token=%FF%00&hub.challenge=42", 403, None),
        ("hub.mode=unsubscribe&hub.verify_token=verify-me&hub.challenge=42", 403, None),
        ("", 403, None),
    ],
)
def test_get_answers_the_subscription_check(dealer, query, status, text):
    answer = _run(lambda: _call("GET", f"/hooks/meta/{dealer.slug}", query=query))
    assert answer.status == status
    assert text is None or answer.text == text


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ({}, "missing"),
        ({b"x-hub-signature-256": b"sha256=" + b"0" * 64}, "wrong"),
        ({b"x-hub-signature-256": b"sha1=abc"}, "wrong"),
        ({b"x-hub-signature-256": "sha256=ü\xff".encode()}, "wrong"),
    ],
)
@pytest.mark.shows("S-13")
def test_post_without_a_right_signature_is_refused_and_counted(dealer, headers, reason):
    raw = _hello(dealer)

    async def twice() -> list[int]:
        path = f"/hooks/meta/{dealer.slug}"
        return [(await _call("POST", path, parts=[raw], headers=headers)).status for _ in range(2)]

    assert _run(twice) == [401, 401]
    with scope.looking(organisation=dealer.organisation):
        assert models.WebhookEvent.objects.count() == 0
        counted = models.HookRejection.objects.values_list("number", "reason", "count")
        assert list(counted) == [(dealer.number, reason, 2)]


def test_post_signed_for_another_body_is_refused(dealer):
    raw = _hello(dealer)
    headers = {b"x-hub-signature-256": dealers.sign(raw).encode()}
    path = f"/hooks/meta/{dealer.slug}"
    assert _run(lambda: _call("POST", path, parts=[raw + b" "], headers=headers)).status == 401


@pytest.mark.parametrize("declared", [b"4194305", b"9" * 5000, b"-1", b"ten"])
def test_post_that_declares_too_much_is_not_read(dealer, declared):
    path = f"/hooks/meta/{dealer.slug}"
    headers = {b"content-length": declared}
    assert _run(lambda: _call("POST", path, parts=[], headers=headers)).status == 413


def test_post_that_streams_too_much_is_cut_off(dealer):
    path = f"/hooks/meta/{dealer.slug}"
    parts = [b"x" * 1024 * 1024] * 10
    assert _run(lambda: _call("POST", path, parts=parts)).status == 413


@pytest.mark.parametrize(
    "path",
    [
        "/hooks/meta/",
        "/hooks/meta/unknown",
        "/hooks/meta/a/b",
        "/hooks/meta/\0",
        "/hooks/meta/\ud800",
        "/hooks/meta/" + "a" * 5000,
        "/hooks/other/slug",
    ],
)
def test_unknown_address_is_not_found(path):
    assert _run(lambda: _call("POST", path)).status == 404


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "HEAD"])
def test_other_methods_are_refused_with_those_allowed(dealer, method):
    answer = _run(lambda: _call(method, f"/hooks/meta/{dealer.slug}"))
    assert (answer.status, answer.headers[b"allow"]) == (405, b"GET, POST")


@pytest.mark.shows("S-13")
def test_both_secrets_hold_while_one_is_rotated(dealer):
    numbers.rotate_app_secret(
        organisation=dealer.organisation,
        number=dealer.number,
        secret="next-secret",
        by="system",
        at=dealers.NOW,
    )
    raw = _hello(dealer)
    assert _posted(dealer, raw) == 200
    assert _posted(dealer, raw, secret="next-secret") == 200
    assert _posted(dealer, raw, secret="other") == 401


def test_post_is_answered_only_after_its_commit(dealer):
    with psycopg.connect(**intake.application_conninfo()) as beside:
        beside.execute("LOCK TABLE webhook_event IN SHARE MODE")

        async def wait() -> tuple[bool, int]:
            asked = asyncio.create_task(_post(dealer, _hello(dealer)))
            done, _ = await asyncio.wait({asked}, timeout=1.0)
            await asyncio.to_thread(beside.rollback)
            return bool(done), (await asked).status

        assert _run(wait) == (False, 200)
    with scope.looking(organisation=dealer.organisation):
        assert models.WebhookEvent.objects.count() == 1


@pytest.mark.shows("S-13")
def test_repeated_body_is_kept_once(dealer):
    raw = _hello(dealer)

    async def many() -> list[int]:
        return [one.status for one in await asyncio.gather(*(_post(dealer, raw) for _ in range(9)))]

    assert _run(many) == [200] * 9
    assert _posted(dealer, raw) == 200
    with scope.looking(organisation=dealer.organisation):
        assert models.WebhookEvent.objects.count() == 1


def test_lost_database_is_answered_with_503_and_comes_back(dealer):
    async def story() -> list[int]:
        statuses = [(await _post(dealer, _hello(dealer))).status]
        sound = intake.application_conninfo()
        writer = inbound.door().writer
        writer.conninfo = lambda: sound | {"port": "1", "connect_timeout": 2}
        with psycopg.connect(autocommit=True, **sound) as beside:
            beside.execute(_TERMINATE)
        away = await _post(dealer, _hello(dealer, id="wamid.2"))
        statuses.append(away.status)
        assert away.headers[b"retry-after"] == b"5"
        writer.conninfo = lambda: sound
        async with asyncio.timeout(60):
            answer = await _post(dealer, _hello(dealer, id="wamid.2"))
            while answer.status != 200:
                await asyncio.sleep(0.2)
                answer = await _post(dealer, _hello(dealer, id="wamid.2"))
        return [*statuses, answer.status]

    assert _run(story) == [200, 503, 200]
    connection.close()
    connection.close_pool()  # the test's own pool lost its connections too
    with scope.looking(organisation=dealer.organisation):
        assert models.WebhookEvent.objects.count() == 2


def _deep(_: dealers.Dealer) -> bytes:
    return b'{"object":"x","entry":' + b"[" * 90_000 + b"]" * 90_000 + b"}"


def _odd_names(to: dealers.Dealer) -> bytes:
    return _hello(to).replace(b'"Moin"', b'"\\ud800 \\u0000 Moin"')


_MESSAGE, _ODD, _DEAD = ("message", "odd", "dead")
_BROKEN: dict[str, tuple[Callable[[dealers.Dealer], bytes], str]] = {
    "empty": (lambda _: b"", _DEAD),
    "no json": (lambda _: b"<html>", _DEAD),
    "a number": (lambda _: b"7", _DEAD),
    "a list": (lambda _: b"[]", _DEAD),
    "entry is a text": (lambda _: b'{"object":"x","entry":"all"}', _DEAD),
    "changes are missing": (lambda _: b'{"object":"x","entry":[{}]}', _ODD),
    "value is null": (lambda _: b'{"entry":[{"changes":[{"field":"m","value":null}]}]}', _ODD),
    "nested deeply": (_deep, _DEAD),
    "invalid UTF-8": (lambda to: _hello(to).replace(b"Moin", b"Mo\xff\xfein"), _MESSAGE),
    "lone surrogate and NUL": (_odd_names, _MESSAGE),
    "id is a number": (lambda to: _hello(to, id=5), _MESSAGE),
    "time is a number": (lambda to: _hello(to, timestamp=int(_now().timestamp())), _MESSAGE),
    "time is long past": (lambda to: _hello(to, timestamp="1"), _MESSAGE),
    "time is the year 3000": (lambda to: _hello(to, timestamp="32503680000"), _MESSAGE),
    "time is beyond all": (lambda to: _hello(to, timestamp="9" * 30), _MESSAGE),
    "text is a list": (lambda to: _hello(to, text=[1, 2]), _MESSAGE),
    "type is missing": (lambda to: _hello(to, type=None), _MESSAGE),
    "sender only in contacts": (lambda to: _hello(to, **{"from": None}), _MESSAGE),
    "id is missing": (lambda to: _hello(to, id=None), _ODD),
    "id is long": (lambda to: _hello(to, id="w" * 5000), _MESSAGE),
    "mime is long": (
        lambda to: _hello(to, type="image", image={"id": "1", "mime_type": "i/" + "j" * 500}),
        _ODD,
    ),
    "number unknown": (lambda to: _hello(to).replace(to.phone_number_id.encode(), b"5"), _ODD),
    "field is long": (lambda to: dealers.body(to, {"odd": [1]}, change="f" * 900), _ODD),
}


@pytest.mark.parametrize("name", _BROKEN)
def test_broken_body_is_answered_and_nothing_of_it_is_lost(dealer, name):
    make, expected = _BROKEN[name]
    assert _posted(dealer, make(dealer)) == 200
    dealers.understand(dealer, at=_now())
    assert _outcome(dealer) == expected


def _outcome(dealer: dealers.Dealer) -> str:
    with scope.looking(organisation=dealer.organisation):
        (state,) = models.WebhookEvent.objects.values_list("state", flat=True)
        if state == "dead":
            return _DEAD
        assert state == "done"
        if models.Message.objects.exclude(provider_id=None).exists():
            return _MESSAGE
        assert models.NotUnderstood.objects.count() == 1
        return _ODD


def test_message_without_any_sender_is_kept_as_not_understood(dealer):
    raw = json.loads(_hello(dealer, **{"from": None}))
    raw["entry"][0]["changes"][0]["value"]["contacts"] = []
    assert _posted(dealer, json.dumps(raw).encode()) == 200
    dealers.understand(dealer, at=_now())
    assert _outcome(dealer) == _ODD


def test_broken_part_does_not_hide_its_neighbours(dealer):
    good = dealers.text("Moin", wamid="wamid.good", at=_now())
    bad = dealers.text("Moin", wamid="wamid.bad", at=_now())
    bad["messages"][0] |= {"type": "image", "image": {"id": "1", "mime_type": "i/" + "j" * 500}}
    assert _posted(dealer, dealers.body(dealer, bad, good, bad)) == 200
    dealers.understand(dealer, at=_now())
    with scope.looking(organisation=dealer.organisation):
        assert models.Message.objects.get(outgoing=False).provider_id == (
            dealers.named(dealer, "wamid.good")
        )
        assert models.NotUnderstood.objects.count() == 1


def test_body_for_another_organisations_number_stays_with_the_one_that_got_it(dealer):
    other = dealers.dealer()
    assert _posted(dealer, _hello(other)) == 200
    dealers.understand(dealer, at=_now())
    dealers.understand(other, at=_now())
    assert _outcome(dealer) == _ODD
    with scope.looking(organisation=other.organisation):
        assert models.Message.objects.count() == models.WebhookEvent.objects.count() == 0


def test_body_of_a_thousand_updates_is_taken_in_whole(dealer):
    values = [
        dealers.text(f"Nummer {n}", wamid=f"wamid.{n}", wa_id=f"4917139200{n % 100:02}", at=_now())
        for n in range(1000)
    ]
    assert _posted(dealer, dealers.body(dealer, *values)) == 200
    assert dealers.understand(dealer, at=_now()) == 1
    with scope.looking(organisation=dealer.organisation):
        assert models.Message.objects.filter(outgoing=False).count() == 1000
        assert models.Conversation.objects.count() == 100


@pytest.fixture(autouse=True)
def _open_door_is_closed() -> Iterator[None]:
    yield
    asyncio.run(inbound.close_door())
