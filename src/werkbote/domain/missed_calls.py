"""What a caller who reached nobody is told: texts that lead to the page with the notice, never past it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

from werkbote.domain import law

LONGEST = 60
"""Characters of an address that is said aloud."""

_SPOKEN = re.compile(r"[\w-]+(\.[\w-]+)+(/[\w.-]+)*")


class UnableToSay(ValueError):
    """The address cannot be said aloud; the sentence says what it may look like."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """The texts of one branch in one language; `website` is a line of HTML."""

    announcement: str
    sms: str
    card: str
    website: str


def spoken(*, given: str, link: str) -> str:
    """Return the address that is said: the given one, else the link without its scheme.

    Raises UnableToSay unless it is a domain with a path of plain words.
    """
    address = given.strip().removeprefix("https://").removeprefix("www.").rstrip("/")
    if not address:
        return link.partition("://")[2]
    if len(address) > LONGEST or not _SPOKEN.fullmatch(address):
        raise UnableToSay("Enter an address like autohaus.example/whatsapp.")
    return address


def texts(
    document: Mapping[str, Any], *, company: str, link: str, spoken: str, language: str
) -> Texts:
    """Return the texts as they are copied; raise law.UnableToReadLaw when the file lacks one."""
    try:
        words = {name: str(document[name][language]) for name in ("announcement", "sms", "card")}
        label = escape(str(document["website"][language]))
        filled = {
            name: text.format(company=company, link=link, spoken=spoken)
            for name, text in words.items()
        }
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise law.UnableToReadLaw(
            f"The Rechtsstand file on missed_calls lacks or garbles {error}. Put it back."
        ) from error
    return Texts(**filled, website=f'<a href="{escape(link)}" rel="noopener">{label}</a>')
