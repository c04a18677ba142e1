"""Contact cards: used once for a case, and nobody becomes a contact by it."""

import pytest

from tests import panels, staff
from werkbote.domain import events
from werkbote.reads import inbox
from werkbote.store import models, scope

_NUMBER = "+49 171 3920090"
_CARD = {"name": {"formatted_name": "Karla Kollegin"}, "phones": [{"phone": _NUMBER}]}


@pytest.fixture
def cast() -> staff.Staff:
    return staff.staff()


def _carded(cast: staff.Staff, card: object = _CARD) -> tuple[int, int]:
    """Return a conversation and the message in it that holds a card."""
    conversation = staff.wrote(
        cast.dealer, words="", kind=events.Kind.CONTACTS, content={"contacts": [card]}
    )
    alice = staff.viewer(cast.alice)
    return conversation, inbox.thread(viewer=alice, conversation=conversation).messages[-1].id


def _counts(cast: staff.Staff) -> list[int]:
    with scope.looking(organisation=cast.dealer.organisation):
        tables = (models.Person, models.Identity, models.Conversation, models.NameToken)
        return [table.objects.count() for table in tables]


def test_card_is_used_for_a_case_and_nobody_becomes_a_contact(cast):
    conversation, message = _carded(cast)
    case = panels.opened(cast, conversation)
    bob, page = staff.signed_in(cast.bob), f"/messages/{message}/cards/0/"
    assert page in bob.get(f"/inbox/{conversation}/").content.decode()
    before = _counts(cast)
    assert "tel:" not in bob.get(page, headers={"HX-Request": "true"}).content.decode()
    used = bob.post(page, {"case": case}, headers={"HX-Request": "true"})
    assert (used.status_code, "tel:+491713920090" in used.content.decode()) == (200, True)
    assert _counts(cast) == before
    with scope.looking(organisation=cast.dealer.organisation):
        assert models.Message.objects.get(id=message).case_id == case
        assert models.AuditEntry.objects.filter(verb="cases.file_message").count() == 1


@pytest.mark.parametrize("case", ["", "1", "x", "-1", "9" * 40])
def test_without_an_open_case_of_the_person_the_card_is_not_used(cast, case):
    conversation, message = _carded(cast)
    panels.opened(cast, conversation)
    answer = staff.signed_in(cast.bob).post(f"/messages/{message}/cards/0/", {"case": case})
    assert (answer.status_code, "tel:" in answer.content.decode()) == (422, False)


@pytest.mark.parametrize("card", [{}, {"phones": 7}, {"phones": [{"phone": ""}]}, {"name": "x"}])
def test_card_without_a_number_offers_nothing(cast, card):
    conversation, message = _carded(cast, card)
    page = staff.signed_in(cast.bob).get(f"/inbox/{conversation}/").content.decode()
    assert f"/messages/{message}/cards/" not in page


def test_number_of_a_card_cannot_smuggle_anything_into_the_address(cast):
    phone = "+49171;ext=1'\"><script>"
    conversation, message = _carded(cast, {"phones": [{"phone": phone}]})
    case = panels.opened(cast, conversation)
    bob = staff.signed_in(cast.bob)
    shown = bob.post(f"/messages/{message}/cards/0/", {"case": case}).content.decode()
    assert ('href="tel:+491711"' in shown, "<script>" in shown) == (True, False)


@pytest.mark.parametrize("who", ["charlie", "dora", "eve"])
def test_others_use_no_card(cast, who):
    _, message = _carded(cast)
    browser, page = staff.signed_in(getattr(cast, who)), f"/messages/{message}/cards/0/"
    assert [browser.get(page).status_code, browser.post(page).status_code] == [404, 404]


def test_card_that_is_not_there_is_not_found(cast):
    _, message = _carded(cast)
    bob = staff.signed_in(cast.bob)
    assert bob.get(f"/messages/{message}/cards/1/").status_code == 404
