"""Mere thanks are calm; a question, a wish or anything unknown is not."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from werkbote.domain import desk
from werkbote.store import rechtsstand

_DOCUMENT = rechtsstand.shipped("desk", day=date(2026, 11, 26))["thanks"]
_WORDS = desk.parse_thanks(_DOCUMENT)
_CALM = [
    "Danke!",
    "danke",
    "DANKE SCHÖN",
    "super, danke 👍",
    "Vielen Dank für die schnelle Hilfe!",
    "Alles klar. Danke :)",
    "ok",
    "👍",
    "👍🏽",
    "🙏❤️",
    "Thank you very much!",
    "Perfekt, vielen Dank! Schönen Feierabend noch 😊",
]
_OPEN = [
    "",
    " ",
    "...",
    "Danke?",
    "Danke, wann kann ich kommen",
    "Danke für eine schnelle Antwort",
    "Danke im Voraus",
    "Bitte um Rückruf, danke",
    "Rückmeldung, danke",
    "Hilfe!!! Danke",
    "Danke, 14 Uhr",
    "Danke für nichts",
    "Nein danke",
    "ja",
    "ja gerne",
    "passt",
    "👎",
    "😡 danke",
    "Danke https://example.org",
    "STOP",
    "Danke " * 40,
]


@pytest.mark.parametrize("text", _CALM)
def test_mere_thanks_are_calm(text: str) -> None:
    assert desk.is_thanks(text, _WORDS)


@pytest.mark.parametrize("text", _OPEN)
def test_whatever_else_is_said_is_not(text: str) -> None:
    assert not desk.is_thanks(text, _WORDS)


_ASKING = st.sampled_from(
    [
        "wann",
        "wo",
        "wie",
        "was",
        "warum",
        "bitte",
        "kann",
        "muss",
        "rufen",
        "termin",
        "rechnung",
        "nicht",
        "kein",
        "storno",
        "when",
        "where",
        "how",
    ]
)


@given(st.sampled_from(_CALM), _ASKING, st.integers(0, 1), st.sampled_from([" ", ", ", "! ", "\n"]))
def test_thanks_hide_no_question_and_no_wish(
    calm: str, asking: str, first: int, between: str
) -> None:
    text = f"{asking}{between}{calm}" if first else f"{calm}{between}{asking}"
    assert not desk.is_thanks(text, _WORDS)


@given(st.sampled_from(_CALM), st.sampled_from("?¿？1234567890€%/@👎😡"), st.integers(0, 60))
def test_no_figure_and_no_question_mark_is_overlooked(calm: str, sign: str, place: int) -> None:
    assert not desk.is_thanks(f"{calm[:place]}{sign}{calm[place:]}", _WORDS)


@given(st.text(max_size=300))
def test_every_text_has_an_answer(text: str) -> None:
    assert desk.is_thanks(text, _WORDS) in {True, False}


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("Ihr Wagen ist fertig.", False),
        ("Passt Ihnen Dienstag?", True),
        ("Wir können Ihnen Dienstag anbieten.", True),
        ("Sagen Sie kurz Bescheid.", True),
    ],
)
def test_what_we_ask_is_known(*, text: str, asks: bool) -> None:
    assert desk.asks(text, _WORDS) is asks
