"""The public opt-in page of a branch: a form without cookies or scripts; showing it changes nothing."""

import urllib.parse
from datetime import UTC, datetime

from django.conf import settings
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from werkbote.actions import consent
from werkbote.store import ids, notice
from werkbote.web import clock, labels, public, sessions
from werkbote.web.forms import consent as forms

_SALT = "opt-in form"
_VALID_SECONDS = 2 * 3600
_COUNTER = "tresen"
_SHOWN_SECONDS = 60
_LEFT_SECONDS = 600
"""How long a form that was begun at the counter waits for its customer."""


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def optin(request: HttpRequest, house: str, way: str = "") -> HttpResponseBase:
    """Show the form; on POST take what was ticked and ask the number itself to confirm.

    There is no session that a foreign page could ride on. In place of a cookie the form carries a
    signed token, and a POST that another site sent is refused.
    """
    branch = ids.long(house)
    language = request.GET.get("lang") or (translation.get_language() or "de")[:2]
    try:
        if branch is None:
            raise Http404
        page = consent.page(branch=branch, language=language, at=clock.now())
    except notice.UnableToFindNotice:
        raise Http404 from None
    purposes = tuple(code for code, _ in page.boxes)
    with translation.override(page.language):
        if request.method != "POST":
            return _show(request, page, house, at_counter=way == _COUNTER)
        form = forms.OptIn(request.POST, purposes=purposes)
        shown_at = _shown_at(request, house)
        if shown_at is None:
            form.add_error(None, labels.form_expired())
        if not form.is_valid() or shown_at is None:
            return _show(request, page, house, form=form, status=422)
        filled = consent.Filled(
            phone=form.cleaned_data["phone"],
            purposes=tuple(form.cleaned_data["purposes"]),
            language=page.language,
            shown_at=shown_at,
            ip=sessions.address(request),
            user_agent=request.headers.get("User-Agent", ""),
            way="" if way == _COUNTER else way,
            at_counter=way == _COUNTER,
        )
        try:
            link = consent.request(branch=branch, filled=filled, at=clock.now())
        except consent.UnableToRequest as error:
            form.add_error(None, labels.sentence(error))
            return _show(request, page, house, form=form, status=429)
    return _asked(request, page, house, link=link, at_counter=way == _COUNTER)


def _asked(
    request: HttpRequest, page: consent.Page, house: str, *, link: str, at_counter: bool
) -> HttpResponse:
    """Say that one step is left; a tablet shows a code for the phone that is somebody else's."""
    context: dict[str, object] = {"optin": page, "link": link, "house": house}
    if not at_counter:
        return public.show(request, "public/asked.html", context, language=page.language)
    context["code"] = consent.picture(link) if link else ""
    context["said"] = urllib.parse.unquote(link.partition("text=")[2])
    response = public.show(request, "public/asked_counter.html", context, language=page.language)
    return _empties(response, house, page.language, seconds=_SHOWN_SECONDS)


def _empties(response: HttpResponse, house: str, language: str, *, seconds: int) -> HttpResponse:
    """Let the tablet go back to an empty form by itself, for the next customer."""
    response["Refresh"] = f"{seconds}; url=/e/{house}/{_COUNTER}?lang={language}"
    return response


def _show(
    request: HttpRequest,
    page: object,
    house: str,
    *,
    form: forms.OptIn | None = None,
    at_counter: bool = False,
    status: int = 200,
) -> HttpResponse:
    token = signing.dumps({"house": house, "at": clock.now().isoformat()}, salt=_SALT)
    wrong = form.errors if form else {}
    context: dict[str, object] = {
        "optin": page,
        "token": token,
        "house": house,
        "problems": [(field, error) for field, errors in wrong.items() for error in errors],
        "wrong": list(wrong),
        "fields": ("purposes", "phone", "age"),
        "phone": form.data.get("phone", "") if form else "",
    }
    language = str(translation.get_language())[:2]
    shown = public.show(request, "public/optin.html", context, language=language, status=status)
    return _empties(shown, house, language, seconds=_LEFT_SECONDS) if at_counter else shown


def _shown_at(request: HttpRequest, house: str) -> datetime | None:
    """Return when we showed the form that came back, None if it is forged, foreign or too old.

    Another machine of ours may have shown it by a clock that is ahead: then it was shown just now.
    """
    origin = request.headers.get("Origin", "")
    if origin not in {"", "null"} and not _is_ours(request, origin):
        return None
    try:
        shown = signing.loads(request.POST.get("token", ""), salt=_SALT, max_age=_VALID_SECONDS)
    except signing.BadSignature:
        return None
    if shown.get("house") != house:
        return None
    return min(datetime.fromisoformat(shown["at"]).astimezone(UTC), clock.now())


def _is_ours(request: HttpRequest, origin: str) -> bool:
    own = {urllib.parse.urlsplit(settings.WERKBOTE_PUBLIC_URL).netloc, request.get_host()}
    return urllib.parse.urlsplit(origin).netloc in own
