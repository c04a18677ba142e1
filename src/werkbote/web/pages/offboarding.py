"""Pages of leaving private WhatsApp: the own declaration, the team's standing, the invitation."""

from datetime import date
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from werkbote.actions import offboarding as deeds
from werkbote.domain import offboarding as domain
from werkbote.domain import team
from werkbote.reads import access, offboarding
from werkbote.web import clock, codes, door, way_out
from werkbote.web.forms import old_chats as forms

_SAID: Final = frozenset({"signed", "asked"})


@require_GET
@door.signed_in()
def overview(request: HttpRequest, viewer: access.Viewer) -> HttpResponseBase:
    """Show what the viewer has to do, and to whom it concerns how the team stands."""
    rules = offboarding.rules(today=_today())
    return _overview(request, viewer, forms.Declaration(rules=rules))


def _overview(
    request: HttpRequest, viewer: access.Viewer, form: forms.Declaration, *, status: int = 200
) -> HttpResponse:
    today, language = _today(), viewer.language
    rules, said = offboarding.rules(today=today), request.GET.get("said", "")
    ticked = form.data.getlist("ticks") if hasattr(form.data, "getlist") else []
    context: dict[str, object] = {
        "page": "way-out",
        "tab": "declarations",
        "mine": offboarding.mine(viewer=viewer, today=today),
        "steps": [
            (step.id, step.todo[language], step.declared[language], step.id in ticked)
            for step in rules.steps
        ],
        "closing": rules.declaration["closing"][language],
        "confirm": rules.declaration["confirm"][language],
        "form": form,
        "said": said if said in _SAID else "",
    }
    if viewer.can(team.Right.READ_DECLARATIONS):
        context["team"] = offboarding.overview(viewer=viewer, today=today)
    return door.show(request, viewer, "offboarding/overview.html", context, status=status)


@require_POST
@door.signed_in(team.Right.MANAGE_TEAM)
def ask(request: HttpRequest, viewer: access.Viewer) -> HttpResponseBase:
    """Ask one member, or everybody who has not signed, for the declaration."""
    asked = request.POST.get("member", "")
    rows = offboarding.overview(viewer=viewer, today=_today()).rows
    chosen = [
        row.member
        for row in rows
        if (str(row.member) == asked)
        or (asked == "all" and row.standing is domain.Standing.NOT_ASKED)
    ]
    try:
        deeds.ask(
            organisation=viewer.organisation, members=chosen, by=viewer.member, at=clock.now()
        )
    except deeds.UnableToAsk:
        return redirect("offboarding")
    return redirect(f"{redirect('offboarding').url}?said=asked")


@require_POST
@door.signed_in()
def sign(request: HttpRequest, viewer: access.Viewer) -> HttpResponseBase:
    """Sign the viewer's own declaration."""
    rules = offboarding.rules(today=_today())
    form = forms.Declaration(request.POST, rules=rules)
    if form.is_valid():
        try:
            deeds.sign(
                organisation=viewer.organisation,
                signature=deeds.Signature(
                    name=form.cleaned_data["name"],
                    ticks=form.cleaned_data["ticks"],
                    confirmed=form.cleaned_data["confirmed"],
                    language=viewer.language,
                ),
                by=viewer.member,
                at=clock.now(),
            )
        except domain.UnableToSign as error:
            form.add_error(None, str(way_out.UNSIGNED[error.problem]))
        except deeds.UnableToPrint:
            form.add_error("name", gettext("The name cannot be printed: use Latin letters."))
        else:
            return redirect(f"{redirect('offboarding').url}?said=signed")
    return _overview(request, viewer, form, status=422)


@require_GET
@door.signed_in()
def paper(request: HttpRequest, viewer: access.Viewer, declaration: int) -> HttpResponseBase:
    """Hand out a signed declaration."""
    del request
    response = HttpResponse(
        offboarding.paper(viewer=viewer, declaration=declaration), content_type="application/pdf"
    )
    response["Content-Disposition"] = f'inline; filename="whatsapp-{declaration}.pdf"'
    response["Cache-Control"] = "no-store"
    return response


@require_GET
@door.signed_in(team.Right.READ_CHATS)
def invitation(request: HttpRequest, viewer: access.Viewer) -> HttpResponseBase:
    """Show how old contacts are invited to write by themselves."""
    found = offboarding.invitations(viewer=viewer, language=viewer.language, today=_today())
    context: dict[str, object] = {"page": "way-out", "tab": "invitation", "invitations": found}
    return door.show(request, viewer, "offboarding/invitation.html", context)


@require_GET
@door.signed_in(team.Right.READ_CHATS)
def qr(request: HttpRequest, viewer: access.Viewer, number: int, kind: str) -> HttpResponseBase:
    """Hand out the QR code of a number's invitation as a picture."""
    found = offboarding.invitations(viewer=viewer, language=viewer.language, today=_today())
    link = next((one.link for one in found if one.number == number), None)
    if link is None or kind not in codes.KINDS:
        return door.missing(request, viewer)
    return codes.picture(link, kind=kind, name="whatsapp-qr")


def _today() -> date:
    return timezone.localtime(clock.now()).date()
