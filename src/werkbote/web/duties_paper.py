"""The papers of the controller's duties as tables, in the language of whoever takes them out."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils import formats, timezone, translation
from django.utils.translation import gettext

from werkbote.reads import duties
from werkbote.web import duties_labels, labels, tables

_PARTS = ("controllers", "activities")
_GENERAL = ("joint", "recipients", "measures", "absent")


def connections(found: duties.Outside) -> Iterator[tables.Row]:
    """Yield the list as a table, the head first."""
    yield (
        gettext("Connection"),
        gettext("Destination"),
        gettext("Recipient"),
        gettext("Is by law"),
        gettext("Right now"),
        gettext("Protocol"),
        gettext("Encryption"),
        gettext("Purpose"),
        gettext("Categories of data"),
        gettext("Agreement"),
        gettext("Country"),
        gettext("Passes on to"),
        gettext("Switched by"),
        gettext("Opened by"),
    )
    for one in (*found.recipients, *found.own):
        yield (
            one.title,
            one.destination,
            one.name,
            labels.of(duties_labels.ROLES, one.role),
            labels.of(duties_labels.LINE_STATES, one.state),
            one.protocol,
            one.encryption,
            one.purpose,
            one.data,
            one.agreement,
            one.country,
            one.onward,
            one.switch,
            ", ".join(one.rooms),
        )


def listed(value: object) -> list[str]:
    """Return a statement as the lines it is written in; none where nothing is said."""
    if isinstance(value, str):
        return [value] if value else []
    return [str(one) for one in value] if isinstance(value, Sequence) else [str(value)]


def records(version: duties.Version) -> dict[str, object]:
    """Return what the records of processing hold on paper, as plain data."""
    german = translation.get_language() != "en"
    controllers = version.said["controllers"]
    return {
        "lang": "de" if german else "en",
        "title": gettext("Records of processing activities"),
        "subtitle": gettext("Art. 30(1) GDPR · version %(number)s of %(day)s")
        % {"number": version.position, "day": _moment(version.made_at)},
        "company": controllers[0]["title"] if controllers else "",
        "mark": f"{version.digest[:16]} · {_moment(version.made_at)}",
        "fact_head": [gettext("Statement"), gettext("Entry")],
        "facts": _facts(version),
        "parts": [
            *({"title": one["title"], "rows": _rows(one)} for one in _parts(version)),
            {"title": gettext("For all activities"), "rows": _rows(_general(version))},
        ],
        "difference_title": gettext("Changed since the version before"),
        "difference_head": [gettext("Place in the paper"), gettext("Before"), gettext("Now")],
        "differences": [
            [duties_labels.statement(one.place), one.before or "–", one.now or "–"]
            for one in version.differences
        ],
    }


def _facts(version: duties.Version) -> list[list[str]]:
    sources = [labels.of(duties_labels.SOURCES, one) for one in version.sources]
    return [
        [gettext("Made on"), _moment(version.made_at)],
        [gettext("Made by"), version.by or "–"],
        [gettext("Made from"), ", ".join(sources)],
        [gettext("Fingerprint (SHA-256)"), version.digest],
    ]


def _parts(version: duties.Version) -> list[Mapping[str, Any]]:
    return [one for name in _PARTS for one in version.said.get(name, ())]


def _general(version: duties.Version) -> dict[str, object]:
    return {name: version.said[name] for name in _GENERAL if version.said.get(name)}


def _rows(part: Mapping[str, object]) -> list[tuple[str, list[str]]]:
    return [
        (duties_labels.statement(name), listed(value))
        for name, value in part.items()
        if name != "title"
    ]


def records_table(version: duties.Version) -> Iterator[tables.Row]:
    """Yield the records as a table: part, statement, entry; first what they were made from."""
    yield (gettext("Part"), gettext("Statement"), gettext("Entry"))
    for name, entry in _facts(version):
        yield (gettext("Records of processing activities"), name, entry)
    for one in _parts(version):
        yield from ((one["title"], name, "; ".join(lines)) for name, lines in _rows(one))
    for name, lines in _rows(_general(version)):
        yield (gettext("For all activities"), name, "; ".join(lines))
    for change in version.differences:
        place = duties_labels.statement(change.place)
        yield (
            gettext("Changed since the version before"),
            place,
            f"{change.before} → {change.now}",
        )


def _moment(at: datetime) -> str:
    return str(formats.date_format(timezone.localtime(at), gettext("m/d/Y, H:i:s")))
