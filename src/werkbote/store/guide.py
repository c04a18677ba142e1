"""The guide's Rechtsstand files, read once per process, and files of answers."""

import functools
import pathlib
from datetime import date
from typing import Any, Final

import yaml

from werkbote.domain import guide_answers, guide_catalogue, guide_files, law

FOLDER: Final = pathlib.Path(__file__).parent / "rechtsstand" / "guide"
MOST_BYTES: Final = 64 * 1024


def catalogue(*, on: date) -> guide_catalogue.Catalogue:
    """Return the guide's catalogue that holds on a day.

    Raises:
        UnableToReadCatalogue: if no file of a topic holds on that day, or a file is malformed.
    """
    documents = _documents()
    held = law.in_force((head for head, _ in documents), on=on)
    missing = {head.topic for head, _ in documents} - {head.topic for head in held}
    if missing:
        raise guide_catalogue.UnableToReadCatalogue(
            f"The guide says nothing about {on:%Y-%m-%d}: no file on {', '.join(sorted(missing))} "
            "holds on that day. Choose a later day."
        )
    return _parsed(held)


def answers(path: pathlib.Path, *, catalogue: guide_catalogue.Catalogue) -> guide_answers.Answers:
    """Return the answers a YAML file states.

    Raises:
        UnableToReadAnswers: if the file is missing, larger than 64 KiB, no YAML, or does not fit.
    """
    try:
        raw = path.read_bytes() if path.stat().st_size <= MOST_BYTES else None
    except OSError as error:
        raise guide_answers.UnableToReadAnswers(
            (f"{path.name} cannot be read: {error.strerror}.",)
        ) from error
    if raw is None:
        raise guide_answers.UnableToReadAnswers(
            (f"{path.name} is larger than {MOST_BYTES // 1024} KiB. Answers are a few lines.",)
        )
    try:
        loaded = yaml.load(raw, Loader=yaml.BaseLoader)  # noqa: S506 -- makes words only: "off" is one
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise guide_answers.UnableToReadAnswers(
            (f"{path.name} is no YAML. Write one answer per line: channel: none",)
        ) from error
    return guide_answers.read_answers(loaded, catalogue)


@functools.lru_cache(maxsize=8)
def _parsed(held: tuple[law.Source, ...]) -> guide_catalogue.Catalogue:
    return guide_files.parse({head.topic: doc for head, doc in _documents() if head in held})


@functools.cache
def _documents() -> tuple[tuple[law.Source, dict[str, Any]], ...]:
    loaded = [
        yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)
        for path in sorted(FOLDER.glob("*.yaml"))
    ]
    return tuple((law.parse_source(document), document) for document in loaded)
