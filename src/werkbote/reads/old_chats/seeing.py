"""Who sees which old chat, and how what is sealed about it is opened."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import orjson
from django.db.models import Q

from werkbote.domain import old_chats, team
from werkbote.reads import access
from werkbote.store import keyring, models, rechtsstand, scope, vault


@dataclass(frozen=True, slots=True, kw_only=True)
class Chat:
    """One old chat in the list. `days` is how long it has waited for its decision."""

    id: int
    title: str
    owner: str
    state: str
    retention: str
    messages: int
    files: int
    first_at: datetime | None
    last_at: datetime | None
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """One upload: where it stands, and what it brought."""

    id: int
    filename: str
    device: str
    owner: str
    state: str
    problem: str
    size: int
    lines: int
    read: int
    added: int
    repeated: int
    created_at: datetime
    chat: int | None
    report: Mapping[str, object] = field(default_factory=dict)

    @property
    def percent(self) -> int:
        """How far the reading is, 0 to 100."""
        return min(100, self.read * 100 // self.lines) if self.lines else 0

    @property
    def running(self) -> bool:
        """Whether the page should ask again."""
        return self.state in {"arriving", "waiting", "reading"}


def free() -> Q:
    """Return the condition on chats and uploads of which nobody's data is restricted (Art. 18)."""
    known = Q(person__merged_into=None) | Q(person__merged_into__restricted_at=None)
    return Q(person__restricted_at=None) & known


def visible(viewer: access.Viewer) -> Q:
    """Return the condition on old chats the viewer may see.

    What came from a member's own phone is theirs and the owners' to look at until it is decided.
    What is filed under a restricted class is open to whom its case is assigned to, and to nobody
    else without a reason (`protected`).
    """
    assigned = ~Q(retention__in=rechtsstand.restricted_classes()) | Q(case__owner=viewer.member)
    here = Q(branch_id__in=viewer.branches) & free() & assigned
    if viewer.role is team.Role.OWNER:
        return here
    return here & (Q(state="case") | Q(owner_id=viewer.member))


def protected(viewer: access.Viewer) -> Q:
    """Return the condition on the branches' chats that are opened with a reason only.

    They are filed under a restricted class, or the person's data is restricted (Art. 18).
    """
    classed = Q(state="case", retention__in=rechtsstand.restricted_classes())
    return Q(branch_id__in=viewer.branches) & (classed | ~free())


def visible_arrivals(viewer: access.Viewer) -> Q:
    """Return the condition on uploads the viewer may see."""
    here = Q(branch_id__in=viewer.branches) & free()
    return here if viewer.role is team.Role.OWNER else here & Q(owner_id=viewer.member)


class Names:
    """Opens the names of members and whatever a person's key seals."""

    def __init__(self, viewer: access.Viewer) -> None:
        self.keys = keyring.organisation(viewer.organisation)

    def member(self, row: models.Member | None) -> str:
        """Return a member's name."""
        if row is None:
            return ""
        return self.keys.main.open_text(
            row.name_sealed, table="member", row=row.id, column="name_sealed"
        )

    def key(self, person: models.Person) -> vault.Key:
        """Return the key of a person."""
        return self.keys.unwrap(person.key_wrapped, person=person.id)

    def chat(self, row: models.OldChat) -> Chat:
        """Return a row as it is shown in lists."""
        return Chat(
            id=row.id,
            title=self.key(row.person).open_text(
                row.title_sealed, table="old_chat", row=row.id, column="title_sealed"
            ),
            owner=self.member(row.owner),
            state=row.state,
            retention=row.retention,
            messages=row.messages,
            files=row.files,
            first_at=row.first_at,
            last_at=row.last_at,
            created_at=row.created_at,
        )

    def arrival(self, row: models.OldChatArrival, *, report: bool = False) -> Arrival:
        """Return an upload as it is shown, with its report if that is asked for."""
        key, packed = self.key(row.person), b"{}"

        def text(sealed: bytes | memoryview, column: str) -> str:
            return key.open_text(sealed, table="old_chat_arrival", row=row.id, column=column)

        if report and row.report_sealed:
            packed = key.open(
                row.report_sealed, table="old_chat_arrival", row=row.id, column="report_sealed"
            )
        return Arrival(
            id=row.id,
            filename=text(row.filename_sealed, "filename_sealed"),
            device=text(row.device_sealed, "device_sealed"),
            owner=self.member(row.owner),
            state=row.state,
            problem=row.problem,
            size=row.size,
            lines=row.lines,
            read=row.read,
            added=row.added,
            repeated=row.repeated,
            created_at=row.created_at,
            chat=row.chat_id,
            report=orjson.loads(packed),
        )


def check_chat(*, viewer: access.Viewer, chat: int) -> models.OldChat:
    """Return the row of a chat the viewer may see; raise access.UnableToSee otherwise."""
    access.check_right(viewer, team.Right.READ_CHATS)
    return _one(viewer, visible(viewer), chat)


def check_protected(*, viewer: access.Viewer, chat: int) -> models.OldChat:
    """Return the row of a protected chat for whom the role includes it; raise access.UnableToSee.

    The look itself is written down by the deed before.
    """
    access.check_right(viewer, team.Right.READ_RESTRICTED)
    return _one(viewer, protected(viewer), chat)


def _one(viewer: access.Viewer, among: Q, chat: int) -> models.OldChat:
    with scope.looking(organisation=viewer.organisation):
        row = (
            models.OldChat.objects.filter(among, id=chat)
            .exclude(state="reading")
            .select_related("person__merged_into", "owner")
            .first()
        )
    if row is None:
        raise access.UnableToSee("There is no such chat.")
    return row


def reasons(*, viewer: access.Viewer, chat: int) -> tuple[str, ...]:
    """Return the reasons for which the viewer may open a protected chat."""
    row = check_protected(viewer=viewer, chat=chat)
    known = row.person.merged_into or row.person
    return old_chats.reasons(restricted=bool(row.person.restricted_at or known.restricted_at))


def check_refiling(*, viewer: access.Viewer, chat: int) -> None:
    """Raise access.UnableToSee unless the viewer may say under which class a chat is kept."""
    access.check_right(viewer, team.Right.READ_CHATS)
    allowed = visible(viewer)
    if viewer.can(team.Right.READ_RESTRICTED):
        allowed |= protected(viewer) & free()
    with scope.looking(organisation=viewer.organisation):
        if not models.OldChat.objects.filter(allowed, id=chat).exists():
            raise access.UnableToSee("There is no such chat.")


def check_arrival(*, viewer: access.Viewer, arrival: int) -> None:
    """Raise access.UnableToSee unless the upload is the viewer's to see."""
    access.check_right(viewer, team.Right.WRITE)
    with scope.looking(organisation=viewer.organisation):
        if not models.OldChatArrival.objects.filter(visible_arrivals(viewer), id=arrival).exists():
            raise access.UnableToSee("There is no such upload.")
