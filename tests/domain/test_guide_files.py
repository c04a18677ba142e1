"""Files of the guide and of answers that do not hold together are refused with a sentence."""

import copy
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from werkbote.domain import guide, guide_catalogue, guide_files, law
from werkbote.store import guide as store_guide

type Documents = dict[str, dict[str, Any]]

DOCUMENTS: Documents = {
    document["topic"]: document
    for document in (
        yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)
        for path in sorted(store_guide.FOLDER.glob("*.yaml"))
    )
}


def _double(documents: Documents) -> None:
    questions = documents["guide_questions"]["questions"]
    questions.append(copy.deepcopy(questions[-1]))


def _foreign_area(documents: Documents) -> None:
    documents["guide_questions"]["questions"][0]["area"] = "moon"


def _reserved(documents: Documents) -> None:
    documents["guide_questions"]["questions"][0]["options"][0]["id"] = "unknown"


def _too_good(documents: Documents) -> None:
    documents["guide_questions"]["questions"][3]["options"][0]["value"] = 2


def _no_urgent(documents: Documents) -> None:
    documents["guide_questions"]["questions"][0]["measures"][0]["urgent"] = False


def _no_measure(documents: Documents) -> None:
    documents["guide_questions"]["questions"][3]["measures"] = []


def _paid_knockout(documents: Documents) -> None:
    documents["guide_questions"]["questions"][0]["options"][0]["value"] = 0.5


def _later(documents: Documents) -> None:
    documents["guide_questions"]["questions"][0]["closed_by"] = [{"bot": ["no"]}]


def _unknown_condition(documents: Documents) -> None:
    documents["guide_check"]["conditions"][0]["questions"] = ["weather"]


def _unknown_notice(documents: Documents) -> None:
    documents["guide_check"]["notices"][0]["when"] = {"channel": ["pigeon"]}


def _all_skippable(documents: Documents) -> None:
    for question in documents["guide_questions"]["questions"]:
        question["not_applicable"] = {"de": "Nie", "en": "Never"}


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (_double, "recording stands twice"),
        (_foreign_area, "channel is in no known area"),
        (_reserved, "channel has an option twice or one with a reserved name"),
        (_too_good, "address_book has a value outside 0 to 1"),
        (_no_urgent, "channel needs a knock-out and an urgent measure, or neither"),
        (_no_measure, "address_book has no measure"),
        (_paid_knockout, "channel has a knock-out that earns something"),
        (_later, "channel is closed by a later question"),
        (_unknown_condition, "condition contracts names the unknown question weather"),
        (_unknown_notice, "a rule names channel with unknown answers"),
        (_all_skippable, "no scored question is always asked"),
    ],
)
def test_parse_broken_reference_is_named(spoil: Callable[[Documents], None], words: str) -> None:
    documents = copy.deepcopy(DOCUMENTS)
    spoil(documents)

    with pytest.raises(guide_catalogue.UnableToReadCatalogue, match=words):
        guide_files.parse(documents)


def test_parse_missing_topic_is_named() -> None:
    documents = {topic: doc for topic, doc in DOCUMENTS.items() if topic != "guide_check"}

    with pytest.raises(guide_catalogue.UnableToReadCatalogue, match="guide_check"):
        guide_files.parse(documents)


def test_parse_missing_head_is_named() -> None:
    documents = copy.deepcopy(DOCUMENTS)
    del documents["guide_check"]["source"]

    with pytest.raises(law.UnableToReadLaw, match="no source"):
        guide_files.parse(documents)


def test_catalogue_before_its_first_day_is_refused() -> None:
    with pytest.raises(guide_catalogue.UnableToReadCatalogue, match="Choose a later day"):
        store_guide.catalogue(on=date(2026, 11, 22))


def test_answers_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "answers.yaml"
    path.write_text("answers:\n  channel: cloud_api\n  groups: no\n", encoding="utf-8")
    catalogue = store_guide.catalogue(on=date(2026, 11, 23))

    assert store_guide.answers(path, catalogue=catalogue) == {
        "channel": "cloud_api",
        "groups": "no",
    }


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "answers.yaml cannot be read: No such file or directory."),
        (b"", "The answers are not a list"),
        (b"channel: [", "answers.yaml is no YAML"),
        (b"\xff\xfe\xfa", "answers.yaml is no YAML"),
        (b"channel: 2026-99-99", 'channel cannot be "2026-99-99"'),
        (b"!!python/object/apply:os.getcwd []", "The answers are not a list"),
        (b"a: " + b"x" * 70_000, "answers.yaml is larger than 64 KiB"),
        (b"[\n" * 2_000, "answers.yaml is no YAML"),
        (b"channel: pigeon", 'channel cannot be "pigeon"'),
    ],
)
def test_answers_file_that_does_not_fit_is_refused(
    tmp_path: Path, content: bytes | None, words: str
) -> None:
    path = tmp_path / "answers.yaml"
    if content is not None:
        path.write_bytes(content)
    catalogue = store_guide.catalogue(on=date(2026, 11, 23))

    with pytest.raises(guide.UnableToReadAnswers, match=words):
        store_guide.answers(path, catalogue=catalogue)
