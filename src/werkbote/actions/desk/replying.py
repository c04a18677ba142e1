"""Canned replies: texts kept ready for the house, a branch or a team; made by those who arrange."""

from dataclasses import dataclass
from datetime import datetime

from werkbote.actions import audit, drafts
from werkbote.actions.desk import doing
from werkbote.store import ids, keyring, models, scope, vault

LONGEST_NAME = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A text to keep ready; without branch it is for all, without team for the whole branch."""

    name: str
    text: str
    branch: int | None = None
    team: int | None = None


def create_reply(*, organisation: int, reply: Reply, by: doing.By, at: datetime) -> int:
    """Keep a text ready and return its id; raise doing.UnableToDo with the reason."""
    keys = keyring.organisation(organisation)
    row = models.CannedReply(id=ids.new(), organisation_id=organisation, created_at=at)
    with scope.transaction(organisation=organisation):
        _write(keys, row, reply, at=at)
        row.save(force_insert=True)
        _record(row, "desk.create_reply", by=by, at=at)
    return row.id


def change_reply(
    *, organisation: int, canned: int, reply: Reply, by: doing.By, at: datetime
) -> None:
    """Change a text that is kept ready; raise doing.UnableToDo with the reason."""
    keys = keyring.organisation(organisation)
    with scope.transaction(organisation=organisation):
        row = _kept(canned)
        _write(keys, row, reply, at=at)
        row.save(force_update=True)
        _record(row, "desk.change_reply", by=by, at=at)


def end_reply(*, organisation: int, canned: int, by: doing.By, at: datetime) -> None:
    """Offer a text no more; raise doing.UnableToDo if it has ended."""
    with scope.transaction(organisation=organisation):
        row = _kept(canned)
        row.ended_at = at
        row.save(force_update=True)
        _record(row, "desk.end_reply", by=by, at=at)


def _kept(canned: int) -> models.CannedReply:
    row = models.CannedReply.objects.select_for_update().filter(id=canned, ended_at=None).first()
    if row is None:
        raise doing.UnableToDo("This reply is not there any more; reload the page.")
    return row


def _write(
    keys: vault.OrganisationKeys, row: models.CannedReply, reply: Reply, *, at: datetime
) -> None:
    name, text = reply.name.strip(), reply.text.strip()
    if not name or len(name) > LONGEST_NAME:
        raise doing.UnableToDo("A reply's name has between 1 and 40 characters.")
    if not text or len(text) > drafts.MOST_TEXT:
        raise doing.UnableToDo("A reply's text has between 1 and 4096 characters.")
    row.branch_id, row.team_id = _place(reply)
    row.name_sealed = keys.main.seal_text(
        name, table="canned_reply", row=row.id, column="name_sealed"
    )
    row.text_sealed = keys.main.seal_text(
        text, table="canned_reply", row=row.id, column="text_sealed"
    )
    row.changed_at = at


def _place(reply: Reply) -> tuple[int | None, int | None]:
    """Return branch and team; a team brings its branch along."""
    if reply.team is not None:
        found = models.Team.objects.filter(id=reply.team, ended_at=None)
        branch = found.values_list("branch_id", flat=True).first()
        if branch is None:
            raise doing.UnableToDo("This team is not there any more: choose another.")
        return branch, reply.team
    if reply.branch is not None and not models.Branch.objects.filter(id=reply.branch).exists():
        raise doing.UnableToDo("This branch is not there any more: choose another.")
    return reply.branch, None


def _record(row: models.CannedReply, verb: str, *, by: doing.By, at: datetime) -> None:
    audit.record(
        organisation=row.organisation_id, by=by, verb=verb, object=f"canned_reply:{row.id}", at=at
    )
