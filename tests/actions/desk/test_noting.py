"""Notes stay in the house; labels are put on and taken off."""

import pytest

from tests import staff
from tests.deskwork import NOW, by_bob, happened, label, nudged, waiting
from werkbote.actions import desk as deeds
from werkbote.domain import team
from werkbote.store import keyring, models, scope


@pytest.fixture
def crew() -> staff.Staff:
    return staff.staff()


@pytest.mark.shows("S-20")
def test_a_note_is_sealed_calls_by_name_and_is_no_message(crew: staff.Staff) -> None:
    conversation = staff.wrote(crew.dealer)
    carl = staff.member(
        crew.dealer.organisation, role=team.Role.AGENT, branches=[crew.dealer.branch]
    )
    with scope.transaction(organisation=crew.dealer.organisation):
        keys = keyring.organisation(crew.dealer.organisation)
        sealed = keys.main.seal_text("Carl Probe", table="member", row=carl, column="name_sealed")
        models.Member.objects.filter(id=carl).update(name_sealed=sealed)
    made = deeds.note(text="@Carl der Kunde ist ungehalten", **by_bob(crew, conversation))
    with scope.looking(organisation=crew.dealer.organisation):
        row = models.Note.objects.get(id=made)
    assert b"ungehalten" not in bytes(row.body_sealed)
    assert nudged(crew) == [(carl, "mentioned")]
    assert waiting(crew) == []
    assert happened(crew, conversation) == ["noted"]


@pytest.mark.parametrize(("text", "says"), [(" ", "empty"), ("x" * 4001, "more than 4000")])
def test_a_note_that_is_none_is_refused(crew: staff.Staff, text: str, says: str) -> None:
    conversation = staff.wrote(crew.dealer)
    with pytest.raises(deeds.UnableToDo, match=says):
        deeds.note(text=text, **by_bob(crew, conversation))


def test_labels_are_put_on_once_taken_off_and_end_everywhere(crew: staff.Staff) -> None:
    conversation, made = staff.wrote(crew.dealer), label(crew)
    for _ in range(2):
        deeds.put_label(label=made, **by_bob(crew, conversation))
    deeds.take_label(label=made, **by_bob(crew, conversation))
    deeds.put_label(label=made, **by_bob(crew, conversation))
    assert happened(crew, conversation) == ["labelled", "unlabelled", "labelled"]
    end = {"organisation": crew.dealer.organisation, "label": made, "by": crew.alice, "at": NOW}
    deeds.end_label(**end)
    with scope.looking(organisation=crew.dealer.organisation):
        assert models.ConversationLabel.objects.count() == 0
    with pytest.raises(deeds.UnableToDo, match="not there any more"):
        deeds.put_label(label=made, **by_bob(crew, conversation))
    with pytest.raises(deeds.UnableToDo, match="ended already"):
        deeds.end_label(**end)


@pytest.mark.parametrize(
    ("name", "colour"), [("", "red"), ("x" * 41, "red"), ("Eilig", "invisible")]
)
def test_a_label_that_is_none_is_refused(crew: staff.Staff, name: str, colour: str) -> None:
    with pytest.raises(deeds.UnableToDo):
        deeds.create_label(
            organisation=crew.dealer.organisation, name=name, colour=colour, by="system", at=NOW
        )
