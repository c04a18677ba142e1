"""Erasing a person: what goes, what stays and why, what a crash or a refusal outside changes: nothing."""

from datetime import timedelta

import pytest

from tests import dealers, erasures, phones, staff
from tests import simulator as simulators
from tests.erasures import AT, LATER
from werkbote.actions import audit, chains, journal, people, privacy
from werkbote.actions.privacy import targeting
from werkbote.domain import privacy as rights
from werkbote.store import ids, keyring, ledger, models, scope
from werkbote.store import journal as journals

pytestmark = pytest.mark.usefixtures("journal_folder")

DAY = timedelta(days=1)


@pytest.fixture
def dealer(simulator: simulators.Simulator) -> dealers.Dealer:
    made = dealers.dealer(graph_url=simulator.url)
    simulator.connect(made)
    return made


@pytest.mark.shows("R-06", "R-24")
def test_erasure_leaves_no_row_no_file_no_word_and_no_body(dealer):
    person = erasures.lives(dealer)
    run = erasures.asked(dealer, person)
    assert erasures.executed(dealer, run) is rights.State.DONE
    assert dict(erasures.left(dealer)) == {}


def test_what_belongs_to_somebody_else_stays(dealer):
    staff.wrote(dealer, phone=f"+{dealers.BOB}", words="Ich bleibe")
    person_of_bob = erasures.the_person(dealer)
    dealers.arrive(dealer, erasures.body(dealer, "Moin", at=AT, name="Petra"), at=AT)
    dealers.understand(dealer, at=AT)
    with scope.looking(organisation=dealer.organisation):
        other = models.Person.objects.exclude(id=person_of_bob).get().id
    run = erasures.asked(dealer, other)
    assert erasures.executed(dealer, run) is rights.State.DONE
    left = dict(erasures.left(dealer))
    assert (left["Person"], left["Message"]) == (1, 1)


def test_protocol_counts_what_went_carries_its_hash_and_holds_no_contents(dealer):
    person = erasures.lives(dealer, words="Zwiebelkuchen", name="Ottilie Beispiel")
    run = erasures.asked(dealer, person, stop=rights.Stop.ADD, identified_by="number")
    erasures.executed(dealer, run)
    row = erasures.row(dealer, run)
    protocol = row.protocol
    assert protocol["hash"] == row.digest == rights.digest(protocol)
    counts = {step["store"]: step["count"] for step in protocol["steps"]}
    assert (counts["store.Message"], counts["store.MediaChunk"]) == (2, 1)
    assert (counts["store.Person"], counts["store.WebhookEvent"]) == (1, 1)
    assert (counts["verification"], protocol["verification_hits"]) == (0, 0)
    assert protocol["keys_destroyed"] == [person]
    assert protocol["suppression_kept"] is True
    assert protocol["backups_until"] == "2026-12-28"
    assert protocol["preview"]["store.Message"] == 2
    assert row.targets_sealed is None
    for word in ("Zwiebelkuchen", "Ottilie", dealers.ALICE, erasures.USER_ID):
        assert word not in str(protocol)


def test_suppression_is_kept_made_or_removed_as_asked(dealer):
    keys = keyring.organisation(dealer.organisation)
    print_ = keys.fingerprint("phone", f"+{dealers.ALICE}")

    def suppressed() -> int:
        with scope.looking(organisation=dealer.organisation):
            return models.Suppression.objects.filter(fingerprint=print_).count()

    found = []
    for stop in (rights.Stop.KEEP, rights.Stop.ADD, rights.Stop.KEEP, rights.Stop.REMOVE):
        dealers.arrive(dealer, erasures.body(dealer, f"{stop}", at=AT, name="P"), at=AT)
        dealers.understand(dealer, at=AT)
        run = erasures.asked(dealer, erasures.the_person(dealer), stop=stop)
        erasures.executed(dealer, run)
        found.append(suppressed())
    assert found == [0, 2, 2, 0]


