from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from werkbote.domain import notice
from werkbote.store import rechtsstand

RULES = rechtsstand.on(date(2026, 11, 23)).notice
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOUSE = notice.House(company="Muster Autohaus GmbH", link="https://autohaus.example/wa")
GIVEN = notice.Given(version=RULES.version, sent_at=NOW, delivered_at=NOW)


def due(given: notice.Given | None, now: datetime = NOW) -> notice.Reason | None:
    return notice.due(given, rules=RULES, now=now)


@pytest.mark.shows("R-25", "R-26")
def test_notice_is_due_to_a_new_person() -> None:
    assert due(None) is notice.Reason.FIRST_CONTACT


def test_notice_on_its_way_is_not_due_again() -> None:
    assert due(replace(GIVEN, delivered_at=None)) is None


@pytest.mark.shows("R-25")
def test_notice_that_failed_is_due_again() -> None:
    assert due(replace(GIVEN, delivered_at=None, failed=True)) is notice.Reason.UNDELIVERED


def test_notice_of_an_older_version_is_due_again() -> None:
    assert due(replace(GIVEN, version="0")) is notice.Reason.NEW_VERSION


def test_notice_is_due_again_after_twelve_months() -> None:
    later = NOW.replace(year=2027)
    assert due(GIVEN, later - timedelta(seconds=1)) is None
    assert due(GIVEN, later) is notice.Reason.TOO_OLD


@pytest.mark.shows("R-25")
def test_german_notice_says_who_why_where_and_how_to_object() -> None:
    assert notice.compose(HOUSE, rules=RULES, language="de").text == (
        "Hier antwortet Muster Autohaus GmbH. Nummer und Nachrichten nutzen wir nur für Ihr "
        "Anliegen. WhatsApp gehört zu Meta; Daten können in die USA gehen. Bitte keine Ausweise, "
        "Bank- oder Gesundheitsdaten.\n\n"
        "Widerspruch jederzeit, Löschung, andere Wege: https://autohaus.example/wa"
    )


@pytest.mark.shows("R-36")
def test_objection_stands_apart() -> None:
    composed = notice.compose(HOUSE, rules=RULES, language="de")
    assert composed.text.split("\n\n") == [composed.body, composed.objection]


@pytest.mark.shows("R-90", "R-102")
def test_assistant_introduces_itself_in_a_paragraph_of_its_own() -> None:
    composed = notice.compose(replace(HOUSE, assistant="Carla"), rules=RULES, language="de")
    assert composed.text.split("\n\n")[2] == (
        "Ich bin Carla, der KI-Assistent. Für einen Menschen schreiben Sie MITARBEITER."
    )


def test_language_without_wording_gets_german() -> None:
    assert notice.compose(HOUSE, rules=RULES, language="tr") == notice.compose(
        HOUSE, rules=RULES, language="de"
    )


@pytest.mark.parametrize("language", sorted(RULES.elements))
@pytest.mark.shows("R-20")
def test_every_language_is_short_even_for_a_long_name(language: str) -> None:
    house = notice.House(
        company="Autohaus Musterfrau & Söhne GmbH & Co. KG",
        link="https://www.autohaus-musterfrau.example/datenschutz",
    )
    composed = notice.compose(house, rules=RULES, language=language)
    assert len(f"{composed.body}\n\n{composed.objection}") <= RULES.max_length


def test_notice_that_grew_too_long_is_refused() -> None:
    with pytest.raises(notice.UnableToComposeNotice, match="320 are allowed"):
        notice.compose(replace(HOUSE, company="A" * 200), rules=RULES, language="de")


@pytest.mark.parametrize("house", [replace(HOUSE, company=" "), replace(HOUSE, link="")])
def test_notice_without_company_or_link_is_refused(house: notice.House) -> None:
    with pytest.raises(notice.UnableToComposeNotice, match="company's name and a link"):
        notice.compose(house, rules=RULES, language="de")


def test_braces_in_a_name_are_left_alone() -> None:
    composed = notice.compose(replace(HOUSE, company="{link}"), rules=RULES, language="de")
    assert composed.body.startswith("Hier antwortet {link}. ")


@pytest.mark.parametrize(("language", "spoken"), [("en", "en"), ("", "de"), ("fr", "de")])
def test_who_speaks_another_language_is_written_to_in_german(language: str, spoken: str) -> None:
    assert notice.spoken(language) == spoken
