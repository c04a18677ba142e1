"""How every setting stands that has a privacy default, and since when and by whom one differs."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.conf import settings
from django.db.models.functions import Now

from werkbote.domain import drift, numbers
from werkbote.domain.duties import officer, recipients
from werkbote.store import duties, duties_officer, keyring, models, reasons, rechtsstand, support

HOUSE, INSTALLATION = "house", "installation"
"""What a setting is of that no single row keeps."""

TOPICS: Mapping[str, str] = {
    "reports": "report_members",
    "hours": "quiet_hours",
    "notice": "notice_texts",
    "optin": "consent_texts",
    "purposes": "purpose_texts",
}
"""The settings that versions of the house's own rules make, by topic."""

_LONGEST = 80
_MARKETING = "MARKETING"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Trail:
    """The verbs of the audit that set something, and where an entry says to which value."""

    verbs: Sequence[str]
    key: str = ""


_TRAILS: Mapping[str, _Trail] = {
    "lock_minutes": _Trail(verbs=("team.set_lock",), key="minutes"),
    "export_alone": _Trail(verbs=("watch.set_thresholds",), key="alone"),
    "read_hourly": _Trail(verbs=("watch.set_thresholds",), key="hourly"),
    "read_daily": _Trail(verbs=("watch.set_thresholds",), key="daily"),
    "storage_region": _Trail(verbs=("numbers.see_region",), key="after"),
    "agreement": _Trail(verbs=("numbers.connect",)),
    "contact_book": _Trail(verbs=("numbers.connect",)),
    "template_class": _Trail(verbs=("templates.adopt", "templates.hand_in", "templates.change")),
    "recipient": _Trail(verbs=("processors.stop",)),
    "transfer": _Trail(verbs=("processors.record",)),
    "satisfaction": _Trail(verbs=("desk.arrange_branch",), key="asks_satisfaction"),
}


def standing(*, organisation: int, day: date) -> list[drift.Setting]:
    """Return how every setting with a privacy default stands; inside a scope.

    Since when and by whom stand only at those that differ; what the environment sets has neither.
    """
    found = [
        *_of_installation(),
        *_of_house(organisation),
        *_of_numbers(),
        *_of_templates(day),
        *_of_recipients(organisation, day),
        *_of_officer(organisation, day),
        *_of_rules(day),
    ]
    return _dated(found, rechtsstand.defaults(day))


def _of_installation() -> Iterator[drift.Setting]:
    told = {
        "second_factor": settings.WERKBOTE_SECOND_FACTOR,
        "log_level": settings.WERKBOTE_LOG_LEVEL,
    }
    if settings.WERKBOTE_BACKUP_TO:
        told["backup_days"] = str(settings.WERKBOTE_BACKUP_KEEP_DAYS)
        told["backup_key_days"] = str(settings.WERKBOTE_BACKUP_KEYS_KEEP_DAYS)
    for name, value in told.items():
        yield drift.Setting(name=name, object=INSTALLATION, value=value)


def _of_house(organisation: int) -> Iterator[drift.Setting]:
    house = models.Organisation.objects.get(id=organisation)
    for name in ("lock_minutes", "export_alone", "read_hourly", "read_daily"):
        value = str(getattr(house, name))
        yield drift.Setting(name=name, object=f"organisation:{organisation}", value=value)
    let_in = models.SupportWindow.objects.filter(ended_at=None, until__gt=Now()).first()
    yield drift.Setting(
        name="support",
        object=f"organisation:{organisation}",
        value="open" if let_in else "off",
        since=let_in.opened_at if let_in else None,
        by=f"member:{let_in.opened_by}" if let_in else "",
        reason=support.reason(keyring.organisation(organisation), let_in) if let_in else "",
    )
    for row in models.BranchHours.objects.order_by("branch_id"):
        yield drift.Setting(
            name="satisfaction",
            object=f"branch:{row.branch_id}",
            value="on" if row.asks_satisfaction else "off",
        )


def _of_numbers() -> Iterator[drift.Setting]:
    off = set(
        models.NumberCheck.objects.filter(
            step=numbers.Condition.CONTACT_BOOK, state=numbers.State.PASSED
        ).values_list("number_id", flat=True)
    )
    for row in models.Number.objects.order_by("id"):
        told = {"agreement": "missing" if row.agreement_at is None else "on_record"}
        if row.channel == "whatsapp":
            told["storage_region"] = row.storage_region
            told["contact_book"] = "off" if row.id in off else "unconfirmed"
        for name, value in told.items():
            yield drift.Setting(name=name, object=f"number:{row.id}", value=value)


