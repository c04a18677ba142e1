"""Each chat is decided: into a case, or gone with its key; never into advertising."""

from datetime import timedelta

import pytest

from tests import dealers, exports, staff
from werkbote.actions import cases, drafts, old_chats, outbox, people, privacy
from werkbote.domain import cases as kinds
from werkbote.store import models, scope

NOW = dealers.NOW
AGREES = (
    "22.11.26, 10:16 - Max Muster: Dürfen wir Ihnen Angebote per WhatsApp schicken?",
    "22.11.26, 10:17 - Petra Beispiel: WERBUNG JA",
    "23.11.26, 09:59 - Petra Beispiel: Ja, sehr gerne Werbung!",
)


@pytest.fixture
def team() -> staff.Staff:
    return staff.staff()


def _decide(team: staff.Staff, chat: int, case: int | None = None, **more: str) -> None:
    old_chats.file_into_case(
        organisation=team.dealer.organisation,
        chat=chat,
        filing=old_chats.Filing(retention=more.get("retention", "L-05"), case=case),
        by=team.bob,
        at=NOW,
    )


def _verbs(team: staff.Staff) -> list[str]:
    with scope.looking(organisation=team.dealer.organisation):
        rows = models.AuditEntry.objects.filter(verb__startswith="old_chats.")
        return list(rows.order_by("position").values_list("verb", flat=True))


def test_a_chat_is_filed_under_a_retention_class(team):
    done = exports.brought(team, exports.packed())
    _decide(team, done.chat_id)
    with scope.looking(organisation=team.dealer.organisation):
        row = models.OldChat.objects.get()
    assert (row.state, row.retention, row.decided_by_id) == ("case", "L-05", team.bob)
    assert _verbs(team) == ["old_chats.receive", "old_chats.read", "old_chats.file"]


@pytest.mark.parametrize("retention", ["", "L-99", "für immer"])
def test_a_class_the_law_does_not_know_is_refused(team, retention):
    done = exports.brought(team, exports.packed())
    with pytest.raises(old_chats.UnableToDecide):
        _decide(team, done.chat_id, retention=retention)


def test_deleting_takes_rows_files_and_key(team, owner):
    staff.wrote(team.dealer)
    done = exports.brought(team, exports.packed())
    exports.brought(team, exports.packed())
    with scope.looking(organisation=team.dealer.organisation):
        review = models.IdentityReview.objects.get()
    people.decide_review(
        organisation=team.dealer.organisation, review=review.id, accept=True, by=team.bob, at=NOW
    )
    old_chats.delete(organisation=team.dealer.organisation, chat=done.chat_id, by=team.bob, at=NOW)
    here = {"organisation": team.dealer.organisation}
    for table in ("old_chat", "old_chat_arrival", "old_chat_page", "old_chat_file"):
        query = f"SELECT count(*) FROM {table} WHERE organisation_id = %(organisation)s"
        assert owner.execute(query, here).fetchone() == (0,), table
    pieces = "SELECT count(*) FROM old_chat_piece WHERE organisation_id = %(organisation)s"
    assert owner.execute(pieces, here).fetchone() == (0,)
    persons = owner.execute(
        "SELECT source FROM person WHERE organisation_id = %(organisation)s", here
    ).fetchall()
    assert len(persons) == 1
    assert persons[0] != ("old_chat",)
    assert _verbs(team)[-1] == "old_chats.delete"


def test_what_is_kept_in_a_case_is_not_deleted_by_hand(team):
    done = exports.brought(team, exports.packed())
    _decide(team, done.chat_id)
    with pytest.raises(old_chats.UnableToDecide):
        old_chats.delete(
            organisation=team.dealer.organisation, chat=done.chat_id, by=team.bob, at=NOW
        )


