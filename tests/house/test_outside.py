"""No module opens a connection that the list of what leaves the house does not know (ASVS 13.1.1)."""

import ast
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from tests.house import sources
from werkbote.channels import push
from werkbote.config import env
from werkbote.domain import duties
from werkbote.store import rechtsstand

LAW = rechtsstand.outside(date(2026, 11, 27))

_OPENING = frozenset(
    {
        "aiohttp.ClientSession",
        "aiohttp.request",
        "aiosmtplib.SMTP",
        "aiosmtplib.send",
        "imap_tools.MailBox",
        "imap_tools.MailBoxTls",
        "imap_tools.MailBoxUnencrypted",
        "http.client.HTTPConnection",
        "http.client.HTTPSConnection",
        "socket.create_connection",
        "socket.socket",
        "asyncio.open_connection",
        "asyncio.open_unix_connection",
        "psycopg.connect",
        "psycopg.Connection.connect",
        "psycopg.AsyncConnection.connect",
        "psycopg_pool.ConnectionPool",
        "psycopg_pool.AsyncConnectionPool",
        "werkbote.channels.sessions.session",
        "werkbote.channels.callbacks.post",
    }
)
"""What opens a connection, or is our own door to something that does."""

_STRANGE = frozenset(
    {
        "requests",
        "httpx",
        "urllib3",
        "urllib.request",
        "ftplib",
        "poplib",
        "smtplib",
        "telnetlib",
        "xmlrpc",
        "websockets",
        "paramiko",
        "boto3",
        "redis",
        "nntplib",
        "socketserver",
        "grpc",
    }
)
"""Libraries that speak to others and that nothing here uses: whoever needs one lists its line first."""

_OTHER_VARIABLES = frozenset({"WERKBOTE_DATABASE_URL", "WERKBOTE_TEST_DATABASE_URL"})


def rooms() -> dict[str, set[str]]:
    """Every module of the product that opens a connection, and what it opens it with."""
    found = {}
    for path in sources.modules(sources.SOURCE / "werkbote"):
        used = set(opened(sources.parsed(path)))
        if used:
            found[module(path)] = used
    return found


def module(path: Path) -> str:
    return ".".join(path.relative_to(sources.SOURCE).with_suffix("").parts)


def opened(tree: ast.Module) -> Iterator[str]:
    """Yield what a module opens connections with, whatever it calls it, named where it comes from."""
    names = dict(imported(tree))
    notes = {
        id(part) for node in ast.walk(tree) for note in annotations(node) for part in ast.walk(note)
    }
    for node in ast.walk(tree):
        if id(node) in notes or not isinstance(node, ast.Attribute | ast.Name):
            continue
        first, _, rest = ast.unparse(node).partition(".")
        whole = f"{names.get(first, '')}.{rest}".strip(".")
        if whole in _OPENING:
            yield whole


def annotations(node: ast.AST) -> Iterator[ast.AST]:
    for name in ("annotation", "returns"):
        note = getattr(node, name, None)
        if note is not None:
            yield note


def imported(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for one in node.names:
                yield (
                    (one.asname, one.name)
                    if one.asname
                    else (one.name.partition(".")[0], one.name.partition(".")[0])
                )
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            for one in node.names:
                yield one.asname or one.name, f"{node.module}.{one.name}"


def strangers(tree: ast.Module) -> set[str]:
    named = {
        part
        for node in ast.walk(tree)
        for part in (
            [one.name for one in node.names]
            if isinstance(node, ast.Import)
            else [node.module or "", *(f"{node.module}.{one.name}" for one in node.names)]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    return {one for one in _STRANGE for name in named if f"{name}.".startswith(f"{one}.")}


@pytest.mark.shows("S-19")
def test_every_module_that_opens_a_connection_stands_in_the_list_and_no_other() -> None:
    listed = {room for line in LAW.lines.values() for room in line.rooms}
    assert sorted(listed) == sorted(rooms())


@pytest.mark.shows("S-19")
def test_outside_of_channels_only_the_house_itself_is_spoken_to() -> None:
    speaking = {
        room
        for line in LAW.lines.values()
        if line.whose is duties.outside.Whose.RECIPIENT
        for room in line.rooms
    }
    assert {room.split(".")[1] for room in speaking} == {"channels"}


@pytest.mark.shows("S-19")
def test_nothing_uses_a_library_that_speaks_to_others_beside_the_list() -> None:
    using = {
        module(path): found
        for path in sources.modules(sources.SOURCE / "werkbote")
        if (found := strangers(sources.parsed(path)))
    }
    assert using == {}


@pytest.mark.shows("S-19")
@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("import aiohttp\naiohttp.ClientSession()", {"aiohttp.ClientSession"}),
        ("from aiohttp import ClientSession as door\ndoor()", {"aiohttp.ClientSession"}),
        ("import aiohttp as web\nopen_it = web.ClientSession", {"aiohttp.ClientSession"}),
        ("import socket\nwith socket.create_connection(x): pass", {"socket.create_connection"}),
        ("import http.client\nk = http.client.HTTPSConnection", {"http.client.HTTPSConnection"}),
        (
            "from werkbote.channels import sessions\nsessions.session()",
            {"werkbote.channels.sessions.session"},
        ),
        ("import aiohttp\ndef f(line: aiohttp.ClientSession) -> None: ...", set()),
        ("import socket\nsocket.gethostname()", set()),
    ],
)
def test_the_walk_sees_connections_under_any_name(source, expected) -> None:
    assert set(opened(ast.parse(source))) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("import requests", {"requests"}),
        ("from urllib import request", {"urllib.request"}),
        ("from urllib.request import urlopen", {"urllib.request"}),
        ("from urllib.parse import urlsplit", set()),
        ("def f():\n    import smtplib", {"smtplib"}),
    ],
)
def test_the_walk_sees_strange_libraries(source, expected) -> None:
    assert strangers(ast.parse(source)) == expected


def test_push_services_of_the_list_are_those_that_are_spoken_to() -> None:
    hosts = {host for one in LAW.known.values() if one.line == "push" for host in one.hosts}
    assert hosts == set(push.SERVICES)


@pytest.mark.shows("S-19")
def test_every_address_of_the_environment_belongs_to_a_line() -> None:
    """A new variable that names a server needs a line, before anything is sent there."""
    listed = {name for line in LAW.lines.values() for name in line.variables}
    assert listed <= set(env.VARIABLES)
    addresses = {
        name
        for name, meaning in env.VARIABLES.items()
        if "://" in meaning or "host:port" in meaning or "address of" in meaning
    }
    assert sorted(addresses - listed - _OTHER_VARIABLES) == []
