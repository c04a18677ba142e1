"""What a text is found by, and what it is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from werkbote.domain import search


def found(words: str, text: str) -> bool:
    wanted = search.wanted(words)
    return bool(wanted) and set(wanted) <= set(search.stems(text))


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("bremsbelag", "Die Bremsbeläge sind fällig."),
        ("Bremsbelaege", "der Bremsbelag"),
        ("müller", "Grüße von Familie Mueller"),
        ("Mueller", "Frau Müller rief an"),
        ("muller", "MÜLLER"),
        ("strasse", "in der Straße"),
        ("probefahrt", "Zwei Probefahrten, bitte"),
        ("KA-AB 123", "Mein Kennzeichen ist kaab123"),
        ("kaab123", "KA-AB 123 steht vorn"),
        ("KA AB 123", "ka-ab123"),
        ("ka ab 123", "KA-AB 123"),
        ("kaab123", "ka ab 123 bitte"),
        ("kaab123", "KAAB 123"),
        ("tü-ab 12e", "TÜ-AB 12E"),
        ("BMW 320", "der bmw, ein 320er, also 320 d"),
        ("TÜV 2026", "TÜV läuft im März 2026 ab"),
        ("0152 28817386", "ruf +49 152 28817386 an"),
        ("+4915228817386", "0152/28817386"),
        ("0049 152 28817386", "+49 (0)152-28817386"),
        ("1250", "kostet 1.250,00 €"),
        ("1.250 €", "macht 1250 Euro"),
        ("wvwzzz1jzxw000001", "FIN: WVWZZZ1JZXW000001."),
        ("24.12.2026", "am 24.12.2026 um 10"),
        ("werkstatt termin", "Termine in der Werkstatt"),
    ],
)
def test_a_message_is_found_however_it_is_written(words: str, text: str) -> None:
    assert found(words, text)


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("reifen", "Die Bremsen quietschen"),
        ("KA-AB 123", "KA, dann AB, später 123"),
        ("0152 28817386", "0152 28895456"),
        ("werkstatt termin", "Termin beim Arzt"),
        ("und der die", "und der die das"),
        ("", "irgendetwas"),
    ],
)
def test_a_message_is_not_found_by_what_it_lacks(words: str, text: str) -> None:
    assert not found(words, text)


def test_parts_of_a_plate_find_it_too() -> None:
    assert search.stems("KA-AB 123") == ("kaab123", "ka", "ab", "123")


def test_a_phone_number_is_one_stem_beside_its_parts() -> None:
    assert search.stems("030 23125 111") == ("03023125111", "030", "23125", "111")


def test_a_short_number_is_no_phone_number() -> None:
    assert search.stems("0815") == ("0815",)


def test_a_foreign_number_keeps_its_country() -> None:
    assert search.wanted("+43 1 2345678") == search.wanted("0043 1 2345678") == ("004312345678",)


def test_filler_and_single_letters_are_dropped() -> None:
    assert search.stems("Ist das der a?") == ()


def test_filler_is_written_folded() -> None:
    assert {word for word in search.STOP_WORDS if search._fold(word) != word} == set()


def test_a_huge_message_is_capped() -> None:
    assert len(search.stems(" ".join(f"wort{i}" for i in range(5000)))) == search.MOST_STEMS


@given(st.text())
def test_any_text_gives_distinct_stems_that_hold_no_space(text: str) -> None:
    stems = search.stems(text)
    assert len(set(stems)) == len(stems) <= search.MOST_STEMS
    assert [stem for stem in stems if not stem or stem != stem.strip()] == []


@given(
    st.lists(
        st.sampled_from(["Bremse", "Räder", "Motor", "Öl", "1250", "KA-AB", "0815", "Prüfung"]),
        min_size=1,
    )
)
def test_a_text_is_found_by_any_of_its_own_words(words: list[str]) -> None:
    text = " ".join(words)
    assert [word for word in words if not found(word, text)] == []


@given(st.text(alphabet="aäeoöuüßbs", min_size=2, max_size=8))
def test_spelling_an_umlaut_out_changes_nothing(word: str) -> None:
    plain = word.replace("ß", "ss").replace("ä", "a").replace("ö", "o").replace("ü", "u")
    assert search.stems(word.replace("ß", "ss")) == search.stems(word)
    if not any(pair in plain for pair in ("ae", "oe", "ue")):
        assert search.stems(plain) == search.stems(word)
