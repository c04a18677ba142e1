"""Settling: a member of the team says what somebody's unclear words meant."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from werkbote.actions import audit, freezing, ledger
from werkbote.actions.consent import withdrawing, wording
from werkbote.domain import consent
from werkbote.store import keyring, live, models, scope, vault


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
        live.announce(conversations={row.message.conversation_id}, at=at)
        done = _Settlement(task=row, message=row.message, meaning=meaning, by=by)
        if meaning is Meaning.OTHER:
            _resume(keys, done, at=at)
        else:
            _stop(keys, done, at=at)
        audit.record(
            organisation=organisation,
            by=by,
            verb="consent.settle",
            object=f"consent_task:{task}",
            detail={"answer": meaning.value},
            at=at,
        )


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
    if done.task.kind == withdrawing.UNCLEAR:
        freezing.thaw(
            keys=keys,
            person=done.task.person_id,
            key=done.key,
            by=f"member:{done.by}",
            occurred_at=at,
            at=at,
        )
