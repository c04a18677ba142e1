"""Commercial letters (Handelsbriefe) and what else a case keeps: which messages, by which class, until when."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Max, Q

from werkbote.actions.privacy import classing
from werkbote.domain import cases, privacy
from werkbote.store import models, rechtsstand

ZONE = ZoneInfo("Europe/Berlin")
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Rows that one rule keeps, per table, and how that is told."""

    rows: Mapping[str, Q]
    blocks: tuple[privacy.Block, ...]


def find(people: Sequence[int], *, rules: privacy.Retention, day: date) -> Iterator[Found]:
    """Yield what the cases of these persons keep in spite of a request for erasure (Art. 17(3))."""
    for case in models.Case.objects.filter(person__in=list(people)).order_by("id"):
        rule = rule_of(case, rules=rules, day=day)
        if rule.holds_request:
            found = _kept(case, rule, day=day)
            if found is not None:
                yield found
    for code in sorted({tag.rule for tag in rules.tags.values()}):
        if rules.rules[code].holds_request:
            tagged = _tagged(people, rules, rules.rules[code], day=day)
            if tagged is not None:
                yield tagged


def _tagged(
    people: Sequence[int], rules: privacy.Retention, rule: privacy.Rule, *, day: date
) -> Found | None:
    """Return what somebody has marked, in a case or in none, and whose period still runs."""
    where = Q(tag__in=rules.tagged(rule.code))
    of_them = Q(person__in=list(people)) | Q(case__person__in=list(people))
    found = [
        row
        for row in classing.ended(where & of_them, day=day).select_related("case")
        if _runs(row, rule, day=day)
    ]
    if not found:
        return None
    starts = [_start(row, rule) for row in found]
    due = [rule.due(one.astimezone(ZONE).date()) for one in starts if one is not None]
    ends = [one - _DAY for one in due if one is not None]
    block = privacy.Block(
        rule=rule.code,
        store="store.Message",
        count=len(found),
        until=None if None in starts else max(ends, default=None),
        article=rule.article,
    )
    kept = [row.id for row in found]
    return Found(rows=_rows(kept, filed_in=[row.case_id for row in found]), blocks=(block,))


def _start(row: models.Message, rule: privacy.Rule) -> datetime | None:
    """Return from when a marked message's period counts, None while its case is open."""
    if row.case is not None and row.case.closed_at is None:
        return None
    ended: datetime = row.ended  # type: ignore[attr-defined]  # annotated by classing
    return row.at if rule.start is privacy.Start.COLLECTED else ended


def _runs(row: models.Message, rule: privacy.Rule, *, day: date) -> bool:
    start = _start(row, rule)
    if start is None:
        return True
    due = rule.due(start.astimezone(ZONE).date())
    in_audit = rule.start is privacy.Start.COLLECTED and row.at.astimezone(ZONE).year in audited(
        day
    )
    return due is None or due > day or in_audit


def rule_of(case: models.Case, *, rules: privacy.Retention, day: date) -> privacy.Rule:
    """Return the deletion class of a case; one that is open counts as if nobody knew of a contract."""
    answer = cases.Contract(case.contract) if case.contract else cases.Contract.UNKNOWN
    code = rechtsstand.keeping(day).keeping(kind=cases.Kind(case.kind), contract=answer)
    return rules.rules[code]


def messages(case: models.Case, rule: privacy.Rule, *, day: date) -> Q | None:
    """Return the condition on messages of a case whose period still runs, None where it is over.

    What somebody has marked as something else is not the case's.
    """
    own = Q(case=case.id, tag="")
    if case.closed_at is None:
        return own
    if rule.start is privacy.Start.COLLECTED:
        first = rule.first_kept(day)
        kept = Q(at__gte=_midnight(first)) if first else Q()
        for year in audited(day):
            kept |= Q(at__gte=_midnight(date(year, 1, 1)), at__lt=_midnight(date(year + 1, 1, 1)))
        return own & kept
    due = rule.due(case.closed_at.astimezone(ZONE).date())
    return own if due is None or due > day else None


def audited(day: date) -> list[int]:
    """Return the fiscal years whose tax audit is open (§ 147(3) S. 5 AO)."""
    rows = models.TaxAudit.objects.filter(open_until__gte=day)
    return sorted(rows.values_list("year", flat=True))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=ZONE)


def _kept(case: models.Case, rule: privacy.Rule, *, day: date) -> Found | None:
    where = messages(case, rule, day=day)
    if where is None:
        return None
    rows = models.Message.objects.filter(where)
    figures = rows.aggregate(last=Max("at"))
    count = rows.count()
    if not count and case.closed_at is not None:
        return None
    ids = list(rows.values_list("id", flat=True))
    block = privacy.Block(
        rule=rule.code,
        store="store.Message",
        count=count,
        until=_until(case, rule, figures["last"], day=day),
        article=rule.article,
    )
    return Found(rows=_rows(ids, filed_in=[case.id]), blocks=(block,))


def _rows(found: Sequence[int], *, filed_in: Sequence[int | None]) -> Mapping[str, Q]:
    """Return per table what messages need to stay readable, with the cases they are filed in."""
    rows = models.Message.objects.filter(id__in=list(found))
    named = list(rows.exclude(provider_id=None).values_list("provider_id", flat=True))
    filed = models.Case.objects.filter(id__in=[one for one in filed_in if one])
    sealing = {*rows.values_list("person_id", flat=True), *filed.values_list("person", flat=True)}
    vehicles = [one for one in filed.values_list("vehicle", flat=True) if one]
    return {
        "store.Message": Q(id__in=list(found)),
        "store.MessageChange": Q(target__in=named),
        "store.Media": Q(message__in=list(found)),
        "store.MediaChunk": Q(media__message__in=list(found)),
        "store.Conversation": Q(messages__in=list(found)),
        "store.Case": Q(id__in=[row.id for row in filed]),
        "store.VehicleRole": Q(vehicle__in=vehicles),
        "store.Identity": Q(person__in=sealing),
        "store.Person": Q(id__in=sealing),
    }


def _until(
    case: models.Case, rule: privacy.Rule, last: datetime | None, *, day: date
) -> date | None:
    """Return the last day anything of the case is kept, None while the case is open."""
    if case.closed_at is None:
        return None
    start = last if rule.start is privacy.Start.COLLECTED and last else case.closed_at
    due = rule.due(start.astimezone(ZONE).date())
    audits = models.TaxAudit.objects.filter(open_until__gte=day).aggregate(last=Max("open_until"))
    ends = [due - _DAY] if due else []
    if rule.start is privacy.Start.COLLECTED and audits["last"]:
        ends.append(audits["last"])
    return max(ends) if ends else None
