"""What a customer may tap instead of writing: up to three buttons, or a list behind one; Meta's limits.

Sources: Cloud API, “Interactive reply buttons messages” and “Interactive list messages” (May 2026).
"""

import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

MOST_BUTTONS = 3
MOST_ROWS = 10
MOST_BUTTON = 20
"""Characters of a button, and of the button that opens a list."""

MOST_TITLE = 24
"""Characters of a line's title, and of a heading above lines."""

MOST_DESCRIPTION = 72
_MOST_KEY = 200
_ZERO_WIDTH_JOINERS = "\u200c\u200d"
_BLANK = "\u115f\u1160\u2800\u3164\uffa0"
"""Letters and symbols that show nothing."""


class Kind(StrEnum):
    """How the answers are offered."""

    BUTTONS = "buttons"
    LIST = "list"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line of a list; `heading` stands above it and begins a section."""

    title: str
    description: str = ""
    heading: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """The answers of one message: `buttons`, or the `rows` of a list behind the button `label`."""

    kind: Kind
    buttons: tuple[str, ...] = ()
    label: str = ""
    rows: tuple[Row, ...] = ()


def tidied(offer: Offer) -> Offer:
    """Return the offer without spaces at the edges, and without fields in which nothing stands."""
    rows = (
        Row(
            title=row.title.strip(),
            description=row.description.strip(),
            heading=row.heading.strip(),
        )
        for row in offer.rows
    )
    return Offer(
        kind=offer.kind,
        buttons=tuple(one.strip() for one in offer.buttons if one.strip()),
        label=offer.label.strip(),
        rows=tuple(row for row in rows if row.title or row.description or row.heading),
    )


def words(offer: Offer) -> Iterator[str]:
    """Yield everything a customer could read of an offer beside the text above it."""
    if offer.kind is Kind.BUTTONS:
        yield from offer.buttons
        return
    yield offer.label
    for row in offer.rows:
        yield from (row.heading, row.title, row.description)


def problems(offer: Offer, *, whole: bool = True) -> tuple[str, ...]:
    """Return what Meta would refuse, each sentence once; what is only missing where it must be `whole`."""
    found = [*_broken(offer), *(_missing(offer) if whole else ())]
    if any(_is_unseen(word) for word in words(offer)):
        found.append("An answer holds signs that cannot be seen: write it anew, on one line.")
    return tuple(dict.fromkeys(found))


def content(offer: Offer) -> dict[str, Any]:
    """Return an offer as the content of a message; each answer has a key that comes back when tapped."""
    if offer.kind is Kind.BUTTONS:
        buttons = enumerate(offer.buttons, 1)
        return {"buttons": [{"id": f"b{place}", "title": one} for place, one in buttons]}
    sections: list[dict[str, Any]] = []
    for place, row in enumerate(offer.rows, 1):
        if row.heading or not sections:
            sections.append({"title": row.heading, "rows": []})
        line = {"id": f"r{place}", "title": row.title, "description": row.description}
        sections[-1]["rows"].append(line)
    return {"list": {"label": offer.label, "sections": sections}}


def of(content: Mapping[str, Any]) -> Offer | None:
    """Return the offer in the content of a message; None where there is none, or a malformed one."""
    listed = content.get("list")
    try:
        if listed is not None:
            rows = tuple(_rows(listed["sections"]))
            offer = Offer(kind=Kind.LIST, label=_text(listed["label"]), rows=rows)
            keys = [row["id"] for section in listed["sections"] for row in section["rows"]]
        else:
            buttons = [_text(one["title"]) for one in content["buttons"]]
            offer = Offer(kind=Kind.BUTTONS, buttons=tuple(buttons))
            keys = [one["id"] for one in content["buttons"]]
    except (KeyError, TypeError):
        return None
    proper = all(isinstance(key, str) and 0 < len(key) <= _MOST_KEY for key in keys)
    return offer if proper and len(set(keys)) == len(keys) else None


def stored(offer: Offer | None) -> dict[str, Any] | None:
    """Return an offer as it is kept while it is written, whatever is wrong with it."""
    if offer is None:
        return None
    rows = [[row.title, row.description, row.heading] for row in offer.rows]
    return {"kind": offer.kind, "buttons": offer.buttons, "label": offer.label, "rows": rows}


def restored(kept: Mapping[str, Any] | None) -> Offer | None:
    """Return what was kept."""
    if not kept:
        return None
    return Offer(
        kind=Kind(kept["kind"]),
        buttons=tuple(kept["buttons"]),
        label=kept["label"],
        rows=tuple(
            Row(title=one, description=two, heading=three) for one, two, three in kept["rows"]
        ),
    )


def length(text: str) -> int:
    """Return how long a text is as browsers and phones count it: a pictograph outside the BMP is two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _rows(sections: Sequence[Mapping[str, Any]]) -> Iterator[Row]:
    for section in sections:
        for place, row in enumerate(section["rows"]):
            yield Row(
                title=_text(row["title"]),
                description=_text(row.get("description", "")),
                heading=_text(section.get("title", "")) if place == 0 else "",
            )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _missing(offer: Offer) -> Iterator[str]:
    if offer.kind is Kind.BUTTONS:
        if not offer.buttons or any(_is_blank(one) for one in offer.buttons):
            yield "Write on the buttons what the customer can answer."
        return
    if _is_blank(offer.label):
        yield "The button that opens the list needs words of its own."
    if not offer.rows:
        yield "Write at least one line for the list."
    if any(_is_blank(row.title) for row in offer.rows):
        yield "Every line of the list needs a title."
    if any(row.heading for row in offer.rows) and _is_blank(offer.rows[0].heading):
        yield "With headings, the first line of the list needs one too."


