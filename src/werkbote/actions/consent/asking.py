"""Asking: what somebody asked for is entered as a request, and the number itself is asked to confirm."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db.models import Q

from werkbote.actions import drafts, ledger, outbox, policy
from werkbote.actions.consent import wording
from werkbote.domain import consent, events, law, numbers
from werkbote.store import ledger as rows
from werkbote.store import models, vault

WINDOW = timedelta(hours=24)
"""For how long after a message the house may answer freely (Messaging Policy)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a person asked for, and the evidence of it (fields 3 and 5 are filled in per purpose).

    `key` names what it came from; `from_number` tells that it was said from the number itself.
    """

    key: str
    person: int
    branch: int
    purposes: tuple[str, ...]
    occurred_at: datetime
    by: str
    evidence: consent.Evidence
    from_number: bool = False


def enter_requests(
    *, keys: vault.OrganisationKeys, wanted: Wanted, at: datetime
) -> tuple[models.Consent, ...]:
    """Enter a request for each purpose; return those that now await the number's confirmation.

    A consent that is due for refresh stays the record it is and is confirmed again. Inside a
    transaction, as late as possible.
    """
    records = {code: f"{wanted.key}-{code}" for code in wanted.purposes}
    ledger.enter(
        keys=keys,
        entries=[
            ledger.Entry(
                key=f"{record}/requested",
                record=record,
                person=wanted.person,
                purpose=code,
                entity=wanted.branch,
                deed=consent.Deed.REQUESTED,
                occurred_at=min(wanted.occurred_at, at),
                by=wanted.by,
                from_number=wanted.from_number,
                evidence=replace(wanted.evidence, purposes=(code,)),
            )
            for code, record in records.items()
        ],
        at=at,
    )
    pending = Q(record__in=list(records.values()), state=consent.State.PENDING)
    due = Q(
        person__in=rows.group(wanted.person),
        purpose__in=wanted.purposes,
        state=consent.State.REFRESH_DUE,
    )
    found = models.Consent.objects.filter(pending | due, branch=wanted.branch)
    return tuple(found.order_by("purpose"))


def ask_to_confirm(
    *,
    keys: vault.OrganisationKeys,
    conversation: models.Conversation,
    pending: Sequence[models.Consent],
    words: wording.Words,
    at: datetime,
) -> list[int]:
    """Queue the question with two buttons for each pending consent; return the messages.

    Where the window is closed, an approved template asks; without one the person must write first.
    """
    asked = []
    for row in pending:
        draft = _question(keys, conversation, row, words, at=at)
        if draft is not None:
            asked.append(
                outbox.add(
                    keys=keys,
                    conversation=conversation,
                    draft=draft,
                    purpose=row.purpose,
                    by=None,
                    at=at,
                )
            )
    return asked


def _question(
    keys: vault.OrganisationKeys,
    conversation: models.Conversation,
    row: models.Consent,
    words: wording.Words,
    *,
    at: datetime,
) -> drafts.Draft | None:
    draft = drafts.Draft(
        kind=events.Kind.INTERACTIVE,
        text=words.request(row.purpose),
        request_key=_key(row),
        role=law.Role.CONSENT_REQUEST,
        ground=f"consent:{row.record}",
    )
    answers = ("grant", "decline")
    payloads = {one: wording.payload(keys, subject=row.record, answer=one) for one in answers}
    heard = conversation.last_inbound_at
    if heard is not None and heard + WINDOW > at:
        buttons = [{"id": payloads[one], "title": words.button(one)} for one in answers]
        return replace(draft, content={"buttons": buttons, "language": words.language})
    chosen = template(conversation.number, words)
    if chosen is None:
        return None
    said = (words.company, words.purpose(row.purpose), words.link)
    places = policy.expected_parameters(chosen.components)
    content = {
        "language": chosen.language,
        "template": {
            "name": chosen.name,
            "language": chosen.language,
            "parameters": dict(zip(places, said, strict=False)),
            "payloads": [payloads[one] for one in answers],
        },
    }
    return replace(draft, kind=events.Kind.TEMPLATE, content=content)


def template(number: models.Number, words: wording.Words) -> models.Template | None:
    """Return the approved template that asks for a consent in the language of these words."""
    return models.Template.objects.filter(
        account_id=number.account_id,
        purpose=numbers.ASKS,
        status="APPROVED",
        language=words.language,
    ).first()


def _key(row: models.Consent) -> str:
    """Return the name of a question: one for each record, and one for each time it falls due."""
    if row.state == consent.State.REFRESH_DUE and row.since is not None:
        return f"again:{row.record}:{int(row.since.timestamp())}"
    return f"ask:{row.record}"


def conversation(
    *, keys: vault.OrganisationKeys, person: int, number: models.Number, at: datetime
) -> models.Conversation:
    """Return the conversation of a person with a number, made if there is none. In a transaction."""
    made, _ = models.Conversation.objects.select_related("person", "number").get_or_create(
        number=number,
        person_id=person,
        defaults={"organisation_id": keys.organisation, "created_at": at},
    )
    return made
