"""Erasure: one person with many messages and files, beside deleting the same rows by plain SQL.

Both persons are loaded alike. The product erases by `actions.privacy.execute` with all it does: index,
files, raw bodies, journal, keys, searching again, protocol. The plain way is one DELETE per table as
the owner, without walls. Meanwhile the inbox is read and somebody else writes.
"""

import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from bench import bodies, load, place

_PAUSE = 0.02
_FILE = 64 * 1024
_PLAIN = (
    "DELETE FROM search_token WHERE message_id IN (SELECT id FROM message WHERE person_id = %s)",
    "DELETE FROM media_chunk WHERE media_id IN (SELECT id FROM media WHERE person_id = %s)",
    "DELETE FROM media WHERE person_id = %s",
    "DELETE FROM message WHERE person_id = %s",
    "DELETE FROM conversation WHERE person_id = %s",
    "DELETE FROM identity WHERE person_id = %s",
    "DELETE FROM name_token WHERE person_id = %s",
    "DELETE FROM person WHERE id = %s",
)


def run(where: place.Place) -> dict[str, Any]:
    """Return seconds of both ways, and how long the inbox and the intake had to wait meanwhile."""
    messages, files = where.scaled(10_000, 60), where.scaled(1_000, 6)
    dealer = place.dealer(where)
    ours, theirs = (_person(dealer, n, messages, files) for n in range(2))
    _person(dealer, 2, 50, 0)
    found: dict[str, Any] = {"messages": messages, "files": files, "file_bytes": _FILE}
    quiet = _watched(dealer, seconds=where.scaled(3, 1))
    with _watching(dealer) as seen:
        found["product_s"] = round(_product(dealer, ours), 3)
    began = time.perf_counter()
    with where.owner() as owner, owner.transaction():
        for statement in _PLAIN:
            owner.execute(statement, [theirs])
    found["plain_s"] = round(time.perf_counter() - began, 3)
    found["times_plain"] = round(found["product_s"] / found["plain_s"], 1)
    for name, before, during in zip(("inbox", "intake"), quiet, seen, strict=True):
        found[f"{name}_quiet_p95_ms"] = round(load.percentile(sorted(before), 0.95) * 1e3, 1)
        found[f"{name}_p95_ms"] = round(load.percentile(sorted(during), 0.95) * 1e3, 1)
        found[f"{name}_longest_ms"] = round(max(during) * 1e3, 1)
    return found


def _product(dealer: place.Dealer, person: int) -> float:
    from werkbote.actions import privacy  # noqa: PLC0415 -- models exist only after setup
    from werkbote.domain import privacy as rights  # noqa: PLC0415 -- the same

    now = datetime.now(UTC)
    order = privacy.Order(trigger=rights.Trigger.RULE)
    asked = privacy.ask(
        organisation=dealer.organisation, person=person, order=order, by=None, at=now
    )
    began = time.perf_counter()
    state = privacy.execute(organisation=dealer.organisation, run=asked, at=now)
    took = time.perf_counter() - began
    if state is not rights.State.DONE:
        raise place.UnableToMeasure(f"The erasure ended as “{state}”.")
    return took


