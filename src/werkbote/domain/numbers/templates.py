"""A template as the house writes it: its parts, Meta's limits, and Meta's own shape of it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any

ASKS = "consent"
"""The purpose of a template that asks for a consent to be confirmed, and does nothing else."""

PLACE = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")


class Category(StrEnum):
    """What Meta calls a template; it decides the price, not the law."""

    UTILITY = "UTILITY"
    MARKETING = "MARKETING"


class ButtonKind(StrEnum):
    """What a button does; `value` of the button is the address or the number."""

    QUICK_REPLY = "QUICK_REPLY"
    URL = "URL"
    PHONE_NUMBER = "PHONE_NUMBER"


class Part(StrEnum):
    """A part of a template, as problems name it."""

    NAME = "name"
    LANGUAGE = "language"
    CATEGORY = "category"
    PURPOSE = "purpose"
    HEADER = "header"
    BODY = "body"
    FOOTER = "footer"
    BUTTONS = "buttons"
    EXAMPLES = "examples"


LIMITS: Mapping[str, int] = MappingProxyType(
    {
        "name": 512,
        "header": 60,
        "body": 1024,
        "footer": 60,
        "buttons": 10,
        "urls": 2,
        "phones": 1,
        "button": 25,
        "url": 2000,
        "phone": 20,
        "words_per_place": 2,
        "edits_a_month": 10,
        "name_blocked_days": 30,
        "account": 250,
    }
)
"""Meta's limits (documentation of the Cloud API, 2026-11): lengths in characters, the rest in pieces."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """One button under a template."""

    kind: ButtonKind
    text: str
    value: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A template before it is handed in. `examples` fill the places of the body, in order."""

    name: str
    language: str
    category: str
    purpose: str
    body: str
    header: str = ""
    footer: str = ""
    examples: tuple[str, ...] = ()
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What is wrong with one part, as a sentence with what to do."""

    part: Part
    sentence: str


def places(text: str) -> tuple[str, ...]:
    """Return what stands in the braces of a text, in order, each once."""
    return tuple(dict.fromkeys(PLACE.findall(text)))


def fill(text: str, examples: Sequence[str]) -> str:
    """Return a text with its places filled; a place without an example stays as it is."""
    known = {str(number): example for number, example in enumerate(examples, 1) if example}
    return PLACE.sub(lambda found: known.get(found.group(1), found.group(0)), text)


def components(draft: Draft) -> list[dict[str, Any]]:
    """Return a draft's parts in Meta's shape."""
    made: list[dict[str, Any]] = []
    if draft.header:
        made.append({"type": "HEADER", "format": "TEXT", "text": draft.header})
    body: dict[str, Any] = {"type": "BODY", "text": draft.body}
    if draft.examples:
        body["example"] = {"body_text": [list(draft.examples)]}
    made.append(body)
    if draft.footer:
        made.append({"type": "FOOTER", "text": draft.footer})
    if draft.buttons:
        made.append({"type": "BUTTONS", "buttons": [_button(one) for one in draft.buttons]})
    return made


def _button(button: Button) -> dict[str, Any]:
    made: dict[str, Any] = {"type": str(button.kind), "text": button.text}
    if button.kind is ButtonKind.URL:
        made["url"] = button.value
    if button.kind is ButtonKind.PHONE_NUMBER:
        made["phone_number"] = button.value
    return made


def draft_of(
    parts: Sequence[Mapping[str, Any]], *, name: str, language: str, category: str, purpose: str
) -> Draft:
    """Return what of Meta's shape this house can write; files in headers and other buttons are left out."""
    known = {str(part.get("type", "")).upper(): part for part in parts}
    header, body = known.get("HEADER", {}), known.get("BODY", {})
    examples = (body.get("example") or {}).get("body_text") or [[]]
    buttons = known.get("BUTTONS", {}).get("buttons") or []
    return Draft(
        name=name,
        language=language,
        category=category,
        purpose=purpose,
        header=str(header.get("text", "")) if header.get("format", "TEXT") == "TEXT" else "",
        body=str(body.get("text", "")),
        footer=str(known.get("FOOTER", {}).get("text", "")),
        examples=tuple(str(one) for one in examples[0]),
        buttons=tuple(
            Button(
                kind=ButtonKind(one["type"]),
                text=str(one.get("text", "")),
                value=str(one.get("url") or one.get("phone_number") or ""),
            )
            for one in buttons
            if str(one.get("type", "")) in set(ButtonKind)
        ),
    )
