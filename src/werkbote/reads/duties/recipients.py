"""Who receives data from the house: what is recorded, whether it is still current, and the switch."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from werkbote.domain import duties, team
from werkbote.reads import access
from werkbote.store import duties as store
from werkbote.store import keyring, models, rechtsstand, scope, vault


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """One recipient. `agreements` are the dates at the numbers and senders that hand data over to it.

    `check` says how the record of the transfer stands, `due_on` when it is due again.
    """

    code: str
    entry: duties.recipients.Entry
    recorded: bool
    lines: Sequence[str]
    places: Sequence[str]
    on: bool
    agreements: Sequence[date | None]
    check: duties.recipients.Check
    due_on: date | None
    can_stop: bool
    stopped_at: datetime | None
    reason: str

    @property
    def agreed_on(self) -> date | None:
        """Return since when an agreement holds for all that is handed over; None where one is missing."""
        dates = [self.entry.agreement_on, *self.agreements]
        if self.agreements:
            dates = list(self.agreements)
        known = [one for one in dates if one is not None]
        return max(known) if known and len(known) == len(dates) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    code: str
    lines: Sequence[duties.outside.Connection]
    row: models.Processor | None
    agreements: Sequence[date | None]


def recipients(*, viewer: access.Viewer, day: date) -> list[Recipient]:
    """Return everybody who receives data from the viewer's house, in use first, then what is recorded."""
    access.check_right(viewer, team.Right.READ_SETTINGS)
    with scope.looking(organisation=viewer.organisation):
        return of_scope(organisation=viewer.organisation, day=day, language=viewer.language)


def of_scope(*, organisation: int, day: date, language: str) -> list[Recipient]:
    """Return everybody who receives data from a house; inside a scope."""
    keys = keyring.organisation(organisation)
    found: dict[str, list[duties.outside.Connection]] = {}
    for one in store.connections(organisation=organisation, day=day):
        if one.recipient:
            found.setdefault(one.recipient, []).append(one)
    rows = {row.code: row for row in models.Processor.objects.order_by("id")}
    agreements = _agreements()
    codes = [
        *(code for code in found if any(one.on for one in found[code])),
        *(code for code in rows if not any(one.on for one in found.get(code, ()))),
    ]
    return [
        _recipient(
            keys,
            _Found(
                code=code,
                lines=found.get(code, ()),
                row=rows.get(code),
                agreements=agreements.get(code, ()),
            ),
            day=day,
            language=language,
        )
        for code in codes
    ]


def _agreements() -> Mapping[str, Sequence[date | None]]:
    found: dict[str, list[date | None]] = {}
    numbers = models.Number.objects.order_by("id")
    for channel, url, agreed in numbers.values_list("channel", "graph_url", "agreement_at"):
        found.setdefault(store.recipient_of_number(channel, url), []).append(agreed)
    return found


def _recipient(
    keys: vault.OrganisationKeys, found: _Found, *, day: date, language: str
) -> Recipient:
    code, lines, row = found.code, found.lines, found.row
    law, rules = rechtsstand.outside(day), rechtsstand.transfers(day)
    known = law.known.get(code)
    entry = store.entry(keys, row) if row is not None else None
    if entry is None or not entry.name:
        places = sorted({one.destination for one in lines if one.destination})
        shown = duties.recipients.Entry(
            name=known.name if known else ", ".join(places),
            country=known.country if known else "",
            onward=known.onward if known else "",
        )
    else:
        shown = entry
    return Recipient(
        code=code,
        entry=shown,
        recorded=entry is not None and bool(entry.name),
        lines=sorted({one.line.title[language] for one in lines}),
        places=sorted({one.destination for one in lines if one.destination}),
        on=any(one.on for one in lines),
        agreements=found.agreements,
        check=duties.recipients.standing(entry, rules=rules, today=day),
        due_on=duties.recipients.due_on(shown, rules=rules),
        can_stop=duties.recipients.is_ours_to_stop(code),
        stopped_at=row.stopped_at if row is not None else None,
        reason=store.body(keys, row).get("reason", "") if row is not None else "",
    )


def recipient(*, viewer: access.Viewer, code: str, day: date) -> Recipient:
    """Return one recipient, as its form shows it; raise access.UnableToSee where there is none."""
    for one in recipients(viewer=viewer, day=day):
        if one.code == code:
            return one
    raise access.UnableToSee("There is no such recipient.")
