"""What each deletion class is about: which rows it counts, which of them are due, and what becomes of them."""

from collections.abc import Iterator, Sequence
from datetime import date

from django.db.models import Exists, OuterRef, Q

from werkbote.actions.privacy import ageing, classing, letters, old_chats, proofs
from werkbote.domain import cases, privacy
from werkbote.store import archive, models, rechtsstand, search
from werkbote.store import old_chats as chats


def all_(rules: privacy.Retention, *, organisation: int, day: date) -> Iterator[ageing.Stock]:
    """Yield every stock there is, archives before deletions. Inside a scope."""
    yield from _messages(rules, day=day)
    yield _unfiled(rules, day=day)
    yield from _old_chats(rules, day=day)
    yield from proofs.stocks(rules, day=day)
    yield from ageing.stocks(rules, organisation=organisation, day=day)


def _delete_messages(found: Sequence[int]) -> int:
    """Delete messages with their files, words and changes; that a notice arrived stays. In a transaction."""
    archive.end()
    proofs.keep_notices(found)
    named = models.Message.objects.filter(id__in=list(found)).exclude(provider_id=None)
    models.MessageChange.objects.filter(
        target__in=list(named.values_list("provider_id", flat=True))
    ).delete()
    models.Message.objects.filter(id__in=list(found)).delete()
    return len(found)


def _messages(rules: privacy.Retention, *, day: date) -> Iterator[ageing.Stock]:
    """Yield the messages by class: out of the inbox first, then out of the house."""
    cases_of = classing.of_cases(day=day)
    for code, where in classing.classes(rules, day=day).items():
        rule = rules.rules[code]
        rows = classing.settled(rule, where, day=day)
        since = "at" if rule.start is privacy.Start.COLLECTED else classing.ENDED
        if rule.restrict is not None:
            yield _archive(rule, rows, day=day)
        due = rows.filter(ageing.before(rule, since, day=day))
        if rule.start is privacy.Start.COLLECTED and rule.holds_request:
            due = _unaudited(due, day=day)
        yield ageing.Stock(
            rule=code,
            name="message",
            rows=rows,
            due=due,
            act=_delete_messages,
            since=since,
            person="person_id",
        )
        if code in cases_of:
            yield _closed(rule, day=day)


def _unaudited(due: ageing.Rows, *, day: date) -> ageing.Rows:
    """Return what is due without the letters of fiscal years whose tax audit is open."""
    for year in letters.audited(day):
        begin, end = ageing.midnight(date(year, 1, 1)), ageing.midnight(date(year + 1, 1, 1))
        due = due.exclude(at__gte=begin, at__lt=end)
    return due


def _archive(rule: privacy.Rule, rows: ageing.Rows, *, day: date) -> ageing.Stock:
    """Return what leaves the daily inbox: it stays readable, unchanged, and is not found by search."""
    assert rule.restrict is not None
    clock = privacy.Rule(
        code=rule.code,
        name_de=rule.name_de,
        name_en=rule.name_en,
        start=privacy.Start.CASE_ENDED,
        period=rule.restrict,
        action=privacy.Action.ARCHIVE,
        article=rule.article,
    )

    def act(found: Sequence[int]) -> int:
        search.forget(found)
        return models.Message.objects.filter(id__in=list(found), archived_at=None).update(
            archived_at=ageing.midnight(day)
        )

    waiting = rows.filter(archived_at=None)
    return ageing.Stock(
        rule=rule.code,
        name="archive",
        rows=waiting,
        due=waiting.filter(ageing.before(clock, classing.ENDED, day=day)),
        act=act,
        since=classing.ENDED,
    )


def _closed(rule: privacy.Rule, *, day: date) -> ageing.Stock:
    """Return closed cases of a class that hold no message any more and whose period is over."""
    plain = Q()
    for kind in cases.Kind:
        for answer in cases.Contract:
            if rechtsstand.keeping(day).keeping(kind=kind, contract=answer) == rule.code:
                plain |= Q(kind=kind, contract=answer)
    rows = models.Case.objects.filter(plain, closed_at__isnull=False)
    filed = models.Message.objects.filter(case=OuterRef("pk"))
    due = rows.filter(~Exists(filed)).filter(ageing.before(rule, "closed_at", day=day))

    def act(found: Sequence[int]) -> int:
        models.Case.objects.filter(id__in=list(found)).delete()
        return len(found)

    return ageing.Stock(
        rule=rule.code,
        name="case",
        rows=rows,
        due=due,
        act=act,
        since="closed_at",
        person="person_id",
    )


def _unfiled(rules: privacy.Retention, *, day: date) -> ageing.Stock:
    """Return messages of no case: they count as an inquiry without a contract after some days."""
    code = rechtsstand.keeping(day).unfiled
    rows = classing.ended(Q(case=None, tag=""), day=day)
    return ageing.Stock(
        rule=code,
        name="unfiled",
        rows=rows,
        due=rows.filter(ageing.before(rules.rules[code], classing.ENDED, day=day)),
        act=_delete_messages,
        since="at",
        person="person_id",
    )


def _old_chats(rules: privacy.Retention, *, day: date) -> Iterator[ageing.Stock]:
    """Yield filed chats of private phones, by the class somebody chose; each goes whole, with its key."""
    for one in rechtsstand.way_out(day).classes:
        rule = rules.rules[one.id]
        rows = old_chats.filed().filter(retention=rule.code)
        yield ageing.Stock(
            rule=rule.code,
            name="old_chat",
            rows=rows,
            due=rows.exclude(old_chats.running(rule, day=day)),
            act=chats.remove,
            since=old_chats.ENDED,
            person="person_id",
        )
