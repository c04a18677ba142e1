"""A certificate of consent as PDF: the data of the ledger in words, the same bytes for the same data."""

import hashlib
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import orjson

from werkbote.papers import press

_QUOTE = re.compile(r"(wrote|button) “(.*)”", re.DOTALL)
_OURS = frozenset({"act", "kind"})
"""What evidence says in words of ours; everything else is printed as it was said or shown."""


def pdf(content: bytes, *, words: Mapping[str, Any], purposes: Mapping[str, str]) -> bytes:
    """Return the certificate whose canonical JSON is given, dated by its newest entry.

    Raises press.UnableToPrint for text that cannot be set.
    """
    data = orjson.loads(content)
    newest = max(_moment(one["chain"]["content"]["recorded_at"]) for one in _events(data))
    return press.pdf(
        "certificate",
        {
            "language": "de",
            "labels": {
                key: words[key] for key in ("title", "lead", "history", "digest", "page", "gone")
            },
            "date": [newest.year, newest.month, newest.day],
            "digest": hashlib.sha256(content).hexdigest(),
            "consents": [_consent(one, words, purposes) for one in data["consents"]],
        },
        at=newest,
    )


def _events(data: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [event for one in data["consents"] for event in one["events"]]


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def _consent(
    one: Mapping[str, Any], words: Mapping[str, Any], purposes: Mapping[str, str]
) -> dict[str, Any]:
    standing = one["standing"]
    since = f", {words['since']} {_shown(standing['since'])}" if standing["since"] else ""
    return {
        "purpose": purposes.get(one["purpose"], one["purpose"]),
        "standing": f"{words['standing']}: {words['states'][standing['state']]}{since}",
        "events": [_event(event, words) for event in one["events"]],
    }


def _event(event: Mapping[str, Any], words: Mapping[str, Any]) -> dict[str, Any]:
    content, evidence = event["chain"]["content"], event["evidence"]
    rows = [] if evidence is None else _rows(evidence, words)
    return {
        "deed": words["deeds"][content["deed"]],
        "at": _shown(content["occurred_at"]),
        "line": f"{words['entry']} {content['position']} · {words['by']} {_who(content['by'], words)}",
        "chain": f"{words['chain']} {event['chain']['hash']}",
        "gone": evidence is None and bool(content["evidence"]),
        "rows": rows,
    }


def _rows(evidence: Mapping[str, Any], words: Mapping[str, Any]) -> list[list[str]]:
    found = []
    for name, label in words["fields"].items():
        value = evidence[name]
        if value in (None, "", []):
            continue
        found.append([label, _said(name, value, words)])
    return found


def _who(by: str, words: Mapping[str, Any]) -> str:
    kind, _, number = by.partition(":")
    return f"{words['who'].get(kind, kind)} {number}".rstrip()


def _said(field: str, value: object, words: Mapping[str, Any]) -> str:
    parts = words["parts"]
    if isinstance(value, Mapping):
        lines = [
            f"{parts[name]}: {_said(name, part, words)}"
            if parts[name]
            else _said(name, part, words)
            for name, part in value.items()
            if part not in (None, "")
        ]
        return "\n".join(lines)
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)
    if isinstance(value, bool):
        return "ja" if value else "nein"
    if field in _OURS:
        return press.printable("; ".join(_own(one, words) for one in str(value).split("; ")))
    return _shown(press.printable(str(value)))


def _own(stored: str, words: Mapping[str, Any]) -> str:
    """Return words of ours in German; what somebody wrote or tapped is quoted."""
    quoted = _QUOTE.fullmatch(stored)
    if quoted is not None:
        return str(words["quoted"][quoted[1]]).replace("{words}", quoted[2])
    return str(words["said"].get(stored, stored))


def _shown(text: str) -> str:
    """Return a moment as people read it, anything else as it is."""
    try:
        moment = _moment(text) if text[4:5] == "-" and "T" in text else None
    except ValueError:
        moment = None
    if moment is not None:
        return f"{moment:%d.%m.%Y %H:%M:%S} UTC"
    return text
