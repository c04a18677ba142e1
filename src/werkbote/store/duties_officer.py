"""What the house says about its data protection officer, and whether one is needed today."""

from datetime import date

import orjson

from werkbote.domain import duties
from werkbote.store import models, rechtsstand, vault

_BODY = {"table": "officer", "column": "body_sealed"}


def sealed(keys: vault.OrganisationKeys, row: int, answer: duties.officer.Answer) -> bytes:
    """Return name, contact and receipt as the row keeps them."""
    said = {"name": answer.name, "contact": answer.contact, "reference": answer.reference}
    return keys.main.seal(orjson.dumps(said), row=row, **_BODY)


def answer(keys: vault.OrganisationKeys) -> duties.officer.Answer | None:
    """Return what the house says, None where nobody was asked yet; inside a scope."""
    row = models.Officer.objects.first()
    if row is None:
        return None
    said: dict[str, str] = orjson.loads(keys.main.open(row.body_sealed, row=row.id, **_BODY))
    return duties.officer.Answer(
        people=row.people,
        assessment=row.assessment,
        appointed_on=row.appointed_on,
        notified_on=row.notified_on,
        **said,
    )


def members() -> int:
    """Return how many of the house work with this product; inside a scope."""
    return models.Member.objects.filter(is_active=True).count()


def needed(answer: duties.officer.Answer | None, *, day: date) -> tuple[duties.officer.Ground, ...]:
    """Return why an officer is needed on a day; inside a scope."""
    said = answer or duties.officer.Answer(people=0, assessment=False)
    most = int(rechtsstand.document("records", day=day)["officer"]["people"])
    return duties.officer.grounds(said, members=members(), most=most)
