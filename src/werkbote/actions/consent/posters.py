"""Posters and links of the ways in, filled with the words of their branch."""

import base64
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import phonenumbers

from werkbote.actions import ledger
from werkbote.actions.consent import form_pages, wording
from werkbote.papers import poster, press
from werkbote.store import keyring, models, scope, vault

UnableToPrint = press.UnableToPrint


class UnableToPost(Exception):
    """There is nothing to post: no such way, or its branch has no number to write to."""


class Sheet(StrEnum):
    """What can be printed of a way in."""

    PDF = "poster.pdf"
    PNG = "poster.png"
    CODE = "qr.png"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Way:
    row: models.ConsentWay
    words: wording.Words
    phone: str
    link: str


def link_of(*, organisation: int, way: int, at: datetime) -> str:
    """Return the wa.me link of a way in; raise UnableToPost where nobody could be written to."""
    return _way(organisation, way, at=at).link


def sheet(*, organisation: int, way: int, kind: Sheet, at: datetime) -> bytes:
    """Return a way's poster or bare QR code.

    Raises UnableToPost without way or number, UnableToPrint for a text that cannot be set.
    """
    found = _way(organisation, way, at=at)
    if kind is Sheet.CODE:
        return poster.code(found.link)
    if kind is Sheet.PNG:
        return poster.png(_data(found), link=found.link)
    midnight = found.row.created_at.astimezone(ledger.ZONE)
    return poster.pdf(_data(found), link=found.link, at=midnight)


def _way(organisation: int, way: int, *, at: datetime) -> _Way:
    keys = keyring.organisation(organisation)
    with scope.looking(organisation=organisation):
        row = models.ConsentWay.objects.select_related("branch").filter(id=way).first()
        number = row and models.Number.objects.filter(branch=row.branch_id).order_by("id").first()
        if row is None or not number:
            raise UnableToPost("This branch has no WhatsApp number yet: connect one first.")
        words = wording.of(keys, row.branch, at=at)
        return _Way(
            row=row,
            words=words,
            phone=_phone(keys, number),
            link=form_pages.link(keys, number, text=said(row)),
        )


def picture(link: str) -> str:
    """Return the QR code of a link as a data address, for a page that scans from another screen."""
    return f"data:image/png;base64,{base64.b64encode(poster.code(link, scale=6)).decode()}"


def said(row: models.ConsentWay) -> str:
    """Return what has to be written to use a way in."""
    return f"{row.keyword} {row.code}".upper()


def _phone(keys: vault.OrganisationKeys, number: models.Number) -> str:
    plain = keys.main.open_text(
        number.phone_sealed, table="number", row=number.id, column="phone_sealed"
    )
    form = phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return str(phonenumbers.format_number(phonenumbers.parse(plain), form))


def _data(found: _Way) -> dict[str, object]:
    words, row = found.words, found.row
    lines = [
        f"{words.purpose(code)}. {words.frequency(code)}".strip()
        for code in row.purposes
        if code in words.rules.purposes
    ]
    return {
        "language": words.language,
        "company": words.company,
        "title": row.title or words.poster("title"),
        "alt": words.poster("alt"),
        "steps": words.poster_steps(),
        "receive": words.poster("receive"),
        "purposes": lines,
        "by_hand": words.poster("by_hand", keyword=said(row), phone=found.phone),
        "small": words.poster("small"),
        "privacy": words.poster("privacy"),
    }
