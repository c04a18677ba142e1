"""The threat model names tests that exist, every boundary one, and says what remains."""

import ast
import re

import pytest

from tests.house import sources

_TEXT = (sources.ROOT / "docs" / "threat-model.md").read_text()
_TESTS = sorted(set(re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", _TEXT)))


@pytest.mark.shows("S-37")
@pytest.mark.parametrize(("path", "name"), _TESTS)
def test_named_tests_exist(path: str, name: str) -> None:
    tree = ast.parse((sources.ROOT / path).read_text())
    names = {
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.name.startswith("test_")
    }
    assert names
    assert not name or name in names


@pytest.mark.shows("S-37")
def test_every_threat_has_a_test_and_the_rest_is_told() -> None:
    table = _TEXT.partition("## Where, what, and what shows it")[2].partition("## What remains")[0]
    rows = [line for line in table.splitlines() if line.startswith("| ")][1:]
    assert len(rows) > 20
    assert [line for line in rows if "`tests/" not in line] == []
    assert "No external penetration test" in _TEXT
