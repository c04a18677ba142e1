"""The composer in a real browser: drafts, taking back, ready replies, emoji, quotes, how it will look."""

import base64
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests import hostile
from tests.journeys import demonstration, screens

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(not screens.CHROMIUM.exists(), reason="Debian's chromium is not installed"),
]

_LOADED = """sound => sound.readyState > 0 ||
    new Promise((done) => sound.addEventListener("loadedmetadata", () => done(true)))"""


@pytest.fixture(params=[screens.DESKTOP, screens.PHONE], ids=["desktop", "phone"])
def desk(request, chromium: Browser, shop: demonstration.Demonstration) -> Iterator[screens.Desk]:
    with screens.desk(chromium, shop, viewport=request.param) as made:
        yield made


def _type(desk: screens.Desk, words: str) -> None:
    desk.page.locator("#text").press_sequentially(words, delay=2)


def test_what_was_begun_survives_leaving_the_page(desk, phones):
    phones.say("petra", kind="text", text="Und der Termin?")
    desk.open_chat("Petra Beispiel")
    with desk.page.expect_response(lambda one: one.url.endswith("/draft/")):
        _type(desk, "Am Montag um")
    desk.open_chat("Petra Beispiel")
    expect(desk.page.locator("#text")).to_have_value("Am Montag um")
    desk.page.fill("#text", "")
    with desk.page.expect_response(lambda one: one.url.endswith("/draft/")):
        _type(desk, " ")


def test_sending_can_be_undone_even_after_a_reload(desk, phones):
    phones.say("jonas", kind="text", text="Was kostet das?")
    desk.open_chat("Jonas Muster")
    desk.write("Das kostet 1 Euro")
    desk.page.reload()
    desk.page.get_by_role("button", name="Senden rückgängig").last.click()
    expect(desk.page.locator("#text")).to_have_value("Das kostet 1 Euro")
    expect(desk.page.locator("article.cancelled").last).to_contain_text("Das kostet 1 Euro")
    desk.page.fill("#text", "Das kostet 100 Euro")
    desk.page.press("#text", "Enter")
    sent = desk.page.locator("article.out").last
    expect(sent.locator(".ticks")).to_have_attribute("title", "Zugestellt")
    shown = phones.shown()
    assert "kostet 100 Euro" in shown
    assert "kostet 1 Euro" not in shown


def test_a_slash_opens_ready_replies_and_enter_puts_one_in(desk, phones):
    phones.say("petra", kind="text", text="Ist er fertig?")
    desk.page.goto(f"{desk.url}/arrange/replies/")
    new = desk.page.get_by_text("Neuer Textbaustein")
    if not desk.page.locator("#reply-new-name").is_visible():
        new.click()
    desk.page.fill("#reply-new-name", "fertig")
    desk.page.fill("#reply-new-text", "{Anrede}, Ihr Wagen {Kennzeichen} ist *fertig*.")
    desk.page.get_by_role("button", name="Speichern").first.click()
    expect(desk.page.locator("main")).to_contain_text("fertig")
    desk.open_chat("Petra Beispiel")
    desk.page.fill("#text", "")  # a draft of the other screen may have stayed
    _type(desk, "/fert")
    expect(desk.page.locator("#ready [role=option]").first).to_be_visible()
    desk.page.press("#text", "Enter")
    expect(desk.page.locator("#text")).to_have_value(
        "Guten Tag Petra Beispiel, Ihr Wagen {Kennzeichen} ist *fertig*."
    )
    expect(desk.page.locator("#warning")).to_contain_text("Noch auszufüllen")
    desk.page.keyboard.insert_text("HH-AB 123")
    expect(desk.page.locator("#text")).to_have_value(
        "Guten Tag Petra Beispiel, Ihr Wagen HH-AB 123 ist *fertig*."
    )
    expect(desk.page.locator("#warning .preview strong")).to_have_text("fertig")
    desk.page.fill("#text", "")


