"""Requests for contact that wait for an answer, for who may read what customers write."""

from dataclasses import dataclass
from datetime import datetime

import orjson

from werkbote.domain import team
from werkbote.reads import access
from werkbote.store import keyring, models, scope

_MOST = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request in clear. `case` is the Vorgang that was opened for it."""

    id: int
    kind: str
    name: str
    phone: str
    email: str
    words: str
    at: datetime
    case: int


def waiting(*, viewer: access.Viewer) -> tuple[Request, ...]:
    """Return the open requests at the viewer's branches, the oldest first."""
    access.check_right(viewer, team.Right.READ_CHATS)
    keys = keyring.organisation(viewer.organisation)
    with scope.looking(organisation=viewer.organisation):
        rows = list(
            models.ContactRequest.objects.select_related("person")
            .filter(branch__in=viewer.branches, state="open")
            .order_by("created_at", "id")[:_MOST]
        )
    found = []
    for row in rows:
        key = keys.unwrap(row.person.key_wrapped, person=row.person_id)
        body = orjson.loads(key.open(row.body, table="contact_request", row=row.id, column="body"))
        found.append(Request(id=row.id, kind=row.kind, at=row.created_at, case=row.case_id, **body))
    return tuple(found)


def check(*, viewer: access.Viewer, request: int) -> None:
    """Raise UnableToSee unless the request is at a branch of the viewer."""
    with scope.looking(organisation=viewer.organisation):
        rows = models.ContactRequest.objects.filter(id=request, branch__in=viewer.branches)
        if not rows.exists():
            raise access.UnableToSee("There is no such request.")
