"""The library of ready-made workshop templates: read from its dated file."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from werkbote.domain.numbers.templates import Button, ButtonKind, Draft


class UnableToReadLibrary(ValueError):
    """The file of templates is incomplete or malformed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One ready-made template: what it is called and for, and the draft. `basic` ones are the first set."""

    name_de: str
    name_en: str
    note_de: str
    note_en: str
    group: str
    basic: bool
    draft: Draft


def parse(document: Mapping[str, Any]) -> tuple[Entry, ...]:
    """Return the entries of a loaded file; raise UnableToReadLibrary with what is wrong."""
    try:
        return tuple(_entry(one) for one in document["templates"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UnableToReadLibrary(
            f"The library of templates is incomplete or malformed ({error!r}). "
            "Compare it with the one that was valid before it."
        ) from error


def _entry(content: Mapping[str, Any]) -> Entry:
    return Entry(
        name_de=content["de"],
        name_en=content["en"],
        note_de=content["note_de"],
        note_en=content["note_en"],
        group=content["group"],
        basic=bool(content.get("basic", False)),
        draft=Draft(
            name=content["name"],
            language=content.get("language", "de"),
            category=content["category"],
            purpose=content["class"],
            header=content.get("header", ""),
            body=content["body"].strip(),
            footer=content.get("footer", ""),
            examples=tuple(str(one) for one in content.get("examples", ())),
            buttons=tuple(
                Button(
                    kind=ButtonKind(one.get("kind", "QUICK_REPLY")),
                    text=one["text"],
                    value=one.get("value", ""),
                )
                for one in content.get("buttons", ())
            ),
        ),
    )
