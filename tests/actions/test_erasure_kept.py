"""Letters of a case with a contract withstand an erasure until their period ends; the rest does not."""

from datetime import date, datetime, timedelta

import pytest

from tests import dealers, erasures, phones
from tests import simulator as simulators
from tests.erasures import AT, LATER
from werkbote.actions import cases, privacy
from werkbote.actions.privacy import executing
from werkbote.domain import cases as matter
from werkbote.domain import privacy as rights
from werkbote.store import ledger, models, scope

pytestmark = pytest.mark.usefixtures("journal_folder")


@pytest.fixture
def dealer(simulator: simulators.Simulator) -> dealers.Dealer:
    made = dealers.dealer(graph_url=simulator.url)
    simulator.connect(made)
    return made


def ordered(
    dealer: dealers.Dealer,
    *,
    kind: matter.Kind = matter.Kind.REPAIR_ORDER,
    contract: matter.Contract | None = matter.Contract.YES,
) -> tuple[int, int]:
    """A person writes small talk and an order; the order's message is filed in a case."""
    person = erasures.lives(dealer, words="Schönes Wetter heute")
    phones.writes(dealer, "Bitte Bremsen machen", at=AT + timedelta(minutes=5))
    case = cases.open_case(
        organisation=dealer.organisation,
        branch=dealer.branch,
        person=person,
        details=cases.Details(kind=kind, title="Bremsen"),
        by="system",
        at=AT,
    )
    with scope.looking(organisation=dealer.organisation):
        message = models.Message.objects.filter(outgoing=False).latest("at").id
    cases.file_message(
        organisation=dealer.organisation, message=message, case=case, by="system", at=AT
    )
    if contract is not None:
        cases.close_case(
            organisation=dealer.organisation, case=case, contract=contract, by="system", at=AT
        )
    return person, case


def erase(dealer: dealers.Dealer, person: int, *, at: datetime = AT + LATER) -> models.ErasureRun:
    run = erasures.asked(dealer, person, at=at)
    assert erasures.executed(dealer, run, at=at) is rights.State.DONE
    return erasures.row(dealer, run)


@pytest.mark.shows("R-24")
def test_letters_of_an_order_stay_readable_and_everything_else_goes(dealer):
    person, case = ordered(dealer)
    row = erase(dealer, person)
    assert [(one["rule"], one["count"], one["until"]) for one in row.blocks] == [
        ("L-05", 1, "2032-12-31")
    ]
    left = dict(erasures.left(dealer))
    assert (left["Message"], left["Person"], left["Conversation"]) == (1, 1, 1)
    assert {"Media", "MediaChunk", "SearchToken", "WebhookEvent"} & set(left) == set()
    with scope.looking(organisation=dealer.organisation):
        message = models.Message.objects.get()
        assert (message.case_id, models.Person.objects.get().restricted_at) == (case, AT + LATER)
    assert phones.content(dealer, message)["text"] == "Bitte Bremsen machen"
    assert rights.confirmation(privacy.protocol_of(organisation=dealer.organisation, run=row.id))[
        "kept"
    ] == [
        {
            "rule": "L-05",
            "store": "store.Message",
            "count": 1,
            "until": date(2032, 12, 31),
            "article": "§ 257 Abs. 1 Nr. 2, Abs. 4 HGB; § 147 Abs. 3 AO; Art. 17 Abs. 3 lit. b DSGVO",
        }
    ]


def test_letters_that_stay_do_not_keep_a_try_after_the_first_from_ending(dealer):
    person, _ = ordered(dealer)
    with scope.transaction(organisation=dealer.organisation):
        url = models.Number.objects.get().graph_url
        models.Number.objects.update(graph_url="http://127.0.0.1:9")
    run = erasures.asked(dealer, person)
    assert erasures.executed(dealer, run) is rights.State.FAILED
    with scope.transaction(organisation=dealer.organisation):
        models.Number.objects.update(graph_url=url)
    assert erasures.executed(dealer, run, at=AT + 2 * LATER) is rights.State.DONE


def test_whoever_writes_again_is_not_found_among_the_letters(dealer):
    person, _ = ordered(dealer)
    erase(dealer, person)
    phones.writes(dealer, "Guten Tag", at=AT + 2 * LATER)
    with scope.looking(organisation=dealer.organisation):
        new = models.Person.objects.exclude(id=person).get()
        assert (new.restricted_at, ledger.group(new.id)) == (None, [new.id])


def test_when_the_period_is_over_a_second_erasure_takes_the_letters(dealer):
    person, _ = ordered(dealer)
    erase(dealer, person)
    assert erase(dealer, person, at=datetime(2032, 12, 31, 12, tzinfo=AT.tzinfo)).blocks != []
    row = erase(dealer, person, at=datetime(2033, 1, 1, 12, tzinfo=AT.tzinfo))
    assert (row.blocks, dict(erasures.left(dealer))) == ([], {})
    assert row.keys_destroyed == [person]


@pytest.mark.parametrize(
    ("kind", "contract", "rule"),
    [
        (matter.Kind.INQUIRY, matter.Contract.NO, None),
        (matter.Kind.LEAD, matter.Contract.NO, None),
        (matter.Kind.TEST_DRIVE, matter.Contract.UNKNOWN, None),
        (matter.Kind.REPAIR_ORDER, matter.Contract.UNKNOWN, "L-05"),
        (matter.Kind.PURCHASE, matter.Contract.YES, "L-08"),
        (matter.Kind.ACCIDENT, matter.Contract.NO, "L-10"),
        (matter.Kind.REPAIR_ORDER, None, "L-05"),
    ],
)
def test_kind_and_contract_decide_what_stays(dealer, kind, contract, rule):
    person, _ = ordered(dealer, kind=kind, contract=contract)
    found = privacy.preview(organisation=dealer.organisation, person=person, at=AT + LATER)
    assert [block.rule for block in found.blocks] == ([rule] if rule else [])
    if contract is None:
        assert [block.until for block in found.blocks] == [None]


def test_open_tax_audit_keeps_letters_of_its_year_longer(dealer):
    person, _ = ordered(dealer)
    with scope.transaction(organisation=dealer.organisation):
        models.TaxAudit(
            organisation_id=dealer.organisation,
            year=2026,
            open_until=date(2034, 6, 30),
            set_at=AT,
        ).save(force_insert=True)
    late = datetime(2034, 6, 30, 12, tzinfo=AT.tzinfo)
    row = erase(dealer, person, at=late)
    assert [(one["rule"], one["until"]) for one in row.blocks] == [("L-05", "2034-06-30")]
    assert erase(dealer, person, at=late + timedelta(days=1)).blocks == []


def test_replay_of_a_whole_erasure_leaves_nothing_and_of_a_partial_one_the_letters(dealer):
    person, _ = ordered(dealer)
    entry = executing.Entry(
        id=1,
        organisation=dealer.organisation,
        subject=person,
        scope=executing.BUT_KEPT,
        at=AT,
    )
    privacy.erase_again(entry, at=AT + LATER)
    assert dict(erasures.left(dealer))["Message"] == 1
    with scope.transaction(organisation=dealer.organisation):
        models.ErasureRun.objects.update(state="refused")
    whole = executing.Entry(
        id=2, organisation=dealer.organisation, subject=person, scope="person", at=AT
    )
    privacy.erase_again(whole, at=AT + LATER)
    assert dict(erasures.left(dealer)) == {}
