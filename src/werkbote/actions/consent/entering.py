"""Entering: what somebody agreed to on paper, at the counter or on the phone, as a member took it.

A signature or a word grants nothing: the number itself is asked, like on every way.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256

from werkbote.actions import audit, ledger, people
from werkbote.actions.consent import asking, form_pages, ways, wording
from werkbote.domain import consent, events
from werkbote.store import ids, keyring, live, models, rechtsstand, scope, vault

HOW = ("paper", "counter", "phone", "chat")
"""Where a member may have taken a consent."""

MOST_SCAN = 10 * 1024 * 1024
"""Largest scan, in bytes."""

SCANS = frozenset({"image/jpeg", "image/png", "application/pdf"})
_ACTS = {
    "paper": "signed the paper form",
    "counter": "said yes at the counter",
    "phone": "said yes on the phone",
    "chat": "asked for it in the chat",
}


class UnableToEnter(Exception):
    """This cannot be entered; the sentence says what is missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """A picture or PDF of a signed form."""

    content: bytes = field(repr=False)
    mime: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What a member took: from whom, where, for what. `phone` is E.164 for who is not known yet."""

    branch: int
    purposes: tuple[str, ...]
    how: str
    given_at: datetime
    phone: str = ""
    conversation: int | None = None
    scan: Scan | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """What came of it: `said` confirms when the person sends it, `link` opens the chat with it."""

    conversation: int
    asked: int
    said: str
    link: str


def enter(*, organisation: int, taken: Taken, by: int, at: datetime) -> Entered:
    """Enter what a member took and ask the number to confirm; raise UnableToEnter with the remedy."""
    _check(taken, at=at)
    keys = keyring.organisation(organisation)
    form = ids.new()
    with scope.transaction(organisation=organisation):
        row = _conversation(keys, taken, at=at)
        words = wording.of(keys, row.number.branch, at=at, language=row.person.language)
        evidence = _evidence(keys, row, taken, words, by=by, at=at)
        if taken.scan is not None:
            scan = _keep(keys, row, taken.scan, record=f"w{form}", by=by, at=at)
            evidence = _with_scan(evidence, scan)
        wanted = asking.Wanted(
            key=f"w{form}",
            person=row.person_id,
            branch=taken.branch,
            purposes=taken.purposes,
            occurred_at=at,
            by=f"member:{by}",
            evidence=evidence,
        )
        pending = asking.enter_requests(keys=keys, wanted=wanted, at=at)
        asked = asking.ask_to_confirm(
            keys=keys, conversation=row, pending=pending, words=words, at=at
        )
        audit.record(
            organisation=organisation,
            by=by,
            verb="consent.enter",
            object=f"person:{row.person_id}",
            detail={"how": taken.how, "purposes": list(taken.purposes)},
            at=at,
        )
        live.announce(conversations={row.id}, at=at)
    said = f"JA {ids.short(form)}"
    return Entered(
        conversation=row.id,
        asked=len(asked),
        said=said,
        link=form_pages.link(keys, row.number, text=said),
    )


def _check(taken: Taken, *, at: datetime) -> None:
    known = wording.purposes(rechtsstand.on(at.astimezone(ledger.ZONE).date()))
    if not taken.purposes or not known.issuperset(taken.purposes):
        raise UnableToEnter("Choose purposes that need a consent.")
    if taken.how not in HOW:
        raise UnableToEnter(
            "Say where it was taken: on paper, at the counter, by phone, in the chat."
        )
    if taken.how == "paper" and taken.scan is None:
        raise UnableToEnter("The signed form is missing: add a scan or a photo of it.")
    if taken.scan is not None and (
        taken.scan.mime not in SCANS or len(taken.scan.content) > MOST_SCAN
    ):
        raise UnableToEnter("A scan is a JPEG, a PNG or a PDF of at most 10 MB.")
    if taken.given_at > at:
        raise UnableToEnter("The day lies in the future: check the date.")


def _conversation(
    keys: vault.OrganisationKeys, taken: Taken, *, at: datetime
) -> models.Conversation:
    found = models.Conversation.objects.select_related("person", "number__branch")
    if taken.conversation is not None:
        row = found.filter(id=taken.conversation, number__branch=taken.branch).first()
        if row is None:
            raise UnableToEnter("This conversation is not here any more; go back to the list.")
        return row
    number = models.Number.objects.filter(branch=taken.branch).order_by("id").first()
    if number is None:
        raise UnableToEnter("This branch has no WhatsApp number yet: connect one first.")
    party = events.Party(phone=taken.phone)
    handle = people.resolve(keys=keys, parties=[party], source="consent", at=at).get(party)
    if handle is None:
        raise UnableToEnter("Enter the mobile number the person uses WhatsApp with.")
    made = asking.conversation(keys=keys, person=handle.id, number=number, at=at)
    return found.get(id=made.id)


def _evidence(
    keys: vault.OrganisationKeys,
    row: models.Conversation,
    taken: Taken,
    words: wording.Words,
    *,
    by: int,
    at: datetime,
) -> consent.Evidence:
    shown = form_pages.shown(words, taken.purposes)
    return consent.Evidence(
        subject=consent.Subject(
            person_id=str(row.person_id), **ledger.addresses(keys, row.person_id)
        ),
        legal_entity=words.company,
        channel=words.channel,
        wording=consent.Wording(
            rendered=shown, language=words.language, version_hash=wording.digest(shown)
        ),
        presentation=wording.presentation(
            f"taken by staff: {taken.how}", f"conversation/{ids.short(row.id)}", shown
        ),
        act=_ACTS[taken.how],
        times=consent.Times(zone=ledger.ZONE.key, shown_at=taken.given_at, given_at=taken.given_at),
        staff_id=f"member:{by}",
        age_statement=words.form("age"),
        notice_version=ways.notice_version(keys, row.number.branch, at=at),
        withdrawal_text=words.say("withdrawal"),
    )


def _keep(
    keys: vault.OrganisationKeys,
    row: models.Conversation,
    scan: Scan,
    *,
    record: str,
    by: int,
    at: datetime,
) -> models.ConsentScan:
    key = keys.unwrap(row.person.key_wrapped, person=row.person_id)
    kept = models.ConsentScan(
        id=ids.new(),
        organisation_id=keys.organisation,
        person_id=row.person_id,
        branch_id=row.number.branch_id,
        record=record,
        mime=scan.mime,
        taken_by_id=by,
        created_at=at,
    )
    kept.body = key.seal(scan.content, table="consent_scan", row=kept.id, column="body")
    kept.save(force_insert=True)
    return kept


def _with_scan(evidence: consent.Evidence, scan: models.ConsentScan) -> consent.Evidence:
    """Return the evidence with the scan as what was shown; its hash is of the sealed bytes kept."""
    paper = consent.Presentation(
        kind="paper form",
        reference=f"scan/{ids.short(scan.id)}",
        snapshot_hash=sha256(scan.body).hexdigest(),
    )
    return replace(evidence, presentation=paper)
