"""The short first-contact notice of a number's branch, with the link to the full one."""

import logging
from collections.abc import Mapping
from datetime import datetime

from django.conf import settings

from werkbote.actions.policy import ground
from werkbote.domain import notice
from werkbote.store import ids, models, rechtsstand, vault

_LOG = logging.getLogger(__name__)


def notices(
    keys: vault.OrganisationKeys, number: models.Number, *, at: datetime
) -> Mapping[str, str]:
    """Return the short first-contact notice of a number's branch, by language, with its link.

    Empty where it cannot be worded as the law asks (a name or link too long): then the gate holds
    first messages back, and says that the notice is outstanding.
    """
    rules = rechtsstand.on(at.astimezone(ground.ZONE).date()).notice
    place = house(keys, number.branch)
    found = dict.fromkeys(notice.LANGUAGES, "")
    for language in notice.LANGUAGES:
        try:
            found[language] = notice.compose(place, rules=rules, language=language).text
        except notice.UnableToComposeNotice as error:
            _LOG.error("branch %s: %s", number.branch_id, error)
    return found


def house(keys: vault.OrganisationKeys, branch: models.Branch) -> notice.House:
    """Return what fills the places of a branch's notice."""
    return notice.House(
        company=keys.main.open_text(
            branch.legal_entity_sealed, table="branch", row=branch.id, column="legal_entity_sealed"
        ),
        link=link(branch.id),
    )


def link(branch: int) -> str:
    """Return the address of a branch's full notice."""
    return f"{settings.WERKBOTE_PUBLIC_URL.rstrip('/')}/d/{ids.short(branch)}"