@pytest.mark.shows("R-09")
def test_evidence_of_a_real_consent_stays_until_its_period_ends_and_nobody_finds_it(dealer):
    phones.agrees(dealer, at=AT)
    person = erasures.the_person(dealer)
    preview = privacy.preview(organisation=dealer.organisation, person=person, at=AT + LATER)
    assert [(block.rule, str(block.until)) for block in preview.blocks] == [("L-16", "2029-12-31")]
    run = erasures.asked(dealer, person)
    assert erasures.executed(dealer, run) is rights.State.DONE
    left = dict(erasures.left(dealer))
    assert set(left) == {"Person", "ConsentEvidence", "Consent"}
    row = erasures.row(dealer, run)
    assert row.keys_destroyed == []
    assert rights.confirmation(_protocol(dealer, run))["complete"] is False
    phones.writes(dealer, "Ich bin wieder da", at=AT + 2 * LATER)
    with scope.looking(organisation=dealer.organisation):
        assert models.Person.objects.count() == 2
    again = erasures.asked(dealer, person, at=AT + timedelta(days=4 * 365))
    assert erasures.executed(dealer, again, at=AT + timedelta(days=4 * 365)) is rights.State.DONE
    with scope.looking(organisation=dealer.organisation):
        assert not models.Person.objects.filter(id=person).exists()


def _protocol(dealer: dealers.Dealer, run: int) -> rights.Protocol:
    return privacy.protocol_of(organisation=dealer.organisation, run=run)


def test_both_chains_are_whole_after_an_erasure(dealer):
    phones.agrees(dealer, at=AT)
    erasures.executed(dealer, erasures.asked(dealer, erasures.the_person(dealer)))
    with scope.looking(organisation=dealer.organisation):
        assert models.AuditEntry.objects.filter(verb="privacy.erase").count() == 1
    found = chains.verify(organisations=[dealer.organisation])
    assert {(one.chain, one.broken) for one in found} == {("consent", None), ("audit", None)}


def test_contact_book_at_meta_is_emptied(dealer, simulator):
    simulator.customer("alice", phone=dealers.ALICE, bsuid=erasures.USER_ID)
    book = f"{simulator.url}/v23.0/{dealer.phone_number_id}/contact_book"
    token = {"Authorization": "Bearer token"}
    added = simulator.client.post(book, json={"user_id": erasures.USER_ID}, headers=token)
    assert added.is_success
    person = erasures.lives(dealer)
    run = erasures.asked(dealer, person)
    assert erasures.executed(dealer, run) is rights.State.DONE
    steps = {store: step for store, step in erasures.steps(dealer, run).items() if "book" in store}
    assert list(steps.values()) == [("done", 1)]
    shown = simulator.client.get(f"{book}/{erasures.USER_ID}", headers=token).json()
    assert shown["present"] is False
    confirmation = rights.confirmation(_protocol(dealer, run))
    assert (confirmation["contact_book"], confirmation["complete"]) == ("deleted", True)


def test_outside_that_does_not_answer_is_an_honest_failure_and_is_called_again(simulator):
    dealer = dealers.dealer(graph_url="http://127.0.0.1:9")
    person = erasures.lives(dealer)
    run = erasures.asked(dealer, person)
    assert erasures.executed(dealer, run) is rights.State.FAILED
    row = erasures.row(dealer, run)
    assert (row.problem, row.protocol, row.ended_at) == ("outside", None, None)
    assert dict(erasures.left(dealer)) == {}
    assert privacy.due(organisation=dealer.organisation, at=AT + LATER) == []
    later = AT + LATER + DAY
    assert privacy.due(organisation=dealer.organisation, at=later) == [run]
    with scope.transaction(organisation=dealer.organisation):
        models.Number.objects.update(graph_url=simulator.url)
    simulator.connect(dealer)
    assert erasures.executed(dealer, run, at=later) is rights.State.DONE
    assert erasures.row(dealer, run).erased_at == AT + LATER


def test_erasing_twice_changes_nothing(dealer, journal_folder):
    person = erasures.lives(dealer)
    run = erasures.asked(dealer, person)
    erasures.executed(dealer, run)
    before = erasures.row(dealer, run).digest
    assert erasures.executed(dealer, run) is None
    assert erasures.row(dealer, run).digest == before
    assert len(journals.read(journal_folder)) == 1
    with pytest.raises(privacy.UnableToErase):
        erasures.asked(dealer, person)


