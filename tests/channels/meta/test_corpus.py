"""Real bodies of five projects and Meta's documentation, each read to exactly the events it holds."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from tests.channels.meta import bodies
from werkbote.domain import events

EXPECTED = Path(__file__).with_name("corpus_events.tsv")
CORPUS = Path(__file__).parents[4] / "shared" / "corpus"


def rows() -> list[tuple[str, str]]:
    with EXPECTED.open(encoding="utf-8", newline="") as lines:
        return [(row["file"], row["events"]) for row in csv.DictReader(lines, delimiter="\t")]


def name(event: events.Event) -> str:
    """What the table of expectations calls an event."""
    kind = type(event).__name__
    if isinstance(event, events.MessageIn | events.ChangeIn):
        return f"{kind}.{event.kind}" + (".outgoing" if event.outgoing else "")
    if isinstance(event, events.StatusIn):
        return f"{kind}.{event.status}"
    return f"{kind}.{event.event}" if isinstance(event, events.CallIn) else kind


def summary(found: tuple[events.Event, ...]) -> str:
    counts = Counter(map(name, found))
    return " ".join(f"{kind}={count}" for kind, count in sorted(counts.items()))


@pytest.mark.parametrize(("file", "expected"), rows())
def test_body_of_the_corpus_holds_exactly_its_events(file: str, expected: str) -> None:
    if not CORPUS.is_dir():
        pytest.skip("The corpus of webhook bodies is not beside this checkout.")
    assert summary(bodies.read((CORPUS / file).read_bytes())) == expected


def test_corpus_has_no_body_without_an_expectation() -> None:
    if not CORPUS.is_dir():
        pytest.skip("The corpus of webhook bodies is not beside this checkout.")
    lying = {str(path.relative_to(CORPUS)) for path in CORPUS.rglob("*.json")}
    assert lying == {file for file, _ in rows()}
