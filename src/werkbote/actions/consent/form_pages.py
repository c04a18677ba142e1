"""The opt-in form of a branch: what it shows, and what a tick on it begins. It grants nothing by itself."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote

from werkbote.actions import audit, ledger, people
from werkbote.actions.consent import answers, asking, ways, wording
from werkbote.domain import consent, events
from werkbote.store import ids, keyring, models, notice, scope, throttle, vault
from werkbote.store import ledger as rows

_CODE = re.compile(r"ja ([0-9a-z]{6,13})")
_PATIENCE = throttle.Patience(free=20, longest=timedelta(hours=1))


class UnableToRequest(Exception):
    """The request cannot be taken now; the sentence says when or why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What the form shows. `boxes` are purpose codes with their sentences, none ticked."""

    company: str
    title: str
    intro: str
    announce: str
    age: str
    boxes: tuple[tuple[str, str], ...]
    link: str
    language: str

    @property
    def text(self) -> str:
        """All that is shown, as evidence keeps it."""
        return f"{self.title}\n{self.intro}\n{self.announce}\n{self.age}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """A form as it was sent. `phone` is E.164; `way` a campaign code; `at_counter` on our tablet."""

    phone: str
    purposes: tuple[str, ...]
    language: str
    shown_at: datetime
    ip: str
    user_agent: str
    way: str = ""
    at_counter: bool = False


def page(*, branch: int, language: str, at: datetime) -> Page:
    """Return what the form of a branch shows; raise notice.UnableToFindNotice for no branch."""
    organisation = notice.organisation_of(branch)
    keys = keyring.organisation(organisation)
    with scope.looking(organisation=organisation):
        words = wording.of(keys, models.Branch.objects.get(id=branch), at=at, language=language)
    return _page(words)


def _page(words: wording.Words) -> Page:
    return Page(
        company=words.company,
        title=words.form("title"),
        intro=words.form("intro"),
        announce=words.form("announce"),
        age=words.form("age"),
        boxes=tuple((code, words.box(code)) for code in words.offered),
        link=words.link,
        language=words.language,
    )


def shown(words: wording.Words, purposes: Iterable[str]) -> str:
    """Return all that the form shows beside the boxes of these purposes, as evidence keeps it."""
    return "\n".join((_page(words).text, *(words.box(code) for code in purposes)))


def request(*, branch: int, filled: Filled, at: datetime) -> str:
    """Enter what was ticked, ask the number to confirm, and return the wa.me link that confirms too.

    Raises notice.UnableToFindNotice for no branch, UnableToRequest after too many tries.
    """
    organisation = notice.organisation_of(branch)
    keys = keyring.organisation(organisation)
    if throttle.claim(keys.digest("opt-in", filled.ip.encode()), patience=_PATIENCE, at=at):
        raise UnableToRequest("There were too many tries. Wait a moment, then try again.")
    form = ids.new()
    with scope.transaction(organisation=organisation):
        place = models.Branch.objects.get(id=branch)
        words = wording.of(keys, place, at=at, language=filled.language)
        party = events.Party(phone=filled.phone)
        person = people.resolve(keys=keys, parties=[party], source="optin", at=at)[party]
        evidence = _evidence(keys, place, filled, words, person=person.id, at=at)
        wanted = asking.Wanted(
            key=f"w{form}",
            person=person.id,
            branch=branch,
            purposes=tuple(code for code in words.offered if code in filled.purposes),
            occurred_at=at,
            by="person",
            evidence=evidence,
        )
        number = messenger(branch)
        pending = asking.enter_requests(keys=keys, wanted=wanted, at=at)
        if number is not None:
            conversation = asking.conversation(keys=keys, person=person.id, number=number, at=at)
            asking.ask_to_confirm(
                keys=keys, conversation=conversation, pending=pending, words=words, at=at
            )
        audit.record(
            organisation=organisation,
            by="person",
            verb="consent.request_by_form",
            object=f"branch:{branch}",
            detail={"purposes": list(wanted.purposes)},
            at=at,
        )
    return "" if number is None else link(keys, number, text=f"JA {ids.short(form)}")


def messenger(branch: int) -> models.Number | None:
    """Return the WhatsApp number of a branch, the oldest where there are several."""
    return models.Number.objects.filter(branch=branch, channel="whatsapp").order_by("id").first()


def link(keys: vault.OrganisationKeys, number: models.Number, *, text: str) -> str:
    """Return the wa.me address that opens a chat with a number and a text to send."""
    phone = keys.main.open_text(
        number.phone_sealed, table="number", row=number.id, column="phone_sealed"
    )
    return f"https://wa.me/{phone.removeprefix('+')}?text={quote(text)}"


def _evidence(
    keys: vault.OrganisationKeys,
    branch: models.Branch,
    filled: Filled,
    words: wording.Words,
    *,
    person: int,
    at: datetime,
) -> consent.Evidence:
    text = shown(words, filled.purposes)
    kind = "counter tablet" if filled.at_counter else "web form"
    return consent.Evidence(
        subject=consent.Subject(person_id=str(person), number=filled.phone),
        legal_entity=words.company,
        channel=words.channel,
        wording=consent.Wording(
            rendered=text, language=words.language, version_hash=wording.digest(text)
        ),
        presentation=wording.presentation(kind, f"form/{ids.short(branch.id)}", text),
        act="ticked the box and sent the form",
        times=consent.Times(zone=ledger.ZONE.key, shown_at=filled.shown_at, given_at=at),
        origin=consent.Origin(ip=filled.ip, user_agent=filled.user_agent[:300]),
        age_statement=words.form("age"),
        notice_version=ways.notice_version(keys, branch, at=at, language=words.language),
        withdrawal_text=words.say("withdrawal"),
        campaign=filled.way or None,
    )


def code_in(text: str) -> int | None:
    """Return the form a text of the form “JA code” names, None for any other text."""
    found = _CODE.fullmatch(wording.fold(text)) if len(text) < ways.LONGEST else None
    return ids.long(found.group(1)) if found else None


def pending(
    *,
    keys: vault.OrganisationKeys,
    heard: answers.Heard,
    code: int,
    words: wording.Words,
    at: datetime,
) -> tuple[models.Consent, ...]:
    """Return what a form left pending for the very person who wrote; nothing for anybody else.

    A code from another number is written down, answered and changes nothing.
    """
    found = models.Consent.objects.filter(
        record__startswith=f"w{code}-", state=consent.State.PENDING
    ).order_by("purpose")
    own = tuple(row for row in found if row.person_id in rows.group(heard.person))
    if not own:
        why = "other_person" if found else "not_asked"
        answers.refuse(keys=keys, heard=heard, why=why, words=words, at=at)
    return own
