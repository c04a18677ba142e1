"""Pages of the inbox: the list beside one thread, their parts for live updates, and files."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_POST

from werkbote.actions import drafts, outbox
from werkbote.actions import inbox as deeds
from werkbote.domain import events, policy, team
from werkbote.reads import access, cases, inbox
from werkbote.web import (
    attachments,
    clock,
    desk_labels,
    door,
    labels,
    permissions,
    sessions,
    streams,
    watching,
)
from werkbote.web.forms import offers

PAGE = 30
"""Rows of a page of the list: twice what a tall screen shows. An open list is fetched anew at every change."""

PURPOSE = "P-02"
"""What an answer in one's own words usually is: an answer to a request."""

_MOST_SECONDS = 600
"""After so long a recording ends by itself; sixteen megabytes would hold an hour."""

_INLINE = frozenset(
    {
        "image/jpeg",
        "image/png",
        "image/webp",
        "image/gif",
        "video/mp4",
        "video/3gpp",
        "audio/aac",
        "audio/amr",
        "audio/mpeg",
        "audio/mp4",
        "audio/ogg",
    }
)

_PAPER = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'"
"""What a PDF may do: be shown by the browser's own viewer, which no browser starts in a sandbox."""


@require_GET
@door.signed_in()
def home(request: HttpRequest, viewer: access.Viewer) -> HttpResponseBase:
    """Show the inbox, without a conversation; who reads no chats sees what is theirs instead."""
    if not viewer.can(team.Right.READ_CHATS):
        return redirect("decisions" if viewer.can(team.Right.READ_DECISIONS) else "dead-letters")
    listed = _list(viewer, request.GET, whole=True)
    return page(request, viewer, listed | {"page": "inbox"})


@require_GET
@door.signed_in(team.Right.READ_CHATS)
def conversation(
    request: HttpRequest, viewer: access.Viewer, conversation: int
) -> HttpResponseBase:
    """Show the inbox with one conversation open."""
    context = page_context(viewer, conversation, request.GET)
    watching.opened(viewer, context["thread"].contact.person)
    return page(request, viewer, context)


