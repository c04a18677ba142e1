"""No function uploads an address book: no driver has an endpoint for it, and nothing hands one a list of people."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house import sources

CHANNELS = sources.SOURCE / "werkbote" / "channels"
_BOOK = re.compile(
    r"contact_?s?[_-]?(?:book|upload|import|sync|check)|address_?book|customaudience|audience"
    r"|(?:^|/)(?:contacts|users|usersreplace|phonebook|leads)(?:$|[/?])",
    re.IGNORECASE,
)
_ERASING = {"DELETE"}


def _paths(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Yield method and path of every request a driver builds: tuples, f-strings and strings as paths."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        words = {one.arg: one.value for one in node.keywords}
        method = _text(words["method"]) if "method" in words else "POST"
        places = [words["path"]] if "path" in words else []
        if ast.unparse(node.func) in {"_post", "_get", "_delete"}:
            places += node.args[1:2]
            method = ast.unparse(node.func)[1:].upper()
        for place in places:
            parts = place.elts if isinstance(place, ast.Tuple) else [place]
            yield method, "/".join(_text(part) for part in parts)


def _text(node: ast.AST) -> str:
    """Return a string as written, with {} for what is filled in."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(part) for part in node.values)
    return "{}"


def endpoints(folder: Path = CHANNELS) -> dict[tuple[str, str], str]:
    """Return every endpoint the drivers call, with the file that does."""
    return {
        found: sources.name(path) if path.is_relative_to(sources.ROOT) else path.name
        for path in sources.modules(folder)
        for found in _paths(sources.parsed(path))
    }


def _books(found: dict[tuple[str, str], str]) -> list[tuple[str, str]]:
    return [one for one in found if one[0] not in _ERASING and _BOOK.search(one[1])]


def test_no_driver_has_an_endpoint_that_takes_an_address_book() -> None:
    assert _books(endpoints()) == []


def test_the_drivers_endpoints_are_found() -> None:
    """The test above would be empty words if it saw no endpoints."""
    found = endpoints()
    assert ("POST", "{}/messages") in found
    assert len(found) > 5


@pytest.mark.parametrize(
    "planted",
    [
        'Call(method="POST", path=(access.number, "contacts"), body=people)',
        'Call(method="PUT", path=f"{access.account}/contact_book", body=people)',
        'Call(method="POST", path=("act", "customaudiences"), body=people)',
        '_post(access, (access.number, "contacts_upload"), people)',
        '_post(access, (access.audience, "users"), people)',
    ],
)
def test_an_endpoint_for_it_would_be_noticed(planted: str, tmp_path: Path) -> None:
    (tmp_path / "driver.py").write_text(f"made = {planted}\n")
    assert len(_books(endpoints(tmp_path))) == 1


def test_erasing_an_entry_of_a_book_is_allowed(tmp_path: Path) -> None:
    words = 'Call(method="DELETE", path=(access.account, "contact_book"))'
    (tmp_path / "driver.py").write_text(f"made = {words}\n")
    assert _books(endpoints(tmp_path)) == []


def test_old_chats_reach_no_channel() -> None:
    """Nothing about old chats or the way out imports a channel, the outbox or the ledger of consent."""
    words = ("old_chats", "offboarding")
    parts = [
        path
        for path in sources.modules(sources.SOURCE / "werkbote")
        if path.stem in words or words[0] in path.parts
    ]
    assert len(parts) > 15
    reached = {
        (sources.name(path), name)
        for path in parts
        for name in _imported(sources.parsed(path))
        if re.search(r"channels|outbox|actions\.(?:consent|ledger|inbox|inbound)", name)
    }
    assert reached == set()


def _imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{one.name}" for one in node.names)
        elif isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
