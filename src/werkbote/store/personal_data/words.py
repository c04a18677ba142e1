"""The words in which a field is described, and the reasons that many fields share."""

from dataclasses import dataclass
from enum import StrEnum


class Whose(StrEnum):
    """Whom a value says something about."""

    PERSON = "person"
    MEMBER = "member"
    ORGANISATION = "organisation"
    NOBODY = "nobody"


class Kind(StrEnum):
    """What a value is. REFERENCE is a row number of ours, STATE what the product works with."""

    REFERENCE = "reference"
    STATE = "state"
    TIME = "time"
    NAME = "name"
    CONTACT = "contact"
    PROVIDER_ID = "provider id"
    CONTENT = "content"
    CREDENTIAL = "credential"
    KEY = "key"


class Protection(StrEnum):
    """What stands between a copy of the database and the value."""

    PERSON_KEY = "sealed with the person's key"
    VEHICLE_KEY = "sealed with the vehicle's key"
    ORGANISATION_KEY = "sealed with the organisation's key"
    INSTALLATION_KEY = "wrapped by the installation's key"
    KEYED_HASH = "keyed hash"
    PASSWORD_HASH = "Argon2id"  # noqa: S105 -- the name of a method
    PLAIN = "plain"


class Ended(StrEnum):
    """What makes a row or value go."""

    WITH_PERSON = "deleted with the person, together with the key"
    WITH_LAST_PERSON = "deleted with the last person it belongs to, together with the key"
    WITH_MEMBER = "deleted with the member"
    WITH_ORGANISATION = "deleted with the organisation"
    BY_AGE = "deleted by age"
    KEPT = "kept"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field; `why` is required where something personal stands in plain."""

    name: str
    whose: Whose
    kind: Kind
    protection: Protection = Protection.PLAIN
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One model and what holds for its rows.

    `person` and `member` are the lookups that lead from a row to whom it is about, empty where none
    does. `subject` names a number without constraint that outlives the person; `searched` a sealed
    field that is opened and searched for somebody's numbers, since no lookup leads to them. `rule` is
    the deletion class that ends the rows. `exported` says whether rows found for a person belong into
    their copy (Art. 15(3)), `provided` the fields a person gave by themselves, which they may take
    along (Art. 20(1)).
    """

    model: str
    purpose: str
    fields: tuple[Field, ...]
    person: str = ""
    subject: str = ""
    searched: str = ""
    rule: str = ""
    member: str = ""
    exported: bool = False
    provided: tuple[str, ...] = ()
    corrected: str = "not corrected: it says what happened"
    ended: Ended
    kept: str


def work(names: str, kind: Kind = Kind.STATE) -> tuple[Field, ...]:
    """Return fields that say nothing about a human being."""
    return each(names, Whose.NOBODY, kind)


def each(
    names: str,
    whose: Whose,
    kind: Kind,
    protection: Protection = Protection.PLAIN,
    why: str = "",
) -> tuple[Field, ...]:
    """Return fields, named with spaces between, for which the same holds."""
    return tuple(
        Field(name=name, whose=whose, kind=kind, protection=protection, why=why)
        for name in names.split()
    )


def rows(names: str) -> tuple[Field, ...]:
    """Return row numbers and references: they mean something only inside this database."""
    return work(names, Kind.REFERENCE)


def about_person(names: str, kind: Kind, why: str) -> tuple[Field, ...]:
    """Return what stands in plain about a person, and why it must."""
    return each(names, Whose.PERSON, kind, Protection.PLAIN, why)


SORTED = "the database orders, claims and counts by it"
LINKED = "links rows of one person; the person's name and numbers are sealed"
RETAINED = "the period of the deletion concept is counted from it"
MATCHED = "reports and replies are matched by it; the provider's own id is sealed"

CONVERSE = "answering customers (Art. 6(1)(b) and (f))"
PROVE = "proving that a message was lawful (Art. 5(2), 7(1))"
OPERATE = "running the installation"
TEAM = "letting staff in and showing who acted (Art. 6(1)(b), (f))"
