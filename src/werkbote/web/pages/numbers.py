"""Pages about numbers: how they stand at the provider, what they cost, and connecting another."""

import itertools
import secrets

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods

from werkbote.actions import numbers as deeds
from werkbote.domain import team
from werkbote.reads import access, numbers, numbers_setup
from werkbote.web import clock, door, labels
from werkbote.web.forms import numbers as forms


@require_GET
@door.signed_in(team.Right.READ_COSTS)
def costs(request: HttpRequest, viewer: access.Viewer) -> HttpResponseBase:
    """Show numbers, and what was charged per number and month."""
    rows = numbers.costs(viewer=viewer)
    months = [
        (month, list(inside)) for month, inside in itertools.groupby(rows, lambda row: row.month)
    ]
    return door.show(
        request,
        viewer,
        "numbers/costs.html",
        {"page": "costs", "months": months, "numbers": numbers.numbers(viewer=viewer)},
    )


@require_GET
@door.signed_in(team.Right.SET_UP)
def overview(request: HttpRequest, viewer: access.Viewer) -> HttpResponseBase:
    """Show every number with how far it is set up, its quality and its month."""
    found = numbers_setup.overview(viewer=viewer, at=clock.now())
    context: dict[str, object] = {"page": "numbers", "numbers": found, "free": numbers_setup.FREE}
    return door.show(request, viewer, "numbers/overview.html", context)


@require_http_methods(["GET", "POST"])
@door.signed_in(team.Right.SET_UP)
def connect(request: HttpRequest, viewer: access.Viewer) -> HttpResponseBase:
    """Connect a number that Meta knows already; then its steps begin."""
    branches = numbers_setup.branches(viewer=viewer)
    form = forms.Connect(request.POST or None, branches=branches)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made, _ = deeds.connect(
                organisation=viewer.organisation,
                branch=given["branch"],
                number=deeds.Connection(
                    phone_number_id=given["phone_number_id"],
                    account_id=given["account_id"],
                    phone=given["phone"],
                    label=given["label"],
                    token=given["token"],
                    app_secret=given["app_secret"],
                    verify_token=secrets.token_urlsafe(24),
                    graph_url=settings.WERKBOTE_GRAPH_URL,
                    agreement_at=given["agreement_at"],
                ),
                by=viewer.member,
                at=clock.now(),
            )
        except deeds.UnableToConnect as error:
            form.add_error(None, labels.sentence(error))
        else:
            return redirect("number", made)
    context: dict[str, object] = {"page": "numbers", "form": form}
    status = 422 if request.method == "POST" else 200
    return door.show(request, viewer, "numbers/connect.html", context, status=status)
