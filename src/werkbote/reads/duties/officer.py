"""The data protection officer as a screen shows it: the question, its answer, and what is left to do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from werkbote.domain import duties, team
from werkbote.reads import access
from werkbote.store import duties_officer as store
from werkbote.store import keyring, scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Officer:
    """What the house says, why an officer is needed, how the house stands; `members` work with this product."""

    answer: duties.officer.Answer | None
    grounds: Sequence[duties.officer.Ground]
    standing: duties.officer.Standing
    members: int


def officer(*, viewer: access.Viewer, day: date) -> Officer:
    """Return how the viewer's house stands; the same for every branch."""
    access.check_right(viewer, team.Right.READ_SETTINGS)
    keys = keyring.organisation(viewer.organisation)
    with scope.looking(organisation=viewer.organisation):
        answer = store.answer(keys)
        needed = store.needed(answer, day=day)
        return Officer(
            answer=answer,
            grounds=needed,
            standing=duties.officer.standing(answer, needed=needed),
            members=store.members(),
        )
