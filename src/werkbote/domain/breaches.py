"""Data breaches (Datenpannen): the clock, the assessment, what a notification must hold, and what ends a case."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

_IN_LETTER = ("nature", "consequences", "measures", "contact")
"""What a letter to those concerned must say (Art. 34(2), 33(3)(b) to (d)), in its order."""

_AROUND = ("title", "greeting", "lead", "close")


class Kind(StrEnum):
    """What happened."""

    WRONG_NUMBER = "wrong_number"
    WRONG_RECIPIENT = "wrong_recipient"
    DEVICE_LOST = "device_lost"
    ACCESS = "access"
    LOSS = "loss"
    OTHER = "other"


class Risk(StrEnum):
    """What it means for the people concerned; decides whom it must be told to (Art. 33(1), 34(1))."""

    OPEN = "open"
    NONE = "none"
    SOME = "some"
    HIGH = "high"


class Way(StrEnum):
    """How somebody concerned was told (Art. 34(1)); PUBLIC where each letter would cost too much (34(3)(c))."""

    LETTER = "letter"
    MESSAGE = "message"
    EMAIL = "email"
    CALL = "call"
    PUBLIC = "public"


class State(StrEnum):
    """Where a case stands."""

    OPEN = "open"
    ASSESSED = "assessed"
    REPORTED = "reported"
    CLOSED = "closed"


TRANSITIONS: Mapping[State, frozenset[State]] = {
    State.OPEN: frozenset({State.ASSESSED}),
    State.ASSESSED: frozenset({State.ASSESSED, State.REPORTED, State.CLOSED}),
    State.REPORTED: frozenset({State.REPORTED, State.CLOSED}),
    State.CLOSED: frozenset(),
}
"""What may follow what; a report may be followed by another: it is made in phases (Art. 33(4))."""


class UnableToReadBreachLaw(Exception):
    """The Rechtsstand file on breaches is malformed."""


class UnableToGoOn(Exception):
    """The case may not take this step; the sentence says what is missing. `code` names it for screens."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """One point of the notification (Art. 33(3))."""

    name: str
    article: str
    de: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BreachLaw:
    """The dated file on breaches. `forms` are addresses by Bundesland and when they were last opened."""

    period: timedelta
    article: str
    wrong_number: Sequence[str]
    most_words: int
    hint: Mapping[str, str]
    contents: Sequence[Content]
    forms: Mapping[str, tuple[str, str]]
    letter: Mapping[str, Mapping[str, str]]


def parse(document: Mapping[str, Any]) -> BreachLaw:
    """Return the law of a file; raise UnableToReadBreachLaw when it is malformed."""
    try:
        return BreachLaw(
            period=timedelta(hours=int(document["hours"])),
            article=str(document["article"]),
            wrong_number=tuple(str(words) for words in document["wrong_number"]),
            most_words=int(document["most_words"]),
            hint=dict(document["hint"]),
            contents=tuple(Content(**one) for one in document["contents"]),
            forms={
                state: (str(one["url"]), str(one["checked_on"] or ""))
                for state, one in document["forms"].items()
            },
            letter={
                language: {name: str(words[name]) for name in (*_AROUND, *_IN_LETTER)}
                for language, words in document["letter"].items()
            },
        )
    except (KeyError, TypeError, ValueError) as error:
        raise UnableToReadBreachLaw(
            f"The Rechtsstand file on breaches is malformed ({error}): correct it."
        ) from None


def deadline(aware_at: datetime, law: BreachLaw) -> datetime:
    """Return when the authority must have been told: hours from awareness, weekends included."""
    return aware_at + law.period


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """How much of the 72 hours is left; `over` once they have passed without a report."""

    ends_at: datetime
    left: timedelta
    over: bool


def clock(*, aware_at: datetime, told_at: datetime | None, law: BreachLaw, now: datetime) -> Clock:
    """Return the clock of a case; a report stops it."""
    ends = deadline(aware_at, law)
    left = ends - (told_at or now)
    return Clock(ends_at=ends, left=max(left, timedelta(0)), over=left < timedelta(0))


def says_wrong_number(text: str, law: BreachLaw) -> bool:
    """Return whether a customer's words mean that we have the wrong person; long texts never do."""
    plain = _plain(text)
    if len(plain.split()) > law.most_words:
        return False
    return any(f" {words} " in f" {plain} " for words in law.wrong_number)


