"""Tests of static files: addresses with a fingerprint, caching, compression, and nothing else served."""

import gzip
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.test import override_settings

from tests.config import test_asgi
from werkbote.config import static

CSS = b"body { color: black }\n" * 50


@pytest.fixture(autouse=True)
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder of static files with one style sheet."""
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "a.css").write_bytes(CSS)
    (tmp_path.parent / "secret.txt").write_text("secret")
    with override_settings(STATICFILES_DIRS=[tmp_path]):
        finders.get_finder.cache_clear()
        static.load.cache_clear()
        yield tmp_path
    finders.get_finder.cache_clear()
    static.load.cache_clear()


def fetch(path: str, **scope: Any) -> tuple[int, dict[bytes, bytes], bytes]:
    start, body = test_asgi.get(test_asgi.composition([]), path, **scope)
    return start["status"], dict(start["headers"]), body["body"]


def test_address_carries_the_fingerprint() -> None:
    fingerprint = hashlib.sha256(CSS).hexdigest()[:12]

    assert staticfiles_storage.url("sub/a.css") == f"/static/sub/a.css?v={fingerprint}"


def test_address_of_a_missing_file_is_an_error() -> None:
    with pytest.raises(static.UnableToFindStatic):
        staticfiles_storage.url("sub/b.css")


def test_file_asked_by_fingerprint_is_kept_for_a_year() -> None:
    query = staticfiles_storage.url("sub/a.css").partition("?")[2].encode()
    status, headers, body = fetch("/static/sub/a.css", query_string=query)

    assert (status, body) == (200, CSS)
    assert headers[b"content-type"] == b"text/css; charset=utf-8"
    assert headers[b"cache-control"] == b"public, max-age=31536000, immutable"
    assert headers[b"x-content-type-options"] == b"nosniff"


def test_file_asked_plainly_is_asked_for_again() -> None:
    status, headers, _ = fetch("/static/sub/a.css")
    again, _, body = fetch("/static/sub/a.css", headers=[(b"if-none-match", headers[b"etag"])])

    assert headers[b"cache-control"] == b"public, no-cache"
    assert (status, again, body) == (200, 304, b"")


def test_file_is_compressed_for_those_who_can() -> None:
    _, headers, body = fetch("/static/sub/a.css", headers=[(b"accept-encoding", b"br, gzip")])

    assert headers[b"content-encoding"] == b"gzip"
    assert gzip.decompress(body) == CSS
    assert headers[b"content-length"] == str(len(body)).encode()


@pytest.mark.parametrize(
    "path",
    ["/static/", "/static/sub", "/static/../secret.txt", "/static/sub/../../secret.txt",
     "/static//etc/passwd", "/static/\0", "/static/none.css"],
)  # fmt: skip
def test_nothing_but_static_files_is_served(path: str) -> None:
    assert fetch(path)[0] == 404


def test_other_methods_are_refused() -> None:
    assert fetch("/static/sub/a.css", method="POST")[0] == 405
