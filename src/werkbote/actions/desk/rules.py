"""Automation rules: made, tried on the last thirty days, switched on and off, and carried out."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from django.db import transaction as django_transaction

from werkbote.actions import audit
from werkbote.actions.desk import doing, macros, stepping
from werkbote.domain import desk
from werkbote.store import ids, keyring, models, scope, vault

_LOG = logging.getLogger(__name__)
_TABLE = "automation_rule"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A rule as somebody wants it; conditions and steps as the JSON the domain reads."""

    name: str
    trigger: desk.Trigger
    conditions: Iterable[Mapping[str, Any]] = ()
    steps: Iterable[Mapping[str, Any]] = ()
    branch: int | None = None


def create_rule(*, organisation: int, wanted: Wanted, by: doing.By, at: datetime) -> int:
    """Make a rule, switched off until somebody has looked at its trial; return its id.

    Raises doing.UnableToDo with the reason.
    """
    name = macros.checked_name(wanted.name)
    steps = macros.read_steps(wanted.steps, by_rule=True)
    conditions = _conditions(wanted.conditions)
    keys = keyring.organisation(organisation)
    row = ids.new()
    with scope.transaction(organisation=organisation):
        if wanted.branch is not None:
            _check_branch(wanted.branch)
        models.AutomationRule.objects.create(
            id=row,
            organisation_id=organisation,
            branch_id=wanted.branch,
            name_sealed=keys.main.seal_text(name, table=_TABLE, row=row, column="name_sealed"),
            trigger=wanted.trigger,
            body_sealed=keys.main.seal(
                orjson.dumps(
                    {
                        "conditions": [
                            {"subject": one.subject, "value": one.value, "negated": one.negated}
                            for one in conditions
                        ],
                        "steps": desk.plain_steps(steps),
                    }
                ),
                table=_TABLE,
                row=row,
                column="body_sealed",
            ),
            created_at=at,
        )
        _record(organisation, row, "desk.create_rule", by=by, at=at)
    return row


def switch_rule(*, organisation: int, rule: int, active: bool, by: doing.By, at: datetime) -> None:
    """Switch a rule on or off; raise doing.UnableToDo where there is none."""
    with scope.transaction(organisation=organisation):
        found = models.AutomationRule.objects.filter(id=rule, ended_at=None)
        if not found.update(active=active):
            raise doing.UnableToDo("This rule is not there any more; reload the page.")
        verb = "desk.switch_on_rule" if active else "desk.switch_off_rule"
        _record(organisation, rule, verb, by=by, at=at)


def end_rule(*, organisation: int, rule: int, by: doing.By, at: datetime) -> None:
    """Delete a rule from the list for good; raise doing.UnableToDo where there is none."""
    with scope.transaction(organisation=organisation):
        found = models.AutomationRule.objects.filter(id=rule, ended_at=None)
        if not found.update(active=False, ended_at=at):
            raise doing.UnableToDo("This rule is not there any more; reload the page.")
        _record(organisation, rule, "desk.end_rule", by=by, at=at)


def active(keys: vault.OrganisationKeys) -> tuple[desk.Rule, ...]:
    """Return the rules that are switched on, the oldest first. Inside a scope."""
    rows = models.AutomationRule.objects.filter(active=True, ended_at=None).order_by("id")
    return tuple(opened(keys, row) for row in rows)


def opened(keys: vault.OrganisationKeys, row: models.AutomationRule) -> desk.Rule:
    """Return what a rule's row holds."""
    body = orjson.loads(
        keys.main.open(row.body_sealed, table=_TABLE, row=row.id, column="body_sealed")
    )
    return desk.Rule(
        id=row.id,
        trigger=desk.Trigger(row.trigger),
        conditions=desk.parse_conditions(body["conditions"]),
        steps=desk.parse_steps(body["steps"], by_rule=True),
        branch=row.branch_id,
    )


def follow(
    row: models.Conversation,
    happening: desk.Happening,
    *,
    rules: Sequence[desk.Rule],
    at: datetime,
    key: str,
) -> int:
    """Carry out the rules that apply to what happened; return how many did all they should.

    Inside a transaction. A rule whose step cannot be done does nothing, and says so in the log.
    """
    done = 0
    for rule in rules:
        if rule.branch not in {None, row.number.branch_id} or not desk.applies(rule, happening):
            continue
        try:
            with django_transaction.atomic():
                stepping.carry_out(
                    row, rule.steps, by=f"rule:{rule.id}", at=at, key=f"rule:{rule.id}:{key}"
                )
            done += 1
        except doing.UnableToDo:
            row.refresh_from_db()
            _LOG.warning("rule %d did not fit conversation %d", rule.id, row.id)
    return done


def _conditions(raw: Iterable[Mapping[str, Any]]) -> tuple[desk.Condition, ...]:
    try:
        return desk.parse_conditions(raw)
    except desk.UnableToReadSteps as error:
        raise doing.UnableToDo(str(error)) from None


def _check_branch(branch: int) -> None:
    if not models.Branch.objects.filter(id=branch).exists():
        raise doing.UnableToDo("This branch is not there any more: choose another.")


def _record(organisation: int, rule: int, verb: str, *, by: doing.By, at: datetime) -> None:
    audit.record(organisation=organisation, by=by, verb=verb, object=f"rule:{rule}", at=at)
