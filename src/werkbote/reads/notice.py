"""The full privacy notice as anyone may read it: today's, or an earlier version as it was published."""

from datetime import datetime
from typing import Any

import orjson

from werkbote.domain import notice_page, team
from werkbote.reads import access
from werkbote.store import keyring, models, notice, scope


def page(*, branch: int, language: str, at: datetime) -> notice_page.Page:
    """Return a branch's notice as it holds now; raise notice.UnableToFindNotice where there is no branch."""
    organisation = notice.organisation_of(branch)
    keys = keyring.organisation(organisation)
    with scope.looking(organisation=organisation):
        row = models.Branch.objects.get(id=branch)
        found = notice.details(keys, row)
    return notice.compose(found, language=language, at=at)


def imprint(*, branch: int) -> notice_page.Details:
    """Return what a branch's imprint says; raise notice.UnableToFindNotice where there is no branch."""
    organisation = notice.organisation_of(branch)
    keys = keyring.organisation(organisation)
    with scope.looking(organisation=organisation):
        return notice.details(keys, models.Branch.objects.get(id=branch))


def imprints() -> tuple[notice_page.Details, ...]:
    """Return the imprints of the one organisation that is here; none where it is not the only one."""
    organisation = notice.only_organisation()
    if organisation is None:
        return ()
    keys = keyring.organisation(organisation)
    with scope.looking(organisation=organisation):
        rows = models.Branch.objects.order_by("id")
        return tuple(notice.details(keys, row) for row in rows)


def details(*, viewer: access.Viewer, branch: int) -> notice_page.Details:
    """Return what is entered about a branch; owners only, raise UnableToSee for a foreign one."""
    access.check_right(viewer, team.Right.MANAGE_TEAM)
    keys = keyring.organisation(viewer.organisation)
    with scope.looking(organisation=viewer.organisation):
        row = models.Branch.objects.filter(id=branch).first()
        if row is None:
            raise access.UnableToSee("There is no such branch.")
        return notice.entered(keys, row)


def published(*, branch: int, language: str, version: str) -> notice_page.Page:
    """Return an earlier version as it was published; raise notice.UnableToFindNotice where there is none."""
    organisation = notice.organisation_of(branch)
    keys = keyring.organisation(organisation)
    with scope.looking(organisation=organisation):
        row = models.PublishedNotice.objects.filter(
            branch=branch, language=language, version=version
        ).first()
    if row is None:
        raise notice.UnableToFindNotice("There is no such version.")
    body = keys.main.open(
        row.body_sealed, table="published_notice", row=row.id, column="body_sealed"
    )
    return _page(orjson.loads(body))


def _page(plain: dict[str, Any]) -> notice_page.Page:
    sections = tuple(
        notice_page.Section(
            **{
                **section,
                "paragraphs": tuple(section["paragraphs"]),
                "uses": tuple(notice_page.Use(**use) for use in section["uses"]),
            }
        )
        for section in plain["sections"]
    )
    day = datetime.fromisoformat(plain["valid_from"]).date()
    return notice_page.Page(**{**plain, "sections": sections, "valid_from": day})
