"""Macros: several deeds in one, made by those who arrange, run by everybody who works."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import orjson

from werkbote.actions import audit
from werkbote.actions.desk import doing, stepping
from werkbote.domain import desk
from werkbote.store import ids, keyring, models, scope, vault

LONGEST_NAME = 60
_TABLE = "macro"


def create_macro(
    *,
    organisation: int,
    name: str,
    steps: Iterable[Mapping[str, Any]],
    by: doing.By,
    at: datetime,
) -> int:
    """Make a macro and return its id; raise doing.UnableToDo with the reason."""
    words = checked_name(name)
    read = read_steps(steps)
    keys = keyring.organisation(organisation)
    row = ids.new()
    with scope.transaction(organisation=organisation):
        models.Macro.objects.create(
            id=row,
            organisation_id=organisation,
            name_sealed=keys.main.seal_text(words, table=_TABLE, row=row, column="name_sealed"),
            steps_sealed=keys.main.seal(
                orjson.dumps(desk.plain_steps(read)), table=_TABLE, row=row, column="steps_sealed"
            ),
            created_at=at,
        )
        _record(organisation, row, "desk.create_macro", by=by, at=at)
    return row


def end_macro(*, organisation: int, macro: int, by: doing.By, at: datetime) -> None:
    """Offer a macro no more; raise doing.UnableToDo if it has ended."""
    with scope.transaction(organisation=organisation):
        if not models.Macro.objects.filter(id=macro, ended_at=None).update(ended_at=at):
            raise doing.UnableToDo("This macro has ended already; reload the page.")
        _record(organisation, macro, "desk.end_macro", by=by, at=at)


def run_macro(
    *, organisation: int, conversation: int, macro: int, by: doing.By, at: datetime
) -> None:
    """Do all steps of a macro with a conversation, or none; raise doing.UnableToDo with the reason."""
    keys = keyring.organisation(organisation)
    with doing.conversation(organisation=organisation, conversation=conversation, at=at) as row:
        found = models.Macro.objects.filter(id=macro, ended_at=None).first()
        if found is None:
            raise doing.UnableToDo("This macro is not there any more; reload the page.")
        key = f"macro:{macro}:{int(at.timestamp() * 1000)}"
        stepping.carry_out(row, steps_of(keys, found), by=by, at=at, key=key)
        _record(organisation, macro, "desk.run_macro", by=by, at=at)


def steps_of(keys: vault.OrganisationKeys, row: models.Macro) -> tuple[desk.Step, ...]:
    """Return the steps a macro holds."""
    sealed = keys.main.open(row.steps_sealed, table=_TABLE, row=row.id, column="steps_sealed")
    return desk.parse_steps(orjson.loads(sealed))


def read_steps(
    steps: Iterable[Mapping[str, Any]], *, by_rule: bool = False
) -> tuple[desk.Step, ...]:
    """Return steps as somebody chose them; raise doing.UnableToDo with what is missing."""
    try:
        return desk.parse_steps(steps, by_rule=by_rule)
    except desk.UnableToReadSteps as error:
        raise doing.UnableToDo(str(error)) from None


def checked_name(name: str) -> str:
    """Return a name without outer spaces; raise doing.UnableToDo where it is none."""
    words = name.strip()
    if not words or len(words) > LONGEST_NAME:
        raise doing.UnableToDo("A name has between 1 and 60 characters.")
    return words


def _record(organisation: int, macro: int, verb: str, *, by: doing.By, at: datetime) -> None:
    audit.record(organisation=organisation, by=by, verb=verb, object=f"macro:{macro}", at=at)
