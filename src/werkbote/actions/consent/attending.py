"""Attending to what came in: words of withdrawal, keywords and buttons of a batch, each exactly once.

Runs last in the intake's transaction, since the ledger stays locked until it commits. What follows
from a message is named by the message, so that order and repetition change nothing.
"""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import DataError, IntegrityError, connection
from django.db import transaction as django_transaction

from werkbote.actions import freezing, inbox, ledger, people
from werkbote.actions.consent import (
    answers,
    asking,
    edits,
    form_pages,
    own_pages,
    ways,
    withdrawing,
    wording,
    youth,
)
from werkbote.domain import consent, events, failures, languages, privacy, withdrawal
from werkbote.store import models, rechtsstand

_LOG = logging.getLogger(__name__)
_READING = (DataError, IntegrityError, ValueError, TypeError, ArithmeticError, LookupError)
_REPLIES = frozenset({events.Kind.BUTTON, events.Kind.INTERACTIVE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """An event of a batch; `body_hash` is the hex SHA-256 of the body it came in."""

    event: events.Event
    number: models.Number
    body_hash: str


type _Deed = Callable[[answers.Heard, wording.Words], None]


def attend(batch: inbox.Batch, arrivals: Sequence[Arrival]) -> None:
    """Enter what a batch says about consent, and queue what must be said in return."""
    _note_languages(batch)
    known = ways.keywords(batch)
    vocabulary = rechtsstand.words(batch.at.astimezone(ledger.ZONE).date())
    found = [
        (one, deed)
        for one in arrivals
        if isinstance(one.event, events.MessageIn)
        if (deed := _deed(batch, one.event, known, vocabulary)) is not None
    ]
    rows = _rows(batch, [one.event for one, _ in found if isinstance(one.event, events.MessageIn)])
    for one, deed in found:
        heard = _heard(one, rows)
        if heard is not None:
            _do(batch, heard, deed)
    for said in edits.heard(batch, [one.event for one in arrivals]):
        ending = _ending(batch, said.event, vocabulary)
        if ending is not None:
            _do(batch, said, ending)
    _attend_stops(batch, arrivals)
    _attend_changes(batch, arrivals)
    youth.attend(batch)


_HEARD = """
UPDATE person p SET language = n.language
FROM unnest(%s::bigint[], %s::text[]) AS n (conversation, language)
JOIN conversation c ON c.id = n.conversation WHERE p.id = c.person_id AND p.language = ''
"""


def _note_languages(batch: inbox.Batch) -> None:
    """Keep in which language people write, the first time their words tell."""
    told = {
        one.conversation: language
        for one in batch.fresh
        if not one.outgoing and (language := languages.language_of(one.text))
    }
    if told:
        with connection.cursor() as cursor:
            cursor.execute(_HEARD, [list(told), list(told.values())])


def _deed(
    batch: inbox.Batch,
    event: events.MessageIn,
    known: ways.Known,
    vocabulary: withdrawal.Vocabulary,
) -> _Deed | None:
    """Return what a message asks for: a button of ours, a keyword, words of withdrawal, or nothing."""
    if event.outgoing or event.number not in batch.numbers:
        return None
    if event.kind in _REPLIES:
        given = wording.read_payload(batch.keys, answers.payload_of(event))
        if given is not None and given.subject.startswith(privacy.ASKED):
            return None
        if given is not None:
            return lambda heard, words: _take(batch, heard, given, words)
    return _asking(batch, event, known) or _ending(batch, event, vocabulary)


def _asking(batch: inbox.Batch, event: events.MessageIn, known: ways.Known) -> _Deed | None:
    way, code = known.match(event.text), form_pages.code_in(event.text)
    if event.historic:
        return None
    if way is not None:
        return lambda heard, words: _ask(batch, heard, way, words)
    if code is not None:
        return lambda heard, words: _confirm_form(batch, heard, code, words)
    if known.asks_for_page(event.text):
        return lambda heard, words: own_pages.answer_with_link(
            keys=batch.keys, heard=heard, words=words, at=batch.at
        )
    return None


def _ending(
    batch: inbox.Batch, event: events.MessageIn, vocabulary: withdrawal.Vocabulary
) -> _Deed | None:
    scope = withdrawal.read(event.text, vocabulary).scope if event.text else withdrawal.Scope.NONE
    if scope in {withdrawal.Scope.ADVERTISING, withdrawal.Scope.EVERYTHING}:
        everything = scope is withdrawal.Scope.EVERYTHING
        return lambda heard, words: withdrawing.stop(
            keys=batch.keys, heard=heard, everything=everything, words=words, at=batch.at
        )
    if scope is withdrawal.Scope.UNCLEAR:
        return lambda heard, words: withdrawing.pause(
            keys=batch.keys, heard=heard, words=words, at=batch.at
        )
    return None


def _rows(
    batch: inbox.Batch, arrived: Iterable[events.MessageIn]
) -> Mapping[tuple[str, str], models.Message]:
    wanted = {event.provider_id for event in arrived}
    if not wanted:
        return {}
    rows = models.Message.objects.filter(
        number__in=list(batch.numbers.values()), provider_id__in=wanted, outgoing=False
    ).select_related("conversation__person", "conversation__number__branch")
    return {(row.conversation.number.phone_number_id, str(row.provider_id)): row for row in rows}


def _heard(one: Arrival, rows: Mapping[tuple[str, str], models.Message]) -> answers.Heard | None:
    event = one.event
    if not isinstance(event, events.MessageIn):
        return None
    row = rows.get((event.number, event.provider_id))
    if row is None:
        return None
    return answers.Heard(
        message=row,
        conversation=row.conversation,
        branch=row.conversation.number.branch,
        event=event,
        body_hash=one.body_hash,
    )


def _do(batch: inbox.Batch, heard: answers.Heard, deed: _Deed) -> None:
    """Do one deed; where it cannot be done, advertising stops and the team is asked."""
    batch.touched.add(heard.conversation.id)
    try:
        with django_transaction.atomic():
            language = heard.conversation.person.language
            deed(heard, wording.of(batch.keys, heard.branch, at=batch.at, language=language))
    except _READING as error:
        _LOG.error("message %s: %s", heard.message.id, type(error).__name__, exc_info=error)
        people.suppress(
            keys=batch.keys,
            person=heard.person,
            scope_="advertising",
            reason="unreadable",
            at=batch.at,
        )
        task = models.ConsentTask(
            organisation_id=batch.keys.organisation,
            person_id=heard.person,
            message=heard.message,
            kind="failed",
            created_at=batch.at,
        )
        models.ConsentTask.objects.bulk_create([task], ignore_conflicts=True)


def _take(
    batch: inbox.Batch, heard: answers.Heard, given: wording.Answer, words: wording.Words
) -> None:
    if given.subject.startswith(withdrawing.QUESTION):
        withdrawing.answer(keys=batch.keys, heard=heard, given=given, words=words, at=batch.at)
    elif answers.take(keys=batch.keys, heard=heard, answer=given, words=words, at=batch.at):
        answers.thank(keys=batch.keys, heard=heard, words=words, at=batch.at)


def _ask(batch: inbox.Batch, heard: answers.Heard, way: ways.Way, words: wording.Words) -> None:
    wanted = ways.wanted(heard=heard, way=way, words=words, keys=batch.keys)
    pending = asking.enter_requests(keys=batch.keys, wanted=wanted, at=batch.at)
    asking.ask_to_confirm(
        keys=batch.keys,
        conversation=heard.conversation,
        pending=pending,
        words=words,
        at=batch.at,
    )


def _confirm_form(
    batch: inbox.Batch, heard: answers.Heard, code: int, words: wording.Words
) -> None:
    """Ask the number that wrote a form's code, if it is the number the form named."""
    pending = form_pages.pending(keys=batch.keys, heard=heard, code=code, words=words, at=batch.at)
    asking.ask_to_confirm(
        keys=batch.keys, conversation=heard.conversation, pending=pending, words=words, at=batch.at
    )


def _attend_stops(batch: inbox.Batch, arrivals: Sequence[Arrival]) -> None:
    """Let stops given at the provider count as ours: its own switch, and error 131050."""
    stops = [stop for one in arrivals if (stop := _stop(batch, one)) is not None]
    for stop in stops:
        ledger.stop(keys=batch.keys, stop=stop, at=batch.at)


def _stop(batch: inbox.Batch, one: Arrival) -> ledger.Stop | None:
    event = one.event
    if isinstance(event, events.PreferenceIn) and event.number in batch.numbers:
        return _preferred(batch, event)
    if isinstance(event, events.StatusIn) and event.number in batch.numbers:
        return _failed(batch, event)
    return None


def _preferred(batch: inbox.Batch, event: events.PreferenceIn) -> ledger.Stop | None:
    if event.value.casefold() != "stop":
        return None
    handle = people.resolve(
        keys=batch.keys, parties={event.party}, source="preference", at=batch.at
    ).get(event.party)
    if handle is None:
        return None
    key = f"p{handle.id}.{int(event.at.timestamp())}"
    return _at_provider(batch, event.number, handle.id, key, event.at)


def _failed(batch: inbox.Batch, event: events.StatusIn) -> ledger.Stop | None:
    if event.failure is None:
        return None
    verdict = failures.verdict(event.failure.code, None)
    if verdict.course is not failures.Course.RECIPIENT_STOPPED:
        return None
    row = (
        models.Message.objects.select_related("conversation")
        .filter(number=batch.numbers[event.number], provider_id=event.provider_id)
        .first()
    )
    if row is None:
        return None
    person = row.conversation.person_id
    return _at_provider(batch, event.number, person, f"f{row.id}", event.at)


def _at_provider(
    batch: inbox.Batch, number: str, person: int, key: str, at: datetime
) -> ledger.Stop:
    return ledger.Stop(
        person=person,
        branch=batch.numbers[number].branch_id,
        key=key,
        deed=consent.Deed.META_STOPPED,
        reason="provider_stop",
        channel="WhatsApp, stop at Meta",
        occurred_at=at,
        by="person",
        from_number=True,
    )


def _attend_changes(batch: inbox.Batch, arrivals: Sequence[Arrival]) -> None:
    """Hold the consents of somebody whose number has changed, until the team has said who it is."""
    told = [
        one.event.provider_id for one in arrivals if isinstance(one.event, events.IdentityChanged)
    ]
    if not told:
        return
    asked = models.IdentityReview.objects.filter(
        kind="identity_changed", provider_id__in=told, state="open"
    )
    for review in asked.order_by("id"):
        freezing.freeze(
            keys=batch.keys,
            person=review.previous_id,
            deed=consent.Deed.NUMBER_CHANGED,
            key=f"r{review.id}",
            by="person",
            occurred_at=batch.at,
            at=batch.at,
        )
