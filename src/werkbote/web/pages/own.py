"""The customer's own page: opened by a signed link, without account, cookie or script.

Showing it changes nothing, whoever opens the link; every switch is a POST of its own.
"""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from werkbote.actions import consent, privacy
from werkbote.domain import consent as ledger
from werkbote.web import clock, labels, public, sessions

_GONE = 410
_ALL = frozenset({"advertising", "everything"})


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def own(request: HttpRequest, house: str, token: str) -> HttpResponseBase:
    """Show a person's consents; on POST turn one switch.

    The address is the secret and there is no session, so that a foreign page has nothing to ride on.
    """
    language = public.language(request)
    with translation.override(language):
        try:
            visit = consent.visit(house=house, token=token, at=clock.now())
        except consent.UnableToVisit as error:
            context: dict[str, object] = {"problem": labels.sentence(error)}
            return public.show(
                request, "public/own_gone.html", context, language=language, status=_GONE
            )
        if request.method != "POST":
            return _show(request, visit, language)
        try:
            return _turn(request, visit, language)
        except (consent.UnableToSwitch, privacy.UnableToHandle) as error:
            return _show(request, visit, language, problem=labels.sentence(error), status=422)


def _turn(request: HttpRequest, visit: consent.Visit, language: str) -> HttpResponseBase:
    """Do what the pressed button says: exactly one of on, off, all and ask."""
    at = clock.now()
    if purpose := request.POST.get("on"):
        origin = ledger.Origin(
            ip=sessions.address(request), user_agent=request.headers.get("User-Agent", "")[:300]
        )
        link = consent.switch_on(
            visit=visit, purpose=purpose, language=language, origin=origin, at=at
        )
        return _show(request, visit, language, begun=link)
    if kind := request.POST.get("ask"):
        privacy.ask_on_own_page(
            organisation=visit.organisation,
            branch=visit.branch,
            person=visit.person,
            kind=kind,
            at=at,
        )
        return redirect(f"{request.path}?lang={language}&asked=1")
    if purpose := request.POST.get("off"):
        consent.switch_off(visit=visit, purpose=purpose, at=at)
    elif (given := request.POST.get("all")) in _ALL:
        consent.stop_all(visit=visit, everything=given == "everything", at=at)
    else:
        raise consent.UnableToSwitch("Nothing was chosen: press one of the buttons.")
    return redirect(f"{request.path}?lang={language}&ended=1")


def _show(
    request: HttpRequest,
    visit: consent.Visit,
    language: str,
    *,
    begun: str = "",
    problem: str = "",
    status: int = 200,
) -> HttpResponseBase:
    context: dict[str, object] = {
        "own": consent.own_page(visit=visit, language=language, at=clock.now()),
        "visit": visit,
        "stored": privacy.stored(organisation=visit.organisation, person=visit.person),
        "asked": "asked" in request.GET and not problem,
        "begun": begun,
        "ended": "ended" in request.GET and not begun and not problem,
        "problem": problem,
    }
    return public.show(request, "public/own.html", context, language=language, status=status)
