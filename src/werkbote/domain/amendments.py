"""What a house may word or set for itself over the shipped law files, and what must stay in it."""

import json
import re
from collections.abc import Collection, Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import time
from hashlib import sha256
from typing import Any

from werkbote.domain import withdrawal

TOPICS = ("optin", "hours", "notice", "purposes", "withdrawal")
"""Law files over which a house may lay versions of its own."""

TEXTS: Mapping[str, tuple[str, ...]] = {
    "request": ("{company}", "{purpose}", "{frequency}", "{link}", "STOPP"),
    "granted": ("STOPP",),
    "receipt_advertising": ("ALLES STOPP",),
    "receipt_everything": (),
    "ask_back": (),
    "stop_line": ("STOPP",),
    "not_counted": (),
    "own_page": ("{page}", "{days}"),
    "form.intro": (),
    "form.box": ("{company}", "{purpose}", "{frequency}"),
    "form.announce": ("STOPP",),
}
"""Texts that may be worded anew, by what they must keep (DSGVO Art. 7(2), (3))."""

NOTICE: Mapping[str, tuple[str, ...]] = {
    "controller": ("{company}",),
    "purpose": (),
    "transfer": ("Meta", "USA"),
    "restraint": (),
    "objection": ("{link}",),
}
"""Sentences of the first-contact notice that may be worded anew, by what they must keep (Art. 13, 21(4))."""

PURPOSE: Mapping[str, int] = {"name_de": 60, "name_en": 60, "detail_de": 160, "detail_en": 160}
"""What of a purpose may be worded anew, by its longest length; basis and class are law."""

ENDING = ("advertising", "everything")
"""The readings to which a house may add words of withdrawal."""

LANGUAGES = ("de", "en")
_MOST_WORDS = 50
_LONGEST_WORDS = 60
_MOST_TEXT = 900
_MOST_KEYWORDS = 20
_SHORTEST_WORDS = 3
LONGEST_SPAN = 366
_PLACE = re.compile(r"\{[^{}]*\}|[{}]")