def _plain(text: str) -> str:
    """Return small letters, ae oe ue ss, and single spaces for everything else."""
    small = text.casefold()
    for sign, letters in (("ä", "ae"), ("ö", "oe"), ("ü", "ue")):
        small = small.replace(sign, letters)
    small = unicodedata.normalize("NFKD", small)
    return re.sub(r"[^a-z0-9]+", " ", small).strip()


def check_step(state: State, wanted: State) -> None:
    """Raise UnableToGoOn unless the case may go from one state to the other."""
    if wanted not in TRANSITIONS[state]:
        raise UnableToGoOn(
            "step", f"A case that is {state} cannot become {wanted}: assess it first."
        )


def check_assessment(risk: Risk, reasons: str) -> None:
    """Raise UnableToGoOn without a decision and its reasons: both are evidence (Art. 33(5))."""
    if risk is Risk.OPEN:
        raise UnableToGoOn("risk", "Decide about the risk first: none, some or high.")
    if not reasons.strip():
        raise UnableToGoOn("reasons", "Write down the reasons: the authority will ask for them.")


def must_tell_authority(risk: Risk) -> bool:
    """Return whether the authority has to be told (Art. 33(1)): unless there is unlikely to be a risk."""
    return risk in {Risk.SOME, Risk.HIGH}


def must_tell_people(risk: Risk) -> bool:
    """Return whether the people concerned have to be told (Art. 34(1))."""
    return risk is Risk.HIGH


def check_report(*, told_at: datetime, aware_at: datetime, delay: str, law: BreachLaw) -> None:
    """Raise UnableToGoOn for a report before awareness, or a late one without its reasons (33(1))."""
    if told_at < aware_at:
        raise UnableToGoOn("early", "The report cannot lie before the breach became known.")
    if told_at > deadline(aware_at, law) and not delay.strip():
        raise UnableToGoOn(
            "delay", "The 72 hours have passed: write down why, it must be reported."
        )


def check_close(*, state: State, risk: Risk, informed: bool) -> None:
    """Raise UnableToGoOn while a duty is open: report (Art. 33) or people to be told (Art. 34)."""
    check_step(state, State.CLOSED)
    if must_tell_authority(risk) and state is not State.REPORTED:
        raise UnableToGoOn("unreported", "The authority has not been told yet: report it first.")
    if must_tell_people(risk) and not informed:
        raise UnableToGoOn("uninformed", "The people concerned have not been told yet.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """The letter to those concerned (Art. 34(2)): `parts` are headings with what was written."""

    title: str
    greeting: str
    lead: str
    parts: Sequence[tuple[str, str]]
    close: str
    branch: str

    @property
    def text(self) -> str:
        """Return the letter in one piece, as it is sent as a message."""
        parts = (f"{heading}: {words}" for heading, words in self.parts)
        return "\n\n".join((self.greeting, self.lead, *parts, f"{self.close}\n{self.branch}"))


def letter(words: Mapping[str, str], *, body: Mapping[str, str], branch: str) -> Letter:
    """Return the letter with what is known; gaps stay visible as “…”."""
    return Letter(
        title=words["title"],
        greeting=words["greeting"],
        lead=words["lead"],
        parts=[(words[name], body.get(name, "").strip() or "…") for name in _IN_LETTER],
        close=words["close"],
        branch=branch,
    )


def check_letter(body: Mapping[str, str]) -> None:
    """Raise UnableToGoOn for a letter that would lack what Art. 34(2) asks for."""
    if any(not body.get(name, "").strip() for name in _IN_LETTER):
        raise UnableToGoOn(
            "letter",
            "The letter lacks something: write down what happened, what it may mean, what was done "
            "and who answers questions.",
        )
