"""Importing consents from elsewhere: each row answered for, none granted that the number did not confirm.

A row is granted only where it documents the confirmation by a message of that very number. Where all
else is documented the number is asked now; the rest is on hold and nobody is written to.

Nobody on the suppression list comes back by an import (Art. 21(3) DSGVO), and no row changes a
consent that is known already. The same file again changes nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from werkbote.actions import audit, ledger, people
from werkbote.actions.consent import asking, form_pages, import_rows, wording
from werkbote.domain import consent, events
from werkbote.store import keyring, models, rechtsstand, scope, vault
from werkbote.store import ledger as rows

_CHUNK = 200

_ANSWERED = frozenset({8, 9})
"""Fields of the evidence that the number's own answer fills in."""


class Outcome(StrEnum):
    """What became of a row."""

    GRANTED = "granted"
    ASKED = "asked"
    FROZEN = "frozen"
    KNOWN = "known"
    SUPPRESSED = "suppressed"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row's fate. `problem` says what is wrong with a broken one, `missing` evidence is numbered."""

    number: int
    ending: str
    purpose: str
    outcome: Outcome
    problem: str = ""
    missing: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The fate of every row of a file."""

    lines: tuple[Line, ...]

    @property
    def counts(self) -> Mapping[str, int]:
        """How many rows ended how."""
        return {
            outcome.value: sum(line.outcome is outcome for line in self.lines)
            for outcome in Outcome
        }


def import_consents(
    *, organisation: int, branch: int, content: bytes, by: int, at: datetime
) -> Report:
    """Take over a file of consents and report on every row; raise UnableToImport for no such file."""
    parsed = import_rows.read(content, purposes=_purposes(at), at=at)
    keys = keyring.organisation(organisation)
    lines: list[Line] = []
    for start in range(0, len(parsed), _CHUNK):
        with scope.transaction(organisation=organisation):
            place = models.Branch.objects.get(id=branch)
            words = wording.of(keys, place, at=at)
            chunk = parsed[start : start + _CHUNK]
            lines += _take(keys, place, words, chunk, by=by, at=at)
    report = Report(lines=tuple(lines))
    with scope.transaction(organisation=organisation):
        audit.record(
            organisation=organisation,
            by=by,
            verb="consent.import",
            object=f"branch:{branch}",
            detail=dict(report.counts),
            at=at,
        )
    return report


def _purposes(at: datetime) -> frozenset[str]:
    return wording.purposes(rechtsstand.on(at.astimezone(ledger.ZONE).date()))


def _take(
    keys: vault.OrganisationKeys,
    branch: models.Branch,
    words: wording.Words,
    chunk: Sequence[import_rows.Row],
    *,
    by: int,
    at: datetime,
) -> list[Line]:
    sound = [row for row in chunk if not row.problem]
    banned = _suppressed(keys, sound)
    wanted = [row for row in sound if row.phone not in banned]
    parties = {row.phone: events.Party(phone=row.phone) for row in wanted}
    handles = people.resolve(keys=keys, parties=parties.values(), source="import", at=at)
    lines, entries, asked = [], list[ledger.Entry](), list[_Asked]()
    taken: set[tuple[int, str]] = set()
    desk = _desk(branch, words)
    for row in chunk:
        if row.problem:
            lines.append(_line(row, Outcome.BROKEN))
            continue
        if row.phone in banned:
            lines.append(_line(row, Outcome.SUPPRESSED))
            continue
        person = handles[parties[row.phone]].id
        if (person, row.purpose) in taken or _is_known(person, row.purpose, branch.id):
            lines.append(_line(row, Outcome.KNOWN))
            continue
        taken.add((person, row.purpose))
        evidence = _evidence(words, row, person=person, by=by)
        outcome = _outcome(desk, evidence, person=person, at=at)
        lines.append(replace(_line(row, outcome), missing=evidence.missing()))
        if outcome is Outcome.ASKED:
            asked.append(_Asked(name=_name(keys, branch, row), person=person, evidence=evidence))
        else:
            entries.append(_entry(keys, branch, row, evidence, person=person, by=by))
    if entries:
        ledger.enter(keys=keys, entries=entries, at=at)
    for one in asked:
        _ask(keys, desk, one, words, by=by, at=at)
    return lines


@dataclass(frozen=True, slots=True, kw_only=True)
class _Desk:
    """Where a branch can ask from: its number, and whether an approved template asks outside the window."""

    branch: int
    number: models.Number | None
    has_template: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """A row whose number is asked to confirm."""

    name: str
    person: int
    evidence: consent.Evidence


def _desk(branch: models.Branch, words: wording.Words) -> _Desk:
    number = form_pages.messenger(branch.id)
    template = number is not None and asking.template(number, words) is not None
    return _Desk(branch=branch.id, number=number, has_template=template)


def _outcome(desk: _Desk, evidence: consent.Evidence, *, person: int, at: datetime) -> Outcome:
    missing = set(evidence.missing())
    if not missing:
        return Outcome.GRANTED
    times = evidence.times
    given = times is not None and times.shown_at is not None and times.given_at is not None
    if missing <= _ANSWERED and given and _can_ask(desk, person, at=at):
        return Outcome.ASKED
    return Outcome.FROZEN


def _can_ask(desk: _Desk, person: int, *, at: datetime) -> bool:
    """Return whether the question may go out now: in an open window, or by an approved template."""
    if desk.number is None or desk.has_template:
        return desk.has_template
    return models.Conversation.objects.filter(
        number=desk.number, person=person, last_inbound_at__gt=at - asking.WINDOW
    ).exists()


def _ask(
    keys: vault.OrganisationKeys,
    desk: _Desk,
    one: _Asked,
    words: wording.Words,
    *,
    by: int,
    at: datetime,
) -> None:
    """Enter a row as a request and ask the number; it is granted by the number's own answer alone."""
    wanted = asking.Wanted(
        key=f"i{one.name}",
        person=one.person,
        branch=desk.branch,
        purposes=one.evidence.purposes,
        occurred_at=at,
        by=f"member:{by}",
        evidence=one.evidence,
    )
    pending = asking.enter_requests(keys=keys, wanted=wanted, at=at)
    if desk.number is not None:
        place = asking.conversation(keys=keys, person=one.person, number=desk.number, at=at)
        asking.ask_to_confirm(keys=keys, conversation=place, pending=pending, words=words, at=at)


