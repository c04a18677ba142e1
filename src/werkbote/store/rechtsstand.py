"""The dated law files beside this module, read once and handed to the domain by day.

Inside a scope the organisation's own versions of texts and hours lie over the shipped files; what
they may touch and must keep is `domain.amendments`. Outside of one the shipped files speak.
"""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml
from django.conf import settings
from django.db import connection

from werkbote.domain import (
    amendments,
    breaches,
    cases,
    consent,
    drift,
    duties,
    law,
    numbers,
    offboarding,
    privacy,
    withdrawal,
)
from werkbote.store import scope

FOLDER = Path(__file__).parent / "rechtsstand"

_NEWEST = """
SELECT DISTINCT ON (topic) topic, changes::text FROM house_rule
WHERE topic = ANY(%s) AND valid_from <= %s
ORDER BY topic, valid_from DESC, id DESC
"""
"""Raw, since commands read the law without a database and its models."""

GATE_TOPICS = ("consent", "hours", "notice", "purposes", "rules")
_AMENDED = ("hours", "notice", "purposes")


def on(day: date) -> law.Law:
    """Return the law in force on a day, as the gate and the consent ledger need it.

    Raises:
        law.UnableToReadLaw: if no file covers a topic on that day, or one is malformed.
    """
    return _law(day, tuple(sorted(_own(_AMENDED, day).items())))


def shipped_law(day: date) -> law.Law:
    """Return the law in force on a day as it was shipped: what no house may change (basis, class)."""
    return _law(day, ())


@lru_cache(maxsize=32)
def _law(day: date, own: tuple[tuple[str, str], ...]) -> law.Law:
    documents = {topic: shipped(topic, day=day) for topic in GATE_TOPICS}
    for topic, changes in own:
        documents[topic] = amendments.amended(topic, documents[topic], json.loads(changes))
    return law.parse(documents)


def tried(topic: str, changes: Mapping[str, Any], *, day: date) -> law.Law:
    """Return the law as a house's changes to one topic would make it; stores nothing."""
    documents = {name: shipped(name, day=day) for name in GATE_TOPICS}
    documents[topic] = amendments.amended(topic, documents[topic], changes)
    return law.parse(documents)


def words(day: date) -> withdrawal.Vocabulary:
    """Return the words of withdrawal in force on a day, with those the house of this scope added.

    Raises:
        law.UnableToReadLaw: if no file covers the day.
        withdrawal.UnableToReadVocabulary: if the file is malformed.
    """
    return _vocabulary(day, _own(("withdrawal",), day).get("withdrawal", ""))


def tried_words(changes: Mapping[str, Any], *, day: date) -> withdrawal.Vocabulary:
    """Return the words of withdrawal as a house's additions would make them; stores nothing."""
    return _vocabulary(day, json.dumps(dict(changes), sort_keys=True))


@lru_cache(maxsize=8)
def _vocabulary(day: date, own: str) -> withdrawal.Vocabulary:
    found = shipped("withdrawal", day=day)
    return withdrawal.parse(
        amendments.amended("withdrawal", found, json.loads(own)) if own else found
    )


@lru_cache(maxsize=4)
def youth(day: date) -> re.Pattern[str]:
    """Return the sentences by which somebody tells on a day that they are too young to agree.

    Raises:
        law.UnableToReadLaw: if no file covers the day.
        consent.UnableToReadYouth: if the file is malformed.
    """
    return consent.youth_sentences(document("consent", day=day))


@lru_cache(maxsize=4)
def retention(day: date) -> privacy.Retention:
    """Return the deletion classes in force on a day.

    Raises:
        law.UnableToReadLaw: if no file covers the day.
        privacy.UnableToReadRetention: if the file is malformed.
    """
    return privacy.parse(document("retention", day=day))


@lru_cache(maxsize=4)
def keeping(day: date) -> cases.CaseLaw:
    """Return how cases are kept, by the law in force on a day.

    Raises:
        law.UnableToReadLaw: if no file covers the day, or it is malformed.
    """
    return cases.parse(document("cases", day=day))


@lru_cache(maxsize=4)
def plate_districts(day: date) -> frozenset[str]:
    """Return the codes number plates may begin with on a day: districts and authorities.

    Raises:
        law.UnableToReadLaw: if no file covers the day.
    """
    file = document("plates", day=day)
    districts = (code for codes in file["districts"].values() for code in codes)
    return frozenset({*districts, *file["authorities"]})


@lru_cache(maxsize=4)
def requests(day: date) -> privacy.Phrases:
    """Return the words of requests in force on a day.

    Raises:
        law.UnableToReadLaw: if no file covers the day, or it is malformed.
    """
    return privacy.parse_phrases(document("requests", day=day))


