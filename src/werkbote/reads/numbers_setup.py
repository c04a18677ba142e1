"""How numbers stand: every step and condition with who said so, what Meta says of them, what the month cost."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Sum

from werkbote.domain import notice_page, numbers, team
from werkbote.reads import access
from werkbote.store import keyring, models, notice, scope, vault

_ZONE = ZoneInfo("Europe/Berlin")
FREE = 1_000
"""Answers a number may give in a month without being charged (Meta, from 2026-10-01)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step: how it stands, who said so, since when; `turn` is True where it comes next."""

    step: numbers.Step
    state: str
    how: str
    detail: str
    on_day: date | None
    at: datetime | None
    by: str
    turn: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One condition with its light; `confirmable` where a person's word is what counts."""

    condition: numbers.Condition
    light: numbers.Light
    confirmable: bool
    on_day: date | None
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """What a number was charged for in the running month; `free` of the free answers are used."""

    free: int
    left: int
    charged: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A number in the overview."""

    id: int
    label: str
    phone: str
    branch: str
    quality: str
    tier: str
    throughput: str
    passed: int
    steps: int
    paused_code: int | None
    month: Month


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A number with everything about setting it up; secrets are not among it, only whether they are there."""

    row: Row
    account: str
    phone_number_id: str
    branch_id: int
    agreement_at: date | None
    region: str
    steps: Sequence[Step]
    conditions: Sequence[Condition]
    checked_at: datetime | None
    has_pin: bool
    two_app_secrets: bool
    missing_details: bool


def overview(*, viewer: access.Viewer, at: datetime) -> tuple[Row, ...]:
    """Return the viewer's numbers of WhatsApp."""
    access.check_right(viewer, team.Right.SET_UP)
    keys = keyring.organisation(viewer.organisation)
    with scope.looking(organisation=viewer.organisation):
        rows = list(
            models.Number.objects.filter(branch_id__in=viewer.branches, channel="whatsapp")
            .select_related("branch")
            .prefetch_related("checks")
            .order_by("created_at", "id")
        )
        months = _months(rows, at=at)
    return tuple(_row(keys.main, one, months[one.id]) for one in rows)


def branches(*, viewer: access.Viewer) -> tuple[tuple[int, str], ...]:
    """Return the branches a number can be connected for."""
    access.check_right(viewer, team.Right.SET_UP)
    keys = keyring.organisation(viewer.organisation)
    with scope.looking(organisation=viewer.organisation):
        rows = list(models.Branch.objects.filter(id__in=viewer.branches).order_by("id"))
    return tuple((row.id, _branch(keys.main, row)) for row in rows)


def check(viewer: access.Viewer, number: int, right: team.Right) -> None:
    """Raise UnableToSee unless the number is at a branch of the viewer, and the right theirs."""
    access.check_right(viewer, right)
    with scope.looking(organisation=viewer.organisation):
        found = models.Number.objects.filter(
            id=number, branch_id__in=viewer.branches, channel="whatsapp"
        ).exists()
    if not found:
        raise access.UnableToSee("There is no such number.")


def number(*, viewer: access.Viewer, number: int, at: datetime) -> Number:
    """Return a number with its steps and conditions."""
    check(viewer, number, team.Right.SET_UP)
    keys = keyring.organisation(viewer.organisation)
    with scope.looking(organisation=viewer.organisation):
        row = (
            models.Number.objects.select_related("branch").prefetch_related("checks").get(id=number)
        )
        checks = {one.step: one for one in row.checks.all()}
        names = _names(keys.main, checks.values())
        details = notice.details(keys, row.branch)
        conditions = _conditions(row, checks, names, details, at=at)
        month = _months([row], at=at)[row.id]
    looks = [one.at for one in checks.values() if one.how == numbers.How.META]
    return Number(
        row=_row(keys.main, row, month),
        account=row.account_id,
        phone_number_id=row.phone_number_id,
        branch_id=row.branch_id,
        agreement_at=row.agreement_at,
        region=row.storage_region,
        steps=_steps(checks, names),
        conditions=conditions,
        checked_at=max(looks, default=None),
        has_pin=row.pin_sealed is not None,
        two_app_secrets=row.app_secret_previous_sealed is not None,
        missing_details=bool(details.missing()),
    )


type _Checks = Mapping[str, models.NumberCheck]


def _steps(checks: _Checks, names: Mapping[int, str]) -> tuple[Step, ...]:
    passed = {step for step in numbers.ORDER if _is_passed(checks, step)}
    following = next((step for step in numbers.ORDER if step not in passed), None)
    return tuple(
        _step(step, checks.get(step), names, turn=step is following) for step in numbers.ORDER
    )


def _step(
    step: numbers.Step, row: models.NumberCheck | None, names: Mapping[int, str], *, turn: bool
) -> Step:
    return Step(
        step=step,
        state=row.state if row else "",
        how=row.how if row else "",
        detail=row.detail if row else "",
        on_day=row.on_day if row else None,
        at=row.at if row else None,
        by=names.get(row.by or 0, "") if row else "",
        turn=turn,
    )


def _is_passed(checks: _Checks, step: str) -> bool:
    return step in checks and checks[step].state == numbers.State.PASSED


