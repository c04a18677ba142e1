"""Purposes that need a consent, by name: those of WhatsApp messages, and those a member enters."""

from datetime import date

from django.utils.translation import get_language

from werkbote.domain import newsletter
from werkbote.store import rechtsstand
from werkbote.web import labels


def consent_purposes(day: date) -> list[tuple[str, str]]:
    """Return code and name of each purpose that WhatsApp messages need a consent for."""
    german = get_language() == "de"
    return [
        (purpose.code, purpose.name_de if german else purpose.name_en)
        for purpose in rechtsstand.on(day).purposes.values()
        if purpose.opt_in and purpose.messages and purpose.code != newsletter.PURPOSE
    ]


def entered_purposes(day: date) -> list[tuple[str, str]]:
    """Return what a member may enter a consent for: messages, and what is asked for in its own words."""
    own = rechtsstand.document("optin", day=day)["own"]
    return [*consent_purposes(day), *((code, labels.purpose(code, day)) for code in own)]
