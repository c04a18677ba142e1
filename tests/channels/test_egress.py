"""The way out: what a permit allows leaves once; everything else leaves nothing."""

import asyncio
from datetime import UTC, datetime

import pytest
from aiohttp import web

from tests import network
from tests.channels.meta import loopback
from tests.channels.meta.bodies import NUMBER
from werkbote.channels import driver, egress, outgoing, registry
from werkbote.domain import events, policy

MESSAGES = f"POST {NUMBER}/messages"
MEDIA = f"POST {NUMBER}/media"
ANNA = events.Party(phone="+4915228817386")


def permit(endpoint: str, message_id: str = "m-1") -> policy.Permit:
    """A permit as the gate would give it."""
    return policy.Permit(
        message_id=message_id,
        purpose="service",
        basis="Art. 6 (1) (b) DSGVO",
        evidence=(),
        policy_version="1/test",
        decided_at=datetime(2026, 11, 23, tzinfo=UTC),
        processor="Meta",
        endpoint=endpoint,
    )


def message(body: outgoing.Body | None = None) -> outgoing.Outgoing:
    return outgoing.Outgoing(message_id="m-1", to=ANNA, body=body or outgoing.Text(text="Fertig"))


def picture() -> outgoing.Outgoing:
    upload = outgoing.Upload(content=b"\xff\xd8", mime="image/jpeg", filename="a.jpg")
    return message(outgoing.File(kind=outgoing.FileKind.IMAGE, media=upload))


async def send(
    access: driver.Access,
    *,
    sent: outgoing.Outgoing | None = None,
    attempt: int = 1,
    inside: bool = False,
) -> outgoing.Receipt:
    return await egress.send(
        permit(access.endpoint),
        sent or message(),
        access=access,
        attempt=attempt,
        guards=egress.Guards(in_transaction=lambda: inside, stopped=network.running),
    )


@pytest.mark.shows("R-02")
async def test_permitted_message_leaves_once_and_returns_its_receipt() -> None:
    scripted = loopback.Scripted({MESSAGES: loopback.ACCEPTED})
    async with loopback.serving(scripted) as access:
        receipt = await send(access)
    assert receipt == outgoing.Receipt(
        provider_id="wamid.out", party=events.Party(phone="+4915228817386", bsuid="DE.1")
    )
    assert [call for call, _ in scripted.calls] == [MESSAGES]


async def test_message_held_for_assessment_says_so() -> None:
    held = {"messages": [{"id": "wamid.out", "message_status": "held_for_quality_assessment"}]}
    async with loopback.serving(loopback.Scripted({MESSAGES: held})) as access:
        assert await send(access) == outgoing.Receipt(provider_id="wamid.out", held=True)


async def test_file_is_uploaded_first_and_its_id_returned() -> None:
    scripted = loopback.Scripted({MEDIA: {"id": "77"}, MESSAGES: loopback.ACCEPTED})
    async with loopback.serving(scripted) as access:
        receipt = await send(access, sent=picture())
    assert receipt.media_id == "77"
    assert [call for call, _ in scripted.calls] == [MEDIA, MESSAGES]
    assert scripted.calls[1][1]["image"] == {"id": "77"}  # type: ignore[index]


async def test_message_inside_a_transaction_stays() -> None:
    scripted = loopback.Scripted({MESSAGES: loopback.ACCEPTED})
    async with loopback.serving(scripted) as access:
        with pytest.raises(egress.InsideTransaction):
            await send(access, inside=True)
    assert scripted.calls == []


@pytest.mark.shows("R-02")
async def test_message_with_another_messages_permit_stays() -> None:
    scripted = loopback.Scripted({MESSAGES: loopback.ACCEPTED})
    async with loopback.serving(scripted) as access:
        with pytest.raises(egress.NotPermitted):
            await egress.send(
                permit(access.endpoint, "m-2"),
                message(),
                access=access,
                attempt=1,
                guards=egress.Guards(in_transaction=lambda: False, stopped=network.running),
            )
    assert scripted.calls == []


