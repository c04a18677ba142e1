"""Names are found by their words, beginnings and sound; words by a neighbour one slip away."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from werkbote.domain import search, search_excerpts, search_names, search_typos
from werkbote.domain.search_excerpts import Piece


def found(name: str, words: str) -> bool:
    kept = set(search_names.keys(name))
    return all(kept.intersection(word) for word in search_names.wanted(words))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Petra Beispiel", "petra"),
        ("Petra Beispiel", "beispiel petra"),
        ("Petra Beispiel", "Bei"),
        ("Jürgen Müller", "mueller"),
        ("Jürgen Müller", "Muller"),
        ("Hans Meyer", "Maier"),
        ("Hans Meyer", "meier"),
        ("Philipp Schmidt", "Filip Schmitt"),
        ("Christian Weiß", "Kristian Weiss"),
        ("Autohaus Nordlicht GmbH", "nordli"),
    ],
)
def test_a_name_is_found(name, words):
    assert found(name, words)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Petra Beispiel", "jonas"),
        ("Petra Beispiel", "petra muster"),
        ("Petra Beispiel", "eispiel"),
        ("Petra Beispiel", "Be"),
    ],
)
def test_another_name_is_not(name, words):
    assert not found(name, words)


@pytest.mark.parametrize(
    ("word", "sound"),
    [
        ("muller", "657"),
        ("wikipedia", "3412"),
        ("breschnew", "17863"),
        ("heithabu", "021"),
        ("axel", "0485"),
        ("", ""),
        ("1234", ""),
    ],
)
def test_the_cologne_sounds(word, sound):
    assert search_names.sounds(word) == sound


@given(st.text(max_size=300))
def test_whatever_a_name_is_its_keys_are_few(name):
    assert len(search_names.keys(name)) <= search_names.MOST


@pytest.mark.parametrize(
    ("phone", "key"),
    [("+491713920001", "#0001"), ("0001", ""), ("", ""), ("+49 171 3920012", "#0012")],
)
def test_the_end_of_a_number(phone, key):
    assert search_names.tail(phone) == key


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Bresme", "Bremse"),
        ("Brmese", "Bremse"),
        ("Brems", "Bremse"),
        ("Bremsbelege", "Bremsbeläge"),
        ("Inspecktion", "Inspektion"),
    ],
)
def test_a_slip_is_a_neighbour(typed, meant):
    near = {stem for _, stem in search_typos.neighbours(typed)} | set(search.stems(typed))
    assert near & set(search.stems(meant))


@pytest.mark.parametrize("word", ["", "ab", "öl", "hu2", "HH-AB", "x" * 40])
def test_short_and_odd_words_have_no_neighbours(word):
    assert search_typos.neighbours(word) == ()


@pytest.mark.parametrize(
    ("text", "words", "pieces"),
    [
        (
            "Die Bremsbeläge sind da",
            "bremsbelag",
            (Piece(text="Die "), Piece(text="Bremsbeläge", hit=True), Piece(text=" sind da")),
        ),
        ("Guten Tag", "bremse", (Piece(text="Guten Tag"),)),
        ("", "bremse", ()),
    ],
)
def test_an_excerpt_marks_what_was_found(text, words, pieces):
    assert search_excerpts.excerpt(text, words=words) == pieces


@given(st.text(max_size=500), st.text(max_size=40))
def test_an_excerpt_is_a_piece_of_the_text(text, words):
    said = "".join(piece.text for piece in search_excerpts.excerpt(text, words=words))
    assert said.removeprefix("… ").removesuffix(" …") in text
