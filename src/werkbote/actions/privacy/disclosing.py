"""To whom data of a person went, and what was held back from them: what a copy says beside its rows (Art. 15(1)(c))."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from werkbote.actions.privacy import informing, keeping
from werkbote.domain import duties, numbers
from werkbote.store import duties as lines
from werkbote.store import exporting, models, rechtsstand

_MOST = 1000


def disclosed(person: exporting.Person, *, at: datetime) -> dict[str, Any]:
    """Return recipients by name, each disclosure with its time, suppressions, what was not sent, the contact book.

    Nothing here names a member: staff are no recipients while they act as they are told (EuGH C-579/21;
    LG Baden-Baden 3 S 13/23 speaks of those who do not). Inside a scope.
    """
    return {
        "recipients": list(_recipients(person, day=keeping.today(at))),
        "disclosures": list(_disclosures(person.people)),
        "suppressions": list(_suppressions(person)),
        "not_sent": list(_not_sent(person.people)),
        "contact_book": list(_contact_book(person.people)),
    }


def _recipients(person: exporting.Person, *, day: date) -> Iterator[dict[str, str]]:
    """Yield everybody who receives data of people on a line that is set up, by the name on record."""
    law, organisation = rechtsstand.outside(day), person.keys.organisation
    rows = {row.code: row for row in models.Processor.objects.all()}
    told = set[tuple[str, str]]()
    for one in lines.connections(organisation=organisation, day=day):
        if one.line.whose is not duties.outside.Whose.RECIPIENT or not one.on:
            continue
        if (one.recipient, one.line.code) in told:
            continue
        told.add((one.recipient, one.line.code))
        row, known = rows.get(one.recipient), law.known.get(one.recipient)
        name = known.name if known else one.destination
        if row is not None:
            name = lines.entry(person.keys, row).name or name
        yield {"name": name, "what": one.line.purpose["de"], "data": one.line.data["de"]}


def _disclosures(people: Sequence[int]) -> Iterator[dict[str, str]]:
    """Yield what left the house by somebody's hand: what kind, and when, as the audit has it."""
    talks = models.Conversation.objects.filter(person__in=list(people)).values_list("id", flat=True)
    entries = [*informing.exports(list(talks)), *informing.letters(people)]
    requests = models.PersonRequest.objects.filter(subject__in=list(people))
    about = [f"person_request:{one}" for one in requests.values_list("id", flat=True)]
    rows = models.AuditEntry.objects.filter(
        Q(id__in=entries) | Q(verb="privacy.hand_out", object__in=about)
    )
    for row in rows.order_by("position")[:_MOST]:
        yield {"at": row.at.isoformat(), "what": row.verb}


def _suppressions(person: exporting.Person) -> Iterator[dict[str, str]]:
    """Yield the entries of the suppression list that hold one of the person's addresses."""
    prints = models.Identity.objects.filter(person__in=person.people).values("fingerprint")
    for row in models.Suppression.objects.filter(fingerprint__in=prints).order_by("id"):
        yield {"scope": row.scope, "reason": row.reason, "since": row.created_at.isoformat()}


def _not_sent(people: Sequence[int]) -> Iterator[dict[str, str]]:
    """Yield what the gate did not let leave to the person, with rule and reason."""
    refused = models.Message.objects.filter(person__in=list(people), refusal__isnull=False)
    for row in refused.select_related("refusal").order_by("id")[:_MOST]:
        if row.refusal is not None:
            yield {
                "at": row.refusal.decided_at.isoformat(),
                "purpose": row.refusal.purpose,
                "why": row.refusal.sentence_de,
                "article": row.refusal.article,
            }


def _contact_book(people: Sequence[int]) -> Iterator[dict[str, str]]:
    """Yield for each WhatsApp number the person writes with whether Meta's contact book may hold them.

    What is known is the setting, as a member confirmed it last: off means empty; on, or never
    looked at, means that the number is to be reckoned with.
    """
    talks = models.Conversation.objects.filter(person__in=list(people))
    ways = models.Number.objects.filter(id__in=talks.values("number"), channel="whatsapp")
    for row in ways.order_by("id"):
        check = row.checks.filter(step=numbers.Step.CONTACT_BOOK).first()
        off = check is not None and check.state == numbers.State.PASSED
        yield {
            "number": str(row.id),
            "present": "no" if off else "possible" if check is None else "yes",
            "as_of": check.on_day.isoformat() if check is not None and check.on_day else "",
        }


def told(found: Mapping[str, Any], words: Mapping[str, Any]) -> list[str]:
    """Return in German sentences what a letter says of the contact book and of scores."""
    book = {one["present"] for one in found["contact_book"]}
    worst = next((one for one in ("yes", "possible", "no") if one in book), "possible")
    return [str(words["contact_book_presence"][worst]), str(words["scores"])]
