"""Withdrawing: what ends a consent on any way, its one receipt, and the question where words are unclear."""

from collections.abc import Sequence
from datetime import datetime

import orjson

from werkbote.actions import audit, drafts, freezing, ledger, outbox
from werkbote.actions.consent import answers, wording
from werkbote.domain import consent, events, law
from werkbote.store import edits, keyring, live, models, rechtsstand, scope, vault
from werkbote.store import ledger as rows

CHANNELS = ("phone", "counter", "email", "letter")
"""Where a member of staff may have heard a withdrawal."""

UNCLEAR = "unclear"

QUESTION = "unclear."
"""How the subject of a button begins that stands under a question asked back."""


class UnableToWithdraw(Exception):
    """The withdrawal cannot be entered; the sentence says why."""


def stop(
    *,
    keys: vault.OrganisationKeys,
    heard: answers.Heard,
    everything: bool,
    words: wording.Words,
    at: datetime,
) -> None:
    """End advertising, or everything, because the person wrote so; confirm it once. In a transaction."""
    news = ledger.stop(
        keys=keys,
        stop=ledger.Stop(
            person=heard.person,
            branch=heard.branch.id,
            key=heard.key,
            deed=consent.Deed.WITHDRAWN,
            reason="withdrawn",
            channel=_channel(heard, words),
            occurred_at=heard.event.at,
            by="person",
            text=heard.event.text,
            everything=everything,
            from_number=True,
        ),
        at=at,
    )
    if news and not heard.event.historic:
        confirm(
            keys,
            heard.conversation,
            words,
            everything=everything,
            key=f"receipt:{heard.message.id}",
            ground=f"message:{heard.message.id}",
            at=at,
        )


def _channel(heard: answers.Heard, words: wording.Words) -> str:
    if heard.by_voice:
        return f"{words.channel}, transcript of a voice note"
    return f"{words.channel}, edited message" if heard.by_edit else words.channel


def confirm(  # noqa: PLR0913 -- one receipt: to whom, in which words, for what
    keys: vault.OrganisationKeys,
    conversation: models.Conversation,
    words: wording.Words,
    *,
    everything: bool,
    key: str,
    ground: str,
    at: datetime,
) -> None:
    """Queue the one receipt of a withdrawal."""
    outbox.add(
        keys=keys,
        conversation=conversation,
        draft=drafts.Draft(
            text=words.say("receipt_everything" if everything else "receipt_advertising"),
            request_key=key,
            role=law.Role.WITHDRAWAL_RECEIPT,
            ground=ground,
        ),
        purpose="P-02",
        by=None,
        at=at,
    )


def pause(
    *, keys: vault.OrganisationKeys, heard: answers.Heard, words: wording.Words, at: datetime
) -> None:
    """Pause advertising because a message may mean a withdrawal; ask back, and ask the team.

    While a question is open the person is not asked another. In a transaction.
    """
    waiting = models.ConsentTask.objects.filter(
        person__in=rows.group(heard.person), kind=UNCLEAR, answered_at=None
    ).exists()
    models.ConsentTask.objects.bulk_create(
        [
            models.ConsentTask(
                organisation_id=keys.organisation,
                person_id=heard.person,
                message=heard.message,
                kind=UNCLEAR,
                created_at=at,
            )
        ],
        ignore_conflicts=True,
    )
    ledger.enter(keys=keys, entries=_pauses(keys, heard, at=at), at=at)
    if waiting or heard.event.historic:
        return
    buttons = [
        {
            "id": wording.payload(keys, subject=f"{QUESTION}{heard.message.id}", answer=answer),
            "title": words.button(answer),
        }
        for answer in ("advertising", "everything", "other")
    ]
    outbox.add(
        keys=keys,
        conversation=heard.conversation,
        draft=drafts.Draft(
            kind=events.Kind.INTERACTIVE,
            text=words.say("ask_back"),
            content={"buttons": buttons},
            request_key=f"unclear:{heard.message.id}",
        ),
        purpose="P-02",
        by=None,
        at=at,
    )


def advertising(at: datetime) -> Sequence[str]:
    """Return the purposes that are advertising on a day."""
    return rows.advertising(rechtsstand.on(at.astimezone(ledger.ZONE).date()))


