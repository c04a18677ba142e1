"""What the records of processing say today, and what they are made from: law files, settings, rows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import orjson

from werkbote.domain import duties, law, privacy
from werkbote.store import duties as lines
from werkbote.store import duties_joint, keyring, models, notice, personal_data, rechtsstand, vault

LANGUAGES = ("de", "en")
_TOPICS = ("records", "purposes", "retention", "outside")
_ABOUT_PEOPLE = frozenset({personal_data.Whose.PERSON, personal_data.Whose.MEMBER})
_BODY = {"table": "paper", "column": "body_sealed"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ground:
    """Everything an activity is described by, read once."""

    outline: duties.records.Outline
    law: law.Law
    retention: privacy.Retention
    rules: duties.recipients.Rules
    entries: Mapping[str, duties.recipients.Entry]
    connections: Sequence[duties.outside.Connection]


def sealed(keys: vault.OrganisationKeys, row: int, body: Mapping[str, Any]) -> bytes:
    """Return what a version says as its row keeps it."""
    return keys.main.seal(orjson.dumps(dict(body)), row=row, **_BODY)


def body(keys: vault.OrganisationKeys, row: models.Paper) -> dict[str, Any]:
    """Return what a version says, and the digests of what it was made from."""
    found: dict[str, Any] = orjson.loads(keys.main.open(row.body_sealed, row=row.id, **_BODY))
    return found


def today(*, organisation: int, day: date) -> tuple[dict[str, str], dict[str, dict[str, Any]]]:
    """Return the fingerprint of the sources of today's records, and what they say by language; inside a scope."""
    keys = keyring.organisation(organisation)
    branches = [asdict(notice.details(keys, row)) for row in models.Branch.objects.order_by("id")]
    entries = lines.entries(keys, day=day)
    connections = lines.connections(organisation=organisation, day=day)
    ground = _Ground(
        outline=rechtsstand.records(day),
        law=rechtsstand.on(day),
        retention=rechtsstand.retention(day),
        rules=rechtsstand.transfers(day),
        entries=entries,
        connections=connections,
    )
    sources: dict[str, object] = {
        topic: dict(rechtsstand.document(topic, day=day)) for topic in _TOPICS
    }
    sources["tables"] = [asdict(table) for table in personal_data.TABLES]
    sources["branches"] = branches
    sources["recipients"] = {code: asdict(entry) for code, entry in entries.items()}
    sources["connections"] = [
        [one.line.code, one.destination, one.on] for one in connections if one.recipient
    ]
    joint = [one for _, one in duties_joint.in_force(keys)]
    said = {
        language: {
            **_content(ground, branches, language),
            "joint": [duties.joint.published(one, language) for one in joint],
        }
        for language in LANGUAGES
    }
    return duties.papers.fingerprint(sources), said


def _content(
    ground: _Ground, branches: Sequence[Mapping[str, str]], language: str
) -> dict[str, Any]:
    return {
        "controllers": [
            {
                "title": f"{one['company']}, {one['branch']}",
                "address": ", ".join(filter(None, (one["street"], one["place"]))),
                "contact": ", ".join(filter(None, (one["phone"], one["email"]))),
                "officer": ", ".join(filter(None, (one["officer"], one["officer_contact"]))),
            }
            for one in branches
        ],
        "recipients": [
            _named(entry, ground, language)
            for code, entry in sorted(ground.entries.items())
            if duties.recipients.is_other(code)
        ],
        "activities": [_activity(one, ground, language) for one in ground.outline.activities],
        "measures": ground.outline.measures[language],
        "absent": [one[language] for one in ground.outline.absent],
    }


def _activity(one: duties.records.Activity, ground: _Ground, language: str) -> dict[str, object]:
    purposes, bases = duties.records.aims(one, ground.law, language)
    kinds, protections = _kept(one.tables)
    receiving = [
        ground.entries.get(line.recipient, duties.recipients.Entry(name=line.destination))
        for line in ground.connections
        if line.line.code in one.lines and line.on and line.recipient
    ]
    return {
        "title": one.title[language],
        "department": one.department[language],
        "purposes": purposes,
        "bases": bases,
        "subjects": one.subjects[language],
        "categories": [ground.outline.kinds[kind][language] for kind in kinds],
        "recipients": _once(_named(entry, ground, language) for entry in receiving),
        "transfers": _once(
            f"{entry.name}: {entry.destination or ground.outline.unknown[language]}, {_proof(entry, ground, language)}"
            for entry in receiving
            if entry.destination not in ground.rules.eea
        ),
        "periods": duties.records.periods(one, ground.retention, language),
        "measures": [ground.outline.protections[each][language] for each in protections],
    }


def _kept(tables: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return kinds of data about people in tables, and how they are protected, each once and in order."""
    fields = [
        field
        for table in personal_data.TABLES
        if table.model.removeprefix("store.") in tables
        for field in table.fields
        if field.whose in _ABOUT_PEOPLE
    ]
    kinds = [kind.value for kind in personal_data.Kind if any(one.kind is kind for one in fields)]
    protections = [
        each.value
        for each in personal_data.Protection
        if each is not personal_data.Protection.PLAIN
        and any(one.protection is each for one in fields)
    ]
    return kinds, protections


def _named(entry: duties.recipients.Entry, ground: _Ground, language: str) -> str:
    where = " › ".join(filter(None, (entry.country, entry.onward)))
    return f"{entry.name} ({where or ground.outline.unknown[language]})"


def _proof(entry: duties.recipients.Entry, ground: _Ground, language: str) -> str:
    checked = f"{entry.checked_on:%d.%m.%Y}" if entry.checked_on else ""
    words = ground.outline.bases[entry.basis][language]
    return ", ".join(filter(None, (words, checked, entry.assessment, entry.ground)))


def _once(found: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(found))
