"""Voice notes: what one says is written down, found by search, and heard like text.

A transcript can end or pause a consent; it never asks for one, since nobody typed or tapped anything.
"""

from datetime import datetime

import orjson

from werkbote.actions import audit, inbox, ledger
from werkbote.actions.consent import answers, withdrawing, wording
from werkbote.domain import events, withdrawal
from werkbote.store import keyring, live, models, rechtsstand, scope, search, vault

MOST_TRANSCRIPT = 4000
_SPOKEN = frozenset({events.Kind.AUDIO, events.Kind.VOICE})


class UnableToTranscribe(Exception):
    """This cannot be written down; the sentence says why."""


def transcribe(
    *, organisation: int, message: int, transcript: str, by: int, at: datetime
) -> withdrawal.Scope:
    """Keep what a voice note says, do what it asks for once, and return how it was read.

    Written again, a transcript is corrected; what it withdrew stays withdrawn. Raises
    UnableToTranscribe for any other message and for no words.
    """
    said = transcript.strip()
    if not 1 <= len(said) <= MOST_TRANSCRIPT:
        raise UnableToTranscribe("Write down what is said, in up to 4000 signs.")
    keys = keyring.organisation(organisation)
    with scope.transaction(organisation=organisation):
        row = (
            models.Message.objects.select_related(
                "conversation__person", "conversation__number__branch", "person"
            )
            .select_for_update(of=("self",), no_key=True)
            .filter(id=message, outgoing=False, kind__in=_SPOKEN)
            .first()
        )
        if row is None:
            raise UnableToTranscribe("This message is no voice note of a person.")
        if row.archived_at is not None:
            raise UnableToTranscribe("This letter is in the archive: nothing about it is changed.")
        _keep(keys, row, said, by=by, at=at)
        audit.record(
            organisation=organisation,
            by=by,
            verb="consent.transcribe",
            object=f"message:{message}",
            at=at,
        )
        scope_ = _hear(keys, row, said, at=at)
        live.announce(conversations={row.conversation_id}, at=at)
    return scope_


def _keep(
    keys: vault.OrganisationKeys, row: models.Message, said: str, *, by: int, at: datetime
) -> None:
    """Seal the transcript into the message as its text, with who wrote it down; make it findable."""
    key = keys.unwrap(row.person.key_wrapped, person=row.person_id)
    body = orjson.loads(key.open(row.body, table="message", row=row.id, column="body"))
    content = {**body["content"], "transcript": {"by": f"member:{by}", "at": at.isoformat()}}
    row.body = inbox.seal_body(key, message=row.id, text=said, content=content)
    row.save(update_fields=["body"])
    search.forget([row.id])
    search.index(keys=keys, rows=[(row.id, said)])


def _hear(
    keys: vault.OrganisationKeys, row: models.Message, said: str, *, at: datetime
) -> withdrawal.Scope:
    day = at.astimezone(ledger.ZONE).date()
    scope_ = withdrawal.read(said, rechtsstand.words(day)).scope
    if scope_ is withdrawal.Scope.NONE:
        return scope_
    branch = row.conversation.number.branch
    heard = answers.Heard(
        message=row,
        conversation=row.conversation,
        branch=branch,
        event=events.MessageIn(
            number=row.conversation.number.phone_number_id,
            provider_id=row.provider_id or "",
            party=events.Party(),
            at=row.at,
            kind=events.Kind(row.kind),
            text=said,
            historic=row.historic,
        ),
        body_hash="",
        by_voice=True,
    )
    words = wording.of(keys, branch, at=at, language=row.conversation.person.language)
    if scope_ is withdrawal.Scope.UNCLEAR:
        withdrawing.pause(keys=keys, heard=heard, words=words, at=at)
    else:
        everything = scope_ is withdrawal.Scope.EVERYTHING
        withdrawing.stop(keys=keys, heard=heard, everything=everything, words=words, at=at)
    return scope_
