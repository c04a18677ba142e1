"""What a search asks for beside words, as conditions on conversations, messages, vehicles and cases."""

from datetime import date, datetime, time, timedelta
from functools import reduce
from operator import and_, or_

import phonenumbers
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from werkbote.domain import cases, search, search_fields
from werkbote.reads import access
from werkbote.reads.inbox import naming
from werkbote.store import cases as vehicles
from werkbote.store import models, search_names, vault

_DAY = timedelta(days=1)
_MOST = 2000
"""How many conversations or cases narrow a search down at most, the latest first."""


def condition(viewer: access.Viewer, keys: vault.OrganisationKeys, asked: search_fields.Asked) -> Q:
    """Return the condition on messages of everything but the words."""
    visible = models.Conversation.objects.filter(access.visible_conversations(viewer))
    condition = Q(archived_at=None, number__branch_id__in=viewer.branches)
    narrowed = where(keys, asked)
    if narrowed is not None:
        talks = visible.filter(narrowed).order_by("-last_message_at").values_list("id", flat=True)
        condition &= Q(conversation_id__in=list(talks[:_MOST]))
    else:
        condition &= Q(conversation__person__restricted_at=None) & ~Q(number__channel="mail")
    if asked.kind:
        condition &= Q(kind=asked.kind)
    if asked.case:
        condition &= Q(case_id__in=_case_ids(viewer, keys, asked.case))
    if asked.since:
        condition &= Q(at__gte=_midnight(asked.since))
    if asked.until:
        condition &= Q(at__lt=_midnight(asked.until, after=True))
    return condition


def where(keys: vault.OrganisationKeys, asked: search_fields.Asked) -> Q | None:
    """Return the condition on conversations of person, number, plate and label; None without one."""
    parts: list[Q] = []
    if asked.person:
        parts.append(_of(search_names.found_by(keys, asked.person, field="id", cases=False)))
    if asked.number:
        parts.append(_of(_by_number(keys, asked.number)))
    if asked.plate:
        parts.append(_of(_by_plate(keys, asked.plate)))
    if asked.label:
        parts.append(Q(labels__label_id__in=_labels(keys, asked.label)))
    return reduce(and_, parts) if parts else None


def _of(persons: Q | None) -> Q:
    """Return the condition on conversations of persons, or of those they were merged into."""
    if persons is None:
        return Q(pk__in=[])
    roots = models.Person.objects.filter(persons).annotate(root=Coalesce("merged_into_id", "id"))
    return Q(person_id__in=roots.values("root"))


def _by_number(keys: vault.OrganisationKeys, written: str) -> Q | None:
    """Return the condition on persons with a number in any notation, or with its last four digits."""
    digits = "".join(sign for sign in written if sign.isdecimal())
    if len(digits) == 4:  # noqa: PLR2004 -- what the index keeps of a number's end
        return search_names.found_by(keys, digits, field="id", cases=False)
    try:
        parsed = phonenumbers.parse(written, "DE")
    except phonenumbers.NumberParseException:
        return None
    number = str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))
    rows = models.Identity.objects.filter(
        scheme="phone", fingerprint=keys.fingerprint("phone", number), replaced_at=None
    )
    return Q(id__in=rows.values("person_id"))


def _by_plate(keys: vault.OrganisationKeys, written: str) -> Q | None:
    found = vehicle_condition(keys, written)
    if found is None:
        return None
    rows = models.VehicleRole.objects.filter(vehicle__in=models.Vehicle.objects.filter(found))
    return Q(id__in=rows.values("person_id"))


def vehicle_condition(keys: vault.OrganisationKeys, written: str) -> Q | None:
    """Return the condition on vehicles with a plate or FIN; None where it is neither."""
    today = timezone.localdate()
    for told in (cases.Vehicle(plate=written), cases.Vehicle(vin=written)):
        try:
            read = vehicles.read(told, on=today)
        except (cases.UnableToReadPlate, cases.UnableToReadVin):
            continue
        return vehicles.found_by(keys, read, on=today)
    return None


def _labels(keys: vault.OrganisationKeys, written: str) -> list[int]:
    wanted = search.folded(written.casefold().strip())
    return [
        one.id
        for one in naming.labels(keys)
        if str(one.id) == wanted or search.folded(one.name.casefold()).startswith(wanted)
    ]


def _case_ids(viewer: access.Viewer, keys: vault.OrganisationKeys, written: str) -> list[int]:
    titled = search_names.found_by(keys, written, field="id", cases=True)
    if titled is None:
        return []
    rows = models.Case.objects.filter(access.visible_cases(viewer), titled)
    return list(rows.order_by("-changed_at").values_list("id", flat=True)[:_MOST])


def any_of(keys: vault.OrganisationKeys, text: str) -> Q | None:
    """Return the condition on conversations whose person is meant by plain words, whatever they are."""
    meant = (
        search_names.found_by(keys, text, field="id", cases=False),
        _by_number(keys, text) if any(sign.isdecimal() for sign in text) else None,
        _by_plate(keys, text),
    )
    conditions = [_of(one) for one in meant if one is not None]
    return reduce(or_, conditions) if conditions else None


def _midnight(day: date, *, after: bool = False) -> datetime:
    begun = datetime.combine(day, time.min, tzinfo=timezone.get_current_timezone())
    return begun + _DAY if after else begun
