"""Whether the other side of an old chat is somebody we know: a question for a person, never a fact."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import phonenumbers

from werkbote.actions import people
from werkbote.store import models, vault

KIND = "old_chat"
_PAIR = 2
_MOST_PERSONS = 20_000


def propose(
    *,
    keys: vault.OrganisationKeys,
    chat: models.OldChat,
    participants: Sequence[str],
    at: datetime,
) -> bool:
    """Ask whether the chat's other side is the one person who has that number or name.

    Inside a transaction. Nobody is made a contact by it; in a group nobody is proposed.
    """
    if len(participants) > _PAIR or chat.person.merged_into_id is not None:
        return False
    found = _by_phone(keys, participants) or _by_name(keys, chat, participants)
    if len(found) != 1:
        return False
    models.IdentityReview.objects.bulk_create(
        [
            models.IdentityReview(
                organisation_id=keys.organisation,
                kind=KIND,
                provider_id=f"old_chat:{chat.id}",
                previous_id=next(iter(found)),
                current_id=chat.person_id,
                created_at=at,
            )
        ],
        ignore_conflicts=True,
    )
    return True


def _by_phone(keys: vault.OrganisationKeys, names: Iterable[str]) -> set[int]:
    prints = [
        keys.fingerprint(people.Scheme.PHONE, number)
        for number in map(_number, names)
        if number is not None
    ]
    rows = models.Identity.objects.filter(
        scheme=people.Scheme.PHONE, fingerprint__in=prints
    ).select_related("person")
    return {row.person.merged_into_id or row.person_id for row in rows}


def _number(name: str) -> str | None:
    """Return a participant's number as E.164 where the phone had no name for it."""
    if not name.lstrip().startswith("+"):
        return None
    try:
        parsed = phonenumbers.parse(name)
    except phonenumbers.NumberParseException:
        return None
    return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))


def _by_name(keys: vault.OrganisationKeys, chat: models.OldChat, names: Sequence[str]) -> set[int]:
    """Return the persons of the branch with exactly such a name; opens their names to compare."""
    wanted = {_plain(name) for place, name in enumerate(names) if place != chat.own}
    persons = models.Person.objects.filter(
        merged_into=None,
        name_sealed__isnull=False,
        id__in=models.Conversation.objects.filter(number__branch=chat.branch_id).values(
            "person_id"
        ),
    ).order_by("-id")[:_MOST_PERSONS]
    return {
        person.id
        for person in persons.iterator(chunk_size=500)
        if _plain(
            keys.unwrap(person.key_wrapped, person=person.id).open_text(
                person.name_sealed, table="person", row=person.id, column="name_sealed"
            )
        )
        in wanted
    }


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())
