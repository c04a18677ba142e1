"""Founding: an organisation with keys of its own, its branches, its members."""

from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth import hashers, password_validation
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from werkbote.actions import audit
from werkbote.domain import team
from werkbote.store import ids, keyring, models, scope, vault


class UnableToCreate(Exception):
    """The organisation, branch or member cannot be made; the sentence says why."""


def create_organisation(*, name: str, at: datetime, by: int | str = audit.SYSTEM) -> int:
    """Make an organisation with keys of its own and return its id."""
    organisation = ids.new()
    keys = keyring.installation()
    main, index = vault.new_key(), vault.new_key()
    with scope.transaction(organisation=organisation):
        models.Organisation(
            id=organisation,
            name_sealed=main.seal_text(
                name, table="organisation", row=organisation, column="name_sealed"
            ),
            key_name=keys.active,
            key_wrapped=keys.wrap(
                main.secret, organisation=organisation, column=keyring.KEY_COLUMN
            ),
            index_wrapped=keys.wrap(
                index.secret, organisation=organisation, column=keyring.INDEX_COLUMN
            ),
            created_at=at,
        ).save(force_insert=True)
        audit.record(
            organisation=organisation,
            by=by,
            verb="team.create_organisation",
            object=f"organisation:{organisation}",
            at=at,
        )
    return organisation


def create_branch(
    *,
    organisation: int,
    name: str,
    legal_entity: str,
    state_code: str,
    by: int | str,
    at: datetime,
) -> int:
    """Make a branch (Betrieb) and return its id; `state_code` is its Bundesland (BY, HH …)."""
    main = keyring.organisation(organisation).main
    branch = ids.new()
    with scope.transaction(organisation=organisation):
        models.Branch(
            id=branch,
            organisation_id=organisation,
            name_sealed=main.seal_text(name, table="branch", row=branch, column="name_sealed"),
            legal_entity_sealed=main.seal_text(
                legal_entity, table="branch", row=branch, column="legal_entity_sealed"
            ),
            state_code=state_code,
            created_at=at,
        ).save(force_insert=True)
        audit.record(
            organisation=organisation,
            by=by,
            verb="team.create_branch",
            object=f"branch:{branch}",
            at=at,
        )
    return branch


def create_member(  # noqa: PLR0913 -- the row's own fields
    *,
    organisation: int,
    email: str,
    name: str,
    password: str,
    role: team.Role,
    language: str,
    branches: Iterable[int],
    by: int | str,
    at: datetime,
) -> int:
    """Make a member and return the id; raise UnableToCreate for a weak password or a known address.

    `branches` are the ids of the branches they work at, `language` is de or en.
    """
    try:
        password_validation.validate_password(password)
    except ValidationError as error:
        raise UnableToCreate(" ".join(error.messages)) from None
    main = keyring.organisation(organisation).main
    member, places = ids.new(), sorted(set(branches))
    row = models.Member(
        id=member,
        organisation_id=organisation,
        email_hash=keyring.installation().email_hash(email),
        email_sealed=main.seal_text(
            email.strip(), table="member", row=member, column="email_sealed"
        ),
        name_sealed=main.seal_text(name, table="member", row=member, column="name_sealed"),
        password=hashers.make_password(password),
        language=language,
        role=role,
        created_at=at,
    )
    try:
        with scope.transaction(organisation=organisation):
            _insert_member(row, places)
            audit.record(
                organisation=organisation,
                by=by,
                verb="team.create_member",
                object=f"member:{member}",
                detail={"role": str(role), "branches": [*places]},
                at=at,
            )
    except IntegrityError:
        raise UnableToCreate(
            "This e-mail address belongs to a member already: use another one."
        ) from None
    return member


def _insert_member(row: models.Member, places: list[int]) -> None:
    row.save(force_insert=True)
    models.Membership.objects.bulk_create(
        [
            models.Membership(
                organisation_id=row.organisation_id, member_id=row.id, branch_id=branch
            )
            for branch in places
        ]
    )
