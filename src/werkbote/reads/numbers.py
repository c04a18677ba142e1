"""Numbers as screens show them: their templates to choose from, and what they cost per month."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from werkbote.domain import team
from werkbote.reads import access
from werkbote.store import keyring, models, scope, vault

_PLACE = re.compile(r"\{\{\s*([A-Za-z0-9_]+)\s*\}\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """An approved template. `places` are the names (or numbers) of what must be filled into `body`.

    `simple` is False where the header needs a file or a button a value: such a template cannot be
    sent from the chooser yet.
    """

    id: int
    name: str
    language: str
    category: str
    purpose: str
    header: str
    body: str
    footer: str
    buttons: tuple[str, ...]
    places: tuple[str, ...]
    simple: bool

    def filled(self, values: Mapping[str, str]) -> str:
        """Return the body with its places filled."""
        return _PLACE.sub(lambda found: values.get(found.group(1), found.group(0)), self.body)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """Delivered messages of one number in one month, of one price category."""

    month: date
    number: str
    category: str
    kind: str
    billable: bool
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A number as the overview shows it; `phone` is E.164."""

    id: int
    label: str
    phone: str
    quality: str
    tier: str
    paused_code: int | None
    agreement_at: date | None
    storage_region: str


def templates(*, viewer: access.Viewer, account: str) -> tuple[Template, ...]:
    """Return the approved templates of an account, by name and language."""
    access.check_right(viewer, team.Right.WRITE)
    with scope.looking(organisation=viewer.organisation):
        rows = list(
            models.Template.objects.filter(account_id=account, status="APPROVED").order_by(
                "name", "language"
            )
        )
    return tuple(_template(row) for row in rows)


def costs(*, viewer: access.Viewer) -> tuple[Cost, ...]:
    """Return what the viewer's numbers were charged for, the newest month first."""
    access.check_right(viewer, team.Right.READ_COSTS)
    keys = keyring.organisation(viewer.organisation)
    with scope.looking(organisation=viewer.organisation):
        rows = list(
            models.Meter.objects.filter(number__branch_id__in=viewer.branches)
            .select_related("number")
            .order_by("-month", "number_id", "category", "kind", "-billable")
        )
    return tuple(
        Cost(
            month=row.month,
            number=_label(keys.main, row.number),
            category=row.category,
            kind=row.kind,
            billable=row.billable,
            count=row.count,
        )
        for row in rows
    )


def numbers(*, viewer: access.Viewer) -> tuple[Number, ...]:
    """Return the viewer's numbers with what the provider last said about them."""
    access.check_right(viewer, team.Right.READ_COSTS)
    keys = keyring.organisation(viewer.organisation)
    with scope.looking(organisation=viewer.organisation):
        rows = list(
            models.Number.objects.filter(
                branch_id__in=viewer.branches, channel="whatsapp"
            ).order_by("created_at", "id")
        )
    return tuple(
        Number(
            id=row.id,
            label=_label(keys.main, row),
            phone=keys.main.open_text(
                row.phone_sealed, table="number", row=row.id, column="phone_sealed"
            ),
            quality=row.quality,
            tier=row.tier,
            paused_code=row.paused_code,
            agreement_at=row.agreement_at,
            storage_region=row.storage_region,
        )
        for row in rows
    )


def _label(key: vault.Key, row: models.Number) -> str:
    return key.open_text(row.label_sealed, table="number", row=row.id, column="label_sealed")


def _components(row: models.Template) -> Iterator[Mapping[str, Any]]:
    for component in row.components if isinstance(row.components, list) else []:
        if isinstance(component, dict):
            yield component


def _template(row: models.Template) -> Template:
    parts = {str(part.get("type", "")).upper(): part for part in _components(row)}
    header, body = parts.get("HEADER", {}), str(parts.get("BODY", {}).get("text", ""))
    buttons = [one for one in parts.get("BUTTONS", {}).get("buttons", []) if isinstance(one, dict)]
    fixed = str(header.get("text", ""))
    return Template(
        id=row.id,
        name=row.name,
        language=row.language,
        category=row.category,
        purpose=row.purpose,
        header=fixed,
        body=body,
        footer=str(parts.get("FOOTER", {}).get("text", "")),
        buttons=tuple(str(one.get("text", "")) for one in buttons),
        places=tuple(dict.fromkeys(_PLACE.findall(body))),
        simple=header.get("format", "TEXT") == "TEXT"
        and not _PLACE.search(fixed)
        and not any(_PLACE.search(str(one.get("url", ""))) for one in buttons),
    )
