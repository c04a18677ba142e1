"""The public check: one question a page, the outcome, the guide; nothing is kept about anyone.

There is no session, no cookie and no script. The answers so far travel in a signed form field, so a
step is a POST that changes nothing here: forged from another site it could only compute what anybody
may compute. That is why these views need no CSRF token, which would need a cookie.

Answers may stay in the browser's own history (no `no-store`), or its back button would lead nowhere.
"""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote, urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.csp import CSP
from django.utils.translation import gettext
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csp import csp_override
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from werkbote.actions import guide as press
from werkbote.domain import guide
from werkbote.reads import guide as reading
from werkbote.web import clock
from werkbote.web.forms import guide as forms

MOST_BYTES = 8 * 1024
_RETRY_SECONDS = 5
_CSP = {
    "default-src": [CSP.NONE],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
}
_ALONE = _CSP | {"frame-ancestors": [CSP.NONE]}
_FRAMED = _CSP | {"frame-ancestors": ["*"]}
_OTHER: dict[guide.Language, guide.Language] = {"de": "en", "en": "de"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where and when a page is shown: its language, its day, and whether another site frames it."""

    language: guide.Language
    embedded: bool
    on: date

    def address(self, name: str, language: guide.Language | None = None) -> str:
        """Return the address of one of the check's pages, in this or another language."""
        spoken = language or self.language
        return reverse(name, kwargs={"language": spoken, "embedded": self.embedded})


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing to put right, and the field to do it in."""

    text: str
    field: str


type View = Callable[[HttpRequest, Place], HttpResponseBase]


def _public(view: View) -> Callable[..., HttpResponseBase]:
    """Show a page to anyone: in the language of its address, framed only where that is meant."""

    def shown(
        request: HttpRequest, *, language: guide.Language, embedded: bool
    ) -> HttpResponseBase:
        if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES:
            return HttpResponse(status=413)
        place = Place(
            language=language, embedded=embedded, on=timezone.localtime(clock.now()).date()
        )
        with translation.override(language):
            response = view(request, place)
        response["Referrer-Policy"] = "no-referrer"
        response["Content-Language"] = language
        response.setdefault("Cache-Control", "private, no-cache")
        return response

    alone = csp_override(_ALONE)(shown)
    framed = csp_override(_FRAMED)(xframe_options_exempt(shown))

    @csrf_exempt
    @functools.wraps(view)
    def chosen(
        request: HttpRequest, *, language: guide.Language, embedded: bool
    ) -> HttpResponseBase:
        return (framed if embedded else alone)(request, language=language, embedded=embedded)

    return chosen


@require_safe
@_public
def start(request: HttpRequest, place: Place) -> HttpResponseBase:
    """Show what the check is, where it begins, and the neutral guide."""
    return _start(request, place)


@require_http_methods(["GET", "HEAD", "POST"])
@_public
def step(request: HttpRequest, place: Place) -> HttpResponseBase:
    """Take one answer; show the next question, or the outcome after the last."""
    if request.method != "POST":
        return redirect(place.address("check"))
    form = forms.Step(request.POST, catalogue=reading.catalogue(on=place.on))
    if not form.is_valid():
        return _start(request, place, problem=_problem(form, "state"))
    try:
        move = form.move()
        if move.question is None:
            return _outcome(request, place, move.answers)
        return _question(request, place, move)
    except guide.UnableToReadAnswers:
        stale = gettext("These answers cannot be read any more: please start the check again.")
        return _start(request, place, problem=Problem(text=stale, field="begin"))


@require_POST
@_public
def paper(request: HttpRequest, place: Place) -> HttpResponseBase:
    """Return the guide for these answers as PDF; the name is in it and nowhere else."""
    form = forms.Paper(request.POST, catalogue=reading.catalogue(on=place.on))
    if not form.is_valid() and "state" in form.errors:
        return _start(request, place, problem=_problem(form, "state"))
    answers = form.cleaned_data["state"]
    if not answers:
        return redirect(place.address("check"))
    if not form.is_valid():
        return _outcome(request, place, answers, problem=_problem(form, "dealer"))
    try:
        pdf = press.print_tailored(
            answers=answers,
            dealer=form.cleaned_data["dealer"],
            language=place.language,
            on=place.on,
        )
    except press.UnableToPrint:
        unfit = gettext("The name holds characters that cannot be printed: use Latin letters.")
        return _outcome(request, place, answers, problem=Problem(text=unfit, field="dealer"))
    except press.PressIsBusy:
        return _later(_outcome(request, place, answers, problem=_busy()))
    return _pdf(pdf, gettext("whatsapp-guide.pdf"))


@require_safe
@_public
def neutral(request: HttpRequest, place: Place) -> HttpResponseBase:
    """Return the edition without answers as PDF."""
    try:
        pdf = press.print_neutral(language=place.language, on=place.on)
    except press.PressIsBusy:
        return _later(_start(request, place, problem=_busy()))
    response = _pdf(pdf, gettext("whatsapp-guide-general.pdf"))
    response["Cache-Control"] = "public, max-age=3600"
    return response


@require_safe
@_public
def notice(request: HttpRequest, place: Place) -> HttpResponseBase:
    """Say what happens to what is typed here, and who answers for the page."""
    return _show(request, place, "notice", {})


def _start(request: HttpRequest, place: Place, *, problem: Problem | None = None) -> HttpResponse:
    address = settings.WERKBOTE_PUBLIC_URL + place.address("check")
    picture = static(f"guide/share-{place.language}.png")
    frame = reverse("check", kwargs={"language": place.language, "embedded": True})
    context = {
        "canonical": address,
        "alternate": settings.WERKBOTE_PUBLIC_URL + place.address("check", _OTHER[place.language]),
        "picture": settings.WERKBOTE_PUBLIC_URL + picture,
        "frame": settings.WERKBOTE_PUBLIC_URL + frame,
        "shares": _shares(address),
        "count": len(reading.catalogue(on=place.on).questions),
        "problems": [problem] if problem else [],
        "house": settings.WERKBOTE_HOUSE,
    }
    return _show(request, place, "start", context, status=422 if problem else 200)


def _question(request: HttpRequest, place: Place, move: forms.Move) -> HttpResponse:
    assert move.question is not None
    page = reading.page(move.answers, question=move.question, language=place.language, on=place.on)
    problems = []
    if move.missing:
        text = gettext("Choose an answer. “Do not know” is one, too.")
        problems.append(Problem(text=text, field="answer-1"))
    context = {"page": page, "state": _sealed(move.answers, place), "problems": problems}
    return _show(request, place, "question", context, status=422 if problems else 200)


def _outcome(
    request: HttpRequest, place: Place, answers: guide.Answers, *, problem: Problem | None = None
) -> HttpResponse:
    outcome = reading.outcome(answers, language=place.language, on=place.on)
    context = {
        "outcome": outcome,
        "result": outcome.result,
        "words": outcome.labels,
        "state": _sealed(answers, place),
        "dealer": request.POST.get("dealer", "")[: press.LONGEST_NAME] if problem else "",
        "longest_name": press.LONGEST_NAME,
        "problems": [problem] if problem else [],
    }
    return _show(request, place, "result", context, status=422 if problem else 200)


def _show(
    request: HttpRequest,
    place: Place,
    name: str,
    context: dict[str, object],
    *,
    status: int = 200,
) -> HttpResponse:
    around = {
        "place": place,
        "begin": place.address("check"),
        "next": place.address("check-step"),
        "print": place.address("check-paper"),
        "general": place.address("check-neutral"),
        "notice": place.address("check-notice"),
        "other": _OTHER[place.language],
        "other_start": place.address("check", _OTHER[place.language]),
        "other_next": place.address("check-step", _OTHER[place.language]),
        "other_notice": place.address("check-notice", _OTHER[place.language]),
        "imprint": settings.WERKBOTE_IMPRINT_URL or reverse("imprint"),
        "law_of": reading.rechtsstand_words(language=place.language, on=place.on),
    }
    return render(request, f"guide/{name}.html", {**around, **context}, status=status)


def _sealed(answers: guide.Answers, place: Place) -> str:
    return forms.seal(answers, catalogue=reading.catalogue(on=place.on))


def _problem(form: forms.Step | forms.Paper, field: str) -> Problem:
    texts = form.errors.get(field) or [gettext("Something is wrong with this step: begin again.")]
    return Problem(text=str(texts[0]), field=field if field in form.errors else "begin")


def _busy() -> Problem:
    text = gettext("Many people are fetching their guide right now: try again in a few seconds.")
    return Problem(text=text, field="guide")


def _later(response: HttpResponse) -> HttpResponse:
    response.status_code = 503
    response["Retry-After"] = str(_RETRY_SECONDS)
    return response


def _pdf(pdf: bytes, name: str) -> HttpResponse:
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


def _shares(address: str) -> list[tuple[str, str]]:
    """Return name and plain link of each way to pass the address on; nobody is told before a click."""
    title = gettext("WhatsApp check for car dealers and workshops")
    mail = urlencode({"subject": title, "body": f"{title}: {address}"}, quote_via=quote)
    known = {"u": address}
    return [
        ("Facebook", f"https://www.facebook.com/sharer/sharer.php?{urlencode(known)}"),
        (
            "LinkedIn",
            f"https://www.linkedin.com/sharing/share-offsite/?{urlencode({'url': address})}",
        ),
        ("XING", f"https://www.xing.com/spi/shares/new?{urlencode({'url': address})}"),
        (gettext("E-mail"), f"mailto:?{mail}"),
    ]
