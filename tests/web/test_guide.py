"""The public check over HTTP: nothing kept, nothing from others, and every word of it true."""

import gzip
import io
import logging
import re
from datetime import UTC, datetime, timedelta

import pypdf
import pytest
from django.core import signing
from django.test import override_settings

from tests import visitor
from tests.papers import claims
from werkbote.actions import guide as press
from werkbote.config import static
from werkbote.domain import guide, guide_forms
from werkbote.web.forms import guide as forms

BASES = ("/check/", "/check/en/", "/check/einbetten/", "/check/en/einbetten/")
LIGHTS = ((visitor.RED, "Rot"), (visitor.YELLOW, "Gelb"), (visitor.GREEN, "Grün"))
MOST_BYTES = 60 * 1024
NAME = "Autohaus Beispielmann GmbH"


@pytest.fixture
def guest() -> visitor.Visitor:
    return visitor.Visitor()


def _pages(base: str, answers: dict[str, str]) -> list[tuple[str, bytes]]:
    """Every kind of page, with its text and its bytes."""
    guest = visitor.Visitor(base=base)
    guest.open()
    seen = [(guest.text, guest.page.content)]
    guest.open("datenschutz/")
    seen.append((guest.text, guest.page.content))
    guest.begin()
    guest.send(state=guest.state, question=guest.question, go="next")
    seen.append((guest.text, guest.page.content))
    while guest.asks:
        seen.append((guest.text, guest.page.content))
        guest.answer(answers.get(guest.question, guide.UNKNOWN))
        if guest.page.status_code == 422:
            guest.answer(guide.UNKNOWN)
    seen.append((guest.text, guest.page.content))
    return seen


@pytest.mark.parametrize(("answers", "light"), LIGHTS)
def test_check_leads_to_the_light_the_answers_deserve(guest, answers, light):
    asked = guest.finish(answers)
    assert guest.page.status_code == 200
    assert f"Ergebnis: {light}" in guest.text
    assert asked == [
        question.id
        for question in guide.visible(
            {name: answers[name] for name in asked}, catalogue=visitor.CATALOGUE
        )
    ]


def test_result_shows_strongest_reason_first_then_the_plan_in_three_groups(guest):
    guest.finish(visitor.RED)
    first = guest.text.index("Ausschlussgrund Sie schreiben Kunden mit der privaten WhatsApp-App")
    groups = [
        guest.text.index(name)
        for name in ("Sofort: heute", "Innerhalb von 30 Tagen", "Innerhalb von 90 Tagen")
    ]
    assert [first, *groups] == sorted([first, *groups])
    for word in ("Mit Werkbote", "Organisatorisch", "Rechtsrat nötig", "Aufwand: 1 Tag"):
        assert word in guest.text
    for word in (
        "Regel: Art. 5, 6, 25, 32 DSGVO",
        "LG Baden-Baden, 3 S 13/23",
        "Punkte je Bereich",
    ):
        assert word in guest.text


def test_every_source_a_measure_cites_is_listed(guest):
    guest.finish(visitor.RED)
    cited = set(re.findall(r'href="#(s\d+)"', guest.source))
    assert cited
    assert cited == set(re.findall(r'id="(s\d+)"', guest.source))


def test_result_without_knowledge_is_provisional(guest):
    guest.finish(dict.fromkeys(visitor.GREEN, guide.UNKNOWN) | {"channel": "cloud_api"})
    assert "Vorläufig." in guest.text
    assert re.search(r"(\d+) von \d+ Ungeklärte Fragen|Ungeklärte Fragen (\d+) von", guest.text)


def test_result_shows_what_does_not_fit_and_leads_to_both_questions(guest):
    guest.finish(visitor.GREEN | {"address_book": "yes"})
    assert "doch liest auf Firmengeräten eine App das Adressbuch" in guest.text
    assert set(re.findall(r'name="question" value="(\w+)">Ansehen', guest.source)) == {
        "channel",
        "address_book",
    }