def test_a_chat_goes_into_a_case_of_its_person_and_of_nobody_else(team):
    organisation = team.dealer.organisation
    done = exports.brought(team, exports.packed())
    conversation = staff.wrote(team.dealer)
    with scope.looking(organisation=organisation):
        known = models.Conversation.objects.get(id=conversation).person_id
    case = cases.open_case(
        organisation=organisation,
        branch=team.dealer.branch,
        person=known,
        details=cases.Details(kind=kinds.Kind.REPAIR_ORDER, title="Inspektion"),
        by=team.bob,
        at=NOW,
    )
    with pytest.raises(old_chats.UnableToDecide):
        _decide(team, done.chat_id, case)
    with scope.transaction(organisation=organisation):
        models.Person.objects.filter(id=done.person_id).update(merged_into=known)
    _decide(team, done.chat_id, case)
    with scope.looking(organisation=organisation):
        assert list(models.Case.objects.get(id=case).old_chats.values_list("id", flat=True)) == [
            done.chat_id
        ]


def test_a_legal_hold_keeps_a_chat(team):
    done = exports.brought(team, exports.packed())
    privacy.hold(
        organisation=team.dealer.organisation,
        subject=done.person_id,
        reason="Streit über die Rechnung",
        query={},
        by=team.alice,
        at=NOW,
    )
    with pytest.raises(old_chats.UnableToDecide, match="legal hold"):
        old_chats.delete(
            organisation=team.dealer.organisation, chat=done.chat_id, by=team.bob, at=NOW
        )


def test_a_failed_upload_can_be_discarded_once(team):
    failed = exports.brought(team, b"Einkaufsliste", filename="liste.txt")
    gone = {"organisation": team.dealer.organisation, "arrival": failed.id, "by": team.bob}
    old_chats.discard(**gone, at=NOW)
    with pytest.raises(old_chats.UnableToDecide):
        old_chats.discard(**gone, at=NOW)
    with scope.looking(organisation=team.dealer.organisation):
        assert models.Person.objects.count() == 0


def _refused(team: staff.Staff, conversation: int, purpose: str) -> str:
    """Queue a message two days after the customer wrote last and return the gate's rule."""
    at = NOW + timedelta(days=2)
    message = outbox.queue_message(
        organisation=team.dealer.organisation,
        conversation=conversation,
        draft=drafts.Draft(text="Winterreifen zum halben Preis!"),
        purpose=purpose,
        by=team.bob,
        at=at,
    )
    outbox.claim(organisation=team.dealer.organisation, number=team.dealer.number, at=at)
    with scope.looking(organisation=team.dealer.organisation):
        row = models.Message.objects.select_related("refusal").get(id=message)
    assert row.state == "refused"
    return str(row.refusal.rule)


@pytest.mark.shows("R-15")
def test_words_of_an_old_chat_are_no_consent_and_open_no_window(team):
    conversation = staff.wrote(team.dealer, at=NOW - timedelta(days=30))
    done = exports.brought(team, exports.text(*AGREES), filename=f"{exports.TITLE}.txt")
    with scope.looking(organisation=team.dealer.organisation):
        review = models.IdentityReview.objects.get(current=done.person_id)
        before = models.Conversation.objects.get(id=conversation)
    people.decide_review(
        organisation=team.dealer.organisation, review=review.id, accept=True, by=team.bob, at=NOW
    )
    _decide(team, done.chat_id)
    with scope.looking(organisation=team.dealer.organisation):
        after = models.Conversation.objects.get(id=conversation)
        assert models.Consent.objects.count() == 0
        assert models.ConsentEvent.objects.count() == 0
        assert models.Message.objects.count() == 1
    assert after.last_inbound_at == before.last_inbound_at
    assert _refused(team, conversation, "P-05").startswith("consent_")
    assert _refused(team, conversation, "P-02") in {"window_closed", "inbound_missing"}


def test_an_old_chat_makes_nobody_someone_to_write_to(team):
    exports.brought(team, exports.text(*AGREES), filename=f"{exports.TITLE}.txt")
    with scope.looking(organisation=team.dealer.organisation):
        assert models.Conversation.objects.count() == 0
        assert models.Identity.objects.count() == 0
