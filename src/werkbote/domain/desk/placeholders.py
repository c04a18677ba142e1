"""Places in a canned reply that are filled for one conversation: {Anrede}, {Name}, {Kennzeichen} and others."""

import re
from collections.abc import Mapping
from enum import StrEnum


class Place(StrEnum):
    """What can be filled in; the words stand in the texts that German workshops write."""

    GREETING = "Anrede"
    NAME = "Name"
    FIRST_NAME = "Vorname"
    PLATE = "Kennzeichen"
    VEHICLE = "Fahrzeug"
    INSPECTION = "HU"
    BRANCH = "Betrieb"
    MEMBER = "Mitarbeiter"


_PLACE = re.compile(r"\{(" + "|".join(place.value for place in Place) + r")\}", re.IGNORECASE)
_BY_WORD = {place.value.casefold(): place for place in Place}


def fill(text: str, values: Mapping[Place, str]) -> str:
    """Return the text with every place filled that has a value; the others stay, to be seen."""
    return _PLACE.sub(lambda found: values.get(_place(found)) or found.group(), text)


def gaps(text: str) -> tuple[str, ...]:
    """Return the places a text still holds, each once, in order."""
    return tuple(dict.fromkeys(found.group() for found in _PLACE.finditer(text)))


def greeting(name: str) -> str:
    """Return how somebody is greeted of whom we know a name at most (no title is guessed from it)."""
    return f"Guten Tag {name}".strip()


def _place(found: re.Match[str]) -> Place:
    return _BY_WORD[found.group(1).casefold()]
