"""Pages about the way in: dead letters, what was not understood, missing files, bad signatures."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from werkbote.actions import inbound as deeds
from werkbote.actions import media
from werkbote.domain import team
from werkbote.reads import access, inbound
from werkbote.web import clock, door
from werkbote.web.pages import outbox


def _page(request: HttpRequest, viewer: access.Viewer, tab: str, rows: object) -> HttpResponseBase:
    return door.show(
        request,
        viewer,
        f"operation/{tab}.html",
        {
            "page": "operation",
            "tab": tab,
            "rows": rows,
            "problems": inbound.problems(viewer=viewer),
            "said": request.GET.get("said", ""),
        },
    )


@require_GET
@door.signed_in(team.Right.READ_OPERATION)
def dead_letters(request: HttpRequest, viewer: access.Viewer) -> HttpResponseBase:
    """Show bodies that could not be processed."""
    return _page(request, viewer, "dead", inbound.dead_letters(viewer=viewer))


@require_GET
@door.signed_in(team.Right.READ_OPERATION)
def not_understood(request: HttpRequest, viewer: access.Viewer) -> HttpResponseBase:
    """Show what this version cannot read yet."""
    return _page(request, viewer, "unknown", inbound.not_understood(viewer=viewer))


@require_GET
@door.signed_in(team.Right.READ_OPERATION)
def media_failures(request: HttpRequest, viewer: access.Viewer) -> HttpResponseBase:
    """Show files that could not be fetched."""
    return _page(request, viewer, "media", inbound.media_failures(viewer=viewer))


@require_GET
@door.signed_in(team.Right.READ_OPERATION)
def signatures(request: HttpRequest, viewer: access.Viewer) -> HttpResponseBase:
    """Show how often a webhook was called with a bad signature."""
    return _page(request, viewer, "signatures", inbound.rejections(viewer=viewer))


@require_POST
@door.signed_in(team.Right.OPERATE)
def replay_event(_request: HttpRequest, viewer: access.Viewer, event: int) -> HttpResponseBase:
    """Let a body be processed again."""
    inbound.check_event(viewer=viewer, event=event)
    try:
        deeds.replay_event(
            organisation=viewer.organisation, event=event, by=viewer.member, at=clock.now()
        )
    except deeds.UnableToReplay:
        return _said("dead-letters", "gone")
    return _said("dead-letters", "replayed")


@require_POST
@door.signed_in(team.Right.OPERATE)
def replay_part(_request: HttpRequest, viewer: access.Viewer, part: int) -> HttpResponseBase:
    """Read a part again with what this version understands."""
    inbound.check_part(viewer=viewer, part=part)
    try:
        understood = deeds.replay_part(
            organisation=viewer.organisation, part=part, by=viewer.member, at=clock.now()
        )
    except deeds.UnableToReplay:
        return _said("not-understood", "gone")
    return _said("not-understood", "understood" if understood else "still-unknown")


@require_POST
@door.signed_in(team.Right.READ_CHATS)
def retry_media(request: HttpRequest, viewer: access.Viewer, media_id: int) -> HttpResponseBase:
    """Ask for a file once more, from its message or from the list of failures."""
    conversation = inbound.check_media(viewer=viewer, media=media_id)
    try:
        media.retry_media(
            organisation=viewer.organisation, media=media_id, by=viewer.member, at=clock.now()
        )
        said = "retrying"
    except media.UnableToRetry:
        said = "too-late"
    if request.POST.get("from") == "operation":
        return _said("media-failures", said)
    return outbox.back(request, conversation)


def _said(page: str, word: str) -> HttpResponseBase:
    response = redirect(page)
    response["Location"] += f"?said={word}"
    return response