def test_question_without_an_answer_is_asked_again_with_a_linked_summary(guest):
    guest.begin().send(state=guest.state, question="channel", go="next")
    assert (guest.page.status_code, guest.question) == (422, "channel")
    assert 'href="#answer-1"' in guest.source
    assert 'id="answer-1"' in guest.source
    assert "<title>Bitte korrigieren: Frage 1 von 33" in guest.source


def test_question_offers_not_knowing_and_not_applying(guest):
    guest.begin()
    while 'value="not_applicable"' not in guest.source:
        assert 'value="unknown"' in guest.source
        guest.answer("unknown")
    assert "Trifft nicht zu" in guest.text
    guest.answer("not_applicable")
    assert guest.page.status_code == 200


def test_back_keeps_what_was_chosen_on_both_pages(guest):
    guest.begin().answer("business_app")
    guest.answer("yes", go="back")
    assert guest.question == "channel"
    assert 'value="business_app" checked' in guest.source
    guest.answer("business_app")
    assert guest.question == "private_phones"
    assert 'value="yes" checked' in guest.source


def test_answer_that_closes_questions_shortens_the_check(guest):
    guest.begin()
    assert "Frage 1 von 33" in guest.text
    guest.answer("none")
    total = int(re.search(r"Frage 2 von (\d+)", guest.text)[1])
    assert total < 33


def test_answer_changed_after_the_result_leads_back_to_the_result(guest):
    guest.finish(visitor.GREEN)
    guest.send(state=guest.state, question="imprint", go="show")
    assert guest.question == "imprint"
    guest.answer("no")
    assert "Ergebnis: " in guest.text
    assert "Das Impressum fehlt im WhatsApp-Profil." in guest.text


def test_result_may_be_shown_early(guest):
    guest.begin().answer("cloud_api")
    guest.send(state=guest.state, go="result")
    assert "Ergebnis: Rot" in guest.text
    assert "Vorläufig." in guest.text


def test_code_leads_on_from_where_somebody_stopped(guest):
    guest.begin().answer("cloud_api")
    code = re.search(r'<code class="code">([^<]+)', guest.source)[1]
    later = visitor.Visitor(base="/check/en/")
    later.send(state=f"  {code}\n", go="resume")
    assert later.question == guest.question
    assert "Question 2 of" in later.text


def test_code_that_was_forgotten_is_asked_for(guest):
    guest.send(state="", go="resume")
    assert guest.page.status_code == 422
    assert "Fügen Sie den kopierten Code ein" in guest.text
    assert 'aria-describedby="state-problem"' in guest.source


def _packed() -> str:
    return guide_forms.pack({"channel": "none"}, catalogue=visitor.CATALOGUE)


def _old() -> str:
    signer = signing.TimestampSigner(salt="werkbote.check.answers")
    moment = datetime.now(UTC) - forms.KEPT_FOR - timedelta(days=1)
    value = f"{_packed()}:{signing.b62_encode(int(moment.timestamp()))}"
    return f"{value}:{signer.signature(value)}"


def _foreign() -> str:
    return signing.TimestampSigner(salt="another form").sign(_packed())


def _former() -> str:
    former = "2020-01-01." + "-" * len(visitor.CATALOGUE.questions)
    return signing.TimestampSigner(salt="werkbote.check.answers").sign(former)


@pytest.mark.parametrize("word", [_old, _foreign, _former, lambda: "x" * 401, lambda: "x:y:z"])
@pytest.mark.parametrize("path", ["frage/", "ratgeber/"])
def test_state_that_is_not_ours_begins_anew_and_keeps_nothing(guest, word, path):
    guest.send(path, state=word(), question="channel", answer="none", go="next")
    assert guest.page.status_code == 422
    assert "Bitte beginnen Sie den Check von vorn." in guest.text
    assert "Check starten" in guest.text
    assert word() not in guest.source


