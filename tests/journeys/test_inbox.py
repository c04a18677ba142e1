import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys import demonstration, screens

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(not screens.CHROMIUM.exists(), reason="Debian's chromium is not installed"),
]


_CARD = {
    "name": {"formatted_name": "Karla Kollegin", "first_name": "Karla"},
    "phones": [{"phone": "+491713920009", "type": "CELL"}],
}


@pytest.fixture(params=[screens.DESKTOP, screens.PHONE], ids=["desktop", "phone"])
def desk(request, chromium: Browser, shop: demonstration.Demonstration) -> Iterator[screens.Desk]:
    with screens.desk(chromium, shop, viewport=request.param) as made:
        yield made


def test_member_answers_a_customer_and_sees_the_ticks(desk, phones):
    phones.say("petra", kind="text", text="Moin, ist mein Golf fertig?")
    desk.open_chat("Petra Beispiel")
    expect(desk.page.locator("#messages")).to_contain_text("Moin, ist mein Golf fertig?")
    desk.write("Ja, ab 16 Uhr.")
    answer = desk.page.locator("article.out").last
    expect(answer).to_contain_text("Ja, ab 16 Uhr.")
    expect(answer.locator(".ticks")).to_have_attribute("title", "Zugestellt")
    phones.read("petra")
    expect(answer.locator(".ticks")).to_have_attribute("title", "Gelesen")


def test_message_appears_live_on_two_screens(desk, phones, chromium, shop):
    phones.say("jonas", kind="text", text="Erste Frage")
    desk.open_chat("Jonas Muster")
    with screens.desk(chromium, shop, viewport=screens.DESKTOP) as other:
        other.open_chat("Jonas Muster")
        phones.say("jonas", kind="text", text="Noch eine Frage zum Reifenwechsel")
        for screen in (desk, other):
            expect(screen.page.locator("#messages")).to_contain_text(
                "Noch eine Frage zum Reifenwechsel"
            )


def test_rows_take_their_place_while_the_list_is_not_fetched_again(desk, phones):
    phones.say("petra", kind="text", text="Guten Morgen")
    phones.say("jonas", kind="text", text="Moin")
    page = desk.page
    page.goto(f"{desk.url}/inbox/")
    rows = page.locator("#rows-list > li[data-at]")
    expect(page.locator("body")).to_have_class(re.compile("is-live"))
    page.wait_for_timeout(1500)
    before, fetched = rows.count(), []
    page.on("request", lambda request: fetched.append(request.url))
    rows.first.get_by_role("link").focus()
    for who, name, words in (
        ("petra", "Petra Beispiel", "Ist mein Golf fertig?"),
        ("jonas", "Jonas Muster", "Wann passt es?"),
        ("petra", "Petra Beispiel", "Dann komme ich"),
    ):
        page.wait_for_timeout(1100)  # WhatsApp's clock counts whole seconds
        phones.say(who, kind="text", text=words)
        expect(rows.first).to_contain_text(words)
        expect(rows.first.locator(".row-name")).to_have_text(name)
    assert rows.count() == before
    assert [url for url in fetched if "/inbox/" in url] == []
    expect(page.locator(":focus")).to_have_class(re.compile("row-link"))
    rows.first.get_by_role("link").click()
    expect(page.locator("#messages")).to_contain_text("Dann komme ich")
    assert "view=all" in page.url


def test_answer_appears_on_the_phone_of_the_customer(desk, phones, chromium):
    phones.say("samira", kind="text", text="Haben Sie Winterreifen?")
    desk.open_chat("Samira Probe")
    page = chromium.new_page(locale="de-DE")
    page.goto(f"{phones.url}/phones/samira")
    desk.write("Ja, auf Lager.")
    expect(page.locator("body")).to_contain_text("Ja, auf Lager.")
    page.close()


