"""The page with texts for missed calls and the website, and the code of a branch's page with the notice."""

from datetime import date

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_safe

from werkbote.domain import missed_calls as domain
from werkbote.domain import team
from werkbote.reads import access, missed_calls
from werkbote.store import ids
from werkbote.web import clock, codes, door, labels

_LANGUAGES = ("de", "en")


@require_safe
@door.signed_in(team.Right.READ_CHATS)
def texts(request: HttpRequest, viewer: access.Viewer) -> HttpResponseBase:
    """Show the texts of each branch in the language asked for, with an address to say if one is given."""
    spoken, problem = request.GET.get("spoken", ""), ""
    try:
        found = missed_calls.branches(viewer=viewer, wish=_wish(request, spoken), today=_today())
    except domain.UnableToSay as error:
        problem = labels.sentence(error)
        found = missed_calls.branches(viewer=viewer, wish=_wish(request, ""), today=_today())
    context: dict[str, object] = {
        "page": "contact",
        "tab": "texts",
        "branches": found,
        "language": _language(request),
        "spoken": spoken[: domain.LONGEST],
        "longest": domain.LONGEST,
        "problem": problem,
    }
    return door.show(request, viewer, "contact/texts.html", context, status=422 if problem else 200)


@require_safe
@door.signed_in(team.Right.READ_CHATS)
def code(request: HttpRequest, viewer: access.Viewer, branch: int, kind: str) -> HttpResponseBase:
    """Hand out the QR code of a branch's page with the notice."""
    found = missed_calls.branches(viewer=viewer, wish=_wish(request, ""), today=_today())
    link = next((one.link for one in found if one.id == branch), None)
    if link is None or kind not in codes.KINDS:
        return door.missing(request, viewer)
    return codes.picture(link, kind=kind, name=f"whatsapp-{ids.short(branch)}")


def _language(request: HttpRequest) -> str:
    asked = request.GET.get("lang", "")
    return asked if asked in _LANGUAGES else "de"


def _wish(request: HttpRequest, spoken: str) -> missed_calls.Wish:
    return missed_calls.Wish(
        pages=request.build_absolute_uri("/w/"), spoken=spoken, language=_language(request)
    )


def _today() -> date:
    return timezone.localtime(clock.now()).date()
