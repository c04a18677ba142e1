"""Subscriptions against a real receiver on loopback: signed, in order, again after failure, never inward."""

import asyncio
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from aiohttp import web

from tests import dealers, staff
from werkbote.actions import subscriptions
from werkbote.actions.duties import recipients
from werkbote.channels import callbacks
from werkbote.store import models, scope

NOW = dealers.NOW
LATER = NOW + timedelta(minutes=1)


@dataclass(slots=True)
class Receiver:
    """Another program's webhook: keeps what came, answers as told."""

    url: str = ""
    answers: list[int] = field(default_factory=list)
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    async def take(self, request: web.Request) -> web.Response:
        self.got.append((dict(request.headers), await request.read()))
        status = self.answers.pop(0) if self.answers else 204
        return web.Response(status=status, headers={"Location": self.url} if status == 302 else {})

    def changes(self) -> list[list[str]]:
        return [
            [one["conversation"] for one in json.loads(body)["changes"]] for _, body in self.got
        ]


@contextmanager
def running() -> Iterator[Receiver]:
    receiver, loop = Receiver(), asyncio.new_event_loop()
    app = web.Application()
    app.router.add_post("/in", receiver.take)
    runner = web.AppRunner(app, access_log=None)

    async def serve() -> None:
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        receiver.url = f"http://127.0.0.1:{runner.addresses[0][1]}/in"

    loop.run_until_complete(serve())
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)
        loop.close()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with running() as made:
        yield made


@pytest.fixture
def cast() -> staff.Staff:
    return staff.staff()


def _subscribe(cast: staff.Staff, receiver: Receiver, *, by: int) -> str:
    return subscriptions.subscribe(
        organisation=cast.dealer.organisation, url=receiver.url, by=by, at=NOW
    )


def _deliver(cast: staff.Staff, *, at=LATER) -> int:
    return subscriptions.deliver(organisation=cast.dealer.organisation, at=at)


def _changed(cast: staff.Staff, conversation: int) -> None:
    with scope.transaction(organisation=cast.dealer.organisation):
        models.Change.objects.create(
            organisation_id=cast.dealer.organisation,
            branch_id=cast.dealer.branch,
            conversation_id=conversation,
            at=NOW,
        )


def test_changes_are_told_once_signed_and_without_contents(cast, receiver):
    secret = _subscribe(cast, receiver, by=cast.alice)
    conversation = staff.wrote(cast.dealer, words="Geheimes Anliegen", name="Petra Beispiel")
    _changed(cast, conversation)
    assert _deliver(cast) == 1
    assert _deliver(cast) == 0
    ((headers, body),) = receiver.got
    when, mac = headers["X-Werkbote-Signature"].split(",")
    wanted = hmac.new(
        secret.encode(), f"{when.removeprefix('t=')}.".encode() + body, hashlib.sha256
    )
    assert mac == f"sha256={wanted.hexdigest()}"
    assert str(conversation) in body.decode()
    assert "Petra" not in body.decode()
    assert "Geheimes" not in body.decode()


@pytest.mark.parametrize("status", [500, 404, 302])
def test_what_was_not_acknowledged_comes_again_under_the_same_name(cast, receiver, status):
    _subscribe(cast, receiver, by=cast.alice)
    _changed(cast, staff.wrote(cast.dealer))
    receiver.answers = [status]
    assert _deliver(cast) == 0
    assert _deliver(cast) == 0
    assert _deliver(cast, at=LATER + timedelta(hours=1)) == 1
    names = [headers["X-Werkbote-Delivery"] for headers, _ in receiver.got]
    assert len(names) == 2
    assert len(set(names)) == 1


def test_an_address_that_fails_for_days_is_given_up(cast, receiver):
    _subscribe(cast, receiver, by=cast.alice)
    _changed(cast, staff.wrote(cast.dealer))
    receiver.answers = [500] * 10
    for day in range(4):
        _deliver(cast, at=LATER + timedelta(days=day))
    assert len(receiver.got) == 4
    assert _deliver(cast, at=LATER + timedelta(days=9)) == 0
    assert len(receiver.got) == 4


@pytest.mark.shows("S-05")
def test_only_the_subscribers_own_branches_are_told_of(cast, receiver):
    _subscribe(cast, receiver, by=cast.charlie)
    _changed(cast, staff.wrote(cast.dealer))
    assert _deliver(cast) == 0
    assert receiver.got == []


def test_who_has_left_is_told_nothing(cast, receiver):
    _subscribe(cast, receiver, by=cast.bob)
    _changed(cast, staff.wrote(cast.dealer))
    with scope.transaction(organisation=cast.dealer.organisation):
        models.Member.objects.filter(id=cast.bob).update(is_active=False)
    assert _deliver(cast) == 0


@pytest.mark.shows("S-16")
@pytest.mark.parametrize(
    "url",
    [
        "",
        "ftp://example.com/in",
        "http://example.com/in",
        "https://127.0.0.1/in",
        "https://localhost/in",
        "https://10.0.0.7/in",
        "https://169.254.169.254/latest",
        "https://[::1]/in",
        "https://user:pass@example.com/in",
        "javascript:alert(1)",
    ],
)
def test_addresses_inside_or_unencrypted_are_refused(url):
    with pytest.raises(callbacks.UnsafeAddress):
        callbacks.check(url, near=False)


@pytest.mark.shows("S-16")
def test_a_name_that_leads_inward_is_not_reached(receiver):
    order = callbacks.Order(
        url=receiver.url.replace("http://127.0.0.1", "http://localhost"),
        secret=b"x",
        body=b"{}",
        name="1",
        at=1,
        near=True,
    )
    asyncio.run(callbacks.tell(order))
    assert len(receiver.got) == 1

    async def look() -> None:
        resolver = callbacks._Open(near=False)
        with pytest.raises(OSError, match="no public address"):
            await resolver.resolve("localhost", 443)
        await resolver.close()

    asyncio.run(look())


@pytest.mark.shows("R-52")
def test_stopped_address_hears_after_the_release_what_it_missed(cast, receiver):
    _subscribe(cast, receiver, by=cast.alice)
    _changed(cast, staff.wrote(cast.dealer))
    who = {"organisation": cast.dealer.organisation, "code": "callbacks:127.0.0.1"}
    recipients.stop(**who, reason="Vertrag fehlt", by=cast.alice, at=NOW)
    assert _deliver(cast) == 0
    assert receiver.got == []
    recipients.release(**who, by=cast.alice, at=NOW)
    assert _deliver(cast) == 1
