"""The list and the thread: opened, ordered, joined with what happened since, at a constant price."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import dealers, staff
from werkbote.actions import drafts, outbox
from werkbote.reads import inbox
from werkbote.store import ids, models, scope

NOW = dealers.NOW


@pytest.fixture
def cast() -> staff.Staff:
    return staff.staff()


def _queries(look) -> int:
    with CaptureQueriesContext(
        connection,
    ) as caught:
        look()
    return len(caught)


def _phone(last):
    return f"+4917139200{last:02}"


def _thread(cast, conversation, **more):
    return inbox.thread(viewer=staff.viewer(cast.bob), conversation=conversation, **more)


def test_the_list_costs_the_same_for_one_and_for_three(cast):
    bob = staff.viewer(cast.bob)
    staff.wrote(cast.dealer)
    one = _queries(lambda: inbox.conversations(viewer=bob))
    for last in (2, 3):
        staff.wrote(cast.dealer, phone=_phone(last))
    assert len(inbox.conversations(viewer=bob)) == 3
    assert _queries(lambda: inbox.conversations(viewer=bob)) == one


def test_a_thread_costs_the_same_for_one_and_for_three(cast):
    bob = staff.viewer(cast.bob)
    conversation = staff.wrote(cast.dealer, reply_to="wamid.elsewhere")
    look = lambda: inbox.thread(viewer=bob, conversation=conversation)  # noqa: E731
    one = _queries(look)
    for _ in range(2):
        staff.wrote(cast.dealer, reply_to="wamid.elsewhere")
    assert len(look().messages) == 3
    assert _queries(look) == one


def test_the_latest_conversation_comes_first_and_pages_do_not_overlap(cast):
    bob = staff.viewer(cast.bob)
    made = [
        staff.wrote(cast.dealer, phone=_phone(10 + n), at=NOW + timedelta(minutes=n % 2))
        for n in range(5)
    ]
    first = inbox.conversations(viewer=bob, limit=2)
    rest = inbox.conversations(viewer=bob, before=first[-1].id)
    found = [row.id for row in (*first, *rest)]
    assert sorted(found) == sorted(made)
    assert [row.at for row in (*first, *rest)] == sorted(
        (row.at for row in (*first, *rest)), reverse=True
    )


def test_a_line_shows_name_masked_number_last_words_and_unread(cast):
    staff.wrote(cast.dealer, words="Erste")
    staff.wrote(cast.dealer, words="Zweite", at=NOW + timedelta(minutes=1))
    (row,) = inbox.conversations(viewer=staff.viewer(cast.bob))
    assert (row.contact.name, row.contact.masked) == ("Petra Beispiel", "+49 171 ••• 001")
    assert (row.last.text, row.unread, row.number) == ("Zweite", 2, "Service")


def test_pages_of_a_thread_meet_without_gap_or_overlap(cast):
    for n in range(7):
        conversation = staff.wrote(cast.dealer, words=str(n), at=NOW + timedelta(minutes=n // 3))
    newest = _thread(cast, conversation, limit=3)
    before = _thread(cast, conversation, before=newest.older, limit=3)
    first = _thread(cast, conversation, before=before.older, limit=3)
    shown = [one.text for page in (first, before, newest) for one in page.messages]
    assert shown == ["0", "1", "2", "3", "4", "5", "6"]
    assert first.older is None


def test_a_page_that_follows_gets_everything_since_its_first_message(cast):
    conversation = staff.wrote(cast.dealer, words="alt")
    staff.wrote(cast.dealer, words="gesehen", at=NOW + timedelta(minutes=1))
    seen = _thread(cast, conversation).messages[1].id
    staff.wrote(cast.dealer, words="neu", at=NOW + timedelta(minutes=2))
    since = _thread(cast, conversation, since=seen)
    assert [one.text for one in since.messages] == ["gesehen", "neu"]


def test_the_latest_edit_wins_whatever_came_first(cast):
    name = f"wamid.{ids.new()}"
    late, early = NOW + timedelta(minutes=2), NOW + timedelta(minutes=1)
    staff.changed(cast.dealer, target=name, kind="edit", value="zuletzt", at=late)
    staff.changed(cast.dealer, target=name, kind="edit", value="zuerst", at=early)
    conversation = staff.wrote(cast.dealer, provider_id=name)
    (message,) = _thread(cast, conversation).messages
    assert (message.text, message.edited) == ("zuletzt", True)


def test_a_tie_of_edits_is_settled_by_their_ids(cast):
    name = f"wamid.{ids.new()}"
    conversation = staff.wrote(cast.dealer, provider_id=name)
    staff.changed(cast.dealer, target=name, kind="edit", value="B", provider_id=f"{name}.b")
    staff.changed(cast.dealer, target=name, kind="edit", value="A", provider_id=f"{name}.a")
    assert _thread(cast, conversation).messages[0].text == "B"


def test_a_reaction_is_replaced_and_taken_back(cast):
    name = f"wamid.{ids.new()}"
    conversation = staff.wrote(cast.dealer, provider_id=name)
    staff.changed(cast.dealer, target=name, kind="reaction", value="👍")
    later = NOW + timedelta(minutes=1)
    staff.changed(cast.dealer, target=name, kind="reaction", value="🙏", at=later)
    assert _thread(cast, conversation).messages[0].reactions == ("🙏",)
    staff.changed(
        cast.dealer, target=name, kind="reaction", value=None, at=NOW + timedelta(minutes=2)
    )
    assert _thread(cast, conversation).messages[0].reactions == ()


def test_a_deleted_message_shows_nothing_of_itself(cast):
    name = f"wamid.{ids.new()}"
    conversation = staff.wrote(cast.dealer, words="geheim", provider_id=name)
    staff.changed(cast.dealer, target=name, kind="edit", value="auch geheim")
    staff.changed(cast.dealer, target=name, kind="revoke")
    (message,) = _thread(cast, conversation).messages
    assert (message.revoked, message.text) == (True, "")


def test_a_quote_shows_what_is_answered_even_from_an_earlier_page(cast):
    name = f"wamid.{ids.new()}"
    staff.wrote(cast.dealer, words="Frage", provider_id=name)
    conversation = staff.wrote(
        cast.dealer, words="Antwort", reply_to=name, at=NOW + timedelta(minutes=1)
    )
    (message,) = _thread(cast, conversation, limit=1).messages
    assert (message.quote.known, message.quote.text) == (True, "Frage")


def test_the_quote_of_a_deleted_message_does_not_bring_it_back(cast):
    name = f"wamid.{ids.new()}"
    staff.wrote(cast.dealer, words="geheim", provider_id=name)
    conversation = staff.wrote(
        cast.dealer, words="Antwort", reply_to=name, at=NOW + timedelta(minutes=1)
    )
    staff.changed(cast.dealer, target=name, kind="revoke")
    for limit in (1, 2):
        message = _thread(cast, conversation, limit=limit).messages[-1]
        assert message.quote.text == ""


def test_the_window_closes_a_day_after_the_last_message(cast):
    conversation = staff.wrote(cast.dealer)
    window = _thread(cast, conversation).window
    assert window.closes_at == NOW + timedelta(hours=24)
    assert not window.is_open(at=NOW + timedelta(hours=24))
    assert window.left(at=NOW + timedelta(hours=23)) == timedelta(hours=1)


def test_changes_name_the_conversation_and_the_next_number(cast):
    conversation = staff.wrote(cast.dealer)
    outbox.queue_message(
        organisation=cast.dealer.organisation,
        conversation=conversation,
        draft=drafts.Draft(text="Gern"),
        purpose="P-02",
        by=cast.bob,
        at=NOW,
    )
    bob = staff.viewer(cast.bob)
    found = inbox.changes(viewer=bob, since=0)
    assert (found.conversations, found.complete) == ((conversation,), True)
    assert found.newest == inbox.newest(viewer=bob)


@pytest.mark.parametrize(("most", "counted"), [(2, 2), (9, 3)])
def test_a_view_is_counted_as_far_as_it_says_something(cast, most, counted):
    for last in (1, 2, 3):
        staff.wrote(cast.dealer, phone=_phone(last))
    waiting = inbox.counts(viewer=staff.viewer(cast.bob), at=NOW, most=most)
    assert (waiting[inbox.View.UNASSIGNED], waiting[inbox.View.MINE]) == (counted, 0)


def test_a_view_shows_about_whom_a_question_is_open(cast):
    asked = staff.wrote(cast.dealer, phone=_phone(1))
    before = staff.wrote(cast.dealer, phone=_phone(2))
    staff.wrote(cast.dealer, phone=_phone(3))
    organisation = cast.dealer.organisation
    with scope.transaction(organisation=organisation):
        person = {row.id: row.person_id for row in models.Conversation.objects.all()}
        models.ConsentTask.objects.create(
            organisation_id=organisation,
            person_id=person[asked],
            kind="unclear",
            created_at=NOW,
        )
        models.IdentityReview.objects.create(
            organisation_id=organisation,
            previous_id=person[before],
            current_id=person[asked],
            kind="number",
            provider_id="n",
            created_at=NOW,
        )
    bob = staff.viewer(cast.bob)
    which = inbox.Which(view=inbox.View.REVIEW, at=NOW)
    shown = {row.id for row in inbox.conversations(viewer=bob, which=which)}
    assert shown == {asked, before}
    assert inbox.counts(viewer=bob, at=NOW)[inbox.View.REVIEW] == 2
