"""Who got data of a person from us, and whether they were told of a correction, erasure or restriction (Art. 19)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from werkbote.actions.privacy import requesting
from werkbote.domain import privacy
from werkbote.store import live, models, scope

_MOST = 200


def recipients(
    row: models.PersonRequest, people: Sequence[int], *, at: datetime, number: bool = False
) -> list[dict[str, Any]]:
    """Return everybody who got data of these persons, with how they stand; and announce the change.

    Asked before anything is erased. `number`: a number was corrected. In a transaction.
    """
    kind = privacy.Kind(row.kind)
    conversations = list(
        models.Conversation.objects.filter(person__in=list(people)).values_list("id", "number_id")
    )
    live.announce(conversations={one for one, _ in conversations}, at=at)
    found = [
        *((privacy.Recipient.PROGRAM, one) for one in _programs()),
        *((privacy.Recipient.EXPORT, one) for one in exports([one for one, _ in conversations])),
        *((privacy.Recipient.LETTERS, one) for one in letters(people)),
        *(
            (privacy.Recipient.CONTACT_BOOK, one)
            for one in _books({two for _, two in conversations})
        ),
    ]
    return [
        {
            "who": who.value,
            "ref": ref,
            "state": (state := privacy.first_state(who, kind, number=number)).value,
            "at": at.isoformat() if state is privacy.Told.TOLD else "",
        }
        for who, ref in found
    ]


def _programs() -> list[int]:
    """Return the subscriptions of other programs that hear of every change."""
    rows = models.Subscription.objects.filter(ended_at=None, member__is_active=True)
    return list(rows.order_by("id").values_list("id", flat=True)[:_MOST])


def exports(conversations: Sequence[int]) -> list[int]:
    """Return the audit entries by which somebody took one of these conversations out as a file."""
    rows = models.AuditEntry.objects.filter(
        verb="desk.exported", object__in=[f"conversation:{one}" for one in conversations]
    )
    return list(rows.order_by("position").values_list("id", flat=True)[:_MOST])


def letters(people: Sequence[int]) -> list[int]:
    """Return the exports for auditors of years in which one of these persons has filed letters."""
    filed = models.Message.objects.filter(person__in=list(people), case__isnull=False)
    years = {f"year:{one.year}" for one in filed.dates("at", "year")}
    rows = models.AuditEntry.objects.filter(verb="privacy.export_letters", object__in=sorted(years))
    return list(rows.order_by("position").values_list("id", flat=True)[:_MOST])


def _books(numbers: set[int]) -> list[int]:
    rows = models.Number.objects.filter(id__in=numbers, channel="whatsapp")
    return sorted(rows.values_list("id", flat=True))


def tell(*, organisation: int, request: int, position: int, by: int, at: datetime) -> None:
    """Enter that a recipient was told; raise UnableToHandle where there is none to tell."""
    with scope.transaction(organisation=organisation):
        row = requesting.locked(request)
        told = [dict(one) for one in row.notices]
        if not 0 <= position < len(told) or told[position]["state"] != privacy.Told.TO_TELL:
            raise requesting.UnableToHandle(
                "This recipient has been told already; reload the page."
            )
        told[position] |= {"state": privacy.Told.TOLD.value, "at": at.isoformat(), "by": by}
        row.notices = told
        row.save(update_fields=["notices"])
        requesting.record(
            organisation,
            request,
            "privacy.tell_recipient",
            by=by,
            at=at,
            who=told[position]["who"],
            ref=told[position]["ref"],
        )
