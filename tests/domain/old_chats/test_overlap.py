"""A later export of the same chat adds what is new, and nothing twice."""

import io

from hypothesis import given
from hypothesis import strategies as st

from werkbote.domain import old_chats

_MESSAGES = st.lists(
    st.tuples(
        st.integers(10, 12),
        st.sampled_from(["Petra", "Max"]),
        st.sampled_from(["ok", "Moin", "<Medien ausgeschlossen>", "a.jpg (Datei angehängt)"]),
    ),
    max_size=25,
)


def _entries(messages) -> list[old_chats.Entry]:
    raw = "".join(f"13.03.24, 10:{minute} - {name}: {said}\n" for minute, name, said in messages)
    lines = old_chats.lines(io.BytesIO(raw.encode()))
    return list(old_chats.entries(lines, order=old_chats.Order.DAY))


def _new(before, after) -> list[old_chats.Entry]:
    known = old_chats.Known(_entries(before))
    return [entry for entry in _entries(after) if not known.take(entry)]


@given(_MESSAGES)
def test_the_same_export_again_adds_nothing(messages):
    assert _new(messages, messages) == []


@given(_MESSAGES, _MESSAGES)
def test_a_longer_export_adds_exactly_its_tail(before, later):
    tail = [(minute + 20, name, said) for minute, name, said in later]
    added = [(one.sender, one.text, one.file) for one in _new(before, before + tail)]
    assert added == [(one.sender, one.text, one.file) for one in _entries(tail)]


def test_two_alike_in_one_minute_are_two():
    assert len(_new([(10, "Petra", "ok")], [(10, "Petra", "ok"), (10, "Petra", "ok")])) == 1


def test_a_file_left_out_later_is_the_one_kept_and_one_kept_later_is_new():
    with_, without = (
        (10, "Petra", "a.jpg (Datei angehängt)"),
        (10, "Petra", "<Medien ausgeschlossen>"),
    )
    assert _new([with_], [without]) == []
    assert [one.file for one in _new([without], [with_])] == ["a.jpg"]
