"""Escalation: whoever answers requests is reminded by e-mail at each step, once, and of nobody by name."""

import asyncio
from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from django.conf import settings
from django.db import IntegrityError

from tests import dealers, erasures, phones, readers, staff
from werkbote.actions import outbox, privacy, team
from werkbote.domain import privacy as rights
from werkbote.domain import team as roles
from werkbote.store import keyring, models, scope

pytestmark = pytest.mark.usefixtures("journal_folder")

AT = dealers.NOW
DAY = timedelta(days=1)
WEEK = AT + 7 * DAY


@pytest.fixture
def house() -> Iterator[readers.House]:
    with readers.house(dealers.dealer()) as made:
        yield made


def officer(house: readers.House, *, language: str = "de", branch: int | None = None) -> int:
    """Somebody who answers requests at the branch."""
    return staff.member(
        house.dealer.organisation,
        role=roles.Role.PRIVACY,
        branches=[branch or house.branch],
        language=language,
    )


def remind(house: readers.House, *, at: datetime) -> int:
    """Do what the job does for one organisation; return how many e-mails left."""
    return remind_at(house.dealer, at=at)


def remind_at(dealer: dealers.Dealer, *, at: datetime) -> int:
    privacy.plan_reminders(organisation=dealer.organisation, at=at)
    return outbox.send_reminders(organisation=dealer.organisation, at=at)


def boxes(house: readers.House) -> list[str]:
    """Whom the letters went to, in order."""
    return [to for _, recipients in house.box.envelopes for to in recipients]


def address(house: readers.House, member: int) -> str:
    """The address e-mails to a member go to."""
    keys = keyring.organisation(house.dealer.organisation)
    with scope.looking(organisation=house.dealer.organisation):
        row = models.Member.objects.get(id=member)
    return keys.main.open_text(row.email_sealed, table="member", row=row.id, column="email_sealed")


def heard(house: readers.House, by: int, *, at: datetime = AT) -> int:
    """A request that came by phone, of the person who wrote."""
    phones.writes(house.dealer, "Moin", at=at)
    received = privacy.Received(
        branch=house.branch,
        kind=rights.Kind.ERASURE,
        channel="phone",
        said="Petra will gelöscht werden",
        person=erasures.the_person(house.dealer),
    )
    return privacy.receive(organisation=house.dealer.organisation, received=received, by=by, at=at)


def states(house: readers.House) -> list[tuple[int, str, str]]:
    """Step, state and problem of every reminder."""
    with scope.looking(organisation=house.dealer.organisation):
        rows = models.RequestReminder.objects.order_by("created_at", "id")
        return [(row.step, row.state, row.problem) for row in rows]


@pytest.mark.shows("R-21")
def test_step_passed_is_one_mail_with_nothing_of_the_person(house):
    by = officer(house)
    request = heard(house, by)
    assert remind(house, at=WEEK - DAY) == 0
    assert remind(house, at=WEEK) == 1
    (letter,) = house.box.letters
    plain = readers.plain(letter)
    assert letter["Subject"] == "Antrag zu Personendaten: Antwort bis 23.12.2026"
    assert "seit 7 Tagen" in plain
    assert f"{settings.WERKBOTE_PUBLIC_URL}/privacy/requests/{request}/" in plain
    whole = letter.as_string() + plain
    for word in ("Petra", "gelöscht", dealers.ALICE, "Löschung"):
        assert word not in whole
    with scope.looking(organisation=house.dealer.organisation):
        row = models.RequestReminder.objects.select_related("permit").get()
        assert (row.state, row.sent_at, row.permit.purpose) == ("sent", WEEK, "staff")
        assert row.permit.evidence == [
            f"ground:person_request:{request}",
            f"agreement:number:{house.number}/agreement",
        ]
        assert models.PersonRequest.objects.get().reminded == 1


def test_run_again_and_on_later_days_sends_nothing_until_the_next_step(house):
    heard(house, officer(house))
    sent = [
        remind(house, at=AT + timedelta(days=days))
        for days in (7, 7, 8, 13, 14, 20, 21, 25, 26, 40)
    ]
    assert sent == [1, 0, 0, 0, 1, 0, 1, 1, 0, 0]
    assert [step for step, _, _ in states(house)] == [7, 14, 21, 25]


