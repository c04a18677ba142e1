"""Whom an internal note calls: “@Anna” or “@Anna Muster”, where that is one member and no other."""

import re
from collections.abc import Mapping

_AT = re.compile(r"(?<![\w@])@(\w[\w'’-]*(?:[ ]\w[\w'’-]*)?)")


def mentioned(text: str, *, members: Mapping[int, str]) -> frozenset[int]:
    """Return the members a note calls; `members` are the names of those who can read it.

    The whole name wins over a first name; a first name that two share calls nobody.
    """
    found: set[int] = set()
    for call in _AT.findall(text):
        whole = _named(call, members)
        first = call.split(" ")[0]
        found |= whole or _named(first, members) or _first_named(first, members)
    return frozenset(found)


def _named(call: str, members: Mapping[int, str]) -> set[int]:
    return {member for member, name in members.items() if name.casefold() == call.casefold()}


def _first_named(call: str, members: Mapping[int, str]) -> set[int]:
    same = {
        member
        for member, name in members.items()
        if name.casefold().split(" ")[0] == call.casefold()
    }
    return same if len(same) == 1 else set()
