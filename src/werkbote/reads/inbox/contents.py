"""What a message says beside its text, read out of the kind's own JSON; whatever that JSON holds.

Nothing here raises: a field of the wrong form is as good as absent, and the screen says so.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import orjson

from werkbote.domain.events import Json, Kind

_MAX_BUTTONS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A location; degrees are WGS 84, None where they are no numbers."""

    name: str = ""
    address: str = ""
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One contact card: how the person is called and the numbers and addresses on it."""

    name: str
    lines: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One line of an order; the price is Meta's decimal number with its currency."""

    code: str
    quantity: str
    price: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One answer of a filled-in form (flow)."""

    name: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a list that can be tapped; `heading` stands where a section begins."""

    title: str
    description: str = ""
    heading: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Menu:
    """A list behind a button."""

    label: str
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """Everything a bubble can show beside its text and its file. Most of it is empty."""

    header: str = ""
    footer: str = ""
    buttons: tuple[str, ...] = ()
    menu: Menu | None = None
    place: Place | None = None
    cards: tuple[Card, ...] = ()
    items: tuple[Item, ...] = ()
    fields: tuple[Field, ...] = ()
    note: str = ""
    template: str = ""
    problem: int | None = None
    transcribed: bool = False
    unsent: bool = False


def of(kind: str, content: Mapping[str, Json]) -> Content:
    """Return what a message of `kind` says beside its text."""
    if kind == Kind.LOCATION:
        return Content(place=_place(content))
    if kind == Kind.CONTACTS:
        return Content(cards=_cards(content))
    if kind == Kind.ORDER:
        return Content(items=_items(content))
    if kind in {Kind.INTERACTIVE, Kind.TEMPLATE}:
        return _interactive(content)
    if kind in {Kind.UNSUPPORTED, Kind.UNKNOWN}:
        return Content(note=_text(content.get("type")), problem=_problem(content))
    return Content(
        transcribed=isinstance(content.get("transcript"), dict),
        unsent=content.get("unsent") is True,
    )


def _text(value: Json) -> str:
    if isinstance(value, bool) or value is None:
        return ""
    return str(value) if isinstance(value, str | int | float) else ""


def _mapping(value: Json) -> Mapping[str, Json]:
    return value if isinstance(value, dict) else {}


def _mappings(value: Json) -> list[Mapping[str, Json]]:
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


def _degrees(value: Json, limit: int) -> float | None:
    try:
        degrees = float(_text(value))
    except ValueError:
        return None
    return degrees if abs(degrees) <= limit else None


def _place(content: Mapping[str, Json]) -> Place:
    return Place(
        name=_text(content.get("name")),
        address=_text(content.get("address")),
        latitude=_degrees(content.get("latitude"), 90),
        longitude=_degrees(content.get("longitude"), 180),
    )


def _cards(content: Mapping[str, Json]) -> tuple[Card, ...]:
    return tuple(_card(entry) for entry in _mappings(content.get("contacts")))


def _card(entry: Mapping[str, Json]) -> Card:
    name = _mapping(entry.get("name"))
    organisation = _mapping(entry.get("org"))
    spoken = _text(name.get("formatted_name")) or " ".join(
        part for part in (_text(name.get("first_name")), _text(name.get("last_name"))) if part
    )
    company = _text(organisation.get("company"))
    lines = [company] if company and company != spoken else []
    phones = [_text(phone.get("phone")) for phone in _mappings(entry.get("phones"))]
    lines += phones
    lines += [_text(mail.get("email")) for mail in _mappings(entry.get("emails"))]
    return Card(
        name=spoken,
        lines=tuple(line for line in lines if line),
        phones=tuple(phone for phone in phones if phone),
    )


def _items(content: Mapping[str, Json]) -> tuple[Item, ...]:
    return tuple(
        Item(
            code=_text(entry.get("product_retailer_id")),
            quantity=_text(entry.get("quantity")),
            price=f"{_text(entry.get('item_price'))} {_text(entry.get('currency'))}".strip(),
        )
        for entry in _mappings(content.get("product_items"))
    )


def _interactive(content: Mapping[str, Json]) -> Content:
    reply = _mapping(content.get("nfm_reply"))
    listed = _mapping(content.get("list_reply"))
    return Content(
        header=_text(_mapping(content.get("header")).get("text")),
        footer=_text(_mapping(content.get("footer")).get("text")),
        buttons=_buttons(content)[:_MAX_BUTTONS],
        menu=_menu(content),
        fields=_fields(reply.get("response_json")),
        note=_text(listed.get("description")),
        template=_text(_mapping(content.get("template")).get("name")),
    )


def _buttons(content: Mapping[str, Json]) -> tuple[str, ...]:
    action = _mapping(content.get("action"))
    titles = [
        _text(_mapping(button.get("reply")).get("title")) or _text(button.get("title"))
        for button in _mappings(action.get("buttons"))
    ]
    titles += [
        _text(button.get("text")) or _text(button.get("title"))
        for button in _mappings(content.get("buttons"))
    ]
    titles.append(_text(_mapping(action.get("parameters")).get("display_text")))
    return tuple(title for title in titles if title)


def _menu(content: Mapping[str, Json]) -> Menu | None:
    """Return the list of a message: ours, or in Meta's shape where it was sent elsewhere."""
    ours, action = _mapping(content.get("list")), _mapping(content.get("action"))
    holder = ours or action
    lines = [
        Line(
            title=_text(row.get("title")),
            description=_text(row.get("description")),
            heading=_text(section.get("title")) if place == 0 else "",
        )
        for section in _mappings(holder.get("sections"))
        for place, row in enumerate(_mappings(section.get("rows")))
        if _text(row.get("title"))
    ]
    label = _text(ours.get("label")) or _text(action.get("button"))
    return Menu(label=label, lines=tuple(lines[:_MAX_BUTTONS])) if lines else None


def _fields(response: Json) -> tuple[Field, ...]:
    answers = _parsed(response)
    return tuple(
        Field(name=name.replace("_", " "), value=_text(value) or ("✓" if value is True else "–"))
        for name, value in answers.items()
        if name != "flow_token"
    )


def _parsed(response: Json) -> Mapping[str, Json]:
    if not isinstance(response, str):
        return _mapping(response)
    try:
        parsed: Json = orjson.loads(response)
    except orjson.JSONDecodeError:
        return {}
    return _mapping(parsed)


def _problem(content: Mapping[str, Json]) -> int | None:
    for error in _mappings(content.get("errors")):
        code = error.get("code")
        if isinstance(code, int) and not isinstance(code, bool):
            return code
    return None
