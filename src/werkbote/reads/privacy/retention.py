"""The deletion concept as it is executed: each class with its stock, the oldest, what is due, what was done."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import Count, Min

from werkbote.domain import privacy, team
from werkbote.reads import access
from werkbote.store import models, personal_data, rechtsstand, scope

_OUR_OWN = frozenset({"django_migrations", "procrastinate_version"})
"""Tables that keep no data but what the tools themselves must know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One kind of rows of a deletion class, and what the last sweep did to it.

    `name` is empty where the class has no rows here: then `note` says what was looked for, and `why`
    why there is nothing. `latest` is set where a statute names a second limit beside `length`.
    """

    rule: str
    name: str
    what: str
    article: str
    stock: int = 0
    oldest: datetime | None = None
    overdue: int = 0
    held: int = 0
    done: int = 0
    mark: int | None = None
    state: str = ""
    note: str = ""
    why: str = ""
    length: privacy.Period | None = None
    latest: privacy.Period | None = None

    @property
    def is_braked(self) -> bool:
        """Whether a person must let the sweep go on."""
        return self.state == "braked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """What was looked at for data of classes that have none: tables in the database, and unlisted ones."""

    tables: int
    unlisted: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """The page of the deletion concept as it is executed. `progress` is the share done, in per cent."""

    classes: tuple[Row, ...]
    overdue: int
    missed: bool
    last: date | None
    progress: int | None
    audits: tuple[tuple[int, date], ...]
    probe: Probe


def _last() -> date | None:
    return models.RetentionMark.objects.order_by("-day").values_list("day", flat=True).first()


def retention(*, viewer: access.Viewer, findings: Sequence[Any], day: date) -> Retention:
    """Return every class there is, with what is overdue (from a dry run) and what was done."""
    access.check_right(viewer, team.Right.HANDLE_REQUESTS)
    rules = rechtsstand.retention(day)
    with scope.looking(organisation=viewer.organisation):
        last = _last()
        marks = list(models.RetentionMark.objects.filter(day=last or day))
        audits = models.TaxAudit.objects.filter(open_until__gte=day).order_by("year")
        open_audits = tuple(audits.values_list("year", "open_until"))
        probe = _probe()
        rows = [
            *_swept(findings, marks, rules, german=viewer.language == "de"),
            *_resting(findings, rules, german=viewer.language == "de"),
        ]
    return Retention(
        classes=tuple(sorted(rows, key=lambda one: (one.rule, one.name))),
        overdue=sum(one.overdue for one in rows),
        missed=last is not None and privacy.is_missed(last, day=day),
        last=last,
        progress=_progress(marks),
        audits=open_audits,
        probe=probe,
    )


def _progress(marks: Sequence[models.RetentionMark]) -> int | None:
    """Return how much of what was due at the start of a sweep under way is done, None at rest."""
    if all(one.state == "done" for one in marks):
        return None
    due = sum(one.due for one in marks)
    return min(100, 100 * sum(one.done + one.held for one in marks) // due) if due else 100


def _swept(
    findings: Sequence[Any],
    marks: Sequence[models.RetentionMark],
    rules: privacy.Retention,
    *,
    german: bool,
) -> Iterator[Row]:
    known = {(one.rule, one.name): one for one in marks}
    for one in findings:
        mark, rule = known.get((one.rule, one.name)), rules.rules[one.rule]
        yield Row(
            rule=one.rule,
            name=one.name,
            what=rule.name_de if german else rule.name_en,
            article=rule.article,
            stock=one.stock,
            oldest=one.oldest,
            overdue=one.due,
            held=one.held,
            done=mark.done if mark else 0,
            mark=mark.id if mark else None,
            state=mark.state if mark else "",
        )


def _resting(findings: Sequence[Any], rules: privacy.Retention, *, german: bool) -> Iterator[Row]:
    """Yield the classes no sweep works on: kept without an end, ended elsewhere, or without data here."""
    swept = {one.rule for one in findings}
    for rule in rules.rules.values():
        if rule.code in swept:
            continue
        found = _elsewhere(rule.code)
        yield Row(
            rule=rule.code,
            name=str(found.get("name", "")),
            what=rule.name_de if german else rule.name_en,
            article=rule.article,
            stock=int(found.get("stock", 0)),
            oldest=found.get("oldest"),
            done=int(found.get("done", 0)),
            note=str(found.get("note", "empty")),
            why=rule.empty_de if german else rule.empty_en,
            length=rule.period,
            latest=rule.latest,
        )


def _elsewhere(code: str) -> Mapping[str, Any]:
    """Return what a look into the database found of a class without a sweep."""
    if code == "L-18":
        rows = models.Suppression.objects.aggregate(stock=Count("id"), oldest=Min("created_at"))
        return {**rows, "name": "suppression", "note": "kept"}
    if code == "L-25":
        made = models.AuditEntry.objects.filter(verb="backup.made").order_by("-at").first()
        return {"name": "backup", "note": "expire", "oldest": made.at if made else None}
    if code == "L-28":
        asked = models.ErasureStep.objects.filter(store="contact_book", state="done")
        return {"name": "contact_book", "note": "at_meta", "done": asked.count()}
    labels = [table.model for table in personal_data.TABLES if table.rule == code]
    stock = sum(apps.get_model(label).objects.count() for label in labels)
    return {"note": "unswept" if stock else "empty", "stock": stock}


def _probe() -> Probe:
    """Return how many tables the database has, and which of them the table of personal data lacks."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        there = {row[0] for row in cursor.fetchall()}
    listed = {apps.get_model(table.model)._meta.db_table for table in personal_data.TABLES}  # noqa: SLF001 -- Django's own word
    return Probe(tables=len(there), unlisted=tuple(sorted(there - listed - _OUR_OWN)))
