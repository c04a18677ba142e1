"""What a text is found by: folded German stems, number plates, phone numbers and figures."""

import functools
import re
import unicodedata
from collections.abc import Iterator

import snowballstemmer

MOST_STEMS = 96
"""How many different stems of one message are kept, first ones first: a wall against huge texts."""

_LONGEST_WORD = 48
_SHORTEST_PHONE = 7
_GERMAN_DIALLING = re.compile(r"^(?:\+|00)490?")

_STEMMER = snowballstemmer.stemmer("german")

_PHONE = re.compile(r"(?<![\w+])(?:\+|0)\d[\d /()\-]{4,22}\d(?!\w)")
_PLATE = re.compile(
    r"(?<!\w)(?:[A-Za-zÄÖÜäöü]{1,3}-[A-Za-z]{1,2}[ -]?\d{1,4}[EHeh]?"
    r"|[A-ZÄÖÜ]{1,3} [A-Z]{1,2} \d{1,4}[EH]?)(?!\w)"
)
_LOOSE_PLATE = re.compile(
    r"(?<![\w-])(?:[A-Za-zÄÖÜäöü]{1,3} [A-Za-z]{1,2} \d{1,4}|[A-ZÄÖÜ]{2,5} \d{1,4}[EH]?)(?!\w)"
)
_THOUSANDS = re.compile(r"(?<![\d.])(\d{1,3})((?:\.\d{3})+)(?![\d.])")
_WORD = re.compile(r"[^\W_]+")
_SPELT_UMLAUT = re.compile(r"ae|oe|(?<![qaeiouy])ue")

STOP_WORDS = frozenset(
    """
    aber alle als also am an auch auf aus bei beim bin bis bitte da damit dann das dass dem den der
    des die dies diese dieser doch du durch ein eine einem einen einer eines er es etwas euch euer
    fur hab habe haben hat hatte hier ich ihm ihn ihnen ihr ihre im in ist ja jetzt kann konnen
    man mein meine mich mir mit nach noch nun nur ob oder schon sehr sein sich sie sind so uber um
    und uns unser vom von vor war was wenn wer werden wie wir wird wo wurde zu zum zur
    """.split()  # noqa: SIM905 -- read as running words
)
"""Folded words that every other message holds: neither kept nor looked for."""


def stems(text: str) -> tuple[str, ...]:
    """Return the different stems a text is found by, in order, at most MOST_STEMS.

    "Bremsbeläge", "Bremsbelaege" and "bremsbelag" give the same stem; "KA-AB 123" gives its parts
    and "kaab123"; a German phone number gives its parts and one stem, however it is written.
    """
    text = unicodedata.normalize("NFKC", text)
    return tuple(dict.fromkeys(_every(text)))[:MOST_STEMS]


def wanted(words: str) -> tuple[str, ...]:
    """Return the stems that a message must have all of to be found by `words`; empty for filler.

    Unlike in `stems`, a plate or phone number stands for itself and not for its parts, so that it
    is found in whatever way it was written.
    """
    text = unicodedata.normalize("NFKC", words)
    whole = [*_phones(text), *_plates(_PLATE, text)]
    rest = _PLATE.sub(" ", _PHONE.sub(_unless_phone, text))
    return tuple(dict.fromkeys([*whole, *_words(rest)]))[:MOST_STEMS]


def folded(word: str) -> str:
    """Return a casefolded word without accents, spelt-out umlauts taken for umlauts: ä, ae, a are one."""
    return _fold(word)


def _every(text: str) -> Iterator[str]:
    yield from _phones(text)
    yield from _plates(_PLATE, text)
    yield from _plates(_LOOSE_PLATE, text)
    yield from _words(text)


def _phones(text: str) -> Iterator[str]:
    for match in _PHONE.finditer(text):
        if number := _phone(match.group()):
            yield number


def _phone(written: str) -> str:
    """Return the digits, the German code as a zero; empty for what is too short to be a number."""
    bare = "".join(sign for sign in written if sign.isdecimal() or sign == "+")
    digits = _GERMAN_DIALLING.sub("0", bare).replace("+", "00")
    return digits if len(digits) >= _SHORTEST_PHONE else ""


def _unless_phone(match: re.Match[str]) -> str:
    return " " if _phone(match.group()) else match.group()


def _plates(pattern: re.Pattern[str], text: str) -> Iterator[str]:
    for match in pattern.finditer(text):
        yield _fold(match.group().casefold().replace(" ", "").replace("-", ""))


def _words(text: str) -> Iterator[str]:
    for word in _WORD.findall(_THOUSANDS.sub(_joined, text).casefold()):
        stem = _stem(word[:_LONGEST_WORD])
        if stem:
            yield stem


def _joined(match: re.Match[str]) -> str:
    return match.group().replace(".", "")


@functools.lru_cache(maxsize=32_768)
def _stem(word: str) -> str:
    """Return the stem of a casefolded word, empty for filler and single letters."""
    folded = _fold(word)
    if folded.isdecimal():
        return folded
    if len(folded) < 2 or folded in STOP_WORDS:  # noqa: PLR2004 -- a letter alone says nothing
        return ""
    if any(sign.isdecimal() for sign in folded):
        return folded
    return str(_STEMMER.stemWord(folded))


def _fold(word: str) -> str:
    """Return a word without accents, spelt-out umlauts taken for umlauts: ä, ae and a are one."""
    plain = unicodedata.normalize("NFKD", word)
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return _SPELT_UMLAUT.sub(_first_letter, plain)


def _first_letter(match: re.Match[str]) -> str:
    return match.group()[0]
