"""What one message is marked as, and what it could be: with how long each is kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from werkbote.domain import privacy
from werkbote.reads import access
from werkbote.store import models, rechtsstand, scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One mark in the viewer's language; `rule` is its deletion class."""

    name: str
    title: str
    hint: str
    rule: str
    period: privacy.Period | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """The mark of a message; `by_house` where nobody of the team put it on."""

    message: int
    conversation: int
    tag: str
    by_house: bool
    archived: bool
    choices: Sequence[Choice]


def mark(*, viewer: access.Viewer, message: int, day: date) -> Mark:
    """Return the mark of a message; raise access.UnableToSee where it is not the viewer's."""
    conversation = access.check_message(viewer, message, archive=True)
    with scope.looking(organisation=viewer.organisation):
        row = models.Message.objects.only("tag", "tagged_by", "archived_at").get(id=message)
        law = rechtsstand.retention(day)
    german = viewer.language == "de"
    return Mark(
        message=message,
        conversation=conversation,
        tag=row.tag,
        by_house=bool(row.tag) and row.tagged_by_id is None,
        archived=row.archived_at is not None,
        choices=[
            Choice(
                name=one.name,
                title=one.de if german else one.en,
                hint=one.hint_de if german else one.hint_en,
                rule=one.rule,
                period=law.rules[one.rule].period,
            )
            for one in law.tags.values()
        ],
    )
