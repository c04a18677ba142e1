"""The editor's rules: Meta's limits, the German class, and what has no place in a chat."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from werkbote.domain import numbers

ADVERTISING, SERVICE = {"P-04", "P-05", "P-06"}, {"P-01", "P-02", "P-03", "P-07", "P-13"}
NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)

GOOD = numbers.Draft(
    name="fahrzeug_fertig",
    language="de",
    category="UTILITY",
    purpose="P-01",
    body="Guten Tag {{1}}, Ihr Fahrzeug {{2}} ist fertig und steht für Sie bereit.",
    examples=("Frau Beispiel", "B-WB 1234"),
)
REPLY = numbers.Button(kind=numbers.ButtonKind.QUICK_REPLY, text="Ja")
LINK = numbers.Button(
    kind=numbers.ButtonKind.URL, text="Zur Seite", value="https://autohaus.example/termin"
)
CALL = numbers.Button(kind=numbers.ButtonKind.PHONE_NUMBER, text="Anrufen", value="+493023125100")


def _parts(**changes: object) -> set[str]:
    draft = replace(GOOD, **changes)
    found = numbers.problems(draft, advertising=ADVERTISING, service=SERVICE)
    return {problem.part.value for problem in found}


def _buttons(count: int) -> tuple[numbers.Button, ...]:
    return tuple(replace(REPLY, text=f"Antwort {place}") for place in range(count))


def test_a_good_draft_has_no_problem():
    assert _parts() == set()
    assert _parts(buttons=(REPLY, LINK, CALL), header="Fertig", footer="Ihre Werkstatt") == set()


@pytest.mark.parametrize(
    "name", ["", "Fertig", "fertig zur abholung", "fertig-1", "größe", "a" * 513, "a/b", "a\n"]
)
def test_a_name_meta_would_not_take_is_refused(name):
    assert _parts(name=name) == {"name"}


@pytest.mark.parametrize(
    "body",
    [
        "",
        "   ",
        "a" * 1025,
        "{{1}} ist fertig, das Fahrzeug steht bereit, {{2}} auch noch dazu.",
        "Guten Tag, Ihr Fahrzeug {{1}} ist fertig und gehört doch wohl {{2}}",
        "Guten Tag {{2}}, Ihr Fahrzeug {{1}} ist fertig und steht für Sie bereit.",
        "Guten Tag {{1}}, Ihr Fahrzeug {{3}} ist fertig und steht für Sie bereit.",
        "Guten Tag {{name}}, Ihr Fahrzeug {{auto}} ist fertig und steht bereit.",
        "Guten Tag {{1}} {{2}}, Ihr Fahrzeug ist fertig und steht für Sie bereit.",
        "Guten Tag {{1}, Ihr Fahrzeug {{2}} ist fertig und steht für Sie bereit.",
        "Tag {{1}} und {{2}} da.",
        "Guten Tag {{1}},\n\n\nIhr Fahrzeug {{2}} ist fertig und steht bereit.",
    ],
)
def test_a_text_meta_would_not_take_is_refused(body):
    assert "body" in _parts(body=body)


@pytest.mark.parametrize(
    "header", ["a" * 61, "zwei\nZeilen", "Für {{1}}", "*fett*", "Fertig 🚗", " "]
)
def test_a_heading_meta_would_not_take_is_refused(header):
    assert _parts(header=header) == {"header"}


@pytest.mark.parametrize("footer", ["a" * 61, "zwei\nZeilen", "Für {{1}}"])
def test_small_print_meta_would_not_take_is_refused(footer):
    assert _parts(footer=footer) == {"footer"}


@pytest.mark.parametrize(
    "examples", [(), ("Frau Beispiel",), ("a", " "), ("a", "b", "c"), ("a", "b\tc")]
)
def test_each_place_needs_one_example(examples):
    assert _parts(examples=examples) == {"examples"}


@pytest.mark.parametrize(
    "buttons",
    [
        _buttons(11),
        (REPLY, REPLY),
        (LINK, replace(LINK, text="Zwei"), replace(LINK, text="Drei")),
        (CALL, replace(CALL, text="Zwei")),
        (REPLY, LINK, replace(REPLY, text="Nein")),
        (replace(REPLY, text=""),),
        (replace(REPLY, text="a" * 26),),
        (replace(REPLY, text="Für {{1}}"),),
        (replace(LINK, value="http://autohaus.example"),),
        (replace(LINK, value="javascript:alert(1)"),),
        (replace(LINK, value="https://[kaputt"),),
        (replace(LINK, value="https://autohaus.example/{{1}}"),),
        (replace(CALL, value="030 23125100"),),
        (replace(CALL, value=""),),
    ],
)
def test_buttons_meta_would_not_take_are_refused(buttons):
    assert _parts(buttons=buttons) == {"buttons"}


@pytest.mark.parametrize(
    ("category", "language"), [("", "de"), ("utility", "de"), ("UTILITY", "tlh")]
)
def test_category_and_language_are_among_the_known(category, language):
    assert _parts(category=category, language=language) in ({"category"}, {"language"})


@pytest.mark.parametrize(
    "words",
    [
        "Ihre HU ist im Januar fällig, schreiben Sie uns.",
        "Die Hauptuntersuchung steht bald an, schreiben Sie uns.",
        "Es wird Zeit für den Reifenwechsel, schreiben Sie uns.",
        "Wir erinnern Sie an die Inspektion, schreiben Sie uns.",
        "Wie zufrieden waren Sie mit uns? Schreiben Sie uns.",
        "Über eine Bewertung freuen wir uns sehr.",
        "Sie erhalten 10 % Rabatt auf alle Räder bei uns.",
        "Diesen Gutschein lösen Sie bei uns ein.",
        "Ihre Garantie läuft bald aus, schreiben Sie uns.",
        "Your inspection is due in January, write to us.",
    ],
)
def test_what_advertises_in_german_law_is_no_service_whatever_meta_says(words):
    assert _parts(body=words, examples=()) == {"purpose"}
    stop = "Keine Werbung mehr? Antworten Sie STOPP."
    assert _parts(body=words, examples=(), purpose="P-05", footer=stop) == set()


@pytest.mark.parametrize(
    "words",
    [
        "Ihr Termin zum Reifenwechsel am Montag um acht Uhr ist eingeplant.",
        "Die Inspektion an Ihrem Fahrzeug ist abgeschlossen, die HU bestanden.",
        "Der Service an Ihrem Fahrzeug dauert heute leider länger als gedacht.",
    ],
)
def test_service_that_names_the_same_things_stays_service(words):
    assert _parts(body=words, examples=()) == set()


def test_advertising_says_how_to_end_it():
    assert _parts(purpose="P-05", category="MARKETING") == {"body"}


def test_metas_marketing_is_never_service():
    assert _parts(category="MARKETING") == {"category"}


@pytest.mark.parametrize("purpose", ["", "P-08", "P-09", "P-99", "service"])
def test_a_template_without_a_class_is_refused(purpose):
    assert _parts(purpose=purpose) == {"purpose"}


def test_a_consent_request_asks_for_one():
    assert _parts(purpose=numbers.ASKS) == {"purpose"}
    asks = "Hier ist Ihr Autohaus. Dürfen wir Ihnen Angebote schicken? Ende jederzeit mit STOPP."
    assert _parts(purpose=numbers.ASKS, body=asks, examples=()) == set()


@pytest.mark.parametrize(
    "words",
    [
        "Bitte schicken Sie uns ein Foto Ihres Personalausweises.",
        "Wir brauchen noch Ihre IBAN für die Erstattung.",
        "Bitte senden Sie uns eine Kopie vom Führerschein.",
    ],
)
def test_what_may_not_be_asked_for_in_a_chat_is_refused(words):
    assert _parts(body=words, examples=()) == {"body"}


def test_a_draft_survives_metas_shape():
    whole = replace(GOOD, header="Fertig", footer="Ihre Werkstatt", buttons=(REPLY, LINK, CALL))
    again = numbers.draft_of(
        numbers.components(whole),
        name=whole.name,
        language=whole.language,
        category=whole.category,
        purpose=whole.purpose,
    )
    assert again == whole


@pytest.mark.parametrize(
    "parts",
    [
        [],
        [{"type": "HEADER", "format": "IMAGE", "text": "x"}],
        [{"type": "BUTTONS", "buttons": [{"type": "OTP"}]}],
        [{"type": "BODY"}],
        [{"type": "BODY", "example": {}}],
    ],
)
def test_what_others_wrote_is_read_as_far_as_it_goes(parts):
    found = numbers.draft_of(parts, name="a", language="de", category="UTILITY", purpose="")
    assert (found.header, found.body, found.buttons, found.examples) == ("", "", (), ())


def test_a_preview_is_filled_with_the_examples():
    assert numbers.fill(GOOD.body, GOOD.examples) == (
        "Guten Tag Frau Beispiel, Ihr Fahrzeug B-WB 1234 ist fertig und steht für Sie bereit."
    )
    assert numbers.fill("Hallo {{1}} da", ()) == "Hallo {{1}} da"


@pytest.mark.parametrize("status", ["PENDING", "IN_APPEAL", "DISABLED", "DELETED", "ARCHIVED"])
def test_only_what_meta_lets_be_changed_is_changed(status):
    with pytest.raises(numbers.UnableToChange):
        numbers.check_editable(status=status, edits=(), at=NOW)


def test_an_approved_template_is_changed_once_a_day_and_ten_times_in_thirty_days():
    days = [NOW - timedelta(days=day) for day in range(1, 11)]
    numbers.check_editable(status="APPROVED", edits=days[:9], at=NOW)
    for edits in (days, [NOW - timedelta(hours=23)]):
        with pytest.raises(numbers.UnableToChange):
            numbers.check_editable(status="APPROVED", edits=edits, at=NOW)
    numbers.check_editable(status="REJECTED", edits=days, at=NOW)


def test_the_name_of_a_deleted_template_is_free_after_thirty_days():
    numbers.check_free(deleted_at=None, at=NOW)
    numbers.check_free(deleted_at=NOW - timedelta(days=30), at=NOW)
    with pytest.raises(numbers.UnableToChange):
        numbers.check_free(deleted_at=NOW - timedelta(days=29, hours=23), at=NOW)


def test_what_is_gone_is_not_deleted_again():
    numbers.check_deletable(status="APPROVED")
    with pytest.raises(numbers.UnableToChange):
        numbers.check_deletable(status="DELETED")


@pytest.mark.shows("R-78")
@pytest.mark.parametrize(
    "words",
    [
        "Antworten Sie JA, um unser Angebot verbindlich anzunehmen.",
        "Die Arbeit kostet 248,50 Euro. Sollen wir das für Sie erledigen?",
    ],
)
def test_a_template_concludes_no_contract(words):
    assert _parts(body=words, examples=()) == {"body"}


@pytest.mark.shows("R-78")
def test_a_button_concludes_no_contract():
    assert _parts(buttons=(replace(REPLY, text="Jetzt kaufen"),)) == {"body"}
