"""Opening a file that is marked as sensitive: the reason first, which is written down, then the file."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_http_methods

from werkbote.actions import media as deeds
from werkbote.domain import team
from werkbote.reads import access, inbox, sensitive
from werkbote.web import clock, door, labels, privacy_labels, sessions


@require_http_methods(["GET", "HEAD", "POST"])
@door.signed_in(team.Right.WRITE)
def open_file(request: HttpRequest, viewer: access.Viewer, media: int) -> HttpResponseBase:
    """Ask why the file is opened; on POST write it down and show the file for two minutes."""
    found = sensitive.closed(viewer=viewer, media=media, day=clock.today())
    context: dict[str, object] = {
        "page": "inbox",
        "closed": found,
        "tag": labels.of(privacy_labels.TAGS, found.tag),
        "reasons": privacy_labels.REASONS.items(),
    }
    status = 200
    if request.method == "POST":
        now = clock.now()
        try:
            deeds.open_sensitive(
                organisation=viewer.organisation,
                media=media,
                tag=found.tag,
                reason=request.POST.get("reason", ""),
                by=viewer.member,
                at=now,
            )
        except deeds.UnableToOpen as error:
            context["problems"] = [labels.sentence(error)]
            status = 422
        else:
            sessions.open_file(request.session, media, at=now)
            context["message"] = inbox.message(viewer=viewer, message=found.message)
    part = "HX-Request" in request.headers
    template = "inbox/sensitive.html" if part else "inbox/sensitive_page.html"
    return door.show(request, viewer, template, context, status=status)
