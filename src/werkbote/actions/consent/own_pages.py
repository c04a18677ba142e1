"""The customer's own page: a signed link that ends, what it shows, and the switches on it.

Whoever holds the link may look and may end consents. Granting only begins here: the question goes to
the number itself. A link dies after its days, and at once when the number it was sent to is replaced.
"""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from django.conf import settings

from werkbote.actions import audit, drafts, ledger, outbox
from werkbote.actions.consent import answers, asking, form_pages, ways, wording
from werkbote.domain import consent
from werkbote.store import ids, keyring, live, models, notice, rechtsstand, scope, vault
from werkbote.store import ledger as rows

LINK_VALID = timedelta(days=7)
"""How long a link opens the page."""

_MAC = 32
_PARTS = 4
_ACT = "switched on the own page"


class UnableToVisit(Exception):
    """The link opens nothing (any more); the sentence says how to get a new one."""


class UnableToSwitch(Exception):
    """This switch does nothing; the sentence says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """Whose page a link opens: ids of the house, for every deed and look on that page."""

    organisation: int
    branch: int
    conversation: int
    person: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Switch:
    """One purpose: its name, the state it is in, and since when."""

    purpose: str
    name: str
    frequency: str
    state: consent.State
    since: datetime | None

    @property
    def is_on(self) -> bool:
        """Whether messages of this kind may come, or wait only for the confirmation."""
        return self.state in {consent.State.GRANTED, consent.State.PENDING}

    @property
    def is_pending(self) -> bool:
        """Whether the number has yet to confirm."""
        return self.state is consent.State.PENDING


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What the page shows. `number` has all but its last digits hidden."""

    company: str
    number: str
    switches: tuple[Switch, ...]
    stopped: frozenset[str]
    link: str
    language: str


def address(keys: vault.OrganisationKeys, row: models.Conversation, *, at: datetime) -> str:
    """Return the link to the page of a conversation's person, good for some days. Inside a scope."""
    identity = _identity(row.person_id)
    until = int((at + LINK_VALID).timestamp()) // 60
    parts = [ids.short(row.id), ids.short(identity), ids.short(until)]
    token = "-".join([*parts, _mac(keys, parts)])
    house = ids.short(row.number.branch_id)
    return f"{settings.WERKBOTE_PUBLIC_URL.rstrip('/')}/m/{house}/{token}"


def _mac(keys: vault.OrganisationKeys, parts: Sequence[str]) -> str:
    return keys.digest("own page", "\0".join(parts).encode()).hex()[:_MAC]


def _identity(person: int) -> int:
    """Return the newest identity that a person is known by; 0 where there is none."""
    found = (
        models.Identity.objects.filter(person__in=rows.group(person), replaced_at=None)
        .order_by("-created_at", "-id")
        .values_list("id", flat=True)
    )
    return found.first() or 0


def visit(*, house: str, token: str, at: datetime) -> Visit:
    """Return whose page a link opens; raise UnableToVisit for a forged, foreign or outdated one."""
    branch, parts = ids.long(house), token.split("-")
    if branch is None or len(parts) != _PARTS:
        raise UnableToVisit("This link opens no page.")
    try:
        organisation = notice.organisation_of(branch)
    except notice.UnableToFindNotice:
        raise UnableToVisit("This link opens no page.") from None
    keys = keyring.organisation(organisation)
    if not hmac.compare_digest(parts[-1].encode(), _mac(keys, parts[:-1]).encode()):
        raise UnableToVisit("This link opens no page.")
    conversation, identity, until = (ids.long(part) or 0 for part in parts[:-1])
    if at >= datetime.fromtimestamp(until * 60, tz=UTC):
        raise UnableToVisit("This link is too old. Write MEINE DATEN in the chat for a new one.")
    with scope.looking(organisation=organisation):
        row = models.Conversation.objects.filter(id=conversation, number__branch=branch).first()
        holds = (
            row is not None
            and models.Identity.objects.filter(
                id=identity, person__in=rows.group(row.person_id), replaced_at=None
            ).exists()
        )
    if row is None or not holds:
        raise UnableToVisit("This link is too old. Write MEINE DATEN in the chat for a new one.")
    return Visit(
        organisation=organisation, branch=branch, conversation=conversation, person=row.person_id
    )


