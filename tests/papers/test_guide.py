"""The printed guide: red, yellow, green and neutral editions in both languages."""

import functools
import io
import re
from datetime import date
from pathlib import Path

import pdfua
import pikepdf
import pypdf
import pytest

from tests.papers import claims
from werkbote.domain import guide
from werkbote.papers import guide as papers_guide
from werkbote.store import guide as store_guide

TODAY = date(2026, 11, 23)
CATALOGUE = store_guide.catalogue(on=TODAY)
DEALER = "Autohaus Beispielmann & Töchter GmbH"

GREEN = {
    "channel": "cloud_api",
    "private_phones": "forbidden_checked",
    "groups": "no",
    "address_book": "no_app",
    "contact_book": "off",
    "old_chats": "settled",
    "meta_terms": "yes",
    "processors": "all",
    "transfer": "current",
    "storage_region": "chosen",
    "notice": "automatic",
    "imprint": "yes",
    "alternatives": "yes",
    "advertising": "with_consent",
    "reminders": "with_consent",
    "consent_proof": "from_number",
    "evidence": "at_once",
    "stop": "automatic",
    "access_requests": "process_export",
    "retention": "yes",
    "archive": "archived",
    "documents": "upload_page",
    "records": "current",
    "dpo": "appointed",
    "policy": "both",
    "works_council": "none",
    "logins": "all",
    "breach": "rehearsed",
    "bot": "no",
}
YELLOW = GREEN | {"channel": "coexistence", "transfer": "old", "policy": "one", "dpo": "unknown"}
RED = GREEN | {
    "channel": "private_app",
    "private_phones": "yes",
    "groups": "yes",
    "logins": "shared",
    "bot": "yes",
    "disclosure": "no",
    "recording": "without_consent",
}
EDITIONS: dict[str, dict[str, str] | None] = {
    "red": RED,
    "yellow": YELLOW,
    "green": GREEN,
    "neutral": None,
    "unknown": {"channel": "unknown"},
}
EVERY = [
    (edition, language)
    for edition in EDITIONS
    for language in ("de", "en")
    if (edition, language) != ("unknown", "en")
]


@functools.cache
def printed(edition: str, language: guide.Language, dealer: str = DEALER) -> bytes:
    answers = EDITIONS[edition]
    result = answers and guide.evaluate(answers, catalogue=CATALOGUE, language=language)
    return papers_guide.render(
        result or None, dealer=dealer, today=TODAY, language=language, catalogue=CATALOGUE
    )


@functools.cache
def text_of(edition: str, language: guide.Language, dealer: str = DEALER) -> str:
    reader = pypdf.PdfReader(io.BytesIO(printed(edition, language, dealer)))
    return "\n".join(page.extract_text() for page in reader.pages)


def cover_of(dealer: str, language: guide.Language) -> str:
    reader = pypdf.PdfReader(io.BytesIO(printed("neutral", language, dealer)))
    return words_of(reader.pages[0].extract_text())


def words_of(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def test_editions_have_the_light_of_their_name() -> None:
    lights = {
        edition: guide.evaluate(answers, catalogue=CATALOGUE, language="de").light
        for edition, answers in EDITIONS.items()
        if answers
    }

    assert lights == {
        "red": guide.Light.RED,
        "yellow": guide.Light.YELLOW,
        "green": guide.Light.GREEN,
        "unknown": guide.Light.RED,
    }


@pytest.mark.parametrize(("edition", "language"), EVERY)
def test_pages_are_between_12_and_24(edition: str, language: guide.Language) -> None:
    with pikepdf.open(io.BytesIO(printed(edition, language))) as pdf:
        assert 12 <= len(pdf.pages) <= 24


@pytest.mark.parametrize(("edition", "language"), EVERY)
def test_pdf_is_tagged_archival_and_names_its_language(
    edition: str, language: guide.Language
) -> None:
    with pikepdf.open(io.BytesIO(printed(edition, language))) as pdf, pdf.open_metadata() as meta:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) == language
        assert (meta["pdfaid:part"], meta["pdfaid:conformance"]) == ("2", "A")
        assert meta["pdfuaid:part"] == "1"


@pytest.mark.parametrize(("edition", "language"), EVERY)
def test_pdf_fonts_are_inter_and_embedded(edition: str, language: guide.Language) -> None:
    with pikepdf.open(io.BytesIO(printed(edition, language))) as pdf:
        fonts = [
            font.DescendantFonts[0]
            for page in pdf.pages
            for font in page.resources.get("/Font", {}).values()
        ]
        names = {str(font.BaseFont).split("+")[-1] for font in fonts}
        assert names == {"Inter-Regular", "Inter-SemiBold", "Inter-Bold"}
        assert all("/FontFile2" in font.FontDescriptor for font in fonts)


@pytest.mark.parametrize("edition", EDITIONS)
def test_pdf_accessibility_check_finds_nothing(edition: str, tmp_path: Path) -> None:
    path = tmp_path / "guide.pdf"
    path.write_bytes(printed(edition, "de"))

    report = pdfua.validate(str(path))

    assert list(report.findings) == []