def test_emoji_are_found_in_german_and_english_by_keyboard(desk, phones):
    phones.say("samira", kind="text", text="Danke!")
    desk.open_chat("Samira Probe")
    for word, sign in (("daumen hoch", "👍"), ("thumbs up", "👍"), ("schraubenschlüssel", "🔧")):
        desk.page.get_by_role("button", name="Emoji").click()
        desk.page.get_by_role("searchbox", name="Emoji suchen").fill(word)
        first = desk.page.locator(".emoji-grid button").first
        expect(first).to_have_text(sign)
        desk.page.keyboard.press("Enter")
        expect(desk.page.locator("#text")).to_have_value(sign)
        desk.page.fill("#text", "")
    desk.page.get_by_role("button", name="Emoji").click()
    desk.page.get_by_role("searchbox", name="Emoji suchen").fill("qqqq")
    expect(desk.page.locator(".emoji-grid")).to_have_text("Nichts gefunden")
    desk.page.keyboard.press("Escape")
    expect(desk.page.locator("#text")).to_be_focused()


def test_an_answer_quotes_what_it_answers(desk, phones):
    phones.say("jonas", kind="text", text="Passt Dienstag?")
    desk.open_chat("Jonas Muster")
    question = desk.page.locator("article.in").last
    question.get_by_role("button", name="Auf diese Nachricht antworten").click()
    expect(desk.page.locator("#answering")).to_contain_text("Passt Dienstag?")
    desk.write("Ja, ab 8 Uhr.")
    expect(desk.page.locator("article.out").last.locator(".quote")).to_contain_text(
        "Passt Dienstag"
    )
    expect(desk.page.locator("#answering")).to_be_hidden()


_HAND_OVER = """([kind, where, files]) => {
  const bag = new DataTransfer();
  for (const [name, type, content] of files) {
    bag.items.add(new File([Uint8Array.from(atob(content), (one) => one.charCodeAt(0))], name, { type }));
  }
  const box = document.querySelector(where);
  if (kind === "paste") {
    box.dispatchEvent(new ClipboardEvent("paste", { clipboardData: bag, bubbles: true, cancelable: true }));
    return;
  }
  for (const step of kind.split(" ")) {
    box.dispatchEvent(new DragEvent(step, { dataTransfer: bag, bubbles: true, cancelable: true }));
  }
}"""
"""Gives files to the page as the system would: dragged over, dropped, or pasted."""


def _hand(desk: screens.Desk, kind: str, where: str, *files: tuple[str, str, bytes]) -> None:
    packed = [[name, mime, base64.b64encode(content).decode()] for name, mime, content in files]
    desk.page.evaluate(_HAND_OVER, [kind, where, packed])


def _forgive_refusals(desk: screens.Desk) -> None:
    """The browser's console calls an answer of 422 an error; here it was asked for."""
    desk.complaints[:] = [one for one in desk.complaints if "422" not in one]


PAPER = ("Angebot.pdf", "application/pdf", b"%PDF-1.7\n%%EOF\n")


def test_a_dropped_picture_is_shown_before_it_is_sent(desk, phones):
    phones.say("petra", kind="text", text="Wie sieht er aus?")
    desk.open_chat("Petra Beispiel")
    picture = ("Wagen.png", "image/png", hostile.picture("PNG"))
    _hand(desk, "dragover", "#scroll", picture)
    expect(desk.page.locator("#drop-here")).to_be_visible()
    _hand(desk, "drop", "#scroll", picture, PAPER)
    expect(desk.page.locator("#drop-here")).to_be_hidden()
    expect(desk.page.locator("#chosen img")).to_be_visible()
    expect(desk.page.locator("#chosen")).to_contain_text("Wagen.png")
    expect(desk.page.locator("#chosen-note")).to_contain_text("Nur die erste ist angehängt")
    desk.write("So sieht er aus")
    sent = desk.page.locator("article.out").last
    expect(sent.locator("img")).to_be_visible()
    expect(sent).to_contain_text("So sieht er aus")
    expect(desk.page.locator("#chosen")).to_be_hidden()


def test_a_pasted_file_stays_while_the_words_are_asked_about(desk, phones):
    phones.say("petra", kind="text", text="Ihr Angebot?")
    desk.open_chat("Petra Beispiel")
    _hand(desk, "paste", "#text", PAPER)
    expect(desk.page.locator("#chosen")).to_contain_text("Angebot.pdf")
    desk.write("Hallo {Name}")
    expect(desk.page.locator("#warning")).to_contain_text("Noch auszufüllen")
    expect(desk.page.locator("#chosen")).to_contain_text("Angebot.pdf")
    desk.page.fill("#text", "Hallo Petra")
    desk.page.press("#text", "Enter")
    expect(desk.page.locator("article.out").last).to_contain_text("Angebot.pdf")
    _forgive_refusals(desk)


