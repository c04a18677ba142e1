"""Proof that we showed a public form to somebody: a signed word in place of a cookie."""

import urllib.parse
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest

from werkbote.web import clock

VALID_SECONDS = 2 * 3600


def make(salt: str, **said: str) -> str:
    """Return a signed word that says these things and when it was made."""
    return signing.dumps({**said, "at": clock.now().isoformat()}, salt=salt)


def read(request: HttpRequest, salt: str, *, house: str) -> dict[str, Any] | None:
    """Return what the word in the form says, None if it is forged, too old, or for another house.

    A form that another site sent is refused: no session is there to ride on, but nobody's address
    shall be entered from elsewhere unseen.
    """
    origin = request.headers.get("Origin", "")
    if origin not in {"", "null"} and not _is_ours(request, origin):
        return None
    try:
        said: dict[str, Any] = signing.loads(
            request.POST.get("token", ""), salt=salt, max_age=VALID_SECONDS
        )
    except signing.BadSignature:
        return None
    if said.get("house") != house:
        return None
    said["at"] = datetime.fromisoformat(said["at"]).astimezone(UTC)
    return said


def _is_ours(request: HttpRequest, origin: str) -> bool:
    own = {urllib.parse.urlsplit(settings.WERKBOTE_PUBLIC_URL).netloc, request.get_host()}
    return urllib.parse.urlsplit(origin).netloc in own
