"""What readers of a newsletter see: signing up, confirming, leaving, old issues. No cookies, no scripts.

Links in e-mails are opened by scanners and previews: showing a page changes nothing, only a POST does.
The one-click way out (RFC 8058) is such a POST, sent by the mail program itself without any login.
"""

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.safestring import mark_safe
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from werkbote.actions import newsletter as deeds
from werkbote.reads import newsletter as reading
from werkbote.store import ids, notice
from werkbote.web import clock, labels, public, sessions, tokens
from werkbote.web.forms import newsletter as forms

_SALT = "newsletter form"
_LANGUAGES = ("de", "en")


def _branch(house: str) -> int:
    branch = ids.long(house)
    if branch is None:
        raise Http404
    return branch


def _language(request: HttpRequest) -> str:
    asked = request.GET.get("lang", "")
    return asked if asked in _LANGUAGES else (translation.get_language() or "de")[:2]


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def sign_up(request: HttpRequest, house: str) -> HttpResponseBase:
    """Show the form; on POST ask the address itself to confirm. The answer never tells who is known."""
    language = _language(request)
    try:
        page = deeds.page(branch=_branch(house), language=language, at=clock.now())
    except (notice.UnableToFindNotice, deeds.UnableToSubscribe):
        raise Http404 from None
    with translation.override(page.language):
        if request.method != "POST":
            return _form(request, page, house)
        form = forms.SignUp(request.POST)
        shown = tokens.read(request, _SALT, house=house)
        if shown is None:
            form.add_error(None, labels.form_expired())
        if not form.is_valid() or shown is None:
            return _form(request, page, house, form=form, status=422)
        filled = deeds.Filled(
            email=form.cleaned_data["email"],
            language=page.language,
            shown_at=shown["at"],
            ip=sessions.address(request),
            user_agent=request.headers.get("User-Agent", ""),
        )
        try:
            if not form.cleaned_data["website"]:
                deeds.request(branch=_branch(house), filled=filled, at=clock.now())
        except deeds.UnableToSubscribe as error:
            form.add_error(None, labels.sentence(error))
            return _form(request, page, house, form=form, status=429)
    context: dict[str, object] = {"page": page, "house": house}
    return public.show(request, "newsletter/asked.html", context, language=page.language)


def _form(
    request: HttpRequest,
    page: deeds.Page,
    house: str,
    *,
    form: forms.SignUp | None = None,
    status: int = 200,
) -> HttpResponseBase:
    wrong = form.errors if form else {}
    context: dict[str, object] = {
        "page": page,
        "house": house,
        "token": tokens.make(_SALT, house=house),
        "problems": [(field, error) for field, errors in wrong.items() for error in errors],
        "wrong": list(wrong),
        "fields": ("email", "agree", "age"),
        "email": form.data.get("email", "") if form else "",
    }
    return public.show(
        request, "newsletter/form.html", context, language=page.language, status=status
    )


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, house: str, word: str) -> HttpResponseBase:
    """Show what would be agreed to; only pressing the button agrees."""
    branch, language = _branch(house), _language(request)
    problem, state = "", "over"
    try:
        page = deeds.page(branch=branch, language=language, at=clock.now())
        if request.method == "POST":
            state = "done" if deeds.confirm(branch=branch, word=word, at=clock.now()) else "over"
        else:
            state = deeds.open_request(branch=branch, word=word, at=clock.now())
    except notice.UnableToFindNotice:
        raise Http404 from None
    except deeds.UnableToSubscribe as error:
        problem, page = str(error), None
    with translation.override(language):
        context: dict[str, object] = {
            "page": page,
            "house": house,
            "state": state,
            "problem": labels.sentence(problem) if problem else "",
        }
    status = 410 if problem or state == "over" else 200
    return public.show(
        request, "newsletter/confirm.html", context, language=language, status=status
    )


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, house: str, word: str) -> HttpResponseBase:
    """Show the button; a POST, by hand or by the mail program's one click, ends the newsletter."""
    branch, language = _branch(house), _language(request)
    problem, done = "", ""
    try:
        if request.method != "POST":
            deeds.check(branch=branch, word=word)
        elif request.POST.get("back"):
            if request.POST.get("agree") and request.POST.get("age"):
                deeds.resubscribe(branch=branch, word=word, language=language, at=clock.now())
                done = "back"
            else:
                done = "left"
        else:
            deeds.leave(branch=branch, word=word, at=clock.now())
            done = "left"
        page = deeds.page(branch=branch, language=language, at=clock.now())
    except notice.UnableToFindNotice:
        raise Http404 from None
    except (deeds.UnableToLeave, deeds.UnableToSubscribe) as error:
        problem, page = str(error), None
    with translation.override(language):
        context: dict[str, object] = {
            "page": page,
            "house": house,
            "done": done,
            "problem": labels.sentence(problem) if problem else "",
        }
    return public.show(
        request, "newsletter/leave.html", context, language=language, status=410 if problem else 200
    )


@require_safe
def archive(request: HttpRequest, house: str) -> HttpResponseBase:
    """List what was sent."""
    language = _language(request)
    try:
        page = deeds.page(branch=_branch(house), language=language, at=clock.now())
        issues = reading.archive(branch=_branch(house))
    except (notice.UnableToFindNotice, deeds.UnableToSubscribe):
        raise Http404 from None
    context: dict[str, object] = {"page": page, "house": house, "issues": issues}
    return public.show(request, "newsletter/archive.html", context, language=page.language)


@require_safe
def archived(request: HttpRequest, house: str, code: str) -> HttpResponse:
    """Show one issue that was sent."""
    branch, named = _branch(house), ids.long(code)
    try:
        found = None if named is None else reading.archived(branch=branch, issue=named)
        if found is None:
            raise Http404
        page = deeds.page(branch=branch, language=found.language, at=clock.now())
        inside = deeds.words_of(subject=found.subject, text=found.text)
    except (notice.UnableToFindNotice, deeds.UnableToSubscribe):
        raise Http404 from None
    context: dict[str, object] = {
        "page": page,
        "house": house,
        "issue": found,
        "inside": mark_safe(inside),  # noqa: S308 -- made from Markdown with HTML switched off
    }
    return public.show(request, "newsletter/issue.html", context, language=found.language)
