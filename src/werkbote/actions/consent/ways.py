"""Ways in: the keywords a business offers, with their campaign codes, and what somebody asks by one."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from werkbote.actions import audit, inbox, ledger
from werkbote.actions.consent import answers, asking, wording
from werkbote.domain import consent, notice_page, withdrawal
from werkbote.store import ids, keyring, models, notice, rechtsstand, scope, vault

LONGEST = 80
"""Longest text that is read as a keyword, in characters."""
_LONGEST_CODE = 24
_DRAWN = 5
_SIGNS = "23456789abcdefghjkmnpqrstuvwxyz"
"""What a drawn code is made of: nothing that is taken for something else."""
_NONE = withdrawal.Scope.NONE
_AGE = "stated with the request: from age 16"


class UnableToOffer(Exception):
    """This way in cannot be offered; the sentence says what to change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """What a keyword asks for. `code` is the campaign, empty for the keyword that always works."""

    keyword: str
    purposes: tuple[str, ...]
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """All keywords by what has to be written, folded; `pages` ask for the person's own page."""

    ways: Mapping[str, Way]
    pages: frozenset[str] = frozenset()

    def match(self, text: str) -> Way | None:
        """Return the way whose keyword is the whole text, None for anything else."""
        if not text or len(text) > LONGEST:
            return None
        return self.ways.get(wording.fold(text))

    def asks_for_page(self, text: str) -> bool:
        """Return whether the whole text asks for the person's own page."""
        return 0 < len(text) <= LONGEST and wording.fold(text) in self.pages


def keywords(batch: inbox.Batch) -> Known:
    """Return the keywords of the day and of this organisation's running campaigns. One query."""
    document = rechtsstand.document("optin", day=batch.at.astimezone(ledger.ZONE).date())
    found = {way.keyword: way for way in _standing(document)}
    for row in models.ConsentWay.objects.filter(ended_at=None).order_by("id"):
        way = Way(keyword=row.keyword, purposes=tuple(row.purposes), code=row.code)
        found[wording.fold(f"{row.keyword} {row.code}")] = way
    pages = frozenset(wording.fold(words) for words in document["page_keywords"])
    return Known(ways=found, pages=pages)


def _standing(document: Mapping[str, Any]) -> list[Way]:
    return [
        Way(keyword=wording.fold(entry["keyword"]), purposes=tuple(entry["purposes"]))
        for entry in document["keywords"]
    ]


def wanted(
    *, keys: vault.OrganisationKeys, heard: answers.Heard, way: Way, words: wording.Words
) -> asking.Wanted:
    """Return what a keyword asks for, with the evidence a message gives."""
    said = heard.event.text
    reference = way.code or heard.event.original or heard.event.provider_id
    evidence = consent.Evidence(
        subject=consent.Subject(
            person_id=str(heard.person), **ledger.addresses(keys, heard.person)
        ),
        legal_entity=words.company,
        purposes=way.purposes,
        channel=words.channel,
        wording=consent.Wording(
            rendered=said, language=words.language, version_hash=wording.digest(said)
        ),
        presentation=wording.presentation(
            "QR code or link" if way.code else "keyword", reference, said
        ),
        act=f"wrote “{said.strip()}”",
        times=consent.Times(zone=ledger.ZONE.key, shown_at=heard.event.at, given_at=heard.event.at),
        age_statement=_AGE,
        notice_version=notice_version(
            keys, heard.branch, at=heard.event.at, language=words.language
        ),
        withdrawal_text=words.say("withdrawal"),
        campaign=way.code or None,
    )
    return asking.Wanted(
        key=heard.key,
        person=heard.person,
        branch=heard.branch.id,
        purposes=way.purposes,
        occurred_at=heard.event.at,
        by="person",
        evidence=evidence,
        from_number=True,
    )


def notice_version(
    keys: vault.OrganisationKeys, branch: models.Branch, *, at: datetime, language: str = "de"
) -> str:
    """Return the version of the full notice that the link in a request leads to."""
    found: notice_page.Details = notice.details(keys, branch)
    return notice.compose(found, language=language, at=at).version


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A way in as somebody wants it. An empty `code` is drawn; an empty `title` is the usual one."""

    branch: int
    keyword: str
    purposes: tuple[str, ...]
    code: str = ""
    title: str = ""


def offer(*, organisation: int, offer: Offer, by: int | str, at: datetime) -> int:
    """Open a way in: a keyword with a campaign code; raise UnableToOffer for one that cannot work."""
    code = offer.code.casefold() or _drawn()
    _check(offer, code, at=at)
    keyring.organisation(organisation)
    row = ids.new()
    with scope.transaction(organisation=organisation):
        if not models.Branch.objects.filter(id=offer.branch).exists():
            raise UnableToOffer("Choose one of your branches.")
        if _is_taken(offer.keyword, code):
            raise UnableToOffer("This code is in use already; choose another.")
        models.ConsentWay(
            id=row,
            organisation_id=organisation,
            branch_id=offer.branch,
            code=code,
            keyword=wording.fold(offer.keyword),
            title=" ".join(offer.title.split()),
            purposes=list(offer.purposes),
            created_at=at,
        ).save(force_insert=True)
        audit.record(
            organisation=organisation,
            by=by,
            verb="consent.offer",
            object=f"consent_way:{row}",
            at=at,
        )
    return row


def _is_taken(keyword: str, code: str) -> bool:
    """Return whether a code was given before, or would be read as another way's words."""
    wanted = wording.fold(f"{keyword} {code}")
    rows = models.ConsentWay.objects.values_list("keyword", "code", "ended_at")
    return any(
        known == code or (ended is None and wording.fold(f"{said} {known}") == wanted)
        for said, known, ended in rows
    )


def _drawn() -> str:
    return "".join(secrets.choice(_SIGNS) for _ in range(_DRAWN))


def _check(offer: Offer, code: str, *, at: datetime) -> None:
    day = at.astimezone(ledger.ZONE).date()
    keyword = wording.fold(offer.keyword)
    if not keyword or not (code.isascii() and code.isalnum()) or len(code) > _LONGEST_CODE:
        raise UnableToOffer(
            "A way in needs a keyword, and a code of up to 24 letters and digits without spaces."
        )
    if len(f"{offer.keyword} {code}") > LONGEST:
        raise UnableToOffer("Keyword and code together are too long: shorten them.")
    if withdrawal.read(f"{keyword} {code}", rechtsstand.words(day)).scope is not _NONE:
        raise UnableToOffer("This keyword reads like a withdrawal: choose other words.")
    known = wording.purposes(rechtsstand.on(day))
    if not offer.purposes or not known.issuperset(offer.purposes):
        raise UnableToOffer("Choose purposes that need a consent.")


def end(*, organisation: int, way: int, by: int | str, at: datetime) -> None:
    """Close a way in: its keyword means nothing from now on; given consents stay."""
    with scope.transaction(organisation=organisation):
        ended = models.ConsentWay.objects.filter(id=way, ended_at=None).update(ended_at=at)
        if ended:
            audit.record(
                organisation=organisation,
                by=by,
                verb="consent.end_offer",
                object=f"consent_way:{way}",
                at=at,
            )
