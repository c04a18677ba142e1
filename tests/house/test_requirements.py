"""Requirements can be traced: every mark names one that is listed, and the docs show what there is."""

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from tests.house import sources
from werkbote.config import requirements as command
from werkbote.domain import requirements

DAY = date(2026, 11, 26)
STALE = "Renew it: ./werkbote requirements --write"
SENDING = frozenset(
    f"R-{number:02}"
    for span in (
        range(1, 17),
        (20, 25, 26),
        range(34, 38),
        range(63, 68),
        (79,),
        range(100, 109),
    )
    for number in span
)
"""What the way out must show, each by at least one test."""


def test_every_requirement_of_sending_is_shown() -> None:
    rows = command.matrix(sources.ROOT, day=DAY)
    shown = {row.requirement.id for row in rows if row.tests}
    assert sorted(SENDING - shown) == []


def test_the_page_of_requirements_is_fresh() -> None:
    rows = command.matrix(sources.ROOT, day=DAY)
    assert (sources.ROOT / "docs" / "requirements.md").read_text() == requirements.page(rows), STALE


def test_marks_of_modules_tests_and_rows_are_found(tmp_path: Path) -> None:
    place = tmp_path / "tests" / "test_it.py"
    place.parent.mkdir()
    place.write_text(
        'import pytest\npytestmark = [pytest.mark.shows("R-01")]\n'
        '@pytest.mark.parametrize("a", [pytest.param(1, marks=pytest.mark.shows("R-02", "R-03"))])\n'
        "async def test_a(a): ...\n"
        'def helper(): ...\n@pytest.mark.shows("S-01")\ndef test_b(): ...\n'
    )
    assert command.marks(place.parent) == {
        "R-01": ["tests/test_it.py::test_a", "tests/test_it.py::test_b"],
        "R-02": ["tests/test_it.py::test_a"],
        "R-03": ["tests/test_it.py::test_a"],
        "S-01": ["tests/test_it.py::test_b"],
    }


@pytest.mark.parametrize("option", [[], ["--json"], ["--open"]])
def test_the_command_prints_the_matrix(option: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "werkbote.cli", "requirements", *option],
        cwd=sources.ROOT,
        env={"PYTHONPATH": str(sources.SOURCE), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    if option == ["--json"]:
        rows = {row["id"]: row for row in json.loads(done.stdout)}
        assert rows["R-15"]["standing"] == "shown"
        assert rows["R-15"]["tests"]
    elif option == ["--open"]:
        assert "R-15" not in done.stdout
    else:
        assert "R-15   shown" in done.stdout
        assert "tests/actions/test_gate.py::" in done.stdout
