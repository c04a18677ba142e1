"""The command bar and the shortcut sheet: parts of every page, so they are early and small."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from werkbote.domain import search_fields, team
from werkbote.reads import access, search_results
from werkbote.web import commands, door

_YEAR = 365 * 24 * 3600
_SHORTEST = 2


@require_GET
@door.signed_in()
def bar(request: HttpRequest, viewer: access.Viewer) -> HttpResponseBase:
    """Show the command bar, with deeds where a conversation is open."""
    asked = request.GET.get("conversation", "")
    known = asked.isdecimal() and len(asked) < 20 and viewer.can(team.Right.READ_CHATS)  # noqa: PLR2004
    offered = commands.offered(viewer, int(asked) if known else None)
    return door.show(request, viewer, "commands/bar.html", {"commands": offered})


@require_POST
@door.signed_in(team.Right.READ_CHATS)
def find(request: HttpRequest, viewer: access.Viewer) -> HttpResponseBase:
    """Show the conversations, vehicles and cases that what is typed may mean."""
    typed = request.POST.get("line", "").strip()[: search_fields.MOST]
    found: tuple[commands.Command, ...] = ()
    if len(typed) >= _SHORTEST:
        asked = search_fields.Asked(words=typed)
        beside = search_results.beside(viewer=viewer, asked=asked)
        found = tuple(commands.found(beside))
    return door.show(request, viewer, "commands/lines.html", {"commands": found})


@require_GET
@door.signed_in()
def sheet(request: HttpRequest, viewer: access.Viewer) -> HttpResponseBase:
    """Show every key and what it does."""
    part = "HX-Request" in request.headers
    template = "commands/sheet.html" if part else "commands/sheet_page.html"
    return door.show(
        request, viewer, template, {"page": "account", "shortcuts": commands.SHORTCUTS}
    )


@require_POST
@door.signed_in()
def keys(request: HttpRequest, viewer: access.Viewer) -> HttpResponseBase:
    """Switch keys that are single letters on or off; kept in a cookie of its own."""
    del viewer
    response = redirect("shortcuts")
    chosen = "off" if request.POST.get("keys") == "off" else "on"
    response.set_cookie("keys", chosen, max_age=_YEAR, samesite="Lax", secure=request.is_secure())
    return response
