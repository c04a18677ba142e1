"""Makes one row of any table for an organisation, whatever the table's fields are."""

import itertools
import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

from django.apps import apps
from django.db import models

from werkbote.store import scope
from werkbote.store.models import team

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

_NUMBERS = itertools.cycle(range(1, 30_000))

_CHOSEN: dict[str, dict[str, Any]] = {
    "audit_cut": {"position": 0},
    "customer_case": {"kind": "inquiry", "contract": ""},
    "automation_rule": {"trigger": "message"},
    "conversation_event": {"kind": "noted"},
    "nudge": {"kind": "mentioned"},
    "consent": {"state": "unknown"},
    "consent_event": {"deed": "requested"},
    "factor": {"kind": "totp"},
    "handout": {"way": "decisions", "state": "waiting"},
    "number_check": {"state": "passed", "how": "meta"},
    "old_chat": {"retention": ""},
    "processor": {"basis": ""},
    "contact_request": {"kind": "contact", "state": "open", "proof": "work"},
    "decision": {"permitted": True, "basis": "contract"},
    "support_window": {"until": AT + timedelta(hours=1)},
    "suppression": {"scope": "advertising"},
    "setting_note": {"kind": "noticed", "reason": ""},
    "team": {"kind": "service"},
    "vehicle_role": {"role": "holder"},
}


def tables() -> list[type[models.Model]]:
    """Return every model whose rows belong to an organisation."""
    return [
        model
        for model in apps.get_app_config("store").get_models()
        if any(field.name == "organisation" for field in model._meta.concrete_fields)
    ]


def organisation() -> int:
    """Return a new organisation with one row in every table that belongs to organisations."""
    made = team.Organisation(**_values(team.Organisation, 0, {}))
    with scope.transaction(organisation=made.id):
        made.save(force_insert=True)
        rows: dict[type[models.Model], models.Model] = {team.Organisation: made}
        for model in tables():
            _row(model, made.id, rows)
    return made.id


def _row(
    model: type[models.Model], organisation_id: int, rows: dict[type[models.Model], models.Model]
) -> models.Model:
    if model not in rows:
        made = model(**_values(model, organisation_id, rows))
        made.save(force_insert=True)
        rows[model] = made
    return rows[model]


def _values(
    model: type[models.Model], organisation_id: int, rows: dict[type[models.Model], models.Model]
) -> dict[str, Any]:
    chosen = _CHOSEN.get(model._meta.db_table, {})
    values = {}
    for field in model._meta.concrete_fields:
        if field.name in chosen:
            values[field.name] = chosen[field.name]
        elif isinstance(field, models.ForeignKey) and not field.null:
            values[field.name] = _row(field.related_model, organisation_id, rows)
        elif _must_be_given(field):
            values[field.name] = _value(field)
        elif field.primary_key and field.has_default():
            values[field.name] = field.get_default()
    return values


def _must_be_given(field: "models.Field[Any, Any]") -> bool:
    return not (field.null or field.has_default() or field.generated or field.primary_key)


def _value(field: "models.Field[Any, Any]") -> Any:
    made: dict[str, Any] = {
        "BinaryField": secrets.token_bytes(16),
        "CharField": secrets.token_hex(16)[: field.max_length],
        "TextField": "text",
        "DateTimeField": AT,
        "DateField": AT.date(),
        "BooleanField": True,
    }
    return made.get(field.get_internal_type()) or next(_NUMBERS)
