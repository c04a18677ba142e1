"""What a template's words are in German law, whatever Meta calls them: hints that they advertise.

Whoever reminds, asks for a rating or offers something advertises (§ 7 UWG; OLG Frankfurt 6 U 54/16,
BGH VI ZR 225/17), also where Meta files the text under utility.
"""

import re
from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Sound(StrEnum):
    """What a text sounds like."""

    REMINDER = "P-04"
    OFFER = "P-05"
    SURVEY = "P-06"


_DUE = (
    r"(?:fällig|steht (?:bald |wieder |demnächst )?an|läuft (?:bald |demnächst )?(?:ab|aus)|ist es zeit|"
    r"wird es zeit|zeit für|denken sie an|erinner\w*|is due|runs out|time for|remind\w*)"
)
_CARE = (
    r"(?:\bhu\b|\bau\b|hauptuntersuchung|tüv|inspektion|service|wartung|ölwechsel|reifenwechsel|räderwechsel|"
    r"radwechsel|winterreifen|sommerreifen|garantie|klimaservice|inspection|tyre change|warranty)"
)
_GAP = r"[^.!?\n]{0,60}?"

_SOUNDS: Mapping[Sound, re.Pattern[str]] = MappingProxyType(
    {
        Sound.REMINDER: re.compile(rf"{_DUE}{_GAP}{_CARE}|{_CARE}{_GAP}{_DUE}", re.IGNORECASE),
        Sound.SURVEY: re.compile(
            r"\bbewert(?:en|ung)\w*|\bumfrage\w*|\bwie zufrieden\b|\bzufriedenheit\w*|"
            r"\bweiterempfehl\w*|\bfeedback\b|\bsterne\b|\brezension\w*|\brate us\b|\bsurvey\b|"
            r"\bhow satisfied\b|\breview us\b",
            re.IGNORECASE,
        ),
        Sound.OFFER: re.compile(
            r"\brabatt\w*|\bgutschein\w*|\baktion(?:spreis\w*|swoche\w*|en)?\b|\bsonderangebot\w*|"
            r"\bsonderpreis\w*|\bnachlass\b|\bzum festpreis\b|\bunsere angebote\b|\b\d+ ?% "
            r"|\bnur für kurze zeit\b|\bdiscount\b|\bvoucher\b|\bspecial offer\b",
            re.IGNORECASE,
        ),
    }
)

_ASKS = re.compile(
    r"\bdürfen wir\b|\beinverstanden\b|\bzustimm\w*|\beinwillig\w*|\bmay we\b|\bdo you agree\b",
    re.IGNORECASE,
)


def sounds_like(text: str) -> tuple[Sound, ...]:
    """Return what a text sounds like: a reminder, a survey, an offer; nothing for plain service."""
    return tuple(sound for sound, pattern in _SOUNDS.items() if pattern.search(text))


def is_consent_request(text: str) -> bool:
    """Return whether a text asks for a consent."""
    return _ASKS.search(text) is not None
