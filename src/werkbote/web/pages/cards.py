"""A contact card used once: for a case, without making anybody a contact; nothing of it is copied."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from werkbote.actions import cases as deeds
from werkbote.domain import team
from werkbote.reads import access, cases, inbox
from werkbote.web import clock, door, labels


@require_http_methods(["GET", "HEAD", "POST"])
@door.signed_in(team.Right.WRITE)
def use(request: HttpRequest, viewer: access.Viewer, message: int, place: int) -> HttpResponseBase:
    """Ask for which open case a card is used; on POST file it there and show its numbers.

    The card stays what it was, a message: it is kept and erased with the case it is filed in.
    """
    shown = inbox.message(viewer=viewer, message=message)
    if place >= len(shown.content.cards):
        raise access.UnableToSee("There is no such card.")
    present, known = cases.filed(viewer=viewer, message=message)
    offered = [one for one in known if one.closed_at is None]
    context: dict[str, object] = {
        "page": "inbox",
        "message": shown,
        "place": place,
        "card": shown.content.cards[place],
        "cases": offered,
        "present": present,
    }
    status = 200
    if request.method == "POST":
        problem = _file(viewer, message, request.POST.get("case", ""), offered)
        status = 422 if problem else 200
        context |= {"problems": [problem]} if problem else {"used": True}
    part = "HX-Request" in request.headers
    template = "inbox/card.html" if part else "inbox/card_page.html"
    return door.show(request, viewer, template, context, status=status)


def _file(viewer: access.Viewer, message: int, chosen: str, offered: list[cases.Case]) -> str:
    """File the card in the chosen case; return what stands in the way, empty where nothing does."""
    found = next((one for one in offered if str(one.id) == chosen), None)
    if found is None:
        return gettext("Choose one of the open cases; without a case the card is not used.")
    try:
        deeds.file_message(
            organisation=viewer.organisation,
            message=message,
            case=found.id,
            by=viewer.member,
            at=clock.now(),
        )
    except deeds.UnableToFile as error:
        return labels.sentence(error)
    return ""