def test_state_changed_by_one_sign_is_refused(guest):
    state = guest.begin().state
    guest.send(state=state.replace(".-", ".0", 1))
    assert "Bitte beginnen Sie den Check von vorn." in guest.text


@pytest.mark.parametrize("question", ["nothing", "contact_book"])
def test_question_that_is_not_open_begins_anew(guest, question):
    guest.begin().answer("none")
    for go in ("next", "back", "show"):
        seen = guest.client.post(
            "/check/frage/",
            {"state": guest.state, "question": question, "answer": "off", "go": go},
        )
        assert seen.status_code == 422
        assert "Check starten" in seen.content.decode()


def test_step_by_address_leads_to_the_start(guest):
    assert guest.open("frage/")["Location"] == "/check/"


def test_body_larger_than_the_form_is_refused(guest):
    assert guest.send(state="x" * 9000).status_code == 413


@pytest.mark.parametrize("base", BASES)
def test_no_page_sets_a_cookie_runs_a_script_or_loads_from_others(base):
    guest = visitor.Visitor(base=base)
    for text, content in _pages(base, visitor.RED):
        source = content.decode()
        assert "<script" not in source, text[:80]
        assert not re.search(r"\s(style|on\w+)=", source), text[:80]
        loaded = re.findall(
            r'<(?:img|link rel="(?:icon|stylesheet)")[^>]*(?:src|href)="([^"]+)"', source
        )
        assert all(address.startswith("/static/") for address in loaded)
    guest.finish(visitor.GREEN)
    guest.send("ratgeber/", state=guest.state)
    assert dict(guest.client.cookies) == {}


@pytest.mark.parametrize("base", BASES)
def test_only_the_embedded_check_may_be_framed(base):
    guest = visitor.Visitor(base=base)
    framed = "einbetten" in base
    pages = [guest.open(), guest.open("datenschutz/"), guest.send()]
    for page in pages:
        policy = page["Content-Security-Policy"]
        assert f"frame-ancestors {'*' if framed else "'none'"}" in policy
        assert "default-src 'none'" in policy
        assert page.get("X-Frame-Options") == (None if framed else "DENY")
        assert page["Referrer-Policy"] == "no-referrer"
    assert set(re.findall(r'action="(/check/[^"]*)"', guest.source)) == {
        f"{base}frage/",
        f"{base.replace('/en', '') if '/en' in base else base.replace('/check/', '/check/en/')}frage/",
    }


@pytest.mark.shows("R-84")
@pytest.mark.parametrize("base", BASES)
def test_every_page_says_that_it_is_no_legal_advice_and_asks_no_question_of_law(base):
    """Answers are chosen from a list: nowhere can a case be described, so none is advised on."""
    words = "Not legal advice." if "/en/" in base else "Keine Rechtsberatung."
    pages = _pages(base, visitor.YELLOW)
    assert [number for number, (text, _) in enumerate(pages) if words not in text] == []
    assert [number for number, (_, raw) in enumerate(pages) if b"<textarea" in raw] == []


@pytest.mark.parametrize("base", ["/check/", "/check/en/"])
def test_no_page_claims_more_than_is_true(base):
    for answers, _ in LIGHTS:
        assert [found for text, _ in _pages(base, answers) for found in claims.found_in(text)] == []


def test_no_page_is_heavier_than_sixty_kilobytes():
    sheet = static.load("guide/guide.css")
    icon = static.load("werkbote/mark.svg")
    around = len(sheet.body) + len(icon.body)
    heaviest = max(len(content) for _, content in _pages("/check/", visitor.RED))
    assert around + heaviest < MOST_BYTES
    assert len(gzip.compress(sheet.body)) < 5 * 1024


def test_english_pages_speak_english():
    guest = visitor.Visitor(base="/check/en/")
    guest.finish(visitor.RED)
    assert guest.page["Content-Language"] == "en"
    assert '<html lang="en">' in guest.source
    for word in ("Result: Red", "At once: today", "Ask a lawyer", "Your plan", "Show and change"):
        assert word in guest.text


