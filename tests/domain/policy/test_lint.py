import pytest
from hypothesis import given
from hypothesis import strategies as st

from werkbote.domain import policy
from werkbote.domain.policy import Concern


def concerns(text: str) -> list[Concern]:
    return [finding.concern for finding in policy.lint_text(text)]


@pytest.mark.parametrize(
    "text",
    [
        "Bitte senden Sie uns ein Foto Ihres Personalausweises.",
        "Können Sie uns den Führerschein schicken?",
        "Führerschein bitte abfotografieren und hier hochladen",
        "Wir benötigen noch Ihren Reisepass.",
        "Please send a copy of your driving licence",
    ],
)
@pytest.mark.shows("R-103", "R-75")
def test_request_for_an_identity_document_is_found(text: str) -> None:
    assert concerns(text) == [Concern.IDENTITY_DOCUMENT]


@pytest.mark.parametrize(
    "text",
    [
        "Bitte teilen Sie uns Ihre IBAN mit.",
        "Schicken Sie uns Ihre Kreditkartennummer",
        "Nennen Sie uns Ihre Bankverbindung?",
        "Please share your card number",
    ],
)
@pytest.mark.shows("R-103")
def test_request_for_payment_data_is_found(text: str) -> None:
    assert concerns(text) == [Concern.ASKS_FOR_PAYMENT_DATA]


@pytest.mark.parametrize(
    "text",
    [
        "Bitte senden Sie keine Ausweise, Bank- oder Gesundheitsdaten.",
        "Schicken Sie uns niemals Ihre IBAN.",
        "Bitte bringen Sie Ihren Führerschein zur Probefahrt mit.",
        "Bringen Sie den Führerschein mit und geben Sie den Schlüssel am Tresen ab.",
        "Für die Probefahrt benötigen Sie einen gültigen Führerschein.",
        "Die Teile können Sie mit Kreditkarte bezahlen.",
        "Unsere Bankverbindung finden Sie auf der Rechnung in der Mail.",
        "You need your driving licence for the test drive.",
        "Ihr Wagen ist fertig, Abholung bis 18 Uhr.",
        "Bitte senden Sie ein Foto vom Schaden.",
        "Auftrag 4711, FIN WVWZZZ1JZXW000001, Kilometerstand 123456",
        "Telefon 030 23125 000",
    ],
)
def test_ordinary_text_has_no_finding(text: str) -> None:
    assert concerns(text) == []


def contract(text: str) -> list[Concern]:
    return [finding.concern for finding in policy.lint_contract(text)]


@pytest.mark.parametrize(
    "text",
    [
        "Hiermit bestellen Sie den Wagen verbindlich.",
        "Tippen Sie auf „Jetzt kaufen“.",
        "Mit Ihrem Ja kommt der Kaufvertrag zustande.",
        "Wollen Sie unser Angebot annehmen? Antworten Sie JA.",
        "Zahlungspflichtig bestellen",
        "Bitte leisten Sie die Anzahlung über diesen Link.",
        "Reply YES to accept our offer.",
        "Buy now",
    ],
)
@pytest.mark.shows("R-78")
def test_contract_in_a_chat_is_found(text: str) -> None:
    assert contract(text) == [Concern.CONCLUDES_CONTRACT]


@pytest.mark.shows("R-78")
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Die Bremsen kosten 248,50 Euro. Sollen wir das erledigen?", True),
        ("Bitte um Freigabe: neue Batterie, 180 €.", True),
        ("Das kostet 248,50 Euro und erweitert Ihren Auftrag A-1. Sollen wir?", False),
        ("It costs 90 euros and extends your order A-1. Shall we?", False),
        ("Sollen wir Sie anrufen?", False),
    ],
)
def test_approval_of_a_price_says_that_it_extends_an_order(text: str, found: bool) -> None:  # noqa: FBT001 -- a table of cases
    assert contract(text) == [Concern.APPROVES_WITHOUT_ORDER] * found


@pytest.mark.parametrize(
    "text",
    [
        "Ihr Auftrag ist fertig.",
        "Die Teile sind bestellt und kommen morgen.",
        "Ihr Termin ist verbindlich eingeplant.",
        "Der Vertrag liegt zur Unterschrift am Tresen.",
        "Ein Vertrag kommt in diesem Chat nicht zustande.",
        "Wir haben ein Angebot für Sie vorbereitet.",
        "Your order is ready.",
    ],
)
def test_talk_about_contracts_concludes_none(text: str) -> None:
    assert contract(text) == []


@pytest.mark.parametrize("text", ["4111 1111 1111 1111", "5500-0000-0000-0004", "378282246310005"])
@pytest.mark.shows("R-103")
def test_card_number_with_right_check_digit_is_found(text: str) -> None:
    assert concerns(f"Karte {text} danke") == [Concern.CARD_NUMBER]


@pytest.mark.parametrize("text", ["4111 1111 1111 1112", "0000 0000 0000 0000", "12345"])
def test_number_without_right_check_digit_is_no_card(text: str) -> None:
    assert concerns(f"Karte {text} danke") == []


@pytest.mark.parametrize("text", ["DE89 3704 0044 0532 0130 00", "DE89370400440532013000"])
@pytest.mark.shows("R-103")
def test_account_number_is_found_where_it_stands(text: str) -> None:
    assert policy.lint_text(f"Konto {text}") == (
        policy.Finding(concern=Concern.ACCOUNT_NUMBER, start=6, end=6 + len(text)),
    )


def test_account_number_with_wrong_check_digits_is_none() -> None:
    assert concerns("DE88 3704 0044 0532 0130 00") == []


def test_findings_come_in_order_of_appearance() -> None:
    text = "4111 1111 1111 1111. Bitte senden Sie Ihren Ausweis."
    assert concerns(text) == [Concern.CARD_NUMBER, Concern.IDENTITY_DOCUMENT]


@given(st.text(max_size=300))
def test_every_finding_lies_within_the_text(text: str) -> None:
    for finding in (*policy.lint_text(text), *policy.lint_contract(text)):
        assert 0 <= finding.start < finding.end <= len(text)
