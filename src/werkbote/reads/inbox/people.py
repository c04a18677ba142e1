"""Who is at the other end, opened for a screen: a name and a number, masked where lists show it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Q

from werkbote.store import models, vault

_SHOWN_HEAD = 6
_SHOWN_TAIL = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A person as a screen shows them; `phone` is E.164 or empty, `name` may be empty too."""

    person: int
    name: str
    phone: str
    bsuid: str = ""

    @property
    def masked(self) -> str:
        """The number with its middle hidden, for lists."""
        return mask(self.phone)

    @property
    def initials(self) -> str:
        """Up to two letters for the round picture."""
        words = [word for word in self.name.split() if word[0].isalpha()]
        return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()

    @property
    def tone(self) -> int:
        """A number from 0 to 7 that stays with the person: the colour of the round picture."""
        return self.person % 8


def mask(phone: str) -> str:
    """Return a number with its middle hidden: +49 152 ••• 386."""
    if len(phone) <= _SHOWN_HEAD + _SHOWN_TAIL:
        return "•••" if phone else ""
    return f"{phone[:3]} {phone[3:_SHOWN_HEAD]} ••• {phone[-_SHOWN_TAIL:]}"


class Keyhole:
    """Persons' keys by id, each unwrapped once."""

    __slots__ = ("_found", "_keys")

    def __init__(self, keys: vault.OrganisationKeys) -> None:
        self._keys = keys
        self._found: dict[int, vault.Key] = {}

    def of(self, person: models.Person) -> vault.Key:
        """Return the data key of a person's row."""
        if person.id not in self._found:
            self._found[person.id] = self._keys.unwrap(person.key_wrapped, person=person.id)
        return self._found[person.id]


def contacts(persons: Iterable[models.Person], keyhole: Keyhole) -> Mapping[int, Contact]:
    """Return the contacts of some persons by id, with one query. Inside `looking`."""
    rows = {person.id: person for person in persons}
    values: dict[tuple[int, str], str] = {}
    same = models.Person.objects.filter(Q(id__in=rows) | Q(merged_into_id__in=rows))
    identities = (
        models.Identity.objects.filter(person_id__in=same.values("id"), replaced_at=None)
        .select_related("person")
        .only("scheme", "value_sealed", "person__key_wrapped", "person__merged_into")
        .order_by("created_at", "id")
    )
    for identity in identities:
        owner = identity.person_id
        if owner not in rows:
            owner = identity.person.merged_into_id or owner
        values[owner, identity.scheme] = keyhole.of(identity.person).open_text(
            identity.value_sealed, table="identity", row=identity.id, column="value_sealed"
        )
    return {
        person.id: Contact(
            person=person.id,
            name=keyhole.of(person).open_text(
                person.name_sealed, table="person", row=person.id, column="name_sealed"
            ),
            phone=values.get((person.id, "phone"), ""),
            bsuid=values.get((person.id, "bsuid"), ""),
        )
        for person in rows.values()
    }
