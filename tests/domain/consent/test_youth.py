from datetime import date

import pytest

from werkbote.domain import consent
from werkbote.store import rechtsstand

SENTENCES = rechtsstand.youth(date(2026, 11, 23))


@pytest.mark.shows("R-16")
@pytest.mark.parametrize(
    "words",
    [
        "Ich bin 14.",
        "ich bin 15 jahre alt und will den Roller meines Bruders fahren",
        "Bin erst 13, darf ich das?",
        "Ich bin noch minderjährig",
        "ich bin vierzehn",
        "Bin noch keine 16",
        "I'm 12 years old",
        "i am only fifteen",
    ],
)
def test_who_says_to_be_too_young_is_heard(words):
    assert consent.tells_youth(words, SENTENCES)


@pytest.mark.parametrize(
    "words",
    [
        "Ich bin 16.",
        "Ich bin 41 Jahre alt",
        "Ich bin 15 Minuten später da",
        "ich bin 15 Jahre Kunde bei euch",
        "Ich bin 10 vor acht bei Ihnen",
        "bin erst 14 Uhr da",
        "ich bin 15,5 km entfernt",
        "Mein Sohn ist 14 Jahre alt",
        "Mein Auto ist 12 Jahre alt",
        "Im 14. Stock",
        "Ich bin gegen 14 Uhr da",
    ],
)
def test_who_speaks_of_something_else_is_not(words):
    assert not consent.tells_youth(words, SENTENCES)


def test_a_file_without_the_sentences_is_refused():
    with pytest.raises(consent.UnableToReadYouth, match="compare it with the one before"):
        consent.youth_sentences({"periods": {}})