def test_every_kind_is_shown_as_itself(desk, phones):
    phones.say("jonas", kind="location", latitude=53.55, longitude=9.99, name="Werkstatt")
    phones.say("jonas", kind="contacts", contacts=[_CARD])
    for kind in ("image", "document", "voice", "sticker", "unsupported"):
        phones.say("jonas", kind=kind)
    desk.open_chat("Jonas Muster")
    bubbles = desk.page.locator("article.in .bubble")
    expect(bubbles).not_to_have_count(0)
    for text in bubbles.all_inner_texts():
        assert text.strip()
    expect(desk.page.locator("article.in img").first).to_be_visible()


def test_reaction_edit_and_deletion_are_shown(desk, phones):
    first = phones.say("jonas", kind="text", text="Bitte um Rückruf")
    desk.open_chat("Jonas Muster")
    phones.say("jonas", kind="edit", message_id=first, text="Bitte heute um Rückruf")
    expect(desk.page.locator("#messages")).to_contain_text("Bitte heute um Rückruf")
    second = phones.say("jonas", kind="text", text="vertippt")
    expect(desk.page.locator("#messages")).to_contain_text("vertippt")
    phones.say("jonas", kind="revoke", message_id=second)
    expect(desk.page.locator("#messages")).not_to_contain_text("vertippt")


def test_advertising_is_refused_with_a_reason(desk, phones):
    phones.say("petra", kind="text", text="Danke!")
    desk.open_chat("Petra Beispiel")
    desk.page.select_option("#purpose", "P-05")
    desk.write("Jetzt 20 % auf Winterreifen!")
    refused = desk.page.locator("article.refused").last
    expect(refused).to_contain_text("Nicht gesendet.")
    refused.locator("a[href$='/why/']").click()
    expect(desk.page.locator("#dialog-body")).to_contain_text("Einwilligung")


@pytest.mark.shows("R-64", "R-103")
def test_composer_says_before_sending_what_may_be_sent_and_why_not(desk, phones):
    phones.say("petra", kind="text", text="Eine Frage noch")
    desk.open_chat("Petra Beispiel")
    hint, warning = desk.page.locator("#hint"), desk.page.locator("#warning")
    expect(hint).to_contain_text("Darf gesendet werden.")
    desk.page.select_option("#purpose", "P-05")
    expect(hint).to_contain_text("keine Einwilligung für diesen Zweck")
    expect(hint.get_by_role("link", name="Einwilligungen")).to_be_visible()
    desk.page.select_option("#purpose", "P-02")
    expect(hint).to_contain_text("Darf gesendet werden.")
    desk.page.locator("#text").press_sequentially("Schicken Sie ein Foto vom Ausweis?", delay=5)
    expect(warning).to_contain_text("WhatsApp verbietet das")
    desk.page.fill("#text", "")
    desk.page.locator("#text").press_sequentially("Gern, bis morgen!", delay=5)
    expect(warning).to_be_empty()


def test_lost_answer_of_meta_sends_nothing_twice(desk, phones):
    phones.say("petra", kind="text", text="Sind Sie da?")
    desk.open_chat("Petra Beispiel")
    phones.fault(api=[{"kind": "reset", "place": "messages", "after": True, "times": 1}])
    desk.write("Ja, bis 18 Uhr.")
    answer = desk.page.locator("article.out").last
    expect(answer.locator(".ticks")).to_have_attribute("title", "Zugestellt")
    names = [one["biz_opaque_callback_data"] for one in phones.received()]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("viewport", [screens.DESKTOP, screens.PHONE], ids=["desktop", "phone"])
def test_pages_have_no_serious_accessibility_violation(chromium, shop, phones, dark, viewport):
    phones.say("petra", kind="text", text="Hallo")
    with screens.desk(chromium, shop, viewport=viewport, dark=dark) as made:
        made.open_chat("Petra Beispiel")
        chat = made.page.url
        for path in (chat, "/inbox/", "/reviews/", "/decisions/", "/costs/", "/account/"):
            made.page.goto(path if path.startswith("http") else made.url + path)
            assert screens.barriers(made.page) == [], path
            width = made.page.evaluate("document.documentElement.scrollWidth")
            assert width <= viewport["width"], path