def test_erasure_is_in_the_journal_and_settled(dealer, journal_folder):
    person = erasures.lives(dealer)
    erasures.executed(dealer, erasures.asked(dealer, person))
    assert [(one.subject, one.scope) for one in journals.read(journal_folder)] == [
        (person, "person")
    ]
    with scope.looking(organisation=dealer.organisation):
        assert models.ErasureMark.objects.get().settled_at == AT + LATER


def test_person_who_came_back_with_a_backup_is_erased_again(dealer, journal_folder):
    person = erasures.lives(dealer)
    entry = journals.Entry(
        id=ids.new(), organisation=dealer.organisation, subject=person, scope="person", at=AT
    )
    journals.append(journal_folder, entry)
    for _ in range(2):
        journal.replay(
            organisations=[dealer.organisation],
            erase=lambda one: privacy.erase_again(one, at=AT + LATER),
            at=AT + LATER,
        )
    assert dict(erasures.left(dealer)) == {}
    with scope.looking(organisation=dealer.organisation):
        assert list(models.ErasureRun.objects.values_list("trigger", "state")) == [
            ("replay", "failed")
        ]
        run = models.ErasureRun.objects.get().id
    assert erasures.executed(dealer, run) is rights.State.DONE


def test_above_the_threshold_a_second_person_must_agree():
    people_ = staff.staff()
    here = people_.dealer
    many = [f"w{number:04}ort" for number in range(1100)]
    texts = [dealers.text(" ".join(many[start : start + 40])) for start in range(0, 1100, 40)]
    dealers.arrive(here, dealers.body(here, *texts))
    dealers.understand(here)
    person = erasures.the_person(here)
    order = privacy.Order(trigger=rights.Trigger.REQUEST)
    run = privacy.ask(
        organisation=here.organisation, person=person, order=order, by=people_.alice, at=AT
    )
    assert erasures.row(here, run).state == "waiting"
    assert erasures.executed(here, run) is None
    with pytest.raises(privacy.UnableToErase):
        privacy.approve(organisation=here.organisation, run=run, by=people_.alice, at=AT)
    privacy.approve(organisation=here.organisation, run=run, by=people_.dora, at=AT)
    assert erasures.executed(here, run) is rights.State.DONE
    assert erasures.row(here, run).protocol["operators"] == [
        f"member:{people_.alice}",
        f"member:{people_.dora}",
    ]


def test_hold_stops_an_erasure_and_its_end_lets_it_go_on(dealer):
    someone = staff.member(
        dealer.organisation, role=staff.roles.Role.OWNER, branches=[dealer.branch]
    )
    person = erasures.lives(dealer)
    hold = privacy.hold(
        organisation=dealer.organisation,
        subject=person,
        reason="Streit um die Rechnung",
        query={},
        by=someone,
        at=AT,
    )
    run = erasures.asked(dealer, person)
    assert erasures.executed(dealer, run) is rights.State.HELD
    with scope.looking(organisation=dealer.organisation):
        assert models.Person.objects.get(id=person).restricted_at is not None
        assert models.Message.objects.count() == 2
        assert str(models.LegalHold.objects.get().review_on) == "2027-05-23"
    privacy.end_hold(
        organisation=dealer.organisation,
        hold=hold,
        reason="dispute_over",
        by=someone,
        at=AT + LATER,
    )
    assert erasures.executed(dealer, run) is rights.State.DONE


@pytest.mark.parametrize(
    ("query", "covered"),
    [
        ({}, True),
        ({"since": "2026-01-01"}, True),
        ({"until": "2026-01-01"}, False),
        ({"since": "2026-01-01", "until": "2026-12-31"}, True),
    ],
)
def test_hold_by_query_covers_whom_it_describes(dealer, query, covered):
    someone = staff.member(
        dealer.organisation, role=staff.roles.Role.OWNER, branches=[dealer.branch]
    )
    person = erasures.lives(dealer)
    privacy.hold(
        organisation=dealer.organisation, subject=None, reason="R", query=query, by=someone, at=AT
    )
    found = privacy.preview(organisation=dealer.organisation, person=person, at=AT)
    assert found.held is covered


