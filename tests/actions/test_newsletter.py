"""The newsletter as deeds: consent of its own, one copy each, and the way out."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.db import connection

from tests import dealers, erasures, mailserver, phones, readers, staff
from werkbote.actions import newsletter, outbox, people
from werkbote.domain import events
from werkbote.domain import team as roles
from werkbote.store import keyring, models, scope

START = dealers.NOW
NIGHT = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
"""Half past midnight on a Sunday."""


@pytest.fixture
def house() -> Iterator[readers.House]:
    dealer = dealers.dealer()
    staff.member(dealer.organisation, role=roles.Role.OWNER, branches=[dealer.branch])
    with readers.house(dealer) as made:
        yield made


def _messages(house: readers.House) -> list[models.Message]:
    with scope.looking(organisation=house.dealer.organisation):
        return list(models.Message.objects.select_related("refusal", "permit").order_by("id"))


def _rules(house: readers.House) -> list[str]:
    return [row.refusal.rule for row in _messages(house) if row.refusal is not None]


def _issue(house: readers.House, issue: int) -> models.NewsletterIssue:
    with scope.looking(organisation=house.dealer.organisation):
        return models.NewsletterIssue.objects.get(id=issue)


def _fresh(house: readers.House, issue: int, *, at: datetime) -> int:
    return newsletter.spread(organisation=house.dealer.organisation, issue=issue, at=at)


@pytest.mark.shows("R-09", "R-13")
def test_the_address_itself_agrees_and_the_evidence_is_whole(house):
    house.signs_up(readers.ANNA, at=START)
    (letter,) = house.sends(at=START)
    assert letter["To"] == readers.ANNA
    assert house.state() == "pending"
    assert newsletter.confirm(
        branch=house.branch, word=readers.word(letter, "c"), at=readers.later(START)
    )
    with scope.looking(organisation=house.dealer.organisation):
        row = models.Consent.objects.get()
        event = models.ConsentEvent.objects.get(deed="confirmed")
    assert (row.purpose, row.state) == ("P-14", "granted")
    proof = phones.evidence(house.dealer, event)
    assert proof.missing() == ()
    assert (proof.subject.email, proof.channel) == (readers.ANNA, "E-Mail")
    assert proof.confirmation.outbound_id == letter["Message-ID"].strip("<>")
    assert "Autohaus Nordlicht GmbH" in proof.wording.rendered


def test_the_question_advertises_nothing_and_carries_no_list_headers(house):
    house.signs_up(readers.ANNA, at=START)
    (letter,) = house.sends(at=START)
    assert letter["List-Unsubscribe"] is None
    assert "Diese E-Mail enthält keine Werbung" in readers.plain(letter)


def test_confirming_twice_and_late_and_with_a_foreign_link(house):
    house.signs_up(readers.ANNA, at=START)
    (letter,) = house.sends(at=START)
    word = readers.word(letter, "c")
    late = START + timedelta(hours=49)
    assert newsletter.open_request(branch=house.branch, word=word, at=START) == "open"
    assert newsletter.open_request(branch=house.branch, word=word, at=late) == "over"
    assert newsletter.confirm(branch=house.branch, word=word, at=late) is False
    house.signs_up(readers.ANNA, at=late)
    (letter,) = house.sends(at=late)
    word = readers.word(letter, "c")
    assert newsletter.confirm(branch=house.branch, word=word, at=readers.later(late))
    assert newsletter.confirm(branch=house.branch, word=word, at=readers.later(late, 9))
    assert newsletter.open_request(branch=house.branch, word=word, at=late) == "done"
    for broken in (word[:-1], word + "0", "x", "", word.replace("-", "")):
        with pytest.raises(newsletter.UnableToSubscribe):
            newsletter.confirm(branch=house.branch, word=broken, at=late)


def test_a_link_of_one_dealer_opens_nothing_at_another(house):
    house.signs_up(readers.ANNA, at=START)
    (letter,) = house.sends(at=START)
    with pytest.raises(newsletter.UnableToSubscribe):
        newsletter.confirm(branch=dealers.dealer().branch, word=readers.word(letter, "c"), at=START)
    assert house.state() == "pending"


def test_everybody_who_agreed_gets_one_copy_whatever_is_begun_again(house):
    house.subscribes(readers.ANNA, at=START)
    house.subscribes(readers.BEN, at=START + timedelta(minutes=1))
    house.signs_up("carla@leserin.example", at=START + timedelta(minutes=2))
    house.sends(at=START + timedelta(minutes=2))
    day = START + timedelta(hours=2)
    issue = house.publishes(at=day)
    assert (_fresh(house, issue, at=day), _issue(house, issue).readers) == (0, 2)
    letters = house.sends(at=day)
    assert sorted(letter["To"] for letter in letters) == [readers.ANNA, readers.BEN]
    assert house.sends(at=day + timedelta(minutes=1)) == []
    assert all(letter["List-Unsubscribe-Post"] for letter in letters)
    with scope.looking(organisation=house.dealer.organisation):
        assert models.Consent.objects.filter(last_used_at__isnull=False).count() == 2


def test_a_spread_that_broke_off_goes_on_where_it_was(house):
    house.subscribes(readers.ANNA, at=START)
    issue = house.publishes(at=START + timedelta(hours=1))
    house.sends(at=START + timedelta(hours=1))
    house.subscribes(readers.BEN, at=START + timedelta(hours=2))
    with scope.transaction(organisation=house.dealer.organisation):
        models.NewsletterIssue.objects.filter(id=issue).update(state="sending", queued_at=None)
    assert _fresh(house, issue, at=START + timedelta(hours=3)) == 1
    assert _issue(house, issue).readers == 2


def test_a_copy_whose_connection_broke_is_never_sent_again_by_itself(house):
    house.subscribes(readers.ANNA, at=START)
    issue = house.publishes(at=START + timedelta(hours=1))
    house.box.says["DATA"] = None
    assert house.sends(at=START + timedelta(hours=1)) == []
    del house.box.says["DATA"]
    late = START + timedelta(hours=5)
    outbox.notice_silence(organisation=house.dealer.organisation, at=late)
    assert house.sends(at=late) == []
    with scope.looking(organisation=house.dealer.organisation):
        copy = models.Message.objects.get(request_key=f"issue:{issue}")
    assert copy.state == "unknown"


def test_an_issue_leaves_at_night_too_and_within_its_pace(house):
    house.subscribes(readers.ANNA, at=NIGHT - timedelta(hours=8))
    house.publishes(at=NIGHT)
    assert len(house.sends(at=NIGHT)) == 1
    with scope.transaction(organisation=house.dealer.organisation):
        models.Number.objects.filter(id=house.number).update(per_second=1)
    division = outbox.share(
        organisation=house.dealer.organisation, number=house.number, sender="worker", busy=0
    )
    assert division.share == 1


@pytest.mark.shows("R-15")
def test_leaving_ends_the_newsletter_at_once_and_nothing_else(house):
    phones.agrees(house.dealer, at=START)
    house.subscribes(readers.ANNA, at=START)
    issue = house.publishes(at=START + timedelta(hours=1))
    (letter,) = house.sends(at=START + timedelta(hours=1))
    word = readers.word(letter, "u")
    left = START + timedelta(hours=2)
    assert newsletter.leave(branch=house.branch, word=word, at=left)
    assert not newsletter.leave(branch=house.branch, word=word, at=readers.later(left))
    assert _issue(house, issue).unsubscribed == 1
    house.publishes(at=START + timedelta(hours=3), subject="Noch eine")
    assert house.sends(at=START + timedelta(hours=3)) == []
    with scope.looking(organisation=house.dealer.organisation):
        states = dict(models.Consent.objects.values_list("purpose", "state"))
        assert states == {"P-05": "granted", "P-14": "withdrawn"}
        assert models.Suppression.objects.get().scope == "advertising"


@pytest.mark.shows("R-35")
def test_who_is_on_the_suppression_list_is_not_planned_for(house):
    house.subscribes(readers.ANNA, at=START)
    keys = keyring.organisation(house.dealer.organisation)
    with scope.transaction(organisation=house.dealer.organisation):
        person = models.Consent.objects.get().person_id
        people.suppress(
            keys=keys,
            person=person,
            scope_="advertising",
            reason="import",
            at=START + timedelta(hours=1),
        )
    house.publishes(at=START + timedelta(hours=2))
    with scope.looking(organisation=house.dealer.organisation):
        assert not models.Message.objects.filter(request_key__startswith="issue:")


def test_a_copy_that_waits_is_refused_when_its_reader_leaves(house):
    house.subscribes(readers.ANNA, at=START)
    house.publishes(at=START + timedelta(hours=1))
    (letter,) = house.sends(at=START + timedelta(hours=1))
    house.publishes(at=START + timedelta(hours=2), subject="Die zweite")
    newsletter.leave(
        branch=house.branch, word=readers.word(letter, "u"), at=START + timedelta(hours=2)
    )
    assert house.sends(at=START + timedelta(hours=2)) == []
    assert _rules(house) == ["objected"]


def test_somebody_elses_form_does_not_write_to_who_has_left(house):
    house.subscribes(readers.ANNA, at=START)
    house.publishes(at=START + timedelta(hours=1))
    (letter,) = house.sends(at=START + timedelta(hours=1))
    word = readers.word(letter, "u")
    newsletter.leave(branch=house.branch, word=word, at=START + timedelta(hours=2))
    house.signs_up(readers.ANNA, at=START + timedelta(hours=3))
    assert house.sends(at=START + timedelta(hours=3)) == []
    back = START + timedelta(hours=4)
    newsletter.resubscribe(branch=house.branch, word=word, language="de", at=back)
    assert house.state() == "granted"
    with scope.looking(organisation=house.dealer.organisation):
        event = models.ConsentEvent.objects.filter(deed="confirmed").latest("position")
    assert phones.evidence(house.dealer, event).missing() == ()
    house.publishes(at=readers.later(back), subject="Willkommen zurück")
    assert len(house.sends(at=readers.later(back))) == 1


@pytest.mark.parametrize("known", [True, False])
def test_a_word_to_the_staff_is_enough(house, known):
    if known:
        house.subscribes(readers.ANNA, at=START)
    newsletter.withdraw(
        organisation=house.dealer.organisation,
        branch=house.branch,
        email="Anna@Leserin.example",
        channel="phone",
        by=house.author,
        at=START + timedelta(hours=1),
    )
    house.signs_up(readers.ANNA, at=START + timedelta(hours=2))
    assert house.sends(at=START + timedelta(hours=2)) == []


def test_a_stop_by_whatsapp_ends_the_newsletter_of_the_same_person(house):
    house.subscribes(readers.ANNA, at=START)
    phones.agrees(house.dealer, at=START)
    both = events.Party(email=readers.ANNA, phone="+" + dealers.ALICE)
    with scope.transaction(organisation=house.dealer.organisation):
        keys = keyring.organisation(house.dealer.organisation)
        people.resolve(keys=keys, parties=[both], source="review", at=START)
    phones.writes(house.dealer, "STOPP", at=START + timedelta(hours=1))
    house.publishes(at=START + timedelta(hours=2))
    assert house.sends(at=START + timedelta(hours=2)) == []


def test_no_agreement_with_the_mail_server_no_mail(house):
    house.signs_up(readers.ANNA, at=START)
    with scope.transaction(organisation=house.dealer.organisation):
        models.Number.objects.filter(id=house.number).update(agreement_at=None)
    assert house.sends(at=START) == []
    assert _rules(house) == ["agreement_missing"]


def test_another_mail_server_waits_for_its_own_agreement(house, monkeypatch):
    house.signs_up(readers.ANNA, at=START)
    with mailserver.serving() as other:
        monkeypatch.setattr(settings, "WERKBOTE_MAIL_URL", other.url)
        ready = outbox.claim(organisation=house.dealer.organisation, number=house.number, at=START)
        assert ready == []
        assert other.letters == []
    assert [row.state for row in _messages(house)] == ["queued"]


def test_halting_takes_back_what_has_not_left(house):
    house.subscribes(readers.ANNA, at=START)
    day = START + timedelta(hours=1)
    issue = house.publishes(at=day)
    assert newsletter.halt(
        organisation=house.dealer.organisation, issue=issue, by=house.author, at=day
    )
    assert house.sends(at=day) == []
    assert (_issue(house, issue).state, _issue(house, issue).readers) == ("sent", 1)


def test_more_issues_than_promised_are_not_begun(house):
    for number in range(4):
        house.publishes(at=START + timedelta(days=number), subject=f"Ausgabe {number}")
    with pytest.raises(newsletter.UnableToPublish):
        house.publishes(at=START + timedelta(days=5))
    house.publishes(at=START + timedelta(days=31))


@pytest.mark.parametrize(
    ("subject", "text", "language"),
    [
        ("", "x", "de"),
        ("a\nBcc: b", "x", "de"),
        ("x" * 151, "x", "de"),
        ("x", " ", "de"),
        ("x", "x" * 40_001, "de"),
        ("x", "x", "fr"),
        ("x\x00", "x", "de"),
    ],
)
def test_an_issue_that_cannot_be_sent_is_not_saved(house, subject, text, language):
    draft = newsletter.Draft(subject=subject, text=text, language=language)
    with pytest.raises(newsletter.UnableToPublish):
        newsletter.save(
            organisation=house.dealer.organisation,
            branch=house.branch,
            draft=draft,
            issue=None,
            by=house.author,
            at=START,
        )


def test_too_many_requests_are_put_off(house):
    for _ in range(3):
        house.signs_up(readers.ANNA, at=START)
    with pytest.raises(newsletter.UnableToSubscribe):
        house.signs_up(readers.ANNA, at=START)


def test_no_address_stands_in_clear_in_the_database(house, owner):
    house.subscribes(readers.ANNA, at=START)
    connection.close()
    tables = owner.execute(
        "SELECT c.table_name FROM information_schema.columns c JOIN pg_tables t"
        " ON t.tablename = c.table_name WHERE t.schemaname = 'public' GROUP BY 1"
    ).fetchall()
    found = [
        name
        for (name,) in tables
        if owner.execute(
            f'SELECT 1 FROM "{name}" AS row WHERE row::text ILIKE %s LIMIT 1', [f"%{readers.ANNA}%"]
        ).fetchone()
    ]
    assert found == []


def _two_readers(house: readers.House) -> tuple[int, int]:
    """Anna and Ben, who have agreed."""
    house.subscribes(readers.ANNA, at=START)
    house.subscribes(readers.BEN, at=START + timedelta(minutes=1))
    with scope.looking(organisation=house.dealer.organisation):
        rows = models.Consent.objects.filter(purpose="P-14", state="granted").order_by("id")
        anna, ben = rows.values_list("person_id", flat=True)
    return anna, ben


@pytest.mark.shows("R-24")
@pytest.mark.usefixtures("journal_folder")
@pytest.mark.parametrize("spread_first", [True, False], ids=["queued", "begun"])
def test_an_erasure_while_an_issue_is_sent_ends_the_copy_and_nothing_waits(house, spread_first):
    anna, _ = _two_readers(house)
    day = START + timedelta(hours=2)
    if spread_first:
        issue = house.publishes(at=day)
    else:
        common = {"organisation": house.dealer.organisation, "by": house.author, "at": day}
        draft = newsletter.Draft(subject="Reifenwechsel", text="Ab Oktober.")
        issue = newsletter.save(branch=house.branch, draft=draft, issue=None, **common)
        newsletter.begin(issue=issue, **common)
    run = erasures.asked(house.dealer, anna, at=day)
    erasures.executed(house.dealer, run, at=day)
    assert erasures.row(house.dealer, run).state == "done"
    _fresh(house, issue, at=day)
    assert [letter["To"] for letter in house.sends(at=day)] == [readers.BEN]
    assert _issue(house, issue).state == "sent"
    assert {row.state for row in _messages(house)} <= {"sent", "delivered"}


@pytest.mark.shows("R-31")
def test_who_is_restricted_is_not_among_the_readers_of_an_issue(house):
    anna, _ = _two_readers(house)
    with scope.transaction(organisation=house.dealer.organisation):
        models.Person.objects.filter(id=anna).update(restricted_at=START)
    issue = house.publishes(at=START + timedelta(hours=2))
    assert _issue(house, issue).readers == 1
    letters = house.sends(at=START + timedelta(hours=2))
    assert [letter["To"] for letter in letters] == [readers.BEN]
