"""Driver and simulator speak the same language: every kind out is accepted, every kind in is understood."""

import asyncio
import base64
import dataclasses
import hashlib
import itertools
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from aiohttp import web

from tests import network, simulator
from tests.channels import test_egress
from tests.channels.meta import loopback, test_payloads
from tests.channels.meta.bodies import ACCOUNT, ANNA
from werkbote.channels import driver, egress, outgoing, registry
from werkbote.domain import events
from werkbote.domain.events import Kind, Status

WHATSAPP = registry.driver("whatsapp")
SECRET = "app-secret"
NUMBERS = itertools.count(1)
PHONE = {"phone": f"+{ANNA}", "name": "Anna Muster"}
PICTURE = base64.b64encode(b"\xff\xd8\xff\xe0" + b"0" * 200).decode()


class Inbox:
    """A webhook endpoint that believes signed bodies only and keeps their events."""

    def __init__(self) -> None:
        self.events: list[events.Event] = []
        self._came = asyncio.Condition()

    async def __call__(self, request: web.Request) -> web.StreamResponse:
        raw = await request.read()
        header = request.headers.get("X-Hub-Signature-256")
        if not WHATSAPP.signature_ok(raw, header, [SECRET]):
            return web.Response(status=403)
        async with self._came:
            self.events += WHATSAPP.read(raw, received_at=datetime.now(UTC))
            self._came.notify_all()
        return web.Response()

    async def until(self, ready: Callable[[list[events.Event]], bool]) -> None:
        async with asyncio.timeout(60), self._came:
            await self._came.wait_for(lambda: ready(self.events))


@pytest.fixture(scope="module")
def process() -> Iterator[simulator.Simulator]:
    with simulator.running() as running:
        yield running


@pytest.fixture
def sim(process: simulator.Simulator) -> simulator.Simulator:
    process.call("POST", "reset")
    return process


@asynccontextmanager
async def connected(sim: simulator.Simulator) -> AsyncIterator[tuple[driver.Access, Inbox]]:
    """A fresh number of the simulator whose webhooks arrive here, and Anna with her phone."""
    inbox = Inbox()
    number = f"77{next(NUMBERS)}"
    async with loopback.serving(inbox) as here:
        sim.call(
            "PUT",
            f"numbers/{number}",
            waba_id=ACCOUNT,
            display_phone_number="+493023125100",
            access_token=loopback.TOKEN,
            app_secret=SECRET,
            webhook_url=here.base_url,
            errors_by="answer",
            pair_rate=False,
            tier="TIER_UNLIMITED",
        )
        sim.call("PUT", "customers/anna", deliver_seconds=0.01, auto_read=True, **PHONE)
        yield dataclasses.replace(loopback.access(sim.url), number=number), inbox


def write(sim: simulator.Simulator, access: driver.Access, **order: Any) -> str:
    """Let Anna write to the number."""
    found: str = sim.call("POST", "customers/anna/messages", to=access.number, **order)["wamid"]
    return found


def bodies_out() -> list[outgoing.Body]:
    """One body of every kind but templates, whose files are uploaded first."""
    files = {
        outgoing.FileKind.IMAGE: "image/jpeg",
        outgoing.FileKind.AUDIO: "audio/mpeg",
        outgoing.FileKind.VOICE: "audio/ogg",
        outgoing.FileKind.VIDEO: "video/mp4",
        outgoing.FileKind.DOCUMENT: "application/pdf",
        outgoing.FileKind.STICKER: "image/webp",
    }
    uploaded = [
        outgoing.File(kind=kind, media=outgoing.Upload(content=b"RIFF" + b"0" * 96, mime=mime))
        for kind, mime in files.items()
    ]
    plain = [body for body, kind, _ in test_payloads.ROWS if kind not in {"template", "reaction"}]
    return [
        *uploaded,
        *(body for body in plain if not isinstance(body, outgoing.File) and not _holds(body)),
    ]


def _holds(body: outgoing.Body) -> bool:
    return isinstance(body, outgoing.Interactive) and isinstance(body.header, outgoing.File)


async def send(
    access: driver.Access, message_id: str, body: outgoing.Body, to: events.Party
) -> outgoing.Receipt:
    return await egress.send(
        test_egress.permit(access.endpoint, message_id),
        outgoing.Outgoing(message_id=message_id, to=to, body=body),
        access=access,
        attempt=1,
        guards=egress.Guards(in_transaction=lambda: False, stopped=network.running),
    )


