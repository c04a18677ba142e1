"""The only door to a row for a member: who looks, and whether they may see what they ask for."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.db import DataError
from django.db.models import OuterRef, Q
from django.utils.crypto import constant_time_compare

from werkbote.domain import team
from werkbote.store import keyring, models, scope, support, vault

_TOKEN_PARTS = 3


class UnableToSee(Exception):
    """There is no such thing for this member: absent and forbidden look alike."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """The member who looks. `branches` are the ones they work at (an owner: all of them).

    `granted` are rights beyond the role, such as chats for support that an owner let in with them.
    `leaves_private_whatsapp` is True while their declaration is asked for and not signed.
    """

    member: int
    organisation: int
    name: str
    role: team.Role
    language: str
    branches: frozenset[int]
    leaves_private_whatsapp: bool = False
    granted: frozenset[team.Right] = frozenset()

    def can(self, right: team.Right) -> bool:
        """Return whether the member's role includes a right."""
        return right in self.granted or team.can(role=self.role, right=right)


def viewer(member_id: int) -> Viewer:
    """Return the viewer a member is; raise UnableToSee for unknown or inactive members, and for support."""
    with scope.being(member=member_id):
        row = models.Member.objects.filter(id=member_id, is_active=True).first()
        if row is None or row.role == team.Role.SUPPORT:
            raise UnableToSee("This account is not active: ask an owner of your organisation.")
        scope.joining(organisation=row.organisation_id)
        return viewer_of(row)


def entered(member_id: int, *, entry: int, stamp: str, at: datetime) -> Viewer | None:
    """Return the viewer of an entry; None where it, the member or the password is not what it was.

    Support is let in by an owner until a moment, and is nobody from then on.
    """
    with scope.being(member=member_id):
        row = models.Member.objects.filter(
            id=member_id, is_active=True, entries__id=entry, entries__ended_at=None
        ).first()
        if row is None or not constant_time_compare(stamp, row.get_session_auth_hash()):
            return None
        scope.joining(organisation=row.organisation_id)
        if row.role != team.Role.SUPPORT:
            return viewer_of(row)
        window = support.open_at(at).filter(member=row.id).first()
        if window is None:
            return None
        chats = frozenset({team.Right.READ_CHATS}) if window.chats else frozenset()
        return replace(viewer_of(row), granted=chats)


def marks(
    *, organisation: int, members: Collection[int], at: datetime
) -> Mapping[int, tuple[object, ...]]:
    """Return of each active member a value that changes with all that decides what they may see.

    Role, language, password, open entries, branches, being let in: one query for all of them. Who compares it asks
    `entered` again only where it changed.
    """
    inside = models.Entry.objects.filter(member=OuterRef("pk"), ended_at=None)
    places = models.Membership.objects.filter(member=OuterRef("pk"))
    house = models.Branch.objects.order_by("id").values("id")
    let_in = support.open_at(at).filter(member=OuterRef("pk"))
    with scope.looking(organisation=organisation):
        rows = models.Member.objects.filter(id__in=members, is_active=True).values_list(
            "id",
            "role",
            "language",
            "password",
            ArraySubquery(inside.order_by("id").values("id")),
            ArraySubquery(places.order_by("branch_id").values("branch_id")),
            ArraySubquery(house),
            ArraySubquery(let_in.order_by("id").values("id")),
        )
        return {row[0]: row[1:] for row in rows}


@contextmanager
def looking(viewer: Viewer) -> Iterator[None]:
    """Look at several things for one page in one transaction: each of its own costs three questions more."""
    with scope.looking(organisation=viewer.organisation):
        yield


