"""Which class of the deletion concept a message falls under: by its tag, else by its case and the contract."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db.models import Case, F, Q, QuerySet, When

from werkbote.domain import cases, privacy
from werkbote.store import models, rechtsstand

ENDED = "ended"
"""When the matter of a message ended: its case was closed, or days after it came where it has none."""

_OWN_WORD = Q(tag="")


def classes(rules: privacy.Retention, *, day: date) -> Mapping[str, Q]:
    """Return for each class the condition on its messages; no message falls under two."""
    found = {code: _OWN_WORD & where for code, where in of_cases(day=day).items()}
    for tag in rules.tags.values():
        where = Q(tag=tag.name)
        found[tag.rule] = found[tag.rule] | where if tag.rule in found else where
    return found


def of_cases(*, day: date) -> Mapping[str, Q]:
    """Return for each class the condition on messages whose closed case falls under it."""
    law, found = rechtsstand.keeping(day), dict[str, Q]()
    for kind in cases.Kind:
        for answer in cases.Contract:
            code = law.keeping(kind=kind, contract=answer)
            where = Q(case__kind=kind, case__contract=answer)
            found[code] = found[code] | where if code in found else where
    return found


def code_of(row: models.Message, rules: privacy.Retention, *, day: date) -> str:
    """Return the class of one message with its case, empty where none holds yet."""
    if row.tag in rules.tags:
        return rules.tags[row.tag].rule
    if row.case is None:
        return rechtsstand.keeping(day).unfiled
    if not row.case.contract:
        return ""
    return rechtsstand.keeping(day).keeping(
        kind=cases.Kind(row.case.kind), contract=cases.Contract(row.case.contract)
    )


def ended(where: Q, *, day: date) -> "QuerySet[Any]":
    """Return messages with the moment their matter ended, null while their case is open."""
    late = timedelta(days=rechtsstand.keeping(day).unfiled_days)
    over = Case(When(case=None, then=F("at") + late), default=F("case__closed_at"))
    return models.Message.objects.filter(where).annotate(ended=over)


def settled(rule: privacy.Rule, where: Q, *, day: date) -> "QuerySet[Any]":
    """Return the messages of a class whose clock runs.

    A clock that starts with the end of a case waits for it, and so does an archive; what is merely
    deleted by age (an identity card) does not wait for the end of anything.
    """
    by_age = rule.start is privacy.Start.COLLECTED and rule.action is privacy.Action.DELETE
    rows = ended(where, day=day)
    return rows if by_age else rows.filter(Q(case=None) | Q(case__closed_at__isnull=False))
