"""Tests of encryption on the way: what the doctor says of address, old TLS and database, and what pages ask."""

import contextlib
import dataclasses
import os
import re
import socket
import ssl
import subprocess
import sys
import threading
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import certificates
from tests.house import sources
from werkbote.config import env, transport

_WEB = sources.SOURCE / "werkbote" / "web"
_FOREIGN = re.compile(r"""(?:src|href|action|url)\s*[=(]\s*["']?(?:https?:)?//""")


@pytest.fixture
def environment(tmp_path: Path) -> env.Environment:
    return env.read({"WERKBOTE_HOME": str(tmp_path)})


@contextlib.contextmanager
def server(context: ssl.SSLContext) -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as ear:

        def greet() -> None:
            with contextlib.suppress(OSError):
                while True:
                    line, _ = ear.accept()
                    with contextlib.suppress(OSError), line:
                        context.wrap_socket(line, server_side=True).close()

        thread = threading.Thread(target=greet, daemon=True)
        thread.start()
        yield ear.getsockname()[1]


def state(environment: env.Environment, check: str) -> str:
    return next(one.state for one in transport.look(environment) if one.check == check)


@pytest.mark.shows("S-21")
@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://127.0.0.1:8000", "ok"),
        ("http://localhost", "ok"),
        ("https://chat.autohaus.example", "ok"),
        ("http://chat.autohaus.example", "fail"),
        ("http://192.168.1.20:8000", "fail"),
        ("http://localhost.autohaus.example", "fail"),
    ],
)
def test_a_public_address_is_encrypted(
    environment: env.Environment, url: str, expected: str
) -> None:
    assert state(dataclasses.replace(environment, public_url=url), "encryption") == expected


@pytest.mark.shows("S-21")
def test_a_server_that_speaks_old_tls_is_told_from_one_that_does_not(tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    old = certificates.made(tmp_path / "old", address="127.0.0.1").context
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        old.minimum_version = ssl.TLSVersion.TLSv1
        old.maximum_version = ssl.TLSVersion.TLSv1_1
    old.set_ciphers("ALL:@SECLEVEL=0")
    with server(old) as port:
        assert transport.accepts_old("127.0.0.1", port)
    with server(certificates.made(tmp_path, address="127.0.0.1").context) as port:
        assert not transport.accepts_old("127.0.0.1", port)


def test_nobody_there_speaks_nothing() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        assert not transport.accepts_old("127.0.0.1", free.getsockname()[1])


@pytest.mark.shows("S-21")
@pytest.mark.parametrize(
    ("host", "options", "expected"),
    [
        ("/run/postgresql", (), "ok"),
        ("127.0.0.1", (), "ok"),
        ("db.autohaus.example", (("sslmode", "verify-full"),), "ok"),
        ("db.autohaus.example", (("sslmode", "require"),), "ok"),
        ("db.autohaus.example", (("sslmode", "prefer"),), "fail"),
        ("db.autohaus.example", (("sslmode", "disable"),), "fail"),
        ("db.autohaus.example", (), "fail"),
    ],
)
def test_a_database_beyond_this_host_is_reached_encrypted(
    environment: env.Environment, host: str, options: tuple[tuple[str, str], ...], expected: str
) -> None:
    owner = env.Login(user="o", password="p", host=host, port="5432", name="w", options=options)
    assert state(dataclasses.replace(environment, owner=owner), "database line") == expected


@pytest.mark.shows("S-21")
def test_an_encrypted_address_asks_for_encryption_ever_after(tmp_path: Path) -> None:
    around = {"WERKBOTE_HOME": str(tmp_path), "WERKBOTE_PUBLIC_URL": "https://chat.example"}
    names = ("SECURE_HSTS_SECONDS", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE")
    program = "from werkbote.config import settings as s\n" + "".join(
        f"print(s.{name})\n" for name in (*names, "SESSION_COOKIE_NAME")
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(sources.SOURCE), **around},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["63072000", "True", "True", "__Host-session"]


@pytest.mark.shows("S-21")
def test_no_page_loads_anything_from_elsewhere() -> None:
    files = [one for kind in ("html", "css", "js") for one in _WEB.rglob(f"*.{kind}")]
    own = [one for one in files if "vendor" not in one.parts]
    assert len(own) > 100
    found = [
        f"{sources.name(one)}: {hit.group()}"
        for one in own
        for hit in _FOREIGN.finditer(one.read_text())
        if not re.match(r"""href\s*=\s*["']https://""", hit.group())
    ]
    assert found == []
