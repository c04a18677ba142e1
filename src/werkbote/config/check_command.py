"""The check at the command line: a file of answers in, verdict and guide out; needs no installation."""

import argparse
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from werkbote.actions import guide as press
from werkbote.domain import guide, guide_catalogue
from werkbote.reads import guide as reading
from werkbote.store import guide as rechtsstand

_ZONE = ZoneInfo("Europe/Berlin")


class UnableToCheck(Exception):
    """The answers cannot be read or the guide cannot be written; says what to change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What the words of the command ask for."""

    answers: Path | None
    pdf: Path | None
    dealer: str
    language: guide.Language


def understand(words: list[str]) -> Wish:
    """Return what the words after “check” ask for; print help or usage and exit if they make none."""
    parser = argparse.ArgumentParser(
        prog="werkbote check",
        description="Check how a dealer uses WhatsApp: traffic light, strongest reason, guide as PDF.",
        epilog="Exit codes: 0 done, 1 answers unreadable or PDF not written, 2 wrong words.",
    )
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--answers", type=Path, metavar="FILE", help="YAML: question: answer")
    what.add_argument("--neutral", action="store_true", help="the edition without answers")
    parser.add_argument("--pdf", type=Path, metavar="FILE", help="where to write the guide")
    parser.add_argument("--dealer", default="", metavar="NAME", help="printed on the cover")
    parser.add_argument("--language", choices=guide_catalogue.LANGUAGES, default="de")
    given = parser.parse_args(words)
    if given.neutral and given.pdf is None:
        parser.error("--neutral needs --pdf FILE: there is no verdict to show.")
    if given.neutral and given.dealer:
        parser.error("--neutral has no dealer: leave out --dealer.")
    return Wish(answers=given.answers, pdf=given.pdf, dealer=given.dealer, language=given.language)


def run(wish: Wish, *, at: datetime) -> Iterator[str]:
    """Yield the lines to print: verdict first, then where the guide was written.

    Raises:
        UnableToCheck: with a sentence for everything that is wrong with answers, name or file.
    """
    on = at.astimezone(_ZONE).date()
    try:
        answers = _answers(wish.answers, catalogue=reading.catalogue(on=on))
        if answers is not None:
            yield from _verdict(reading.outcome(answers, language=wish.language, on=on))
        if wish.pdf is None:
            return
        pdf = (
            press.print_neutral(language=wish.language, on=on)
            if answers is None
            else press.print_tailored(
                answers=answers, dealer=wish.dealer, language=wish.language, on=on
            )
        )
    except guide.UnableToReadAnswers as error:
        raise UnableToCheck("\n".join(error.problems)) from error
    except press.UnableToPrint as error:
        raise UnableToCheck(str(error)) from error
    _write(wish.pdf, pdf)
    yield f"{wish.pdf}: {len(pdf) // 1024} KiB"


def _answers(path: Path | None, *, catalogue: guide.Catalogue) -> guide.Answers | None:
    return None if path is None else rechtsstand.answers(path, catalogue=catalogue)


def _verdict(outcome: reading.Outcome) -> Iterator[str]:
    labels = outcome.labels
    result = outcome.result
    yield f"{outcome.light}: {result.score} {labels['points']}"
    yield result.verdict
    if result.provisional:
        yield f"{labels['provisional']}: {labels['provisional_text']}"
    if not result.reasons:
        yield outcome.calm
        return
    strongest = result.reasons[0]
    mark = f"{labels['knockout']}: " if strongest.knockout else ""
    yield f"→ {mark}{strongest.text} ({strongest.rule})"


def _write(path: Path, pdf: bytes) -> None:
    """Write all of it or nothing: a broken file never stands where a good one stood."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        draft.write_bytes(pdf)
        draft.replace(path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise UnableToCheck(
            f"{path} cannot be written ({error.strerror}): name a file in a directory "
            "that exists and is yours."
        ) from error
