"""Looking at a number through Meta's own interface: every step it can answer for, kept with the moment."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from werkbote.actions import audit
from werkbote.actions.numbers import asking, speaking
from werkbote.channels import driver, registry
from werkbote.domain import numbers
from werkbote.store import ids, keyring, models, rechtsstand, scope

_ZONE = ZoneInfo("Europe/Berlin")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A number with the access to speak for it, and the addresses it should be known by."""

    number: models.Number
    access: driver.Access
    callback: str
    imprint: str


def place(*, organisation: int, number: int) -> Place:
    """Return a number of WhatsApp with its access."""
    keys = keyring.organisation(organisation)
    public = settings.WERKBOTE_PUBLIC_URL.rstrip("/")
    with scope.looking(organisation=organisation):
        row = models.Number.objects.get(id=number, channel="whatsapp")
        try:
            known = speaking.access(keys, row)
        except speaking.UnableToSpeak as error:
            raise asking.Stopped(str(error)) from None
    return Place(
        number=row,
        access=known,
        callback=f"{public}/hooks/meta/{row.hook_slug}",
        imprint=f"{public}/i/{ids.short(row.branch_id)}",
    )


def first_set(day: date) -> tuple[numbers.Entry, ...]:
    """Return the ready-made templates every number should have."""
    return tuple(entry for entry in rechtsstand.templates(day) if entry.basic)


def look(*, organisation: int, number: int, at: datetime) -> frozenset[numbers.Step]:
    """Ask Meta about every step, keep what it said, and return the steps that are passed.

    Raises asking.UnableToAsk; then nothing is changed.
    """
    here = place(organisation=organisation, number=number)
    day = at.astimezone(_ZONE).date()
    wanted = frozenset(entry.draft.name for entry in first_set(day))
    said = asking.ask(lambda: _gather(here.access))
    findings = numbers.judge(
        _seen(said, wanted=wanted), imprint=here.imprint, callback=here.callback
    )
    with scope.transaction(organisation=organisation):
        _keep_findings(here.number, findings, at=at)
        _keep_standing(here.number, said, at=at)
        return passed(number)


def passed(number: int) -> frozenset[numbers.Step]:
    """Return the steps of a number that are passed. Inside `looking` or a transaction."""
    rows = models.NumberCheck.objects.filter(
        number=number, state=numbers.State.PASSED, step__in=numbers.ORDER
    )
    return frozenset(numbers.Step(step) for step in rows.values_list("step", flat=True))


type _Said = dict[str, Any]


async def _gather(access: driver.Access) -> _Said:
    manage = registry.management
    return {
        "number": await manage.number(access),
        "settings": await manage.settings(access),
        "profile": await manage.profile(access),
        "subscribed": bool(await manage.subscriptions(access)),
        "templates": {each.name: each.status async for each in manage.all_templates(access)},
    }


def _seen(said: _Said, *, wanted: frozenset[str]) -> numbers.Seen:
    storage = _object(said["settings"].get("storage_configuration"))
    websites = said["profile"].get("websites")
    callbacks = _object(said["number"].get("webhook_configuration"))
    return numbers.Seen(
        storage=str(storage.get("status", "")).casefold(),
        region=str(storage.get("data_localization_region", "")),
        status=str(said["number"].get("status", "")),
        coexists=said["number"].get("is_on_biz_app") is True,
        websites=tuple(str(one) for one in websites) if isinstance(websites, list) else (),
        subscribed=said["subscribed"],
        callbacks=tuple(str(one) for one in callbacks.values()),
        templates=said["templates"],
        wanted=wanted,
    )


def _object(found: Any) -> dict[str, Any]:
    return found if isinstance(found, dict) else {}


def _keep_findings(
    row: models.Number, findings: Iterable[numbers.Finding], *, at: datetime
) -> None:
    for one in findings:
        models.NumberCheck.objects.update_or_create(
            number=row,
            step=one.step,
            defaults={
                "organisation_id": row.organisation_id,
                "state": one.state,
                "how": numbers.How.META,
                "detail": one.detail[:32],
                "on_day": None,
                "by": None,
                "at": at,
            },
        )


def _keep_standing(row: models.Number, said: _Said, *, at: datetime) -> None:
    """Keep what Meta said of the number; another place of storage is an entry of the audit chain."""
    about, storage = said["number"], _object(said["settings"].get("storage_configuration"))
    level = _object(about.get("throughput")).get("level", "")
    region = str(storage.get("data_localization_region", ""))[:8]
    models.Number.objects.filter(id=row.id).update(
        quality=str(about.get("quality_rating", ""))[:16],
        tier=str(about.get("whatsapp_business_manager_messaging_limit") or "")[:32],
        throughput=str(level)[:16],
        storage_region=region,
    )
    if region != row.storage_region:
        audit.record(
            organisation=row.organisation_id,
            by=audit.SYSTEM,
            verb="numbers.see_region",
            object=f"number:{row.id}",
            detail={"before": row.storage_region, "after": region},
            at=at,
        )