def test_what_cannot_be_sent_says_why_and_can_be_removed(desk, phones):
    phones.say("petra", kind="text", text="Und das Logo?")
    desk.open_chat("Petra Beispiel")
    _hand(desk, "drop", "#scroll", ("leer.pdf", "application/pdf", b""))
    expect(desk.page.locator("#chosen-note")).to_have_text(
        "Die Datei ist leer: Bitte wählen Sie eine andere."
    )
    expect(desk.page.locator("#chosen")).to_be_hidden()
    _hand(desk, "drop", "#scroll", ("IMG_1.HEIC", "image/heic", hostile.FILES["heic"][1]))
    desk.page.fill("#text", "Bitte sehr")
    with desk.page.expect_response(lambda one: one.url.endswith("/send/")) as answer:
        desk.page.press("#text", "Enter")
    assert answer.value.status == 422
    expect(desk.page.locator("#composer [role=alert]")).to_contain_text("HEIC")
    expect(desk.page.locator("#text")).to_have_value("Bitte sehr")
    expect(desk.page.locator("#chosen")).to_be_hidden()
    _hand(desk, "drop", "#scroll", PAPER)
    desk.page.get_by_role("button", name="Datei entfernen").click()
    expect(desk.page.locator("#chosen")).to_be_hidden()
    desk.page.fill("#text", "")
    _forgive_refusals(desk)


def test_a_voice_note_is_recorded_heard_and_sent_by_keyboard(desk, phones):
    phones.say("samira", kind="text", text="Rufen Sie mich an?")
    desk.open_chat("Samira Probe")
    desk.write("Gern, hören Sie selbst:")
    expect(desk.page.locator("article.out").last).to_contain_text("hören Sie selbst")
    expect(desk.page.locator("article.out .ticks").last).to_have_attribute("title", "Zugestellt")
    desk.page.fill("#text", "Noch nicht fertig")
    desk.page.get_by_role("button", name="Sprachnachricht aufnehmen").press("Enter")
    expect(desk.page.locator("#recorder [data-stop]")).to_be_focused()
    expect(desk.page.locator("#recorder [role=status]")).to_have_text("Aufnahme läuft")
    expect(desk.page.locator(".recorder-time")).to_have_text("0:02")
    desk.page.keyboard.press("Enter")
    expect(desk.page.locator("#recorder [data-send]")).to_be_focused()
    desk.page.locator("#recorder audio").evaluate(_LOADED)
    assert screens.barriers(desk.page) == []
    desk.page.keyboard.press("Enter")
    sent = desk.page.locator("article.out").last
    expect(sent.locator("audio")).to_be_attached()
    expect(sent.locator(".ticks")).to_have_attribute("title", "Zugestellt")
    expect(sent.locator(".sound")).to_have_attribute("data-drawn", "yes")
    expect(desk.page.locator("#text")).to_have_value("Noch nicht fertig")
    expect(desk.page.locator("#recorder")).to_be_hidden()
    desk.page.fill("#text", "")


def test_a_discarded_voice_note_is_not_sent_and_a_refused_microphone_says_so(desk, phones):
    phones.say("samira", kind="text", text="Hallo?")
    desk.open_chat("Samira Probe")
    before = desk.page.locator("article.out").count()
    record = desk.page.get_by_role("button", name="Sprachnachricht aufnehmen")
    record.click()
    expect(desk.page.locator(".recorder-time")).to_have_text("0:01")
    desk.page.keyboard.press("Escape")
    expect(desk.page.locator("#recorder")).to_be_hidden()
    expect(desk.page.locator("#text")).to_be_focused()
    desk.page.evaluate(
        "navigator.mediaDevices.getUserMedia = () => Promise.reject(new Error()); null"
    )
    record.click()
    expect(desk.page.locator("#recorder-problems")).to_contain_text(
        "Das Mikrofon ist nicht verfügbar"
    )
    desk.page.get_by_role("button", name="Sprachnachricht verwerfen").click()
    expect(desk.page.locator("#composer")).to_be_visible()
    assert desk.page.locator("article.out").count() == before


