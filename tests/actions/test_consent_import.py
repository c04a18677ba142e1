"""Imports: a fate for every row, nothing granted without its evidence, nobody brought back."""

import csv
import io
from datetime import datetime, timedelta

import pytest

from tests import dealers, phones
from werkbote.actions import consent, people
from werkbote.domain import consent as ledger
from werkbote.store import ids, keyring, models, scope

AT = dealers.NOW
PHONE = "+" + dealers.ALICE
WHOLE = {
    "phone": "0171 3920001",
    "purpose": "P-05",
    "legal_entity": "Autohaus Nordlicht GmbH",
    "text": "Ja, Autohaus Nordlicht darf mir Angebote per WhatsApp senden.",
    "language": "de",
    "presentation": "web form",
    "reference": "old-form/7",
    "act": "ticked the box",
    "shown_at": "2026-03-01T09:28",
    "given_at": "2026-03-01T09:30",
    "request_sent_at": "2026-03-01T09:31+01:00",
    "confirmed_at": "2026-03-01T09:35+01:00",
    "outbound_id": "wamid.old.1",
    "inbound_id": "wamid.old.2",
    "body_hash": "ab" * 32,
    "signature_valid": "ja",
    "confirmed_number": "+49 171 3920001",
}


@pytest.fixture
def dealer() -> dealers.Dealer:
    return dealers.dealer()