class UnableToAmend(ValueError):
    """This version cannot stand; the sentence says what to change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Keyword:
    """Words that, sent alone, ask for consents."""

    words: str
    purposes: tuple[str, ...]


def check_text(name: str, text: str) -> None:
    """Raise UnableToAmend where a text lacks what it must keep, or holds places nobody fills."""
    if not text.strip() or len(text) > _MOST_TEXT:
        raise UnableToAmend("A text has between 1 and 900 signs.")
    _check_kept(text, TEXTS[name])


def check_notice(element: str, text: str) -> None:
    """Raise UnableToAmend where a sentence of the notice lacks what it must keep, or is empty."""
    if not text.strip() or len(text) > _MOST_TEXT or "\n" in text:
        raise UnableToAmend("A sentence of the notice is one line of up to 900 signs.")
    _check_kept(text, NOTICE[element])


def _check_kept(text: str, kept: Collection[str]) -> None:
    if any(part not in text for part in kept):
        raise UnableToAmend("A text lost something it must keep: compare it with the shipped one.")
    allowed = {part for part in kept if part.startswith("{")} | {"{company}", "{link}"}
    if not set(_PLACE.findall(text)) <= allowed:
        raise UnableToAmend("A text names a place in braces that nobody fills.")


def check_keywords(keywords: Collection[Keyword], *, opt_in: Collection[str]) -> None:
    """Raise UnableToAmend for no keyword, too many, doubles, or one for what needs no consent."""
    if not 1 <= len(keywords) <= _MOST_KEYWORDS:
        raise UnableToAmend("Between 1 and 20 keywords are possible.")
    if len({keyword.words for keyword in keywords}) != len(keywords):
        raise UnableToAmend("A keyword stands twice.")
    for keyword in keywords:
        if not keyword.words or not keyword.purposes or not set(keyword.purposes) <= set(opt_in):
            raise UnableToAmend("Each keyword needs words and purposes that need a consent.")


def check_hours(opens: str, closes: str, weekdays: Collection[int]) -> None:
    """Raise UnableToAmend unless the hours open before they close on days of the week."""
    try:
        in_order = time.fromisoformat(opens) < time.fromisoformat(closes)
    except ValueError:
        in_order = False
    if not in_order or not weekdays or not set(weekdays) <= set(range(1, 8)):
        raise UnableToAmend("The hours must open before they close, on at least one day.")


def check_purpose(entry: Mapping[str, Any], part: str, value: object) -> None:
    """Raise UnableToAmend for what of a purpose is law, is no name, or promises less than was agreed to."""
    if part == "caps":
        _check_caps(entry, value)
        return
    most = PURPOSE.get(part)
    if most is None:
        raise UnableToAmend("Basis and class of a purpose are law and cannot be changed here.")
    text = value if isinstance(value, str) else ""
    needed = part.startswith("name")
    if len(text) > most or (needed and not text.strip()) or any(sign in text for sign in "{}\n„“"):
        raise UnableToAmend(
            "A purpose has a name of up to 60 signs and up to 160 that explain it, on one line."
        )


def _check_caps(entry: Mapping[str, Any], value: object) -> None:
    """Let a cap be tighter than shipped, never wider: who agreed was promised the shipped one."""
    shipped = entry.get("caps", [])
    given = value if isinstance(value, list) else []
    if len(given) != len(shipped) or not shipped:
        raise UnableToAmend("This purpose has no frequency that could be changed.")
    for promised, own in zip(shipped, given, strict=True):
        count, days = own.get("count"), own.get("days")
        if not isinstance(count, int) or not isinstance(days, int):
            raise UnableToAmend("A frequency is a number of messages in a number of days.")
        if not 1 <= count <= promised["count"] or not promised["days"] <= days <= LONGEST_SPAN:
            raise UnableToAmend(
                "Messages may come less often than shipped, never more often: people agreed to that."
            )


def check_words(added: Mapping[str, Collection[str]]) -> None:
    """Raise UnableToAmend for unknown readings, too many words, or words too long or too short to be any."""
    if not set(added) <= set(ENDING):
        raise UnableToAmend("Words can be added that end advertising, or everything.")
    words = [word for found in added.values() for word in found]
    if len(words) > _MOST_WORDS or len(set(words)) != len(words):
        raise UnableToAmend("Up to 50 words of withdrawal can be added, each once.")
    if any(not _SHORTEST_WORDS <= len(word.strip()) <= _LONGEST_WORDS for word in words):
        raise UnableToAmend("A word of withdrawal has between 3 and 60 signs.")


def amended(topic: str, document: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return a law file of a topic as a house's changes make it."""
    if topic == "notice":
        return versioned(document, changes)
    if topic == "purposes":
        return _with_purposes(document, changes)
    if topic == "withdrawal":
        return _with_words(document, changes)
    return laid_over(document, changes)


def _with_purposes(document: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return the purposes with a house's names and caps; changes go by `P-05.name_de`."""
    made = deepcopy(dict(document))
    for entry in made["purposes"]:
        for part in (*PURPOSE, "caps"):
            if (name := f"{entry['code']}.{part}") in changes:
                entry[part] = changes[name]
    return made


def _with_words(document: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return the vocabulary with a house's words beside the shipped ones, of which none can go."""
    made = deepcopy(dict(document))
    added = {scope: changes.get(scope, []) for scope in ENDING}
    sure = {withdrawal.normalise(word) for found in added.values() for word in found}
    exact = made["exact"]
    exact["unclear"] = [one for one in exact["unclear"] if withdrawal.normalise(one) not in sure]
    for scope, words in added.items():
        exact[scope] = [*exact[scope], *words]
    return made


def versioned(document: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return a law file with a house's own values, under a version that other values do not have."""
    made = laid_over(document, changes)
    values = json.dumps(dict(changes), sort_keys=True, ensure_ascii=False)
    made["version"] = f"{document['version']}-{sha256(values.encode()).hexdigest()[:8]}"
    return made


def laid_over(document: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return a law file with a house's own values in place of the shipped ones.

    `changes` go by dotted names (`form.box.de`); a name the file does not have is passed over.
    """
    made = deepcopy(dict(document))
    for name, value in changes.items():
        *path, last = name.split(".")
        place: Any = made
        for step in path:
            place = place.get(step) if isinstance(place, dict) else None
        if isinstance(place, dict) and last in place:
            place[last] = value
    return made