def page(
    request: HttpRequest, viewer: access.Viewer, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """Return the whole inbox, the only page that may ask for the microphone."""
    response = door.show(request, viewer, "inbox/inbox.html", context, status=status)
    response["Permissions-Policy"] = permissions.policy(microphone=True)
    return response


@require_GET
@door.signed_in(team.Right.READ_CHATS)
def rows(request: HttpRequest, viewer: access.Viewer) -> HttpResponseBase:
    """Show the list alone: its newest page, or the page after a conversation."""
    before = number(request.GET.get("before"))
    context = _list(viewer, request.GET, before=before) | {"open": number(request.GET.get("open"))}
    if before is not None:
        watching.listed(viewer, [one.contact.person for one in context["conversations"]])
    template = "inbox/rows.html" if before is None else "inbox/more_rows.html"
    return door.show(request, viewer, template, context)


@require_GET
@door.signed_in(team.Right.READ_CHATS)
def messages(request: HttpRequest, viewer: access.Viewer, conversation: int) -> HttpResponseBase:
    """Show the messages before one that the page has."""
    before = number(request.GET.get("before"))
    thread = inbox.thread(viewer=viewer, conversation=conversation, before=before)
    watching.opened(viewer, thread.contact.person)
    return door.show(request, viewer, "inbox/older.html", {"thread": thread})


@require_POST
@door.signed_in(team.Right.WRITE)
def seen(_request: HttpRequest, viewer: access.Viewer, conversation: int) -> HttpResponseBase:
    """Note that the team has seen a conversation."""
    access.check_conversation(viewer, conversation)
    deeds.mark_seen(
        organisation=viewer.organisation,
        conversation=conversation,
        at=clock.now(),
    )
    return HttpResponse(status=204)


@require_GET
@door.signed_in(team.Right.READ_CHATS)
def media(request: HttpRequest, viewer: access.Viewer, media: int) -> HttpResponseBase:
    """Send a file: shown in the page where that is harmless, else as a download."""
    opened = sessions.has_opened(request.session, media, at=clock.now())
    file = inbox.file(viewer=viewer, media=media, day=clock.today(), opened=opened)
    response = StreamingHttpResponse(streams.from_threads(file.pieces))
    paper = file.mime == "application/pdf"
    inline = paper or file.mime in _INLINE
    response["Content-Type"] = file.mime if inline else "application/octet-stream"
    response["Content-Length"] = str(file.size)
    response["Cache-Control"] = "no-store" if file.sensitive else "private, max-age=600"
    response["Content-Security-Policy"] = _PAPER if paper else "default-src 'none'; sandbox"
    if paper:
        response["X-Frame-Options"] = "SAMEORIGIN"
    if paper or not inline:
        said = content_disposition_header(not inline, file.filename or "datei")
        response["Content-Disposition"] = said or "attachment"
    return response


def page_context(
    viewer: access.Viewer, conversation: int, asked: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Return what a template needs to show the whole inbox with one conversation open."""
    with access.looking(viewer):
        listed = _list(viewer, asked or {}, whole=True)
        return {**listed, **thread_context(viewer, conversation), "page": "inbox"}


def thread_context(viewer: access.Viewer, conversation: int) -> dict[str, Any]:
    """Return what a template needs to show one conversation with its composer."""
    with access.looking(viewer):
        thread = inbox.thread(viewer=viewer, conversation=conversation)
        return {
            "thread": thread,
            "open": thread.id,
            "thread_id": thread.id,
            **(
                verdict_context(viewer, conversation, PURPOSE)
                if viewer.can(team.Right.WRITE)
                else {}
            ),
            **(composer_context(viewer, conversation) if viewer.can(team.Right.WRITE) else {}),
        }


@require_GET
@door.signed_in(team.Right.WRITE)
def verdict(request: HttpRequest, viewer: access.Viewer, conversation: int) -> HttpResponseBase:
    """Show what the gate would say to a message of a purpose, and the ways to make it lawful."""
    access.check_conversation(viewer, conversation)
    purpose = request.GET.get("purpose", PURPOSE)
    context = verdict_context(viewer, conversation, purpose) | {"thread_id": conversation}
    return door.show(request, viewer, "inbox/hint.html", context)


def verdict_context(viewer: access.Viewer, conversation: int, purpose: str) -> dict[str, Any]:
    """Return the gate's answer and all there is to cure, by the very question the sender asks."""
    wanted = [(drafts.Draft(), purpose), (drafts.Draft(kind=events.Kind.VOICE), purpose)]
    (answer, refusals), (spoken, _) = outbox.outlooks(
        organisation=viewer.organisation, conversation=conversation, wanted=wanted, at=clock.now()
    )
    permit = answer if isinstance(answer, policy.Permit) else None
    return {
        "permit": permit,
        "refusals": [labels.obstacle(each) for each in refusals],
        "mute": labels.obstacle(spoken) if permit and isinstance(spoken, policy.Refusal) else None,
    }


def composer_context(viewer: access.Viewer, conversation: int) -> dict[str, Any]:
    """Return what the composer needs: a fresh key, the purposes, and what the viewer has begun."""
    begun = inbox.begun(viewer=viewer, conversation=conversation)
    return {
        "key": secrets.token_urlsafe(18),
        "purposes": labels.purposes(timezone.localdate()),
        "purpose": begun.purpose or PURPOSE,
        "text": begun.text,
        "reply_to": begun.reply_to,
        "panel": offers.panel(begun.offer),
        "offered": offers.shown(begun.offer, begun.text),
        "cases": cases.to_file_in(viewer=viewer, conversation=conversation),
        "accept": attachments.ACCEPT,
        "most_bytes": attachments.MOST,
        "most_seconds": _MOST_SECONDS,
    }


def _list(
    viewer: access.Viewer,
    asked: Mapping[str, str],
    *,
    before: int | None = None,
    whole: bool = False,
) -> dict[str, Any]:
    """Return what the list needs; where it stands in a `whole` page, also what stands around it."""
    limit = PAGE
    now = clock.now()
    view = asked.get("view", "")
    branch = number(asked.get("branch"))
    which = inbox.Which(
        view=inbox.View(view) if view in set(inbox.View) else inbox.View.ALL,
        at=now,
        branch=branch if branch in viewer.branches else None,
    )
    query = {"view": which.view, **({"branch": which.branch} if which.branch else {})}
    with access.looking(viewer):
        around = _around(viewer, now) if whole else {}
        found = inbox.conversations(viewer=viewer, before=before, limit=limit + 1, which=which)
    return {
        **around,
        "conversations": found[:limit],
        "more": found[limit - 1].id if len(found) > limit else None,
        "which": which,
        "which_query": urlencode(query),
    }


def _around(viewer: access.Viewer, now: datetime) -> dict[str, Any]:
    """Return what stands around the list; `newest` is asked before anything else is read."""
    return {
        "newest": inbox.newest(viewer=viewer),
        "views": _views(viewer, now),
        "branches": inbox.branches(viewer=viewer),
    }


def _views(viewer: access.Viewer, now: datetime) -> list[tuple[str, str, int]]:
    """Return code, name and count of each view; a count where work waits."""
    waiting = inbox.counts(viewer=viewer, at=now)
    return [(view.value, str(desk_labels.VIEWS[view]), waiting.get(view, 0)) for view in inbox.View]


def number(value: str | None) -> int | None:
    """Return a row's number as an address or a form says it, None for anything else."""
    return int(value) if value and value.isdecimal() and len(value) < 20 else None  # noqa: PLR2004
