"""Nobody's feelings are read: no field, no name and no library for it, of customers or of the team (Art. 5, 50(3) KI-VO)."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house import sources
from werkbote.store import personal_data

_FEELING = re.compile(
    r"(?:^|_)(?:emotions?|sentiments?|moods?|feelings?|tonality|anger|frustration|polarity|affect)(?:_|$)",
    re.IGNORECASE,
)
_LIBRARIES = re.compile(
    r"^(?:deepface|fer|hume|opensmile|pysentimiento|speechbrain|textblob(?:-de)?|text2emotion|"
    r"vader-?sentiment|germansentiment|transformers|nltk|spacy)(?:\[|==|\s|$)",
    re.IGNORECASE | re.MULTILINE,
)
LOCKS = sorted((sources.ROOT / "requirements").glob("*.lock"))


def _names(tree: ast.Module) -> Iterator[str]:
    """Yield every name a file gives: modules it takes, functions, classes, fields, arguments."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield re.sub(r"(?<=[a-z])(?=[A-Z])", "_", node.name)
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.ImportFrom):
            yield (node.module or "").replace(".", "_")
        elif isinstance(node, ast.alias):
            yield node.name.replace(".", "_")


def feelings(folder: Path) -> set[str]:
    """Return what is named after feelings below a folder."""
    return {
        name
        for path in sources.modules(folder)
        for name in _names(sources.parsed(path))
        if _FEELING.search(name)
    }


@pytest.mark.shows("R-93")
def test_nothing_reads_feelings() -> None:
    fields = {field.name for table in personal_data.TABLES for field in table.fields}
    assert feelings(sources.SOURCE) | {name for name in fields if _FEELING.search(name)} == set()


@pytest.mark.shows("R-93")
def test_no_library_that_reads_feelings_is_shipped() -> None:
    assert len(LOCKS) > 0
    found = {lock.name: _LIBRARIES.findall(lock.read_text()) for lock in LOCKS}
    assert {name: hits for name, hits in found.items() if hits} == {}


@pytest.mark.parametrize(
    "planted",
    [
        "sentiment = models.FloatField()",
        "def read_mood(text): ...",
        "class EmotionScore: ...",
        "from hume.emotion import Client",
        "def score(anger: float): ...",
    ],
)
def test_reading_them_would_be_noticed(planted: str, tmp_path: Path) -> None:
    (tmp_path / "planted.py").write_text(planted + "\n")
    assert len(feelings(tmp_path)) == 1


@pytest.mark.parametrize("line", ["textblob==0.19", "transformers[torch]==4.1", "deepface"])
def test_such_a_library_would_be_noticed(line: str) -> None:
    assert _LIBRARIES.search(f"django==5.2\n{line}\n") is not None
