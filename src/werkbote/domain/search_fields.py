"""What is asked for in one search field: plain words, and `field:value` pairs in German or English."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime

MOST = 400
"""How many characters of a search are read."""

_PAIR = re.compile(r"(?:(?P<key>[^\W\d_]+):)?(?P<value>\"[^\"]*\"|\S+)")
_DAYS = ("%d.%m.%Y", "%d.%m.%y", "%Y-%m-%d")

KEYS = {
    "kennzeichen": "plate",
    "plate": "plate",
    "von": "since",
    "seit": "since",
    "from": "since",
    "since": "since",
    "bis": "until",
    "until": "until",
    "to": "until",
    "label": "label",
    "etikett": "label",
    "art": "kind",
    "kind": "kind",
    "vorgang": "case",
    "case": "case",
    "person": "person",
    "name": "person",
    "nummer": "number",
    "telefon": "number",
    "number": "number",
    "phone": "number",
}
"""What a field may be called, and what it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is looked for: `words` anywhere, the rest where it belongs; empty asks for nothing.

    `not_understood` holds the pairs whose value says nothing, as they were typed.
    """

    words: str = ""
    person: str = ""
    number: str = ""
    plate: str = ""
    case: str = ""
    label: str = ""
    kind: str = ""
    since: date | None = None
    until: date | None = None
    not_understood: tuple[str, ...] = field(default=())

    @property
    def is_empty(self) -> bool:
        """Return whether nothing at all is asked for."""
        return self == Asked(not_understood=self.not_understood)


def read(text: str) -> Asked:
    """Return what a line asks for; a value with spaces stands in quotation marks.

    `kennzeichen:"HH-AB 123" von:1.10.2026 bremse` asks for a plate, a first day and a word. What is
    no field, such as `http://…` or `10:30`, is a word.
    """
    found: dict[str, str] = {}
    words: list[str] = []
    broken: list[str] = []
    days: dict[str, date] = {}
    for whole, key, value in _pairs(unicodedata.normalize("NFKC", text[:MOST])):
        if not key:
            words.append(value or whole)
        elif key in {"since", "until"}:
            day = read_day(value)
            if day is None:
                broken.append(whole)
            else:
                days[key] = day
        elif value:
            found[key] = f"{found[key]} {value}" if key in found else value
    return Asked(
        words=" ".join(words),
        since=days.get("since"),
        until=days.get("until"),
        not_understood=tuple(broken),
        **found,
    )


def read_day(text: str) -> date | None:
    """Return the day that is written as 1.10.2026 or 2026-10-01, None for anything else."""
    for pattern in _DAYS:
        try:
            return datetime.strptime(text.strip(), pattern).date()  # noqa: DTZ007 -- a day has no zone
        except ValueError:
            continue
    return None


def joined(line: Asked, form: Asked) -> Asked:
    """Return what a line and a form ask for together; where both say something, the form counts."""
    said = {one.name: getattr(form, one.name) for one in fields(form)}
    return replace(line, **{name: value for name, value in said.items() if value})


def changed(line: Asked, *, kind: str, typed: str) -> Asked:
    """Return a line with its kind as the code it means; what means none is not understood."""
    broken = line.not_understood if kind else (*line.not_understood, typed)
    return replace(line, kind=kind, not_understood=broken)


def _pairs(text: str) -> Iterator[tuple[str, str, str]]:
    for match in _PAIR.finditer(text):
        key, value = match["key"], match["value"].strip('"').strip()
        known = KEYS.get(key.casefold()) if key else None
        if known:
            yield match.group(), known, value
        elif key:
            yield match.group(), "", match.group().strip('"')
        elif value:
            yield match.group(), "", value
