"""Reaching the business: the public form, WhatsApp as a choice with its notice, and the team's list of requests.

There is no foreign captcha. A browser with scripts computes for a moment; somebody without them
looks at a second page and sends it after ten seconds. Nothing is set on the device either way.
"""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import translation
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
    require_safe,
)

from werkbote.actions import contact as deeds
from werkbote.domain import contact, team
from werkbote.reads import access
from werkbote.reads import contact as reading
from werkbote.store import ids, notice
from werkbote.web import clock, door, labels, public, sessions, tokens
from werkbote.web.forms import contact as forms

_SALT = "contact form"
_CARRIED = ("kind", "name", "reach", "words")


def _page(request: HttpRequest, house: str) -> tuple[int, deeds.Page, str]:
    branch = ids.long(house)
    asked = request.GET.get("lang", "")
    language = asked if asked in {"de", "en"} else (translation.get_language() or "de")[:2]
    if branch is None:
        raise Http404
    try:
        with translation.override(language):
            words = gettext("Hello, I have a question.")
            return branch, deeds.page(branch=branch, words=words, at=clock.now()), language
    except notice.UnableToFindNotice:
        raise Http404 from None


@require_safe
def whatsapp(request: HttpRequest, house: str) -> HttpResponseBase:
    """Offer a chat on WhatsApp, with the notice before the click; and the other ways beside it."""
    _, page, language = _page(request, house)
    if not page.link:
        raise Http404
    context: dict[str, object] = {"contact": page, "house": house}
    return public.show(request, "contact/whatsapp.html", context, language=language)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, house: str) -> HttpResponseBase:
    """Show the form; take it with its proof, or show it once more to somebody without scripts."""
    branch, page, language = _page(request, house)
    with translation.override(language):
        if request.method != "POST":
            return _show(request, page, house, kind=request.GET.get("kind", "contact"))
        form = forms.Ask(request.POST)
        shown = tokens.read(request, _SALT, house=house)
        if shown is None:
            form.add_error(None, labels.form_expired())
        if not form.is_valid() or shown is None:
            return _show(request, page, house, form=form, status=422)
        if form.cleaned_data["website"]:
            return _thank(request, page, house)
        proof = _proof(request.POST.get("token", ""), shown, form.cleaned_data)
        if proof is None:
            return _look_again(request, page, house, form, shown)
        try:
            deeds.ask(branch=branch, filled=_filled(request, form, shown, proof), at=clock.now())
        except deeds.UnableToAsk as error:
            form.add_error(None, labels.sentence(error))
            return _show(request, page, house, form=form, status=429)
    return _thank(request, page, house)


def _proof(token: str, shown: dict[str, Any], given: dict[str, Any]) -> contact.Proof | None:
    """Return what stands in place of a captcha, None where nothing does yet."""
    if contact.is_worked(token, given["work"]):
        return contact.Proof.WORK
    again: datetime = shown["at"]
    if shown.get("again") and contact.has_waited(shown_at=again, now=clock.now()):
        return contact.Proof.WAIT
    return None


def _filled(
    request: HttpRequest, form: forms.Ask, shown: dict[str, Any], proof: contact.Proof
) -> deeds.Filled:
    given = form.cleaned_data
    by_mail = "@" in given["reach"]
    return deeds.Filled(
        request=int(shown["request"]),
        kind=contact.Kind(given["kind"]),
        name=given["name"],
        words=given["words"],
        phone="" if by_mail else given["reach"],
        email=given["reach"] if by_mail else "",
        proof=proof,
        ip=sessions.address(request),
    )


def _show(
    request: HttpRequest,
    page: deeds.Page,
    house: str,
    *,
    kind: str = "contact",
    form: forms.Ask | None = None,
    status: int = 200,
) -> HttpResponseBase:
    given = {name: form.data.get(name, "") for name in _CARRIED} if form else {"kind": kind}
    wrong = form.errors if form else {}
    context: dict[str, object] = {
        "contact": page,
        "house": house,
        "given": given,
        "token": tokens.make(_SALT, house=house, request=str(deeds.new_id())),
        "bits": contact.BITS,
        "problems": [(field, error) for field, errors in wrong.items() for error in errors],
        "wrong": list(wrong),
        "fields": ("name", "reach", "words"),
    }
    language = str(translation.get_language())[:2]
    return public.show(request, "contact/form.html", context, language=language, status=status)


def _look_again(
    request: HttpRequest,
    page: deeds.Page,
    house: str,
    form: forms.Ask,
    shown: dict[str, Any],
) -> HttpResponseBase:
    """Show what was written, to be sent after a moment; sent too early, the moment goes on."""
    token = request.POST["token"]
    if not shown.get("again"):
        token = tokens.make(_SALT, house=house, request=shown["request"], again="yes")
    context: dict[str, object] = {
        "contact": page,
        "house": house,
        "given": {name: form.data.get(name, "") for name in _CARRIED},
        "token": token,
        "seconds": int(contact.LOOK_AGAIN.total_seconds()),
        "early": bool(shown.get("again")),
    }
    language = str(translation.get_language())[:2]
    return public.show(request, "contact/again.html", context, language=language)


def _thank(request: HttpRequest, page: deeds.Page, house: str) -> HttpResponseBase:
    context: dict[str, object] = {"contact": page, "house": house}
    language = str(translation.get_language())[:2]
    return public.show(request, "contact/thanks.html", context, language=language)


@require_GET
@door.signed_in(team.Right.READ_CHATS)
def requests(request: HttpRequest, viewer: access.Viewer) -> HttpResponseBase:
    """List the requests that wait for an answer."""
    context: dict[str, object] = {
        "page": "contact",
        "tab": "requests",
        "requests": reading.waiting(viewer=viewer),
    }
    return door.show(request, viewer, "contact/requests.html", context)


@require_POST
@door.signed_in(team.Right.WRITE)
def answered(request: HttpRequest, viewer: access.Viewer, ask: int) -> HttpResponseBase:
    """Mark a request as answered."""
    del request
    reading.check(viewer=viewer, request=ask)
    try:
        deeds.answer(
            organisation=viewer.organisation, request=ask, by=viewer.member, at=clock.now()
        )
    except deeds.UnableToAnswer:
        return redirect("contact-requests")
    return redirect("contact-requests")
