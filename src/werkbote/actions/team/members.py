"""Who belongs to the team: invited by a link, given a role and branches, and let go again."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.core import signing
from django.db.models import QuerySet

from werkbote.actions import audit
from werkbote.actions.team import founding
from werkbote.domain import team
from werkbote.store import ids, keyring, models, scope

_SALT = "werkbote.invitation"
_VALID = timedelta(days=7)


class UnableToInvite(Exception):
    """The invitation cannot be made, or cannot be accepted (any more)."""


class UnableToChangeMember(Exception):
    """The member cannot be changed like this; the sentence says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Invited:
    """An open invitation as its link shows it."""

    invitation: int
    organisation: int
    email: str = field(repr=False)
    role: team.Role
    branches: tuple[int, ...]


def invite(
    *,
    organisation: int,
    email: str,
    role: team.Role,
    branches: Iterable[int],
    by: int,
    at: datetime,
) -> str:
    """Make an invitation, valid for seven days and once; return the token of its link.

    Raises UnableToInvite for a branch that is not the organisation's.
    """
    keys, invitation, places = keyring.organisation(organisation), ids.new(), sorted(set(branches))
    with scope.transaction(organisation=organisation):
        if models.Branch.objects.filter(id__in=places).count() != len(places):
            raise UnableToInvite("One of the branches does not exist: choose again.")
        models.Invitation(
            id=invitation,
            organisation_id=organisation,
            email_sealed=keys.main.seal_text(
                email.strip(), table="invitation", row=invitation, column="email_sealed"
            ),
            role=role,
            branches=places,
            invited_by_id=by,
            created_at=at,
            expires_at=at + _VALID,
        ).save(force_insert=True)
        audit.record(
            organisation=organisation,
            by=by,
            verb="team.invite",
            object=f"invitation:{invitation}",
            detail={"role": str(role), "branches": [*places]},
            at=at,
        )
    return token(organisation=organisation, invitation=invitation)


def token(*, organisation: int, invitation: int) -> str:
    """Return the signed last part of an invitation's link; it holds row numbers only."""
    return signing.dumps([organisation, invitation], salt=_SALT)


def invited(*, token: str, at: datetime) -> Invited:
    """Return the open invitation of a link; raise UnableToInvite when it is none (any more)."""
    try:
        organisation, invitation = signing.loads(token, salt=_SALT)
    except (signing.BadSignature, ValueError, TypeError):
        raise UnableToInvite(_OVER) from None
    keys = keyring.organisation(int(organisation))
    with scope.looking(organisation=organisation):
        row = _open_invitations(at).filter(id=invitation).first()
    if row is None:
        raise UnableToInvite(_OVER)
    return Invited(
        invitation=row.id,
        organisation=row.organisation_id,
        email=keys.main.open_text(
            row.email_sealed, table="invitation", row=row.id, column="email_sealed"
        ),
        role=team.Role(row.role),
        branches=tuple(row.branches),
    )


_OVER = "This invitation is used, withdrawn or older than seven days: ask for a new one."


def _open_invitations(at: datetime) -> QuerySet[models.Invitation]:
    return models.Invitation.objects.filter(ended_at=None, expires_at__gt=at)


def accept(*, token: str, name: str, password: str, language: str, at: datetime) -> int:
    """Make the invited member and return the id; the link is used up.

    Raises UnableToInvite for a link that is over, founding.UnableToCreate for a weak password.
    """
    found = invited(token=token, at=at)
    with scope.transaction(organisation=found.organisation):
        claimed = _open_invitations(at).filter(id=found.invitation).update(ended_at=at)
    if not claimed:
        raise UnableToInvite(_OVER)
    try:
        member = founding.create_member(
            organisation=found.organisation,
            email=found.email,
            name=name,
            password=password,
            role=found.role,
            language=language,
            branches=found.branches,
            by=f"invitation:{found.invitation}",
            at=at,
        )
    except founding.UnableToCreate:
        with scope.transaction(organisation=found.organisation):
            models.Invitation.objects.filter(id=found.invitation).update(ended_at=None)
        raise
    with scope.transaction(organisation=found.organisation):
        models.Invitation.objects.filter(id=found.invitation).update(member_id=member)
    return member


def withdraw_invitation(*, organisation: int, invitation: int, by: int, at: datetime) -> bool:
    """End an invitation before it is used; return whether it was open."""
    with scope.transaction(organisation=organisation):
        ended = _open_invitations(at).filter(id=invitation).update(ended_at=at)
        if ended:
            _record(organisation, by, "team.withdraw_invitation", f"invitation:{invitation}", at)
    return bool(ended)


def change(
    *,
    organisation: int,
    member: int,
    role: team.Role,
    branches: Iterable[int],
    by: int,
    at: datetime,
) -> None:
    """Give a member another role and other branches, at once; raise UnableToChangeMember."""
    places = sorted(set(branches))
    with scope.transaction(organisation=organisation):
        row = _locked(member)
        if role is not team.Role.OWNER:
            _check_owner_left(row)
        if models.Branch.objects.filter(id__in=places).count() != len(places):
            raise UnableToChangeMember("One of the branches does not exist: choose again.")
        before = sorted(
            models.Membership.objects.filter(member=row).values_list("branch_id", flat=True)
        )
        models.Member.objects.filter(id=row.id).update(role=role)
        models.Membership.objects.filter(member=row).exclude(branch__in=places).delete()
        models.Membership.objects.bulk_create(
            models.Membership(organisation_id=organisation, member_id=row.id, branch_id=place)
            for place in places
            if place not in before
        )
        audit.record(
            organisation=organisation,
            by=by,
            verb="team.change_member",
            object=f"member:{member}",
            detail={
                "role": str(role),
                "role_before": row.role,
                "branches": [*places],
                "branches_before": [*before],
            },
            at=at,
        )


def let_go(*, organisation: int, member: int, by: int, at: datetime) -> None:
    """End a membership: all sessions are over at once, second factors are gone."""
    with scope.transaction(organisation=organisation):
        row = _locked(member)
        _check_owner_left(row)
        models.Member.objects.filter(id=row.id).update(is_active=False)
        models.Entry.objects.filter(member=row, ended_at=None).update(ended_at=at)
        models.Factor.objects.filter(member=row).delete()
        models.RecoveryCode.objects.filter(member=row).delete()
        _record(organisation, by, "team.let_go", f"member:{member}", at)


def reset_factors(*, organisation: int, member: int, by: int, at: datetime) -> None:
    """Remove a member's second factors and sessions, for when all of them are lost."""
    with scope.transaction(organisation=organisation):
        row = _locked(member)
        models.Factor.objects.filter(member=row).delete()
        models.RecoveryCode.objects.filter(member=row).delete()
        models.Entry.objects.filter(member=row, ended_at=None).update(ended_at=at)
        _record(organisation, by, "team.reset_factors", f"member:{member}", at)


def _locked(member: int) -> models.Member:
    row = models.Member.objects.select_for_update().filter(id=member, is_active=True).first()
    if row is None:
        raise UnableToChangeMember("There is no such member (any more): reload the page.")
    return row


def _check_owner_left(row: models.Member) -> None:
    owners = models.Member.objects.select_for_update().filter(role=team.Role.OWNER, is_active=True)
    if row.role == team.Role.OWNER and {owner.id for owner in owners} == {row.id}:
        raise UnableToChangeMember("This is the last owner: make somebody else an owner first.")


def _record(organisation: int, by: int, verb: str, what: str, at: datetime) -> None:
    audit.record(organisation=organisation, by=by, verb=verb, object=what, at=at)
