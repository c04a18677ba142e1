import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.domain import withdrawal_report
from werkbote.domain import withdrawal

WORDS = withdrawal_report.vocabulary()
SURE = {withdrawal.Scope.ADVERTISING, withdrawal.Scope.EVERYTHING}


def scope(text: str) -> withdrawal.Scope:
    return withdrawal.read(text, WORDS).scope


@pytest.mark.parametrize(
    "word",
    [
        "STOP",
        "STOPP",
        "STOPPEN",
        "ABMELDEN",
        "ABMELDUNG",
        "ABBESTELLEN",
        "KEINE WERBUNG",
        "WIDERRUF",
        "WIDERSPRUCH",
        "UNSUBSCRIBE",
        "ENDE",
        "AUS",
        "🛑",
    ],
)
@pytest.mark.parametrize("dress", ["{}", "{}!", " {} ", "*{}*", "„{}“", "{} bitte", "Bitte {}."])
@pytest.mark.shows("R-15")
def test_known_word_alone_withdraws_advertising(word: str, dress: str) -> None:
    assert scope(dress.format(word)) is withdrawal.Scope.ADVERTISING
    assert scope(dress.format(word.lower())) is withdrawal.Scope.ADVERTISING


@pytest.mark.parametrize("text", ["ALLES STOPP", "alles stop", "Keine Nachrichten mehr"])
def test_words_for_everything_withdraw_everything(text: str) -> None:
    assert scope(text) is withdrawal.Scope.EVERYTHING


def test_known_word_about_something_else_is_unclear() -> None:
    assert scope("Stopp, bitte nicht reparieren!") is withdrawal.Scope.UNCLEAR


@pytest.mark.parametrize(
    "text",
    ["Motor geht immer aus", "Bitte den Wagen abmelden bei der Zulassungsstelle", "Ende der Woche"],
)
def test_workshop_talk_is_no_withdrawal(text: str) -> None:
    assert scope(text) is withdrawal.Scope.NONE


def test_reading_names_the_words_that_decided() -> None:
    reading = withdrawal.read("Danke! Und bitte keine Werbung mehr.", WORDS)
    assert reading == withdrawal.Reading(
        scope=withdrawal.Scope.ADVERTISING, matched=("keine werbung",)
    )


@pytest.mark.parametrize("text", ["", " ", "...", "?", "👍"])
def test_text_without_words_is_no_withdrawal(text: str) -> None:
    assert scope(text) is withdrawal.Scope.NONE


@pytest.mark.parametrize("text", ["Anmelden", "Bitte anmelden", "ummelden"])
def test_registering_is_not_taken_for_a_slip_of_the_pen(text: str) -> None:
    assert scope(text) is withdrawal.Scope.NONE


@pytest.mark.parametrize(
    "text",
    ["Höört auf mir zu schreibn", "Keine Weerrbung", "HÖRT AUF MIR ZU SCHREIIIBEN"],
)
def test_letters_held_down_do_not_hide_a_withdrawal(text: str) -> None:
    assert scope(text) in SURE


def test_everything_is_not_looked_past_beside_an_appointment() -> None:
    assert scope("Termin bitte abbestellen") is withdrawal.Scope.NONE
    assert scope("Termin und alles andere abbestellen") is withdrawal.Scope.UNCLEAR


@given(st.text(max_size=300))
@example("'" * 200)
def test_every_text_has_a_reading(text: str) -> None:
    reading = withdrawal.read(text, WORDS)
    assert (reading.scope is withdrawal.Scope.NONE) == (not reading.matched)


@given(st.text(max_size=80))
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = withdrawal.normalise(text)
    assert withdrawal.normalise(once) == once


def test_letters_held_down_are_mended_and_digits_are_kept() -> None:
    assert withdrawal.normalise("Stoppppp") == "stopp"
    assert withdrawal.normalise("JA 7K0004") == "ja 7k0004"


def test_reading_a_longest_message_of_near_misses_ends() -> None:
    assert scope("bitte nicht das mir schreiben der " * 150) is withdrawal.Scope.UNCLEAR


def test_vocabulary_without_a_part_is_refused() -> None:
    with pytest.raises(withdrawal.UnableToReadVocabulary, match="incomplete"):
        withdrawal.parse({"groups": {}})


EXAMPLES = withdrawal_report.examples(withdrawal_report.files())
JUDGED = withdrawal_report.judge(EXAMPLES, WORDS)


def test_labelled_set_is_large_and_covers_every_scope() -> None:
    labels = [each.label for each in EXAMPLES]
    assert len(labels) == len({each.text for each in EXAMPLES})
    assert min(labels.count(each) for each in withdrawal.Scope) >= 90


@pytest.mark.shows("R-15", "R-63")
def test_no_withdrawal_of_the_whole_set_is_read_as_nothing() -> None:
    assert [each.example.text for each in withdrawal_report.missed(JUDGED)] == []


def test_no_ordinary_message_of_the_whole_set_is_read_as_a_sure_withdrawal() -> None:
    invented = [
        each.example.text
        for each in JUDGED
        if each.example.label is withdrawal.Scope.NONE and each.scope in SURE
    ]
    assert invented == []


def test_scores_of_the_whole_set_do_not_fall() -> None:
    scores = {each.scope: each for each in withdrawal_report.score(JUDGED)}
    assert scores[withdrawal.Scope.NONE].recall >= 0.99
    for each in SURE:
        assert scores[each].precision >= 0.99
        assert scores[each].recall >= 0.97


def test_ordinary_talk_never_hides_a_withdrawal_behind_it() -> None:
    hidden = [
        each.text
        for each in EXAMPLES
        if each.label is withdrawal.Scope.NONE
        and scope(f"{each.text} und bitte keine Werbung mehr") is withdrawal.Scope.NONE
    ]
    assert hidden == []
