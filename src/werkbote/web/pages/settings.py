"""The page of settings against their privacy defaults: which differ, why, and the table to take along."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import formats, timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from werkbote.actions import audit
from werkbote.actions import drift as deeds
from werkbote.domain import team
from werkbote.reads import access, drift
from werkbote.web import clock, door, labels, settings_labels, tables
from werkbote.web.forms import settings as forms


@require_safe
@door.signed_in(team.Right.READ_SETTINGS)
def overview(request: HttpRequest, viewer: access.Viewer) -> HttpResponseBase:
    """Show every setting that has a privacy default."""
    return _show(request, viewer)


def _show(
    request: HttpRequest, viewer: access.Viewer, *, problem: str = "", status: int = 200
) -> HttpResponseBase:
    found = drift.report(viewer=viewer, day=clock.today())
    context: dict[str, object] = {"page": "settings", "report": found, "problem": problem}
    return door.show(request, viewer, "audit/settings.html", context, status=status)


@require_POST
@door.signed_in(team.Right.EXPLAIN_SETTINGS)
def explain(request: HttpRequest, viewer: access.Viewer) -> HttpResponseBase:
    """Keep the reason why a setting differs."""
    form = forms.Explanation(request.POST)
    if not form.is_valid():
        return _show(request, viewer, problem=gettext("Say why in up to 300 signs."), status=422)
    given = form.cleaned_data
    seen = drift.report(viewer=viewer, day=clock.today()).drifting
    if (given["setting"], given["object"]) not in {(one.setting, one.object) for one in seen}:
        words = gettext("This setting is not like that any more: reload the page.")
        return _show(request, viewer, problem=words, status=422)
    reason = deeds.Reason(
        setting=given["setting"],
        object=given["object"],
        value=given["value"],
        words=given["reason"],
    )
    try:
        deeds.explain(
            organisation=viewer.organisation, reason=reason, by=viewer.member, at=clock.now()
        )
    except deeds.UnableToExplain as error:
        return _show(request, viewer, problem=labels.sentence(error), status=422)
    return redirect("settings")


@require_POST
@door.signed_in(team.Right.READ_SETTINGS)
def export(request: HttpRequest, viewer: access.Viewer) -> HttpResponseBase:
    """Hand the settings out as a table; that it was taken out is an entry of the audit."""
    del request
    found = drift.report(viewer=viewer, day=clock.today())
    rows = [_row(one) for one in (*found.drifting, *found.kept)]
    audit.note(
        organisation=viewer.organisation,
        by=viewer.member,
        verb="settings.export",
        object="settings",
        detail={"settings": len(rows)},
        at=clock.now(),
    )
    return tables.download([_head(), *rows], filename="einstellungen.csv")


def _head() -> tables.Row:
    return (
        gettext("Setting"),
        gettext("Of what"),
        gettext("Privacy default"),
        gettext("At present"),
        gettext("Differs"),
        gettext("Since"),
        gettext("By whom"),
        gettext("Why it differs"),
        gettext("Reason given by"),
        gettext("Article"),
        gettext("Why this is the default"),
    )


def _row(one: drift.Line) -> tables.Row:
    since = (
        formats.date_format(timezone.localtime(one.since), "SHORT_DATETIME_FORMAT")
        if one.since
        else ""
    )
    return (
        labels.of(settings_labels.SETTINGS, one.setting),
        one.name or labels.of(settings_labels.SETTING_PLACES, one.object.partition(":")[0]),
        settings_labels.setting_value(one.default),
        settings_labels.setting_value(one.value),
        gettext("yes") if one.differs else gettext("no"),
        since,
        one.by,
        one.reason,
        one.explained_by,
        one.article,
        one.why,
    )
