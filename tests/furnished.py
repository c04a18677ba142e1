"""A dealer with a row of everything a member works with; `MAKERS` makes one more row of each kind."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings

from tests import dealers, phones, staff
from werkbote.actions import cases as case_deeds
from werkbote.actions import consent as consents
from werkbote.actions import desk, drafts, outbox, people
from werkbote.domain import cases, events
from werkbote.domain import desk as words
from werkbote.domain import team as roles
from werkbote.store import models, scope

UNCLEAR = "Stopp, bitte nicht reparieren!"
PICTURE = b"\xff\xd8\xff\xe0" + b"picture " * 20


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """A dealer with its people. `first` is the first row made of each kind, `made` how many there are."""

    crew: staff.Staff
    at: datetime = dealers.NOW
    first: dict[str, int] = field(default_factory=dict)
    made: dict[str, int] = field(default_factory=dict)

    @property
    def organisation(self) -> int:
        return self.crew.dealer.organisation

    @property
    def branch(self) -> int:
        return self.crew.dealer.branch

    @property
    def number(self) -> int:
        return self.crew.dealer.number

    def by(self, member: int | None = None) -> dict[str, Any]:
        """Who does it, and when."""
        who = self.crew.bob if member is None else member
        return {"organisation": self.organisation, "by": who, "at": self.at}

    def person(self) -> int:
        """The person of the first conversation."""
        with scope.looking(organisation=self.organisation):
            return models.Conversation.objects.get(id=self.first["conversation"]).person_id

    def save(self, row: Any) -> int:
        """Write a row the way the application's role may."""
        row.organisation_id = self.organisation
        with scope.transaction(organisation=self.organisation):
            row.save(force_insert=True)
        return int(row.id)

    def one(self, model: Any, **where: Any) -> int:
        """The newest row of a table."""
        with scope.looking(organisation=self.organisation):
            return int(model.objects.filter(**where).latest("id").id)


type Maker = Callable[[House, int], int]


def wa_id(row: int) -> str:
    """An invented number of the range kept free for films."""
    return f"491713920{100 + row:03}"


def _conversation(house: House, row: int) -> int:
    made = staff.wrote(
        house.crew.dealer,
        phone="+" + wa_id(row),
        name=f"Petra Beispiel {row}",
        words="Moin, ist mein Wagen fertig?",
        at=house.at,
    )
    desk.assign(conversation=made, member=house.crew.alice, **house.by())
    return made


def _message(house: House, row: int) -> int:
    staff.wrote(
        house.crew.dealer,
        phone="+" + wa_id(1),
        words=f"Und noch etwas {row}",
        at=house.at + timedelta(minutes=row),
    )
    return house.one(models.Message, conversation=house.first["conversation"])


def _media(house: House, row: int) -> int:
    staff.wrote(
        house.crew.dealer,
        phone="+" + wa_id(1),
        words="",
        kind="image",
        media=events.MediaRef(provider_id=f"7{row}", mime="image/jpeg"),
        at=house.at + timedelta(minutes=row),
    )
    file = house.one(models.Media)
    with scope.transaction(organisation=house.organisation):
        models.Media.objects.filter(id=file).update(state="failed", problem="gone")
    return file


def _voice(house: House, row: int) -> int:
    staff.wrote(
        house.crew.dealer,
        phone="+" + wa_id(1),
        words="",
        kind="voice",
        at=house.at + timedelta(minutes=row),
    )
    return house.one(models.Message, kind="voice")


def _reply(house: House, row: int) -> int:
    """An answer of the house, decided on by the gate and accepted by the provider."""
    made = outbox.queue_message(
        organisation=house.organisation,
        conversation=house.first["conversation"],
        draft=drafts.Draft(text=f"Ja, er steht auf dem Hof {row}.", request_key=f"ja:{row}"),
        purpose="P-02",
        by=house.crew.bob,
        at=house.at + timedelta(minutes=row),
    )
    phones.accepted(
        house.crew.dealer,
        phones.asked(house.crew.dealer, role="plain"),
        at=house.at + timedelta(minutes=row),
    )
    return made


def _note(house: House, row: int) -> int:
    desk.note(conversation=house.first["conversation"], text=f"Notiz {row}", **house.by())
    return house.one(models.Note)


def _label(house: House, row: int) -> int:
    made = desk.create_label(name=f"Eilig {row}", colour="red", **house.by(house.crew.alice))
    desk.put_label(conversation=house.first["conversation"], label=made, **house.by())
    return made


def _nudge(house: House, row: int) -> int:
    """Alice is given somebody's conversation by Bob, and is told so."""
    talk = staff.wrote(house.crew.dealer, phone="+" + wa_id(20 + row), name=f"Nina {row}")
    desk.assign(conversation=talk, member=house.crew.alice, **house.by())
    return house.one(models.Nudge)