def _conditions(
    row: models.Number,
    checks: _Checks,
    names: Mapping[int, str],
    details: notice_page.Details,
    *,
    at: datetime,
) -> tuple[Condition, ...]:
    """Return the conditions of a defensible Cloud API, each from what this house can show for it."""
    open_phones = models.Member.objects.filter(is_active=True, leaves_private_whatsapp=True)
    day = at.astimezone(_ZONE).date()
    swept = models.RetentionMark.objects.order_by("-day").values_list("day", flat=True).first()
    shown = {
        numbers.Condition.AGREEMENT: row.agreement_at is not None,
        numbers.Condition.CONTACT_BOOK: _is_passed(checks, numbers.Condition.CONTACT_BOOK),
        numbers.Condition.STORAGE: _is_passed(checks, numbers.Step.REGION),
        numbers.Condition.TRANSFER: _is_passed(checks, numbers.Condition.TRANSFER),
        numbers.Condition.NOTICE: not details.missing(),
        numbers.Condition.CONSENTS: True,
        numbers.Condition.DELETION: swept is not None and (day - swept).days <= 2,  # noqa: PLR2004
        numbers.Condition.ACCESS: settings.WERKBOTE_SECOND_FACTOR == "required",
        numbers.Condition.PRIVATE_PHONES: not open_phones.exists(),
        numbers.Condition.OTHER_WAYS: bool(details.phone.strip() or details.email.strip()),
        numbers.Condition.WORKS_COUNCIL: _is_passed(checks, numbers.Condition.WORKS_COUNCIL),
        numbers.Condition.ADMINISTRATORS: _is_fresh(
            checks.get(numbers.Condition.ADMINISTRATORS), day=day
        ),
    }
    return tuple(_condition(one, shown, checks, names) for one in numbers.Condition)


def _is_fresh(check: models.NumberCheck | None, *, day: date) -> bool:
    """Return whether somebody confirmed it, not too long ago."""
    if check is None or check.on_day is None:
        return False
    return day - check.on_day <= numbers.LOOKED_THROUGH_FOR


_CONFIRMABLE = frozenset(
    {
        numbers.Condition.TRANSFER,
        numbers.Condition.WORKS_COUNCIL,
        numbers.Condition.ADMINISTRATORS,
    }
)


def _condition(
    condition: numbers.Condition,
    shown: Mapping[numbers.Condition, bool],
    checks: _Checks,
    names: Mapping[int, str],
) -> Condition:
    if condition not in shown:
        light = numbers.Light.GREY
    else:
        light = numbers.Light.GREEN if shown[condition] else numbers.Light.RED
    row = checks.get(condition)
    return Condition(
        condition=condition,
        light=light,
        confirmable=condition in _CONFIRMABLE,
        on_day=row.on_day if row else None,
        by=names.get(row.by or 0, "") if row else "",
    )


def _names(key: vault.Key, checks: Iterable[models.NumberCheck]) -> dict[int, str]:
    """Return who confirmed something, by name."""
    wanted = {one.by for one in checks if one.by is not None}
    return {
        row.id: key.open_text(row.name_sealed, table="member", row=row.id, column="name_sealed")
        for row in models.Member.objects.filter(id__in=wanted)
    }


def _row(key: vault.Key, row: models.Number, month: Month) -> Row:
    passed = sum(
        one.step in set(numbers.ORDER) and one.state == numbers.State.PASSED
        for one in row.checks.all()
    )

    def text(column: str, sealed: bytes | memoryview) -> str:
        return key.open_text(sealed, table="number", row=row.id, column=column)

    return Row(
        id=row.id,
        label=text("label_sealed", row.label_sealed),
        phone=text("phone_sealed", row.phone_sealed),
        branch=_branch(key, row.branch),
        quality=row.quality,
        tier=row.tier,
        throughput=row.throughput,
        passed=passed,
        steps=len(numbers.ORDER),
        paused_code=row.paused_code,
        month=month,
    )


def _branch(key: vault.Key, row: models.Branch) -> str:
    return key.open_text(row.name_sealed, table="branch", row=row.id, column="name_sealed")


def _months(rows: Iterable[models.Number], *, at: datetime) -> dict[int, Month]:
    """Return the running month of each number: free answers used, and what was charged."""
    first = at.astimezone(_ZONE).date().replace(day=1)
    free: dict[int, int] = {}
    charged: dict[int, int] = {}
    counts = (
        models.Meter.objects.filter(number__in=[row.id for row in rows], month=first)
        .values("number_id", "category", "billable")
        .annotate(total=Sum("count"))
        .order_by("number_id", "category", "billable")
    )
    for one in counts:
        if one["billable"]:
            charged[one["number_id"]] = charged.get(one["number_id"], 0) + one["total"]
        elif one["category"] == "service":
            free[one["number_id"]] = free.get(one["number_id"], 0) + one["total"]
    return {row.id: _month(free.get(row.id, 0), charged.get(row.id, 0)) for row in rows}


def _month(free: int, charged: int) -> Month:
    return Month(free=free, left=max(FREE - free, 0), charged=charged)
