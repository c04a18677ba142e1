"""Who else has a conversation open: saying so, and reading the first names of those who said so."""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_http_methods

from werkbote.actions import presence as deeds
from werkbote.domain import team
from werkbote.reads import access, presence
from werkbote.web import door

_MOST = 20


@require_http_methods(["GET", "HEAD", "POST"])
@door.signed_in(team.Right.READ_CHATS)
def present(request: HttpRequest, viewer: access.Viewer, conversation: int) -> HttpResponseBase:
    """Show who else reads and writes; on POST tell colleagues what the member does."""
    if request.method == "POST":
        access.check_conversation(viewer, conversation)
        said = request.POST.get("doing", "")
        if said not in {"0", "1", "2"}:
            return HttpResponse(status=422)
        deeds.be_present(
            organisation=viewer.organisation,
            conversation=conversation,
            doing=deeds.Doing(int(said)),
            by=viewer.member,
        )
        return HttpResponse(status=204)
    reading, writing = (
        presence.colleagues(
            viewer=viewer, conversation=conversation, members=_ids(request.GET.get(name, ""))
        )
        for name in ("reading", "writing")
    )
    context: dict[str, object] = {"reading": reading, "writing": writing}
    return door.show(request, viewer, "inbox/present.html", context)


def _ids(listed: str) -> set[int]:
    parts = listed.split(",")[:_MOST]
    return {int(one) for one in parts if one.isdecimal() and len(one) < 20}  # noqa: PLR2004
