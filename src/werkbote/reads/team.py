"""The team as its pages show it: members, invitations, one's own factors and sessions, the policy."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from werkbote.domain import team
from werkbote.reads import access
from werkbote.store import keyring, models, rechtsstand, scope

_POLICY = "messenger_policy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule of the messenger policy."""

    heading: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The messenger policy in one language."""

    version: str
    title: str
    lead: str
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A member as owners see them; no times of work, no counts (§ 87(1) no. 6 BetrVG)."""

    id: int
    name: str
    email: str
    role: team.Role
    branches: tuple[int, ...]
    active: bool
    factors: int
    policy_read: bool
    acknowledged: tuple[tuple[str, datetime], ...]
    trainings: tuple[tuple[str, date], ...]
    training_due: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """A branch by name."""

    id: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """An invitation nobody has used yet."""

    id: int
    email: str
    role: team.Role
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """All that the team page shows."""

    members: tuple[Member, ...]
    branches: tuple[Branch, ...]
    invitations: tuple[Invitation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Factor:
    """One of one's own second factors."""

    id: int
    kind: str
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One of one's own open sessions."""

    id: int
    device: str
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """One's own way in: factors, unused recovery codes, open sessions."""

    factors: tuple[Factor, ...]
    codes: int
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A token of the API, without its secret."""

    id: int
    name: str
    scopes: tuple[team.Scope, ...]
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """An address that is told of changes."""

    id: int
    url: str
    problem: str
    failing_since: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Interfaces:
    """What other programs reach: open tokens and subscriptions."""

    tokens: tuple[Token, ...]
    subscriptions: tuple[Subscription, ...]


def interfaces(*, viewer: access.Viewer, at: datetime) -> Interfaces:
    """Return open tokens and subscriptions; owners only."""
    access.check_right(viewer, team.Right.MANAGE_TEAM)
    main = keyring.organisation(viewer.organisation).main
    with scope.looking(organisation=viewer.organisation):
        tokens = list(models.Token.objects.filter(ended_at=None, expires_at__gt=at).order_by("id"))
        told = list(models.Subscription.objects.filter(ended_at=None).order_by("id"))
    return Interfaces(
        tokens=tuple(
            Token(
                id=row.id,
                name=main.open_text(
                    row.name_sealed, table="token", row=row.id, column="name_sealed"
                ),
                scopes=tuple(team.Scope(one) for one in row.scopes),
                expires_at=row.expires_at,
            )
            for row in tokens
        ),
        subscriptions=tuple(
            Subscription(
                id=row.id,
                url=main.open_text(
                    row.url_sealed, table="subscription", row=row.id, column="url_sealed"
                ),
                problem=row.problem,
                failing_since=row.failing_since,
            )
            for row in told
        ),
    )


def lock_minutes(*, viewer: access.Viewer) -> int:
    """Return after how many idle minutes screens of the viewer's house are locked."""
    with scope.looking(organisation=viewer.organisation):
        rows = models.Organisation.objects.filter(id=viewer.organisation)
        return rows.values_list("lock_minutes", flat=True).get()


def policy_version(*, day: date) -> str:
    """Return the version of the messenger policy in force on a day."""
    return str(rechtsstand.document(_POLICY, day=day)["version"])


def policy(*, day: date, language: str) -> Policy:
    """Return the messenger policy in force on a day."""
    document: Mapping[str, Any] = rechtsstand.document(_POLICY, day=day)
    return Policy(
        version=str(document["version"]),
        title=document["title"][language],
        lead=document["lead"][language],
        rules=tuple(Rule(**rule[language]) for rule in document["rules"]),
    )


def has_read(*, viewer: access.Viewer, version: str) -> bool:
    """Return whether the member has acknowledged a version of the policy."""
    with scope.looking(organisation=viewer.organisation):
        return models.Acknowledgement.objects.filter(member=viewer.member, version=version).exists()


def own(*, viewer: access.Viewer) -> Own:
    """Return the viewer's own way in; newest session first."""
    with scope.looking(organisation=viewer.organisation):
        factors = list(
            models.Factor.objects.filter(member=viewer.member, confirmed_at__isnull=False).order_by(
                "created_at", "id"
            )
        )
        codes = models.RecoveryCode.objects.filter(member=viewer.member, used_at=None).count()
        entries = list(
            models.Entry.objects.filter(member=viewer.member, ended_at=None).order_by(
                "-started_at", "-id"
            )[:50]
        )
    return Own(
        factors=tuple(Factor(id=row.id, kind=row.kind, since=row.created_at) for row in factors),
        codes=codes,
        entries=tuple(Entry(id=row.id, device=row.device, since=row.started_at) for row in entries),
    )


def _instructed(row: models.Member, *, today: date) -> dict[str, Any]:
    """Return which versions of the policy a member acknowledged and what they were trained on, newest first."""
    read = sorted(row.acknowledgements.all(), key=lambda one: one.at, reverse=True)
    held = sorted(row.trainings.all(), key=lambda one: (one.held_on, one.id), reverse=True)
    return {
        "acknowledged": tuple((one.version, one.at) for one in read),
        "trainings": tuple((one.topic, one.held_on) for one in held),
        "training_due": team.training_due(held[0].held_on if held else None, today=today),
    }


def members(*, viewer: access.Viewer, at: datetime) -> Team:
    """Return the team with its branches and open invitations; owners only."""
    access.check_right(viewer, team.Right.MANAGE_TEAM)
    main = keyring.organisation(viewer.organisation).main
    version = policy_version(day=at.date())
    with scope.looking(organisation=viewer.organisation):
        rows = list(
            models.Member.objects.prefetch_related(
                "memberships", "factors", "acknowledgements", "trainings"
            ).order_by("-is_active", "created_at", "id")
        )
        places = list(models.Branch.objects.order_by("created_at", "id"))
        invitations = list(
            models.Invitation.objects.filter(ended_at=None, expires_at__gt=at).order_by("id")
        )

    def opened(row: Any, table: str, column: str) -> str:
        return main.open_text(getattr(row, column), table=table, row=row.id, column=column)

    return Team(
        members=tuple(
            Member(
                id=row.id,
                name=opened(row, "member", "name_sealed"),
                email=opened(row, "member", "email_sealed"),
                role=team.Role(row.role),
                branches=tuple(place.branch_id for place in row.memberships.all()),
                active=row.is_active,
                factors=sum(one.confirmed_at is not None for one in row.factors.all()),
                policy_read=any(one.version == version for one in row.acknowledgements.all()),
                **_instructed(row, today=at.date()),
            )
            for row in rows
        ),
        branches=tuple(
            Branch(id=row.id, name=opened(row, "branch", "name_sealed")) for row in places
        ),
        invitations=tuple(
            Invitation(
                id=row.id,
                email=opened(row, "invitation", "email_sealed"),
                role=team.Role(row.role),
                expires_at=row.expires_at,
            )
            for row in invitations
        ),
    )