def _file(*rows: dict[str, str], delimiter: str = ";", encoding: str = "utf-8") -> bytes:
    written = io.StringIO()
    names = list(dict.fromkeys(name for row in rows for name in row))
    writer = csv.DictWriter(written, names, delimiter=delimiter, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return written.getvalue().encode(encoding)


def _import(dealer: dealers.Dealer, content: bytes, *, at: datetime = AT) -> consent.Report:
    return consent.import_consents(
        organisation=dealer.organisation, branch=dealer.branch, content=content, by=7, at=at
    )


def _fates(report: consent.Report) -> list[str]:
    return [line.outcome.value for line in report.lines]


def _states(dealer: dealers.Dealer) -> list[str]:
    with scope.looking(organisation=dealer.organisation):
        return list(models.Consent.objects.order_by("id").values_list("state", flat=True))


@pytest.mark.shows("R-09", "R-64")
def test_whole_evidence_grants_and_is_kept_with_who_imported_it(dealer):
    report = _import(dealer, _file(WHOLE))
    assert _fates(report) == ["granted"]
    assert _states(dealer) == ["granted"]
    with scope.looking(organisation=dealer.organisation):
        event = models.ConsentEvent.objects.get()
    found = phones.evidence(dealer, event)
    assert (found.missing(), found.staff_id) == ((), "member:7")
    assert found.wording is not None
    assert found.wording.rendered == WHOLE["text"]


REQUIRED = ["legal_entity", "text", "presentation", "reference", "act", "shown_at", "given_at"]
REQUIRED += ["request_sent_at", "confirmed_at", "outbound_id", "inbound_id", "body_hash"]


@pytest.mark.parametrize("gone", [*REQUIRED, "signature_valid"])
def test_without_any_one_of_the_fields_it_is_on_hold_and_says_which(dealer, gone):
    report = _import(dealer, _file(WHOLE | {gone: ""}))
    assert _fates(report) == ["frozen"]
    assert report.lines[0].missing != ()
    assert _states(dealer) == ["frozen"]


FOREIGN = [
    {"confirmed_number": ""},
    {"confirmed_number": "0171 3920002"},
    {"confirmed_number": "post@autohaus.example"},
    {"inbound_id": "mail-4711"},
    {"inbound_id": "wamid.old.1"},
]
"""Whole evidence, whose confirmation did not come from this very number by WhatsApp."""


@pytest.mark.shows("R-09", "R-64", "R-100")
@pytest.mark.parametrize("changes", FOREIGN)
def test_a_confirmation_from_elsewhere_grants_nothing_and_writes_to_nobody(dealer, changes):
    report = _import(dealer, _file(WHOLE | changes))
    assert _fates(report) == ["frozen"]
    assert report.lines[0].missing == (9,)
    assert _states(dealer) == ["frozen"]
    with scope.looking(organisation=dealer.organisation):
        assert models.Message.objects.count() == 0


@pytest.mark.shows("R-09", "R-100")
@pytest.mark.parametrize("changes", [*FOREIGN, {"request_sent_at": "", "confirmed_at": ""}])
def test_who_is_in_contact_is_asked_and_grants_from_the_number_itself(dealer, changes):
    phones.writes(dealer, "Moin", at=AT)
    report = _import(dealer, _file(WHOLE | changes), at=AT + timedelta(hours=1))
    assert _fates(report) == ["asked"]
    assert _states(dealer) == ["pending"]
    assert _fates(_import(dealer, _file(WHOLE | changes), at=AT + timedelta(hours=2))) == ["known"]
    question = phones.asked(dealer)
    quoted = phones.accepted(dealer, question, at=AT + timedelta(hours=2))
    payload = phones.payloads(dealer, question)[0]
    phones.taps(dealer, payload, at=AT + timedelta(hours=3), quoted=quoted)
    assert _states(dealer) == ["granted"]
    with scope.looking(organisation=dealer.organisation):
        event = models.ConsentEvent.objects.get(deed=ledger.Deed.CONFIRMED)
    found = phones.evidence(dealer, event)
    assert found.missing() == ()
    assert found.confirmation is not None
    assert found.confirmation.outbound_id == quoted
    assert found.presentation is not None
    assert found.presentation.reference == WHOLE["reference"]


def test_an_approved_template_asks_where_the_window_is_closed(dealer):
    with scope.transaction(organisation=dealer.organisation):
        models.Template.objects.create(
            organisation_id=dealer.organisation,
            account_id=dealer.account_id,
            name="einwilligung",
            language="de",
            category="UTILITY",
            status="APPROVED",
            purpose="consent",
            components=[{"type": "BODY", "text": "{{1}}: {{2}}? {{3}} STOPP"}],
        )
    assert _fates(_import(dealer, _file(WHOLE | {"confirmed_number": ""}))) == ["asked"]
    question = phones.asked(dealer)
    assert (question.kind, question.role) == ("template", "consent_request")
    assert _states(dealer) == ["pending"]
    consent.sweep(organisation=dealer.organisation, at=AT + timedelta(hours=49))
    assert _states(dealer) == ["lapsed"]


@pytest.mark.shows("R-35")
def test_a_suppressed_number_is_not_taken_over_and_not_stored(dealer):
    keys = keyring.organisation(dealer.organisation)
    with scope.transaction(organisation=dealer.organisation):
        models.Suppression.objects.create(
            organisation_id=dealer.organisation,
            fingerprint=keys.fingerprint(people.Scheme.PHONE, PHONE),
            scope="advertising",
            reason="withdrawn",
            created_at=AT,
        )
    assert _fates(_import(dealer, _file(WHOLE))) == ["suppressed"]
    with scope.looking(organisation=dealer.organisation):
        assert models.Person.objects.count() == 0
        assert models.ConsentEvent.objects.count() == 0


def test_the_same_file_again_and_the_same_row_twice_change_nothing(dealer):
    assert _fates(_import(dealer, _file(WHOLE, WHOLE))) == ["granted", "known"]
    assert _fates(_import(dealer, _file(WHOLE))) == ["known"]
    with scope.looking(organisation=dealer.organisation):
        assert models.ConsentEvent.objects.count() == 1


def test_an_import_never_lifts_a_withdrawal_it_knows_of(dealer):
    phones.agrees(dealer, at=AT)
    phones.writes(dealer, "STOPP", at=AT + timedelta(hours=1))
    later = AT + timedelta(hours=2)
    assert _fates(_import(dealer, _file(WHOLE), at=later)) == ["suppressed"]
    assert set(_states(dealer)) == {"withdrawn"}


def test_a_frozen_import_is_granted_by_the_number_itself(dealer):
    _import(dealer, _file({"phone": PHONE, "purpose": "P-05"}))
    phones.agrees(dealer, at=AT + timedelta(hours=1))
    assert _states(dealer) == ["granted"]


@pytest.mark.parametrize(
    "changes",
    [
        {"phone": "abc"},
        {"phone": ""},
        {"purpose": "P-01"},
        {"purpose": "P-99"},
        {"purpose": "P-14"},
        {"given_at": "gestern"},
        {"given_at": "2027-01-01"},
        {"confirmed_at": "2026-02-01"},
        {"text": "x" * 4001},
    ],
)
def test_a_broken_row_is_named_and_the_others_are_taken(dealer, changes):
    other = {"phone": "0171 3920002", "purpose": "P-04"}
    report = _import(dealer, _file(WHOLE | changes, other))
    assert _fates(report) == ["broken", "frozen"]
    assert report.lines[0].number == 2
    assert report.lines[0].problem.endswith((".", ")."))
    assert len(_states(dealer)) == 1


def test_a_row_of_another_length_is_broken_and_empty_ones_are_passed_over(dealer):
    content = b"phone;purpose\n0171 3920001;P-05;more\n\n;\n0171 3920002\n"
    assert _fates(_import(dealer, content)) == ["broken", "broken"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00\x01",
        b"name;number\nx;y\n",
        b"phone\n0171 3920001\n",
        b'phone;purpose\n"0171;P-05\n',
        b"phone;purpose\n" + b"0171 3920001;P-05\n" * 5001,
        b"x" * (5 * 1024 * 1024 + 1),
    ],
)
def test_a_file_that_is_none_is_refused_in_words(dealer, content):
    with pytest.raises(consent.UnableToImport):
        _import(dealer, content)
    assert _states(dealer) == []


