"""What a message is beside its case: asked in the dialog over the thread, or on a page of its own."""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from werkbote.actions import cases as deeds
from werkbote.domain import team
from werkbote.reads import access, marks
from werkbote.web import clock, door, labels, privacy_labels


@require_http_methods(["GET", "HEAD", "POST"])
@door.signed_in(team.Right.WRITE)
def mark(request: HttpRequest, viewer: access.Viewer, message: int) -> HttpResponseBase:
    """Show the marks to choose from; on POST mark the message."""
    found = marks.mark(viewer=viewer, message=message, day=clock.today())
    if request.method != "POST":
        return _show(request, viewer, found)
    try:
        deeds.mark_message(
            organisation=viewer.organisation,
            message=message,
            tag=request.POST.get("tag", ""),
            by=viewer.member,
            at=clock.now(),
        )
    except deeds.UnableToMark as error:
        return _show(request, viewer, found, [labels.sentence(error)])
    if "HX-Request" not in request.headers:
        return redirect("conversation", found.conversation)
    response = HttpResponse(status=204)
    response["HX-Trigger"] = "thread-changed, dialog-close"
    return response


def _show(
    request: HttpRequest,
    viewer: access.Viewer,
    found: marks.Mark,
    problems: list[str] | None = None,
) -> HttpResponse:
    part = "HX-Request" in request.headers
    shown = {
        "message": found.message,
        "tag": found.tag,
        "by_house": found.by_house,
        "archived": found.archived,
        "choices": [
            {
                "name": one.name,
                "title": one.title,
                "hint": one.hint,
                "kept": privacy_labels.period(one.period),
            }
            for one in found.choices
        ],
    }
    context: dict[str, object] = {"page": "inbox", "mark": shown, "problems": problems or []}
    template = "cases/mark.html" if part else "cases/mark_page.html"
    return door.show(request, viewer, template, context, status=422 if problems else 200)
