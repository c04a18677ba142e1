"""One's own second factors: an app, passkeys, recovery codes."""

import segno
from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from werkbote.actions import team
from werkbote.reads import access
from werkbote.reads import team as reading
from werkbote.web import clock, door, labels, sessions
from werkbote.web.forms import team as forms
from werkbote.web.pages.team import signing


@require_GET
@door.signed_in(early=True)
def choose(request: HttpRequest, viewer: access.Viewer) -> HttpResponseBase:
    """Lead a member to a second factor: what it is for, app or passkey."""
    return door.show(
        request,
        viewer,
        "team/second_factor.html",
        {
            "passkeys": team.passkeys_possible(),
            "owed": sessions.owes_factor(request.session),
            "own": reading.own(viewer=viewer),
            "page": "account",
        },
    )


@require_POST
@door.signed_in(early=True)
def begin_app(request: HttpRequest, viewer: access.Viewer) -> HttpResponseBase:
    """Show the picture an authenticator app reads."""
    if not _may(request, viewer):
        return redirect("login")
    begun = team.begin_app(organisation=viewer.organisation, by=viewer.member, at=clock.now())
    return _app(request, viewer, forms.Code(), begun)


def _app(
    request: HttpRequest,
    viewer: access.Viewer,
    form: forms.Code,
    begun: team.Beginning | None,
) -> HttpResponseBase:
    picture = None if begun is None else segno.make(begun.address, error="m").svg_data_uri(border=2)
    secret = "" if begun is None else begun.secret
    return door.show(
        request,
        viewer,
        "team/app.html",
        {
            "form": form,
            "picture": picture,
            "secret": " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
            "page": "account",
        },
        status=422 if form.errors else 200,
    )


@require_POST
@door.signed_in(early=True)
def confirm_app(request: HttpRequest, viewer: access.Viewer) -> HttpResponseBase:
    """Take the app's first code; then show the recovery codes, this once."""
    if not _may(request, viewer):
        return redirect("login")
    form = forms.Code(request.POST)
    if not form.is_valid():
        return _app(request, viewer, form, None)
    try:
        codes = team.confirm_app(
            organisation=viewer.organisation,
            code=form.cleaned_data["code"],
            by=viewer.member,
            at=clock.now(),
        )
    except team.UnableToConfirm as error:
        form.add_error(None, labels.sentence(error))
        return _app(request, viewer, form, None)
    sessions.strengthen(request)
    return _codes(request, viewer, codes)


def _codes(request: HttpRequest, viewer: access.Viewer, codes: tuple[str, ...]) -> HttpResponseBase:
    return door.show(request, viewer, "team/codes.html", {"codes": codes, "page": "account"})


@require_POST
@door.signed_in()
def fresh_codes(request: HttpRequest, viewer: access.Viewer) -> HttpResponseBase:
    """Make new recovery codes and show them, this once."""
    codes = team.fresh_codes(organisation=viewer.organisation, by=viewer.member, at=clock.now())
    return _codes(request, viewer, codes)


@require_POST
@door.signed_in(early=True)
def begin_passkey(request: HttpRequest, viewer: access.Viewer) -> HttpResponseBase:
    """Return what the browser needs to make a passkey."""
    if not _may(request, viewer) or not team.passkeys_possible():
        return JsonResponse({}, status=401)
    options, state = team.begin_passkey(organisation=viewer.organisation, by=viewer.member)
    sessions.keep_question(request, state)
    return JsonResponse(options)


@require_POST
@door.signed_in(early=True)
def finish_passkey(request: HttpRequest, viewer: access.Viewer) -> HttpResponseBase:
    """Keep the passkey the browser made; answers with recovery codes where there were none."""
    if not _may(request, viewer):
        return JsonResponse({}, status=401)
    try:
        codes = team.finish_passkey(
            organisation=viewer.organisation,
            state=sessions.take_question(request),
            answer=signing.answer_of(request),
            by=viewer.member,
            at=clock.now(),
        )
    except team.UnableToUsePasskey as error:
        return JsonResponse({"problem": labels.sentence(error)}, status=422)
    sessions.strengthen(request)
    return JsonResponse({"codes": codes, "next": redirect("account").url})


@require_POST
@door.signed_in()
def remove(_request: HttpRequest, viewer: access.Viewer, factor: int) -> HttpResponseBase:
    """Remove one of one's own factors."""
    if not team.remove_factor(
        organisation=viewer.organisation, factor=factor, by=viewer.member, at=clock.now()
    ):
        raise access.UnableToSee("There is no such factor.")
    return redirect("account")


def _may(request: HttpRequest, viewer: access.Viewer) -> bool:
    """Return whether a factor may be added here: with one shown, or while there is none at all."""
    if not sessions.owes_factor(request.session):
        return True
    return not reading.own(viewer=viewer).factors
