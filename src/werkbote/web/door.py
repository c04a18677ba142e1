"""The door of every page: who is asking, whether they may, and in which language they are answered."""

import functools
from collections.abc import Callable
from typing import Concatenate

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.cache import add_never_cache_headers
from django.utils.http import urlencode

from werkbote.actions import support as deeds
from werkbote.domain import team, watch
from werkbote.reads import access, support
from werkbote.reads import team as policies
from werkbote.web import clock, labels, sessions, watching

type View[**P] = Callable[Concatenate[HttpRequest, P], HttpResponseBase]
type MemberView[**P] = Callable[Concatenate[HttpRequest, access.Viewer, P], HttpResponseBase]

_GROUPS = {
    "evidence": (
        "consents",
        "decisions",
        "privacy",
        "letters",
        "way-out",
        "breaches",
        "watch",
        "audit",
        "settings",
        "outside",
    ),
    "house": ("team", "arrange", "numbers", "templates", "costs", "operation"),
}
"""Pages that share one entry of the main menu, and stand beside each other above the page."""

_THEMES = frozenset({"light", "dark"})


def signed_in[**P](
    right: team.Right | None = None, *, early: bool = False, while_locked: bool = False
) -> Callable[[MemberView[P]], View[P]]:
    """Let members pass whose role includes `right`; others see the login, or nothing at all (404).

    Who owes a second factor or has not read the messenger policy is led there first, except on pages
    that are open `early`. A locked session sees the lock alone, except for what works `while_locked`.
    """

    def wrap(view: MemberView[P]) -> View[P]:
        @functools.wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            viewer = sessions.viewer(request.session, early=True)
            if viewer is None:
                return _to(request, "login")
            if sessions.is_locked(request.session) and not while_locked:
                return _to(request, "locked")
            owed = None if early else _owed(request, viewer)
            if owed is not None:
                return _to(request, owed)
            with translation.override(viewer.language):
                request.LANGUAGE_CODE = viewer.language
                if right is not None and not viewer.can(right):
                    return missing(request, viewer)
                page = functools.partial(view, request, viewer, *args, **kwargs)
                if viewer.role is team.Role.SUPPORT:
                    return _watched(request, viewer, page)
                return _shown(request, viewer, page)

        guarded.right = right  # type: ignore[attr-defined]
        return guarded

    return wrap


def right_of(view: Callable[..., object]) -> tuple[bool, team.Right | None]:
    """Return whether a page is behind this door, and the right it asks for."""
    return hasattr(view, "right"), getattr(view, "right", None)


def show(
    request: HttpRequest,
    viewer: access.Viewer | None,
    template: str,
    context: dict[str, object],
    *,
    status: int = 200,
) -> HttpResponse:
    """Return a page or part that no cache keeps; every template knows who looks."""
    theme = request.COOKIES.get("theme", "")
    response = render(
        request,
        template,
        {
            "viewer": viewer,
            "rights": {right.value: viewer.can(right) for right in team.Right} if viewer else {},
            "groups": _GROUPS,
            "live": _is_live(request, viewer),
            "keyboard": viewer is not None and _owed(request, viewer) is None,
            "keys": "off" if request.COOKIES.get("keys") == "off" else "on",
            "theme": theme if theme in _THEMES else "auto",
            "lock_minutes": _lock_minutes(request, viewer),
            "let_in": _let_in(request, viewer),
            **context,
        },
        status=status,
    )
    add_never_cache_headers(response)
    return response


def _is_live(request: HttpRequest, viewer: access.Viewer | None) -> bool:
    """Return whether this page follows what happens elsewhere."""
    if viewer is None or not viewer.can(team.Right.READ_CHATS):
        return False
    return not sessions.owes_factor(request.session)


def _lock_minutes(request: HttpRequest, viewer: access.Viewer | None) -> int:
    """Return after how many idle minutes a whole page locks itself; 0 for parts and for strangers."""
    if viewer is None or "HX-Request" in request.headers:
        return 0
    return policies.lock_minutes(viewer=viewer)


def _let_in(request: HttpRequest, viewer: access.Viewer | None) -> tuple[support.Window, ...]:
    """Return which support is in, for the banner of whole pages."""
    if viewer is None or "HX-Request" in request.headers:
        return ()
    return support.inside(viewer=viewer, at=clock.now())


def missing(request: HttpRequest, viewer: access.Viewer | None) -> HttpResponse:
    """Return the one answer for what is absent and for what is not this member's to see."""
    return show(request, viewer, "missing.html", {}, status=404)


def _watched(
    request: HttpRequest, viewer: access.Viewer, page: Callable[[], HttpResponseBase]
) -> HttpResponseBase:
    """Return a page for support that was let in: written down before, and not shown once it is over."""
    found = request.resolver_match
    deeds.note_look(
        organisation=viewer.organisation,
        page=(found.url_name if found else "") or "",
        by=viewer.member,
        at=clock.now(),
    )
    response = _shown(request, viewer, page)
    if sessions.viewer(request.session, early=True) is None:
        response.close()
        return _to(request, "login")
    return response


def _shown(
    request: HttpRequest, viewer: access.Viewer, page: Callable[[], HttpResponseBase]
) -> HttpResponseBase:
    """Return a page, or what is said instead of it: nothing here, or that reading pauses."""
    try:
        return page()
    except (access.UnableToSee, Http404):
        return missing(request, viewer)
    except watch.UnableToRead as error:
        return _paused(request, viewer, error)


def _paused(request: HttpRequest, viewer: access.Viewer, error: watch.UnableToRead) -> HttpResponse:
    """Return the page that says that so much was read that it pauses, and until when (RFC 6585)."""
    context: dict[str, object] = {"sentence": labels.sentence(error), "until": error.until}
    response = show(request, viewer, "watch/stopped.html", context, status=429)
    response["Retry-After"] = str(watching.seconds_until(error))
    return response


def _owed(request: HttpRequest, viewer: access.Viewer) -> str | None:
    """Return the page a member must pass first, None where nothing is owed."""
    if sessions.owes_factor(request.session):
        return "second-factor"
    version = policies.policy_version(day=clock.today())
    if not sessions.has_read(request.session, version):
        if not policies.has_read(viewer=viewer, version=version):
            return "policy"
        sessions.note_read(request.session, version)
    return None


def _to(request: HttpRequest, page: str) -> HttpResponseBase:
    """Return the way to a page; from the lock it leads back to where somebody wanted to go."""
    url = reverse(page)
    if "HX-Request" in request.headers:
        response = HttpResponse(status=401)
        response["HX-Redirect"] = url
        return response
    if page == "locked" and request.method == "GET":
        url += "?" + urlencode({"next": request.get_full_path()})
    return redirect(url)
