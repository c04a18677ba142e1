"""Identity papers that came unasked: whoever sent one is told that it is deleted, by message or by letter."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q

from werkbote.actions import drafts, outbox
from werkbote.domain import delivery, policy, privacy
from werkbote.store import ids, keyring, ledger, models, rechtsstand

_ZONE = ZoneInfo("Europe/Berlin")
_PURPOSE = "P-02"
_HOLD = timedelta(minutes=1)
"""How long the notice waits, so that a wrong mark can be taken off before anybody reads of it."""


def owe_notice(row: models.Message, tag: privacy.Tag, *, at: datetime) -> bool:
    """Note that the sender of a message is owed the notice; return whether it is a new one.

    It is queued as a message where the gate would let it leave now. Where it would not, a letter is
    owed. Nothing is promised while a legal hold may keep the message. Inside a transaction.
    """
    due = rechtsstand.retention(_day(at)).rules[tag.rule].due(_day(row.at))
    known = models.UnaskedDocument.objects.filter(message_ref=row.id)
    if row.outgoing or due is None or known.exists() or _held(row.person_id):
        return False
    models.UnaskedDocument(
        id=ids.new(),
        organisation_id=row.organisation_id,
        branch_id=row.number.branch_id,
        person_id=row.person_id,
        message_ref=row.id,
        notice_ref=_message(row, tag.notice(row.person.language).format(day=f"{due:%d.%m.%Y}"), at),
        received_on=_day(row.at),
        due_on=due,
        created_at=at,
    ).save(force_insert=True)
    return True


def take_back_notice(row: models.Message, *, by: int, at: datetime) -> bool:
    """Owe nothing for a message whose mark was taken off; return whether that came in time.

    What has left stays on record. Inside a transaction.
    """
    owed = models.UnaskedDocument.objects.filter(message_ref=row.id, letter_at=None).first()
    if owed is None:
        return False
    if owed.notice_ref is not None:
        outbox.do_cancel(owed.notice_ref, organisation=row.organisation_id, by=by, at=at)
    if delivery.State(_state(owed)) in _NOT_LEFT:
        owed.delete()
        return True
    return False


_NOT_LEFT = frozenset(
    {delivery.State.CANCELLED, delivery.State.REFUSED, delivery.State.FAILED, delivery.State.QUEUED}
)


def _state(owed: models.UnaskedDocument) -> str:
    found = models.Message.objects.filter(id=owed.notice_ref or 0)
    return found.values_list("state", flat=True).first() or delivery.State.CANCELLED


def _held(person: int) -> bool:
    """Return whether a hold covers the person, or may: one by conditions is not looked into."""
    holds = models.LegalHold.objects.filter(ended_at=None)
    return holds.filter(Q(subject=None) | Q(subject__in=ledger.group(person))).exists()


def _message(row: models.Message, text: str, at: datetime) -> int | None:
    conversation = models.Conversation.objects.select_related("person").get(id=row.conversation_id)
    if conversation.spam_at is not None:
        return None
    draft = drafts.Draft(text=text, reply_to=row.id, request_key=f"unasked:{row.id}", hold=_HOLD)
    answer = outbox.preview(
        organisation=row.organisation_id,
        conversation=conversation.id,
        draft=draft,
        purpose=_PURPOSE,
        at=at,
    )
    if isinstance(answer, policy.Refusal):
        return None
    return outbox.add(
        keys=keyring.organisation(row.organisation_id),
        conversation=conversation,
        draft=draft,
        purpose=_PURPOSE,
        by=None,
        at=at,
    )


def _day(at: datetime) -> date:
    return at.astimezone(_ZONE).date()
