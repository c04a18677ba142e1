"""The pages of the reports: figures with charts, single members while the switch is on, and tables."""

from collections.abc import Sequence
from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from werkbote.actions import audit
from werkbote.actions import reports as deeds
from werkbote.domain import reports as counting
from werkbote.domain import team
from werkbote.reads import access, reports
from werkbote.web import clock, door, labels, reports_labels, tables
from werkbote.web.forms import reports as forms

_SPANS = (7, 30, 90, 365)


@require_safe
@door.signed_in(team.Right.READ_REPORTS)
def overview(request: HttpRequest, viewer: access.Viewer) -> HttpResponseBase:
    """Show the figures of a period."""
    form = _period(request, viewer)
    context: dict[str, object] = {"page": "reports", "form": form, "spans": _spans(form)}
    try:
        found = reports.report(viewer=viewer, wanted=form.wanted(), at=clock.now())
    except reports.UnableToReport as error:
        context["problem"] = labels.sentence(error)
        return door.show(request, viewer, "reports/overview.html", context, status=422)
    words = reports_labels.words(found, language=viewer.language)
    context |= {
        "report": found,
        "pictures": reports.pictures(found, words),
        "tables": {name: make(found)[1:] for name, make in _TABLES.items()},
        "heads": {name: make(found)[0] for name, make in _TABLES.items()},
        "query": request.GET.urlencode(),
    }
    return door.show(request, viewer, "reports/overview.html", context)


@require_safe
@door.signed_in(team.Right.READ_REPORTS)
def export(request: HttpRequest, viewer: access.Viewer, what: str) -> HttpResponseBase:
    """Hand out one of the tables behind the charts; none of them holds a person's name."""
    make = _TABLES.get(what)
    if make is None:
        return door.missing(request, viewer)
    try:
        found = reports.report(
            viewer=viewer, wanted=_period(request, viewer).wanted(), at=clock.now()
        )
    except reports.UnableToReport as error:
        return HttpResponse(labels.sentence(error), status=422, content_type="text/plain")
    return tables.download(make(found), filename=f"werkbote-{what}.csv")


@require_safe
@door.signed_in(team.Right.READ_STAFF_REPORTS)
def members(request: HttpRequest, viewer: access.Viewer) -> HttpResponseBase:
    """Show figures of single members, or why there are none; that somebody looked is written down."""
    return _members(request, viewer, forms.Switch())


def _members(
    request: HttpRequest, viewer: access.Viewer, switch: forms.Switch, *, status: int = 200
) -> HttpResponseBase:
    standing = reports.standing(viewer=viewer)
    form = _period(request, viewer)
    context: dict[str, object] = {
        "page": "reports",
        "standing": standing,
        "form": form,
        "switch": switch,
    }
    if standing.on:
        try:
            context["members"] = _looked_at(viewer, form, verb="reports.members")
        except reports.UnableToReport as error:
            context["problem"] = labels.sentence(error)
            status = 422
    return door.show(request, viewer, "reports/members.html", context, status=status)


@require_POST
@door.signed_in(team.Right.READ_STAFF_REPORTS)
def switch(request: HttpRequest, viewer: access.Viewer) -> HttpResponseBase:
    """Turn figures of single members on, with ground and reason, or off."""
    if "off" in request.POST:
        deeds.switch_off(organisation=viewer.organisation, by=viewer.member, at=clock.now())
        return redirect("report-members")
    form = forms.Switch(request.POST)
    if form.is_valid():
        try:
            deeds.switch_on(
                organisation=viewer.organisation,
                ground=deeds.Ground(form.cleaned_data["ground"]),
                reason=form.cleaned_data["reason"],
                by=viewer.member,
                at=clock.now(),
            )
        except deeds.UnableToSwitch as error:
            form.add_error("reason", labels.sentence(error))
        else:
            return redirect("report-members")
    return _members(request, viewer, form, status=422)


