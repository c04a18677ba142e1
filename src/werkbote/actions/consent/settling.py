"""Settling: a member of the team says what somebody's unclear words meant."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from werkbote.actions import audit, ledger
from werkbote.actions.consent import withdrawing, wording
from werkbote.domain import consent
from werkbote.store import keyring, live, models, scope, vault
from werkbote.store import ledger as rows


class Meaning(StrEnum):
    """What the words meant, as a member read them."""

    OTHER = "other"
    ADVERTISING = "advertising"
    EVERYTHING = "everything"


class UnableToSettle(Exception):
    """The question cannot be answered (any more); the sentence says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Settlement:
    task: models.ConsentTask
    message: models.Message
    meaning: Meaning
    by: int

    @property
    def key(self) -> str:
        return f"t{self.task.id}"


def settle(*, organisation: int, task: int, meaning: Meaning, by: int, at: datetime) -> None:
    """Answer a question for the person; raise UnableToSettle where it is answered already.

    A withdrawal counts from when it was said, and is confirmed to the person once. “No withdrawal”
    ends the pause as soon as no other question about the person is open; what could not be read
    keeps its block until the person consents anew.
    """
    keys = keyring.organisation(organisation)
    with scope.transaction(organisation=organisation):
        row = (
            models.ConsentTask.objects.select_for_update(of=("self",), no_key=True)
            .select_related(
                "message__conversation__number__branch", "message__conversation__person"
            )
            .filter(id=task, answered_at=None, message__isnull=False)
            .first()
        )
        if row is None or row.message is None:
            raise UnableToSettle("Somebody has answered this question already.")
        row.answer, row.answered_at, row.answered_by_id = meaning.value, at, by
        row.save(update_fields=["answer", "answered_at", "answered_by"])
        audit.record(
            organisation=organisation,
            by=by,
            verb="consent.settle",
            object=f"consent_task:{task}",
            detail={"answer": meaning.value},
            at=at,
        )
        live.announce(conversations={row.message.conversation_id}, at=at)
        done = _Settlement(task=row, message=row.message, meaning=meaning, by=by)
        if meaning is Meaning.OTHER:
            _resume(keys, done, at=at)
        else:
            _stop(keys, done, at=at)


def _stop(keys: vault.OrganisationKeys, done: _Settlement, *, at: datetime) -> None:
    conversation = done.message.conversation
    words = wording.of(
        keys, conversation.number.branch, at=at, language=conversation.person.language
    )
    everything = done.meaning is Meaning.EVERYTHING
    news = ledger.stop(
        keys=keys,
        stop=ledger.Stop(
            person=done.task.person_id,
            branch=conversation.number.branch_id,
            key=done.key,
            deed=consent.Deed.WITHDRAWN,
            reason="withdrawn",
            channel=f"{words.channel}, read by staff",
            occurred_at=min(done.message.at, at),
            by=f"member:{done.by}",
            text=withdrawing.words_of(keys, done.message),
            everything=everything,
            from_number=True,
        ),
        at=at,
    )
    if news:
        withdrawing.confirm(
            keys,
            conversation,
            words,
            everything=everything,
            key=f"receipt:{done.key}",
            ground=f"message:{done.message.id}",
            at=at,
        )


def _resume(keys: vault.OrganisationKeys, done: _Settlement, *, at: datetime) -> None:
    group = rows.group(done.task.person_id)
    if (
        done.task.kind != withdrawing.UNCLEAR
        or models.ConsentTask.objects.filter(person__in=group, answered_at=None).exists()
    ):
        return
    codes = withdrawing.advertising(at)
    held = models.Consent.objects.filter(person__in=group, purpose__in=codes)
    ledger.enter(
        keys=keys,
        entries=[
            ledger.Entry(
                key=f"{done.key}/{consent.Deed.REVERIFIED}/{row.purpose}/{row.branch_id}",
                record=row.record,
                person=done.task.person_id,
                purpose=row.purpose,
                entity=row.branch_id,
                deed=consent.Deed.REVERIFIED,
                occurred_at=at,
                by=f"member:{done.by}",
            )
            for row in held.order_by("branch", "purpose")
        ],
        at=at,
    )