def test_several_steps_passed_at_once_are_one_mail(house):
    heard(house, officer(house))
    assert remind(house, at=AT + 22 * DAY) == 1
    assert states(house) == [(21, "sent", "")]


def test_everybody_who_answers_requests_is_told_and_nobody_else(house):
    privacy_officer, other = officer(house), officer(house, language="en")
    owner = staff.member(house.dealer.organisation, role=roles.Role.OWNER, branches=[])
    elsewhere = team.create_branch(
        organisation=house.dealer.organisation,
        name="Kiel",
        legal_entity="Autohaus Nordlicht GmbH",
        state_code="SH",
        by="system",
        at=AT,
    )
    officer(house, branch=elsewhere)
    staff.member(house.dealer.organisation, role=roles.Role.AGENT, branches=[house.branch])
    left = officer(house)
    with scope.transaction(organisation=house.dealer.organisation):
        models.Member.objects.filter(id=left).update(is_active=False)
    heard(house, privacy_officer)
    assert remind(house, at=WEEK) == 3
    told = sorted(address(house, member) for member in (privacy_officer, other, owner))
    assert sorted(boxes(house)) == told
    subjects = {letter["Subject"] for letter in house.box.letters}
    assert "Request about personal data: answer by 23 December 2026" in subjects


def test_answered_request_reminds_nobody(house):
    by = officer(house)
    request = heard(house, by)
    privacy.identify(
        organisation=house.dealer.organisation,
        request=request,
        rung=rights.Rung.COUNTER,
        person=erasures.the_person(house.dealer),
        by=by,
        at=AT,
    )
    privacy.plan_reminders(organisation=house.dealer.organisation, at=WEEK)
    privacy.refuse_request(
        organisation=house.dealer.organisation, request=request, reason="Handelsbrief", by=by, at=AT
    )
    assert remind(house, at=WEEK) == 0
    assert remind(house, at=WEEK + 7 * DAY) == 0
    assert states(house) == [(7, "cancelled", "")]
    assert house.box.letters == []


def test_member_who_left_meanwhile_is_not_written_to(house):
    by = officer(house)
    heard(house, by)
    privacy.plan_reminders(organisation=house.dealer.organisation, at=WEEK)
    with scope.transaction(organisation=house.dealer.organisation):
        models.Member.objects.filter(id=by).update(is_active=False)
    assert remind(house, at=WEEK) == 0
    assert states(house) == [(7, "cancelled", "")]


@pytest.mark.parametrize(
    ("step", "says", "problem"),
    [
        ("MAIL", "421 Later", "mail_later"),
        ("MAIL", None, "mail_unreachable"),
        ("RCPT", "450 Busy", "mail_later"),
        ("DATA", "451 Full", "mail_later"),
    ],
)
def test_mail_server_that_is_away_gets_it_later(house, step, says, problem):
    heard(house, officer(house))
    house.box.says[step] = says
    for minute in range(0, 600, 60):
        assert remind(house, at=WEEK + timedelta(minutes=minute)) == 0
    assert states(house) == [(7, "queued", problem)]
    house.box.says.clear()
    assert remind(house, at=WEEK + timedelta(hours=20)) == 1
    assert states(house) == [(7, "sent", "")]


def test_box_that_is_none_is_given_up(house):
    heard(house, officer(house))
    house.box.says["RCPT"] = "550 5.1.1 no such user"
    assert remind(house, at=WEEK) == 0
    house.box.says.clear()
    assert remind(house, at=WEEK + DAY) == 0
    assert states(house) == [(7, "failed", "mail_no_box")]


def test_line_that_breaks_while_it_is_handed_over_leaves_it_in_doubt(house):
    heard(house, officer(house))
    house.box.says["DATA"] = None
    assert remind(house, at=WEEK) == 0
    house.box.says.clear()
    assert remind(house, at=WEEK + DAY) == 0
    assert states(house) == [(7, "unknown", "mail_unclear")]
    assert remind(house, at=WEEK + 7 * DAY) == 1