@pytest.mark.parametrize("endpoint", ["graph.facebook.com", "https://graph.facebook.com", "", "127.0.0.1"])  # fmt: skip
@pytest.mark.shows("R-42", "R-105", "S-16")
async def test_message_to_an_endpoint_outside_its_permit_stays(endpoint: str) -> None:
    scripted = loopback.Scripted({MESSAGES: loopback.ACCEPTED})
    async with loopback.serving(scripted) as access:
        with pytest.raises(egress.NotPermitted):
            await egress.send(
                permit(endpoint),
                message(),
                access=access,
                attempt=1,
                guards=egress.Guards(in_transaction=lambda: False, stopped=network.running),
            )
    assert scripted.calls == []


@pytest.mark.parametrize(
    "written", ["https://graph.facebook.com", "https://Graph.Facebook.com/", "graph.facebook.com"]
)
async def test_endpoint_is_compared_by_host(written: str) -> None:
    access = driver.Access(token="t", number="1")
    assert driver.endpoint_of(written) == access.endpoint


@pytest.mark.parametrize(
    ("status", "code", "raised"),
    [
        (503, 2, egress.Retry),
        (500, 131057, egress.Retry),
        (400, 130429, egress.Retry),
        (400, 131056, egress.Retry),
        (400, 100, egress.Rejected),
        (400, 131047, egress.WindowClosed),
        (400, 131050, egress.RecipientStopped),
        (401, 190, egress.NumberPaused),
        (403, 131031, egress.NumberPaused),
        (400, 131042, egress.NumberPaused),
        (500, 131000, egress.OutcomeUnknown),
        (502, 0, egress.NumberPaused),
    ],
)
async def test_refusal_of_every_sort(
    status: int, code: int, raised: type[egress.UnableToSend]
) -> None:
    scripted = loopback.Scripted({MESSAGES: (status, {"error": {"code": code}})})
    async with loopback.serving(scripted) as access:
        with pytest.raises(egress.UnableToSend) as problem:
            await send(access)
    assert type(problem.value) is raised
    assert problem.value.verdict.code == code
    assert len(scripted.calls) == 1


async def test_message_without_a_receipt_may_have_left() -> None:
    scripted = loopback.Scripted({MESSAGES: {"messages": []}})
    async with loopback.serving(scripted) as access:
        with pytest.raises(egress.OutcomeUnknown):
            await send(access)
    assert len(scripted.calls) == 1


async def test_message_whose_connection_broke_may_have_left() -> None:
    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.transport.abort()

    async with loopback.breaking(behave) as access:
        with pytest.raises(egress.OutcomeUnknown):
            await send(access)


async def test_kept_connection_that_broke_leaves_the_second_message_open() -> None:
    """A server may close an idle connection just when the next request is written."""
    arrived = []

    async def answer(request: web.Request) -> web.StreamResponse:
        arrived.append(await request.read())
        if len(arrived) > 1:
            assert request.transport is not None
            request.transport.abort()
        return web.json_response(loopback.ACCEPTED)

    async with loopback.serving(answer) as access:
        await send(access)
        with pytest.raises(egress.OutcomeUnknown):
            await send(access)
    assert len(arrived) == 2


async def test_upload_that_is_unclear_is_tried_again_because_no_message_left() -> None:
    scripted = loopback.Scripted({MEDIA: (500, b"<html>")})
    async with loopback.serving(scripted) as access:
        with pytest.raises(egress.Retry):
            await send(access, sent=picture())
    assert [call for call, _ in scripted.calls] == [MEDIA]


async def test_refusal_after_an_upload_remembers_the_file() -> None:
    scripted = loopback.Scripted({MEDIA: {"id": "77"}, MESSAGES: (503, {"error": {"code": 2}})})
    async with loopback.serving(scripted) as access:
        with pytest.raises(egress.Retry) as problem:
            await send(access, sent=picture())
    assert problem.value.media_id == "77"


async def test_last_attempt_is_rejected_instead_of_retried() -> None:
    scripted = loopback.Scripted({MESSAGES: (503, {"error": {"code": 2}})})
    async with loopback.serving(scripted) as access:
        with pytest.raises(egress.Rejected) as problem:
            await send(access, attempt=8)
    assert problem.value.verdict.exhausted


def test_scheme_that_nobody_speaks() -> None:
    with pytest.raises(registry.UnknownScheme):
        registry.driver("pigeon")