def own_page(*, visit: Visit, language: str, at: datetime) -> Page:
    """Return what the page shows; looking changes nothing."""
    keys = keyring.organisation(visit.organisation)
    with scope.looking(organisation=visit.organisation):
        words = _words(keys, visit, language=language, at=at)
        group = rows.group(visit.person)
        held = {
            row.purpose: row
            for row in models.Consent.objects.filter(person__in=group, branch=visit.branch)
        }
        stopped = models.Suppression.objects.filter(
            fingerprint__in=rows.fingerprints(group)
        ).values_list("scope", flat=True)
        number = ledger.addresses(keys, visit.person).get("number", "")
        return Page(
            company=words.company,
            number=_masked(number),
            switches=tuple(_switch(words, code, held.get(code)) for code in _shown(words, held)),
            stopped=frozenset(stopped),
            link=words.link,
            language=words.language,
        )


def _words(
    keys: vault.OrganisationKeys, visit: Visit, *, language: str, at: datetime
) -> wording.Words:
    branch = models.Branch.objects.get(id=visit.branch)
    return wording.of(keys, branch, at=at, language=language)


def _shown(words: wording.Words, held: dict[str, models.Consent]) -> list[str]:
    """Return the purposes a person can switch: those offered, and those once asked for."""
    return [code for code in words.rules.purposes if code in words.offered or code in held]


def _switch(words: wording.Words, code: str, row: models.Consent | None) -> Switch:
    return Switch(
        purpose=code,
        name=words.purpose(code),
        frequency=words.frequency(code).strip(),
        state=consent.State.UNKNOWN if row is None else consent.State(row.state),
        since=None if row is None else row.since,
    )


def _masked(number: str) -> str:
    return f"… {number[-3:]}" if number else ""


def switch_off(*, visit: Visit, purpose: str, at: datetime) -> None:
    """End one consent of the person at once; raise UnableToSwitch for a purpose that is none."""
    _stop(visit, purposes=(_check(purpose, at=at),), everything=False, at=at)


def stop_all(*, visit: Visit, everything: bool, at: datetime) -> None:
    """End all advertising, or every message on WhatsApp."""
    _stop(visit, purposes=(), everything=everything, at=at)


def _check(purpose: str, *, at: datetime) -> str:
    rules = rechtsstand.on(at.astimezone(ledger.ZONE).date())
    if purpose not in rules.purposes or not rules.purposes[purpose].opt_in:
        raise UnableToSwitch("This kind of message does not exist any more. Reload the page.")
    return purpose


def _stop(visit: Visit, *, purposes: tuple[str, ...], everything: bool, at: datetime) -> None:
    keys = keyring.organisation(visit.organisation)
    with scope.transaction(organisation=visit.organisation):
        ledger.stop(
            keys=keys,
            stop=ledger.Stop(
                person=visit.person,
                branch=visit.branch,
                key=f"o{ids.new()}",
                deed=consent.Deed.WITHDRAWN,
                reason="withdrawn",
                channel="own page",
                occurred_at=at,
                by="person",
                text=", ".join(purposes) or ("everything" if everything else "all advertising"),
                everything=everything,
                purposes=purposes,
            ),
            at=at,
        )
        audit.record(
            organisation=visit.organisation,
            by="person",
            verb="consent.withdraw_on_own_page",
            object=f"person:{visit.person}",
            detail={"purposes": list(purposes), "everything": everything},
            at=at,
        )
        live.announce(conversations={visit.conversation}, at=at)


