"""One old chat with a page of its messages, and its files to hand out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import orjson
from django.db.models import Q

from werkbote.domain import old_chats, team
from werkbote.reads import access
from werkbote.reads.old_chats import seeing
from werkbote.store import keyring, models, scope, vault
from werkbote.store import old_chats as store

_MOST = 200

PICTURES = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif"})
"""What a browser may show inside our page; everything else is handed out as a download."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bubble:
    """One message of an old chat as it is shown. `file` is the row of an attached file, if kept."""

    at: datetime | None
    sender: str
    own: bool
    kind: str
    text: str
    name: str
    file: int | None
    picture: bool
    edited: bool
    remarks: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A chat with some of its messages; `earlier` and `later` are pages by number, from 1."""

    chat: seeing.Chat
    participants: Sequence[str]
    own: int | None
    zone: str
    review: bool
    cases: Sequence[tuple[int, str]]
    case: int | None
    arrivals: Sequence[seeing.Arrival]
    bubbles: Sequence[Bubble]
    number: int
    pages: int

    @property
    def group(self) -> bool:
        """Whether more than two took part."""
        return len(self.participants) > 2  # noqa: PLR2004 -- a chat of two


def page(*, viewer: access.Viewer, chat: int, number: int) -> Page:
    """Return a chat with one page of its messages; raise access.UnableToSee where it is not theirs."""
    return _page(viewer, seeing.check_chat(viewer=viewer, chat=chat), number)


def protected_page(*, viewer: access.Viewer, chat: int, number: int) -> Page:
    """Return a protected chat like any; raise access.UnableToSee unless the role includes it."""
    return _page(viewer, seeing.check_protected(viewer=viewer, chat=chat), number)


def _page(viewer: access.Viewer, row: models.OldChat, number: int) -> Page:
    names = seeing.Names(viewer)
    key = names.key(row.person)
    people: list[str] = orjson.loads(
        key.open(
            row.participants_sealed, table="old_chat", row=row.id, column="participants_sealed"
        )
    )
    with scope.looking(organisation=viewer.organisation):
        sheets = models.OldChatPage.objects.filter(chat=row)
        count = sheets.count()
        number = max(1, min(number, count))
        found = list(sheets.order_by("id")[number - 1 : number])
        entries = [entry for sheet in found for entry in store.opened(key, sheet)]
        files = _files(row, names.keys, entries)
        came = list(row.arrivals.select_related("person", "owner").order_by("id")[:_MOST])
        filed = _cases(row, names)
        review = models.IdentityReview.objects.filter(current=row.person_id, state="open").exists()
        return Page(
            chat=names.chat(row),
            participants=people,
            own=row.own,
            zone=row.zone,
            review=review,
            cases=filed,
            case=row.case_id,
            arrivals=[names.arrival(one, report=True) for one in came],
            bubbles=list(_bubbles(row, people, entries, files)),
            number=number,
            pages=count,
        )


def _cases(row: models.OldChat, names: seeing.Names) -> list[tuple[int, str]]:
    """Return the cases of the person a chat was joined to, the newest first."""
    if row.person.merged_into_id is None:
        return []
    rows = models.Case.objects.filter(
        person=row.person.merged_into_id, branch=row.branch_id
    ).select_related("person")
    return [
        (
            one.id,
            names.key(one.person).open_text(
                one.title_sealed, table="customer_case", row=one.id, column="title_sealed"
            ),
        )
        for one in rows.order_by("-id")[:_MOST]
    ]


def _files(
    row: models.OldChat, keys: vault.OrganisationKeys, entries: Sequence[old_chats.Entry]
) -> dict[str, models.OldChatFile]:
    wanted = {
        keys.digest("old_chat_file", entry.file.encode("utf-8", "replace")): entry.file
        for entry in entries
        if entry.file
    }
    rows = models.OldChatFile.objects.filter(chat=row, name_digest__in=list(wanted))
    return {wanted[bytes(one.name_digest or b"")]: one for one in rows}


def _bubbles(
    row: models.OldChat,
    people: Sequence[str],
    entries: Sequence[old_chats.Entry],
    files: Mapping[str, models.OldChatFile],
) -> Iterator[Bubble]:
    own = people[row.own] if row.own is not None and row.own < len(people) else None
    for entry in entries:
        file = files.get(entry.file)
        yield Bubble(
            at=old_chats.aware(entry.at, row.zone) if entry.at else None,
            sender=entry.sender,
            own=entry.sender == own,
            kind=entry.kind,
            text=entry.text,
            name=entry.file,
            file=file.id if file else None,
            picture=bool(file and file.mime in PICTURES),
            edited=entry.edited,
            remarks=entry.remarks,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file to hand out, opened piece by piece."""

    mime: str
    size: int
    name: str
    key: vault.Key
    id: int
    organisation: int

    def content(self) -> Iterator[bytes]:
        """Yield the file, one piece and one query at a time."""
        position = 0
        while True:
            with scope.looking(organisation=self.organisation):
                row = (
                    models.OldChatPiece.objects.filter(file=self.id, position=position)
                    .values_list("id", "sealed")
                    .first()
                )
            if row is None:
                return
            yield self.key.open(row[1], table="old_chat_piece", row=row[0], column="sealed")
            position += 1


def file(*, viewer: access.Viewer, file: int) -> File:
    """Return a file of a chat the viewer may see; raise access.UnableToSee otherwise."""
    access.check_right(viewer, team.Right.READ_CHATS)
    return _file(viewer, file, seeing.visible(viewer))


def protected_file(*, viewer: access.Viewer, chat: int, file: int) -> File:
    """Return a file of one protected chat; raise access.UnableToSee otherwise."""
    access.check_right(viewer, team.Right.READ_RESTRICTED)
    return _file(viewer, file, seeing.protected(viewer) & Q(id=chat))


def _file(viewer: access.Viewer, file: int, among: Q) -> File:
    with scope.looking(organisation=viewer.organisation):
        row = (
            models.OldChatFile.objects.select_related("chat__person")
            .filter(id=file, chat__in=models.OldChat.objects.filter(among))
            .first()
        )
    if row is None or row.chat is None:
        raise access.UnableToSee("There is no such file.")
    key = keyring.organisation(viewer.organisation).unwrap(
        row.chat.person.key_wrapped, person=row.chat.person_id
    )
    return File(
        mime=row.mime,
        size=row.size,
        name=key.open_text(
            row.name_sealed, table="old_chat_file", row=row.id, column="name_sealed"
        ),
        key=key,
        id=row.id,
        organisation=viewer.organisation,
    )
