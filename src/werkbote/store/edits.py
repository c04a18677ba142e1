"""What messages say since their writer edited them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from werkbote.domain import events
from werkbote.store import models, vault


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """The newest wording of a message, and when it was given that."""

    text: str
    at: datetime


def of_targets(
    *, keys: vault.OrganisationKeys, numbers: Iterable[int], targets: Iterable[str]
) -> dict[tuple[int, str], Edit]:
    """Return the newest edits by conversation and the message's provider id, in any order of arrival.

    Only what a person did to a message counts, not what the house did. Inside `looking`.
    """
    rows = (
        models.MessageChange.objects.filter(
            number__in=list(numbers),
            target__in=list(targets),
            kind=events.ChangeKind.EDIT,
            outgoing=False,
            value_sealed__isnull=False,
        )
        .select_related("person")
        .order_by("at", "provider_id")
    )
    return {
        (row.conversation_id, row.target): Edit(
            text=keys.unwrap(row.person.key_wrapped, person=row.person_id).open_text(
                row.value_sealed, table="message_change", row=row.id, column="value_sealed"
            ),
            at=row.at,
        )
        for row in rows
    }


def of_message(keys: vault.OrganisationKeys, message: models.Message) -> str | None:
    """Return what a message says since it was edited, None where it was not. Inside `looking`."""
    if not message.provider_id:
        return None
    found = of_targets(keys=keys, numbers=[message.number_id], targets=[message.provider_id])
    edit = found.get((message.conversation_id, message.provider_id))
    return None if edit is None else edit.text
