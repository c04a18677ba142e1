"""What tests of the desk look at and do: a conversation's state, events, nudges, and a message that arrives."""

from datetime import datetime, timedelta
from typing import Any

from tests import dealers, staff
from werkbote.actions import desk as deeds
from werkbote.domain import desk
from werkbote.store import keyring, models, scope

NOW = dealers.NOW


LATER = NOW + timedelta(hours=1)


WEEKDAYS = {str(day): [["07:30", "18:00"]] for day in range(1, 6)}


def look(crew: staff.Staff, conversation: int) -> models.Conversation:
    with scope.looking(organisation=crew.dealer.organisation):
        return models.Conversation.objects.get(id=conversation)


def happened(crew: staff.Staff, conversation: int) -> list[str]:
    with scope.looking(organisation=crew.dealer.organisation):
        rows = models.ConversationEvent.objects.filter(conversation_id=conversation)
        return list(rows.order_by("id").values_list("kind", flat=True))


def nudged(crew: staff.Staff) -> list[tuple[int, str]]:
    with scope.looking(organisation=crew.dealer.organisation):
        return list(models.Nudge.objects.order_by("id").values_list("member_id", "kind"))


def audited(crew: staff.Staff) -> list[str]:
    with scope.looking(organisation=crew.dealer.organisation):
        rows = models.AuditEntry.objects.filter(verb__startswith="desk.").order_by("position")
        return list(rows.values_list("verb", flat=True))


def waiting(crew: staff.Staff) -> list[models.Message]:
    with scope.looking(organisation=crew.dealer.organisation):
        return list(models.Message.objects.filter(outgoing=True).order_by("id"))


def words_of(crew: staff.Staff, message: models.Message) -> str:
    keys = keyring.organisation(crew.dealer.organisation)
    with scope.looking(organisation=crew.dealer.organisation):
        person = models.Person.objects.get(id=message.person_id)
    key = keys.unwrap(person.key_wrapped, person=person.id)
    return key.open(message.body, table="message", row=message.id, column="body").decode()


def by_bob(crew: staff.Staff, conversation: int, *, at: datetime = NOW) -> dict[str, Any]:
    return {
        "organisation": crew.dealer.organisation,
        "conversation": conversation,
        "by": crew.bob,
        "at": at,
    }


def arrives(crew: staff.Staff, words: str = "Moin", *, at: datetime = LATER, **more: Any) -> None:
    """Let a message come in by the front door, so that everything follows that follows."""
    body = dealers.body(crew.dealer, dealers.text(words, at=at, **more))
    dealers.arrive(crew.dealer, body, at=at)
    assert dealers.understand(crew.dealer, at=at) == 1


def conversation_of(crew: staff.Staff) -> int:
    with scope.looking(organisation=crew.dealer.organisation):
        return models.Conversation.objects.get().id


def label(crew: staff.Staff, name: str = "Eilig") -> int:
    return deeds.create_label(
        organisation=crew.dealer.organisation, name=name, colour="red", by=crew.alice, at=NOW
    )


def close(crew: staff.Staff, conversation: int) -> None:
    deeds.close(outcome=desk.Outcome.APPOINTMENT, **by_bob(crew, conversation))


def snooze(crew: staff.Staff, conversation: int) -> None:
    deeds.snooze(until=NOW + timedelta(days=9), **by_bob(crew, conversation))


def arranged(crew: staff.Staff, **more: Any) -> None:
    deeds.arrange_branch(
        organisation=crew.dealer.organisation,
        branch=crew.dealer.branch,
        told=deeds.Arrangement(**{"week": WEEKDAYS, **more}),
        by=crew.alice,
        at=NOW,
    )