def _line(row: import_rows.Row, outcome: Outcome) -> Line:
    return Line(
        number=row.number,
        ending=row.phone[-3:],
        purpose=row.purpose,
        outcome=outcome,
        problem=row.problem,
    )


def _suppressed(keys: vault.OrganisationKeys, chunk: Sequence[import_rows.Row]) -> set[str]:
    """Return the numbers that are on the suppression list, in whatever scope."""
    prints = {keys.fingerprint(people.Scheme.PHONE, row.phone): row.phone for row in chunk}
    found = models.Suppression.objects.filter(fingerprint__in=list(prints))
    return {prints[bytes(one)] for one in found.values_list("fingerprint", flat=True)}


def _is_known(person: int, purpose: str, branch: int) -> bool:
    return models.Consent.objects.filter(
        person__in=rows.group(person), purpose=purpose, branch=branch
    ).exists()


def _name(keys: vault.OrganisationKeys, branch: models.Branch, row: import_rows.Row) -> str:
    """Return by what a row is known again: the same number, purpose and branch give the same name."""
    said = f"{row.phone}\0{row.purpose}\0{branch.id}".encode()
    return keys.digest("import", said).hex()[:24]


def _evidence(
    words: wording.Words, row: import_rows.Row, *, person: int, by: int
) -> consent.Evidence:
    """Return the evidence of a row; a confirmation that is not this number's own does not count as one."""
    return replace(
        row.evidence,
        subject=consent.Subject(person_id=str(person), number=row.phone),
        channel=row.evidence.channel or words.channel,
        staff_id=f"member:{by}",
        confirmation=row.evidence.confirmation if row.from_number else None,
    )


def _entry(
    keys: vault.OrganisationKeys,
    branch: models.Branch,
    row: import_rows.Row,
    evidence: consent.Evidence,
    *,
    person: int,
    by: int,
) -> ledger.Entry:
    record = f"i{_name(keys, branch, row)}-{row.purpose}"
    return ledger.Entry(
        key=f"{record}/imported",
        record=record,
        person=person,
        purpose=row.purpose,
        entity=branch.id,
        deed=consent.Deed.IMPORTED,
        occurred_at=row.confirmed_at,
        by=f"member:{by}",
        evidence=evidence,
    )
