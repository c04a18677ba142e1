"""Pages of old chats: bring in exports, look at them, decide each one."""

import functools
from collections.abc import Callable, Iterator
from datetime import timedelta

from django.core.files import uploadhandler
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_POST

from werkbote.actions import old_chats as deeds
from werkbote.domain import old_chats as domain
from werkbote.domain import team
from werkbote.reads import access, offboarding, old_chats
from werkbote.web import clock, door, streams, watching, way_out
from werkbote.web.forms import old_chats as forms

_SHOWN_FOR = timedelta(hours=24)
_SAID = frozenset({"deleted", "filed", "discarded"})


@require_GET
@door.signed_in(team.Right.READ_CHATS)
def overview(request: HttpRequest, viewer: access.Viewer) -> HttpResponseBase:
    """Show the old chats that wait for a decision, and the form to bring one in."""
    form = forms.Upload(choices=old_chats.choices(viewer=viewer))
    return _overview(request, viewer, form)


def _overview(
    request: HttpRequest, viewer: access.Viewer, form: forms.Upload, *, status: int = 200
) -> HttpResponse:
    said = request.GET.get("said", "")
    context = _progress(viewer) | {
        "page": "way-out",
        "tab": "old-chats",
        "form": form,
        "chats": old_chats.chats(viewer=viewer),
        "classes": _classes(viewer),
        "said": said if said in _SAID else "",
    }
    return door.show(request, viewer, "old_chats/overview.html", context, status=status)


def _progress(viewer: access.Viewer) -> dict[str, object]:
    found = old_chats.arrivals(viewer=viewer, since=clock.now() - _SHOWN_FOR)
    return {"arrivals": found, "running": any(one.running for one in found)}


def _classes(viewer: access.Viewer) -> dict[str, str]:
    rules = offboarding.rules(today=timezone.localtime(clock.now()).date())
    return {one.id: one.label[viewer.language] for one in rules.classes}


@require_GET
@door.signed_in(team.Right.READ_CHATS)
def progress(request: HttpRequest, viewer: access.Viewer) -> HttpResponseBase:
    """Show how far the uploads are; when the last one is through, the whole page follows."""
    context = _progress(viewer)
    response = door.show(request, viewer, "old_chats/progress.html", context)
    if not context["running"] and "HX-Request" in request.headers:
        response["HX-Refresh"] = "true"
    return response


