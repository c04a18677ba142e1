"""The docs are true: links lead somewhere, commands exist, what is drawn is what is built."""

import re
from pathlib import Path

import pytest

from tests.house import diagrams, sources
from werkbote import cli

_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s#]+)(?:#[^)]*)?\)")
_COMMAND = re.compile(r"(?:^|[`(\s])(?:\./)?werkbote ([a-z][a-z-]*)", re.MULTILINE)
_MODULE = re.compile(r"python -m ([a-z_.]+)")
_TOLERANCE = 5
_MOST_DECISION_LINES = 25
PAGES = sorted(
    [
        *sources.ROOT.glob("*.md"),
        *diagrams.DOCS.rglob("*.md"),
        *(sources.ROOT / "bench").glob("*.md"),
    ]
)
EVERY_PAGE = pytest.mark.parametrize("page", PAGES, ids=sources.name)
STALE = "Renew it: python -m tests.house.diagrams --write"


@EVERY_PAGE
def test_links_lead_to_something(page: Path) -> None:
    broken = [
        target
        for target in _LINK.findall(page.read_text())
        if "://" not in target and not (page.parent / target).exists()
    ]
    assert broken == []


@EVERY_PAGE
def test_commands_exist(page: Path) -> None:
    named = set(_COMMAND.findall(page.read_text()))
    assert named - set(cli._COMMANDS) == set()


@EVERY_PAGE
def test_modules_that_are_run_exist(page: Path) -> None:
    outside = {"venv", "pip", "pytest"}
    missing = [
        module
        for module in _MODULE.findall(page.read_text())
        if module.split(".")[0] not in outside and not _exists(module.rstrip("."))
    ]
    assert missing == []


def _exists(module: str) -> bool:
    path = Path(*module.split("."))
    places = (sources.ROOT, sources.SOURCE)
    return any(
        (place / path).with_suffix(".py").exists() or (place / path).is_dir() for place in places
    )


def test_the_picture_of_the_floors_shows_the_arrows_there_are() -> None:
    shown = diagrams.arrows(diagrams.FLOORS.read_text())
    real = diagrams.arrows(diagrams.floors())
    assert sorted(shown) == sorted(real), STALE
    off = {
        pair: (shown[pair], count)
        for pair, count in real.items()
        if abs(shown[pair] - count) > max(3, count // _TOLERANCE)
    }
    assert off == {}, STALE


def test_the_states_of_a_message_are_drawn_as_they_are() -> None:
    assert diagrams.STATES.read_text() == diagrams.states(), STALE


def test_the_states_of_a_consent_are_drawn_as_they_are() -> None:
    assert diagrams.CONSENT_STATES.read_text() == diagrams.consent_states(), STALE


def test_the_glossary_claims_no_file_that_is_not_there() -> None:
    shown, real = (
        {line.split("|")[1].strip(): line.split("|")[3:-1] for line in text.splitlines()}
        for text in (_table_of_words(), diagrams.words())
    )
    assert shown.keys() == real.keys(), STALE
    wrong = [
        word
        for word, marks in shown.items()
        for claimed, true in zip(marks, real[word], strict=True)
        if "●" in claimed and "●" not in true
    ]
    assert wrong == [], STALE


def _table_of_words() -> str:
    page = diagrams.GLOSSARY.read_text()
    return page.partition(diagrams.BEGIN)[2].partition(diagrams.END)[0].strip()


def test_decisions_are_short_numbered_and_complete() -> None:
    pages = sorted((diagrams.DOCS / "decisions").glob("*.md"))
    numbers = [int(page.name[:4]) for page in pages]
    assert numbers == list(range(1, len(pages) + 1))
    wrong = [
        page.name
        for page in pages
        if len(page.read_text().splitlines()) > _MOST_DECISION_LINES
        or not page.read_text().startswith(f"# {page.name[:4]} ")
        or re.findall(r"^\*\*(\w+)\.\*\*", page.read_text(), re.MULTILINE)
        != ["Context", "Decision", "Consequences"]
    ]
    assert wrong == []


def test_decisions_named_in_code_and_docs_exist() -> None:
    known = {page.name[:4] for page in (diagrams.DOCS / "decisions").glob("*.md")}
    named = {
        (sources.name(path), number)
        for path in [*sources.modules(), *PAGES]
        for number in re.findall(r"[Dd]ecision (\d{4})", path.read_text())
    }
    assert {(name, number) for name, number in named if number not in known} == set()