def test_a_voice_note_that_could_not_carry_the_notice_is_not_even_begun(chromium, shop, phones):
    leyla = {"name": "Leyla Entwurf", "phone": "+491713920044"}
    phones.client.put(f"{phones.url}/sim/customers/leyla", json=leyla).raise_for_status()
    phones.say("leyla", kind="text", text="Rufen Sie mich an?")
    with screens.desk(chromium, shop, viewport=screens.PHONE) as made:
        made.open_chat("Leyla Entwurf")
        made.page.get_by_role("button", name="Sprachnachricht aufnehmen").click()
        expect(made.page.locator("#recorder-problems")).to_contain_text("zuerst ein paar Worte")
        assert screens.barriers(made.page) == []
        made.page.get_by_role("button", name="Sprachnachricht verwerfen").click()
        expect(made.page.locator("#text")).to_be_focused()


def test_marks_are_set_by_keys(desk, phones):
    phones.say("jonas", kind="text", text="Wann?")
    desk.open_chat("Jonas Muster")
    desk.page.fill("#text", "morgen")
    desk.page.press("#text", "Control+a")
    desk.page.press("#text", "Control+b")
    expect(desk.page.locator("#text")).to_have_value("*morgen*")
    expect(desk.page.locator("#warning .preview strong")).to_have_text("morgen")
    desk.page.fill("#text", "")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280, 2560])
def test_everything_open_is_accessible_and_fits(chromium, shop, phones, dark, width):
    phones.say("petra", kind="text", text="Noch eine Frage")
    viewport = {"width": width, "height": 800}
    with screens.desk(chromium, shop, viewport=viewport, dark=dark) as made:
        made.open_chat("Petra Beispiel")
        chat = made.page.url
        for opener in ("[data-emoji]", "details.tools summary", ""):
            made.page.goto(chat)
            if opener:
                made.page.locator(opener).first.click()
            else:
                _type(made, "/")
                expect(made.page.locator("#ready li").first).to_be_visible()
            assert screens.barriers(made.page) == [], opener
            assert made.page.evaluate("document.documentElement.scrollWidth") <= width
        made.page.fill("#text", "")
        made.page.goto(f"{made.url}/arrange/replies/")
        assert screens.barriers(made.page) == []
        assert made.page.evaluate("document.documentElement.scrollWidth") <= width


def _sent(desk: screens.Desk, phones: screens.Phones) -> dict[str, object]:
    """What the provider noted about the newest message of the desk, once it has arrived."""
    last = desk.page.locator("article.out").last
    expect(last.locator(".ticks")).to_have_attribute("title", "Zugestellt")
    return phones.received()[-1]


def _tap(phones: screens.Phones, kind: str, question: dict[str, object], **reply: str) -> None:
    tapped = {"type": kind, kind: reply}
    phones.say("petra", kind="interactive", interactive=tapped, reply_to=question["wamid"])


def test_buttons_are_written_seen_as_on_the_phone_sent_and_tapped(desk, phones):
    phones.say("petra", kind="text", text="Wann kann ich kommen?")
    desk.open_chat("Petra Beispiel")
    desk.page.locator("details.tools summary").first.click()
    desk.page.get_by_role("button", name="Schaltflächen zum Antworten").click()
    expect(desk.page.get_by_label("Schaltfläche 1")).to_be_focused()
    desk.page.keyboard.type("Dienstag um neun Uhr dreißig")
    expect(desk.page.locator("#offered [role=alert]")).to_contain_text("mehr als 20 Zeichen")
    desk.page.get_by_label("Schaltfläche 1").fill("Dienstag, 9:30")
    desk.page.keyboard.press("Enter")
    expect(desk.page.get_by_label("Schaltfläche 2")).to_be_focused()
    with desk.page.expect_response(lambda one: one.url.endswith("/draft/")):
        desk.page.keyboard.type("Mittwoch, 14:00")
    expect(desk.page.locator(".handset-tap")).to_have_text(["Dienstag, 9:30", "Mittwoch, 14:00"])
    expect(desk.page.locator("#offered [role=alert]")).to_have_count(0)
    desk.page.reload()
    expect(desk.page.get_by_label("Schaltfläche 2")).to_have_value("Mittwoch, 14:00")
    desk.write("Wann passt es *Ihnen*?")
    expect(desk.page.locator("#offering")).to_be_hidden()
    expect(desk.page.locator("article.out").last.locator(".answers li")).to_have_count(2)
    question = _sent(desk, phones)
    assert (question["kind"], question["outcome"]) == ("interactive", "accepted")
    _tap(phones, "button_reply", question, id="b2", title="Mittwoch, 14:00")
    answer = desk.page.locator("article.in").last
    expect(answer).to_contain_text("Mittwoch, 14:00")
    expect(answer.locator(".quote")).to_contain_text("Wann passt es")


