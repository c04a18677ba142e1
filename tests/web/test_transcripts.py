"""Voice notes written down: who may, what is kept of it, that it is found, and that it counts."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import dealers, phones, staff
from werkbote.actions import consent as deeds
from werkbote.reads import search
from werkbote.store import models, scope

NOW = dealers.NOW
PHONE = "+" + dealers.ALICE
SAID = "Grüße aus Husum, und bitte schickt mir keine Werbung mehr"


@pytest.fixture
def people(monkeypatch: pytest.MonkeyPatch) -> staff.Staff:
    monkeypatch.setattr("werkbote.web.clock.now", lambda: NOW + timedelta(hours=1))
    made = staff.staff()
    phones.agrees(made.dealer, at=NOW)
    staff.wrote(made.dealer, words="", kind="voice", phone=PHONE, at=NOW + timedelta(minutes=5))
    return made


def _note(people: staff.Staff) -> models.Message:
    with scope.looking(organisation=people.dealer.organisation):
        return models.Message.objects.get(kind="voice")


def _write(people: staff.Staff, member: int, said: str) -> int:
    address = f"/messages/{_note(people).id}/transcribe/"
    return staff.signed_in(member).post(address, {"transcript": said}).status_code


def _found(people: staff.Staff, words: str) -> list[int]:
    return [one.id for one in search.messages(viewer=staff.viewer(people.bob), words=words)]


def _state(people: staff.Staff) -> str:
    with scope.looking(organisation=people.dealer.organisation):
        return models.Consent.objects.get(purpose="P-05").state


@pytest.mark.shows("R-15")
def test_what_is_written_down_is_sealed_found_and_withdraws(people):
    bob = staff.signed_in(people.bob)
    note = _note(people)
    assert bob.get(f"/messages/{note.id}/transcript/").status_code == 200
    assert _state(people) == "granted"
    assert _write(people, people.bob, f"  {SAID} ") == 302
    kept = _note(people)
    body = phones.content(people.dealer, kept)
    assert (body["text"], body["content"]["transcript"]["by"]) == (SAID, f"member:{people.bob}")
    assert b"Husum" not in bytes(kept.body)
    assert _found(people, "Husum") == [note.id]
    assert _state(people) == "withdrawn"
    shown = bob.get(f"/inbox/{note.conversation_id}/").content.decode()
    assert "Grüße aus Husum" in shown
    assert "Vom Team aufgeschrieben" in shown
    with scope.looking(organisation=people.dealer.organisation):
        (entry,) = models.AuditEntry.objects.filter(verb="consent.transcribe")
    assert (entry.object, "Husum" in str(entry.detail)) == (f"message:{note.id}", False)


def test_a_correction_replaces_the_words_and_gives_nothing_back(people):
    _write(people, people.bob, SAID)
    assert _write(people, people.bob, "Grüße aus Kiel, ist mein Golf fertig?") == 302
    assert (_found(people, "Husum"), _found(people, "Kiel")) == ([], [_note(people).id])
    assert _state(people) == "withdrawn"
    with scope.looking(organisation=people.dealer.organisation):
        assert models.Message.objects.filter(role="withdrawal_receipt").count() == 1


@pytest.mark.parametrize("said", ["", "   ", "x" * 4001])
def test_no_words_and_too_many_are_refused(people, said):
    assert _write(people, people.bob, said) == 422
    assert phones.content(people.dealer, _note(people))["text"] == ""


def test_others_neither_see_nor_write(people):
    note = _note(people).id
    for member in (people.charlie, people.dora, people.eve):
        assert staff.signed_in(member).get(f"/messages/{note}/transcript/").status_code == 404
        assert _write(people, member, SAID) == 404
    assert _state(people) == "granted"


def test_only_a_voice_note_can_be_written_down(people):
    with scope.looking(organisation=people.dealer.organisation):
        text = models.Message.objects.filter(kind="text", outgoing=False).first()
        question = phones.asked(people.dealer)
    assert text is not None
    bob = staff.signed_in(people.bob)
    for message in (text.id, question.id):
        assert bob.get(f"/messages/{message}/transcript/").status_code == 404
        answer = bob.post(f"/messages/{message}/transcribe/", {"transcript": "Stopp"})
        assert answer.status_code == 422
    assert _state(people) == "granted"


def test_a_note_in_the_archive_stays_as_it_is(people):
    with scope.transaction(organisation=people.dealer.organisation):
        models.Message.objects.filter(id=_note(people).id).update(archived_at=dealers.NOW)
    assert _write(people, people.bob, SAID) == 404
    with pytest.raises(deeds.UnableToTranscribe, match="archive"):
        deeds.transcribe(
            organisation=people.dealer.organisation,
            message=_note(people).id,
            transcript=SAID,
            by=people.bob,
            at=NOW,
        )
    assert _found(people, "Husum") == []
    assert _state(people) == "granted"


def test_the_page_needs_few_questions(people):
    bob = staff.signed_in(people.bob)
    note = _note(people).id
    bob.get(f"/messages/{note}/transcript/")
    with CaptureQueriesContext(connection) as asked:
        bob.get(f"/messages/{note}/transcript/")
    assert len(asked) <= 30
