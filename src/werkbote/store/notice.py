"""What the full notice of a branch is made of: the branch's own row, what was entered, the law of the day."""

from dataclasses import replace
from datetime import datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import orjson
from django.db import connection

from werkbote.domain import duties, notice_page
from werkbote.store import duties_joint, duties_officer, models, rechtsstand, vault

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_ZONE = ZoneInfo("Europe/Berlin")


class UnableToFindNotice(LookupError):
    """There is no such branch or no such version."""


def organisation_of(branch: int) -> int:
    """Return the organisation of a branch; raise UnableToFindNotice where there is none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT werkbote_organisation_of_branch(%s)", [branch])
        row = cursor.fetchone()
    if row is None or row[0] is None:
        raise UnableToFindNotice("There is no such branch.")
    return int(row[0])


def only_organisation() -> int | None:
    """Return the organisation of an installation that has but one; None where there are none or more."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM werkbote_organisations()")
        found = cursor.fetchmany(2)
    return int(found[0][0]) if len(found) == 1 else None


def details(keys: vault.OrganisationKeys, branch: models.Branch) -> notice_page.Details:
    """Return what a branch's notice says of it: what is entered, and the house's officer where it names none.

    Inside `looking` or a transaction.
    """
    found = replace(entered(keys, branch), **_joint(keys))
    if found.officer_contact.strip():
        return found
    officer = duties_officer.answer(keys)
    if officer is None or not officer.contact:
        return found
    return replace(found, officer=officer.name, officer_contact=officer.contact)


def _joint(keys: vault.OrganisationKeys) -> dict[str, str]:
    """Return what is published of the agreements between joint controllers, by the name of its place."""
    agreements = [one for _, one in duties_joint.in_force(keys)]
    return {
        f"joint_{language}": " ".join(duties.joint.published(one, language) for one in agreements)
        for language in notice_page.LANGUAGES
    }


def entered(keys: vault.OrganisationKeys, branch: models.Branch) -> notice_page.Details:
    """Return what is entered about a branch. Inside `looking` or a transaction."""
    row = models.BranchDetails.objects.filter(branch=branch).first()
    given: dict[str, str] = {}
    if row is not None:
        body = keys.main.open(
            row.body_sealed, table="branch_details", row=row.id, column="body_sealed"
        )
        given = orjson.loads(body)

    def text(column: str, sealed: bytes | memoryview) -> str:
        return keys.main.open_text(sealed, table="branch", row=branch.id, column=column)

    return notice_page.Details(
        company=text("legal_entity_sealed", branch.legal_entity_sealed),
        branch=text("name_sealed", branch.name_sealed),
        state_code=branch.state_code,
        **{**given, "mail": _mail_server(branch)},
    )


def _mail_server(branch: models.Branch) -> str:
    """Return the host of the mail server a branch's newsletter is handed to; "" where it is our own."""
    sender = models.Number.objects.filter(branch=branch, channel="mail").first()
    host = (urlsplit(sender.graph_url).hostname or "") if sender else ""
    return "" if host in _LOOPBACK else host


def compose(found: notice_page.Details, *, language: str, at: datetime) -> notice_page.Page:
    """Return the notice that these details give on a day."""
    day = at.astimezone(_ZONE).date()
    return notice_page.compose(
        found,
        document=rechtsstand.document("notice_page", day=day),
        rules=rechtsstand.on(day),
        language=language,
    )