def words_of(keys: vault.OrganisationKeys, message: models.Message) -> str:
    """Return what a message says, edited as it may be. Inside `looking` or a transaction."""
    edited = edits.of_message(keys, message)
    if edited is not None:
        return edited
    key = keys.unwrap(message.person.key_wrapped, person=message.person_id)
    body = key.open(message.body, table="message", row=message.id, column="body")
    said: str = orjson.loads(body).get("text", "")
    return said


def _pauses(
    keys: vault.OrganisationKeys, heard: answers.Heard, *, at: datetime
) -> list[ledger.Entry]:
    codes = advertising(at)
    held = models.Consent.objects.filter(
        person__in=rows.group(heard.person), purpose__in=codes
    ).order_by("branch", "purpose")
    evidence = consent.Evidence(
        subject=consent.Subject(
            person_id=str(heard.person), **ledger.addresses(keys, heard.person)
        ),
        act=heard.event.text,
    )
    return [
        ledger.Entry(
            key=f"{heard.key}/{consent.Deed.PAUSED}/{row.purpose}/{row.branch_id}",
            record=row.record,
            person=heard.person,
            purpose=row.purpose,
            entity=row.branch_id,
            deed=consent.Deed.PAUSED,
            occurred_at=heard.event.at,
            by="person",
            from_number=True,
            evidence=evidence,
        )
        for row in held
    ]


def answer(
    *,
    keys: vault.OrganisationKeys,
    heard: answers.Heard,
    given: wording.Answer,
    words: wording.Words,
    at: datetime,
) -> None:
    """Do what the person chose when asked back; a stranger's button changes nothing. In a transaction."""
    number = given.subject.removeprefix(QUESTION)
    task = (
        models.ConsentTask.objects.filter(message=int(number), kind=UNCLEAR).first()
        if given.genuine and number.isdecimal()
        else None
    )
    if task is None or task.person_id not in rows.group(heard.person):
        why = "other_person" if given.genuine else "forged"
        answers.refuse(keys=keys, heard=heard, why=why, words=words, at=at)
        return
    if given.answer in {"advertising", "everything"}:
        everything = given.answer == "everything"
        stop(keys=keys, heard=heard, everything=everything, words=words, at=at)
    models.ConsentTask.objects.filter(id=task.id, answered_at=None).update(
        answer=given.answer, answered_at=at
    )
    if given.answer == "other":
        freezing.thaw(
            keys=keys,
            person=heard.person,
            key=heard.key,
            by="person",
            occurred_at=heard.event.at,
            at=at,
        )


def withdraw(  # noqa: PLR0913 -- what was heard, from whom, where, by whom
    *,
    organisation: int,
    conversation: int,
    channel: str,
    said: str,
    everything: bool,
    by: int,
    at: datetime,
) -> None:
    """Enter a withdrawal that a member of staff heard; raise UnableToWithdraw for an unknown channel."""
    if channel not in CHANNELS:
        raise UnableToWithdraw(
            "Say where the withdrawal was heard: phone, counter, e-mail, letter."
        )
    keys = keyring.organisation(organisation)
    with scope.transaction(organisation=organisation):
        row = models.Conversation.objects.select_related("person", "number__branch").get(
            id=conversation
        )
        entry = f"s{row.id}.{int(at.timestamp() * 1000)}"
        news = ledger.stop(
            keys=keys,
            stop=ledger.Stop(
                person=row.person_id,
                branch=row.number.branch_id,
                key=entry,
                deed=consent.Deed.WITHDRAWN,
                reason="withdrawn",
                channel=channel,
                occurred_at=at,
                by=f"member:{by}",
                text=said,
                everything=everything,
            ),
            at=at,
        )
        if news:
            words = wording.of(keys, row.number.branch, at=at, language=row.person.language)
            ground = f"consent_event:{entry}"
            confirm(
                keys,
                row,
                words,
                everything=everything,
                key=f"receipt:{entry}",
                ground=ground,
                at=at,
            )
        audit.record(
            organisation=organisation,
            by=by,
            verb="consent.withdraw",
            object=f"person:{row.person_id}",
            detail={"channel": channel, "everything": everything},
            at=at,
        )
        live.announce(conversations={row.id}, at=at)
