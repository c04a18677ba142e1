"""Whose data is restricted is on no page, in no search and in no answer of the API (Art. 18(2))."""

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests import dealers, phones, staff
from tests.web import test_api, test_roles
from werkbote.reads import access, inbox, search
from werkbote.store import models, scope

AT = dealers.NOW
WORD = "Zwirbelkupplung"
NAME = "Quendoline"
SAID = "quietscht"
OTHER = "Winterreifen"


@pytest.fixture
def cast() -> staff.Staff:
    """A dealer to whom two people have written: one with odd words, and an ordinary one."""
    made = staff.staff()
    value = dealers.text(f"Die {WORD} {SAID}", name=NAME, at=AT)
    dealers.arrive(made.dealer, dealers.body(made.dealer, value), at=AT)
    phones.writes(
        made.dealer, f"Haben Sie {OTHER}?", at=AT + timedelta(minutes=1), wa_id=dealers.BOB
    )
    return made


def person(cast: staff.Staff) -> int:
    with scope.looking(organisation=cast.dealer.organisation):
        return models.Message.objects.order_by("at", "id")[0].person_id


def conversation(cast: staff.Staff) -> int:
    with scope.looking(organisation=cast.dealer.organisation):
        first = models.Message.objects.order_by("at", "id")[0]
        return models.Conversation.objects.get(person=first.person_id).id


def restricts(cast: staff.Staff) -> None:
    found = person(cast)
    with scope.transaction(organisation=cast.dealer.organisation):
        models.Person.objects.filter(id=found).update(restricted_at=AT + timedelta(minutes=2))


def pages(cast: staff.Staff) -> Iterator[str]:
    """The addresses of all lists, and of the conversation's own pages."""
    one = conversation(cast)
    for name in sorted(test_roles.GUARDED):
        page = test_roles.PAGES[name].pattern
        if list(page.converters) in ([], ["conversation"]):
            yield f"/{str(page).replace('<int:conversation>', str(one))}"


def seen(cast: staff.Staff) -> set[str]:
    """The addresses at which the owner reads something of the person, and words that find them."""
    alice, found = staff.signed_in(cast.alice), set()
    for address in pages(cast):
        answer = alice.get(address)
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        if any(word.encode() in content for word in (WORD, SAID, NAME)):
            found.add(address)
    for words, told in ((WORD, SAID), (NAME, f"/inbox/{conversation(cast)}/"), (SAID, WORD)):
        if told in alice.post("/search/", {"line": words}).content.decode():
            found.add(words)
    return found


@pytest.mark.shows("R-31")
def test_restricted_person_is_on_no_page(cast):
    before = seen(cast)
    assert {"/inbox/", f"/inbox/{conversation(cast)}/", WORD, NAME, SAID} <= before
    restricts(cast)
    assert seen(cast) == set()
    assert OTHER.encode() in staff.signed_in(cast.alice).get("/inbox/").content


@pytest.mark.shows("R-31")
def test_restricted_person_is_in_no_list_no_search_and_no_thread(cast):
    alice, one = staff.viewer(cast.alice), conversation(cast)
    assert len(inbox.conversations(viewer=alice)) == 2
    assert len(search.messages(viewer=alice, words=WORD)) == 1
    restricts(cast)
    assert [row.id for row in inbox.conversations(viewer=alice)] != [one]
    assert len(inbox.conversations(viewer=alice)) == 1
    assert search.messages(viewer=alice, words=WORD) == ()
    with pytest.raises(access.UnableToSee):
        inbox.thread(viewer=alice, conversation=one)


@pytest.mark.shows("R-31")
def test_restricted_person_is_in_no_answer_of_the_api(cast):
    caller, one = test_api._caller(test_api._token(by=cast.alice)), conversation(cast)
    with scope.looking(organisation=cast.dealer.organisation):
        message = models.Message.objects.get(conversation=one).id
    own = (f"/conversations/{one}", f"/conversations/{one}/messages", f"/messages/{message}")
    assert caller.get(f"/api/v1/messages/{message}").status_code == 200
    restricts(cast)
    for path in own:
        assert caller.get(f"/api/v1{path}").status_code == 404, path
    for path in ("/conversations", "/changes?after=0"):
        answer = caller.get(f"/api/v1{path}")
        assert WORD not in json.dumps(answer.json(), ensure_ascii=False)
    assert [row["id"] for row in caller.get("/api/v1/conversations").json()["items"]] != [str(one)]
    assert len(caller.get("/api/v1/conversations").json()["items"]) == 1
    answer = test_api._send(caller, one)
    assert answer.status_code in {404, 409, 422}


@pytest.mark.shows("R-31", "S-24")
def test_named_roles_read_it_with_a_reason_and_nobody_else_does(cast):
    restricts(cast)
    address = f"/privacy/restricted/{person(cast)}/"
    for who in (cast.bob, cast.charlie, cast.eve):
        answer = staff.signed_in(who).post(address, {"reason": "claims"})
        assert answer.status_code in {403, 404}
    assert WORD not in staff.signed_in(cast.alice).get(address).content.decode()
    shown = staff.signed_in(cast.alice).post(address, {"reason": "claims"})
    assert WORD in shown.content.decode()
    with scope.looking(organisation=cast.dealer.organisation):
        looks = models.AuditEntry.objects.filter(verb="privacy.look_at_restricted")
        assert [row.actor for row in looks] == [f"member:{cast.alice}"]


@pytest.mark.shows("R-31")
def test_what_arrives_from_a_restricted_person_stays_unseen_too(cast):
    restricts(cast)
    late = AT + timedelta(hours=1)
    phones.writes(cast.dealer, f"Noch einmal: {WORD}", at=late)
    assert seen(cast) == set()