def _streamed(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Let an upload of any size pass through a file on disk, before anything reads the request."""

    @functools.wraps(view)
    def wrapped(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        request.upload_handlers = [uploadhandler.TemporaryFileUploadHandler(request)]
        return view(request, *args, **kwargs)

    return wrapped


@require_POST
@csrf_exempt
@_streamed
@csrf_protect
@door.signed_in(team.Right.WRITE)
def upload(request: HttpRequest, viewer: access.Viewer) -> HttpResponseBase:
    """Take in an export; it is read by the worker."""
    form = forms.Upload(request.POST, request.FILES, choices=old_chats.choices(viewer=viewer))
    if form.is_valid():
        file, order = form.cleaned_data["file"], form.cleaned_data["order"]
        try:
            deeds.receive(
                organisation=viewer.organisation,
                wish=deeds.Wish(
                    branch=form.cleaned_data["branch"],
                    owner=form.cleaned_data["owner"],
                    device=form.cleaned_data["device"],
                    filename=file.name,
                    zone=form.cleaned_data["zone"],
                    order=domain.Order(order) if order else None,
                ),
                content=file.chunks(),
                by=viewer.member,
                at=clock.now(),
            )
        except deeds.UnableToReceive as error:
            form.add_error("file", str(way_out.PROBLEMS[error.problem]))
        else:
            return redirect("old-chats")
    return _overview(request, viewer, form, status=422)


@require_GET
@door.signed_in(team.Right.READ_CHATS)
def chat(request: HttpRequest, viewer: access.Viewer, chat: int) -> HttpResponseBase:
    """Show one old chat, a page of its messages, and what was noticed while reading."""
    return _chat(request, viewer, chat)


def _chat(
    request: HttpRequest,
    viewer: access.Viewer,
    chat: int,
    *,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    asked = request.GET.get("page", "")
    number = int(asked) if asked.isdecimal() and len(asked) < 6 else 1  # noqa: PLR2004
    found = old_chats.page(viewer=viewer, chat=chat, number=number)
    watching.opened(viewer, chat)
    context: dict[str, object] = {
        "page": "way-out",
        "tab": "old-chats",
        "found": found,
        "classes": _classes(viewer),
        "problem": problem,
    }
    return door.show(request, viewer, "old_chats/chat.html", context, status=status)


@require_POST
@door.signed_in(team.Right.WRITE)
def decide(request: HttpRequest, viewer: access.Viewer, chat: int) -> HttpResponseBase:
    """File a chat under a retention class."""
    old_chats.check_refiling(viewer=viewer, chat=chat)
    try:
        deeds.file_into_case(
            organisation=viewer.organisation,
            chat=chat,
            filing=deeds.Filing(
                retention=request.POST.get("retention", ""), case=_number(request.POST.get("case"))
            ),
            by=viewer.member,
            at=clock.now(),
        )
    except deeds.UnableToDecide:
        problem = gettext("Choose how long the chat is kept, then file it.")
        old_chats.check_chat(viewer=viewer, chat=chat)
        return _chat(request, viewer, chat, problem=problem, status=422)
    return redirect(f"{_home()}?said=filed")


@require_POST
@door.signed_in(team.Right.WRITE)
def delete(request: HttpRequest, viewer: access.Viewer, chat: int) -> HttpResponseBase:
    """Delete a chat with its files and its key, once that is confirmed."""
    old_chats.check_chat(viewer=viewer, chat=chat)
    problem = gettext("Tick the box first: deleting cannot be undone.")
    if request.POST.get("sure") == "yes":
        try:
            deeds.delete(
                organisation=viewer.organisation, chat=chat, by=viewer.member, at=clock.now()
            )
        except deeds.UnableToDecide:
            problem = gettext(
                "This chat is kept in a case or by a legal hold; it goes when that ends."
            )
        else:
            return redirect(f"{_home()}?said=deleted")
    return _chat(request, viewer, chat, problem=problem, status=422)


@require_POST
@door.signed_in(team.Right.WRITE)
def own(request: HttpRequest, viewer: access.Viewer, chat: int) -> HttpResponseBase:
    """Say which participant is us."""
    row = old_chats.page(viewer=viewer, chat=chat, number=1)
    asked = request.POST.get("own", "")
    known = {str(place): place for place in range(len(row.participants))}
    deeds.choose_own(
        organisation=viewer.organisation,
        chat=chat,
        own=known.get(asked),
        by=viewer.member,
        at=clock.now(),
    )
    return redirect("old-chat", chat)


@require_POST
@door.signed_in(team.Right.WRITE)
def discard(request: HttpRequest, viewer: access.Viewer, arrival: int) -> HttpResponseBase:
    """Remove an upload that could not be read."""
    del request
    old_chats.check_arrival(viewer=viewer, arrival=arrival)
    try:
        deeds.discard(
            organisation=viewer.organisation, arrival=arrival, by=viewer.member, at=clock.now()
        )
    except deeds.UnableToDecide:
        return redirect("old-chats")
    return redirect(f"{_home()}?said=discarded")


def _number(asked: str | None) -> int | None:
    return int(asked) if asked and asked.isdecimal() and len(asked) < 19 else None  # noqa: PLR2004


def _home() -> str:
    return redirect("old-chats").url


@require_GET
@door.signed_in(team.Right.READ_CHATS)
def file(request: HttpRequest, viewer: access.Viewer, file: int) -> HttpResponseBase:
    """Hand out a file of an old chat."""
    del request
    return handed_out(old_chats.file(viewer=viewer, file=file))


def handed_out(found: old_chats.File) -> StreamingHttpResponse:
    """Return a file: pictures to look at, everything else to download."""
    shown = found.mime in old_chats.PICTURES
    pieces: Iterator[bytes] = found.content()
    response = StreamingHttpResponse(
        streams.from_threads(pieces),
        content_type=found.mime if shown else "application/octet-stream",
    )
    response["Content-Length"] = str(found.size)
    response["Content-Disposition"] = "inline" if shown else "attachment"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "no-store"
    return response
