"""Laws of reading: order and packing do not matter, and no JSON makes it fail in another way."""

import contextlib
import json
import string
from collections import Counter
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from tests.channels.meta import bodies
from tests.channels.meta.bodies import Item
from werkbote.channels import driver
from werkbote.domain import events
from werkbote.domain.events import Json

WORDS = (
    *("id", "from", "from_user_id", "to", "timestamp", "type", "text", "body", "image", "context"),
    *("system", "wa_id", "user_id", "previous", "current", "edit", "revoke", "reaction", "audio"),
    *("message", "original_message_id", "message_id", "errors", "code", "status", "pricing"),
    *("category", "recipient_id", "interactive", "contacts", "profile", "name", "threads"),
    *("messages", "metadata", "phone_number_id", "display_phone_number", "event", "value"),
)
KEYS = (
    *("messages", "statuses", "message_echoes", "history", "calls", "errors", "groups"),
    *("user_preferences", "user_id_update", "state_sync", "contacts", "metadata", "odd"),
)
FIELDS = (
    *("messages", "history", "smb_message_echoes", "calls", "account_update", "odd"),
    *("message_template_status_update", "user_preferences", "smb_app_state_sync"),
)

leaves = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=6),
    st.sampled_from(("text", "system", "image", "edit", "reaction", "call", "failed", "group")),
    st.text(string.digits, min_size=5, max_size=15),
)
values = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.one_of(st.sampled_from(WORDS), st.text(max_size=3)), inner, max_size=6),
    ),
    max_leaves=20,
)
changes = st.fixed_dictionaries(
    {
        "field": st.one_of(st.sampled_from(FIELDS), values),
        "value": st.one_of(
            st.dictionaries(st.sampled_from(KEYS), st.one_of(st.lists(values, max_size=3), values)),
            values,
        ),
    }
)
documents = st.one_of(
    values,
    st.fixed_dictionaries(
        {
            "entry": st.lists(
                st.one_of(
                    values, st.fixed_dictionaries({"changes": st.lists(changes, max_size=3)})
                ),
                max_size=3,
            )
        }
    ),
)
people = st.sampled_from((bodies.ANNA, bodies.BERND))
messages = st.builds(
    lambda number, sender, text: (
        "messages",
        str(number),
        bodies.message("text", text={"body": text}, **{"from": sender, "from_user_id": None}),
    ),
    st.integers(1, 2),
    people,
    st.text(max_size=4),
)
statuses = st.builds(
    lambda number, person, status: (
        "statuses",
        str(number),
        {"id": "wamid.9", "status": status, "recipient_id": person, "timestamp": bodies.STAMP},
    ),
    st.integers(1, 2),
    people,
    st.sampled_from(("sent", "read", "vanished")),
)
pieces = st.lists(st.one_of(messages, statuses), max_size=8)


def packed(items: list[tuple[str, str, Item]], size: int) -> bytes:
    """The items as entries of `size` changes with one item each."""
    made = [bodies.change(number=number, **{key: [item]}) for key, number, item in items]
    groups = [made[start : start + size] for start in range(0, len(made), size)]
    return bodies.body(*(bodies.entry(*group) for group in groups))


def counted(found: tuple[events.Event, ...]) -> Counter[str]:
    return Counter(map(repr, found))


@given(pieces, st.randoms(use_true_random=False), st.integers(1, 8), st.integers(1, 8))
def test_order_and_packing_of_entries_change_no_event(
    items: list[tuple[str, str, Item]], random: Random, one: int, other: int
) -> None:
    shuffled = items.copy()
    random.shuffle(shuffled)
    found = bodies.read(packed(items, one))
    assert counted(found) == counted(bodies.read(packed(shuffled, other)))
    assert len(found) == len(items)


@given(pieces, st.integers(1, 8))
def test_items_of_one_change_are_read_like_items_of_many(
    items: list[tuple[str, str, Item]], size: int
) -> None:
    together: list[Json] = []
    for number in ("1", "2"):
        held: dict[str, list[Json]] = {}
        for key, owner, item in items:
            if owner == number:
                held.setdefault(key, []).append(item)
        if held:
            together.append(bodies.change(number=number, **held))  # type: ignore[arg-type]
    found = bodies.read(bodies.body(bodies.entry(*together)))
    assert counted(found) == counted(bodies.read(packed(items, size)))


@given(documents)
def test_any_json_is_read_or_unreadable(document: Json) -> None:
    raw = json.dumps(document).encode()  # with NaN, lone surrogates and endless numbers
    try:
        found = bodies.read(raw)
    except driver.UnreadableBody:
        return
    json.dumps([repr(event) for event in found], ensure_ascii=False).encode()
    assert all(event.at <= bodies.RECEIVED.replace(day=24) for event in found)


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_unreadable(raw: bytes) -> None:
    with contextlib.suppress(driver.UnreadableBody):
        assert isinstance(bodies.read(raw), tuple)