def test_files_from_german_spreadsheets_are_read(dealer):
    row = WHOLE | {"text": "Ja, für Reifenwechsel"}
    report = _import(dealer, _file(row, delimiter=",", encoding="cp1252"))
    assert _fates(report) == ["granted"]
    with scope.looking(organisation=dealer.organisation):
        event = models.ConsentEvent.objects.get()
    found = phones.evidence(dealer, event)
    assert found.wording is not None
    assert found.wording.rendered == "Ja, für Reifenwechsel"


def _enter(dealer: dealers.Dealer, member: int, **changes: object) -> consent.Entered:
    given = {
        "branch": dealer.branch,
        "purposes": ("P-05",),
        "how": "paper",
        "given_at": AT - timedelta(days=1),
        "phone": PHONE,
        "scan": consent.Scan(content=b"%PDF-1.7 scan", mime="application/pdf"),
    }
    taken = consent.Taken(**{**given, **changes})
    return consent.enter(organisation=dealer.organisation, taken=taken, by=member, at=AT)


@pytest.fixture
def member() -> int:
    return ids.new()


@pytest.mark.parametrize(
    "changes",
    [
        {"scan": None},
        {"scan": consent.Scan(content=b"x", mime="text/plain")},
        {"how": "dream"},
        {"purposes": ()},
        {"purposes": ("P-01",)},
        {"purposes": ("P-05", "P-14")},
        {"given_at": AT + timedelta(days=1)},
        {"conversation": 1},
        {"phone": ""},
    ],
)
def test_what_cannot_be_entered_is_refused_and_nothing_is_stored(dealer, member, changes):
    with pytest.raises(consent.UnableToEnter):
        _enter(dealer, member, **changes)
    with scope.looking(organisation=dealer.organisation):
        assert models.ConsentEvent.objects.count() == 0
        assert models.ConsentScan.objects.count() == 0


def test_a_due_consent_is_confirmed_again_from_the_number_and_stays_one_record(dealer):
    phones.agrees(dealer, at=AT)
    later = AT + timedelta(days=370)
    consent.sweep(organisation=dealer.organisation, at=later)
    assert _states(dealer) == ["refresh_due"]
    phones.writes(dealer, "WERBUNG JA", at=later)
    question = phones.asked(dealer)
    quoted = phones.accepted(dealer, question, at=later + timedelta(seconds=1))
    payload = phones.payloads(dealer, question)[0]
    phones.taps(dealer, payload, at=later + timedelta(minutes=1), quoted=quoted)
    assert _states(dealer) == ["granted"]
    with scope.looking(organisation=dealer.organisation):
        event = models.ConsentEvent.objects.get(deed=ledger.Deed.RECONFIRMED)
    assert phones.evidence(dealer, event).missing() == ()
