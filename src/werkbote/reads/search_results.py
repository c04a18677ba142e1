"""Everything one may see that fits a search: people, vehicles, cases, and messages page by page."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Q

from werkbote.domain import search_excerpts, search_fields, team
from werkbote.reads import access, cases, search, search_meant, search_where
from werkbote.reads.inbox import bubbles, people
from werkbote.store import cases as vehicle_rows
from werkbote.store import keyring, models, scope, search_names, vault

MOST_BESIDE = 8
"""How many people, vehicles and cases stand beside the messages."""

_BATCH, _ROUNDS = 100, 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """A conversation with somebody who was found."""

    id: int
    contact: people.Contact
    number: str
    at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Vehicle:
    """A vehicle that was found."""

    id: int
    plate: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A message that was found, with the piece of its text around the words."""

    id: int
    conversation: int
    contact: people.Contact
    number: str
    outgoing: bool
    kind: str
    at: datetime
    excerpt: tuple[search_excerpts.Piece, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page of messages; `after` is where the next one begins, None at the end.

    `instead` are the words that were looked for since nothing holds those that were typed.
    """

    hits: tuple[Hit, ...]
    after: int | None
    instead: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What was found beside the messages."""

    talks: tuple[Talk, ...]
    vehicles: tuple[Vehicle, ...]
    cases: tuple[cases.Case, ...]


def beside(*, viewer: access.Viewer, asked: search_fields.Asked) -> Beside:
    """Return the people, vehicles and cases that fit; words alone may be any of the three."""
    access.check_right(viewer, team.Right.READ_CHATS)
    keys = keyring.organisation(viewer.organisation)
    with scope.looking(organisation=viewer.organisation):
        return Beside(
            talks=_talks(viewer, keys, asked),
            vehicles=_vehicles(viewer, keys, asked),
            cases=_cases(viewer, keys, asked),
        )


class UnableToPick(ValueError):
    """A line names nobody, or several people; the sentence says which."""


def one_person(*, viewer: access.Viewer, line: str, besides: int = 0) -> int:
    """Return the one other person whom a name or number means; raise UnableToPick."""
    access.check_right(viewer, team.Right.READ_CHATS)
    keys = keyring.organisation(viewer.organisation)
    with scope.looking(organisation=viewer.organisation):
        talks = _talks(viewer, keys, search_fields.Asked(words=line.strip()))
    found = {talk.contact.person for talk in talks} - {besides}
    if not found:
        raise UnableToPick("Nobody of this name or number talks to your branches.")
    if len(found) > 1:
        raise UnableToPick("Several people fit: give the whole telephone number.")
    return found.pop()


def messages(
    *,
    viewer: access.Viewer,
    asked: search_fields.Asked,
    before: int | None = None,
    limit: int = 25,
) -> Page:
    """Return a page of messages that fit, the newest first; a slip of the finger is forgiven.

    Raises search.UnableToSearch where the words say too little, access.UnableToSee where chats are
    not the viewer's.
    """
    access.check_right(viewer, team.Right.READ_CHATS)
    page = _page(viewer, asked, before, limit)
    if page.hits or page.after or before is not None or not asked.words:
        return page
    instead = search_meant.meant(viewer, asked.words)
    if not instead:
        return page
    return replace(_page(viewer, replace(asked, words=instead), None, limit), instead=instead)


def _page(
    viewer: access.Viewer, asked: search_fields.Asked, before: int | None, limit: int
) -> Page:
    keys = keyring.organisation(viewer.organisation)
    with scope.looking(organisation=viewer.organisation):
        condition = search_where.condition(viewer, keys, asked)
        if asked.words:
            found, after = _by_words(viewer, asked.words, condition, before, limit)
        else:
            found, after = _newest(condition, before, limit)
        return Page(hits=_hits(viewer, keys, found, asked.words), after=after)


def _by_words(
    viewer: access.Viewer, text: str, condition: Q, before: int | None, limit: int
) -> tuple[list[int], int | None]:
    """Return the ids of the next messages that hold the words and fit, and where to go on."""
    fitting: list[int] = []
    for _ in range(_ROUNDS):
        batch = search.messages(viewer=viewer, words=text, before=before, limit=_BATCH)
        ids = [one.id for one in batch]
        kept = set(
            models.Message.objects.filter(condition, id__in=ids).values_list("id", flat=True)
        )
        fitting += [one for one in ids if one in kept]
        if len(fitting) > limit:
            return fitting[:limit], fitting[limit - 1]
        if len(ids) < _BATCH:
            return fitting, None
        before = ids[-1]
    return fitting, before


def _newest(condition: Q, before: int | None, limit: int) -> tuple[list[int], int | None]:
    rows = models.Message.objects.filter(condition)
    if before is not None:
        rows = rows.filter(id__lt=before)
    found = list(rows.order_by("-id").values_list("id", flat=True)[: limit + 1])
    return found[:limit], found[limit - 1] if len(found) > limit else None


def _talks(
    viewer: access.Viewer, keys: vault.OrganisationKeys, asked: search_fields.Asked
) -> tuple[Talk, ...]:
    where = search_where.where(keys, asked)
    if where is None and asked.words:
        where = search_where.any_of(keys, asked.words)
    if where is None:
        return ()
    rows = list(
        models.Conversation.objects.filter(access.visible_conversations(viewer), where)
        .select_related("person", "number")
        .distinct()
        .order_by("-last_message_at", "-id")[:MOST_BESIDE]
    )
    contacts = people.contacts((row.person for row in rows), people.Keyhole(keys))
    return tuple(
        Talk(
            id=row.id,
            contact=contacts[row.person_id],
            number=keys.main.open_text(
                row.number.label_sealed, table="number", row=row.number_id, column="label_sealed"
            ),
            at=row.last_message_at,
        )
        for row in rows
    )


def _vehicles(
    viewer: access.Viewer, keys: vault.OrganisationKeys, asked: search_fields.Asked
) -> tuple[Vehicle, ...]:
    written = asked.plate or asked.words
    found = search_where.vehicle_condition(keys, written) if written else None
    if found is None:
        return ()
    rows = models.Vehicle.objects.filter(access.visible_vehicles(viewer), found)
    opened = [(row.id, vehicle_rows.opened(keys, row)) for row in rows.order_by("id")[:MOST_BESIDE]]
    return tuple(
        Vehicle(id=row, plate=known.plate or known.vin, name=known.name) for row, known in opened
    )


def _cases(
    viewer: access.Viewer, keys: vault.OrganisationKeys, asked: search_fields.Asked
) -> tuple[cases.Case, ...]:
    condition = None
    if asked.case or asked.words:
        text = asked.case or asked.words
        condition = search_names.found_by(keys, text, field="id", cases=True)
    elif asked.plate:
        vehicles = search_where.vehicle_condition(keys, asked.plate)
        if vehicles is not None:
            condition = Q(vehicle__in=models.Vehicle.objects.filter(vehicles))
    if condition is None:
        return ()
    return cases.fitting(viewer, keys, condition, limit=MOST_BESIDE)


def _hits(
    viewer: access.Viewer, keys: vault.OrganisationKeys, found: Sequence[int], text: str
) -> tuple[Hit, ...]:
    rows = list(
        models.Message.objects.filter(id__in=found)
        .select_related("person", "media", "permit", "refusal", "conversation__person", "number")
        .order_by("-id")
    )
    keyhole = people.Keyhole(keys)
    contacts = people.contacts((row.conversation.person for row in rows), keyhole)
    shown = bubbles.opened(rows, keyhole=keyhole, names={}, language=viewer.language)
    return tuple(
        Hit(
            id=row.id,
            conversation=row.conversation_id,
            contact=contacts[row.conversation.person_id],
            number=keys.main.open_text(
                row.number.label_sealed, table="number", row=row.number_id, column="label_sealed"
            ),
            outgoing=row.outgoing,
            kind=row.kind,
            at=row.at,
            excerpt=search_excerpts.excerpt(" ".join(bubble.text.split()), words=text),
        )
        for row, bubble in zip(rows, shown, strict=True)
    )