def switch_on(
    *, visit: Visit, purpose: str, language: str, origin: consent.Origin, at: datetime
) -> str:
    """Ask the number to confirm a consent; return the wa.me link that begins it from the phone.

    Grants nothing. Raises UnableToSwitch for a purpose that is none.
    """
    if purpose not in wording.purposes(rechtsstand.on(at.astimezone(ledger.ZONE).date())):
        raise UnableToSwitch("This kind of message does not exist any more. Reload the page.")
    keys = keyring.organisation(visit.organisation)
    form = ids.new()
    with scope.transaction(organisation=visit.organisation):
        row = models.Conversation.objects.select_related("person", "number__branch").get(
            id=visit.conversation
        )
        words = _words(keys, visit, language=language, at=at)
        wanted = asking.Wanted(
            key=f"w{form}",
            person=visit.person,
            branch=visit.branch,
            purposes=(purpose,),
            occurred_at=at,
            by="person",
            evidence=replace(_evidence(keys, row, words, purpose, at=at), origin=origin),
        )
        pending = asking.enter_requests(keys=keys, wanted=wanted, at=at)
        asking.ask_to_confirm(keys=keys, conversation=row, pending=pending, words=words, at=at)
        audit.record(
            organisation=visit.organisation,
            by="person",
            verb="consent.request_on_own_page",
            object=f"person:{visit.person}",
            detail={"purposes": [purpose]},
            at=at,
        )
        live.announce(conversations={visit.conversation}, at=at)
    return form_pages.link(keys, row.number, text=f"JA {ids.short(form)}")


def _evidence(
    keys: vault.OrganisationKeys,
    row: models.Conversation,
    words: wording.Words,
    purpose: str,
    *,
    at: datetime,
) -> consent.Evidence:
    branch = row.number.branch
    shown = "\n".join((words.box(purpose), words.form("announce"), words.form("age")))
    return consent.Evidence(
        subject=consent.Subject(
            person_id=str(row.person_id), **ledger.addresses(keys, row.person_id)
        ),
        legal_entity=words.company,
        channel=words.channel,
        wording=consent.Wording(
            rendered=shown, language=words.language, version_hash=wording.digest(shown)
        ),
        presentation=wording.presentation("own page", f"conversation/{ids.short(row.id)}", shown),
        act=_ACT,
        times=consent.Times(zone=ledger.ZONE.key, shown_at=at, given_at=at),
        age_statement=words.form("age"),
        notice_version=ways.notice_version(keys, branch, at=at, language=words.language),
        withdrawal_text=words.say("withdrawal"),
    )


def send_own_page(*, organisation: int, conversation: int, by: int, at: datetime) -> int:
    """Queue a message with the link for a person, because a member was asked for it; return it."""
    keys = keyring.organisation(organisation)
    with scope.transaction(organisation=organisation):
        row = models.Conversation.objects.select_related("person", "number__branch").get(
            id=conversation
        )
        words = wording.of(keys, row.number.branch, at=at, language=row.person.language)
        message = _queue(keys, row, words, key=f"own:{ids.new()}", by=by, at=at)
        audit.record(
            organisation=organisation,
            by=by,
            verb="consent.send_own_page",
            object=f"person:{row.person_id}",
            at=at,
        )
        live.announce(conversations={conversation}, at=at)
    return message


def answer_with_link(
    *, keys: vault.OrganisationKeys, heard: answers.Heard, words: wording.Words, at: datetime
) -> None:
    """Send the link to whoever asked for it by its keyword. In a transaction."""
    if not heard.event.historic:
        _queue(keys, heard.conversation, words, key=f"own:{heard.message.id}", by=None, at=at)


def _queue(
    keys: vault.OrganisationKeys,
    row: models.Conversation,
    words: wording.Words,
    *,
    key: str,
    by: int | None,
    at: datetime,
) -> int:
    page = address(keys, row, at=at)
    return outbox.add(
        keys=keys,
        conversation=row,
        draft=drafts.Draft(
            text=words.say("own_page", page=page, days=str(LINK_VALID.days)), request_key=key
        ),
        purpose="P-02",
        by=by,
        at=at,
    )