def test_start_has_a_picture_and_plain_links_for_passing_it_on(guest):
    guest.open()
    picture = re.search(r'og:image" content="(http[^"?]+)', guest.source)[1]
    assert static.load(picture.partition("/static/")[2]).content_type == "image/png"
    address = re.search(r'rel="canonical" href="([^"]+)"', guest.source)[1]
    shares = re.findall(r'<a class="button second" href="([^"]+)" rel="noopener', guest.source)
    assert [share.split("/")[2] for share in shares if share.startswith("https")] == [
        "www.facebook.com",
        "www.linkedin.com",
        "www.xing.com",
    ]
    assert shares[-1].startswith("mailto:?subject=WhatsApp-DSGVO-Check%20f%C3%BCr%20Kfz-Betriebe")
    assert address.endswith("/check/")
    assert "einbetten" in guest.text


def test_imprint_is_the_operators_own_or_the_one_that_is_set(guest):
    guest.open()
    assert 'href="/impressum/"' in guest.source
    guest.open("datenschutz/")
    assert 'href="/impressum/"' in guest.source
    with override_settings(WERKBOTE_IMPRINT_URL="https://autohaus.example/impressum"):
        guest.open()
    assert 'href="https://autohaus.example/impressum"' in guest.source


def test_general_guide_is_a_pdf_anyone_may_fetch(guest):
    guest.open("ratgeber.pdf")
    assert guest.page["Content-Type"] == "application/pdf"
    assert "whatsapp-ratgeber-allgemein.pdf" in guest.page["Content-Disposition"]
    assert "Allgemeine Ausgabe" in _words(guest.page.content)


def test_guide_is_made_for_the_name_and_the_name_goes_nowhere_else(guest, caplog):
    guest.finish(visitor.RED)
    with caplog.at_level(logging.DEBUG):
        guest.send("ratgeber/", state=guest.state, dealer=NAME)
    assert guest.page.status_code == 200
    assert NAME in _words(guest.page.content)
    assert guest.page["Cache-Control"] == "no-store"
    assert "Beispielmann" not in str(guest.page.headers)
    assert "Beispielmann" not in caplog.text


def test_guide_without_a_name_has_a_gap_for_it(guest):
    guest.finish(visitor.GREEN)
    guest.send("ratgeber/", state=guest.state, dealer="   ")
    assert "[Name des Betriebs]" in _words(guest.page.content)


def test_guide_without_answers_leads_to_the_start(guest):
    assert guest.send("ratgeber/")["Location"] == "/check/"


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("汽车行", "Bitte verwenden Sie lateinische Buchstaben."),
        ("Auto\u202ehaus", "Bitte verwenden Sie lateinische Buchstaben."),
        ("A" * 121, "Der Name hat mehr als 120 Zeichen"),
    ],
)
def test_name_that_cannot_be_printed_is_asked_for_again(guest, name, sentence):
    guest.finish(visitor.GREEN)
    guest.send("ratgeber/", state=guest.state, dealer=name)
    assert guest.page.status_code == 422
    assert sentence in guest.text
    assert 'href="#dealer"' in guest.source
    assert "Ergebnis: Grün" in guest.text


def test_press_that_is_busy_says_when_to_come_back(guest):
    guest.finish(visitor.GREEN)
    for _ in range(press.MOST_WAITING):
        assert press._door.acquire(blocking=False)
    try:
        guest.send("ratgeber/", state=guest.state, dealer=NAME)
    finally:
        for _ in range(press.MOST_WAITING):
            press._door.release()
    assert (guest.page.status_code, guest.page["Retry-After"]) == (503, "5")
    assert "in einigen Sekunden noch einmal" in guest.text
    assert f'value="{NAME}"' in guest.source


def _words(pdf: bytes) -> str:
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    return " ".join(" ".join(page.extract_text().split()) for page in reader.pages)
