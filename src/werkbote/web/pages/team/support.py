"""The owner's page of support by a vendor: let in, see who was, end it at once."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from werkbote.actions import support as deeds
from werkbote.domain import support as law
from werkbote.domain import team
from werkbote.reads import access, support
from werkbote.web import clock, door, labels
from werkbote.web.forms import support as forms


@require_http_methods(["GET", "HEAD", "POST"])
@door.signed_in(team.Right.MANAGE_TEAM)
def overview(request: HttpRequest, viewer: access.Viewer) -> HttpResponseBase:
    """Show who was let in; on POST let somebody in."""
    found = support.overview(viewer=viewer, at=clock.now())
    form = forms.Opening(request.POST or None, accounts=found.accounts, vendors=found.vendors)
    posted = request.method == "POST"
    if posted and form.is_valid():
        try:
            deeds.open_window(
                organisation=viewer.organisation,
                opening=form.opening(),
                by=viewer.member,
                at=clock.now(),
            )
        except law.UnableToOpenSupport as error:
            form.add_error(None, labels.sentence(error))
        else:
            return redirect("support")
    context: dict[str, object] = {"page": "team", "found": found, "form": form}
    return door.show(request, viewer, "team/support.html", context, status=422 if posted else 200)


@require_POST
@door.signed_in(team.Right.MANAGE_TEAM)
def end(request: HttpRequest, viewer: access.Viewer, window: int) -> HttpResponseBase:
    """End a window at once; one that is over already stays over."""
    del request
    if not deeds.end_window(
        organisation=viewer.organisation, window=window, by=viewer.member, at=clock.now()
    ):
        raise access.UnableToSee("There is no such opening (any more).")
    return redirect("support")
