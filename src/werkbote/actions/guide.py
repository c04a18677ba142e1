"""Printing the guide for anyone who asks: a few at a time, so that visitors cannot use up the machine.

Nothing is stored and nothing is written down about who asked: the dealer's name goes into the
bytes that are returned and nowhere else.
"""

import functools
import threading
from datetime import date
from typing import Final

from werkbote.domain import guide
from werkbote.papers import guide as paper
from werkbote.store import guide as rechtsstand

MOST_WAITING: Final = 8
LONGEST_NAME: Final = paper.LONGEST_NAME

UnableToPrint = paper.UnableToPrint

_door = threading.BoundedSemaphore(MOST_WAITING)
_press = threading.Lock()


class PressIsBusy(Exception):
    """As many people as fit are waiting for their guide in this process: try again in a moment."""


def print_tailored(
    *, answers: guide.Answers, dealer: str, language: guide.Language, on: date
) -> bytes:
    """Return the guide for these answers as PDF; without a name a gap to write it in is printed.

    One guide is set at a time; the process holds at most `MOST_WAITING` callers.

    Raises:
        UnableToReadAnswers: if there is no answer or one does not fit the catalogue.
        UnableToPrint: if the name is too long or holds signs the typeface lacks.
        PressIsBusy: if too many callers wait already.
    """
    catalogue = rechtsstand.catalogue(on=on)
    result = guide.evaluate(answers, catalogue=catalogue, language=language)
    return _set(
        result, dealer=dealer.strip() or _gap(catalogue, language), language=language, on=on
    )


def print_neutral(*, language: guide.Language, on: date) -> bytes:
    """Return the edition without answers as PDF; the same day's is set once per process.

    Raises:
        PressIsBusy: if too many callers wait already.
    """
    return _neutral(language, on)


@functools.lru_cache(maxsize=4)
def _neutral(language: guide.Language, on: date) -> bytes:
    return _set(None, dealer="", language=language, on=on)


def _gap(catalogue: guide.Catalogue, language: guide.Language) -> str:
    words: str = catalogue.book["guide_pages"]["labels"]["nameless_dealer"][language]
    return words


def _set(result: guide.Result | None, *, dealer: str, language: guide.Language, on: date) -> bytes:
    if not _door.acquire(blocking=False):
        raise PressIsBusy(
            "Many guides are being printed at the moment: wait a few seconds, then try again."
        )
    try:
        with _press:
            try:
                return paper.render(
                    result,
                    dealer=dealer,
                    today=on,
                    language=language,
                    catalogue=rechtsstand.catalogue(on=on),
                )
            finally:
                paper.forget()
    finally:
        _door.release()
