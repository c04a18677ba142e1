"""`werkbote requirements`: which requirement is shown by which test, printed, as JSON, or into the docs."""

import argparse
import ast
import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from pathlib import Path

from werkbote.domain import requirements
from werkbote.domain.requirements import UnableToTrace as UnableToTrace
from werkbote.store import rechtsstand

_MARK = "shows"


def marks(tests: Path) -> dict[str, list[str]]:
    """Return the tests that claim to show each requirement, read from their source without running it."""
    found: dict[str, list[str]] = {}
    for path in sorted(tests.rglob("test_*.py")):
        where = path.relative_to(tests.parent).as_posix()
        for name, claimed in _claims(ast.parse(path.read_text())):
            found.setdefault(claimed, []).append(f"{where}::{name}")
    return found


def _claims(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Yield (test, id) for the marks of each test and those of its whole module."""
    general = [
        claimed
        for node in tree.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "pytestmark"
        for claimed in _ids(node.value)
    ]
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            if not node.name.startswith("test_"):
                continue
            own = [claimed for mark in node.decorator_list for claimed in _ids(mark)]
            for claimed in (*general, *own):
                yield node.name, claimed


def _ids(node: ast.expr) -> Iterator[str]:
    for call in ast.walk(node):
        if isinstance(call, ast.Call) and ast.unparse(call.func) == f"pytest.mark.{_MARK}":
            for word in call.args:
                yield ast.literal_eval(word)


def matrix(checkout: Path, *, day: date) -> tuple[requirements.Row, ...]:
    """Return the matrix of a checkout on a day; raise requirements.UnableToTrace for unknown ids."""
    listed = requirements.parse(rechtsstand.document("requirements", day=day))
    return requirements.matrix(listed, marks(checkout / "tests"))


def run(words: list[str], *, checkout: Path, day: date) -> Iterator[str]:
    """Yield the lines that answer the command's words."""
    parser = argparse.ArgumentParser(prog="werkbote requirements")
    parser.add_argument("--json", action="store_true", help="for machines")
    parser.add_argument("--write", action="store_true", help="renew docs/requirements.md")
    parser.add_argument("--open", action="store_true", help="only what no test shows yet")
    given = parser.parse_args(words)
    rows = matrix(checkout, day=day)
    if given.write:
        target = checkout / "docs" / "requirements.md"
        target.write_text(requirements.page(rows))
        yield f"{target} is up to date: {requirements.counted(rows)}."
        return
    total = requirements.counted(rows)
    if given.open:
        rows = tuple(row for row in rows if row.standing is requirements.Standing.OPEN)
    if given.json:
        content = [asdict(row.requirement) | _shown(row) for row in rows]
        yield json.dumps(content, ensure_ascii=False, indent=2)
        return
    for row in rows:
        yield from _lines(row)
    yield f"{total.capitalize()}."


def _shown(row: requirements.Row) -> dict[str, object]:
    return {"standing": row.standing.value, "tests": list(row.tests)}


def _lines(row: requirements.Row) -> Iterator[str]:
    each = row.requirement
    yield f"{each.id:<6} {row.standing:<15} {each.title_en} ({each.law})"
    if row.tests:
        yield from (f"       {test}" for test in row.tests)
    elif each.excused_en:
        yield f"       {each.excused_en}"
