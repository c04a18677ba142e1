"""What withstands an erasure: legal holds, and periods that a rule sets; which rows, until when, by what norm."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from werkbote.actions.privacy import letters, old_chats
from werkbote.domain import consent, privacy
from werkbote.store import erasing, models, rechtsstand

ZONE = ZoneInfo("Europe/Berlin")
PHONE = "P-12"
"""Advertising by telephone: its evidence has a period of its own (§ 7a UWG)."""

_EVIDENCE = "store.ConsentEvidence"
_ENDED = frozenset({consent.State.WITHDRAWN, consent.State.OBJECTED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """What stays of a person, as the eraser and as people need it. `held`: nothing may go at all."""

    kept: erasing.Kept
    blocks: tuple[privacy.Block, ...]
    held: bool


def today(at: datetime) -> date:
    """Return the day in Germany."""
    return at.astimezone(ZONE).date()


def held(people: Sequence[int]) -> bool:
    """Return whether a legal hold covers one of these persons. Inside a scope."""
    holds = models.LegalHold.objects.filter(ended_at=None)
    if holds.filter(subject__in=list(people)).exists():
        return True
    queries = holds.filter(subject=None).values_list("query", flat=True)
    return any(_covers(query, people) for query in queries)


def _covers(query: Mapping[str, Any], people: Sequence[int]) -> bool:
    """Return whether somebody's messages meet every condition of a hold; without one it is all."""
    return fitting(query).filter(person__in=list(people)).exists()


def fitting(query: Mapping[str, Any]) -> QuerySet[models.Message]:
    """Return the messages that meet every condition of a hold; whose they are is held. Inside a scope."""
    wanted = models.Message.objects.all()
    for name, value in query.items():
        wanted = wanted.filter(**{CONDITIONS[name]: value})
    return wanted


CONDITIONS = {
    "case_kind": "case__kind",
    "branch": "number__branch",
    "vehicle": "case__vehicle",
    "since": "at__date__gte",
    "until": "at__date__lte",
}


def find(people: Sequence[int], *, at: datetime) -> Keeping:
    """Return what stays of these persons today. Inside a scope."""
    rules = rechtsstand.retention(today(at))
    found = [
        *letters.find(people, rules=rules, day=today(at)),
        *old_chats.find(people, rules=rules, day=today(at)),
    ]
    for code in ("L-16", "L-17"):
        evidence = _evidence(people, rules.rules[code], at=at)
        if evidence is not None:
            found.append(evidence)
    rows: dict[str, Q] = {}
    for one in found:
        for label, where in one.rows.items():
            rows[label] = rows[label] | where if label in rows else where
    return Keeping(
        kept=erasing.Kept(rows=rows),
        blocks=tuple(block for one in found for block in one.blocks),
        held=held(people),
    )


def _sealing(people: Sequence[int], evidence: Q) -> list[int]:
    """Return whose keys the kept evidence needs."""
    kept = models.ConsentEvidence.objects.filter(evidence, person__in=list(people))
    return sorted(set(kept.values_list("person_id", flat=True)))


def _evidence(people: Sequence[int], rule: privacy.Rule, *, at: datetime) -> letters.Found | None:
    """Return which evidence of consents that were really given stays (Art. 17(3)(e)), and until when.

    Of calls (§ 7a UWG) the period counts from grant and use, of anything else from its end too.
    """
    given = models.Consent.objects.filter(person__in=list(people), granted_at__isnull=False)
    by_phone = rule.code == "L-17"
    given = given.filter(purpose=PHONE) if by_phone else given.exclude(purpose=PHONE)
    where, until = Q(), None
    for row in given:
        ended = None if by_phone else _ended(row)
        start = max(filter(None, [row.granted_at, row.last_used_at, ended]))
        due = rule.due(today(start))
        if due is None or due <= today(at):
            continue
        where |= Q(event__purpose=row.purpose, event__entity=row.branch_id)
        until = max(filter(None, [until, due - timedelta(days=1)]))
    if not where:
        return None
    count = models.ConsentEvidence.objects.filter(where, person__in=list(people)).count()
    block = privacy.Block(
        rule=rule.code, store=_EVIDENCE, count=count, until=until, article=rule.article
    )
    return letters.Found(
        rows={
            _EVIDENCE: where,
            "store.Consent": Q(granted_at__isnull=False),
            "store.Person": Q(id__in=_sealing(people, where)),
        },
        blocks=(block,),
    )


def _ended(row: models.Consent) -> datetime | None:
    return row.since if row.state in _ENDED else None
