"""Pages of setting a number up: steps in their order, conditions with their lights, secrets exchanged."""

from collections.abc import Callable
from datetime import datetime

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from werkbote.actions import numbers as deeds
from werkbote.domain import numbers as words
from werkbote.domain import team
from werkbote.reads import access, numbers_setup
from werkbote.web import clock, door, labels
from werkbote.web.forms import numbers as forms


@require_GET
@door.signed_in(team.Right.SET_UP)
def number(request: HttpRequest, viewer: access.Viewer, number: int) -> HttpResponseBase:
    """Show a number's steps, conditions, standing and secrets."""
    return _show(request, viewer, number)


def _show(
    request: HttpRequest, viewer: access.Viewer, number: int, problem: str = ""
) -> HttpResponseBase:
    context: dict[str, object] = {
        "page": "numbers",
        "number": numbers_setup.number(viewer=viewer, number=number, at=clock.now()),
        "free": numbers_setup.FREE,
        "today": clock.today(),
        "problems": [problem] if problem else [],
    }
    status = 422 if problem else 200
    return door.show(request, viewer, "numbers/number.html", context, status=status)


type _Deed = Callable[..., object]


def _act(request: HttpRequest, viewer: access.Viewer, number: int, deed: _Deed) -> HttpResponseBase:
    """Do something with a number of the viewer's, and show what stood in the way."""
    numbers_setup.check(viewer, number, team.Right.SET_UP)
    try:
        deed(organisation=viewer.organisation, number=number, by=viewer.member, at=clock.now())
    except (words.UnableToStep, words.UnableToChange, deeds.UnableToConnect) as error:
        return _show(request, viewer, number, labels.sentence(error))
    except deeds.UnableToAsk as error:
        return _show(request, viewer, number, refusal(error))
    return redirect("number", number)


def refusal(error: deeds.UnableToAsk) -> str:
    """Return what Meta's refusal means and what helps, in the present language."""
    if isinstance(error, deeds.Stopped):
        return labels.sentence(error)
    said = labels.failure(error.code)
    where = gettext("Meta did not do it")
    code = f" ({error.code})" if error.code else ""
    return f"{where}{code}: {said.what} {said.remedy}"


@require_POST
@door.signed_in(team.Right.SET_UP)
def look(request: HttpRequest, viewer: access.Viewer, number: int) -> HttpResponseBase:
    """Ask Meta how every step stands."""
    return _act(request, viewer, number, _look)


def _look(*, organisation: int, number: int, by: int, at: datetime) -> None:
    del by  # looking changes nothing at Meta, so that nobody answers for it
    deeds.look(organisation=organisation, number=number, at=at)


@require_POST
@door.signed_in(team.Right.SET_UP)
def take(request: HttpRequest, viewer: access.Viewer, number: int, step: str) -> HttpResponseBase:
    """Take one step at Meta; out of turn it is refused with the one that comes first."""
    if step not in set(words.ORDER):
        raise access.UnableToSee("There is no such step.")
    pin = request.POST.get("pin", "")
    return _act(
        request,
        viewer,
        number,
        lambda **who: deeds.take(step=words.Step(step), pin=pin, **who),
    )


@require_POST
@door.signed_in(team.Right.SET_UP)
def confirm(
    request: HttpRequest, viewer: access.Viewer, number: int, what: str
) -> HttpResponseBase:
    """Write down that a person saw to what no interface tells."""
    if what not in set(deeds.CONFIRMED):
        raise access.UnableToSee("There is nothing to confirm.")
    form = forms.Day(request.POST)
    if not form.is_valid():
        numbers_setup.check(viewer, number, team.Right.SET_UP)
        return _show(request, viewer, number, gettext("Enter the day on which it was done."))
    day = form.cleaned_data["on_day"]
    return _act(request, viewer, number, lambda **who: deeds.confirm(what=what, on_day=day, **who))


_SECRETS: dict[str, Callable[[str], _Deed]] = {
    "token": lambda value: lambda **who: deeds.renew_token(token=value, **who),
    "app-secret": lambda value: lambda **who: deeds.rotate_app_secret(secret=value, **who),
    "pin": lambda value: lambda **who: deeds.change_pin(pin=value, **who),
}


@require_POST
@door.signed_in(team.Right.SET_UP)
def secret(
    request: HttpRequest, viewer: access.Viewer, number: int, secret: str
) -> HttpResponseBase:
    """Exchange a secret for a new one; none is ever shown."""
    if secret not in _SECRETS:
        raise access.UnableToSee("There is no such secret.")
    return _act(request, viewer, number, _SECRETS[secret](request.POST.get("value", "")))


@require_POST
@door.signed_in(team.Right.SET_UP)
def deregister(request: HttpRequest, viewer: access.Viewer, number: int) -> HttpResponseBase:
    """Take a number off the Cloud API, so that its storage can be chosen anew."""
    return _act(request, viewer, number, deeds.deregister)
