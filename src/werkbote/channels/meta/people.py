"""Who a webhook speaks of: `contacts` matched to messages by phone or by business-scoped user id."""

from collections.abc import Iterable

from werkbote.channels.meta import wire
from werkbote.domain import events
from werkbote.domain.events import Json


def party(address: Json, user_id: Json, name: str | None = None) -> events.Party | None:
    """The person at an address, or None when neither phone nor user id is given.

    An address that is no phone number is Meta's own word for somebody and is kept as the user id,
    unless one is given.
    """
    digits = wire.digits(address)
    bsuid = wire.ident(user_id)
    if digits is None and bsuid is None:
        bsuid = wire.ident(address)
        if bsuid is None:
            return None
    return events.Party(phone=f"+{digits}" if digits else None, bsuid=bsuid, name=name)


class People:
    """The contacts of one change, found by phone or by user id."""

    __slots__ = ("_by_address", "_by_user_id", "_only")

    def __init__(self, contacts: Iterable[wire.Item]) -> None:
        """Index the contacts; a person without phone and user id is nobody."""
        self._by_address: dict[str, events.Party] = {}
        self._by_user_id: dict[str, events.Party] = {}
        known = []
        for contact in contacts:
            found = _contact(contact)
            if found is not None:
                known.append(found)
                self._by_address.setdefault(found.phone or found.bsuid or "", found)
                if found.bsuid:
                    self._by_user_id.setdefault(found.bsuid, found)
        self._only = known[0] if len(known) == 1 else None

    def party(self, address: Json, user_id: Json) -> events.Party | None:
        """The person at an address or user id, completed by their contact.

        Without both it is the only contact, if there is exactly one; somebody else's contact is
        never taken.
        """
        named = party(address, user_id)
        if named is None:
            return self._only
        known = self._known(named)
        if known is None:
            return named
        return events.Party(
            phone=named.phone or known.phone,
            bsuid=named.bsuid or known.bsuid,
            name=known.name,
        )

    def _known(self, named: events.Party) -> events.Party | None:
        if named.bsuid:
            known = self._by_user_id.get(named.bsuid)
            if known is not None:
                return known if _agree(known.phone, named.phone) else None
        known = self._by_address.get(named.phone or named.bsuid or "")
        return known if known is not None and _agree(known.bsuid, named.bsuid) else None


def _agree(one: str | None, other: str | None) -> bool:
    return one is None or other is None or one == other


def _contact(contact: wire.Item) -> events.Party | None:
    profile = wire.item(contact.get("profile"))
    name = wire.ident(profile.get("name")) or wire.ident(profile.get("username"))
    return party(contact.get("wa_id"), contact.get("user_id"), name)