async def test_every_kind_out_is_accepted_and_comes_back_as_read(
    sim: simulator.Simulator,
) -> None:
    sent = bodies_out()
    async with connected(sim) as (access, inbox):
        first = write(sim, access, text="Guten Tag")
        anna = events.Party(phone=f"+{ANNA}")
        ids = {}
        for index, body in enumerate(sent):
            receipt = await send(access, f"m-{index}", body, anna)
            ids[f"m-{index}"] = receipt.provider_id
        reaction = outgoing.Reaction(target=first, emoji="👍")
        ids["m-r"] = (await send(access, "m-r", reaction, anna)).provider_id
        await inbox.until(
            lambda found: {e.callback for e in found if _is(e, Status.READ)} >= ids.keys() - {"m-r"}
        )
    assert {each["biz_opaque_callback_data"] for each in sim.log()} == ids.keys()
    returned = [each for each in inbox.events if isinstance(each, events.StatusIn)]
    assert {(each.callback, each.provider_id) for each in returned} <= set(ids.items())
    assert not [each for each in inbox.events if isinstance(each, events.Unknown)]


def _is(event: events.Event, status: Status) -> bool:
    return isinstance(event, events.StatusIn) and event.status is status


@pytest.mark.shows("R-108")
async def test_recipient_is_found_by_user_id_alone(sim: simulator.Simulator) -> None:
    async with connected(sim) as (access, inbox):
        write(sim, access, text="Guten Tag")
        await inbox.until(bool)
        (hello,) = inbox.events
        assert isinstance(hello, events.MessageIn)
        receipt = await send(
            access, "m-1", outgoing.Text(text="Hallo"), events.Party(bsuid=hello.party.bsuid)
        )
    assert receipt.party is not None
    assert receipt.party.bsuid == hello.party.bsuid


ORDERS: list[dict[str, Any]] = [
    {"kind": "text", "text": "Hallo 👋"},
    {"kind": "location", "latitude": 52.5, "longitude": 13.4},
    {"kind": "contacts", "contacts": [{"name": {"formatted_name": "B"}}]},
    {"kind": "button", "text": "Ja"},
    {
        "kind": "interactive",
        "interactive": {"type": "list_reply", "list_reply": {"id": "9", "title": "9 Uhr"}},
    },
    {"kind": "order", "order": {"catalog_id": "1", "text": "", "product_items": []}},
    {"kind": "unsupported"},
    {"kind": "system"},
    {"kind": "raw", "message": {"type": "hologram", "hologram": {}}},
]
FILES: list[dict[str, Any]] = [
    {"kind": kind, "mime_type": mime, "data": PICTURE}
    for kind, mime in (
        ("image", "image/jpeg"),
        ("audio", "audio/mpeg"),
        ("voice", "audio/ogg"),
        ("video", "video/mp4"),
        ("document", "application/pdf"),
        ("sticker", "image/webp"),
    )
]


async def test_every_kind_in_is_understood(sim: simulator.Simulator) -> None:
    async with connected(sim) as (access, inbox):
        ids = {write(sim, access, **order): str(order["kind"]) for order in ORDERS}
        text = next(iter(ids))
        for change in ("reaction", "edit", "revoke"):
            write(sim, access, kind=change, message_id=text, emoji="👍", text="anders")
        for deed in ("stop", "resume"):
            sim.call("POST", f"customers/anna/{deed}", to=access.number)
        await inbox.until(lambda found: len(found) >= len(ORDERS) + 5)
    counts = Counter(type(each).__name__ for each in inbox.events)
    assert counts == {"MessageIn": len(ORDERS), "ChangeIn": 3, "PreferenceIn": 2}
    kinds = {
        each.provider_id: each.kind for each in inbox.events if isinstance(each, events.MessageIn)
    }
    wanted = {key: "unknown" if kind == "raw" else kind for key, kind in ids.items()}
    assert kinds == {key: Kind(kind) for key, kind in wanted.items()}


