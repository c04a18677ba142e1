"""Unclear words settled by the team, and people whose notice did not arrive: who sees, who answers, what follows."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import dealers, phones, staff
from werkbote.actions import consent, drafts, outbox
from werkbote.reads import consent_tasks
from werkbote.store import models, scope

START = dealers.NOW
HOUR = timedelta(hours=1)
UNCLEAR = "Stopp, bitte nicht reparieren!"


@pytest.fixture
def people(monkeypatch: pytest.MonkeyPatch) -> staff.Staff:
    made = staff.staff()
    phones.agrees(made.dealer, at=START)
    phones.writes(made.dealer, UNCLEAR, at=START + HOUR)
    monkeypatch.setattr("werkbote.web.clock.now", lambda: START + 2 * HOUR)
    return made


def _task(people: staff.Staff) -> models.ConsentTask:
    with scope.looking(organisation=people.dealer.organisation):
        return models.ConsentTask.objects.order_by("id")[0]


def _state(people: staff.Staff) -> str:
    with scope.looking(organisation=people.dealer.organisation):
        return models.Consent.objects.get(purpose="P-05").state


def _settle(people: staff.Staff, member: int, answer: str, *, task: int = 0):
    return staff.signed_in(member).post(
        f"/consents/tasks/{task or _task(people).id}/settle/", {"answer": answer}
    )


def _receipts(people: staff.Staff) -> int:
    with scope.looking(organisation=people.dealer.organisation):
        return models.Message.objects.filter(role="withdrawal_receipt").count()


def test_the_page_shows_the_words_and_looking_answers_nothing(people):
    bob = staff.signed_in(people.bob)
    address = f"/consents/tasks/{_task(people).id}/"
    assert address in bob.get("/consents/").content.decode()
    words = bob.get(address).content.decode()
    for part in (UNCLEAR, "Kein Widerruf", "Widerruf: keine Werbung mehr"):
        assert part in words, part
    assert bob.get(f"{address}settle/").status_code == 405
    assert (_task(people).answered_at, _state(people)) == (None, "frozen")


@pytest.mark.shows("R-15", "R-35")
@pytest.mark.parametrize(
    ("answer", "state", "scopes", "receipts"),
    [
        ("other", "granted", set(), 0),
        ("advertising", "withdrawn", {"advertising"}, 1),
        ("everything", "withdrawn", {"advertising", "everything"}, 1),
    ],
)
def test_an_answer_takes_effect_at_once_and_is_written_down(
    people, answer, state, scopes, receipts
):
    assert _settle(people, people.bob, answer).status_code == 302
    assert (_state(people), _receipts(people)) == (state, receipts)
    task = _task(people)
    assert (task.answer, task.answered_by_id) == (answer, people.bob)
    with scope.looking(organisation=people.dealer.organisation):
        assert set(models.Suppression.objects.values_list("scope", flat=True)) == scopes
        entry = models.AuditEntry.objects.get(verb="consent.settle")
    assert entry.detail["answer"] == answer
    assert _settle(people, people.alice, "advertising", task=task.id).status_code == 404
    assert _state(people) == state


@pytest.mark.shows("R-13")
def test_a_withdrawal_keeps_the_words_who_read_them_and_when_they_were_said(people):
    _settle(people, people.bob, "advertising")
    with scope.looking(organisation=people.dealer.organisation):
        event = models.ConsentEvent.objects.get(deed="withdrawn", purpose="P-05")
    found = phones.evidence(people.dealer, event).withdrawal
    assert found is not None
    assert (found.raw_text, found.handled_by) == (UNCLEAR, f"member:{people.bob}")
    assert (found.at, found.effective_at) == (START + HOUR, START + 2 * HOUR)


def test_a_consent_given_after_the_words_stands(people):
    phones.agrees(people.dealer, at=START + HOUR + timedelta(minutes=5))
    before = _state(people)
    _settle(people, people.bob, "advertising")
    assert _state(people) == before


def test_no_withdrawal_ends_the_pause_only_when_no_other_question_is_open(people):
    phones.writes(people.dealer, UNCLEAR, at=START + HOUR + timedelta(minutes=5))
    with scope.looking(organisation=people.dealer.organisation):
        first, second = models.ConsentTask.objects.order_by("id").values_list("id", flat=True)
    _settle(people, people.bob, "other", task=first)
    assert _state(people) == "frozen"
    _settle(people, people.bob, "other", task=second)
    assert _state(people) == "granted"


def test_words_that_could_not_be_read_stay_blocked_after_no_withdrawal(people):
    with scope.transaction(organisation=people.dealer.organisation):
        models.ConsentTask.objects.update(kind="failed")
    _settle(people, people.bob, "other")
    assert _state(people) == "frozen"
    assert _task(people).answer == "other"


def test_two_who_answer_at_once_are_told_and_the_first_answer_stands(people):
    task = _task(people).id
    consent.settle(
        organisation=people.dealer.organisation,
        task=task,
        meaning=consent.Meaning.ADVERTISING,
        by=people.alice,
        at=START + 2 * HOUR,
    )
    with pytest.raises(consent.UnableToSettle):
        consent.settle(
            organisation=people.dealer.organisation,
            task=task,
            meaning=consent.Meaning.OTHER,
            by=people.bob,
            at=START + 2 * HOUR,
        )
    assert (_state(people), _task(people).answered_by_id) == ("withdrawn", people.alice)


@pytest.mark.parametrize("answer", ["", "granted", "OTHER", "other,advertising"])
def test_an_answer_that_is_none_changes_nothing(people, answer):
    assert _settle(people, people.bob, answer).status_code == 302
    assert (_task(people).answered_at, _state(people)) == (None, "frozen")


def test_others_neither_read_nor_answer(people):
    address = f"/consents/tasks/{_task(people).id}/"
    for member in (people.charlie, people.dora, people.eve):
        assert staff.signed_in(member).get(address).status_code == 404
        assert _settle(people, member, "other").status_code == 404
    assert (_task(people).answered_at, _state(people)) == (None, "frozen")


def _written_to(people: staff.Staff, number: int) -> None:
    """Somebody is written to with the notice, and it does not arrive."""
    at = START + (3 + number) * HOUR
    conversation = staff.wrote(people.dealer, phone=f"+49171392000{number}", at=at)
    message = outbox.queue_message(
        organisation=people.dealer.organisation,
        conversation=conversation,
        draft=drafts.Draft(text="Ihr Golf ist fertig."),
        purpose="P-02",
        by=None,
        at=at,
    )
    with scope.looking(organisation=people.dealer.organisation):
        row = models.Message.objects.get(id=message)
    phones.accepted(people.dealer, row, at=at)


@pytest.mark.shows("R-25")
def test_who_is_not_informed_yet_is_listed_to_those_who_read_chats(people):
    viewer = staff.viewer(people.bob)
    counts = []
    for number in (3, 4, 5):
        _written_to(people, number)
        with CaptureQueriesContext(connection) as queries:
            found = consent_tasks.open_notices(viewer=viewer)
        counts.append((len(found), len(queries)))
    assert counts[2][0] == counts[0][0] + 2
    assert counts[0][1] == counts[2][1]
    link = f"/inbox/{found[0].conversation}/consents/"
    heading = "Nicht zugestellte Hinweise</h2>"
    shown = staff.signed_in(people.bob).get("/consents/").content.decode()
    assert (link in shown, heading in shown) == (True, True)
    hidden = staff.signed_in(people.dora).get("/consents/").content.decode()
    assert (link in hidden, heading in hidden) == (False, False)
    assert consent_tasks.open_notices(viewer=staff.viewer(people.charlie)) == ()


def test_the_list_of_questions_asks_the_database_equally_often_for_any_length(people):
    viewer, counts = staff.viewer(people.bob), []
    for number in (6, 7, 8):
        with CaptureQueriesContext(connection) as queries:
            assert len(consent_tasks.tasks(viewer=viewer)) == number - 5
        counts.append(len(queries))
        phones.writes(people.dealer, UNCLEAR, at=START + HOUR, wa_id=f"49171392000{number}")
    assert counts[0] == counts[2]
