"""What has no place in a chat: requests for identity papers, and full card or account numbers.

WhatsApp's Messaging Policy forbids asking for or sharing full payment-card, bank-account and
personal-id numbers; § 20(2) PAuswG restricts copies of identity cards. No contract is concluded in a
chat either: that would owe the customer the duties of distance selling (§§ 312c, 312g, 356a BGB). A
template with a finding is refused, a person who types one is warned.
"""

import re
from dataclasses import dataclass
from enum import StrEnum


class Concern(StrEnum):
    """What was found."""

    IDENTITY_DOCUMENT = "identity_document"
    CARD_NUMBER = "card_number"
    ACCOUNT_NUMBER = "account_number"
    ASKS_FOR_PAYMENT_DATA = "asks_for_payment_data"
    CONCLUDES_CONTRACT = "concludes_contract"
    APPROVES_WITHOUT_ORDER = "approves_without_order"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A concern and where it stands in the text (`start` inclusive, `end` exclusive)."""

    concern: Concern
    start: int
    end: int


_DOCUMENT = (
    r"(?:personal)?ausweis(?!nummer der)\w*|reisepass\w*|führerschein\w*|fuehrerschein\w*|"
    r"id[ -]?card|identity card|passport|driving licen[cs]e|driver'?s licen[cs]e"
)
_PAYMENT = (
    r"iban|kontonummer\w*|bankverbindung\w*|kontodaten|kreditkarten?\w*|kartennummer\w*|"
    r"cvv|cvc|prüfziffer|bank details|account number|card number|credit card\w*"
)
_ASK = (
    r"schick(?:en|e|t)?|zuschicken|send(?:en|e|et)?|zusenden|mailen|teilen sie|mitteilen|nennen|gib|"
    r"fotos?|kopien?|scans?|bild(?:er)?|fotografier\w*|hochladen|hochzuladen|abfotografier\w*|"
    r"durchgeben|übermittel\w*|benötigen wir|wir benötigen|brauchen wir|wir brauchen|"
    r"share|provide|photos?|pictures?|copy|copies|upload|we need"
)
_GAP = r"[^.!?\n]{0,60}?"

_ASKS_FOR_DOCUMENT = re.compile(
    rf"\b(?:{_ASK})\b{_GAP}\b(?:{_DOCUMENT})\b|\b(?:{_DOCUMENT})\b{_GAP}\b(?:{_ASK})\b",
    re.IGNORECASE,
)
_ASKS_FOR_PAYMENT = re.compile(
    rf"\b(?:{_ASK})\b{_GAP}\b(?:{_PAYMENT})\b|\b(?:{_PAYMENT})\b{_GAP}\b(?:{_ASK})\b",
    re.IGNORECASE,
)
_NEGATION = re.compile(r"\b(?:kein\w*|nicht|nie|niemals|never|not|no|don'?t)\b", re.IGNORECASE)
_DIGITS = re.compile(r"(?<![\d+])\d(?:[ -]?\d){12,18}(?!\d)")
_ACCOUNT = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b", re.IGNORECASE)


_STOP = re.compile(
    r"\bstopp?\b|\babmeld\w*|\babbestell\w*|\bkeine werbung\b|\bwiderruf\w*|\bwidersprech\w*|"
    r"\bunsubscribe\b|\bopt[ -]?out\b|\bno (?:more )?advertising\b",
    re.IGNORECASE,
)

_DEAL = (
    r"kauf(?:en|e|t)?|(?:ver|an)kauf|kaufvertrag\w*|leasingvertrag\w*|mietvertrag\w*|finanzierungsvertrag\w*|"
    r"vertrag|bestell(?:en|e|ung|t)|buchen|buchung|mieten|leasen|angebot|purchase|buy|order|contract|offer"
)
_BIND = (
    r"hiermit|verbindlich\w*|zahlungspflichtig\w*|kostenpflichtig\w*|zustande|abschließen|abzuschließen|"
    r"geschlossen|annehmen|anzunehmen|zusagen|herewith|hereby|binding|accept|conclude"
)
_CONCLUDES = re.compile(
    rf"\b(?:{_BIND})\b{_GAP}\b(?:{_DEAL})\b|\b(?:{_DEAL})\b{_GAP}\b(?:{_BIND})\b|"
    r"\b(?:jetzt|sofort|gleich hier) (?:kaufen|bestellen|mieten|leasen)\b|\b(?:buy|order) now\b|"
    r"\banzahlung\w*|\bdown payment\b",
    re.IGNORECASE,
)
_PRICE = re.compile(r"(?:€|\beuros?\b|\beur\b)", re.IGNORECASE)
_APPROVAL = re.compile(
    r"\bfreigabe\b|\bfreigeben\b|\bsollen wir\b|\bdürfen wir\b|\bsind sie einverstanden\b|"
    r"\bshall we\b|\bmay we\b|\bapprov\w*",
    re.IGNORECASE,
)
_EXTENDS = re.compile(
    rf"\berweiter\w*{_GAP}\b\w*auftrags?\b|\b\w*auftrags?\b{_GAP}\berweiter\w*|"
    rf"\bextend\w*{_GAP}\border\b|\border\b{_GAP}\bextend\w*",
    re.IGNORECASE,
)


def names_stop(text: str) -> bool:
    """Return whether a text says how its reader ends such messages."""
    return _STOP.search(text) is not None


def lint_text(text: str) -> tuple[Finding, ...]:
    """Return what should not be asked for or shown in a chat, in order of appearance."""
    found = [
        *_requests(text, _ASKS_FOR_DOCUMENT, Concern.IDENTITY_DOCUMENT),
        *_requests(text, _ASKS_FOR_PAYMENT, Concern.ASKS_FOR_PAYMENT_DATA),
        *(
            Finding(concern=Concern.CARD_NUMBER, start=hit.start(), end=hit.end())
            for hit in _DIGITS.finditer(text)
            if _is_card_number(hit.group())
        ),
        *(
            Finding(concern=Concern.ACCOUNT_NUMBER, start=hit.start(), end=hit.end())
            for hit in _ACCOUNT.finditer(text)
            if _is_iban(hit.group())
        ),
    ]
    return tuple(sorted(found, key=lambda finding: (finding.start, finding.concern)))


def lint_contract(text: str) -> tuple[Finding, ...]:
    """Return what would conclude a contract in the chat, in order of appearance.

    An order that exists may be extended by an approval, if the text says so: then no new contract at a
    distance comes about. Whoever asks for approval of a price without these words is found too.
    """
    found = _requests(text, _CONCLUDES, Concern.CONCLUDES_CONTRACT)
    approval = _APPROVAL.search(text)
    if approval and _PRICE.search(text) and not _EXTENDS.search(text):
        concern = Concern.APPROVES_WITHOUT_ORDER
        found.append(Finding(concern=concern, start=approval.start(), end=approval.end()))
    return tuple(sorted(found, key=lambda finding: (finding.start, finding.concern)))


def _requests(text: str, pattern: re.Pattern[str], concern: Concern) -> list[Finding]:
    """Return requests, without sentences that say not to send it ("keine Ausweise")."""
    findings = []
    for hit in pattern.finditer(text):
        begin = max(text.rfind(mark, 0, hit.start()) for mark in ".!?\n") + 1
        if _NEGATION.search(text, begin, hit.end()) is None:
            findings.append(Finding(concern=concern, start=hit.start(), end=hit.end()))
    return findings


def _is_card_number(candidate: str) -> bool:
    """Return whether the digits carry a valid check digit (Luhn, ISO/IEC 7812-1)."""
    digits = [int(sign) for sign in candidate if sign.isdigit()]
    doubled = (
        digit if place % 2 == 0 else sum(divmod(digit * 2, 10))
        for place, digit in enumerate(reversed(digits))
    )
    return sum(doubled) % 10 == 0 and any(digits)


def _is_iban(candidate: str) -> bool:
    """Return whether the check digits are right (ISO 13616, modulo 97)."""
    compact = candidate.replace(" ", "").upper()
    turned = compact[4:] + compact[:4]
    return int("".join(str(int(sign, 36)) for sign in turned)) % 97 == 1
