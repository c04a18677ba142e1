"""The newsletter as the team sees it: sender, readers in numbers, issues and what became of their copies."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count

from werkbote.domain import consent, delivery, newsletter, team
from werkbote.reads import access
from werkbote.store import ids, keyring, models, notice, scope, vault

_MOST = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Where a branch's e-mails come from, as it is set up."""

    address: str
    name: str
    server: str
    agreement_at: date | None
    per_second: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """What became of the copies of an issue; nobody is asked whether they opened it."""

    sent: int = 0
    waiting: int = 0
    bounced: int = 0
    refused: int = 0
    unclear: int = 0
    cancelled: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """One issue with its results."""

    id: int
    subject: str
    text: str
    language: str
    state: str
    readers: int
    unsubscribed: int
    changed_at: datetime
    begun_at: datetime | None
    results: Results

    @property
    def code(self) -> str:
        """How public addresses name the issue."""
        return ids.short(self.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """One branch with its newsletter; `sender` None where none is set up."""

    branch: int
    code: str
    name: str
    sender: Sender | None
    readers: int
    pending: int
    left: int
    undeliverable: int
    issues: tuple[Issue, ...]


_COLUMNS: Mapping[str, str] = {
    delivery.State.SENT: "sent",
    delivery.State.DELIVERED: "sent",
    delivery.State.READ: "sent",
    delivery.State.QUEUED: "waiting",
    delivery.State.SENDING: "waiting",
    delivery.State.FAILED: "bounced",
    delivery.State.REFUSED: "refused",
    delivery.State.UNKNOWN: "unclear",
    delivery.State.CANCELLED: "cancelled",
}


def overview(*, viewer: access.Viewer) -> tuple[House, ...]:
    """Return the newsletters of the viewer's branches; a constant number of queries."""
    access.check_right(viewer, team.Right.PUBLISH)
    keys = keyring.organisation(viewer.organisation)
    with scope.looking(organisation=viewer.organisation):
        branches = list(models.Branch.objects.filter(id__in=viewer.branches).order_by("id"))
        numbers = {
            row.branch_id: row
            for row in models.Number.objects.filter(branch__in=branches, channel="mail")
        }
        stands = _stands(branches)
        issues = list(
            models.NewsletterIssue.objects.filter(branch__in=branches).order_by("-id")[:_MOST]
        )
        results = _results([row.id for row in issues])
    return tuple(
        House(
            branch=row.id,
            code=ids.short(row.id),
            name=keys.main.open_text(
                row.name_sealed, table="branch", row=row.id, column="name_sealed"
            ),
            sender=_sender(keys, numbers.get(row.id)),
            readers=stands.get((row.id, consent.State.GRANTED), 0),
            pending=stands.get((row.id, consent.State.PENDING), 0),
            left=stands.get((row.id, consent.State.WITHDRAWN), 0),
            undeliverable=stands.get((row.id, consent.State.FROZEN), 0),
            issues=tuple(_issue(one, results) for one in issues if one.branch_id == row.id),
        )
        for row in branches
    )


def _stands(branches: list[models.Branch]) -> dict[tuple[int, str], int]:
    rows = (
        models.Consent.objects.filter(branch__in=branches, purpose=newsletter.PURPOSE)
        .values_list("branch_id", "state")
        .annotate(count=Count("id"))
    )
    return {(branch, state): count for branch, state, count in rows}


def _results(issues: list[int]) -> dict[int, dict[str, int]]:
    found: dict[int, dict[str, int]] = {}
    rows = (
        models.Message.objects.filter(
            kind="mail", request_key__in=[f"issue:{issue}" for issue in issues]
        )
        .values_list("request_key", "state")
        .annotate(count=Count("id"))
    )
    for key, state, count in rows:
        columns = found.setdefault(int(str(key).partition(":")[2]), {})
        columns[_COLUMNS[state]] = columns.get(_COLUMNS[state], 0) + count
    return found


def _sender(keys: vault.OrganisationKeys, row: models.Number | None) -> Sender | None:
    if row is None:
        return None
    address, name = (
        keys.main.open_text(sealed, table="number", row=row.id, column=column)
        for sealed, column in (
            (row.phone_sealed, "phone_sealed"),
            (row.label_sealed, "label_sealed"),
        )
    )
    return Sender(
        address=address,
        name=name,
        server=row.graph_url,
        agreement_at=row.agreement_at,
        per_second=row.per_second,
    )


def _issue(row: models.NewsletterIssue, results: Mapping[int, Mapping[str, int]]) -> Issue:
    return Issue(
        id=row.id,
        subject=row.subject,
        text=row.text,
        language=row.language,
        state=row.state,
        readers=row.readers,
        unsubscribed=row.unsubscribed,
        changed_at=row.changed_at,
        begun_at=row.begun_at,
        results=Results(**results.get(row.id, {})),
    )


def issue(*, viewer: access.Viewer, issue: int) -> tuple[int, Issue]:
    """Return branch and issue; raise UnableToSee where it is none of the viewer's."""
    access.check_right(viewer, team.Right.PUBLISH)
    with scope.looking(organisation=viewer.organisation):
        row = models.NewsletterIssue.objects.filter(id=issue, branch__in=viewer.branches).first()
        if row is None:
            raise access.UnableToSee("There is no such issue.")
        return row.branch_id, _issue(row, _results([row.id]))


def check_branch(*, viewer: access.Viewer, branch: int) -> None:
    """Raise UnableToSee unless the branch is one of the viewer's."""
    if branch not in viewer.branches:
        raise access.UnableToSee("There is no such branch.")


def archive(*, branch: int) -> tuple[Issue, ...]:
    """Return what was sent, the latest first, for anybody; raise notice.UnableToFindNotice."""
    organisation = notice.organisation_of(branch)
    with scope.looking(organisation=organisation):
        rows = models.NewsletterIssue.objects.filter(branch=branch, begun_at__isnull=False)
        return tuple(_issue(row, {}) for row in rows.order_by("-begun_at", "-id")[:_MOST])


def archived(*, branch: int, issue: int) -> Issue | None:
    """Return an issue that was sent, for anybody, None where there is none."""
    organisation = notice.organisation_of(branch)
    with scope.looking(organisation=organisation):
        row = models.NewsletterIssue.objects.filter(
            id=issue, branch=branch, begun_at__isnull=False
        ).first()
        return None if row is None else _issue(row, {})
