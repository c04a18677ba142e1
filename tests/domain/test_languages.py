import pytest

from werkbote.domain import languages


@pytest.mark.shows("R-20")
@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("Hello, is my car ready?", "en"),
        ("What does the service cost, please?", "en"),
        ("Hallo, ist mein Auto fertig?", "de"),
        ("Ich brauche einen Termin, thanks", "de"),
        ("Is das Auto fertig und kann ich es holen?", "de"),
        ("OK", ""),
        ("STOPP", ""),
        ("WERBUNG JA", ""),
        ("", ""),
        ("👍 12:30 B-XY 123", ""),
    ],
)
def test_a_language_is_told_by_everyday_words_or_not_at_all(words: str, language: str) -> None:
    assert languages.language_of(words) == language