@require_POST
@door.signed_in(team.Right.READ_STAFF_REPORTS)
def export_members(request: HttpRequest, viewer: access.Viewer) -> HttpResponseBase:
    """Hand out the figures of single members; that they were taken out is an entry of the audit."""
    try:
        found = _looked_at(viewer, _period(request, viewer), verb="reports.export_members")
    except reports.UnableToReport as error:
        return HttpResponse(labels.sentence(error), status=422, content_type="text/plain")
    head = (gettext("Member"), gettext("First replies"), gettext("First reply (median, min)"))
    rows = [(one.name, one.answered, _minutes(one.first_reply)) for one in found]
    return tables.download([head, *rows], filename="werkbote-members.csv")


def _looked_at(viewer: access.Viewer, form: forms.Period, *, verb: str) -> Sequence[reports.Member]:
    wanted = form.wanted()
    found = reports.members(viewer=viewer, wanted=wanted, at=clock.now())
    audit.note(
        organisation=viewer.organisation,
        by=viewer.member,
        verb=verb,
        object="reports",
        detail={"since": wanted.since.isoformat(), "until": wanted.until.isoformat()},
        at=clock.now(),
    )
    return found


def _period(request: HttpRequest, viewer: access.Viewer) -> forms.Period:
    given = request.POST if request.method == "POST" else request.GET
    found = reports.choices(viewer=viewer)
    return forms.Period(given.dict(), choices=found, today=clock.today())


def _spans(form: forms.Period) -> list[tuple[int, str, bool]]:
    """Return the usual periods: days, their query, and whether it is the present one."""
    wanted, today = form.wanted(), clock.today()
    found = []
    for days in _SPANS:
        since = today - timedelta(days=days - 1)
        place = "".join(
            f"&{name}={value}"
            for name, value in (("branch", wanted.branch), ("team", wanted.team))
            if value is not None
        )
        current = (wanted.since, wanted.until) == (since, today)
        found.append((days, f"since={since}&until={today}{place}", current))
    return found


def _minutes(time: timedelta | None) -> object:
    return "" if time is None else round(time.total_seconds() / 60)


def _days(report: reports.Report) -> list[tables.Row]:
    head = (gettext("Week from") if report.weekly else gettext("Day"),)
    rows = [(day.isoformat(), received, sent) for day, received, sent in report.days]
    return [(*head, gettext("Received"), gettext("Sent")), *rows]


def _hours(report: reports.Report) -> list[tables.Row]:
    head = (
        gettext("Hour"),
        gettext("answered within an hour"),
        gettext("later or not at all"),
    )
    return [head, *((hour, soon, later) for hour, (soon, later) in enumerate(report.hours))]


def _replies(report: reports.Report) -> list[tables.Row]:
    shown = [] if report.whole.withheld else report.replies
    names = reports_labels.steps(counting.ANSWER_STEPS)
    return [(gettext("First reply after"), gettext("Count")), *zip(names, shown, strict=False)]


def _closings(report: reports.Report) -> list[tables.Row]:
    shown = [] if report.whole.withheld else report.closings
    names = reports_labels.steps(counting.CLOSE_STEPS)
    return [(gettext("Closed after"), gettext("Count")), *zip(names, shown, strict=False)]


def _places(report: reports.Report) -> list[tables.Row]:
    head = (
        gettext("Branch"),
        gettext("Team"),
        gettext("Received"),
        gettext("Sent"),
        gettext("Questions"),
        gettext("Answered within an hour (%)"),
        gettext("Windows missed"),
        gettext("Closed"),
        gettext("First reply (median, min)"),
        gettext("Until closed (median, min)"),
    )
    return [
        head,
        *(
            (
                one.branch,
                one.team or "",
                one.summary.received,
                one.summary.sent,
                one.summary.waits,
                "" if one.summary.reached is None else one.summary.reached,
                one.summary.missed,
                one.summary.closed,
                _minutes(one.summary.first_reply),
                _minutes(one.summary.resolution),
            )
            for one in report.lines
        ),
    ]


_TABLES = {
    "days": _days,
    "hours": _hours,
    "replies": _replies,
    "closings": _closings,
    "places": _places,
}