def _case(house: House, row: int) -> int:
    made = case_deeds.open_case(
        branch=house.branch,
        person=house.person(),
        details=case_deeds.Details(
            kind=cases.Kind.REPAIR_ORDER,
            title=f"Bremsen {row}",
            owner=house.crew.bob,
            vehicle=house.first["vehicle"],
        ),
        **house.by(),
    )
    case_deeds.file_message(message=_message(house, 60 + row), case=made, **house.by())
    return made


def _vehicle(house: House, row: int) -> int:
    return case_deeds.record_vehicle(
        person=house.person(),
        role=cases.Role.HOLDER,
        told=cases.Vehicle(plate=f"HH-WB {row}", make="VW", model="Golf"),
        **house.by(),
    )


def _role(house: House, row: int) -> int:
    talk = staff.wrote(house.crew.dealer, phone="+" + wa_id(40 + row), name=f"Fahrer {row}")
    with scope.looking(organisation=house.organisation):
        person = models.Conversation.objects.get(id=talk).person_id
    case_deeds.give_role(
        vehicle=house.first["vehicle"], person=person, role=cases.Role.DRIVER, **house.by()
    )
    return house.one(models.VehicleRole)


def _team(house: House, row: int) -> int:
    alice = house.by(house.crew.alice)
    made = desk.create_team(
        branch=house.branch, kind=roles.TeamKind.SERVICE, name=f"Service {row}", **alice
    )
    desk.join_team(team=made, member=house.crew.bob, **alice)
    return made


def _canned(house: House, row: int) -> int:
    return desk.create_reply(
        reply=desk.Reply(name=f"fertig{row}", text="Ihr Wagen ist fertig."),
        **house.by(house.crew.alice),
    )


def _macro(house: House, row: int) -> int:
    steps = [{"act": "label", "target": house.first["label"]}]
    return desk.create_macro(name=f"Eilfall {row}", steps=steps, **house.by(house.crew.alice))


def _rule(house: House, row: int) -> int:
    wanted = desk.Wanted(
        name=f"Pannen {row}",
        trigger=words.Trigger.MESSAGE,
        conditions=[{"subject": "words", "value": "Moin"}],
        steps=[{"act": "label", "target": house.first["label"]}],
    )
    return desk.create_rule(wanted=wanted, **house.by(house.crew.alice))


def _closed(house: House, row: int) -> int:
    day = house.at.date() + timedelta(days=30 * row)
    desk.close_days(branch=house.branch, first=day, last=day, **house.by(house.crew.alice))
    return house.one(models.BranchClosed)


def _review(house: House, row: int) -> int:
    pair = []
    for place in (0, 1):
        talk = staff.wrote(
            house.crew.dealer, phone="+" + wa_id(80 + 2 * row + place), name=f"Doppelt {row}"
        )
        with scope.looking(organisation=house.organisation):
            pair.append(models.Conversation.objects.get(id=talk).person_id)
    people.propose(person=pair[0], other=pair[1], **house.by(house.crew.alice))
    return house.one(models.IdentityReview)


def _task(house: House, row: int) -> int:
    """Somebody who agreed says something that may be a withdrawal."""
    dealer, who = house.crew.dealer, wa_id(120 + row)
    agreed = phones.agrees(dealer, at=house.at, wa_id=who)
    phones.writes(dealer, UNCLEAR, at=agreed + timedelta(minutes=1), wa_id=who)
    return house.one(models.ConsentTask)


def _way(house: House, row: int) -> int:
    offer = consents.Offer(
        branch=house.branch, keyword="WERBUNG JA", purposes=("P-05",), code=f"w{row}"
    )
    return consents.offer(offer=offer, **house.by(house.crew.alice))


def _scan(house: House, row: int) -> int:
    taken = consents.Taken(
        branch=house.branch,
        purposes=("P-05",),
        how="paper",
        given_at=house.at - timedelta(days=1),
        phone="+" + wa_id(140 + row),
        scan=consents.Scan(content=PICTURE, mime="image/jpeg"),
    )
    consents.enter(taken=taken, **house.by())
    return house.one(models.ConsentScan)


MAKERS: Mapping[str, Maker] = {
    "conversation": _conversation,
    "message": _message,
    "media": _media,
    "voice": _voice,
    "reply": _reply,
    "note": _note,
    "label": _label,
    "nudge": _nudge,
    "vehicle": _vehicle,
    "role": _role,
    "team": _team,
    "case": _case,
    "canned": _canned,
    "macro": _macro,
    "rule": _rule,
    "closed": _closed,
    "review": _review,
    "task": _task,
    "way": _way,
    "scan": _scan,
}


@contextmanager
def arranged() -> Iterator[None]:
    """Let pages and deeds find the time and the mail server a furnished house lives with."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("werkbote.web.clock.now", lambda: dealers.NOW + timedelta(hours=1))
        patch.setattr(settings, "WERKBOTE_MAIL_URL", "smtp://127.0.0.1:9")
        yield


def furnish(house: House, makers: Mapping[str, Maker]) -> None:
    """Make one more row of every kind."""
    for kind, make in makers.items():
        house.made[kind] = house.made.get(kind, 0) + 1
        made = make(house, house.made[kind])
        house.first.setdefault(kind, made)
