"""Whoever steals the database, or a dump of it, finds no name, no number and no word in it."""

import base64
import secrets
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest

from tests import dealers, servers
from werkbote.actions import drafts, outbox, team
from werkbote.channels import outgoing
from werkbote.config import cluster
from werkbote.domain import team as roles
from werkbote.store import models, scope

CUSTOMER, TELLING = "4917604069042", "491713920042"
NAMES = ("Ottilie Kranichstein", "Zacharias Kranichstein")
WORDS = ("Zwiebelkuchenlicht", "KA-QX 4711", "Vergaserglocke", "Morgenröteblau")
EMAIL = "@kranichstein.example"
LABELS = ("Autohaus Kranichstein", "Werkhof Silberweide")
NUMBERS = ("4917604069042", "17604069042", "4066969001")
NEEDLES = (*NAMES, "Ottilie", *WORDS, EMAIL, *LABELS, *NUMBERS, "app-secret-", "token-of-")


def opaque(_: str) -> str:
    return f"wamid.{secrets.token_hex(12)}"


def telling(phone: str) -> str:
    """Return a message id as WhatsApp makes them: base64 with the phone number inside."""
    raw = b"\x1c\x18\x0d" + phone.encode() + b"\x15\x02\x00\x11\x18" + secrets.token_bytes(10)
    return "wamid." + base64.b64encode(raw).decode()


def live(make: Callable[[str], str], customer: str) -> None:
    """Let a dealership live a little: texts, an edit, a reaction, what is not understood, a reply."""
    now = datetime.now(UTC)
    dealer = dealers.dealer()
    _staff(dealer)
    said = {"wa_id": customer, "name": NAMES[0], "at": now}
    first = dealers.text(f"Guten Tag, {WORDS[0]} am {WORDS[1]}", wamid=make(customer), **said)
    target = first["messages"][0]["id"]
    reaction = dealers.text("", wamid=make(customer), **said)
    reaction["messages"][0] |= {
        "type": "reaction",
        "reaction": {"message_id": target, "emoji": "👍"},
    }
    odd = {"messages": [{"type": "hologram", "content": WORDS[2], "from": customer}]}
    for value in (first, reaction, odd):
        dealers.arrive(dealer, dealers.body(dealer, value), at=now)
    dealers.understand(dealer, at=now)
    _reply(dealer, target, receipt=make(customer), at=now)


def _staff(dealer: dealers.Dealer) -> None:
    team.create_member(
        organisation=dealer.organisation,
        email=f"{secrets.token_hex(4)}{EMAIL}",
        name=NAMES[1],
        password=f"{WORDS[2]}-{secrets.token_hex(4)}",
        role=roles.Role.OWNER,
        language="de",
        branches=[dealer.branch],
        by="system",
        at=dealers.NOW,
    )
    team.create_branch(
        organisation=dealer.organisation,
        name=LABELS[1],
        legal_entity=LABELS[0],
        state_code="HH",
        by="system",
        at=dealers.NOW,
    )


def _reply(dealer: dealers.Dealer, target: str, *, receipt: str, at: datetime) -> None:
    with scope.looking(organisation=dealer.organisation):
        conversation = models.Conversation.objects.get().id
        quoted = models.Message.objects.get(provider_id=dealers.named(dealer, target)).id
    outbox.queue_message(
        organisation=dealer.organisation,
        conversation=conversation,
        draft=drafts.Draft(text=f"Frau Kranichstein, {WORDS[3]} ist fertig.", reply_to=quoted),
        purpose="P-02",
        by=None,
        at=at,
    )
    ready = outbox.claim(organisation=dealer.organisation, number=dealer.number, at=at)
    assert len(ready) == 1
    sent = outgoing.Receipt(provider_id=receipt)
    outbox.settle(
        organisation=dealer.organisation,
        outcomes=[outbox.Outcome(ready=one, at=at, receipt=sent) for one in ready],
    )


def disguises(needle: str) -> Iterator[bytes]:
    """Yield what a needle looks like in plain, UTF-16 and base64, each also as the dump's hex."""
    plain = needle.encode()
    forms = {plain, needle.lower().encode(), needle.encode("utf-16-le"), needle.encode("utf-16-be")}
    for offset in range(3):
        coded = base64.b64encode(bytes(offset) + plain)
        forms.add(coded[offset and 4 : len(coded) // 4 * 4 - 4])
    for form in forms:
        if len(form) >= 6:
            yield form
            yield form.hex().encode()


def dump(run: servers.Run, name: str) -> bytes:
    programs = cluster.locate(run.home).programs
    done = subprocess.run(
        [programs / "pg_dump", "--inserts", run.owner(name).url()],
        capture_output=True,
        env=cluster.surroundings(),
        check=True,
    )
    return done.stdout


def found(run: servers.Run, name: str, *needles: str) -> list[str]:
    text = dump(run, name)
    assert b"INSERT INTO public.message " in text
    return [needle for needle in needles if any(form in text for form in disguises(needle))]


@pytest.fixture
def name(database: servers.Run, worker_id: str) -> str:
    if not database.embedded:
        pytest.skip("The server that was given has its own pg_dump.")
    return "main" if worker_id == "master" else worker_id


@pytest.mark.shows("R-07", "R-107", "S-20")
def test_a_dump_shows_no_name_no_number_and_no_word(database: servers.Run, name: str) -> None:
    live(opaque, CUSTOMER)
    assert found(database, name, *NEEDLES) == []


def test_the_search_finds_what_it_should_not_find() -> None:
    haystack = b"INSERT \\x" + "Ottilie Kranichstein".encode("utf-16-le").hex().encode()
    assert any(form in haystack for form in disguises(NAMES[0]))
    haystack = b"xx" + base64.b64encode(b"\x1c" + CUSTOMER.encode() + b"\x15\x02")
    assert any(form in haystack for form in disguises(NUMBERS[0]))


def test_a_dump_shows_no_number_inside_the_providers_ids(database: servers.Run, name: str) -> None:
    live(telling, TELLING)
    assert found(database, name, TELLING) == []
