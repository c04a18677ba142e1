"""The first-contact notice: when it is owed and what it says (Art. 12, 13, 21(4) DSGVO).

The words are data (`law.NoticeLaw`); the house fills in its name and its link. The objection stands in
a paragraph of its own, apart from all other information.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from werkbote.domain import law

PARAGRAPH = "\n\n"

LANGUAGES = ("de", "en")
"""The languages a notice is worded in, the first one where none is known."""


class UnableToComposeNotice(ValueError):
    """The notice cannot be written as the law asks; says what to shorten or to add."""


class Reason(StrEnum):
    """Why a notice is owed."""

    FIRST_CONTACT = "first_contact"
    UNDELIVERED = "undelivered"
    TOO_OLD = "too_old"
    NEW_VERSION = "new_version"


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """The newest notice a person was sent; `delivered_at` is None until the channel says so.

    `failed` tells that the channel will not deliver it any more.
    """

    version: str
    sent_at: datetime
    delivered_at: datetime | None = None
    failed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """What fills the places of the text: the legal entity's name and the link to layer two."""

    company: str
    link: str
    assistant: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """The composed notice. `objection` stands apart; `disclosure` is there if the assistant speaks."""

    version: str
    language: str
    body: str
    objection: str
    disclosure: str | None = None

    @property
    def text(self) -> str:
        """The whole text as it is sent, paragraphs parted by an empty line."""
        parts = (self.body, self.objection, self.disclosure)
        return PARAGRAPH.join(part for part in parts if part)


def due(given: Given | None, *, rules: law.NoticeLaw, now: datetime) -> Reason | None:
    """Return why a notice is owed at a moment, None if the person is informed.

    A notice that is on its way counts as given; one that failed does not.
    """
    if given is None:
        return Reason.FIRST_CONTACT
    if given.failed and given.delivered_at is None:
        return Reason.UNDELIVERED
    if given.version != rules.version:
        return Reason.NEW_VERSION
    told = given.delivered_at or given.sent_at
    return Reason.TOO_OLD if now >= law.months_after(told, rules.repeat_months) else None


def compose(house: House, *, rules: law.NoticeLaw, language: str) -> Notice:
    """Return the notice of a house, in German where the language has no wording.

    Raises:
        UnableToComposeNotice: if the notice without the disclosure is longer than the law's figure
            for a short notice, or names no company or link.
    """
    if not house.company.strip() or not house.link.strip():
        raise UnableToComposeNotice(
            "The notice needs the company's name and a link. Enter both in the settings."
        )
    spoken = language if language in rules.elements else "de"
    words = rules.elements[spoken]
    body = " ".join(
        _filled(words[element], house)
        for element in ("controller", "purpose", "transfer", "restraint")
    )
    notice = Notice(
        version=rules.version,
        language=spoken,
        body=body,
        objection=_filled(words["objection"], house),
        disclosure=_filled(words["assistant"], house) if house.assistant else None,
    )
    length = len(PARAGRAPH.join((notice.body, notice.objection)))
    if length > rules.max_length:
        raise UnableToComposeNotice(
            f"The notice has {length} characters, {rules.max_length} are allowed. "
            "Shorten the company's name or the link."
        )
    return notice


def is_said_in(text: str, notice: str) -> bool:
    """Return whether a text (a filled template) says the whole notice: each paragraph as one of its own."""
    said = _paragraphs(text)
    return bool(notice) and all(paragraph in said for paragraph in _paragraphs(notice))


def _paragraphs(text: str) -> list[str]:
    return [" ".join(part.split()) for part in re.split(r"\n[^\S\n]*\n", text) if part.strip()]


def spoken(language: str) -> str:
    """Return the language a person is written to in: theirs where we have words in it, else German."""
    return language if language in LANGUAGES else LANGUAGES[0]


def _filled(words: str, house: House) -> str:
    return words.format(
        company=house.company.strip(),
        link=house.link.strip(),
        assistant=(house.assistant or "").strip(),
    )