@pytest.mark.parametrize("order", FILES, ids=lambda order: order["kind"])
async def test_file_received_is_fetched_whole(
    sim: simulator.Simulator, order: dict[str, Any]
) -> None:
    async with connected(sim) as (access, inbox):
        write(sim, access, **order)
        await inbox.until(bool)
        (message,) = inbox.events
        assert isinstance(message, events.MessageIn)
        assert message.kind == Kind(order["kind"])
        assert message.media is not None
        found = bytearray()
        fetched = await WHATSAPP.fetch_media(
            message.media, access=access, sink=found.extend, limit=1_000
        )
    assert bytes(found) == base64.b64decode(PICTURE)
    assert fetched.sha256 == hashlib.sha256(found).hexdigest()


@pytest.mark.parametrize(
    ("fault", "raised", "accepted"),
    [
        ({"kind": "reset"}, egress.OutcomeUnknown, False),
        ({"kind": "reset", "after": True}, egress.OutcomeUnknown, True),
        ({"kind": "http_500"}, egress.OutcomeUnknown, False),
        ({"kind": "http_502", "after": True}, egress.OutcomeUnknown, True),
        ({"kind": "rate_limit"}, egress.Retry, False),
        ({"kind": "token_expired"}, egress.NumberPaused, False),
        ({"kind": "error", "code": 131050}, egress.RecipientStopped, False),
        ({"kind": "error", "code": 131047}, egress.WindowClosed, False),
        ({"kind": "error", "code": 131042}, egress.NumberPaused, False),
        ({"kind": "error", "code": 131056}, egress.Retry, False),
    ],
)
async def test_fault_of_the_api_is_told_apart_and_sends_nothing_twice(
    sim: simulator.Simulator,
    fault: dict[str, Any],
    raised: type[egress.UnableToSend],
    *,
    accepted: bool,
) -> None:
    async with connected(sim) as (access, _):
        write(sim, access, text="Guten Tag")
        sim.call(
            "POST",
            f"numbers/{access.number}/faults",
            api={**fault, "times": 1, "place": "messages"},
        )
        with pytest.raises(egress.UnableToSend) as problem:
            await send(access, "m-1", outgoing.Text(text="x"), events.Party(phone=f"+{ANNA}"))
    assert type(problem.value) is raised
    held = sim.call("GET", "customers/anna/messages")["messages"]
    assert [each["biz_opaque_callback_data"] for each in held if not each["from_customer"]] == (
        ["m-1"] if accepted else []
    )


async def test_closed_window_is_told_apart(sim: simulator.Simulator) -> None:
    async with connected(sim) as (access, _):
        with pytest.raises(egress.WindowClosed):
            await send(access, "m-1", outgoing.Text(text="x"), events.Party(phone=f"+{ANNA}"))


async def test_number_is_managed(sim: simulator.Simulator) -> None:
    manage = registry.management
    async with connected(sim) as (access, _):
        assert (await manage.number(access))["id"] == access.number
        await manage.subscribe(access)
        made = await manage.create_link(access, "Guten Tag")
        assert [each.code for each in await manage.links(access)] == [made.code]
        await manage.delete_link(access, made.code)
        assert await manage.links(access) == ()
        await manage.change_profile(access, {"about": "Autohaus"})
        assert (await manage.profile(access))["about"] == "Autohaus"
        with pytest.raises(driver.Unable) as problem:
            await registry.client.block(f"+{ANNA}", access=access)  # she has not written today
        assert problem.value.verdict.reason.name == "block_list"
        write(sim, access, text="Guten Tag")
        await registry.client.block(f"+{ANNA}", access=access)
        await registry.client.unblock(f"+{ANNA}", access=access)


async def test_templates_are_created_and_listed_over_several_pages(
    sim: simulator.Simulator,
) -> None:
    body = [{"type": "BODY", "text": "Ihr Wagen ist fertig."}]
    async with connected(sim) as (access, _):
        for index in range(103):
            await registry.management.create_template(
                access,
                {
                    "name": f"fertig_{index}",
                    "language": "de",
                    "category": "UTILITY",
                    "components": body,  # type: ignore[dict-item]
                },
            )
        found = [each async for each in registry.management.all_templates(access)]
        await registry.management.delete_template(access, "fertig_0")
        left = [each async for each in registry.management.all_templates(access)]
    assert sorted(each.name for each in found) == sorted(f"fertig_{i}" for i in range(103))
    assert len({each.name for each in left if each.status != "PENDING_DELETION"}) == 102
