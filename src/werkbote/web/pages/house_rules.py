"""Pages of the house's own versions: texts, keywords, purposes and hours, with preview and history."""

from collections.abc import Mapping

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from werkbote.actions import house_rules as deeds
from werkbote.domain import quiet, team
from werkbote.reads import access, consent_ways
from werkbote.reads import house_rules as looks
from werkbote.web import clock, consent_labels, door, labels, purpose_labels
from werkbote.web.forms import house_rules as forms

type _Form = forms.Texts | forms.Hours | forms.Notice | forms.Purposes | forms.Words

_FORMS: Mapping[str, type[_Form]] = {
    "optin": forms.Texts,
    "hours": forms.Hours,
    "notice": forms.Notice,
    "purposes": forms.Purposes,
    "withdrawal": forms.Words,
}


@require_safe
@door.signed_in(team.Right.KEEP_CONSENTS)
def rules(request: HttpRequest, viewer: access.Viewer) -> HttpResponseBase:
    """Show what holds now, with the forms to change it, and every version so far."""
    return _show(request, viewer, {})


@require_POST
@door.signed_in(team.Right.KEEP_CONSENTS)
def amend(request: HttpRequest, viewer: access.Viewer, topic: str) -> HttpResponseBase:
    """Lay a new version over the shipped file; with “preview” show how it would read, and store nothing."""
    if topic not in _FORMS:
        return door.missing(request, viewer)
    form = _form(topic, viewer, request.POST)
    if not form.is_valid():
        return _show(request, viewer, {topic: form}, status=422)
    try:
        if "preview" in request.POST:
            return _show(request, viewer, {topic: form}, preview=_preview(topic, viewer, form))
        wanted = deeds.Wanted(
            topic=topic,
            changes=form.changes(),
            reason=form.cleaned_data["reason"],
            anew=tuple(form.cleaned_data.get("anew", ())),
        )
        deeds.amend(
            organisation=viewer.organisation, wanted=wanted, by=viewer.member, at=clock.now()
        )
    except deeds.UnableToAmend as error:
        form.add_error(None, labels.sentence(error))
        return _show(request, viewer, {topic: form}, status=422)
    return redirect(f"{reverse('house-rules')}#versions")


def _preview(topic: str, viewer: access.Viewer, form: _Form) -> list[tuple[str, str]]:
    """Return how a version would read at the viewer's first branch: what, and how."""
    branches = consent_ways.branches(viewer=viewer)
    changes, now, organisation = form.changes(), clock.now(), viewer.organisation
    first = branches[0][0]
    if topic == "notice":
        text = deeds.preview_notice(
            organisation=organisation, branch=first, changes=changes, at=now
        )
        return [(gettext("First-contact notice"), text)]
    if topic == "hours":
        hours = deeds.preview_hours(
            organisation=organisation, branches=dict(branches), changes=changes, at=now
        )
        return [(name, _said(hours[branch])) for branch, name in branches]
    if topic == "withdrawal":
        read = deeds.preview_words(organisation=organisation, changes=changes, at=now)
        return [(word, labels.of(consent_labels.ENDING, scope)) for word, scope in read]
    texts = deeds.preview(
        organisation=organisation, branch=first, topic=topic, changes=changes, at=now
    )
    parts = (gettext("Question on WhatsApp"), gettext("Form: sentence beside a box"))
    return [(f"{code}: {parts[place % 2]}", text) for place, (code, text) in enumerate(texts)]


def _form(topic: str, viewer: access.Viewer, data: object = None) -> _Form:
    day = timezone.localtime(clock.now()).date()
    standing = looks.standing(viewer=viewer, topic=topic, day=day)
    choices = purpose_labels.consent_purposes(day)
    if topic == "hours":
        choices = [(str(branch), name) for branch, name in consent_ways.branches(viewer=viewer)]
    return _FORMS[topic](data, standing=standing, purposes=choices, auto_id=f"id_{topic}_%s")


def _show(
    request: HttpRequest,
    viewer: access.Viewer,
    bound: dict[str, _Form],
    *,
    preview: list[tuple[str, str]] | None = None,
    status: int = 200,
) -> HttpResponseBase:
    shown = {topic: bound.get(topic) or _form(topic, viewer) for topic in _FORMS}
    context: dict[str, object] = {
        "page": "consents",
        "texts": shown["optin"],
        "hours": shown["hours"],
        "notice": shown["notice"],
        "purposes": shown["purposes"],
        "words": shown["withdrawal"],
        "own_hours": _own_hours(viewer, shown["hours"]),
        "versions": looks.versions(viewer=viewer),
        "preview": preview,
    }
    return door.show(request, viewer, "consent/rules.html", context, status=status)


def _own_hours(viewer: access.Viewer, form: _Form) -> list[tuple[str, str]]:
    """Return the branches that keep hours of their own, with them."""
    own = form.standing.present["branches"]
    return [
        (name, consent_labels.open_hours(**own[str(branch)]))
        for branch, name in consent_ways.branches(viewer=viewer)
        if str(branch) in own
    ]


def _said(hours: quiet.Hours) -> str:
    return consent_labels.open_hours(
        opens=f"{hours.opens:%H:%M}", closes=f"{hours.closes:%H:%M}", weekdays=hours.weekdays
    )
