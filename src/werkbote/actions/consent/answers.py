"""Answers by button: a consent confirmed or declined by the number itself, with the whole evidence of it."""

from dataclasses import dataclass, replace
from datetime import datetime

import orjson

from werkbote.actions import audit, drafts, ledger, outbox
from werkbote.actions.consent import wording
from werkbote.domain import consent, events
from werkbote.store import ledger as rows
from werkbote.store import models, vault

_ANSWERS = {"grant": consent.Deed.CONFIRMED, "decline": consent.Deed.DECLINED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A message from a person as deeds on consent need it.

    `body_hash` is the SHA-256 of the webhook body it came in; its signature was checked at the door.
    `by_voice` tells that the text is the transcript of a voice note, `by_edit` that it was edited.
    """

    message: models.Message
    conversation: models.Conversation
    branch: models.Branch
    event: events.MessageIn
    body_hash: str
    by_voice: bool = False
    by_edit: bool = False

    @property
    def person(self) -> int:
        """The person who wrote."""
        return self.conversation.person_id

    @property
    def key(self) -> str:
        """What ledger entries that follow from it are named by."""
        return f"m{self.message.id}"


def payload_of(event: events.MessageIn) -> str:
    """Return what the tapped button brought back, empty where none was tapped."""
    if event.kind is events.Kind.BUTTON:
        value = event.content.get("payload")
    else:
        reply = event.content.get("button_reply")
        value = reply.get("id") if isinstance(reply, dict) else None
    return value if isinstance(value, str) else ""


def refuse(
    *, keys: vault.OrganisationKeys, heard: Heard, why: str, words: wording.Words, at: datetime
) -> None:
    """Write an answer down that does not count, and say so to whoever sent it, at most once a day."""
    audit.record(
        organisation=keys.organisation,
        by=audit.SYSTEM,
        verb="consent.refuse_answer",
        object=f"message:{heard.message.id}",
        detail={"why": why},
        at=at,
    )
    if heard.event.historic:
        return
    day = at.astimezone(ledger.ZONE).date()
    outbox.add(
        keys=keys,
        conversation=heard.conversation,
        draft=drafts.Draft(
            text=words.say("not_counted"), request_key=f"not-counted:{day.isoformat()}"
        ),
        purpose="P-02",
        by=None,
        at=at,
    )


def take(
    *,
    keys: vault.OrganisationKeys,
    heard: Heard,
    answer: wording.Answer,
    words: wording.Words,
    at: datetime,
) -> bool:
    """Enter what a tapped button says; return whether a consent was granted by it.

    Forged, foreign and outdated answers are written down, answered and change nothing. Where the provider's clock
    is ahead, the answer counts from now: a stop by our clock must not seem older. In a transaction.
    """
    asked = _request(answer.subject)
    question = _question(answer.subject)
    problem = _problem(heard, answer, asked=asked, question=question)
    if problem or asked is None or question is None:
        refuse(keys=keys, heard=heard, why=problem, words=words, at=at)
        return False
    answered = min(heard.event.at, at)
    evidence = _evidence(keys, heard, asked=asked, question=question, confirmed_at=answered)
    ledger.enter(
        keys=keys,
        entries=[
            ledger.Entry(
                key=f"{heard.key}/{answer.answer}/{answer.subject}",
                record=answer.subject,
                person=heard.person,
                purpose=asked.purpose,
                entity=asked.entity,
                deed=_deed(answer),
                occurred_at=answered,
                by="person",
                from_number=True,
                evidence=evidence,
            )
        ],
        at=at,
    )
    granted = models.Consent.objects.filter(record=answer.subject, state=consent.State.GRANTED)
    if answer.answer == "grant" and not granted.exists():
        refuse(keys=keys, heard=heard, why="too_late", words=words, at=at)
    return granted.filter(granted_at=answered).exists()


def _deed(answer: wording.Answer) -> consent.Deed:
    """Return what an answer does: a consent that fell due for refresh is confirmed again."""
    due = models.Consent.objects.filter(record=answer.subject, state=consent.State.REFRESH_DUE)
    if answer.answer == "grant" and due.exists():
        return consent.Deed.RECONFIRMED
    return _ANSWERS[answer.answer]


def _request(record: str) -> models.ConsentEvent | None:
    return models.ConsentEvent.objects.filter(
        record=record, deed__in=[consent.Deed.REQUESTED, consent.Deed.IMPORTED]
    ).first()


def _question(record: str) -> models.Message | None:
    return (
        models.Message.objects.select_related("person")
        .filter(ground=f"consent:{record}", permit__isnull=False)
        .order_by("-id")
        .first()
    )


def _problem(
    heard: Heard,
    answer: wording.Answer,
    *,
    asked: models.ConsentEvent | None,
    question: models.Message | None,
) -> str:
    """Return why an answer does not count, empty if it does."""
    if not answer.genuine or answer.answer not in _ANSWERS:
        return "forged"
    if asked is None or question is None:
        return "not_asked"
    if heard.person != rows.group(asked.person_ref)[0] or (
        question.conversation_id != heard.conversation.id
    ):
        return "other_person"
    quoted = heard.event.reply_to
    if question.provider_id and quoted and question.provider_id != quoted:
        return "other_question"
    return ""


def _evidence(
    keys: vault.OrganisationKeys,
    heard: Heard,
    *,
    asked: models.ConsentEvent,
    question: models.Message,
    confirmed_at: datetime,
) -> consent.Evidence:
    """Return the request's evidence completed by the question as sent and the answer as received."""
    requested = rows.history(keys, [asked])[0].evidence or consent.Evidence()
    key = keys.unwrap(question.person.key_wrapped, person=question.person_id)
    body = key.open(question.body, table="message", row=question.id, column="body")
    said = orjson.loads(body)
    shown: str = said["text"]
    language = said["content"].get("language", "de")
    times = requested.times or consent.Times(zone=ledger.ZONE.key)
    sent_at = question.sent_at or question.claimed_at
    tapped = heard.event.text.strip() or "button"
    return replace(
        requested,
        subject=consent.Subject(
            person_id=str(heard.person), **ledger.addresses(keys, heard.person)
        ),
        wording=consent.Wording(
            rendered=shown, language=language, version_hash=wording.digest(shown)
        ),
        act=f"{requested.act or 'request'}; button “{tapped}”",
        times=replace(
            times,
            shown_at=times.shown_at or sent_at,
            request_sent_at=sent_at,
            confirmed_at=confirmed_at,
        ),
        confirmation=consent.Confirmation(
            outbound_id=_own_id(key, question) or question.provider_id or "",
            inbound_id=heard.event.original or heard.event.provider_id,
            body_hash=heard.body_hash,
            signature_valid=True,
        ),
        chain_position=None,
    )


def _own_id(key: vault.Key, question: models.Message) -> str:
    """Return the provider's own id of the question, empty before the provider has named one."""
    return key.open_text(
        question.provider_sealed, table="message", row=question.id, column="provider_sealed"
    )


def thank(
    *, keys: vault.OrganisationKeys, heard: Heard, words: wording.Words, at: datetime
) -> None:
    """Say that the consent is stored and how it ends."""
    outbox.add(
        keys=keys,
        conversation=heard.conversation,
        draft=drafts.Draft(text=words.say("granted"), request_key=f"granted:{heard.message.id}"),
        purpose="P-02",
        by=None,
        at=at,
    )
