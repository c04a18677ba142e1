"""The full privacy notice of a branch (Art. 13, 14 DSGVO, layer two): sections from data, one version.

The words are data (`notice_page` of the Rechtsstand), purposes and bases come from the law itself,
the branch fills in what only it knows. A sentence whose facts are missing is left out, never guessed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from werkbote.domain import law

LANGUAGES = ("de", "en")

_DIGEST = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """What only the branch knows; texts as entered, empty where nothing is known.

    `mail` is the host its newsletter leaves through, where somebody else runs it; `joint_*` says with
    whom the house decides about data (Art. 26(2)).
    """

    company: str
    branch: str
    state_code: str
    street: str = ""
    place: str = ""
    phone: str = ""
    email: str = ""
    imprint: str = ""
    officer: str = ""
    officer_contact: str = ""
    host: str = ""
    mail: str = ""
    joint_de: str = ""
    joint_en: str = ""

    def missing(self) -> tuple[str, ...]:
        """Return the names of what Art. 13(1) asks for and is not entered."""
        needed = {"street": self.street, "place": self.place, "email": self.email}
        return tuple(name for name, value in needed.items() if not value.strip())


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """One purpose with its basis and how long the data is kept."""

    purpose: str
    basis: str
    period: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One headed part. `uses` is filled in the part on purposes; `highlighted` sets it apart."""

    id: str
    heading: str
    paragraphs: tuple[str, ...]
    highlighted: bool = False
    uses: tuple[Use, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A notice as it is shown. `version` names wording and contents; equal texts have equal versions."""

    version: str
    language: str
    title: str
    lead: str
    valid_from: date
    sections: tuple[Section, ...]


class UnableToComposePage(ValueError):
    """The Rechtsstand file on the notice page is incomplete; names the gap."""


def compose(
    details: Details, *, document: Mapping[str, Any], rules: law.Law, language: str
) -> Page:
    """Return a branch's notice in a language, German where the language has no wording.

    Raises:
        UnableToComposePage: if the document lacks a part.
    """
    spoken = language if language in LANGUAGES else "de"
    try:
        places = _places(details, document, spoken)
        sections = tuple(
            _section(entry, places, rules, document, spoken) for entry in document["sections"]
        )
        page = Page(
            version="",
            language=spoken,
            title=document["title"][spoken].format_map(places),
            lead=document["lead"][spoken].format_map(places),
            valid_from=document["valid_from"],
            sections=tuple(section for section in sections if section.paragraphs or section.uses),
        )
        version = f"{document['version']}-{_digest(page)}"
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise UnableToComposePage(
            f"The full notice cannot be composed ({error!r}). "
            "Compare the notice_page file with the one that was valid before it."
        ) from error
    return Page(**{**_fields(page), "version": version})


def _fields(page: Page) -> dict[str, Any]:
    return {name: getattr(page, name) for name in page.__slots__}


def _digest(page: Page) -> str:
    plain = asdict(page)
    return sha256(repr(sorted(plain.items())).encode()).hexdigest()[:_DIGEST]


def _places(details: Details, document: Mapping[str, Any], language: str) -> dict[str, str]:
    authority = document["authorities"].get(details.state_code, document["authorities"]["else"])
    given = {name: value.strip() for name, value in asdict(details).items()}
    address = ", ".join(part for part in (given["street"], given["place"]) if part)
    host = given["host"] or document["no_host"][language]
    return {**given, "address": address, "host": host, "authority": authority}


def _section(
    entry: Mapping[str, Any],
    places: Mapping[str, str],
    rules: law.Law,
    document: Mapping[str, Any],
    language: str,
) -> Section:
    return Section(
        id=entry["id"],
        heading=entry["heading"][language],
        paragraphs=tuple(_paragraphs(entry.get("text", ()), places, language)),
        highlighted=bool(entry.get("highlighted", False)),
        uses=_uses(rules, document["periods"], language) if entry.get("purposes") else (),
    )


def _paragraphs(
    entries: Sequence[Mapping[str, Any]], places: Mapping[str, str], language: str
) -> Sequence[str]:
    """Return the sentences whose facts are known; `unless` names facts that make one superfluous."""
    return [
        entry[language].format_map(places)
        for entry in entries
        if all(places[name] for name in entry.get("needs", ()))
        and not any(places[name] for name in entry.get("unless", ()))
    ]


def _uses(
    rules: law.Law, periods: Mapping[str, Mapping[str, str]], language: str
) -> tuple[Use, ...]:
    return tuple(
        Use(
            purpose=purpose.name_de if language == "de" else purpose.name_en,
            basis=purpose.basis,
            period=periods[purpose.code][language],
        )
        for purpose in rules.purposes.values()
        if purpose.basis is not None and purpose.code in periods
    )
