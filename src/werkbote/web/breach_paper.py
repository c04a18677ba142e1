"""The words of a breach's notification on paper and in tables, in the language of whoever takes it out."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.utils import formats, timezone, translation
from django.utils.translation import gettext

from werkbote.reads import breaches
from werkbote.web import labels, tables


def content(case: breaches.Case) -> dict[str, object]:
    """Return what the paper holds, as plain data."""
    german = translation.get_language() != "en"
    return {
        "lang": "de" if german else "en",
        "title": gettext("Notification of a personal data breach"),
        "subtitle": gettext("Art. 33 GDPR · %(authority)s") % {"authority": case.authority},
        "company": case.company,
        "fact_head": [gettext("Fact"), gettext("Entry")],
        "facts": _facts(case),
        "points": [
            {"title": title, "article": article, "text": text or "–"}
            for title, article, text in _points(case)
        ],
        "hint": case.hint["de" if german else "en"],
    }


def rows(case: breaches.Case) -> Iterator[tables.Row]:
    """Yield the contents of the notification as a table: fact or point, article, entry."""
    yield (gettext("Fact"), gettext("Article"), gettext("Entry"))
    for name, entry in _facts(case):
        yield (name, "", entry)
    yield from _points(case)


def data(case: breaches.Case) -> dict[str, object]:
    """Return the notification for other programs: names of Art. 33(3), moments with their zone."""
    entry = case.entry
    return {
        "controller": case.company,
        "branch": entry.branch,
        "authority": case.authority,
        "kind": entry.kind,
        "state": entry.state,
        "happened_at": _iso(case.happened_at),
        "aware_at": _iso(entry.aware_at),
        "report_until": _iso(entry.clock.ends_at),
        "reported_at": _iso(entry.told_at),
        "people_about": entry.people_count,
        "records_about": case.records_count,
        "risk": entry.risk,
        "risk_reasons": case.reasons,
        "people_must_be_told": case.must_tell_people,
        "people_told_at": _iso(case.informed_at),
        "people_not_told_yet": case.untold,
        "contents": [
            {"name": one.name, "article": one.article, "title": one.title_de, "text": one.text}
            for one in case.points
        ],
    }


def concerned(found: Sequence[breaches.Concerned]) -> Iterator[tables.Row]:
    """Yield those concerned as a table: who, when and how they were told, with which words."""
    yield (
        gettext("Name"),
        gettext("Phone number"),
        gettext("Told on"),
        gettext("How"),
        gettext("With these words"),
    )
    for one in found:
        yield (
            one.contact.name,
            one.contact.phone,
            _moment(one.told_at) if one.told_at else gettext("not told yet"),
            labels.of(labels.WAYS_TOLD, one.way) if one.way else "",
            one.text,
        )


def _facts(case: breaches.Case) -> list[list[str]]:
    entry = case.entry
    return [
        [gettext("Controller"), f"{case.company}, {entry.branch}"],
        [gettext("What happened"), labels.of(labels.BREACHES, entry.kind)],
        [gettext("Time of the breach"), _moment(case.happened_at)],
        [gettext("Became known"), _moment(entry.aware_at)],
        [gettext("72 hours end"), _moment(entry.clock.ends_at)],
        [gettext("Reported"), _moment(entry.told_at)],
        [gettext("People concerned, about"), str(entry.people_count)],
        [gettext("Records concerned, about"), str(case.records_count)],
        [gettext("Assessment"), labels.of(labels.RISKS, entry.risk)],
        [gettext("Those concerned were told"), _moment(case.informed_at)],
    ]


def _points(case: breaches.Case) -> Iterator[tuple[str, str, str]]:
    german = translation.get_language() != "en"
    for one in case.points:
        yield (one.title_de if german else one.title_en, one.article, one.text)
    yield (gettext("Reasons of the assessment"), "Art. 33 Abs. 5", case.reasons)


def _iso(at: datetime | None) -> str | None:
    return None if at is None else timezone.localtime(at).isoformat()


def _moment(at: datetime | None) -> str:
    if at is None:
        return "–"
    return str(formats.date_format(timezone.localtime(at), gettext("m/d/Y, H:i:s")))
