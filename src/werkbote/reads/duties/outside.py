"""What leaves the house: every connection with who is there, what for, which data, and whether it is on."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from werkbote.domain import duties
from werkbote.reads import access
from werkbote.store import duties as store
from werkbote.store import keyring, rechtsstand, scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One connection in the words of one language; `country` is "" where nobody has recorded it yet."""

    code: str
    title: str
    destination: str
    recipient: str
    name: str
    role: str
    state: str
    protocol: str
    encryption: str
    purpose: str
    data: str
    agreement: str
    country: str
    onward: str
    switch: str
    rooms: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """All connections: to others, and those both ends of which are the house's own."""

    recipients: Sequence[Way]
    own: Sequence[Way]
    source: str


def outside(*, viewer: access.Viewer, day: date) -> Outside:
    """Return what leaves the viewer's house, in the viewer's language; the same for every branch."""
    return of_house(organisation=viewer.organisation, day=day, language=viewer.language)


def of_house(*, organisation: int, day: date, language: str) -> Outside:
    """Return what leaves a house, as a page and a command of the operator show it."""
    law = rechtsstand.outside(day)
    with scope.looking(organisation=organisation):
        found = store.connections(organisation=organisation, day=day)
        keys = keyring.organisation(organisation)
        stopped = store.stopped()
        entries = store.entries(keys, day=day)
    ways = [
        (
            one,
            _way(
                one,
                entry=entries.get(one.recipient, duties.recipients.Entry(name="")),
                stopped=one.recipient in stopped,
                language=language,
            ),
        )
        for one in found
    ]
    return Outside(
        recipients=[way for one, way in ways if one.line.whose is duties.outside.Whose.RECIPIENT],
        own=[way for one, way in ways if one.line.whose is duties.outside.Whose.HOUSE],
        source=law.source,
    )


def _way(
    one: duties.outside.Connection,
    *,
    entry: duties.recipients.Entry,
    stopped: bool,
    language: str,
) -> Way:
    line = one.line
    state = duties.outside.State.ON if one.on else duties.outside.State.OFF
    return Way(
        code=line.code,
        title=line.title[language],
        destination=one.destination,
        recipient=one.recipient,
        name=entry.name,
        role=line.role,
        state=duties.outside.State.STOPPED if stopped else state,
        protocol=line.protocol,
        encryption=line.encryption[language],
        purpose=line.purpose[language],
        data=line.data[language],
        agreement=line.agreement[language],
        country=entry.country,
        onward=entry.onward,
        switch=line.switch[language],
        rooms=line.rooms,
    )


def plain(found: Outside) -> dict[str, Any]:
    """Return what leaves a house for other programs; codes stay codes."""
    return asdict(found)
