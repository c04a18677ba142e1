"""What is opened only on demand: a package under review, and what is kept of a restricted person."""

import itertools
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from werkbote.domain import privacy, team
from werkbote.reads import access
from werkbote.reads.inbox import bubbles, people
from werkbote.store import exporting, keyring, ledger, models, personal_data, scope

_MOST = 50
_MANY = 500


_BESIDE = (
    "store.MessageChange",
    "store.Note",
    "store.Case",
    "store.ContactRequest",
    "store.PersonRequest",
    "store.MessageDraft",
)
"""What has words beside the messages: also in it somebody else may stand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """A row with words that goes into a package; `what` is its table."""

    id: int
    what: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """A package under review: the messages and what stands beside them, and which are hidden."""

    id: int
    request: int
    state: str
    messages: tuple[bubbles.Message, ...]
    beside: tuple[Beside, ...]
    hidden: Collection[str]
    is_fetched: bool
    is_shortened: bool
    is_access: bool
    expires_at: datetime | None


def bundle(*, viewer: access.Viewer, package: int) -> Bundle:
    """Return a package for the review of third parties; only who may read chats sees the messages."""
    access.check_right(viewer, team.Right.HANDLE_REQUESTS)
    access.check_right(viewer, team.Right.READ_CHATS)
    with scope.looking(organisation=viewer.organisation):
        row = models.AccessPackage.objects.filter(id=package).first()
        if row is None:
            raise access.UnableToSee("There is no such package.")
        shown = _opened(viewer, ledger.group(row.person_id)) if row.state == "review" else ()
        return Bundle(
            id=row.id,
            request=row.request_ref,
            state=row.state,
            messages=shown,
            beside=_beside(viewer, row) if row.state == "review" else (),
            hidden=row.redactions.keys(),
            is_fetched=row.downloaded_at is not None,
            is_shortened=row.left_out_sealed is not None,
            is_access=models.PersonRequest.objects.filter(
                id=row.request_ref, kind=privacy.Kind.ACCESS
            ).exists(),
            expires_at=row.expires_at,
        )


def _beside(viewer: access.Viewer, row: models.AccessPackage) -> tuple[Beside, ...]:
    keys = keyring.organisation(viewer.organisation)
    person = exporting.open_person(keys, ledger.group(row.person_id))
    tables = {table.model: table for table in exporting.tables()}
    found = [
        Beside(id=one["id"], what=name, text=" · ".join(_said(one, tables[name])))
        for name in _BESIDE
        for one in itertools.islice(exporting.rows(person, tables[name]), _MANY)
    ]
    return tuple(one for one in found if one.text)


def _said(row: exporting.Row, table: personal_data.Table) -> Iterator[str]:
    for name in exporting.worded(table):
        yield from _leaves(row[name])


def _leaves(value: Any) -> Iterator[str]:
    """Yield the words in a value that was opened, however deep they stand."""
    if isinstance(value, Mapping):
        for one in value.values():
            yield from _leaves(one)
    elif isinstance(value, list):
        for one in value:
            yield from _leaves(one)
    elif isinstance(value, str) and value.strip():
        yield value.strip()


def _opened(viewer: access.Viewer, group: Sequence[int]) -> tuple[bubbles.Message, ...]:
    keyhole = people.Keyhole(keyring.organisation(viewer.organisation))
    rows = (
        models.Message.objects.filter(person__in=list(group))
        .select_related("person", "media", "permit", "refusal")
        .order_by("at", "id")[:_MANY]
    )
    return tuple(bubbles.opened(list(rows), keyhole=keyhole, names={}, language=viewer.language))


def restricted(*, viewer: access.Viewer, person: int) -> tuple[bubbles.Message, ...]:
    """Return what is kept of a restricted person; the look itself is written down by the deed before.

    Raises access.UnableToSee unless the role includes it and the person is restricted.
    """
    access.check_right(viewer, team.Right.READ_RESTRICTED)
    with scope.looking(organisation=viewer.organisation):
        group = ledger.group(person)
        rows = models.Person.objects.filter(access.concerned_persons(viewer), id__in=group)
        if not rows.filter(restricted_at__isnull=False).exists():
            raise access.UnableToSee("There is nobody restricted here.")
        return _opened(viewer, group)
