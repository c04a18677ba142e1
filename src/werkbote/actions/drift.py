"""Settings away from their privacy default: noticed by night, explained by whoever answers for them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from werkbote.actions import audit, ledger
from werkbote.domain import drift
from werkbote.store import drift as store
from werkbote.store import ids, keyring, models, reasons, rechtsstand, scope

UnableToExplain = drift.UnableToExplain


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why a setting may be as it is; `value` is what whoever gives it saw."""

    setting: str
    object: str
    value: str
    words: str


def notice(*, organisation: int, at: datetime) -> int:
    """Write down what differs without a reason since the last night, and what came back; return how many.

    What was noticed waits on the pages of privacy until somebody gives a reason or sets it back.
    """
    with scope.transaction(organisation=organisation):
        away = _away(organisation, _day(at))
        known = store.newest_notes()
        new = [one for one in away if not one.reason and not _is_known(one, known)]
        present = {(one.name, one.object) for one in away}
        back = [
            row
            for place, row in known.items()
            if place not in present and row.kind != drift.Note.ENDED
        ]
        for one in new:
            _write(organisation, one, drift.Note.NOTICED, by=audit.SYSTEM, at=at)
        for row in back:
            ended = drift.Setting(name=row.setting, object=row.object, value=row.value)
            _write(organisation, ended, drift.Note.ENDED, by=audit.SYSTEM, at=at)
        return len(new) + len(back)


def explain(*, organisation: int, reason: Reason, by: int, at: datetime) -> None:
    """Keep why a setting differs; raise UnableToExplain without a reason, or where it is otherwise now."""
    drift.check_reason(reason.words)
    with scope.transaction(organisation=organisation):
        for one in _away(organisation, _day(at)):
            if (one.name, one.object, one.value) == (reason.setting, reason.object, reason.value):
                words = reason.words.strip()
                _write(organisation, one, drift.Note.EXPLAINED, by=by, at=at, reason=words)
                return
    raise UnableToExplain("This setting is not like that any more: reload the page.")


def _day(at: datetime) -> date:
    return at.astimezone(ledger.ZONE).date()


def _away(organisation: int, day: date) -> Sequence[drift.Setting]:
    law = rechtsstand.defaults(day)
    found = store.standing(organisation=organisation, day=day)
    return [one for one in found if not law.settings[one.name].is_kept(one.value)]


def _is_known(one: drift.Setting, known: dict[tuple[str, str], models.SettingNote]) -> bool:
    note = known.get((one.name, one.object))
    return note is not None and note.value == one.value and note.kind != drift.Note.ENDED


_VERBS = {
    drift.Note.NOTICED: "settings.drifted",
    drift.Note.EXPLAINED: "settings.explain",
    drift.Note.ENDED: "settings.returned",
}


def _write(
    organisation: int,
    one: drift.Setting,
    kind: drift.Note,
    *,
    by: int | str,
    at: datetime,
    reason: str = "",
) -> None:
    row = ids.new()
    models.SettingNote(
        id=row,
        organisation_id=organisation,
        setting=one.name,
        object=one.object,
        value=one.value,
        kind=kind,
        reason_sealed=_sealed(organisation, row, reason) if reason else None,
        made_by=by if isinstance(by, int) else None,
        created_at=at,
    ).save(force_insert=True)
    audit.record(
        organisation=organisation,
        by=by,
        verb=_VERBS[kind],
        object=one.object,
        detail={"setting": one.name, "value": one.value},
        at=at,
    )


def _sealed(organisation: int, row: int, reason: str) -> bytes:
    keys = keyring.organisation(organisation)
    return reasons.sealed(keys, reason, table="setting_note", row=row)