@pytest.mark.parametrize(
    ("reason", "query", "subject"),
    [(" ", {}, None), ("R", {"colour": "red"}, None), ("R", {}, 4711)],
)
def test_hold_without_reason_with_unknown_condition_or_person_is_refused(
    dealer, reason, query, subject
):
    with pytest.raises(privacy.UnableToHold):
        privacy.hold(
            organisation=dealer.organisation,
            subject=subject,
            reason=reason,
            query=query,
            by=1,
            at=AT,
        )


def test_message_on_its_way_is_awaited(dealer):
    person = erasures.lives(dealer)
    with scope.transaction(organisation=dealer.organisation):
        models.Message.objects.filter(outgoing=True).update(state="sending")
    run = erasures.asked(dealer, person)
    assert erasures.executed(dealer, run) is rights.State.FAILED
    assert erasures.row(dealer, run).problem == "on_its_way"
    with scope.transaction(organisation=dealer.organisation):
        models.Message.objects.filter(outgoing=True).update(state="sent")
    assert erasures.executed(dealer, run, at=AT + DAY) is rights.State.DONE


def test_queued_message_is_taken_back(dealer):
    person = erasures.lives(dealer)
    with scope.transaction(organisation=dealer.organisation):
        models.Message.objects.filter(outgoing=True).update(state="queued", due_at=AT)
    run = erasures.asked(dealer, person)
    row = erasures.row(dealer, run)
    keys = keyring.organisation(dealer.organisation)
    targeting.prepare(keys, row, at=AT)
    with scope.looking(organisation=dealer.organisation):
        assert models.Message.objects.get(outgoing=True).state == "cancelled"


def test_merge_just_before_the_erasure_takes_both_rows(dealer):
    person = erasures.lives(dealer)
    run = erasures.asked(dealer, person)
    staff.wrote(dealer, phone=f"+{dealers.BOB}", words="Neue Nummer")
    with scope.looking(organisation=dealer.organisation):
        other = models.Person.objects.exclude(id=person).get().id
    review = _review(dealer, person, other)
    people.decide_review(
        organisation=dealer.organisation, review=review, accept=True, by=_owner(dealer), at=AT
    )
    assert erasures.executed(dealer, run) is rights.State.DONE
    assert dict(erasures.left(dealer)) == {}
    assert sorted(erasures.row(dealer, run).keys_destroyed) == sorted([person, other])


def _owner(dealer: dealers.Dealer) -> int:
    return staff.member(dealer.organisation, role=staff.roles.Role.OWNER, branches=[dealer.branch])


def _review(dealer: dealers.Dealer, previous: int, current: int) -> int:
    with scope.transaction(organisation=dealer.organisation):
        row = models.IdentityReview(
            organisation_id=dealer.organisation,
            kind="identity_changed",
            provider_id=f"x{ids.new()}",
            previous_id=previous,
            current_id=current,
            created_at=AT,
        )
        row.save(force_insert=True)
    return row.id


def test_review_in_which_the_person_is_the_new_side_goes_too(dealer):
    staff.wrote(dealer, phone=f"+{dealers.BOB}")
    bob = erasures.the_person(dealer)
    dealers.arrive(dealer, erasures.body(dealer, "Moin", at=AT, name="Petra"), at=AT)
    dealers.understand(dealer, at=AT)
    with scope.looking(organisation=dealer.organisation):
        petra = models.Person.objects.exclude(id=bob).get().id
    _review(dealer, bob, petra)
    assert erasures.executed(dealer, erasures.asked(dealer, petra)) is rights.State.DONE
    with scope.looking(organisation=dealer.organisation):
        assert models.IdentityReview.objects.count() == 0


def test_person_writing_after_the_erasure_is_somebody_new(dealer):
    person = erasures.lives(dealer)
    run = erasures.asked(dealer, person)
    erasures.executed(dealer, run)
    phones.writes(dealer, "Hallo nochmal", at=AT + 2 * LATER)
    assert erasures.the_person(dealer) != person
    with scope.looking(organisation=dealer.organisation):
        assert models.Person.objects.get().restricted_at is None
        assert ledger.group(person) == [person]


def test_stranger_cannot_be_erased_from_another_organisation(dealer):
    person = erasures.lives(dealer)
    other = dealers.dealer()
    with pytest.raises(privacy.UnableToErase):
        erasures.asked(other, person)
    assert audit.first_broken(organisation=other.organisation) is None