def test_a_list_is_written_taken_back_sent_and_tapped(desk, phones):
    phones.say("petra", kind="text", text="Welche Termine gibt es?")
    desk.open_chat("Petra Beispiel")
    desk.page.locator("details.tools summary").first.click()
    desk.page.get_by_role("button", name="Liste zum Auswählen").click()
    desk.page.keyboard.type("Termine")
    desk.page.get_by_label("Zeile 1", exact=True).fill("9 Uhr")
    desk.page.get_by_label("Beschreibung von Zeile 1", exact=True).fill("mit Leihwagen")
    desk.page.get_by_label("Zeile 2", exact=True).fill("11 Uhr")
    expect(desk.page.get_by_label("Zeile 3", exact=True)).to_be_visible()
    expect(desk.page.get_by_label("Zeile 4", exact=True)).to_be_hidden()
    desk.page.get_by_role("button", name="Überschriften").click()
    desk.page.get_by_label("Überschrift über Zeile 1", exact=True).fill("Montag")
    expect(desk.page.locator(".handset-heading")).to_have_text("Montag")
    assert screens.barriers(desk.page) == []
    desk.write("Diese Termine sind frei:")
    desk.page.get_by_role("button", name="Senden rückgängig").last.click()
    expect(desk.page.get_by_label("Zeile 2", exact=True)).to_have_value("11 Uhr")
    expect(desk.page.get_by_label("Überschrift über Zeile 1", exact=True)).to_have_value("Montag")
    desk.page.press("#text", "Enter")
    question = _sent(desk, phones)
    assert (question["kind"], question["outcome"]) == ("interactive", "accepted")
    _tap(phones, "list_reply", question, id="r1", title="9 Uhr", description="mit Leihwagen")
    answer = desk.page.locator("article.in").last
    expect(answer).to_contain_text("9 Uhr")
    expect(answer).to_contain_text("mit Leihwagen")
    expect(answer.locator(".quote")).to_contain_text("Diese Termine")


def test_a_photo_reaches_the_customer_and_the_case_in_two_taps(chromium, shop, phones):
    phones.say("petra", kind="text", text="Haben Sie es gefunden?")
    with screens.desk(chromium, shop, viewport=screens.PHONE, touch=True) as made:
        page = made.page
        made.open_chat("Petra Beispiel")
        page.locator(".panel-open").tap()
        page.get_by_text("Vorgang anlegen").first.tap()
        page.get_by_label("Titel").fill("Bremsen hinten")
        page.get_by_role("button", name="Vorgang anlegen").tap()
        expect(page.get_by_role("link", name="Bremsen hinten")).to_be_visible()
        made.open_chat("Petra Beispiel")
        camera = page.locator("input[name=photo]")
        assert camera.get_attribute("capture") == "environment"
        with page.expect_file_chooser() as asked:
            page.locator("label.camera").tap()  # the first tap
        shot = {"name": "image.jpg", "mimeType": "image/jpeg", "buffer": hostile.picture()}
        asked.value.set_files(shot)
        expect(page.locator("#chosen img")).to_be_visible()
        chosen = page.get_by_label("In einem Vorgang ablegen").locator("option:checked")
        expect(chosen).to_have_text("Bremsen hinten")
        assert screens.barriers(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= screens.PHONE["width"]
        page.get_by_role("button", name="Senden", exact=True).tap()  # the second tap
        sent = page.locator("article.out").last
        expect(sent.locator("img")).to_be_visible()
        expect(sent.locator(".ticks")).to_have_attribute("title", "Zugestellt")
        before = len(phones.received())
        with page.expect_file_chooser() as asked:
            page.locator("label.camera").tap()
        asked.value.set_files(shot)
        page.get_by_role("button", name="Nur ablegen, nicht senden").tap()  # or this one
        expect(page.locator("article.cancelled").last).to_contain_text("nicht gesendet")
        assert len(phones.received()) == before
        page.goto(f"{made.url}/cases/")
        page.get_by_role("link", name="Bremsen hinten").tap()
        filed = page.locator("dt", has_text="Nachrichten")
        expect(filed.locator("xpath=following-sibling::dd[1]")).to_have_text("2")
