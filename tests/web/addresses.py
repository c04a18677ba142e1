"""Every page's address in a furnished house: its rows' ids in the places the table of addresses leaves."""

from collections.abc import Iterator, Mapping

from tests import furnished
from tests.web import test_roles
from werkbote.store import ids

_ROW_OF = {
    "media_id": "media",
    "team_id": "team",
    "person": "restricted",
    "event": "dead",
    "row": "label",
}
"""The kind of row a place names, where it is not the place's own name."""
_ROWS_OF: Mapping[str, Mapping[str, str]] = {
    "protected-chat": {"chat": "protected"},
    "protected-file": {"chat": "protected", "file": "protected_file"},
    "transcript": {"message": "voice"},
    "transcribe": {"message": "voice"},
    "why": {"message": "reply"},
}

_WORDS = {
    "what": "label",
    "deed": "take",
    "step": "webhook",
    "secret": "token",
    "topic": "texts",
    "name": "teile_da",
    "record": "r1",
    "kind": "pdf",
}
_WORDS_OF: Mapping[str, Mapping[str, str]] = {
    "report-table": {"what": "days"},
    "way-sheet": {"kind": "poster.pdf"},
    "contact-code": {"kind": "svg"},
    "invite-qr": {"kind": "svg"},
    "confirm-step": {"what": "transfer"},
    "outside-list": {"kind": "json"},
}
"""What stands where a word is expected: for every page, and for single ones."""


def address(house: furnished.House, name: str, *, row: int | None = None) -> str:
    """The address of a page in a house; with `row`, of that row instead of the furnished ones.

    Raises KeyError where no row of a kind is furnished.
    """
    page = test_roles.PAGES[name].pattern
    path = str(page)
    for place in page.converters:
        if f"<int:{place}>" in path:
            found = _row(house, name, place) if row is None else row
            path = path.replace(f"<int:{place}>", str(found))
        else:
            word = _word(house, name, place)
            path = path.replace(f"<slug:{place}>", word).replace(f"<str:{place}>", word)
    return f"/{path}"


def _row(house: furnished.House, name: str, place: str) -> int:
    if place == "branch":
        return house.branch
    if name == "use-card" and place == "place":
        return 0
    return house.first[_ROWS_OF.get(name, {}).get(place) or _ROW_OF.get(place, place)]


def _word(house: furnished.House, name: str, place: str) -> str:
    if place == "house":
        return ids.short(house.branch)
    return _WORDS_OF.get(name, {}).get(place) or _WORDS[place]


def with_rows() -> Iterator[str]:
    """Every guarded page whose address names a row."""
    for name in test_roles.GUARDED:
        if "<int:" in str(test_roles.PAGES[name].pattern):
            yield name


def without_rows() -> Iterator[str]:
    """Every guarded page whose address names no row, the way out apart."""
    for name in test_roles.GUARDED:
        if "<int:" not in str(test_roles.PAGES[name].pattern) and name != "logout":
            yield name
