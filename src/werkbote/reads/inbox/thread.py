"""One thread: a page of messages opened with their persons' keys, and the window they stand in."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from werkbote.domain import team
from werkbote.reads import access
from werkbote.reads.inbox import bubbles, people, views, window
from werkbote.store import keyring, models, scope, vault


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """A conversation with a page of its messages, the oldest first.

    `older` is the message id to ask the page before with, None at the beginning; `first_unread` the
    first one that nobody of the team has seen, on the newest page only.
    """

    id: int
    contact: people.Contact
    number_id: int
    number: str
    account_id: str
    window: window.Window
    unseen: bool
    restricted: bool
    messages: tuple[bubbles.Message, ...]
    older: int | None
    first_unread: int | None = None


_BESIDE = 12
"""How many messages stand on each side of one that was looked up."""

MOST = 400
"""How many messages an open page may hold before it starts again at the newest."""


def thread(
    *,
    viewer: access.Viewer,
    conversation: int,
    before: int | None = None,
    since: int | None = None,
    limit: int = 30,
) -> Thread:
    """Return a page of a conversation; raise access.UnableToSee where it is not the viewer's.

    Without a bound: the newest `limit` messages. `before` a message: those right before it. `since`
    a message: it and all after it, at most MOST.
    """
    access.check_right(viewer, team.Right.READ_CHATS)
    keys = keyring.organisation(viewer.organisation)
    keyhole = people.Keyhole(keys)
    with scope.looking(organisation=viewer.organisation):
        row = _conversation(viewer, conversation)
        limit = MOST if since is not None else limit
        rows = _page(conversation, before, since, limit + 1)
        shown = list(reversed(rows[:limit]))
        contact = people.contacts([row.person], keyhole)[row.person_id]
        messages = bubbles.opened(
            shown, keyhole=keyhole, names=_names(shown, keys), language=viewer.language
        )
        more = len(rows) > limit
        unseen = _is_unseen(row)
        newest = before is None and since is None
        first_unread = _first_unread(row) if unseen and newest else None
    return Thread(
        id=row.id,
        contact=contact,
        number_id=row.number_id,
        number=keys.main.open_text(
            row.number.label_sealed, table="number", row=row.number_id, column="label_sealed"
        ),
        account_id=row.number.account_id,
        window=window.of(row),
        unseen=unseen,
        restricted=row.person.restricted_at is not None,
        messages=messages,
        older=shown[0].id if shown and more else None,
        first_unread=first_unread,
    )


def _is_unseen(row: models.Conversation) -> bool:
    if row.last_received_at is None:
        return False
    return row.seen_at is None or row.seen_at < row.last_received_at


def _first_unread(row: models.Conversation) -> int | None:
    """Return the first message nobody has seen, by the rule the list counts by."""
    edge = row.seen_at or row.created_at
    found = _messages().filter(
        conversation_id=row.id, outgoing=False, historic=False, at__gt=edge - views.LATE
    )
    if row.seen_at is not None:
        found = found.filter(received_at__gt=row.seen_at)
    return found.order_by("at", "id").values_list("id", flat=True).first()


def around(*, viewer: access.Viewer, conversation: int, message: int) -> Thread:
    """Return the page of a conversation in whose middle a message stands; raise access.UnableToSee."""
    access.check_right(viewer, team.Right.READ_CHATS)
    if access.check_message(viewer, message) != conversation:
        raise access.UnableToSee("There is no such message.")
    with scope.looking(organisation=viewer.organisation):
        at = models.Message.objects.filter(id=message).values("at")[:1]
        later = (
            models.Message.objects.filter(conversation_id=conversation, archived_at=None)
            .filter(Q(at__gt=at) | Q(at=at, id__gt=message))
            .order_by("at", "id")
            .values_list("id", flat=True)[_BESIDE : _BESIDE + 1]
        )
        edge = next(iter(later), None)
    return thread(viewer=viewer, conversation=conversation, before=edge, limit=2 * _BESIDE + 1)


def message(*, viewer: access.Viewer, message: int) -> bubbles.Message:
    """Return one message with everything about it; raise access.UnableToSee where not visible."""
    access.check_right(viewer, team.Right.READ_CHATS)
    keys = keyring.organisation(viewer.organisation)
    with scope.looking(organisation=viewer.organisation):
        rows = list(_messages().filter(access.visible_messages(viewer), id=message))
        if not rows:
            raise access.UnableToSee("There is no such message.")
        return bubbles.opened(
            rows,
            keyhole=people.Keyhole(keys),
            names=_names(rows, keys),
            language=viewer.language,
        )[0]


def _conversation(viewer: access.Viewer, conversation: int) -> models.Conversation:
    row = (
        models.Conversation.objects.filter(access.visible_conversations(viewer), id=conversation)
        .select_related("person", "number")
        .first()
    )
    if row is None:
        raise access.UnableToSee("There is no such conversation.")
    return row


def _messages() -> QuerySet[models.Message]:
    return models.Message.objects.filter(archived_at=None).select_related(
        "person", "media", "permit", "refusal", "author"
    )


def _page(
    conversation: int, before: int | None, since: int | None, limit: int
) -> list[models.Message]:
    rows = _messages().filter(conversation_id=conversation)
    edge = models.Message.objects.filter(id=before or since or 0, conversation_id=conversation)
    at = edge.values("at")[:1]
    if before is not None:
        rows = rows.filter(Q(at__lt=at) | Q(at=at, id__lt=before))
    elif since is not None:
        rows = rows.filter(Q(at__gt=at) | Q(at=at, id__gte=since))
    return list(rows.order_by("-at", "-id")[:limit])


def _names(rows: Iterable[models.Message], keys: vault.OrganisationKeys) -> Mapping[int, str]:
    return {
        row.author.id: keys.main.open_text(
            row.author.name_sealed, table="member", row=row.author.id, column="name_sealed"
        )
        for row in rows
        if row.author is not None
    }
