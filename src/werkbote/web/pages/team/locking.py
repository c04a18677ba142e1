"""The lock before an idle screen: closed by the page or by a button, opened by who was there before."""

from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.http import require_GET, require_POST

from werkbote.actions import team
from werkbote.domain import team as roles
from werkbote.reads import access
from werkbote.reads import team as reading
from werkbote.web import clock, door, labels, sessions
from werkbote.web.forms import team as forms
from werkbote.web.pages.team import signing


@require_POST
@door.signed_in(early=True, while_locked=True)
def lock(request: HttpRequest, _viewer: access.Viewer) -> HttpResponseBase:
    """Lock this session in all its tabs."""
    sessions.lock(request)
    back = urlencode({"next": _next(request.POST.get("next", ""))})
    return redirect(f"{reverse('locked')}?{back}")


@require_GET
@door.signed_in(early=True, while_locked=True)
def locked(request: HttpRequest, viewer: access.Viewer) -> HttpResponseBase:
    """Show the lock, and nothing of anybody."""
    if not sessions.is_locked(request.session):
        return redirect(_next(request.GET.get("next", "")))
    return _show(request, viewer, forms.Unlock(), request.GET.get("next", ""))


@require_POST
@door.signed_in(early=True, while_locked=True)
def unlock(request: HttpRequest, viewer: access.Viewer) -> HttpResponseBase:
    """Open the session for who shows the password or a code."""
    form = forms.Unlock(request.POST)
    back = request.POST.get("next", "")
    if form.is_valid():
        try:
            team.check_present(
                organisation=viewer.organisation,
                secret=form.cleaned_data["secret"],
                by=viewer.member,
                at=clock.now(),
            )
        except team.UnableToUnlock as error:
            form.add_error(None, labels.sentence(error))
        else:
            sessions.unlock(request)
            return redirect(_next(back))
    return _show(request, viewer, form, back, status=422)


@require_POST
@door.signed_in(early=True, while_locked=True)
def unlock_question(request: HttpRequest, viewer: access.Viewer) -> HttpResponseBase:
    """Return what the browser needs to show a passkey."""
    options, state = team.ask_passkey(organisation=viewer.organisation, by=viewer.member)
    sessions.keep_question(request, state)
    return JsonResponse(options)


@require_POST
@door.signed_in(early=True, while_locked=True)
def unlock_answer(request: HttpRequest, viewer: access.Viewer) -> HttpResponseBase:
    """Open the session by passkey; answers where to go on."""
    try:
        team.check_passkey(
            organisation=viewer.organisation,
            state=sessions.take_question(request),
            answer=signing.answer_of(request),
            by=viewer.member,
            at=clock.now(),
        )
    except team.UnableToUsePasskey as error:
        return JsonResponse({"problem": labels.sentence(error)}, status=422)
    sessions.unlock(request)
    return JsonResponse({"next": _next(request.GET.get("next", ""))})


@require_POST
@door.signed_in(roles.Right.MANAGE_TEAM)
def set_lock(request: HttpRequest, viewer: access.Viewer) -> HttpResponseBase:
    """Set after how many idle minutes screens of the house are locked."""
    form = forms.Lock(request.POST)
    if not form.is_valid():
        context: dict[str, object] = {"page": "arrange", "form": form}
        return door.show(request, viewer, "team/lock.html", context, status=422)
    team.set_lock(
        organisation=viewer.organisation,
        minutes=form.cleaned_data["minutes"],
        by=viewer.member,
        at=clock.now(),
    )
    return redirect("arrange")


def _show(
    request: HttpRequest, viewer: access.Viewer, form: forms.Unlock, back: str, *, status: int = 200
) -> HttpResponseBase:
    kinds = {factor.kind for factor in reading.own(viewer=viewer).factors}
    context: dict[str, object] = {"form": form, "next": _next(back), "passkey": "passkey" in kinds}
    context["LANGUAGE_CODE"] = translation.get_language()
    return door.show(request, None, "team/locked.html", context, status=status)


def _next(wanted: str) -> str:
    """Return the page to come back to: one of ours, else the inbox."""
    own = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if own else reverse("inbox")
