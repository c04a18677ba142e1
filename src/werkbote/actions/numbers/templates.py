"""Templates: handed in, changed, taken over and deleted at Meta; the German class is the house's own word."""

from collections.abc import Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from werkbote.actions import audit
from werkbote.actions.numbers import asking, looking
from werkbote.channels import registry
from werkbote.domain import numbers
from werkbote.domain.events import Json
from werkbote.store import models, rechtsstand, scope

_ZONE = ZoneInfo("Europe/Berlin")


def hand_in(*, organisation: int, number: int, draft: numbers.Draft, by: int, at: datetime) -> int:
    """Hand a new template in for review and return its row.

    Raises numbers.UnableToSubmit with every problem, numbers.UnableToChange while the name is taken or
    blocked, asking.UnableToAsk where Meta refuses.
    """
    check(draft, at=at)
    here = looking.place(organisation=organisation, number=number)
    account = here.number.account_id
    with scope.looking(organisation=organisation):
        taken = models.Template.objects.filter(
            account_id=account, name=draft.name, language=draft.language
        ).first()
        if taken is not None:
            _check_gone(taken, at=at)
    shape: dict[str, Json] = {
        "name": draft.name,
        "language": draft.language,
        "category": draft.category,
        "parameter_format": "POSITIONAL",
        "components": [*numbers.components(draft)],
    }
    made = asking.ask(lambda: registry.management.create_template(here.access, shape))
    with scope.transaction(organisation=organisation):
        row, _ = models.Template.objects.update_or_create(
            organisation_id=organisation,
            account_id=account,
            name=draft.name,
            language=draft.language,
            defaults={
                "provider_id": made.template_id[:64],
                "status": made.status[:32] or "PENDING",
                "category": made.category[:32] or draft.category,
                "purpose": draft.purpose,
                "components": numbers.components(draft),
                "changed": {"status": _stamp(at)},
                "quality": "",
                "reason": "",
                "submitted_at": at,
                "deleted_at": None,
            },
        )
        _record(organisation, row.id, "hand_in", by=by, at=at)
    return row.id


def change(
    *, organisation: int, number: int, template: int, draft: numbers.Draft, by: int, at: datetime
) -> None:
    """Change a template; what Meta must see goes back into review, a new class alone does not.

    Raises as `hand_in` does, numbers.UnableToChange also where Meta allows no change now.
    """
    check(draft, at=at)
    here = looking.place(organisation=organisation, number=number)
    with scope.looking(organisation=organisation):
        row = models.Template.objects.get(id=template, account_id=here.number.account_id)
    reviewed = numbers.needs_new_review(_draft(row), draft)
    if reviewed:
        edits = [datetime.fromisoformat(one) for one in row.edits]
        numbers.check_editable(status=row.status, edits=edits, at=at)
        told: dict[str, Json] = {
            "components": [*numbers.components(draft)],
            "category": draft.category,
        }
        asking.ask(lambda: registry.management.edit_template(here.access, row.provider_id, told))
    with scope.transaction(organisation=organisation):
        kept = models.Template.objects.select_for_update(no_key=True).get(id=template)
        kept.purpose = draft.purpose
        if reviewed:
            kept.components = numbers.components(draft)
            kept.category = draft.category
            kept.edits = [*kept.edits, at.isoformat()]
            kept.status, kept.reason, kept.submitted_at = "PENDING", "", at
            kept.changed = {**kept.changed, "status": _stamp(at)}
        kept.save()
        _record(organisation, template, "change", by=by, at=at)


def delete(*, organisation: int, number: int, template: int, by: int, at: datetime) -> None:
    """Delete a template at Meta; its name stays blocked there for 30 days."""
    here = looking.place(organisation=organisation, number=number)
    with scope.looking(organisation=organisation):
        row = models.Template.objects.get(id=template, account_id=here.number.account_id)
    numbers.check_deletable(status=row.status)
    asking.ask(
        lambda: registry.management.delete_template(
            here.access, row.name, template_id=row.provider_id or None
        )
    )
    with scope.transaction(organisation=organisation):
        kept = models.Template.objects.select_for_update(no_key=True).get(id=template)
        kept.status, kept.deleted_at = "DELETED", at
        kept.changed = {**kept.changed, "status": _stamp(at)}
        kept.save()
        _record(organisation, template, "delete", by=by, at=at)


