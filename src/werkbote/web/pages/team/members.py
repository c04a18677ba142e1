"""The team page of owners: who belongs to it, who is invited, which role and branches they have."""

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from werkbote.actions import team
from werkbote.domain import team as roles
from werkbote.reads import access
from werkbote.reads import team as reading
from werkbote.web import clock, door, labels, team_labels
from werkbote.web.forms import team as forms


def _show(
    request: HttpRequest,
    viewer: access.Viewer,
    *,
    form: forms.Invite | None = None,
    link: str = "",
    problem: str = "",
) -> HttpResponseBase:
    found = reading.members(viewer=viewer, at=clock.now())
    places = [(place.id, place.name) for place in found.branches]
    return door.show(
        request,
        viewer,
        "team/members.html",
        {
            "team": found,
            "roles": [(role.value, labels.of(labels.ROLES, role)) for role in roles.Role],
            "form": form or forms.Invite(branches=places),
            "topics": [(topic.value, team_labels.TOPICS[topic]) for topic in roles.Topic],
            "today": clock.today(),
            "link": link,
            "problem": problem,
            "page": "team",
        },
        status=422 if problem or (form is not None and form.errors) else 200,
    )


@require_GET
@door.signed_in(roles.Right.MANAGE_TEAM)
def members(request: HttpRequest, viewer: access.Viewer) -> HttpResponseBase:
    """Show members and open invitations."""
    return _show(request, viewer)


@require_POST
@door.signed_in(roles.Right.MANAGE_TEAM)
def invite(request: HttpRequest, viewer: access.Viewer) -> HttpResponseBase:
    """Make an invitation and show its link, this once."""
    found = reading.members(viewer=viewer, at=clock.now())
    form = forms.Invite(request.POST, branches=[(place.id, place.name) for place in found.branches])
    if not form.is_valid():
        return _show(request, viewer, form=form)
    token = team.invite(
        organisation=viewer.organisation,
        email=form.cleaned_data["email"],
        role=roles.Role(form.cleaned_data["role"]),
        branches=form.cleaned_data["branches"],
        by=viewer.member,
        at=clock.now(),
    )
    link = f"{settings.WERKBOTE_PUBLIC_URL}{reverse('invitation', args=[token])}"
    return _show(request, viewer, link=link)


@require_POST
@door.signed_in(roles.Right.MANAGE_TEAM)
def withdraw_invitation(
    _request: HttpRequest, viewer: access.Viewer, invitation: int
) -> HttpResponseBase:
    """End an invitation before it is used."""
    if not team.withdraw_invitation(
        organisation=viewer.organisation, invitation=invitation, by=viewer.member, at=clock.now()
    ):
        raise access.UnableToSee("There is no such invitation.")
    return redirect("team")


@require_POST
@door.signed_in(roles.Right.MANAGE_TEAM)
def change(request: HttpRequest, viewer: access.Viewer, member: int) -> HttpResponseBase:
    """Give a member another role and other branches."""
    found = reading.members(viewer=viewer, at=clock.now())
    form = forms.Place(request.POST, branches=[(place.id, place.name) for place in found.branches])
    if not form.is_valid():
        return redirect("team")
    try:
        team.change(
            organisation=viewer.organisation,
            member=member,
            role=roles.Role(form.cleaned_data["role"]),
            branches=form.cleaned_data["branches"],
            by=viewer.member,
            at=clock.now(),
        )
    except team.UnableToChangeMember as error:
        return _show(request, viewer, problem=labels.sentence(error))
    return redirect("team")


@require_POST
@door.signed_in(roles.Right.MANAGE_TEAM)
def training(request: HttpRequest, viewer: access.Viewer, member: int) -> HttpResponseBase:
    """Enter that a member was trained."""
    form = forms.Training(request.POST)
    if not form.is_valid():
        return _show(
            request, viewer, problem=gettext("Say what the training was about, and the day.")
        )
    try:
        team.enter_training(
            organisation=viewer.organisation,
            member=member,
            topic=roles.Topic(form.cleaned_data["topic"]),
            held_on=form.cleaned_data["held_on"],
            by=viewer.member,
            at=clock.now(),
        )
    except team.UnableToEnterTraining as error:
        return _show(request, viewer, problem=labels.sentence(error))
    return redirect("team")


@require_POST
@door.signed_in(roles.Right.MANAGE_TEAM)
def let_go(request: HttpRequest, viewer: access.Viewer, member: int) -> HttpResponseBase:
    """End a membership; all its sessions are over at once."""
    try:
        team.let_go(
            organisation=viewer.organisation, member=member, by=viewer.member, at=clock.now()
        )
    except team.UnableToChangeMember as error:
        return _show(request, viewer, problem=labels.sentence(error))
    return redirect("team")


@require_POST
@door.signed_in(roles.Right.MANAGE_TEAM)
def reset_factors(request: HttpRequest, viewer: access.Viewer, member: int) -> HttpResponseBase:
    """Remove a member's second factors, for when all of them are lost."""
    try:
        team.reset_factors(
            organisation=viewer.organisation, member=member, by=viewer.member, at=clock.now()
        )
    except team.UnableToChangeMember as error:
        return _show(request, viewer, problem=labels.sentence(error))
    return redirect("team")
