"""The full privacy notice: entering what a branch must say, and publishing every version of it."""

from dataclasses import asdict
from datetime import datetime

import orjson

from werkbote.actions import audit
from werkbote.domain import notice_page
from werkbote.store import ids, keyring, models, notice, scope, vault

_ENTERED = frozenset(
    {"street", "place", "phone", "email", "imprint", "officer", "officer_contact", "host"}
)


def enter_details(
    *, organisation: int, branch: int, details: notice_page.Details, by: int | str, at: datetime
) -> None:
    """Store what the notice of a branch needs, and publish the versions that follow from it."""
    keys = keyring.organisation(organisation)
    entered = {name: value for name, value in asdict(details).items() if name in _ENTERED}
    with scope.transaction(organisation=organisation):
        known = models.BranchDetails.objects.filter(branch=branch).first()
        row = known or models.BranchDetails(
            id=ids.new(), organisation_id=organisation, branch_id=branch
        )
        row.body_sealed = keys.main.seal(
            orjson.dumps(entered), table="branch_details", row=row.id, column="body_sealed"
        )
        row.changed_at = at
        row.save(force_insert=known is None)
        _publish(keys, models.Branch.objects.get(id=branch), at=at)
        audit.record(
            organisation=organisation,
            by=by,
            verb="notice.enter_details",
            object=f"branch:{branch}",
            at=at,
        )


def publish(*, organisation: int, at: datetime) -> int:
    """Publish the notices of all branches whose wording has changed; return how many versions are new.

    The law files may change by a date, with nobody acting: then this is what keeps the old wording.
    """
    keys = keyring.organisation(organisation)
    with scope.transaction(organisation=organisation):
        branches = models.Branch.objects.order_by("id")
        new = {branch.id: _publish(keys, branch, at=at) for branch in branches}
        for branch, count in new.items():
            if count:
                audit.record(
                    organisation=organisation,
                    by=audit.SYSTEM,
                    verb="notice.publish",
                    object=f"branch:{branch}",
                    detail={"versions": count},
                    at=at,
                )
        return sum(new.values())


def _publish(keys: vault.OrganisationKeys, branch: models.Branch, *, at: datetime) -> int:
    found = notice.details(keys, branch)
    count = 0
    for language in notice_page.LANGUAGES:
        page = notice.compose(found, language=language, at=at)
        same = models.PublishedNotice.objects.filter(
            branch=branch, language=language, version=page.version
        )
        if same.exists():
            continue
        row = ids.new()
        models.PublishedNotice(
            id=row,
            organisation_id=keys.organisation,
            branch=branch,
            language=language,
            version=page.version,
            body_sealed=keys.main.seal(
                orjson.dumps(page), table="published_notice", row=row, column="body_sealed"
            ),
            published_at=at,
        ).save(force_insert=True)
        count += 1
    return count
