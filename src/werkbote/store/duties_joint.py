"""With whom the house decides about data, opened: agreements in force, and the paper of one."""

from collections.abc import Iterator

import orjson

from werkbote.domain import duties
from werkbote.store import models, vault

_TABLE = "joint_controller"


def sealed(keys: vault.OrganisationKeys, row: int, agreement: duties.joint.Agreement) -> bytes:
    """Return what was written about an agreement as its row keeps it."""
    said = {
        "name": agreement.name,
        "subject": agreement.subject,
        "essence_de": agreement.essence_de,
        "essence_en": agreement.essence_en,
    }
    return keys.main.seal(orjson.dumps(said), table=_TABLE, row=row, column="body_sealed")


def sealed_paper(keys: vault.OrganisationKeys, row: int, content: bytes) -> bytes:
    """Return an uploaded agreement as its row keeps it."""
    return keys.main.seal(content, table=_TABLE, row=row, column="paper_sealed")


def paper(keys: vault.OrganisationKeys, row: models.JointController) -> bytes:
    """Return an agreement as it was uploaded."""
    return keys.main.open(row.paper_sealed, table=_TABLE, row=row.id, column="paper_sealed")


def in_force(keys: vault.OrganisationKeys) -> Iterator[tuple[int, duties.joint.Agreement]]:
    """Yield the agreements in force with their rows, without their papers; inside a scope."""
    rows = models.JointController.objects.filter(ended_at=None).defer("paper_sealed")
    for row in rows.order_by("id"):
        said = orjson.loads(
            keys.main.open(row.body_sealed, table=_TABLE, row=row.id, column="body_sealed")
        )
        yield row.id, duties.joint.Agreement(agreed_on=row.agreed_on, **said)