@pytest.mark.parametrize(("edition", "language"), EVERY)
def test_text_holds_dealer_and_every_chapter(edition: str, language: guide.Language) -> None:
    text = words_of(text_of(edition, language))
    chapters = CATALOGUE.book["guide_pages"]["chapters"]
    own = {"worksheet"} if edition == "neutral" else {"gaps", "plan"}
    others = {"worksheet", "gaps", "plan"} - own

    assert DEALER in text
    assert [key for key, name in chapters.items() if name[language] not in text] == sorted(
        others, key=list(chapters).index
    )


@pytest.mark.parametrize(("edition", "language"), EVERY)
def test_text_makes_no_forbidden_claim(edition: str, language: guide.Language) -> None:
    assert claims.found_in(text_of(edition, language)) == []


@pytest.mark.shows("R-84")
@pytest.mark.parametrize(("edition", "language"), EVERY)
def test_text_says_on_every_page_that_it_is_information_and_no_legal_advice(
    edition: str, language: guide.Language
) -> None:
    reader = pypdf.PdfReader(io.BytesIO(printed(edition, language)))
    short, whole = {
        "de": ("Keine Rechtsberatung", "Sie ist keine Rechtsberatung und ersetzt keine Prüfung"),
        "en": ("Not legal advice", "It is not legal advice and does not replace an assessment"),
    }[language]
    silent = [
        number for number, page in enumerate(reader.pages) if short not in page.extract_text()
    ]
    assert silent == []
    assert whole in words_of(text_of(edition, language))


def test_text_names_knockouts_reasons_and_steps() -> None:
    text = words_of(text_of("red", "de"))

    knocked_out = CATALOGUE.words["knockout"].de
    # The verdict, a chip on each of the five knock-outs in summary and table, the lead, the notes.
    assert text.count(knocked_out) == 1
    assert text.count("Ausschlussgrund") == 1 + 2 * 5 + 1
    assert "Untersagen Sie ab sofort neue Kundenchats in der privaten App" in text
    assert "Keine Behörde hat die Cloud API förmlich gebilligt" in text


def test_text_open_questions_are_no_clean_bill() -> None:
    text = words_of(text_of("unknown", "de"))

    assert "Es wurde keine Lücke gefunden" not in text
    assert "Was nicht geklärt ist, zählt als nicht erfüllt" in text
    assert "Damit es so bleibt" not in text


@pytest.mark.parametrize(("edition", "said"), [("green", 0), ("yellow", 1), ("red", 1)])
def test_text_speaks_of_gaps_and_measures_only_where_there_are_some(
    edition: str, said: int
) -> None:
    text = words_of(text_of(edition, "de"))

    assert text.count("Jede Zeile ist eine Ihrer Antworten, die Punkte kostet.") == said
    assert text.count("Geordnet nach Dringlichkeit") == said


def test_neutral_edition_needs_no_name() -> None:
    text = words_of(text_of("neutral", "de", ""))

    assert "Allgemeine Ausgabe" in text
    assert "Hier antwortet" in text


def test_same_data_give_the_same_bytes() -> None:
    first = printed("red", "de")
    printed.cache_clear()

    assert printed("red", "de") == first


@pytest.mark.parametrize(
    "dealer",
    [
        '#import "theme.typ": * Autohaus',
        "*Auto* _Haus_ `GmbH` $x^2$ [eins] <zwei> @drei",
        '"); #panic("Autohaus") //',
        "\\ Autohaus \\u{41} #sys.inputs {dealer}",
    ],
)
def test_name_is_never_markup(dealer: str) -> None:
    assert dealer in cover_of(dealer, "de")


@pytest.mark.parametrize("dealer", ["Łódź Car Šop", "Garage Île-de-Ré", "Öztürk & Çelik İnşaat"])
def test_name_of_european_letters_is_printed(dealer: str) -> None:
    assert dealer in cover_of(dealer, "en")


@pytest.mark.parametrize(
    ("dealer", "words"),
    [
        ("", "needs the dealer's name"),
        (" \n\t ", "needs the dealer's name"),
        ("A" * 121, "longer than 120"),
        ("Auto\u202ehaus", "invisible signs"),
        ("Auto\x00haus", "invisible signs"),
        ("Autohaus 🚗", "write it in Latin letters"),
        ("Автосалон", "write it in Latin letters"),
    ],
)
def test_name_that_cannot_be_printed_is_refused(dealer: str, words: str) -> None:
    result = guide.evaluate(GREEN, catalogue=CATALOGUE, language="de")

    with pytest.raises(papers_guide.UnableToPrint, match=words):
        papers_guide.render(result, dealer=dealer, today=TODAY, language="de", catalogue=CATALOGUE)


def test_result_in_another_language_is_refused() -> None:
    result = guide.evaluate(GREEN, catalogue=CATALOGUE, language="de")

    with pytest.raises(papers_guide.UnableToPrint, match="Evaluate the answers again"):
        papers_guide.render(result, dealer=DEALER, today=TODAY, language="en", catalogue=CATALOGUE)


def test_forget_leaves_nothing_of_the_guides_that_were_set():
    def megabytes() -> int:
        return int(Path("/proc/self/statm").read_text().split()[1]) * 4 // 1024

    result = guide.evaluate(RED, catalogue=CATALOGUE, language="de")
    sizes = []
    for number in range(9):
        papers_guide.render(
            result, dealer=f"Nr. {number}", today=TODAY, language="de", catalogue=CATALOGUE
        )
        papers_guide.forget()
        sizes.append(megabytes())
    assert sizes[-1] - sizes[2] < 60
