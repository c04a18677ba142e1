"""What a customer may tap: Meta's limits, each broken once, and what survives being stored."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from werkbote.domain import offers

_INVISIBLE = "An answer holds signs that cannot be seen: write it anew, on one line."
_EMPTY = "Write on the buttons what the customer can answer."
_TITLE = "Every line of the list needs a title."


def buttons(*said: str) -> offers.Offer:
    return offers.Offer(kind=offers.Kind.BUTTONS, buttons=said)


def row(title: str, description: str = "", heading: str = "") -> offers.Row:
    return offers.Row(title=title, description=description, heading=heading)


def listed(*rows: offers.Row, label: str = "Termine") -> offers.Offer:
    return offers.Offer(kind=offers.Kind.LIST, label=label, rows=rows)


@pytest.mark.parametrize(
    ("offer", "said"),
    [
        (buttons("Ja", "Nein", "Rückruf"), []),
        (buttons("x" * 20), []),
        (buttons("👩‍🔧 Werkstatt"), []),
        (buttons(), [_EMPTY]),
        (buttons("\u200d\ufe0f"), [_EMPTY]),
        (buttons("\u3164"), [_EMPTY]),
        (buttons("x" * 21), ["A button has more than 20 characters: shorten it."]),
        (buttons("🔧" * 11), ["A button has more than 20 characters: shorten it."]),
        (
            buttons("Ja", " ja "),
            ["Two buttons say the same: give each words of its own."],
        ),
        (
            buttons("１", "1"),
            ["Two buttons say the same: give each words of its own."],
        ),
        (buttons(*"1234"), ["Three buttons at most: take a list for more answers."]),
        (buttons("Ja\nNein"), [_INVISIBLE]),
        (buttons("Ja\tNein"), [_INVISIBLE]),
        (buttons("Ja\x00"), [_INVISIBLE]),
        (buttons("Ja\u202enieN"), [_INVISIBLE]),
        (buttons("Ja\u200b"), [_INVISIBLE]),
        (buttons("Ja\u2028Nein"), [_INVISIBLE]),
        (buttons("Ja\ud800"), [_INVISIBLE]),
        (listed(row("9 Uhr", "Halle 1"), row("10 Uhr")), []),
        (listed(row("9 Uhr", heading="Montag"), row("9 Uhr", "mit Leihwagen")), []),
        (listed(*(row(str(one)) for one in range(10))), []),
        (listed(row("x" * 24, "y" * 72, "z" * 24), label="b" * 20), []),
        (listed(), ["Write at least one line for the list."]),
        (
            listed(row("9 Uhr"), label=" "),
            ["The button that opens the list needs words of its own."],
        ),
        (
            listed(row("9 Uhr"), label="b" * 21),
            ["The button that opens the list has more than 20 characters: shorten it."],
        ),
        (listed(*(row(str(one)) for one in range(11))), ["Ten lines at most: leave some out."]),
        (listed(row("", "nur Beschreibung")), [_TITLE]),
        (listed(row("", heading="nur Überschrift")), [_TITLE]),
        (listed(row("x" * 25)), ["A title in the list has more than 24 characters: shorten it."]),
        (
            listed(row("a", "y" * 73)),
            ["A description in the list has more than 72 characters: shorten it."],
        ),
        (
            listed(row("a", heading="z" * 25)),
            ["A heading in the list has more than 24 characters: shorten it."],
        ),
        (
            listed(row("a"), row("b", heading="Dienstag")),
            ["With headings, the first line of the list needs one too."],
        ),
        (
            listed(row("9 Uhr", heading="Mo"), row("9 UHR", heading="Di")),
            ["Two lines of the list say the same: give each words of its own."],
        ),
        (listed(row("a", "b\rc")), [_INVISIBLE]),
        (listed(row("a", heading="\u2067b")), [_INVISIBLE]),
    ],
)
def test_each_limit_says_what_to_do(offer, said):
    assert list(offers.problems(offer)) == said


def test_what_is_only_missing_is_not_said_while_one_writes():
    assert offers.problems(buttons(), whole=False) == ()
    assert offers.problems(listed(row("", "später")), whole=False) == ()


def test_tidying_drops_what_is_empty_and_keeps_the_order():
    told = listed(row(" 9 Uhr "), row("  "), row("10 Uhr", " vor Ort "))
    assert offers.tidied(told).rows == (row("9 Uhr"), row("10 Uhr", "vor Ort"))
    assert offers.tidied(buttons("", " Ja ", "")).buttons == ("Ja",)


texts = st.text(max_size=30)
offered = st.one_of(
    st.builds(buttons, texts, texts),
    st.lists(st.builds(row, texts, texts, texts), max_size=4).map(lambda rows: listed(*rows)),
)


@given(offered)
def test_an_unfinished_offer_comes_back_as_it_was_kept(offer):
    assert offers.restored(offers.stored(offer)) == offer


@given(offered)
def test_an_offer_without_problems_is_read_back_from_its_message(offer):
    tidied = offers.tidied(offer)
    if not offers.problems(tidied):
        assert offers.of(offers.content(tidied)) == tidied


@pytest.mark.parametrize(
    "content",
    [
        {},
        {"buttons": None},
        {"buttons": [{"id": "1"}]},
        {"buttons": [{"id": "1", "title": 7}]},
        {"buttons": [{"id": "", "title": "Ja"}]},
        {"buttons": [{"id": "1", "title": "Ja"}, {"id": "1", "title": "Nein"}]},
        {"buttons": [{"id": "x" * 201, "title": "Ja"}]},
        {"buttons": [{"text": "Ja"}]},
        {"list": []},
        {"list": {"label": "b", "sections": [{"rows": [{"title": "a"}]}]}},
        {"list": {"label": "b", "sections": [{"title": "", "rows": "x"}]}},
    ],
)
def test_a_malformed_offer_is_none(content):
    assert offers.of(content) is None