@lru_cache(maxsize=4)
def escalation(day: date) -> tuple[int, ...]:
    """Return after how many days an unanswered request is brought forward again, by the law of a day.

    Raises:
        law.UnableToReadLaw: if no file covers the day, or it is malformed.
    """
    return privacy.parse_escalation(document("requests", day=day))


@lru_cache(maxsize=4)
def reminder(day: date) -> privacy.Words:
    """Return the words by which the team is reminded of a request, in force on a day.

    Raises:
        law.UnableToReadLaw: if no file covers the day, or it is malformed.
    """
    return privacy.parse_words(document("requests", day=day))


@lru_cache(maxsize=4)
def way_out(day: date) -> offboarding.Rules:
    """Return the words and periods of leaving private WhatsApp that hold on a day.

    Raises:
        law.UnableToReadLaw: if no file covers the day, or it is malformed.
    """
    return offboarding.parse(document("old_chats", day=day))


@cache
def restricted_classes() -> frozenset[str]:
    """Return the classes of old chats that any Rechtsstand restricts: what was filed so stays so."""
    return frozenset(
        one.id
        for source, document in _documents().items()
        if source.topic == "old_chats"
        for one in offboarding.parse(document).classes
        if one.restricted
    )


@lru_cache(maxsize=4)
def breach(day: date) -> breaches.BreachLaw:
    """Return the law of data breaches in force on a day.

    Raises:
        law.UnableToReadLaw: if no file covers the day.
        breaches.UnableToReadBreachLaw: if the file is malformed.
    """
    return breaches.parse(document("breach", day=day))


@lru_cache(maxsize=4)
def defaults(day: date) -> drift.Defaults:
    """Return the privacy defaults in force on a day.

    Raises:
        law.UnableToReadLaw: if no file covers the day.
        drift.UnableToReadDefaults: if the file is malformed.
    """
    return drift.parse(document("defaults", day=day))


@lru_cache(maxsize=4)
def outside(day: date) -> duties.outside.Lines:
    """Return the lines the product speaks on, as the file in force on a day lists them.

    Raises:
        law.UnableToReadLaw: if no file covers the day.
        duties.outside.UnableToReadLines: if the file is malformed.
    """
    return duties.outside.parse(document("outside", day=day))


@lru_cache(maxsize=4)
def records(day: date) -> duties.records.Outline:
    """Return the activities that records of processing list, by the file in force on a day.

    Raises:
        law.UnableToReadLaw: if no file covers the day.
        duties.records.UnableToReadRecords: if the file is malformed.
    """
    return duties.records.parse(document("records", day=day))


@lru_cache(maxsize=4)
def transfers(day: date) -> duties.recipients.Rules:
    """Return the rules of transfers in force on a day.

    Raises:
        law.UnableToReadLaw: if no file covers the day.
        duties.recipients.UnableToReadTransfers: if the file is malformed.
    """
    return duties.recipients.parse(document("outside", day=day))


@lru_cache(maxsize=4)
def templates(day: date) -> tuple[numbers.Entry, ...]:
    """Return the library of ready-made templates as it stands on a day.

    Raises:
        law.UnableToReadLaw: if no file covers the day.
        numbers.UnableToReadLibrary: if the file is malformed.
    """
    return numbers.parse(document("templates", day=day))


def document(topic: str, *, day: date) -> Mapping[str, Any]:
    """Return the whole file on a topic that is in force on a day, as it holds for this house.

    Raises:
        law.UnableToReadLaw: if no file on the topic covers the day.
    """
    own = _own((topic,), day).get(topic, "") if topic in amendments.TOPICS else ""
    found = shipped(topic, day=day)
    return amendments.amended(topic, found, json.loads(own)) if own else found


def _own(topics: Sequence[str], day: date) -> Mapping[str, str]:
    """Return the newest versions of topics that the house of this scope made, as JSON; none if as shipped."""
    if not settings.configured or not scope.in_transaction():
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_NEWEST, [list(topics), day])
        rows = cursor.fetchall()
    return {topic: str(changes) for topic, changes in rows if changes != "{}"}


def shipped(topic: str, *, day: date) -> Mapping[str, Any]:
    """Return the whole file on a topic that is in force on a day, as it was shipped.

    Raises:
        law.UnableToReadLaw: if no file on the topic covers the day.
    """
    for source in law.in_force(_documents(), on=day):
        if source.topic == topic:
            return _documents()[source]
    raise law.UnableToReadLaw(
        f"No Rechtsstand file on {topic} covers {day.isoformat()}. Add one to {FOLDER.name}/."
    )


@cache
def _documents() -> Mapping[law.Source, Mapping[str, Any]]:
    documents: dict[law.Source, Mapping[str, Any]] = {}
    for path in sorted(FOLDER.glob("*.yaml")):
        content = yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)
        documents[law.parse_source(content)] = MappingProxyType(content)
    return MappingProxyType(documents)
