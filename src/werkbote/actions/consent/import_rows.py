"""The rows of an import file: CSV with a head, read strictly; what is wrong with a row is said there."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import phonenumbers

from werkbote.actions import ledger
from werkbote.actions.consent import wording
from werkbote.domain import consent

MOST_BYTES = 5 * 1024 * 1024
MOST_ROWS = 5000
COLUMNS = (
    *("phone", "purpose", "legal_entity", "text", "language", "presentation", "reference", "act"),
    *("shown_at", "given_at", "request_sent_at", "confirmed_at", "outbound_id", "inbound_id"),
    *("body_hash", "signature_valid", "confirmed_number", "age", "notice_version"),
    *("withdrawal_text", "campaign"),
)
"""What a head may name; phone and purpose must be there."""

_MOMENTS = ("shown_at", "given_at", "request_sent_at", "confirmed_at")
_YES = frozenset({"1", "ja", "yes", "true", "wahr"})
_SKEW = timedelta(minutes=5)
_LONGEST = 4000
_MESSAGE_ID = "wamid."


class UnableToImport(Exception):
    """The file is none that can be read; the sentence says what to change."""


class _Broken(ValueError):
    """What is wrong with a row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row: sound, or with a `problem`. `confirmed_at` is when the consent began, or now.

    `from_number` tells that the row documents a confirmation by a WhatsApp message of this very number.
    """

    number: int
    phone: str
    purpose: str
    confirmed_at: datetime
    evidence: consent.Evidence
    problem: str = ""
    from_number: bool = False


def read(content: bytes, *, purposes: frozenset[str], at: datetime) -> list[Row]:
    """Return the rows of a file in their order, numbered as a spreadsheet numbers them."""
    if len(content) > MOST_BYTES:
        raise UnableToImport("The file is larger than 5 MB: split it.")
    text = _decoded(content)
    head = text.partition("\n")[0]
    delimiter = max(";,\t", key=head.count)
    try:
        table = list(csv.reader(io.StringIO(text), delimiter=delimiter, strict=True))
    except csv.Error:
        raise UnableToImport(
            "The file is no CSV: save it as CSV (UTF-8) from your spreadsheet."
        ) from None
    if not table or len(table) > MOST_ROWS + 1:
        raise UnableToImport("A file holds a head and between 1 and 5000 rows.")
    names = [name.strip().casefold() for name in table[0]]
    if not {"phone", "purpose"} <= set(names) or not set(names) <= set(COLUMNS):
        raise UnableToImport(
            "The first row names the columns; phone and purpose must be there, and no unknown one."
        )
    return [
        _row(number, names, cells, purposes=purposes, at=at)
        for number, cells in enumerate(table[1:], 2)
        if any(cell.strip() for cell in cells)
    ]


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise UnableToImport("The file is no CSV: save it as CSV (UTF-8) from your spreadsheet.")


def _row(
    number: int, names: list[str], cells: list[str], *, purposes: frozenset[str], at: datetime
) -> Row:
    given = {name: cell.strip() for name, cell in zip(names, cells, strict=False)}
    problem, phone, moments = "", "", dict[str, datetime]()
    try:
        _check(names, cells)
        phone = _phone(given["phone"])
        _check_purpose(given["purpose"], purposes)
        moments = _moments(given, at=at)
    except _Broken as error:
        problem = str(error)
    return Row(
        number=number,
        phone=phone,
        purpose=given.get("purpose", "")[:8],
        confirmed_at=moments.get("confirmed_at") or moments.get("given_at") or at,
        evidence=_evidence(given, moments),
        problem=problem,
        from_number=bool(phone) and _confirmed_by(given) == phone,
    )


def _confirmed_by(given: Mapping[str, str]) -> str:
    """Return the number whose WhatsApp message confirmed, empty where none is documented."""
    ids = (given.get("outbound_id", ""), given.get("inbound_id", ""))
    if not all(one.startswith(_MESSAGE_ID) for one in ids) or ids[0] == ids[1]:
        return ""
    try:
        return _phone(given.get("confirmed_number", ""))
    except _Broken:
        return ""


def _check(names: list[str], cells: list[str]) -> None:
    if len(cells) != len(names):
        raise _Broken("This row has more or fewer cells than the head.")
    if any(len(cell) > _LONGEST for cell in cells):
        raise _Broken("A cell is longer than 4000 signs.")


def _check_purpose(code: str, purposes: frozenset[str]) -> None:
    if code not in purposes:
        raise _Broken("There is no such purpose, or it is not asked for on WhatsApp.")


def _phone(text: str) -> str:
    try:
        parsed = phonenumbers.parse(text, "DE")
    except phonenumbers.NumberParseException:
        parsed = None
    if parsed is None or not phonenumbers.is_possible_number(parsed):
        raise _Broken("This is no phone number.")
    return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))


def _moments(given: Mapping[str, str], *, at: datetime) -> dict[str, datetime]:
    """Return the moments that are filled in; local ones are German time. They must be in order."""
    found = {}
    for name in _MOMENTS:
        if not given.get(name):
            continue
        try:
            moment = datetime.fromisoformat(given[name])
        except ValueError:
            raise _Broken(
                "A moment is not written like 2026-03-01T09:30 (with +01:00 where it matters)."
            ) from None
        found[name] = moment if moment.tzinfo else moment.replace(tzinfo=ledger.ZONE)
    if any(moment > at + _SKEW for moment in found.values()):
        raise _Broken("A moment lies in the future.")
    in_order = list(found.values())
    if in_order != sorted(in_order):
        raise _Broken("The moments are not in order: shown, given, asked, confirmed.")
    return found


def _evidence(given: Mapping[str, str], moments: Mapping[str, datetime]) -> consent.Evidence:
    def cell(name: str) -> str | None:
        return given.get(name) or None

    text, purpose = given.get("text", ""), given.get("purpose", "")
    return consent.Evidence(
        legal_entity=cell("legal_entity"),
        purposes=(purpose,) if purpose else (),
        wording=consent.Wording(
            rendered=text,
            language=given.get("language") or "de",
            version_hash=wording.digest(text),
        )
        if text
        else None,
        presentation=wording.presentation(given["presentation"], given.get("reference", ""), text)
        if given.get("presentation")
        else None,
        act=cell("act"),
        times=consent.Times(zone=ledger.ZONE.key, **moments),
        confirmation=consent.Confirmation(
            outbound_id=given.get("outbound_id", ""),
            inbound_id=given.get("inbound_id", ""),
            body_hash=given.get("body_hash", ""),
            signature_valid=given.get("signature_valid", "").casefold() in _YES,
        ),
        age_statement=cell("age"),
        notice_version=cell("notice_version"),
        withdrawal_text=cell("withdrawal_text"),
        campaign=cell("campaign"),
    )