def adopt(*, organisation: int, number: int, name: str, by: int, at: datetime) -> int:
    """Hand a ready-made template in for a number; raise as `hand_in` does, LookupError for no such name."""
    for entry in rechtsstand.templates(at.astimezone(_ZONE).date()):
        if entry.draft.name == name:
            return hand_in(
                organisation=organisation, number=number, draft=entry.draft, by=by, at=at
            )
    raise LookupError("There is no such ready-made template.")


def hand_in_first_set(*, organisation: int, number: int, by: int, at: datetime) -> int:
    """Hand in those of the first set that Meta does not hold yet; return how many."""
    take_over(organisation=organisation, number=number, at=at)
    account = looking.place(organisation=organisation, number=number).number.account_id
    with scope.looking(organisation=organisation):
        known = set(
            models.Template.objects.filter(account_id=account)
            .exclude(status="DELETED")
            .values_list("name", flat=True)
        )
    missing = [
        entry.draft
        for entry in looking.first_set(at.astimezone(_ZONE).date())
        if entry.draft.name not in known
    ]
    for draft in missing:
        hand_in(organisation=organisation, number=number, draft=draft, by=by, at=at)
    return len(missing)


def take_over(*, organisation: int, number: int, at: datetime) -> int:
    """Take over what Meta holds of the account's templates; return how many. Classes stay."""
    here = looking.place(organisation=organisation, number=number)
    found = asking.ask(lambda: _everyone(here))
    with scope.transaction(organisation=organisation):
        for each in found:
            models.Template.objects.update_or_create(
                organisation_id=organisation,
                account_id=here.number.account_id,
                name=each.name,
                language=each.language,
                defaults={
                    "provider_id": each.template_id[:64],
                    "status": each.status[:32],
                    "category": each.category[:32],
                    "components": list(each.components),
                    "quality": each.quality[:16],
                    "reason": each.rejected_reason[:64],
                    "changed": dict.fromkeys(("status", "category", "quality"), _stamp(at)),
                    "deleted_at": None,
                },
            )
    return len(found)


async def _everyone(here: looking.Place) -> Sequence[registry.management.Template]:
    return [each async for each in registry.management.all_templates(here.access)]


def check(draft: numbers.Draft, *, at: datetime) -> None:
    """Raise numbers.UnableToSubmit with every problem a draft has under the law of the day."""
    found = problems(draft, at=at)
    if found:
        raise numbers.UnableToSubmit(found)


def problems(draft: numbers.Draft, *, at: datetime) -> tuple[numbers.Problem, ...]:
    """Return every problem a draft has under the law of the day."""
    purposes = rechtsstand.on(at.astimezone(_ZONE).date()).purposes.values()
    sent = [purpose for purpose in purposes if purpose.messages]
    return numbers.problems(
        draft,
        advertising={purpose.code for purpose in sent if purpose.advertising},
        service={purpose.code for purpose in sent if not purpose.advertising},
    )


def _check_gone(row: models.Template, *, at: datetime) -> None:
    if row.status != "DELETED":
        raise numbers.UnableToChange(
            "There is a template of this name and language already: change that one."
        )
    numbers.check_free(deleted_at=row.deleted_at, at=at)


def _draft(row: models.Template) -> numbers.Draft:
    return numbers.draft_of(
        row.components,
        name=row.name,
        language=row.language,
        category=row.category,
        purpose=row.purpose,
    )


def _stamp(at: datetime) -> str:
    """Return the moment as Meta's news give it: in whole seconds."""
    return at.astimezone(UTC).replace(microsecond=0).isoformat()


def _record(organisation: int, template: int, verb: str, *, by: int, at: datetime) -> None:
    audit.record(
        organisation=organisation,
        by=by,
        verb=f"templates.{verb}",
        object=f"template:{template}",
        at=at,
    )
