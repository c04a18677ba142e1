"""Who may be planned for: people who agreed and are not on the suppression list since."""

from collections.abc import Sequence

from werkbote.actions.policy import facts, ground
from werkbote.store import models


def plannable(held: Sequence[models.Consent], *, by_mail: bool = False) -> list[models.Consent]:
    """Return the consents for which something may be planned, in order, with one look at the list.

    The gate asks again when a message leaves. Inside `looking` or a transaction.
    """
    roots = ground.roots_of({row.person_id for row in held})
    listed = ground.suppressed(roots)
    return [
        row
        for row in held
        if not facts.unlifted(listed.get((roots[row.person_id], by_mail), {}), row)
    ]
