"""The records of processing activities (Art. 30(1) DSGVO): what a file lists, and what each activity says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from werkbote.domain import law, privacy

type Words = Mapping[str, str]


class UnableToReadRecords(ValueError):
    """The Rechtsstand file on records of processing is malformed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """One activity. Without `purposes` of the Rechtsstand it has a `purpose` and `basis` of its own."""

    code: str
    title: Words
    department: Words
    purposes: Sequence[str]
    purpose: Words
    basis: str
    subjects: Words
    tables: Sequence[str]
    lines: Sequence[str]
    classes: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """The dated file: activities in order, words for kinds of data and protections, what does not take place."""

    source: str
    activities: Sequence[Activity]
    kinds: Mapping[str, Words]
    protections: Mapping[str, Words]
    bases: Mapping[str, Words]
    unknown: Words
    measures: Words
    absent: Sequence[Words]


def parse(document: Mapping[str, Any]) -> Outline:
    """Return the outline of a file; raise UnableToReadRecords when it is malformed."""
    try:
        return Outline(
            source=str(document["source"]),
            activities=tuple(_activity(one) for one in document["activities"]),
            kinds={str(name): _words(one) for name, one in document["kinds"].items()},
            protections={str(name): _words(one) for name, one in document["protections"].items()},
            bases={str(name): _words(one) for name, one in document["bases"].items()},
            unknown=_words(document["unknown"]),
            measures=_words(document["measures"]),
            absent=tuple(_words(one) for one in document["absent"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UnableToReadRecords(
            f"The Rechtsstand file on records of processing is malformed ({error}): correct it."
        ) from None


def _activity(one: Mapping[str, Any]) -> Activity:
    purposes = tuple(map(str, one["purposes"]))
    if not purposes and not (one.get("purpose") and one.get("basis")):
        raise ValueError(f"{one['code']} has neither purposes nor a purpose with its basis")
    return Activity(
        code=str(one["code"]),
        title=_words(one["title"]),
        department=_words(one["department"]),
        purposes=purposes,
        purpose=_words(one["purpose"]) if "purpose" in one else {},
        basis=str(one.get("basis", "")),
        subjects=_words(one["subjects"]),
        tables=tuple(map(str, one["tables"])),
        lines=tuple(map(str, one["lines"])),
        classes=tuple(map(str, one["classes"])),
    )


def _words(one: Mapping[str, Any]) -> dict[str, str]:
    return {language: str(one[language]) for language in ("de", "en")}


def aims(activity: Activity, rules: law.Law, language: str) -> tuple[list[str], list[str]]:
    """Return purposes and legal bases of an activity, by the law of the day."""
    if not activity.purposes:
        return [activity.purpose[language]], [activity.basis]
    found = [rules.purposes[code] for code in activity.purposes]
    names = [f"{one.code} {one.name_de if language == 'de' else one.name_en}" for one in found]
    return names, list(dict.fromkeys(str(one.basis) for one in found))


def periods(activity: Activity, rules: privacy.Retention, language: str) -> list[str]:
    """Return the deletion classes of an activity with their periods in words."""
    return [
        f"{rule.code} {rule.name_de if language == 'de' else rule.name_en}: {_length(rule, language)}"
        for rule in (rules.rules[code] for code in activity.classes)
    ]


_LENGTHS = {
    "de": ("ohne festes Ende", "{} Tage", "{} Monate", "{} Jahre", "zum Jahresende"),
    "en": ("no fixed end", "{} days", "{} months", "{} years", "to the end of the year"),
}


def _length(rule: privacy.Rule, language: str) -> str:
    never, days, months, years, year_end = _LENGTHS[language]
    if rule.period is None:
        return never
    period = rule.period
    told = [
        words.format(count)
        for words, count in ((days, period.days), (months, period.months), (years, period.years))
        if count
    ]
    return ", ".join([*told, *([year_end] if period.year_end else [])])
