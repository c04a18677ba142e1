"""What the doctor says about encryption on the way: the public address, old TLS, the database over a network."""

import contextlib
import ssl
import urllib.parse
import warnings
from collections.abc import Iterator
from socket import create_connection

from werkbote.config import env, safety

_SECONDS = 5.0
HERE = frozenset({"localhost", "127.0.0.1", "::1"})
_ENCRYPTED = frozenset({"require", "verify-ca", "verify-full"})


def look(environment: env.Environment) -> Iterator[safety.Look]:
    """Yield what there is to say (ASVS 12.1, BSI TR-02102-2)."""
    yield _public(environment.public_url)
    if environment.https:
        yield _old_versions(environment.public_url)
    if environment.owner is not None:
        yield _database(environment.owner)


def _public(url: str) -> safety.Look:
    parts = urllib.parse.urlsplit(url)
    if parts.scheme == "https" or parts.hostname in HERE:
        return safety.Look(
            "encryption", "ok", "What people send to this address is encrypted or stays here."
        )
    return safety.Look(
        "encryption",
        "fail",
        f"{url} is not encrypted: passwords and chats could be read on the way.",
        "Put a proxy with a certificate before it, and set WERKBOTE_PUBLIC_URL to https://…",
    )


def _old_versions(url: str) -> safety.Look:
    parts = urllib.parse.urlsplit(url)
    host, port = parts.hostname or "", parts.port or 443
    if accepts_old(host, port):
        return safety.Look(
            "old TLS",
            "fail",
            f"{host} still speaks TLS 1.1 or older.",
            "Allow TLS 1.2 and 1.3 alone in the proxy (nginx: ssl_protocols TLSv1.2 TLSv1.3).",
        )
    return safety.Look("old TLS", "ok", f"{host} speaks nothing older than TLS 1.2.")


def accepts_old(host: str, port: int) -> bool:
    """Return whether a server agrees to speak TLS 1.1 or older; one that does not answer does not."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    context.set_ciphers("ALL:@SECLEVEL=0")
    with (
        contextlib.suppress(OSError),
        create_connection((host, port), timeout=_SECONDS) as plain,
        context.wrap_socket(plain, server_hostname=host),
    ):
        return True
    return False


def _database(owner: env.Login) -> safety.Look:
    if not owner.host or owner.host.startswith("/") or owner.host in HERE:
        return safety.Look("database line", "ok", "The database is reached without a network.")
    if dict(owner.options).get("sslmode") in _ENCRYPTED:
        return safety.Look("database line", "ok", "The line to the database is encrypted.")
    return safety.Look(
        "database line",
        "fail",
        f"The line to the database at {owner.host} need not be encrypted.",
        "Add sslmode=verify-full (and sslrootcert) to WERKBOTE_DATABASE_URL.",
    )
