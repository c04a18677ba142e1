"""A session belongs to one member and to that member's present password: begin it, ask it, end it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.models import Session
from django.http import HttpRequest

from werkbote.actions import team
from werkbote.reads import access
from werkbote.web import clock

_MEMBER = "member"
_STAMP = "stamp"
_ENTRY = "entry"
_STRONG = "strong"
_READ = "policy"
_HALFWAY = "halfway"
_ASKED = "asked"
_LOCKED = "locked"
_OPENED = "opened"
_OPENED_LASTS = timedelta(minutes=2)
_HALFWAY_LASTS = timedelta(minutes=10)
_BROWSERS = ("Firefox", "Edg", "OPR", "Chrome", "Safari")
_NAMES = {"Edg": "Edge", "OPR": "Opera"}
_SYSTEMS = ("Android", "iPhone", "iPad", "Windows", "Mac OS", "Linux")


@dataclass(frozen=True, slots=True, kw_only=True)
class Halfway:
    """Somebody whose password was right and who still owes the second factor."""

    member: int
    organisation: int
    stamp: str
    factors: frozenset[str]


def wait_for_factor(request: HttpRequest, signed_in: team.SignedIn, *, at: datetime) -> None:
    """Remember whose password was right, for ten minutes; nothing is open yet."""
    request.session.flush()
    request.session[_HALFWAY] = {
        "member": signed_in.member,
        "organisation": signed_in.organisation,
        "stamp": signed_in.stamp,
        "factors": sorted(signed_in.factors),
        "at": at.isoformat(),
    }


def halfway(session: SessionBase, *, at: datetime) -> Halfway | None:
    """Return who still owes the second factor here; None where nobody does (any more)."""
    kept = session.get(_HALFWAY)
    if not isinstance(kept, dict):
        return None
    if at - datetime.fromisoformat(kept["at"]) > _HALFWAY_LASTS:
        return None
    return Halfway(
        member=kept["member"],
        organisation=kept["organisation"],
        stamp=kept["stamp"],
        factors=frozenset(kept["factors"]),
    )


def begin(
    request: HttpRequest, who: team.SignedIn | Halfway, *, strong: bool, at: datetime
) -> None:
    """Bind the session to a member under a new key; what a stranger planted in it is gone."""
    entry = team.enter(
        organisation=who.organisation, device=_device(request), strong=strong, by=who.member, at=at
    )
    request.session.flush()
    request.session[_MEMBER] = who.member
    request.session[_STAMP] = who.stamp
    request.session[_ENTRY] = entry
    request.session[_STRONG] = strong


def renew(request: HttpRequest, stamp: str) -> None:
    """Keep this session when the password changed; all others are over."""
    request.session.cycle_key()
    request.session[_STAMP] = stamp


def end(request: HttpRequest) -> None:
    """End the session and forget its key."""
    request.session.flush()


def entry(session: SessionBase) -> int | None:
    """Return the id of the entry a session began with."""
    found = session.get(_ENTRY)
    return found if isinstance(found, int) else None


def strengthen(request: HttpRequest) -> None:
    """Note that a second factor was set up in this session, under a new key."""
    request.session.cycle_key()
    request.session[_STRONG] = True


def has_read(session: SessionBase, version: str) -> bool:
    """Return whether this session knows that its member has read a version of the policy."""
    return session.get(_READ) == version


def note_read(session: SessionBase, version: str) -> None:
    """Remember that the member has read a version of the policy."""
    session[_READ] = version


def keep_question(request: HttpRequest, state: dict[str, Any]) -> None:
    """Keep what a passkey was asked until the browser answers."""
    request.session[_ASKED] = state


def take_question(request: HttpRequest) -> dict[str, Any]:
    """Return what a passkey was asked, once; empty where nothing was."""
    found = request.session.pop(_ASKED, None)
    return found if isinstance(found, dict) else {}


def lock(request: HttpRequest) -> None:
    """Close the session until its member shows again who they are; what was opened is closed too."""
    request.session.pop(_OPENED, None)
    request.session[_LOCKED] = True


def unlock(request: HttpRequest) -> None:
    """Open a locked session, under a new key."""
    request.session.cycle_key()
    request.session.pop(_LOCKED, None)


def is_locked(session: SessionBase) -> bool:
    """Return whether a session is locked."""
    return session.get(_LOCKED) is True


def open_file(session: SessionBase, media: int, *, at: datetime) -> None:
    """Let this session see a sensitive file for two minutes; only the one that was opened last."""
    session[_OPENED] = {"media": media, "at": at.isoformat()}


def has_opened(session: SessionBase, media: int, *, at: datetime) -> bool:
    """Return whether this session has just opened a sensitive file."""
    found = session.get(_OPENED)
    if not isinstance(found, dict) or found["media"] != media:
        return False
    return at - datetime.fromisoformat(found["at"]) <= _OPENED_LASTS


def owes_factor(session: SessionBase) -> bool:
    """Return whether a second factor is asked of everybody and was not shown in this session."""
    return settings.WERKBOTE_SECOND_FACTOR == "required" and session.get(_STRONG) is not True


def viewer(session: SessionBase, *, early: bool = False) -> access.Viewer | None:
    """Return whom a session speaks for; None where it speaks for nobody (any more).

    Somebody who owes the second factor, or whose screen is locked, is nobody except to those who ask
    `early`.
    """
    if (owes_factor(session) or is_locked(session)) and not early:
        return None
    member, stamp, began = session.get(_MEMBER), session.get(_STAMP), session.get(_ENTRY)
    if not isinstance(member, int) or not isinstance(stamp, str) or not isinstance(began, int):
        return None
    return access.entered(member, entry=began, stamp=stamp, at=clock.now())


def marks(
    viewers: Mapping[str, access.Viewer], *, at: datetime
) -> Mapping[str, tuple[object, ...] | None]:
    """Return of each session, by key, a value that changes whenever `viewer` could answer otherwise.

    None for a session that is over. The viewers are of one organisation. Two queries.
    """
    kept = Session.objects.filter(session_key__in=viewers, expire_date__gt=at)
    data = dict(kept.values_list("session_key", "session_data"))
    members = {viewer.member: viewer.organisation for viewer in viewers.values()}
    organisation = next(iter(members.values()))
    found = access.marks(organisation=organisation, members=members, at=at)
    return {
        key: (data[key], found[viewer.member]) if key in data and viewer.member in found else None
        for key, viewer in viewers.items()
    }


def address(request: HttpRequest) -> str:
    """Return the network address the request came from, as the server before us vouches for it."""
    return cast("str", request.META.get("REMOTE_ADDR", ""))


def _device(request: HttpRequest) -> str:
    """Return a word for the device, made of a few known names and nothing the browser may invent."""
    said = request.headers.get("User-Agent", "")
    browser = next((name for name in _BROWSERS if name in said), "")
    system = next((name for name in _SYSTEMS if name in said), "")
    return ", ".join(word for word in (_NAMES.get(browser, browser), system) if word)
