"""The gate's answers as screens show them: why something was sent, or was not."""

from dataclasses import dataclass
from datetime import datetime

from werkbote.domain import team
from werkbote.reads import access
from werkbote.store import models, scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A permit or a refusal; `sentence` is in the viewer's language, `evidence` names records by id."""

    id: int
    message: int
    permitted: bool
    purpose: str
    basis: str
    rule: str
    article: str
    sentence: str
    remedy: str
    retry_at: datetime | None
    evidence: tuple[str, ...]
    policy_version: str
    decided_at: datetime


def of(row: models.Decision | None, *, language: str) -> Decision | None:
    """Return a decision row as screens show it; None stays None."""
    if row is None:
        return None
    return Decision(
        id=row.id,
        message=row.message_ref,
        permitted=row.permitted,
        purpose=row.purpose,
        basis=row.basis,
        rule=row.rule,
        article=row.article,
        sentence=row.sentence_de if language == "de" else row.sentence_en,
        remedy=row.remedy,
        retry_at=row.retry_at,
        evidence=tuple(str(reference) for reference in row.evidence),
        policy_version=row.policy_version,
        decided_at=row.decided_at,
    )


def decisions_of(*, viewer: access.Viewer, message: int) -> tuple[Decision, ...]:
    """Return all decisions about one message, the newest first; raise UnableToSee if not visible."""
    access.check_right(viewer, team.Right.READ_DECISIONS)
    access.check_message(viewer, message, archive=True)
    with scope.looking(organisation=viewer.organisation):
        rows = models.Decision.objects.filter(message_ref=message).order_by("-id")
        found = [of(row, language=viewer.language) for row in rows]
    return tuple(decision for decision in found if decision is not None)