def test_crash_before_the_claim_sends_later_and_after_it_never_twice(house):
    by, _ = officer(house), officer(house)
    heard(house, by)
    organisation = house.dealer.organisation
    privacy.plan_reminders(organisation=organisation, at=WEEK)
    ready = outbox.claim_reminder(organisation=organisation, at=WEEK)
    assert ready is not None
    asyncio.run(outbox.send(ready, clock=lambda: WEEK))
    assert remind(house, at=WEEK + timedelta(minutes=10)) == 1
    assert remind(house, at=WEEK + timedelta(minutes=20)) == 0
    assert len(set(boxes(house))) == len(boxes(house)) == 2
    assert sorted(state for _, state, _ in states(house)) == ["sent", "unknown"]


def test_two_workers_at_once_take_different_ones(house):
    by, _ = officer(house), officer(house)
    heard(house, by)
    organisation = house.dealer.organisation
    privacy.plan_reminders(organisation=organisation, at=WEEK)
    claimed = [outbox.claim_reminder(organisation=organisation, at=WEEK) for _ in range(3)]
    assert claimed[2] is None
    assert len({one.message for one in claimed if one is not None}) == 2


def test_database_refuses_a_second_reminder_of_one_step(house):
    heard(house, officer(house))
    remind(house, at=WEEK)
    with scope.looking(organisation=house.dealer.organisation):
        row = models.RequestReminder.objects.get()
    row.id += 1
    with (
        pytest.raises(IntegrityError, match="request_reminder_once"),
        scope.transaction(organisation=house.dealer.organisation),
    ):
        row.save(force_insert=True)


def test_database_refuses_one_that_left_without_a_permit(house):
    heard(house, officer(house))
    privacy.plan_reminders(organisation=house.dealer.organisation, at=WEEK)
    with (
        pytest.raises(IntegrityError, match="request_reminder_permitted"),
        scope.transaction(organisation=house.dealer.organisation),
    ):
        models.RequestReminder.objects.update(state="sent")


def test_branch_without_a_sender_waits_and_says_so():
    dealer = dealers.dealer()
    by = staff.member(dealer.organisation, role=roles.Role.OWNER, branches=[dealer.branch])
    phones.writes(dealer, "Moin", at=AT)
    received = privacy.Received(branch=dealer.branch, kind=rights.Kind.ACCESS, channel="phone")
    privacy.receive(organisation=dealer.organisation, received=received, by=by, at=AT)
    assert remind_at(dealer, at=WEEK) == 0
    with readers.house(dealer) as house:
        assert states(house) == [(7, "queued", "no_sender")]
        assert remind(house, at=WEEK + timedelta(hours=2)) == 1


def test_sender_without_an_agreement_sends_nothing(house):
    heard(house, officer(house))
    with scope.transaction(organisation=house.dealer.organisation):
        models.Number.objects.filter(id=house.number).update(agreement_at=None)
    assert remind(house, at=WEEK) == 0
    assert states(house) == [(7, "queued", "agreement_missing")]
    assert house.box.letters == []


def test_another_mail_server_than_the_agreed_one_gets_nothing(house, monkeypatch):
    heard(house, officer(house))
    monkeypatch.setattr(settings, "WERKBOTE_MAIL_URL", "smtp://127.0.0.1:9")
    assert remind(house, at=WEEK) == 0
    assert states(house) == [(7, "queued", "mail_server")]


def test_extension_begins_the_steps_anew_in_its_last_month(house):
    by = officer(house)
    request = heard(house, by)
    privacy.plan_reminders(organisation=house.dealer.organisation, at=WEEK)
    privacy.extend(
        organisation=house.dealer.organisation,
        request=request,
        reason="Viele Unterlagen",
        by=by,
        at=WEEK,
    )
    due = date(2027, 2, 23)
    sent = [
        remind(house, at=AT + timedelta(days=(due - AT.date()).days - left))
        for left in (80, 31, 25, 24, 17, 6, 0)
    ]
    assert sent == [0, 0, 0, 1, 1, 1, 0]
    assert [state for _, state, _ in states(house)] == ["cancelled", "sent", "sent", "sent"]
