"""Certificates of consent: one consent's or one person's history, as canonical JSON and as PDF.

The same ledger gives the same bytes. Nothing in them depends on who asks or when.
"""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from werkbote.domain import consent, team
from werkbote.papers import certificate as paper
from werkbote.papers import press
from werkbote.reads import access
from werkbote.store import keyring, ledger, models, rechtsstand, scope, vault

UnableToPrint = press.UnableToPrint

_FORMAT = "werkbote consent certificate 1"
_ZONE = ZoneInfo("Europe/Berlin")


def of_record(*, viewer: access.Viewer, record: str) -> bytes:
    """Return one consent's whole history as canonical JSON.

    Raises access.UnableToSee where the record is not at a branch of the viewer's.
    """
    access.check_right(viewer, team.Right.READ_DECISIONS)
    keys = keyring.organisation(viewer.organisation)
    with scope.looking(organisation=viewer.organisation):
        first = models.ConsentEvent.objects.filter(
            record=record, entity__in=viewer.branches
        ).first()
        if first is None or not record:
            raise access.UnableToSee("There is no such consent.")
        people = ledger.group(first.person_ref)
        found = [_consent(keys, people, purpose=first.purpose, branch=first.entity)]
    return consent.canonical({"format": _FORMAT, "record": record, "consents": found})


def of_person(*, viewer: access.Viewer, conversation: int) -> bytes:
    """Return the histories of all consents of a person at one branch as canonical JSON.

    Raises access.UnableToSee where the conversation is not the viewer's, or nothing was ever asked.
    """
    access.check_conversation(viewer, conversation)
    keys = keyring.organisation(viewer.organisation)
    with scope.looking(organisation=viewer.organisation):
        row = models.Conversation.objects.select_related("number").get(id=conversation)
        people = ledger.group(row.person_id)
        branch = row.number.branch_id
        purposes = (
            models.ConsentEvent.objects.filter(person_ref__in=people, entity=branch)
            .order_by("purpose")
            .values_list("purpose", flat=True)
            .distinct()
        )
        found = [_consent(keys, people, purpose=code, branch=branch) for code in purposes]
    if not found:
        raise access.UnableToSee("There is no consent of this person.")
    return consent.canonical({"format": _FORMAT, "person": str(people[0]), "consents": found})


def _consent(
    keys: vault.OrganisationKeys, people: Sequence[int], *, purpose: str, branch: int
) -> dict[str, Any]:
    rows = ledger.events(people, purpose=purpose, entity=branch)
    history = ledger.history(keys, rows)
    day = rows[-1].recorded_at.astimezone(_ZONE).date()
    standing = consent.project(history, periods=rechtsstand.on(day).consent)
    return {
        "purpose": purpose,
        "standing": {
            "state": standing.state,
            "since": standing.since,
            "granted_at": standing.granted_at,
            "last_used_at": standing.last_used_at,
        },
        "events": [_entry(row, event) for row, event in zip(rows, history, strict=True)],
    }


def _entry(row: models.ConsentEvent, event: consent.Event) -> dict[str, Any]:
    evidence = None if event.evidence is None else asdict(event.evidence)
    chain = {"previous": row.previous, "hash": row.hash, "content": ledger.content(row)}
    return {"chain": chain, "evidence": evidence}


def printed(content: bytes) -> bytes:
    """Return a certificate's JSON as PDF, in the words of the day of its newest entry.

    Raises UnableToPrint for text that cannot be set.
    """
    events = [event for one in orjson.loads(content)["consents"] for event in one["events"]]
    newest = max(event["chain"]["content"]["recorded_at"] for event in events)
    day = datetime.fromisoformat(newest).astimezone(_ZONE).date()
    names = {code: one.name_de for code, one in rechtsstand.on(day).purposes.items()}
    return paper.pdf(content, words=rechtsstand.document("certificate", day=day), purposes=names)
