"""Who receives data and on which ground (Art. 28, 44-49 DSGVO): what must be recorded, and when it is due again."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

LONGEST = 300
_COUNTRY = re.compile(r"[A-Z]{2}")
_OTHER = "other:"


class UnableToRecord(ValueError):
    """This cannot stand in the register; the sentence says what to change."""


class UnableToSwitch(ValueError):
    """This recipient cannot be stopped or released like this; the sentence says why."""


class UnableToReadTransfers(ValueError):
    """The Rechtsstand file's part on transfers is malformed."""


class Basis(StrEnum):
    """On which ground data may go to a country: the SCC modules of 2021/914 each by itself."""

    EEA = "eea"
    ADEQUATE = "adequate"
    DPF = "dpf"
    SCC_1 = "scc_1"
    SCC_2 = "scc_2"
    SCC_3 = "scc_3"
    SCC_4 = "scc_4"
    ART_49 = "art_49"


CLAUSES = frozenset({Basis.SCC_1, Basis.SCC_2, Basis.SCC_3, Basis.SCC_4})


class Check(StrEnum):
    """How the record of a transfer stands: current, due to be looked at again, or never recorded."""

    CURRENT = "current"
    DUE = "due"
    MISSING = "missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The dated rules: whose law is ours or adequate, and after how many days what is looked at again."""

    check_days: int
    review_days: int
    eea: frozenset[str]
    adequate: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What the house records about a recipient; `basis` "" says that nobody has decided it yet."""

    name: str
    country: str = ""
    onward: str = ""
    basis: str = ""
    agreement_on: date | None = None
    agreement: str = ""
    checked_on: date | None = None
    assessed_on: date | None = None
    assessment: str = ""
    ground: str = ""
    contact: str = ""

    @property
    def destination(self) -> str:
        """Return the country whose law decides: the last one data goes to."""
        return self.onward or self.country


WORDS = ("name", "agreement", "assessment", "ground", "contact")


def parse(document: Mapping[str, Any]) -> Rules:
    """Return the rules of a file; raise UnableToReadTransfers when they are malformed."""
    try:
        found = document["transfers"]
        return Rules(
            check_days=int(found["check_days"]),
            review_days=int(found["review_days"]),
            eea=frozenset(map(str, found["eea"])),
            adequate=frozenset(map(str, found["adequate"])),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise UnableToReadTransfers(
            f"The Rechtsstand file on transfers is malformed ({error}): correct it."
        ) from None


def check(entry: Entry, *, rules: Rules, today: date) -> None:
    """Raise UnableToRecord for an entry that could not stand before an authority."""
    written = [getattr(entry, name) for name in WORDS]
    if any(len(words) > LONGEST or not words.isprintable() for words in written):
        raise UnableToRecord("Write up to 300 signs in each field, without line breaks.")
    if not entry.name.strip():
        raise UnableToRecord("Name the recipient as in its agreement.")
    countries = filter(None, (entry.country, entry.onward))
    if not all(_COUNTRY.fullmatch(country) for country in countries):
        raise UnableToRecord("Write countries as two capital letters, such as DE or US.")
    days = filter(None, (entry.agreement_on, entry.checked_on, entry.assessed_on))
    if any(day > today for day in days):
        raise UnableToRecord("A day lies in the future: enter when it was done.")
    if entry.basis:
        _check_basis(entry, rules=rules)


def _check_basis(entry: Entry, *, rules: Rules) -> None:
    _check_place(entry, rules=rules)
    _check_proof(entry)


def _check_place(entry: Entry, *, rules: Rules) -> None:
    basis, where = Basis(entry.basis), entry.destination
    if not where:
        raise UnableToRecord("Name the country before its basis.")
    if (where in rules.eea) is not (basis is Basis.EEA):
        raise UnableToRecord("“Within the EEA” fits countries of the EEA, and only those.")
    if basis is Basis.ADEQUATE and where not in rules.adequate:
        raise UnableToRecord("There is no adequacy decision for this country (Art. 45 GDPR).")
    if basis is Basis.DPF and where != "US":
        raise UnableToRecord("The Data Privacy Framework is for recipients in the US only.")


def _check_proof(entry: Entry) -> None:
    basis = Basis(entry.basis)
    if basis is Basis.DPF and entry.checked_on is None:
        raise UnableToRecord("Enter the day you found the recipient in the list of the framework.")
    if basis in CLAUSES and not (entry.assessment.strip() and entry.assessed_on):
        raise UnableToRecord("Standard clauses need a transfer assessment: its reference and day.")
    if basis is Basis.ART_49 and not (entry.ground.strip() and entry.assessed_on):
        raise UnableToRecord("Art. 49 needs its ground in words and the day it was assessed.")


def due_on(entry: Entry, *, rules: Rules) -> date | None:
    """Return the day the ground must be looked at again; None where it does not age, or there is none."""
    days = []
    if entry.basis == Basis.DPF and entry.checked_on:
        days.append(entry.checked_on + timedelta(days=rules.check_days))
    if entry.basis not in {"", Basis.EEA} and entry.assessed_on:
        days.append(entry.assessed_on + timedelta(days=rules.review_days))
    return min(days, default=None)


def standing(entry: Entry | None, *, rules: Rules, today: date) -> Check:
    """Return how the record of a recipient stands on a day."""
    if entry is None or not entry.basis:
        return Check.MISSING
    day = due_on(entry, rules=rules)
    return Check.DUE if day is not None and day <= today else Check.CURRENT


def is_ours_to_stop(code: str) -> bool:
    """Return whether the house itself can stop a recipient.

    What the operator set up for all houses of an installation ends in its environment; without a
    connection there is nothing to stop.
    """
    line = code.partition(":")[0]
    return code in {"meta", "google", "mozilla", "apple", "microsoft", "push"} or line in {
        "mail",
        "callbacks",
    }


def is_other(code: str) -> bool:
    """Return whether a code names a recipient without a connection of ours."""
    return code.startswith(_OTHER)


def other(row: int) -> str:
    """Return the code of a recipient without a connection of ours."""
    return f"{_OTHER}{row}"


def check_reason(reason: str) -> None:
    """Raise UnableToSwitch for no reason, or one that is too long."""
    if not 1 <= len(reason.strip()) <= LONGEST:
        raise UnableToSwitch("Say why in up to 300 signs.")
