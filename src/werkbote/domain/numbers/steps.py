"""The lawful order in which a number is set up, what Meta's answers say of each step, and its sentences."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType

REGION = "DE"
_PIN_DIGITS = 6


class Step(StrEnum):
    """One step of setting a number up; the order of `ORDER` is the lawful one."""

    CONTACT_BOOK = "contact_book"
    REGION = "region"
    REGISTRATION = "registration"
    PROFILE = "profile"
    WEBHOOK = "webhook"
    TEMPLATES = "templates"


ORDER: tuple[Step, ...] = tuple(Step)


class Condition(StrEnum):
    """The conditions under which the Cloud API is defensible, one by one."""

    AGREEMENT = "agreement"
    CONTACT_BOOK = "contact_book"
    STORAGE = "storage"
    TRANSFER = "transfer"
    NOTICE = "notice"
    CONSENTS = "consents"
    DELETION = "deletion"
    ACCESS = "access"
    PRIVATE_PHONES = "private_phones"
    OTHER_WAYS = "other_ways"
    ASSISTANT = "assistant"
    WORKS_COUNCIL = "works_council"
    ADMINISTRATORS = "administrators"


LOOKED_THROUGH_FOR = timedelta(days=180)
"""How long it counts that somebody looked through who administers the business at Meta."""


class Light(StrEnum):
    """How a condition stands; GREY does not concern this house."""

    GREEN = "green"
    RED = "red"
    GREY = "grey"


class How(StrEnum):
    """Who said so: Meta's own interface, or a person."""

    META = "meta"
    PERSON = "person"


class State(StrEnum):
    """How a step stands."""

    PASSED = "passed"
    FAILED = "failed"


class UnableToStep(Exception):
    """This step cannot be taken now; the sentence says which comes first, or what is wrong."""


_FIRST: Mapping[Step, str] = MappingProxyType(
    {
        Step.CONTACT_BOOK: "First switch Meta's contact book off in the Meta Business Suite, and confirm it here.",
        Step.REGION: "First set the place of storage to Germany: Meta allows it only before the number is registered.",
        Step.REGISTRATION: "First register the number with its PIN.",
        Step.PROFILE: "First write the profile with the imprint: people must see who is writing to them.",
        Step.WEBHOOK: "First connect the webhook, or no message arrives here.",
        Step.TEMPLATES: "First hand in the templates.",
    }
)


def check_turn(step: Step, *, passed: Collection[Step]) -> None:
    """Raise UnableToStep unless every step before this one is passed."""
    for before in ORDER[: ORDER.index(step)]:
        if before not in passed:
            raise UnableToStep(_FIRST[before])


def check_pin(pin: str) -> None:
    """Raise UnableToStep for a PIN Meta would not take, or anybody would guess."""
    if len(pin) != _PIN_DIGITS or not (pin.isascii() and pin.isdigit()):
        raise UnableToStep("The PIN has exactly six digits.")
    if len(set(pin)) == 1 or pin in "01234567890" or pin in "09876543210":
        raise UnableToStep("This PIN is too easy to guess: choose another.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What Meta answered about a number; `wanted` are the names of the templates it should have."""

    storage: str = ""
    region: str = ""
    status: str = ""
    coexists: bool = False
    websites: tuple[str, ...] = ()
    subscribed: bool = False
    callbacks: tuple[str, ...] = ()
    templates: Mapping[str, str]
    wanted: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """How one step stands by what Meta said; `detail` is a code, a region or a count."""

    step: Step
    state: State
    detail: str = ""


_DEAD = frozenset({"REJECTED", "DISABLED", "DELETED", "PENDING_DELETION"})


def judge(seen: Seen, *, imprint: str, callback: str) -> tuple[Finding, ...]:
    """Return how the steps Meta can answer for stand; the contact book is not among them."""
    at_home = seen.storage == "in_country_storage_enabled" and seen.region == REGION
    registered = seen.status == "CONNECTED"
    handed_in = {name for name, status in seen.templates.items() if status not in _DEAD}
    there = len(seen.wanted & handed_in)
    return (
        _finding(Step.REGION, passed=at_home, detail=seen.region or "default"),
        _finding(Step.REGISTRATION, passed=registered, detail=seen.status or "unknown"),
        _finding(Step.PROFILE, passed=imprint in seen.websites, detail="imprint"),
        _finding(Step.WEBHOOK, passed=seen.subscribed and callback in seen.callbacks),
        _finding(
            Step.TEMPLATES,
            passed=bool(seen.wanted) and there == len(seen.wanted),
            detail=f"{there}/{len(seen.wanted)}",
        ),
    )


def _finding(step: Step, *, passed: bool, detail: str = "") -> Finding:
    return Finding(step=step, state=State.PASSED if passed else State.FAILED, detail=detail)
