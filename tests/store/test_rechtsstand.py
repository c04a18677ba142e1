from datetime import date

import pytest

from werkbote.domain import law, withdrawal
from werkbote.store import rechtsstand


def test_law_of_a_day_is_read_once() -> None:
    assert rechtsstand.on(date(2026, 11, 23)) is rechtsstand.on(date(2026, 11, 23))


def test_words_of_withdrawal_know_the_word_stopp() -> None:
    reading = withdrawal.read("STOPP", rechtsstand.words(date(2026, 11, 23)))
    assert reading.scope is withdrawal.Scope.ADVERTISING


def test_law_carries_the_sources_it_was_read_from() -> None:
    sources = rechtsstand.on(date(2026, 11, 23)).sources
    assert tuple(source.topic for source in sources) == rechtsstand.GATE_TOPICS


def test_day_before_every_file_has_no_law() -> None:
    with pytest.raises(law.UnableToReadLaw, match="covers 1999-12-31"):
        rechtsstand.on(date(1999, 12, 31))


def test_every_file_has_a_head_and_the_name_of_its_topic() -> None:
    for source in rechtsstand._documents():
        assert (rechtsstand.FOLDER / f"{source.topic}-{source.valid_from:%Y-%m}.yaml").exists()
