"""No text of the guide claims more than is true, in either language."""

import pathlib
from collections.abc import Iterator

import pytest
import yaml

from tests.papers import claims
from werkbote.store import guide as store_guide

FILES = sorted(store_guide.FOLDER.glob("*.yaml"))


def sentences(node: object) -> Iterator[str]:
    if isinstance(node, dict):
        for value in node.values():
            yield from sentences(value)
    elif isinstance(node, list):
        for value in node:
            yield from sentences(value)
    elif isinstance(node, str):
        yield node


def pairs(node: object, path: str = "") -> Iterator[tuple[str, object, object]]:
    if isinstance(node, dict):
        if "de" in node or "en" in node:
            yield path, node.get("de"), node.get("en")
        for key, value in node.items():
            yield from pairs(value, f"{path}.{key}")
    elif isinstance(node, list):
        for number, value in enumerate(node):
            yield from pairs(value, f"{path}[{number}]")


@pytest.mark.parametrize("example", claims.EXAMPLES)
def test_claims_forbidden_sentence_is_caught(example: str) -> None:
    assert claims.found_in(example)


@pytest.mark.parametrize(
    "sentence",
    [
        "Keine Behörde hat die Cloud API förmlich gebilligt.",
        "No authority has formally approved the Cloud API.",
        "Die EWR-Bedingungen von 2024 enthalten kein ausdrückliches Verbot geschäftlicher Nutzung.",
        "The EEA terms of 2024 hold no express ban of business use.",
        "Verschlüsselt bis zu Meta als Auftragsverarbeiter.",
    ],
)
def test_claims_true_sentence_passes(sentence: str) -> None:
    assert claims.found_in(sentence) == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_claims_shipped_texts_make_none(path: pathlib.Path) -> None:
    document = yaml.safe_load(path.read_text(encoding="utf-8"))

    assert [found for line in sentences(document) for found in claims.found_in(line)] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_texts_are_complete_in_both_languages(path: pathlib.Path) -> None:
    document = yaml.safe_load(path.read_text(encoding="utf-8"))

    incomplete = [
        place
        for place, german, english in pairs(document)
        if not german or not english or type(german) is not type(english)
    ]

    assert incomplete == []