def _broken(offer: Offer) -> Iterator[str]:
    listed = offer.kind is Kind.LIST
    if listed and len(offer.rows) > MOST_ROWS:
        yield "Ten lines at most: leave some out."
    if not listed and len(offer.buttons) > MOST_BUTTONS:
        yield "Three buttons at most: take a list for more answers."
    for texts, most, sentence in _LENGTHS[offer.kind]:
        if any(length(text) > most for text in texts(offer)):
            yield sentence
    if listed and _twice([f"{row.title}\n{row.description}" for row in offer.rows]):
        yield "Two lines of the list say the same: give each words of its own."
    if not listed and _twice(offer.buttons):
        yield "Two buttons say the same: give each words of its own."


_LENGTHS: Mapping[Kind, tuple[tuple[Callable[[Offer], Sequence[str]], int, str], ...]] = {
    Kind.BUTTONS: (
        (
            lambda offer: offer.buttons,
            MOST_BUTTON,
            "A button has more than 20 characters: shorten it.",
        ),
    ),
    Kind.LIST: (
        (
            lambda offer: (offer.label,),
            MOST_BUTTON,
            "The button that opens the list has more than 20 characters: shorten it.",
        ),
        (
            lambda offer: [row.title for row in offer.rows],
            MOST_TITLE,
            "A title in the list has more than 24 characters: shorten it.",
        ),
        (
            lambda offer: [row.description for row in offer.rows],
            MOST_DESCRIPTION,
            "A description in the list has more than 72 characters: shorten it.",
        ),
        (
            lambda offer: [row.heading for row in offer.rows],
            MOST_TITLE,
            "A heading in the list has more than 24 characters: shorten it.",
        ),
    ),
}


def _twice(texts: Sequence[str]) -> bool:
    said = [plain for plain in map(_plain, texts) if plain]
    return len(set(said)) < len(said)


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _is_unseen(text: str) -> bool:
    """Return whether a text holds line ends, controls or turned writing, which nobody would see."""
    return any(
        unicodedata.category(sign) in {"Cc", "Cf", "Cs", "Zl", "Zp"}
        and sign not in _ZERO_WIDTH_JOINERS
        for sign in text
    )


def _is_blank(text: str) -> bool:
    return not any(unicodedata.category(sign)[0] in "LNPS" and sign not in _BLANK for sign in text)