def _of_templates(day: date) -> Iterator[drift.Setting]:
    """Yield how the house classes what Meta calls marketing; a template without class leaves for nobody."""
    purposes = rechtsstand.shipped_law(day).purposes
    rows = models.Template.objects.filter(category=_MARKETING, deleted_at=None).exclude(purpose="")
    for row in rows.order_by("id"):
        known = purposes.get(row.purpose)
        value = "advertising" if known is not None and known.advertising else row.purpose
        yield drift.Setting(name="template_class", object=f"template:{row.id}", value=value)


def _of_recipients(organisation: int, day: date) -> Iterator[drift.Setting]:
    """Yield of every recorded recipient whether it runs, and whether its transfer was looked at in time."""
    rows, keys = list(models.Processor.objects.order_by("id")), keyring.organisation(organisation)
    rules = rechtsstand.transfers(day)
    for row in rows:
        entry = duties.entry(keys, row)
        standing = recipients.standing(entry, rules=rules, today=day)
        running = "running" if row.stopped_at is None else "stopped"
        for name, value in (("recipient", running), ("transfer", str(standing))):
            yield drift.Setting(name=name, object=f"processor:{row.id}", value=value)


def _of_officer(organisation: int, day: date) -> Iterator[drift.Setting]:
    """Yield how the house stands with its data protection officer, once it was asked."""
    said = duties_officer.answer(keyring.organisation(organisation))
    if said is not None:
        standing = officer.standing(said, needed=duties_officer.needed(said, day=day))
        yield drift.Setting(name="officer", object=HOUSE, value=str(standing))


def _of_rules(day: date) -> Iterator[drift.Setting]:
    """Yield the newest version of each topic; what was never changed is as shipped."""
    rows = models.HouseRule.objects.filter(topic__in=TOPICS, valid_from__lte=day)
    newest = {
        row.topic: row for row in rows.order_by("topic", "-valid_from", "-id").distinct("topic")
    }
    for topic, name in TOPICS.items():
        row = newest.get(topic)
        watching = name == "report_members"
        if row is None or not row.changes:
            yield drift.Setting(name=name, object=HOUSE, value="off" if watching else "shipped")
            continue
        yield drift.Setting(
            name=name,
            object=HOUSE,
            value="on" if watching else _short(", ".join(sorted(row.changes))),
            since=row.created_at,
            by=f"member:{row.made_by}",
            reason=reasons.words(keyring.organisation(row.organisation_id), row),
        )


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _dated(found: Sequence[drift.Setting], law: drift.Defaults) -> list[drift.Setting]:
    away = [
        one
        for one in found
        if one.since is None
        and one.name in _TRAILS
        and not law.settings[one.name].is_kept(one.value)
    ]
    if not away:
        return list(found)
    entries: dict[str, list[models.AuditEntry]] = {}
    rows = models.AuditEntry.objects.filter(
        object__in={one.object for one in away},
        verb__in={verb for one in away for verb in _TRAILS[one.name].verbs},
    )
    for row in rows.order_by("-position"):
        entries.setdefault(row.object, []).append(row)
    dated = {(one.name, one.object): _since(one, entries.get(one.object, ())) for one in away}
    return [dated.get((one.name, one.object), one) for one in found]


def _since(one: drift.Setting, entries: Sequence[models.AuditEntry]) -> drift.Setting:
    """Return a setting with the entry that brought it to its present value; entries are newest first."""
    trail, first = _TRAILS[one.name], None
    for entry in entries:
        if entry.verb not in trail.verbs or _value(entry.detail.get(trail.key)) not in {
            one.value,
            "",
        }:
            break
        first = entry
        if trail.key not in entry.detail:
            break
    return one if first is None else replace(one, since=first.at, by=first.actor)


def _value(said: object) -> str:
    if isinstance(said, bool):
        return "on" if said else "off"
    return "" if said is None else str(said)


def newest_notes() -> dict[tuple[str, str], models.SettingNote]:
    """Return the newest note on every setting, by its name and what it is of; inside a scope."""
    rows = models.SettingNote.objects.order_by("setting", "object", "-id")
    return {(row.setting, row.object): row for row in rows.distinct("setting", "object")}
