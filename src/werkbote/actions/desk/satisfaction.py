"""How it was: one question after closing, to those who agreed to be asked (P-06), through the gate."""

import hmac
from datetime import datetime

from django.db.models import Q

from werkbote.actions import drafts, outbox, policy
from werkbote.actions.desk import doing
from werkbote.domain import consent, desk, events
from werkbote.store import keyring, models, rechtsstand, vault

_PREFIX = "wbs"
_PARTS = 4
_MAC = 20
_LANGUAGE = "de"


def ask(row: models.Conversation, *, at: datetime) -> int | None:
    """Queue the question for a closed conversation and return the message, None where nobody asks.

    Inside a transaction. The branch must want it and the person have agreed; the gate looks again.
    """
    branch = row.number.branch_id
    if not models.BranchHours.objects.filter(branch=branch, asks_satisfaction=True).exists():
        return None
    words = rechtsstand.document("desk", day=at.astimezone(desk.ZONE).date())["satisfaction"]
    if not _agreed(row, words["purpose"]):
        return None
    keys = keyring.organisation(row.organisation_id)
    message = outbox.add(
        keys=keys,
        conversation=row,
        draft=drafts.Draft(
            kind=events.Kind.INTERACTIVE,
            text=words["question"][_LANGUAGE],
            content={
                "buttons": [
                    {"id": _payload(keys, row.id, answer), "title": title}
                    for answer, title in words["answers"][_LANGUAGE].items()
                ]
            },
            request_key=f"satisfaction:{int(at.timestamp())}",
        ),
        purpose=words["purpose"],
        by=None,
        at=at,
    )
    doing.happened(row, desk.Event.ASKED_SATISFACTION, by="system", at=at, target=message)
    return message


def answer_in(keys: vault.OrganisationKeys, payload: str) -> tuple[int, str] | None:
    """Return the conversation and the answer of one of our buttons, None for anything else."""
    parts = payload.split(":")
    if len(parts) != _PARTS or parts[0] != _PREFIX or not parts[1].isdecimal():
        return None
    conversation, answer = int(parts[1]), parts[2]
    genuine = hmac.compare_digest(parts[3].encode(), _mac(keys, conversation, answer).encode())
    return (conversation, answer) if genuine else None


def _agreed(row: models.Conversation, purpose: str) -> bool:
    same = Q(person_id=row.person_id) | Q(person__merged_into_id=row.person_id)
    held = models.Consent.objects.filter(same, branch=row.number.branch_id, purpose=purpose)
    return bool(policy.plannable(list(held.filter(state=consent.State.GRANTED))))


def _payload(keys: vault.OrganisationKeys, conversation: int, answer: str) -> str:
    return f"{_PREFIX}:{conversation}:{answer}:{_mac(keys, conversation, answer)}"


def _mac(keys: vault.OrganisationKeys, conversation: int, answer: str) -> str:
    return keys.digest("satisfaction button", f"{conversation}\0{answer}".encode()).hex()[:_MAC]