def viewer_of(row: models.Member) -> Viewer:
    """Return the viewer of a member's row."""
    role = team.Role(row.role)
    with scope.looking(organisation=row.organisation_id):
        places = models.Branch.objects.all()
        if role is not team.Role.OWNER:
            places = places.filter(memberships__member_id=row.id)
        branches = frozenset(places.values_list("id", flat=True))
    keys = keyring.organisation(row.organisation_id)
    return Viewer(
        member=row.id,
        organisation=row.organisation_id,
        name=keys.main.open_text(row.name_sealed, table="member", row=row.id, column="name_sealed"),
        role=role,
        language=row.language,
        branches=branches,
        leaves_private_whatsapp=row.leaves_private_whatsapp,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """A program that calls the API: the member it acts for, and what its token may."""

    token: int
    viewer: Viewer
    scopes: frozenset[team.Scope]


def caller(secret: str, *, at: datetime) -> Caller | None:
    """Return who calls with a token's secret; None where it is unknown, over or its member has left."""
    parts = secret.split("_", 2)
    if len(parts) != _TOKEN_PARTS or parts[0] != "wb" or not parts[1].isdecimal():
        return None
    try:
        keys = keyring.organisation(int(parts[1]))
    except (vault.UnableToOpen, DataError, OverflowError):
        return None
    with scope.looking(organisation=keys.organisation):
        row = (
            models.Token.objects.select_related("member")
            .filter(
                digest=keys.digest("token", secret.encode()),
                ended_at=None,
                expires_at__gt=at,
                member__is_active=True,
            )
            .first()
        )
    if row is None or row.member.role == team.Role.SUPPORT:
        return None
    return Caller(
        token=row.id,
        viewer=viewer_of(row.member),
        scopes=frozenset(team.Scope(one) for one in row.scopes),
    )


def check_right(viewer: Viewer, right: team.Right) -> None:
    """Raise UnableToSee unless the member's role includes the right."""
    if not viewer.can(right):
        raise UnableToSee("There is no such page for you.")


def visible_conversations(viewer: Viewer) -> Q:
    """Return the condition on conversations that the viewer may see; an e-mail list is no chat.

    Whose data is restricted (Art. 18) is not seen in the daily work: `reads.privacy` shows it, to
    those whose role includes it, with a reason that is written down.
    """
    return (
        Q(number__branch_id__in=viewer.branches)
        & Q(person__restricted_at=None)
        & ~Q(number__channel="mail")
    )


def check_conversation(viewer: Viewer, conversation: int) -> None:
    """Raise UnableToSee unless the conversation is at a branch of the viewer, and chats are theirs."""
    check_right(viewer, team.Right.READ_CHATS)
    with scope.looking(organisation=viewer.organisation):
        seen = models.Conversation.objects.filter(
            visible_conversations(viewer), id=conversation
        ).exists()
    if not seen:
        raise UnableToSee("There is no such conversation.")


def visible_messages(viewer: Viewer, *, archive: bool = False) -> Q:
    """Return the condition on messages of the daily work: nobody restricted, nothing in the archive.

    With `archive` a letter in there counts too: for what is known about it, not for its words.
    """
    seen = Q(number__branch_id__in=viewer.branches, conversation__person__restricted_at=None)
    return seen if archive else seen & Q(archived_at=None)


def check_message(viewer: Viewer, message: int, *, archive: bool = False) -> int:
    """Return the conversation of a message the viewer may see; raise UnableToSee otherwise."""
    with scope.looking(organisation=viewer.organisation):
        found = (
            models.Message.objects.filter(visible_messages(viewer, archive=archive), id=message)
            .values_list("conversation_id", flat=True)
            .first()
        )
    if found is None:
        raise UnableToSee("There is no such message.")
    return int(found)


def visible_persons(viewer: Viewer) -> Q:
    """Return the condition on persons the viewer has to do with: by conversation or by case."""
    here = models.Conversation.objects.filter(visible_conversations(viewer))
    cases = models.Case.objects.filter(visible_cases(viewer))
    return Q(id__in=here.values("person_id")) | Q(id__in=cases.values("person_id"))


def concerned_persons(viewer: Viewer) -> Q:
    """Return the condition on persons of the viewer's branches for who handles rights, not chats.

    Restricted and merged persons are among them: their requests are answered all the same.
    """
    talks = models.Conversation.objects.filter(number__branch_id__in=viewer.branches)
    cases = models.Case.objects.filter(visible_cases(viewer))
    here = Q(id__in=talks.values("person_id")) | Q(id__in=cases.values("person_id"))
    merged = models.Person.objects.filter(here, merged_into__isnull=False)
    return here | Q(id__in=merged.values("merged_into_id"))


def colleagues(viewer: Viewer) -> Q:
    """Return the condition on members that the viewer answers for: of their branches, for owners all."""
    if viewer.role is team.Role.OWNER:
        return Q()
    here = models.Membership.objects.filter(branch_id__in=viewer.branches)
    return Q(id__in=here.values("member_id"))


def visible_cases(viewer: Viewer) -> Q:
    """Return the condition on cases that the viewer may see."""
    return Q(branch_id__in=viewer.branches)


def visible_vehicles(viewer: Viewer) -> Q:
    """Return the condition on vehicles: those of persons the viewer has to do with."""
    persons = models.Person.objects.filter(visible_persons(viewer)).values("id")
    roles = models.VehicleRole.objects.filter(
        Q(person_id__in=persons) | Q(person__merged_into_id__in=persons)
    )
    return Q(id__in=roles.values("vehicle_id"))


def check_person(viewer: Viewer, person: int) -> None:
    """Raise UnableToSee unless the viewer has to do with a person, and chats are theirs."""
    check_right(viewer, team.Right.READ_CHATS)
    with scope.looking(organisation=viewer.organisation):
        seen = models.Person.objects.filter(visible_persons(viewer), id=person).exists()
    if not seen:
        raise UnableToSee("There is no such person.")


def check_case(viewer: Viewer, case: int) -> None:
    """Raise UnableToSee unless the case is at a branch of the viewer, and chats are theirs."""
    check_right(viewer, team.Right.READ_CHATS)
    with scope.looking(organisation=viewer.organisation):
        seen = models.Case.objects.filter(visible_cases(viewer), id=case).exists()
    if not seen:
        raise UnableToSee("There is no such case.")


def check_vehicle(viewer: Viewer, vehicle: int) -> None:
    """Raise UnableToSee unless the vehicle is of somebody the viewer has to do with."""
    check_right(viewer, team.Right.READ_CHATS)
    with scope.looking(organisation=viewer.organisation):
        seen = models.Vehicle.objects.filter(visible_vehicles(viewer), id=vehicle).exists()
    if not seen:
        raise UnableToSee("There is no such vehicle.")
