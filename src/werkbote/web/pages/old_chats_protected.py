"""Pages of old chats that few people open, and only with a reason that is written down."""

from django.core import signing
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from werkbote.actions import old_chats as deeds
from werkbote.domain import team
from werkbote.reads import access, offboarding, old_chats
from werkbote.web import clock, door, labels, privacy_labels
from werkbote.web.pages import old_chats as chats

_SALT = "old-chat-look"
_OPEN_SECONDS = 15 * 60
"""How long one reason lets the same member turn pages and open files of the same chat."""


@require_GET
@door.signed_in(team.Right.READ_RESTRICTED)
def overview(request: HttpRequest, viewer: access.Viewer) -> HttpResponseBase:
    """Show which chats are opened with a reason only."""
    context: dict[str, object] = {
        "page": "way-out",
        "tab": "protected",
        "chats": old_chats.protected(viewer=viewer),
    }
    return door.show(request, viewer, "old_chats/protected.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@door.signed_in(team.Right.READ_RESTRICTED)
def chat(request: HttpRequest, viewer: access.Viewer, chat: int) -> HttpResponseBase:
    """Ask why; on POST with a reason write the look down, and then show the chat for a while."""
    reasons = old_chats.reasons(viewer=viewer, chat=chat)
    look, problem = request.GET.get("look", ""), ""
    if request.method == "POST":
        try:
            deeds.look(
                organisation=viewer.organisation,
                chat=chat,
                reason=request.POST.get("reason", ""),
                by=viewer.member,
                at=clock.now(),
            )
            return redirect(f"{reverse('protected-chat', args=[chat])}?look={_made(viewer, chat)}")
        except deeds.UnableToDecide as error:
            problem = labels.sentence(error)
    context: dict[str, object] = {"page": "way-out", "problem": problem}
    if not problem and _holds(look, viewer, chat):
        asked = request.GET.get("page", "")
        number = int(asked) if asked.isdecimal() and len(asked) < 6 else 1  # noqa: PLR2004
        context["found"] = old_chats.protected_page(viewer=viewer, chat=chat, number=number)
        context |= {"look": look, "refiling": "case" in reasons}
        rules = offboarding.rules(today=timezone.localtime(clock.now()).date())
        context["classes"] = {one.id: one.label[viewer.language] for one in rules.classes}
    else:
        context["reasons"] = [(code, privacy_labels.LOOKS[code]) for code in reasons]
    return door.show(
        request, viewer, "old_chats/protected_chat.html", context, status=422 if problem else 200
    )


@require_GET
@door.signed_in(team.Right.READ_RESTRICTED)
def file(request: HttpRequest, viewer: access.Viewer, chat: int, file: int) -> HttpResponseBase:
    """Hand out a file of a protected chat to whom has said why."""
    if not _holds(request.GET.get("look", ""), viewer, chat):
        raise access.UnableToSee("Open the chat first, and say why.")
    return chats.handed_out(old_chats.protected_file(viewer=viewer, chat=chat, file=file))


def _made(viewer: access.Viewer, chat: int) -> str:
    return signing.dumps([viewer.member, chat], salt=_SALT)


def _holds(look: str, viewer: access.Viewer, chat: int) -> bool:
    """Return whether this member has said a moment ago why they open this chat."""
    try:
        said: object = signing.loads(look, salt=_SALT, max_age=_OPEN_SECONDS)
    except signing.BadSignature:
        return False
    return said == [viewer.member, chat]
