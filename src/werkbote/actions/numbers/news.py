"""What the provider says about a number, its account, its templates, and what people prefer."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import orjson

from werkbote.actions import inbox, people
from werkbote.domain import events, numbers
from werkbote.store import ids, models, vault


def _sealed_json(key: vault.Key, content: events.Json, *, table: str, row: int) -> bytes:
    return key.seal(orjson.dumps(content, default=str), table=table, row=row, column="content")


def keep_news(
    batch: inbox.Batch,
    number: models.Number,
    arrived: Sequence[tuple[events.AccountEvent | events.ErrorIn, datetime]],
) -> None:
    """Keep what was said about account or number; quality and tier are taken over. In a transaction."""
    rows = []
    for event, received_at in arrived:
        name, kind, content = _news(event)
        row = ids.new()
        stamp = orjson.dumps([name, kind, content, event.at.isoformat()], default=str)
        rows.append(
            models.AccountNews(
                id=row,
                organisation_id=batch.keys.organisation,
                number_id=number.id,
                digest=batch.keys.digest("account_news", stamp),
                field=name[:120],
                event=kind[:120],
                content=_sealed_json(batch.keys.main, content, table="account_news", row=row),
                at=event.at,
                received_at=received_at,
            )
        )
        if name == "phone_number_quality_update":
            _take_over_quality(number, content, event.at)
    models.AccountNews.objects.bulk_create(rows, ignore_conflicts=True)


def _news(
    event: events.AccountEvent | events.ErrorIn,
) -> tuple[str, str, dict[str, events.Json]]:
    if isinstance(event, events.AccountEvent):
        return event.field, event.event, dict(event.content)
    failure = event.failure
    return (
        "errors",
        str(failure.code),
        {"code": failure.code, "title": failure.title, "details": failure.details},
    )


def _take_over_quality(
    number: models.Number, content: Mapping[str, events.Json], at: datetime
) -> None:
    limit = content.get("current_limit")
    newer = models.AccountNews.objects.filter(
        number=number, field="phone_number_quality_update", at__gt=at
    )
    if isinstance(limit, str) and not newer.exists():
        models.Number.objects.filter(id=number.id).update(tier=limit[:32])


def keep_unknown(
    batch: inbox.Batch,
    number: models.Number,
    arrived: Sequence[tuple[events.Unknown, datetime]],
) -> None:
    """Keep what this version cannot read, sealed and replayable. In a transaction."""
    rows = []
    for event, received_at in arrived:
        row = ids.new()
        kept = event.content if event.again is None else event.again
        stamp = orjson.dumps([event.field, kept], default=str)
        rows.append(
            models.NotUnderstood(
                id=row,
                organisation_id=batch.keys.organisation,
                number_id=number.id,
                digest=batch.keys.digest("not_understood", stamp),
                field=event.field[:120],
                why=event.why[:300],
                content=_sealed_json(batch.keys.main, kept, table="not_understood", row=row),
                at=event.at,
                received_at=received_at,
            )
        )
    models.NotUnderstood.objects.bulk_create(rows, ignore_conflicts=True)


def store_template_news(
    batch: inbox.Batch, arrived: Sequence[tuple[events.TemplateChanged, datetime]]
) -> None:
    """Move templates to the newest word about them; older news never overwrites newer. In a transaction."""
    fields = {"status": "status", "category": "category", "quality": "quality"}
    for event, _ in sorted(arrived, key=lambda pair: pair[0].at):
        column = next((name for word, name in fields.items() if word in event.change), None)
        if column is None:
            continue
        made, _ = models.Template.objects.get_or_create(
            organisation_id=batch.keys.organisation,
            account_id=event.account,
            name=event.name,
            language=event.language,
            defaults={"status": "UNKNOWN"},
        )
        stamp = event.at.astimezone(UTC).isoformat()
        if made.changed.get(column, "") <= stamp:
            value = event.value[:32]
            if column == "status":
                value = numbers.status_after(value, before=made.status)
                made.deleted_at = (made.deleted_at or event.at) if value == "DELETED" else None
            setattr(made, column, value)
            made.provider_id = event.template_id or made.provider_id
            made.reason = event.reason[:64] if column == "status" else made.reason
            made.changed[column] = stamp
            made.save()


def store_preferences(
    batch: inbox.Batch, arrived: Sequence[tuple[events.PreferenceIn, datetime]]
) -> None:
    """Let a stop given at the provider count as ours; a resume changes nothing. In a transaction."""
    stops = [event for event, _ in arrived if event.value.casefold() == "stop"]
    found = people.resolve(
        keys=batch.keys,
        parties={event.party for event in stops},
        source="preference",
        at=batch.at,
    )
    for event in stops:
        people.suppress(
            keys=batch.keys,
            person=found[event.party].id,
            scope_="advertising",
            reason="provider_stop",
            at=batch.at,
        )
