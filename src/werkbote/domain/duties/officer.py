"""The data protection officer (Art. 37-39 DSGVO, § 38 BDSG): whether one is needed, and whether all is in order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

LONGEST = 200
MOST_PEOPLE = 1_000_000


class UnableToAppoint(ValueError):
    """This cannot stand; the sentence says what to change."""


class Ground(StrEnum):
    """Why an officer must be appointed (§ 38 Abs. 1 BDSG)."""

    PEOPLE = "people"
    ASSESSMENT = "assessment"


class Standing(StrEnum):
    """How the house stands: not asked yet, none needed, one missing, the authority not told, in order."""

    UNANSWERED = "unanswered"
    NOT_NEEDED = "not_needed"
    MISSING = "missing"
    UNTOLD = "untold"
    IN_ORDER = "in_order"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the house says about itself, and whom it appointed.

    `people` counts everybody who constantly works with personal data, also outside of this product;
    `assessment` says that an impact assessment is owed. `notified_on` is the day the authority was told
    the contact (Art. 37(7)), `reference` its receipt.
    """

    people: int
    assessment: bool
    name: str = ""
    contact: str = ""
    appointed_on: date | None = None
    notified_on: date | None = None
    reference: str = ""


def grounds(answer: Answer, *, members: int, most: int) -> tuple[Ground, ...]:
    """Return why an officer is needed; `members` of the house work with this product, so at least so many do.

    From `most` people on one is needed (§ 38(1) sentence 1), and whenever an impact assessment is owed
    (sentence 2).
    """
    found = []
    if max(answer.people, members) >= most:
        found.append(Ground.PEOPLE)
    if answer.assessment:
        found.append(Ground.ASSESSMENT)
    return tuple(found)


def standing(answer: Answer | None, *, needed: Sequence[Ground]) -> Standing:
    """Return how the house stands; an officer appointed freely is told to the authority as well."""
    if answer is None:
        return Standing.UNANSWERED
    if not answer.contact:
        return Standing.MISSING if needed else Standing.NOT_NEEDED
    return Standing.IN_ORDER if answer.notified_on else Standing.UNTOLD


def check(answer: Answer, *, today: date) -> None:
    """Raise UnableToAppoint for an answer that could not stand before an authority."""
    if not 0 <= answer.people <= MOST_PEOPLE:
        raise UnableToAppoint("Count the people who constantly work with personal data.")
    written = (answer.name, answer.contact, answer.reference)
    if any(len(one) > LONGEST or not one.isprintable() for one in written):
        raise UnableToAppoint("Write up to 200 signs in each field, without line breaks.")
    appointed = bool(answer.contact.strip())
    if appointed is not bool(answer.appointed_on) or (answer.name and not appointed):
        raise UnableToAppoint("An officer has a contact and a day of appointment: enter both.")
    _check_days(answer.appointed_on, answer.notified_on, today=today)


def _check_days(appointed: date | None, notified: date | None, *, today: date) -> None:
    if any(day > today for day in (appointed, notified) if day):
        raise UnableToAppoint("A day lies in the future: enter when it was done.")
    if notified and (appointed is None or notified < appointed):
        raise UnableToAppoint("The authority is told after the appointment: check the days.")
