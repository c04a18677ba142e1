"""Joint controllers (Art. 26 DSGVO): with whom, about what, and the essence that people may read."""

from dataclasses import dataclass
from datetime import date

LONGEST = 200
LONGEST_ESSENCE = 2000
MOST_BYTES = 10 * 1024 * 1024
_PDF = b"%PDF-"


class UnableToAgree(ValueError):
    """This agreement cannot be kept; the sentence says what to change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """Whom the house decides together with, about what; `essence` is published, in both languages."""

    name: str
    subject: str
    essence_de: str
    essence_en: str
    agreed_on: date


def check(agreement: Agreement, *, today: date) -> None:
    """Raise UnableToAgree for an agreement that could not stand."""
    lines = (agreement.name, agreement.subject)
    if any(not one.strip() or len(one) > LONGEST or not one.isprintable() for one in lines):
        raise UnableToAgree("Name who decides with you and about what, in up to 200 signs each.")
    for text in (agreement.essence_de, agreement.essence_en):
        signs = "".join(text.split())
        if not signs or len(text) > LONGEST_ESSENCE or not signs.isprintable():
            raise UnableToAgree(
                "Write the essence of the agreement in German and in English: who answers people, "
                "who informs them."
            )
    if agreement.agreed_on > today:
        raise UnableToAgree("A day lies in the future: enter when it was done.")


def check_paper(content: bytes) -> None:
    """Raise UnableToAgree unless the uploaded agreement is a PDF of a sensible size."""
    if not content.startswith(_PDF) or len(content) > MOST_BYTES:
        raise UnableToAgree("Upload the agreement as a PDF of up to 10 MB.")


def published(agreement: Agreement, language: str) -> str:
    """Return the sentences that the notice says of an agreement (Art. 26(2) sentence 2)."""
    if language == "en":
        return (
            f"Jointly responsible with us for {agreement.subject}: {agreement.name} "
            f"(Art. 26 GDPR). {' '.join(agreement.essence_en.split())}"
        )
    return (
        f"Gemeinsam mit uns verantwortlich für {agreement.subject}: {agreement.name} "
        f"(Art. 26 DSGVO). {' '.join(agreement.essence_de.split())}"
    )
