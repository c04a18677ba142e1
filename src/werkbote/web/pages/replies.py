"""Texts kept ready: made, changed and ended, for the house, a branch or a team."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from werkbote.actions import desk as deeds
from werkbote.domain import desk as words
from werkbote.domain import team
from werkbote.reads import access, desk
from werkbote.web import clock, door, labels
from werkbote.web.forms import replies as forms


@require_GET
@door.signed_in(team.Right.MANAGE_TEAM)
def overview(request: HttpRequest, viewer: access.Viewer) -> HttpResponseBase:
    """Show all texts kept ready."""
    return _show(request, viewer)


@require_POST
@door.signed_in(team.Right.MANAGE_TEAM)
def make(request: HttpRequest, viewer: access.Viewer) -> HttpResponseBase:
    """Keep a text ready."""
    return _write(request, viewer, None)


@require_POST
@door.signed_in(team.Right.MANAGE_TEAM)
def change(request: HttpRequest, viewer: access.Viewer, canned: int) -> HttpResponseBase:
    """Change a text."""
    return _write(request, viewer, canned)


@require_POST
@door.signed_in(team.Right.MANAGE_TEAM)
def end(request: HttpRequest, viewer: access.Viewer, canned: int) -> HttpResponseBase:
    """Offer a text no more."""
    return _act(request, viewer, lambda who: deeds.end_reply(canned=canned, **who), {})


def _write(request: HttpRequest, viewer: access.Viewer, canned: int | None) -> HttpResponseBase:
    places = forms.places(desk.arranged(viewer=viewer))
    form = forms.Reply(request.POST, places=places)
    if not form.is_valid():
        said = [str(problem) for errors in form.errors.values() for problem in errors]
        return _show(request, viewer, said, {canned: form})
    if canned is None:
        return _act(
            request,
            viewer,
            lambda who: deeds.create_reply(reply=form.reply(), **who),
            {canned: form},
        )
    return _act(
        request,
        viewer,
        lambda who: deeds.change_reply(canned=canned, reply=form.reply(), **who),
        {canned: form},
    )


def _act(
    request: HttpRequest,
    viewer: access.Viewer,
    deed: Callable[[dict[str, Any]], object],
    typed: dict[int | None, forms.Reply],
) -> HttpResponseBase:
    try:
        deed({"organisation": viewer.organisation, "by": viewer.member, "at": clock.now()})
    except deeds.UnableToDo as error:
        return _show(request, viewer, [labels.sentence(error)], typed)
    return redirect("canned-replies")


def _show(
    request: HttpRequest,
    viewer: access.Viewer,
    problems: list[str] | None = None,
    typed: dict[int | None, forms.Reply] | None = None,
) -> HttpResponseBase:
    """Show the page; what was typed wrongly stays in its form."""
    known = typed or {}
    places = forms.places(desk.arranged(viewer=viewer))
    found = desk.replies(viewer=viewer)
    named = dict(places)
    context: dict[str, Any] = {
        "page": "arrange",
        "problems": problems or [],
        "fresh": known.get(None) or forms.Reply(places=places, prefix_id="new"),
        "opened": None in known,
        "replies": [
            (
                one,
                named.get(forms.place_of(one), ""),
                known.get(one.id) or forms.Reply(places=places, reply=one, prefix_id=str(one.id)),
                one.id in known,
            )
            for one in found
        ],
        "words": [place.value for place in words.Place],
    }
    status = 422 if problems else 200
    return door.show(request, viewer, "desk/replies.html", context, status=status)
