"""The evidence of one consent: what was shown, what was done, from which number, when, by whom.

The numbers are the fields of the evidence list (recht.md 3.3); 1 to 9 must exist before a consent may
be used (Art. 7(1) DSGVO; BGH I ZR 164/09: complete and printable at any time).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Field 1: who agreed. `number` is E.164 with plus, or `email` the address, as it was then."""

    person_id: str
    number: str | None = None
    bsuid: str | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """Field 5: the text as it was shown, not a reference to one that may change."""

    rendered: str
    language: str
    version_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Presentation:
    """Field 6: where it was shown (form, QR code, tablet, paper scan, chat message)."""

    kind: str
    reference: str
    snapshot_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """Field 8: aware moments in UTC, and the name of the zone the person was in."""

    zone: str
    shown_at: datetime | None = None
    given_at: datetime | None = None
    request_sent_at: datetime | None = None
    confirmed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """Field 9: proof that the answer came from the number itself."""

    outbound_id: str
    inbound_id: str
    body_hash: str
    signature_valid: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Field 10: technical origin of a web form, kept for a short time."""

    ip: str
    user_agent: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """Field 17: how the consent ended."""

    at: datetime
    channel: str
    raw_text: str
    handled_by: str
    effective_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """The eighteen fields; every one may be absent, `missing` names those that must not be."""

    subject: Subject | None = None
    legal_entity: str | None = None
    purposes: tuple[str, ...] = ()
    channel: str | None = None
    wording: Wording | None = None
    presentation: Presentation | None = None
    act: str | None = None
    times: Times | None = None
    confirmation: Confirmation | None = None
    origin: Origin | None = None
    staff_id: str | None = None
    age_statement: str | None = None
    notice_version: str | None = None
    withdrawal_text: str | None = None
    campaign: str | None = None
    last_used_at: datetime | None = None
    withdrawal: Withdrawal | None = None
    chain_position: int | None = None

    def missing(self) -> tuple[int, ...]:
        """Return the numbers of the required fields (1 to 9) that are absent or incomplete."""
        return tuple(number for number, held in self._required().items() if not held)

    def _required(self) -> Mapping[int, bool]:
        return {
            1: self.subject is not None and _filled(self.subject.person_id, self._identity()),
            2: _filled(self.legal_entity),
            3: bool(self.purposes) and _filled(*self.purposes),
            4: _filled(self.channel),
            5: self.wording is not None
            and _filled(self.wording.rendered, self.wording.language, self.wording.version_hash),
            6: self.presentation is not None
            and _filled(self.presentation.kind, self.presentation.reference)
            and _filled(self.presentation.snapshot_hash),
            7: _filled(self.act),
            8: self._is_timed(),
            9: self._is_confirmed(),
        }

    def _identity(self) -> str | None:
        who = self.subject
        return None if who is None else who.number or who.bsuid or who.email

    def _is_timed(self) -> bool:
        times = self.times
        if times is None or not _filled(times.zone):
            return False
        moments = (times.shown_at, times.given_at, times.request_sent_at, times.confirmed_at)
        return None not in moments

    def _is_confirmed(self) -> bool:
        proof = self.confirmation
        if proof is None or not proof.signature_valid:
            return False
        return _filled(proof.outbound_id, proof.inbound_id, proof.body_hash)


def _filled(*values: str | None) -> bool:
    return all(value is not None and value.strip() != "" for value in values)
