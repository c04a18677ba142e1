"""The search: what is looked for travels in the body, since names and numbers belong in no address."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_GET, require_http_methods

from werkbote.domain import search_fields, team
from werkbote.reads import access, desk, inbox, search, search_results
from werkbote.web import door, labels, watching
from werkbote.web.forms import search as forms

_SHOWN = ("person", "number", "plate", "case", "label", "kind", "since", "until")


@require_http_methods(["GET", "POST"])
@door.signed_in(team.Right.READ_CHATS)
def find(request: HttpRequest, viewer: access.Viewer) -> HttpResponseBase:
    """Show the form, and what fits it: people, vehicles, cases, messages page by page."""
    offered = tuple((one.id, one.name) for one in desk.labels(viewer=viewer))
    form = forms.Search(request.POST or None, offered=offered)
    context: dict[str, Any] = {"page": "search", "form": form, "problems": []}
    status = 200
    if form.is_bound and form.is_valid():
        context |= _found(viewer, form.asked(), _number(request.POST.get("before")))
    elif form.is_bound:
        status = 422
    watching.listed(viewer, _persons(context))
    context["open"] = any(form[name].value() for name in _SHOWN)
    part = "HX-Request" in request.headers and request.method == "POST"
    template = "search/results.html" if part else "search/page.html"
    return door.show(request, viewer, template, context, status=status)


def _persons(context: Mapping[str, Any]) -> set[int]:
    """Return whom a search found."""
    beside, messages = context.get("beside"), context.get("messages")
    found = [*(beside.talks if beside else ()), *(beside.cases if beside else ())]
    return {one.contact.person for one in (*found, *(messages.hits if messages else ()))}


def _found(viewer: access.Viewer, asked: search_fields.Asked, before: int | None) -> dict[str, Any]:
    """Return what fits; further pages are messages alone."""
    found: dict[str, Any] = {"asked": asked, "further": before is not None, "messages": None}
    if asked.is_empty:
        return found
    if before is None:
        found["beside"] = search_results.beside(viewer=viewer, asked=asked)
    try:
        found["messages"] = search_results.messages(viewer=viewer, asked=asked, before=before)
    except search.UnableToSearch as error:
        found["problems"] = [labels.sentence(error)]
    return found


@require_GET
@door.signed_in(team.Right.READ_CHATS)
def place(
    request: HttpRequest, viewer: access.Viewer, conversation: int, message: int
) -> HttpResponseBase:
    """Show a message among those around it."""
    thread = inbox.around(viewer=viewer, conversation=conversation, message=message)
    watching.opened(viewer, thread.contact.person)
    context: dict[str, Any] = {"page": "search", "thread": thread}
    return door.show(request, viewer, "search/place.html", context)


def _number(value: str | None) -> int | None:
    return int(value) if value and value.isdecimal() and len(value) < 20 else None  # noqa: PLR2004
