"""Faults on the way: what proves that nothing was accepted, and what leaves it open."""

import asyncio
import dataclasses
import gzip
import logging
import socket
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import unused_port
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.channels.meta import loopback
from werkbote.channels import driver
from werkbote.channels.meta import transport
from werkbote.domain import failures
from werkbote.domain.failures import Course

SEND = transport.Call(method="POST", path=("1", "messages"), body={"a": 1})
LOOK = transport.Call(method="GET", path=("1",), repeatable=True)


@pytest.fixture
def untrusted(tmp_path: Path) -> ssl.SSLContext:
    """A server's certificate that nobody has signed but itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder(
        issuer_name=name,
        subject_name=name,
        public_key=key.public_key(),
        serial_number=x509.random_serial_number(),
        not_valid_before=now - timedelta(days=1),
        not_valid_after=now + timedelta(days=1),
    ).sign(key, hashes.SHA256())
    file = tmp_path / "server.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    file.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


async def refused(access: driver.Access, call: transport.Call = SEND) -> failures.Verdict:
    with pytest.raises(driver.Unable) as problem:
        await transport.call(access, call)
    return problem.value.verdict


async def reset_at_once(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.transport.abort()


async def reset_after_reading(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.transport.abort()


async def close_after_reading(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.close()


async def say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read()
    writer.close()


async def speak_nonsense(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"NICE WEATHER TODAY\r\n\r\n")
    await writer.drain()
    writer.close()


def half(status: bytes) -> loopback.Broken:
    """An answer whose body ends before its announced length."""

    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 " + status + b"\r\nContent-Length: 100\r\n\r\n{")
        await writer.drain()
        writer.close()

    return behave


@pytest.mark.parametrize(
    ("behave", "course"),
    [
        (reset_after_reading, Course.UNKNOWN_OUTCOME),
        (close_after_reading, Course.UNKNOWN_OUTCOME),
        (speak_nonsense, Course.UNKNOWN_OUTCOME),
        (half(b"200 OK"), Course.UNKNOWN_OUTCOME),
        (half(b"500 No"), Course.UNKNOWN_OUTCOME),
        (half(b"400 No"), Course.GIVE_UP),
        (half(b"401 No"), Course.TOKEN),
    ],
)
async def test_message_whose_answer_never_came(behave: loopback.Broken, course: Course) -> None:
    async with loopback.breaking(behave) as access:
        assert (await refused(access)).course is course


@pytest.mark.parametrize("behave", [reset_at_once, half(b"200 OK")])
async def test_question_whose_answer_never_came_is_simply_asked_again(
    behave: loopback.Broken,
) -> None:
    async with loopback.breaking(behave) as access:
        assert (await refused(access, LOOK)).course is Course.RETRY_SOON


@pytest.mark.parametrize(
    ("call", "course"), [(SEND, Course.UNKNOWN_OUTCOME), (LOOK, Course.RETRY_SOON)]
)
async def test_server_that_says_nothing_in_time(call: transport.Call, course: Course) -> None:
    async with loopback.breaking(say_nothing) as access:
        assert (await refused(access, dataclasses.replace(call, seconds=0.3))).course is course


async def test_refused_connection_proves_that_nothing_left() -> None:
    access = loopback.access(f"http://127.0.0.1:{unused_port()}")
    verdict = await refused(access)
    assert (verdict.course, verdict.reason.name) == (Course.RETRY_SOON, "unreachable")


async def test_unknown_host_proves_that_nothing_left(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "no such name")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    access = driver.Access(token="t", number="1", base_url="https://graph.invalid")
    assert (await refused(access)).course is Course.RETRY_SOON


async def test_failed_tls_handshake_proves_that_nothing_left() -> None:
    async with loopback.breaking(reset_at_once) as access:
        secured = loopback.access(access.base_url.replace("http:", "https:"))
        assert (await refused(secured)).course is Course.RETRY_SOON


async def test_untrusted_certificate_proves_that_nothing_left(
    untrusted: ssl.SSLContext,
) -> None:
    reached = []

    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        reached.append(await reader.read())
        writer.close()

    server = await asyncio.start_server(behave, "127.0.0.1", 0, ssl=untrusted)
    port = server.sockets[0].getsockname()[1]
    verdict = await refused(loopback.access(f"https://127.0.0.1:{port}"))
    server.close()
    assert (verdict.course, reached) == (Course.RETRY_SOON, [])


@pytest.mark.parametrize(
    ("status", "raw", "course"),
    [
        (200, b"", Course.UNKNOWN_OUTCOME),
        (200, b"{", Course.UNKNOWN_OUTCOME),
        (200, b"[]", Course.UNKNOWN_OUTCOME),
        (200, b"<html>", Course.UNKNOWN_OUTCOME),
        (200, b'{"error":{"code":190}}', Course.TOKEN),
        (200, b" " * 5_000_000, Course.UNKNOWN_OUTCOME),
        (500, b"<html>", Course.UNKNOWN_OUTCOME),
        (502, b"", Course.UNKNOWN_OUTCOME),
        (503, b'{"error":{"code":2}}', Course.RETRY_SOON),
        (500, b'{"error":{"code":131000}}', Course.UNKNOWN_OUTCOME),
        (500, b'{"error":{"code":131016}}', Course.RETRY_SOON),
        (400, b'{"error":{"code":131056}}', Course.THROTTLED),
        (400, b'{"error":{"code":"131047"}}', Course.WINDOW_CLOSED),
        (400, b'{"error":{"code":131050}}', Course.RECIPIENT_STOPPED),
        (400, b'{"error":"so"}', Course.GIVE_UP),
        (429, b"", Course.THROTTLED),
        (302, b"", Course.ACCOUNT),
    ],
)
async def test_answer_of_every_sort(status: int, raw: bytes, course: Course) -> None:
    scripted = loopback.Scripted({"POST 1/messages": (status, raw)})
    async with loopback.serving(scripted) as access:
        assert (await refused(access)).course is course
    assert len(scripted.calls) == 1


async def test_details_of_a_refusal_are_kept_but_not_in_its_words() -> None:
    error = {"error": {"code": 131009, "error_data": {"details": "Anna +4915228817386"}}}
    async with loopback.serving(loopback.Scripted({"POST 1/messages": (400, error)})) as access:
        with pytest.raises(driver.Unable) as problem:
            await transport.call(access, SEND)
    assert problem.value.verdict.details == "Anna +4915228817386"
    assert "4915228817386" not in str(problem.value)


async def test_redirect_is_not_followed() -> None:
    elsewhere = loopback.Scripted({"POST 1/messages": loopback.ACCEPTED})
    async with loopback.serving(elsewhere) as other:
        target = f"{other.base_url}/v25.0/1/messages"
        moved = web.Response(status=307, headers={"Location": target})
        async with loopback.serving(loopback.Scripted({"POST 1/messages": moved})) as access:
            await refused(access)
    assert elsewhere.calls == []


async def test_answer_that_unpacks_to_more_than_any_answer_has() -> None:
    packed = gzip.compress(b"{" + b" " * 20_000_000 + b"}")
    bomb = web.Response(body=packed, headers={"Content-Encoding": "gzip"})
    async with loopback.serving(loopback.Scripted({"POST 1/messages": bomb})) as access:
        assert (await refused(access)).course is Course.UNKNOWN_OUTCOME


async def test_proxy_of_the_environment_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{unused_port()}")
    async with loopback.serving(loopback.Scripted({"GET 1": {"id": "1"}})) as access:
        assert await transport.call(access, LOOK) == {"id": "1"}


async def test_connection_is_used_again() -> None:
    ports = set()

    async def answer(request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        ports.add(request.transport.get_extra_info("peername"))
        return web.json_response({"id": "1"})

    async with loopback.serving(answer) as access:
        for _ in range(3):
            await transport.call(access, LOOK)
    assert len(ports) == 1


async def test_token_stands_in_no_log_and_no_error(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with loopback.breaking(reset_after_reading) as access:
        with pytest.raises(driver.Unable) as problem:
            await transport.call(access, SEND)
    shown = f"{problem.value!r}{problem.value.__cause__!r}{access!r}{caplog.text}"
    assert loopback.TOKEN not in shown


@pytest.mark.parametrize("segment", ["", ".", ".."])
async def test_id_that_leads_elsewhere_is_refused(segment: str) -> None:
    with pytest.raises(transport.UnusablePath):
        await transport.call(
            loopback.access("http://127.0.0.1:1"), transport.Call(method="GET", path=(segment,))
        )


async def test_id_with_a_slash_stays_one_segment() -> None:
    paths = []

    async def answer(request: web.Request) -> web.StreamResponse:
        paths.append(request.raw_path)
        return web.json_response({})

    async with loopback.serving(answer) as access:
        await transport.call(access, transport.Call(method="GET", path=("a/../b?c", "d")))
    assert paths == ["/v25.0/a%2F..%2Fb%3Fc/d"]


@pytest.mark.parametrize(
    "base_url", ["http://graph.facebook.com", "ftp://graph.facebook.com", "graph.facebook.com"]
)
async def test_endpoint_without_encryption_is_refused(base_url: str) -> None:
    with pytest.raises(driver.InsecureEndpoint):
        driver.Access(token="t", number="1", base_url=base_url)
