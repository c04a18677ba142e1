"""Coming in and going out: password, second factor, invitation, the messenger policy."""

import json
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from werkbote.actions import team
from werkbote.reads import access
from werkbote.reads import team as reading
from werkbote.web import clock, door, labels, sessions
from werkbote.web.forms import team as forms

_MOST_ANSWER = 20_000


@require_http_methods(["GET", "POST"])
def login(request: HttpRequest) -> HttpResponseBase:
    """Let a member in by e-mail address and password; the second factor follows."""
    if request.method == "GET" and sessions.viewer(request.session, early=True) is not None:
        return redirect("inbox")
    form = forms.SignIn(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            signed_in = team.sign_in(
                email=form.cleaned_data["email"],
                password=form.cleaned_data["password"],
                address=sessions.address(request),
                at=clock.now(),
            )
        except team.UnableToSignInYet:
            form.add_error(
                None, gettext("There were too many tries. Wait a moment, then try again.")
            )
        except team.UnableToLetSupportIn as error:
            form.add_error(None, labels.sentence(error))
        except team.UnableToSignIn:
            form.add_error(
                None,
                gettext("E-mail address and password do not belong together. Check both."),
            )
        else:
            return _go_on(request, signed_in)
    status = 422 if request.method == "POST" else 200
    return door.show(request, None, "team/login.html", _login(form), status=status)


def _go_on(request: HttpRequest, signed_in: team.SignedIn) -> HttpResponseBase:
    if signed_in.factors:
        sessions.wait_for_factor(request, signed_in, at=clock.now())
        return redirect("second-step")
    sessions.begin(request, signed_in, strong=False, at=clock.now())
    return redirect("inbox")


@require_GET
def company(request: HttpRequest) -> HttpResponseBase:
    """Send the browser to the company's sign-in."""
    if not team.company_possible():
        return door.missing(request, None)
    try:
        url, question = team.ask_company(back=_back())
    except team.UnableToSignInByCompany as error:
        return _refused(request, error)
    sessions.keep_question(request, question)
    return HttpResponseRedirect(url)


@require_GET
def company_back(request: HttpRequest) -> HttpResponseBase:
    """Take what the company's sign-in answered; who showed no second factor there shows one here."""
    try:
        found = team.enter_by_company(
            back=_back(),
            kept=sessions.take_question(request),
            state=request.GET.get("state", ""),
            code=request.GET.get("code", ""),
            at=clock.now(),
        )
    except team.UnableToSignInByCompany as error:
        return _refused(request, error)
    if found.strong:
        sessions.begin(request, found.who, strong=True, at=clock.now())
        return redirect("inbox")
    return _go_on(request, found.who)


def _back() -> str:
    return f"{settings.WERKBOTE_PUBLIC_URL}{reverse('company-back')}"


def _refused(request: HttpRequest, error: Exception) -> HttpResponseBase:
    form = forms.SignIn({})
    form.errors.clear()
    form.add_error(None, labels.sentence(error))
    return door.show(request, None, "team/login.html", _login(form), status=422)


def _login(form: forms.SignIn) -> dict[str, object]:
    return {"form": form, "company": team.company_possible()}


@require_http_methods(["GET", "POST"])
def second_step(request: HttpRequest) -> HttpResponseBase:
    """Take the second factor: a code of the app, a recovery code, or a passkey (by script)."""
    who = sessions.halfway(request.session, at=clock.now())
    if who is None:
        return redirect("login")
    form = forms.Code(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            team.check_code(
                organisation=who.organisation,
                code=form.cleaned_data["code"],
                by=who.member,
                at=clock.now(),
            )
        except team.UnableToConfirm as error:
            form.add_error(None, labels.sentence(error))
        else:
            sessions.begin(request, who, strong=True, at=clock.now())
            return redirect("inbox")
    return door.show(
        request,
        None,
        "team/second_step.html",
        {"form": form, "passkey": "passkey" in who.factors},
        status=422 if form.errors else 200,
    )


@require_POST
def passkey_question(request: HttpRequest) -> HttpResponseBase:
    """Return what the browser needs to show a passkey."""
    who = sessions.halfway(request.session, at=clock.now())
    if who is None:
        return JsonResponse({}, status=401)
    options, state = team.ask_passkey(organisation=who.organisation, by=who.member)
    sessions.keep_question(request, state)
    return JsonResponse(options)


@require_POST
def passkey_answer(request: HttpRequest) -> HttpResponseBase:
    """Take a passkey as the second factor; answers where to go on."""
    who = sessions.halfway(request.session, at=clock.now())
    if who is None:
        return JsonResponse({}, status=401)
    try:
        team.check_passkey(
            organisation=who.organisation,
            state=sessions.take_question(request),
            answer=answer_of(request),
            by=who.member,
            at=clock.now(),
        )
    except team.UnableToUsePasskey as error:
        return JsonResponse({"problem": labels.sentence(error)}, status=422)
    sessions.begin(request, who, strong=True, at=clock.now())
    return JsonResponse({"next": redirect("inbox").url})


def answer_of(request: HttpRequest) -> dict[str, Any]:
    """Return the JSON object of a request; empty where it is none."""
    if len(request.body) > _MOST_ANSWER:
        return {}
    try:
        found = json.loads(request.body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


@require_POST
@door.signed_in(early=True, while_locked=True)
def logout(request: HttpRequest, viewer: access.Viewer) -> HttpResponseBase:
    """End the session; the browser forgets what it kept of us."""
    team.sign_out(
        organisation=viewer.organisation,
        entry=sessions.entry(request.session),
        by=viewer.member,
        at=clock.now(),
    )
    sessions.end(request)
    response = redirect("login")
    response["Clear-Site-Data"] = '"cache", "storage"'
    return response


@require_http_methods(["GET", "POST"])
@door.signed_in(early=True)
def policy(request: HttpRequest, viewer: access.Viewer) -> HttpResponseBase:
    """Show the messenger policy; a member acknowledges each version once."""
    found = reading.policy(day=clock.today(), language=viewer.language)
    if request.method == "POST":
        team.acknowledge(
            organisation=viewer.organisation,
            version=found.version,
            by=viewer.member,
            at=clock.now(),
        )
        return redirect("inbox")
    read = reading.has_read(viewer=viewer, version=found.version)
    return door.show(
        request, viewer, "team/policy.html", {"policy": found, "read": read, "page": "account"}
    )


@require_GET
def invitation(request: HttpRequest, token: str) -> HttpResponseBase:
    """Show an invitation; opening it changes nothing."""
    return _invitation(request, token, forms.Join())


@require_POST
def join(request: HttpRequest, token: str) -> HttpResponseBase:
    """Make the invited member, who then signs in like everybody."""
    form = forms.Join(request.POST)
    if not form.is_valid():
        return _invitation(request, token, form, status=422)
    try:
        team.accept(
            token=token,
            name=form.cleaned_data["name"],
            password=form.cleaned_data["password"],
            language="de" if get_language() == "de" else "en",
            at=clock.now(),
        )
    except (team.UnableToCreate, team.UnableToInvite) as error:
        form.add_error(None, labels.sentence(error))
        return _invitation(request, token, form, status=422)
    return redirect("login")


def _invitation(
    request: HttpRequest, token: str, form: forms.Join, *, status: int = 200
) -> HttpResponseBase:
    try:
        found = team.invited(token=token, at=clock.now())
    except team.UnableToInvite as error:
        said = {"problem": labels.sentence(error)}
        return door.show(request, None, "team/no_invitation.html", {**said}, status=410)
    return door.show(
        request,
        None,
        "team/invitation.html",
        {"form": form, "invited": found, "token": token},
        status=status,
    )
