"""A person with something of everything, and the erasure of them, for tests."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from tests import dealers, phones
from werkbote.actions import drafts, media, outbox, privacy
from werkbote.domain import privacy as rights
from werkbote.store import ids, keyring, models, scope

AT = dealers.NOW
USER_ID = "DE.qwertz123456"
LATER = timedelta(hours=1)


def body(
    dealer: dealers.Dealer, words: str, *, at: datetime, name: str, user_id: str = USER_ID
) -> bytes:
    """A webhook body in which somebody with phone and user id writes."""
    value = dealers.text(words, at=at, name=name)
    value["contacts"][0]["user_id"] = user_id
    value["messages"][0]["from_user_id"] = user_id
    return dealers.body(dealer, value)


def lives(
    dealer: dealers.Dealer, *, words: str = "Moin", name: str = "Petra Beispiel", at: datetime = AT
) -> int:
    """Let a person write, get an answer with a file, and return their number."""
    dealers.arrive(dealer, body(dealer, words, at=at, name=name), at=at)
    dealers.understand(dealer, at=at)
    person = the_person(dealer)
    with scope.looking(organisation=dealer.organisation):
        conversation = models.Conversation.objects.get(person=person).id
    outbox.queue_message(
        organisation=dealer.organisation,
        conversation=conversation,
        draft=drafts.Draft(text="Ihr Wagen ist fertig."),
        purpose="P-02",
        by=None,
        at=at,
    )
    phones.accepted(dealer, phones.asked(dealer, role="plain"), at=at)
    attach(dealer, person, b"\xff\xd8" + name.encode())
    return person


def the_person(dealer: dealers.Dealer) -> int:
    """The only person of a dealer."""
    with scope.looking(organisation=dealer.organisation):
        return models.Person.objects.get(merged_into=None).id


def attach(
    dealer: dealers.Dealer,
    person: int,
    content: bytes,
    *,
    message: int = 0,
    mime: str = "image/jpeg",
) -> int:
    """Put a file beside a message of the person that has none."""
    keys = keyring.organisation(dealer.organisation)
    with scope.transaction(organisation=dealer.organisation):
        row = models.Message.objects.filter(person=person, media=None).order_by("id")
        found = row.get(id=message) if message else row[0]
        file = models.Media(
            id=ids.new(),
            organisation_id=dealer.organisation,
            message=found,
            person_id=person,
            mime=mime,
            size=len(content),
            state="stored",
            created_at=AT,
        )
        file.save(force_insert=True)
        owner = models.Person.objects.get(id=person)
        key = keys.unwrap(owner.key_wrapped, person=person)
        models.MediaChunk.objects.bulk_create(
            media.pieces(key, organisation=dealer.organisation, media=file.id, content=content)
        )
    return file.id


def asked(dealer: dealers.Dealer, person: int, *, at: datetime = AT + LATER, **order: Any) -> int:
    """Ask for the erasure of a person as the house does by a rule; return the run."""
    order.setdefault("trigger", rights.Trigger.STAFF)
    return privacy.ask(
        organisation=dealer.organisation,
        person=person,
        order=privacy.Order(**order),
        by=None,
        at=at,
    )


def executed(dealer: dealers.Dealer, run: int, *, at: datetime = AT + LATER) -> Any:
    """Carry an erasure out, as far as it goes."""
    return privacy.execute(organisation=dealer.organisation, run=run, at=at, alone=timedelta(0))


def row(dealer: dealers.Dealer, run: int) -> models.ErasureRun:
    """A run as it stands."""
    with scope.looking(organisation=dealer.organisation):
        return models.ErasureRun.objects.get(id=run)


def steps(dealer: dealers.Dealer, run: int) -> dict[str, tuple[str, int]]:
    """State and count of every step of a run."""
    with scope.looking(organisation=dealer.organisation):
        found = models.ErasureStep.objects.filter(run=run).order_by("position")
        return {one.store: (one.state, one.count) for one in found}


def left(dealer: dealers.Dealer) -> Iterator[tuple[str, int]]:
    """What is still there of the tables that end with a person, by table."""
    with scope.looking(organisation=dealer.organisation):
        for model in (
            models.Person,
            models.Identity,
            models.Conversation,
            models.Message,
            models.Media,
            models.MediaChunk,
            models.SearchToken,
            models.ConsentEvidence,
            models.Consent,
            models.Change,
            models.WebhookEvent,
        ):
            count = model.objects.count()
            if count:
                yield model.__name__, count
