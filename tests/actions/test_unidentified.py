"""Who is known by a user id alone: told that nobody fits, and identified from the same chat (Art. 11)."""

import pytest

from tests import dealers, lettered, phones, staff
from werkbote.actions import privacy
from werkbote.actions.privacy import unidentified
from werkbote.domain import privacy as rights
from werkbote.store import models, scope

AT = dealers.NOW
USER_ID = "DE.qwertz123456"


@pytest.fixture
def dealer() -> dealers.Dealer:
    made = dealers.dealer()
    writes(made, "Moin")
    return made


@pytest.fixture
def by(dealer: dealers.Dealer) -> int:
    return staff.member(
        dealer.organisation, role=staff.roles.Role.PRIVACY, branches=[dealer.branch]
    )


def writes(dealer: dealers.Dealer, words: str) -> None:
    """Somebody without a visible number writes: Meta names them by their user id alone."""
    value = dealers.text(words, at=AT)
    del value["contacts"][0]["wa_id"], value["messages"][0]["from"]
    value["contacts"][0]["user_id"] = value["messages"][0]["from_user_id"] = USER_ID
    dealers.arrive(dealer, dealers.body(dealer, value), at=AT)
    dealers.understand(dealer, at=AT)


def heard(dealer: dealers.Dealer, by: int) -> int:
    received = privacy.Received(branch=dealer.branch, kind=rights.Kind.ACCESS, channel="email")
    return privacy.receive(organisation=dealer.organisation, received=received, by=by, at=AT)


def stands(dealer: dealers.Dealer, request: int) -> models.PersonRequest:
    with scope.looking(organisation=dealer.organisation):
        return models.PersonRequest.objects.get(id=request)


def tell(dealer: dealers.Dealer, by: int, request: int) -> int | None:
    return privacy.tell_unidentified(
        organisation=dealer.organisation, request=request, by=by, at=AT
    )


@pytest.mark.shows("R-19")
def test_who_is_known_by_user_id_alone_is_told_and_identified_from_the_same_chat(
    dealer, by, tmp_path
):
    with scope.looking(organisation=dealer.organisation):
        assert {row.scheme for row in models.Identity.objects.all()} == {"bsuid"}
        person = models.Person.objects.get().id
    request = heard(dealer, by)
    assert tell(dealer, by, request) is None
    paper = privacy.unidentified_paper(
        organisation=dealer.organisation, request=request, by=by, at=AT
    )
    code = unidentified.code(request)
    text = lettered.words(paper, tmp_path)
    for part in ("Art. 11 Abs. 2", "aus demselben WhatsApp-Chat", code, "Art. 77", "Art. 79"):
        assert part in text
    writes(dealer, code)
    row = stands(dealer, request)
    assert (row.state, row.subject, row.identified_by) == ("open", person, "number")
    assert [step["sign"] for step in row.proof] == ["unidentified", "same_chat"]


@pytest.mark.shows("R-19")
def test_doubted_request_of_a_chat_is_answered_in_that_chat_and_noted(dealer, by):
    writes(dealer, "Welche Daten haben Sie über mich?")
    with scope.looking(organisation=dealer.organisation):
        request = models.PersonRequest.objects.get().id
    privacy.review(
        organisation=dealer.organisation, request=request, is_one=True, doubt=True, by=by, at=AT
    )
    message = tell(dealer, by, request)
    with scope.looking(organisation=dealer.organisation):
        row = models.Message.objects.get(id=message)
    said = phones.content(dealer, row)["text"]
    assert "niemandem zuordnen" in said
    assert unidentified.code(request) in said
    (step,) = stands(dealer, request).proof
    assert (step["sign"], step["by"], step["message"]) == ("unidentified", by, message)


@pytest.mark.parametrize(
    "words", ["ANTRAG", "ANTRAG zzzzzzzzzzzzz", "Antrag 12345678 bitte", "{} x"]
)
def test_what_is_no_code_opens_nothing(dealer, by, words):
    request = heard(dealer, by)
    tell(dealer, by, request)
    writes(dealer, words.format(unidentified.code(request)))
    assert stands(dealer, request).state == "identify"


def test_code_opens_nothing_before_it_was_told_and_the_letter_needs_the_deed(dealer, by):
    request = heard(dealer, by)
    writes(dealer, unidentified.code(request))
    assert stands(dealer, request).state == "identify"
    with pytest.raises(privacy.UnableToHandle):
        privacy.unidentified_paper(organisation=dealer.organisation, request=request, by=by, at=AT)
    tell(dealer, by, request)
    writes(dealer, unidentified.code(request))
    with pytest.raises(privacy.UnableToHandle):
        tell(dealer, by, request)
