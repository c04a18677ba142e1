"""The words of the reports: times as people say them, ends of columns, grounds of the switch."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.utils import formats
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from werkbote.actions import reports as deeds
from werkbote.domain import reports
from werkbote.reads import reports as looks
from werkbote.web.labels import Words

GROUNDS: dict[str, Words] = {
    deeds.Ground.AGREEMENT: _("There is an agreement with the works council"),
    deeds.Ground.TOLD: _("There is no works council, and everybody concerned was told"),
}

_DAY = 24 * 60


def duration(time: timedelta | None) -> str:
    """Return a time as people say it; a dash for none."""
    if time is None:
        return "–"
    minutes = round(time.total_seconds() / 60)
    if minutes < 60:  # noqa: PLR2004 -- minutes of an hour
        return gettext("{n} min").format(n=minutes)
    if minutes < _DAY:
        return gettext("{h} h {n} min").format(h=minutes // 60, n=minutes % 60)
    return gettext("{d} d {h} h").format(d=minutes // _DAY, h=minutes % _DAY // 60)


def steps(ends: Sequence[timedelta]) -> list[str]:
    """Return the names of the columns of a distribution, the last for what is longer."""
    return [f"≤ {_short(one)}" for one in ends] + [f"> {_short(ends[-1])}"]


def _short(time: timedelta) -> str:
    minutes = int(time.total_seconds()) // 60
    if minutes < 60:  # noqa: PLR2004 -- minutes of an hour
        return gettext("{n} min").format(n=minutes)
    if minutes < _DAY:
        return gettext("{n} h").format(n=minutes // 60)
    return gettext("{n} d").format(n=minutes // _DAY)


def day(value: date) -> str:
    """Return a day as it stands below a column."""
    return str(formats.date_format(value, gettext("m/d")))


def words(report: looks.Report, *, language: str) -> looks.Words:
    """Return what is written into the charts."""
    return looks.Words(
        received=gettext("Received"),
        sent=gettext("Sent"),
        soon=gettext("answered within an hour"),
        later=gettext("later or not at all"),
        days=[day(one) for one, _received, _sent in report.days],
        answers=steps(reports.ANSWER_STEPS),
        closings=steps(reports.CLOSE_STEPS),
        language=language,
    )
