"""One call of the Graph API as its endpoints see it: node, edge, query, fields and files."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from graphsim.errors import GraphError
from graphsim.state import number
from graphsim.state.world import World

type Json = dict[str, Any]
type Endpoint = Callable[[Call], Any]

_PAGE, _MOST = 25, 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """One uploaded part of a multipart request."""

    data: bytes
    mime_type: str
    filename: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call that passed authentication; `by` is the number it concerns or acts for."""

    world: World
    version: str
    base: str
    node: str
    rest: tuple[str, ...]
    by: number.Number
    query: Mapping[str, str]
    body: Json
    raw: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, File] = field(default_factory=dict)

    def word(self, key: str, *, required: bool = True) -> str:
        """A text of the body or the query; raises 100 when it is required and missing."""
        found = self.body.get(key, self.query.get(key))
        if found is None and not required:
            return ""
        if isinstance(found, int) and not isinstance(found, bool):
            found = str(found)
        if not isinstance(found, str) or (required and not found):
            raise GraphError(100, f"The parameter {key} is required.")
        return found

    def check_product(self) -> None:
        """Raise 100 unless messaging_product is whatsapp."""
        if self.word("messaging_product") != "whatsapp":
            raise GraphError(100, "The parameter messaging_product must be 'whatsapp'.")

    def page[T](self, items: list[T], *, key: Callable[[T], str]) -> tuple[list[T], Json]:
        """A page of a list and its `paging`; raises 131059 for a cursor that is none."""
        limit = self._limit()
        keys = [key(item) for item in items]
        start, stop = 0, len(items)
        if after := self.query.get("after"):
            start = self._place(keys, after) + 1
            stop = start + limit
        elif before := self.query.get("before"):
            stop = self._place(keys, before)
            start = max(0, stop - limit)
        else:
            stop = limit
        shown = items[start:stop]
        if not shown:
            return [], {}
        paging: Json = {
            "cursors": {"before": _cursor(keys[start]), "after": _cursor(key(shown[-1]))}
        }
        here = f"{self.base}/{self.version}/{self.node}/{'/'.join(self.rest)}?limit={limit}"
        if stop < len(items):
            paging["next"] = f"{here}&after={paging['cursors']['after']}"
        if start > 0:
            paging["previous"] = f"{here}&before={paging['cursors']['before']}"
        return shown, {"paging": paging}

    def _limit(self) -> int:
        given = self.query.get("limit", str(_PAGE))
        if not given.isascii() or not given.isdigit() or not 1 <= int(given[:9]) <= _MOST:
            raise GraphError(100, f"Param limit must be a number from 1 to {_MOST}.")
        return int(given)

    def _place(self, keys: list[str], cursor: str) -> int:
        try:
            return keys.index(bytes.fromhex(cursor).decode())
        except ValueError:
            raise GraphError(131059, "The pagination cursor is invalid.") from None

    def fields(self, whole: Json, *, always: tuple[str, ...] = ("id",)) -> Json:
        """Of an object, the fields the query asks for; all of them when it asks for none."""
        asked = self.query.get("fields")
        if not asked:
            return whole
        names = {name.split("{")[0].strip() for name in asked.split(",")} | set(always)
        return {key: value for key, value in whole.items() if key in names}


def _cursor(key: str) -> str:
    return key.encode().hex()
