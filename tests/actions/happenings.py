"""What can happen in a dealer's conversations, as webhook changes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from hypothesis import strategies as st

from tests import dealers
from werkbote.actions import drafts, outbox
from werkbote.channels import outgoing
from werkbote.store import keyring, models, scope

NOW = datetime.now(UTC).replace(microsecond=0)
OWN = "494066969001"
_NAMES = ("Alice", "Bob", "Charlie")
_PHONES = ("491713920001", "491713920002", "491713920003")
_USERS = ("DE.100000001", "DE.100000002", "DE.100000003")
_FORMS = ("phone", "user", "both")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A dealer and the ids of two messages of its own that are on their way."""

    dealer: dealers.Dealer
    ready: tuple[outbox.Ready, ...]


type Change = dict[str, Any]
type Happening = Callable[[Place], Change]


def place() -> Place:
    """A new dealer who was written to and has two messages on their way, outcome unknown yet."""
    dealer = dealers.dealer()
    _give_common_names(dealer)
    first = dealers.text("Moin", wamid="wamid.first", wa_id=_PHONES[0], at=_when(0))
    dealers.arrive(dealer, dealers.body(dealer, first), at=NOW)
    dealers.understand(dealer, at=NOW)
    with scope.looking(organisation=dealer.organisation):
        conversation = models.Conversation.objects.get().id
    for words in ("eins", "zwei"):
        outbox.queue_message(
            organisation=dealer.organisation,
            conversation=conversation,
            draft=drafts.Draft(text=words, request_key=words),
            purpose="P-02",
            by=None,
            at=NOW,
        )
    ready = outbox.claim(organisation=dealer.organisation, number=dealer.number, at=NOW)
    assert len(ready) == 2
    return Place(dealer=dealer, ready=tuple(ready))


def _give_common_names(dealer: dealers.Dealer) -> None:
    """Let all places name message ids by one key, so that their views can be compared."""
    row = dealer.organisation
    wrapped = keyring.installation().wrap(bytes(32), organisation=row, column=keyring.INDEX_COLUMN)
    with scope.transaction(organisation=row):
        models.Organisation.objects.filter(id=row).update(index_wrapped=wrapped)
    keyring._KNOWN.clear()


def settle(at: Place, own: int) -> None:
    """Let the answer to an own message arrive: accepted under its provider id."""
    receipt = outgoing.Receipt(provider_id=f"wamid.own{own}")
    outbox.settle(
        organisation=at.dealer.organisation,
        outcomes=[outbox.Outcome(ready=at.ready[own], at=_when(500), receipt=receipt)],
    )


def _when(n: int) -> datetime:
    return NOW - timedelta(hours=1) + timedelta(seconds=n)


def _stamp(n: int) -> str:
    return str(int(_when(n).timestamp()))


