"""One's own account: password, language, look, and the sessions that are open elsewhere."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import translation
from django.views.decorators.http import require_http_methods, require_POST

from werkbote.actions import team
from werkbote.reads import access
from werkbote.reads import team as reading
from werkbote.web import clock, door, labels, sessions
from werkbote.web.forms import team as forms

_YEAR = 365 * 24 * 3600
_THEMES = frozenset({"light", "dark", "auto"})


@require_http_methods(["GET", "POST"])
@door.signed_in()
def account(request: HttpRequest, viewer: access.Viewer) -> HttpResponseBase:
    """Show one's own account; change the password."""
    form = forms.ChangePassword(request.POST or None)
    changed = False
    if request.method == "POST" and form.is_valid():
        try:
            stamp = team.change_password(
                organisation=viewer.organisation,
                present=form.cleaned_data["present"],
                new=form.cleaned_data["new"],
                by=viewer.member,
                at=clock.now(),
            )
        except team.UnableToChangePassword as error:
            for problem in error.problems:
                form.add_error(None, labels.sentence(problem))
        else:
            sessions.renew(request, stamp)
            changed, form = True, forms.ChangePassword()
    return door.show(
        request,
        viewer,
        "team/account.html",
        {
            "form": form,
            "changed": changed,
            "page": "account",
            "own": reading.own(viewer=viewer),
            "here": sessions.entry(request.session),
            "passkeys": team.passkeys_possible(),
            "codes": (),
        },
        status=422 if form.errors else 200,
    )


@require_POST
@door.signed_in(early=True)
def language(request: HttpRequest, viewer: access.Viewer) -> HttpResponseBase:
    """Choose the language of one's screens."""
    chosen = request.POST.get("language", "")
    if translation.check_for_language(chosen) and chosen in {"de", "en"}:
        team.choose_language(
            organisation=viewer.organisation,
            language=chosen,
            by=viewer.member,
            at=clock.now(),
        )
    return redirect("account")


@require_POST
def theme(request: HttpRequest) -> HttpResponseBase:
    """Choose light, dark or what the device says; kept in a cookie of its own."""
    chosen = request.POST.get("theme", "")
    response = redirect("account")
    if chosen in _THEMES:
        response.set_cookie(
            "theme", chosen, max_age=_YEAR, samesite="Lax", secure=request.is_secure()
        )
    return response


@require_POST
@door.signed_in()
def end_session(_request: HttpRequest, viewer: access.Viewer, entry: int) -> HttpResponseBase:
    """End one of one's own sessions."""
    if not team.end_entry(
        organisation=viewer.organisation, entry=entry, by=viewer.member, at=clock.now()
    ):
        raise access.UnableToSee("There is no such session.")
    return redirect("account")


@require_POST
@door.signed_in()
def end_others(request: HttpRequest, viewer: access.Viewer) -> HttpResponseBase:
    """End all of one's own sessions but this one."""
    team.end_all(
        organisation=viewer.organisation,
        but=sessions.entry(request.session),
        by=viewer.member,
        at=clock.now(),
    )
    return redirect("account")