def _person(dealer: place.Dealer, n: int, messages: int, files: int) -> int:
    """Load a person with a conversation, messages with their index, and files; return the number."""
    from werkbote.actions import inbox, media, people  # noqa: PLC0415 -- models exist only after setup
    from werkbote.domain import events  # noqa: PLC0415 -- the same
    from werkbote.store import ids, keyring, models, scope, search  # noqa: PLC0415 -- the same

    keys, at = keyring.organisation(dealer.organisation), datetime.now(UTC) - timedelta(days=9)
    source = random.Random(n)
    words = [bodies.text(source) for _ in range(messages)]
    with scope.transaction(organisation=dealer.organisation):
        party = events.Party(phone=f"+4917139200{10 + n}", name="Alex Beispiel")
        who = people.resolve(keys=keys, parties=[party], source="whatsapp", at=at)[party]
        conversation = models.Conversation(
            organisation_id=dealer.organisation,
            number_id=dealer.number,
            person_id=who.id,
            last_message_at=at,
            created_at=at,
        )
        conversation.save(force_insert=True)
        rows, files_, chunks = [], [], []
        for position, text in enumerate(words):
            message = ids.new()
            rows.append(
                models.Message(
                    id=message,
                    organisation_id=dealer.organisation,
                    number_id=dealer.number,
                    conversation=conversation,
                    person_id=who.id,
                    outgoing=False,
                    provider_id=keys.name(f"{n}.{position}"),
                    kind="image" if position < files else "text",
                    body=inbox.seal_body(who.key, message=message, text=text, content={}),
                    at=at + timedelta(seconds=position),
                    received_at=at,
                )
            )
            if position < files:
                file = ids.new()
                files_.append(
                    models.Media(
                        id=file,
                        organisation_id=dealer.organisation,
                        message_id=message,
                        person_id=who.id,
                        mime="image/jpeg",
                        size=_FILE,
                        state="stored",
                        created_at=at,
                    )
                )
                chunks += media.pieces(
                    who.key,
                    organisation=dealer.organisation,
                    media=file,
                    content=bytes(_FILE),
                )
        models.Message.objects.bulk_create(rows, batch_size=1000)
        models.Media.objects.bulk_create(files_)
        models.MediaChunk.objects.bulk_create(chunks, batch_size=100)
        search.index(
            keys=keys, rows=[(row.id, text) for row, text in zip(rows, words, strict=True)]
        )
    return who.id


def _watched(dealer: place.Dealer, *, seconds: float) -> tuple[list[float], list[float]]:
    with _watching(dealer) as seen:
        time.sleep(seconds)
    return seen


@contextmanager
def _watching(dealer: place.Dealer) -> Iterator[tuple[list[float], list[float]]]:
    """Read the inbox and let somebody else write, each in a thread; yield the times both took."""
    over = threading.Event()
    seen: tuple[list[float], list[float]] = ([], [])
    threads = [
        threading.Thread(target=_repeat, args=[over, deed(dealer), times])
        for deed, times in zip((_reading, _writing), seen, strict=True)
    ]
    for thread in threads:
        thread.start()
    try:
        yield seen
    finally:
        over.set()
        for thread in threads:
            thread.join()


def _repeat(over: threading.Event, deed: Any, times: list[float]) -> None:
    from django.db import connection  # noqa: PLC0415 -- settings exist only after the place

    while not over.is_set() or not times:
        began = time.perf_counter()
        deed()
        times.append(time.perf_counter() - began)
        time.sleep(_PAUSE)
    connection.close()


def _reading(dealer: place.Dealer) -> Any:
    from werkbote.domain import team  # noqa: PLC0415 -- beside the two that need Django's setup
    from werkbote.reads import access, inbox  # noqa: PLC0415 -- models exist only after setup

    viewer = access.Viewer(
        member=1,
        organisation=dealer.organisation,
        name="",
        role=team.Role.OWNER,
        language="de",
        branches=frozenset({dealer.branch}),
    )
    return lambda: inbox.conversations(viewer=viewer)


def _writing(dealer: place.Dealer) -> Any:
    from werkbote.actions import inbox  # noqa: PLC0415 -- models exist only after setup
    from werkbote.domain import events  # noqa: PLC0415 -- the same
    from werkbote.store import ids, keyring, models, scope  # noqa: PLC0415 -- the same

    keys = keyring.organisation(dealer.organisation)

    def write() -> None:
        now = datetime.now(UTC)
        event = events.MessageIn(
            number=dealer.phone_number_id,
            provider_id=keys.name(f"w{ids.new()}"),
            party=events.Party(phone="+491713920012"),
            at=now,
            kind=events.Kind.TEXT,
            text="Ist mein Wagen fertig?",
        )
        with scope.transaction(organisation=dealer.organisation):
            number = models.Number.objects.get(id=dealer.number)
            batch = inbox.Batch(keys=keys, numbers={dealer.phone_number_id: number}, at=now)
            inbox.store_messages(batch, [(event, now)])

    return write