def _who(person: int, form: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The sender's fields of an item, and their contact."""
    sender: dict[str, Any] = {}
    contact: dict[str, Any] = {"profile": {"name": _NAMES[person]}}
    if form != "user":
        sender["from"] = contact["wa_id"] = _PHONES[person]
    if form != "phone":
        sender["from_user_id"] = contact["user_id"] = _USERS[person]
    return sender, contact


def body(at: Place, happenings: list[Happening]) -> bytes:
    """One webhook body in which all of this happens."""
    entries = [
        {"id": at.dealer.account_id, "time": int(NOW.timestamp()), **_entry(at, one(at))}
        for one in happenings
    ]
    return orjson.dumps({"object": "whatsapp_business_account", "entry": entries})


def _entry(at: Place, change: Change) -> dict[str, Any]:
    time = change.pop("time", None)
    metadata = {"display_phone_number": OWN, "phone_number_id": at.dealer.phone_number_id}
    change["value"] = {"messaging_product": "whatsapp", "metadata": metadata} | change["value"]
    return {"changes": [change]} | ({} if time is None else {"time": time})


def _message(person: int, form: str, n: int, **content: Any) -> Change:
    sender, contact = _who(person, form)
    item = {"id": f"wamid.{person}{form}{n}", "timestamp": _stamp(n), **sender, **content}
    return {"field": "messages", "value": {"contacts": [contact], "messages": [item]}}


def _text(person: int, form: str, n: int) -> Change:
    return _message(person, form, n, type="text", text={"body": f"Bremsen quietschen {n}"})


def _image(person: int, form: str, n: int) -> Change:
    picture = {"id": f"77{n}", "mime_type": "image/jpeg", "caption": f"Kratzer {n}"}
    return _message(person, form, 100 + n, type="image", image=picture)


def _odd(person: int, form: str, n: int) -> Change:
    return _message(person, form, 200 + n, type="hologram", hologram={"depth": n})


def _reaction(person: int, form: str, n: int) -> Change:
    emoji = {"emoji": "👍"} if n % 2 else {}
    return _message(
        person, form, 300 + n, type="reaction", reaction={"message_id": f"wamid.0phone{n}", **emoji}
    )


def _edit(person: int, form: str, n: int) -> Change:
    new = {"type": "text", "text": {"body": f"Bremsen heulen {n}"}}
    altered = {"original_message_id": f"wamid.{person}{form}{n}", "message": new}
    return _message(person, form, 400 + n, type="edit", edit=altered)


def _revoke(person: int, form: str, n: int) -> Change:
    gone = {"original_message_id": f"wamid.{person}{form}{n}"}
    return _message(person, form, 450 + n, type="revoke", revoke=gone)


def _renumbered(person: int, form: str, n: int) -> Change:
    """Tells that a person has the phone number of the next one now: to be reviewed."""
    later = {"type": "user_changed_number", "wa_id": _PHONES[(person + 1) % 3], "body": "Neu"}
    return _message(person, form, 600 + n, type="system", system=later)


def _echo(person: int, form: str, n: int) -> Change:
    sender, contact = _who(person, form)
    item: dict[str, Any] = {
        "from": OWN,
        "id": f"wamid.echo{person}{form}{n}",
        "timestamp": _stamp(700 + n),
        "type": "text",
        "text": {"body": f"Ist fertig {n}"},
    }
    if "from" in sender:
        item["to"] = sender["from"]
    if "from_user_id" in sender:
        item["to_user_id"] = sender["from_user_id"]
    return {
        "field": "smb_message_echoes",
        "value": {"contacts": [contact], "message_echoes": [item]},
    }


def _remembered(person: int, form: str, n: int) -> Change:
    """The history's word on what `_text` tells as it happens; the thread names the phone."""
    item = {
        "from": _PHONES[person],
        "id": f"wamid.{person}phone{n}",
        "timestamp": _stamp(n),
        "type": "text",
        "text": {"body": f"Bremsen quietschen {n}"},
    }
    del form
    thread = {"id": _PHONES[person], "context": {"name": _NAMES[person]}, "messages": [item]}
    return {"field": "history", "value": {"history": [{"threads": [thread]}]}}


def _call(person: int, form: str, n: int) -> Change:
    sender, contact = _who(person, form)
    item = {"id": f"call{n}", "event": "connect", "timestamp": _stamp(800 + n), **sender}
    item["direction"] = "USER_INITIATED"
    return {"field": "calls", "value": {"contacts": [contact], "calls": [item]}}


def _stop(person: int, form: str, n: int) -> Change:
    sender, contact = _who(person, form)
    item = {"value": "stop", "category": "marketing_messages", "timestamp": _stamp(n)}
    item |= {"wa_id": sender["from"]} if "from" in sender else {}
    item |= {"user_id": sender["from_user_id"]} if "from_user_id" in sender else {}
    return {
        "field": "user_preferences",
        "value": {"contacts": [contact], "user_preferences": [item]},
    }


def _renamed(person: int, form: str, n: int) -> Change:
    item: dict[str, Any] = {"user_id": {"previous": _USERS[person], "current": f"DE.99{person}{n}"}}
    if form == "both":
        item["wa_id"] = _PHONES[person]
    return {
        "field": "user_id_update",
        "value": {"user_id_update": [item | {"timestamp": _stamp(n)}]},
    }


def _weather(person: int, form: str, n: int) -> Change:
    return {"field": "weather", "value": {"forecast": [{"n": n, "for": f"{person}{form}"}]}}


def _quality(person: int, form: str, n: int) -> Change:
    del form
    event = {"event": "FLAGGED", "current_limit": f"TIER_{person}K", "n": n}
    return {
        "field": "phone_number_quality_update",
        "value": event,
        "time": int(_when(900 + 10 * n + person).timestamp()),
    }


def _template(person: int, form: str, n: int) -> Change:
    words = {"phone": "APPROVED", "user": "REJECTED", "both": "PAUSED"}
    news = {
        "message_template_id": 7,
        "message_template_name": f"hu_{person}",
        "message_template_language": "de",
        "event": words[form],
        "reason": f"R{n}",
    }
    return {
        "field": "message_template_status_update",
        "value": news,
        "time": int(_when(900 + 10 * n + _FORMS.index(form)).timestamp()),
    }


_OF_A_PERSON = (
    *(_text, _text, _image, _odd, _reaction, _edit, _revoke, _renumbered, _echo, _remembered),
    *(_call, _stop, _renamed, _weather, _quality, _template),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Something that happens to a person, in words a failing test can show."""

    make: Callable[[int, str, int], Change]
    person: int
    form: str
    n: int

    def __call__(self, _: Place) -> Change:
        return self.make(self.person, self.form, self.n)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """News of message `of`; with our id where it is an own one and the provider sends it along."""

    of: str
    own: int | None
    item: Mapping[str, Any]

    def __call__(self, at: Place) -> Change:
        item = {"id": self.of, "recipient_id": _PHONES[0], **self.item}
        if self.own is not None:
            item["biz_opaque_callback_data"] = str(at.ready[self.own].message)
        return {"field": "messages", "value": {"statuses": [item]}}


@st.composite
def _persons(draw: st.DrawFn) -> Happening:
    make = draw(st.sampled_from(_OF_A_PERSON))
    person, form, n = (
        draw(st.integers(0, 2)),
        draw(st.sampled_from(_FORMS)),
        draw(st.integers(0, 2)),
    )
    return Told(make=make, person=person, form=form, n=n)


@st.composite
def _reports(draw: st.DrawFn) -> Happening:
    """News of an own message, by provider id alone or with our id, or of an echo."""
    word = draw(st.sampled_from(("sent", "delivered", "read", "played", "failed")))
    second = draw(st.integers(480, 520))
    own = draw(st.sampled_from((0, 1, None)))
    extra: dict[str, Any] = {}
    if word == "failed":
        extra["errors"] = [{"code": draw(st.sampled_from((131026, 131049, 131050))), "title": "no"}]
    elif draw(st.booleans()):
        extra["pricing"] = {"billable": own == 0, "category": "service", "type": "regular"}
    with_id = draw(st.booleans())
    of = f"wamid.own{own}" if own is not None else draw(st.sampled_from(("wamid.echo0phone0", "?")))

    item = {"status": word, "timestamp": _stamp(second), **extra}
    return Reported(of=of, own=own if with_id else None, item=item)


happenings = st.one_of(_persons(), _reports())
