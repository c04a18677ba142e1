"""What has become of an open conversation: everything that changes by itself, in one answer."""

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_http_methods

from werkbote.actions import inbox as deeds
from werkbote.domain import team
from werkbote.reads import access, desk
from werkbote.reads import inbox as reads
from werkbote.web import clock, door, watching
from werkbote.web.pages import inbox


@require_http_methods(["GET", "HEAD", "POST"])
@door.signed_in(team.Right.READ_CHATS)
def news(request: HttpRequest, viewer: access.Viewer, conversation: int) -> HttpResponseBase:
    """Show messages `since` one, the clock, what the gate would say to `purpose`, and facts of a `panel`.

    On POST somebody looks at it: what was new to the team is noted as seen.
    """
    asked = request.POST if request.method == "POST" else request.GET
    writes = viewer.can(team.Right.WRITE)
    context: dict[str, Any] = {"thread_id": conversation}
    at = clock.now()
    with access.looking(viewer):
        since = inbox.number(asked.get("since"))
        thread = reads.thread(viewer=viewer, conversation=conversation, since=since)
        if writes:
            purpose = asked.get("purpose") or inbox.PURPOSE
            context |= inbox.verdict_context(viewer, conversation, purpose)
        if asked.get("panel"):
            context["panel"] = desk.panel(viewer=viewer, conversation=conversation)
    watching.opened(viewer, thread.contact.person)
    if request.method == "POST" and writes and thread.unseen:
        deeds.mark_seen(organisation=viewer.organisation, conversation=conversation, at=at)
    return door.show(request, viewer, "inbox/news.html", context | {"thread": thread})
