"""A file that is sent goes into the case that was chosen with it: the right one, or nothing leaves."""

import io
import secrets

import pytest

from tests import hostile, staff
from tests.panels import NOW, opened
from werkbote.actions import outbox
from werkbote.store import models, scope


@pytest.fixture
def cast() -> staff.Staff:
    return staff.staff()


def _photo():
    made = io.BytesIO(hostile.picture())
    made.name = "image.jpg"
    return made


def _send(cast, conversation, **fields):
    return staff.signed_in(cast.bob).post(
        f"/inbox/{conversation}/send/",
        {"text": "", "purpose": "P-02", "key": secrets.token_urlsafe(18), **fields},
        headers={"HX-Request": "true"},
    )


def _out(cast) -> list[tuple[str, int | None]]:
    with scope.looking(organisation=cast.dealer.organisation):
        rows = models.Message.objects.filter(outgoing=True).order_by("id")
        return [(row.kind, row.case_id) for row in rows]


def test_a_photo_is_filed_in_the_chosen_case_and_the_chain_knows(cast):
    conversation = staff.wrote(cast.dealer)
    case = opened(cast, conversation)
    assert _send(cast, conversation, photo=_photo(), case=case).status_code == 200
    assert _out(cast) == [("image", case)]
    with scope.looking(organisation=cast.dealer.organisation):
        assert models.AuditEntry.objects.filter(verb="cases.file_message").count() == 1


def test_without_a_choice_and_with_words_alone_nothing_is_filed(cast):
    conversation = staff.wrote(cast.dealer)
    case = opened(cast, conversation)
    _send(cast, conversation, photo=_photo(), case="")
    _send(cast, conversation, text="Gern!", case=case)
    assert _out(cast) == [("image", None), ("text", None)]


def test_the_composer_offers_the_open_cases_of_this_person_alone(cast):
    conversation, other = staff.wrote(cast.dealer), staff.wrote(cast.dealer, phone="+491713920002")
    case = opened(cast, conversation)
    browser = staff.signed_in(cast.bob)
    assert (
        f'<option value="{case}">'
        in browser.get(f"/inbox/{conversation}/composer/").content.decode()
    )
    assert 'name="case"' not in browser.get(f"/inbox/{other}/composer/").content.decode()
    browser.post(f"/cases/{case}/close/", {"contract": "no"})
    assert 'name="case"' not in browser.get(f"/inbox/{conversation}/composer/").content.decode()


def test_a_case_of_another_person_sends_nothing_and_says_why(cast):
    conversation, other = staff.wrote(cast.dealer), staff.wrote(cast.dealer, phone="+491713920002")
    case = opened(cast, other)
    answer = _send(cast, conversation, photo=_photo(), case=case)
    assert answer.status_code == 422
    assert "jemand anderem" in answer.content.decode()
    assert _out(cast) == []


@pytest.mark.parametrize(("case", "status"), [("1", 404), ("x", 422), ("-1", 422), ("9" * 30, 422)])
def test_what_is_no_case_sends_nothing(cast, case, status):
    conversation = staff.wrote(cast.dealer)
    assert _send(cast, conversation, photo=_photo(), case=case).status_code == status
    assert _out(cast) == []


def test_a_photo_can_be_filed_without_ever_leaving(cast):
    conversation = staff.wrote(cast.dealer)
    case = opened(cast, conversation)
    with scope.transaction(organisation=cast.dealer.organisation):
        models.Conversation.objects.filter(id=conversation).update(waiting_since=NOW)
    answer = _send(cast, conversation, text="Scheibe innen", photo=_photo(), case=case, only="on")
    assert answer.status_code == 200
    assert _out(cast) == [("image", case)]
    with scope.looking(organisation=cast.dealer.organisation):
        row = models.Message.objects.select_related("media", "conversation").get(outgoing=True)
    assert (row.state, row.permit_id, row.media.state) == ("cancelled", None, "stored")
    assert row.conversation.waiting_since == NOW
    ready = outbox.claim(
        organisation=cast.dealer.organisation, number=cast.dealer.number, at=row.due_at
    )
    assert ready == []
    page = staff.signed_in(cast.bob).get(f"/inbox/{conversation}/messages/").content.decode()
    assert "Im Vorgang abgelegt, nicht gesendet" in page
    assert "Scheibe innen" in page


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"case": ""}, "Wählen Sie den Vorgang"),
        ({"photo": None}, "die abgelegt werden soll"),
    ],
)
def test_filing_alone_needs_a_case_and_a_file(cast, fields, said):
    conversation = staff.wrote(cast.dealer)
    case = opened(cast, conversation)
    given = {"photo": _photo(), "case": case, "only": "on", "text": "Hallo"} | fields
    answer = _send(cast, conversation, **{k: v for k, v in given.items() if v is not None})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert "Hallo</textarea>" in answer.content.decode()
    assert _out(cast) == []
