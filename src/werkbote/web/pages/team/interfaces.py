"""Interfaces for other programs: tokens of the API, addresses that are told of changes."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from werkbote.actions import subscriptions, team
from werkbote.domain import team as roles
from werkbote.reads import access
from werkbote.reads import team as reading
from werkbote.web import clock, door, labels
from werkbote.web.forms import team as forms


def _show(
    request: HttpRequest,
    viewer: access.Viewer,
    *,
    token: forms.Token | None = None,
    address: forms.Subscription | None = None,
    secret: str = "",
) -> HttpResponseBase:
    wrong = any(form is not None and form.errors for form in (token, address))
    return door.show(
        request,
        viewer,
        "team/interfaces.html",
        {
            "found": reading.interfaces(viewer=viewer, at=clock.now()),
            "token": token or forms.Token(),
            "address": address or forms.Subscription(),
            "secret": secret,
            "page": "team",
        },
        status=422 if wrong else 200,
    )


@require_GET
@door.signed_in(roles.Right.MANAGE_TEAM)
def interfaces(request: HttpRequest, viewer: access.Viewer) -> HttpResponseBase:
    """Show tokens and subscriptions."""
    return _show(request, viewer)


@require_POST
@door.signed_in(roles.Right.MANAGE_TEAM)
def issue(request: HttpRequest, viewer: access.Viewer) -> HttpResponseBase:
    """Make a token and show its secret, this once."""
    form = forms.Token(request.POST)
    if not form.is_valid():
        return _show(request, viewer, token=form)
    try:
        secret = team.issue_token(
            organisation=viewer.organisation,
            name=form.cleaned_data["name"],
            scopes=[roles.Scope(one) for one in form.cleaned_data["scopes"]],
            days=form.cleaned_data["days"],
            by=viewer.member,
            at=clock.now(),
        )
    except team.UnableToIssueToken as error:
        form.add_error(None, labels.sentence(error))
        return _show(request, viewer, token=form)
    return _show(request, viewer, secret=secret)


@require_POST
@door.signed_in(roles.Right.MANAGE_TEAM)
def end_token(_request: HttpRequest, viewer: access.Viewer, token: int) -> HttpResponseBase:
    """End a token at once."""
    if not team.end_token(
        organisation=viewer.organisation, token=token, by=viewer.member, at=clock.now()
    ):
        raise access.UnableToSee("There is no such token.")
    return redirect("interfaces")


@require_POST
@door.signed_in(roles.Right.MANAGE_TEAM)
def subscribe(request: HttpRequest, viewer: access.Viewer) -> HttpResponseBase:
    """Tell an address of changes from now on; its secret is shown this once."""
    form = forms.Subscription(request.POST)
    if not form.is_valid():
        return _show(request, viewer, address=form)
    try:
        secret = subscriptions.subscribe(
            organisation=viewer.organisation,
            url=form.cleaned_data["url"],
            by=viewer.member,
            at=clock.now(),
        )
    except subscriptions.UnableToSubscribe as error:
        form.add_error(None, labels.sentence(error))
        return _show(request, viewer, address=form)
    return _show(request, viewer, secret=secret)


@require_POST
@door.signed_in(roles.Right.MANAGE_TEAM)
def end(_request: HttpRequest, viewer: access.Viewer, subscription: int) -> HttpResponseBase:
    """End a subscription."""
    if not subscriptions.end(
        organisation=viewer.organisation,
        subscription=subscription,
        by=viewer.member,
        at=clock.now(),
    ):
        raise access.UnableToSee("There is no such subscription.")
    return redirect("interfaces")
