"""Customers' phones that send markup, turned letters, endless words and traps: shown as text, nothing runs."""

import base64
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests import hostile
from tests.journeys import demonstration, screens

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(not screens.CHROMIUM.exists(), reason="Debian's chromium is not installed"),
]

_NAMED = [*hostile.WORDS.values(), *hostile.TURNED.values()]

_PAGES = (
    "inbox/",
    "cases/",
    "nudges/",
    "reviews/",
    "decisions/",
    "consents/",
    "arrange/",
    "search/",
)
_OF_A_TALK = ("", "panel/", "consents/")


@pytest.fixture(scope="module")
def phones(shop: demonstration.Demonstration) -> Iterator[screens.Phones]:
    with screens.phones(shop) as made:
        yield made


def _customer(phones: screens.Phones, key: str, *, name: str, ending: int) -> None:
    answer = phones.client.put(
        f"{phones.url}/sim/customers/{key}",
        json={"name": name, "phone": f"+49171392{ending:04}"},
    )
    assert answer.is_success, answer.text


def _says_everything(phones: screens.Phones, key: str, words: str) -> None:
    """Send a text wherever a phone can put words."""
    sample = base64.b64encode(hostile.picture()).decode()
    first = phones.say(key, kind="text", text=words)
    phones.say(key, kind="text", text=words, reply_to=first)
    phones.say(key, kind="reaction", message_id=first, emoji=words[:32])
    phones.say(key, kind="image", data=sample, mime_type="image/jpeg", caption=words)
    phones.say(key, kind="document", filename=words, caption=words)
    phones.say(key, kind="location", latitude=53.5, longitude=9.9, name=words, address=words)
    card = {"name": {"formatted_name": words}, "phones": [{"phone": words, "type": words}]}
    phones.say(key, kind="contacts", contacts=[card])
    phones.say(key, kind="button", text=words, payload=words)
    row = {"id": words, "title": words, "description": words}
    phones.say(key, kind="interactive", interactive={"type": "list_reply", "list_reply": row})
    item = {"product_retailer_id": words, "quantity": 1, "item_price": 1, "currency": words[:3]}
    order = {"catalog_id": "1", "text": words, "product_items": [item]}
    phones.say(key, kind="order", order=order)
    phones.say(key, kind="unsupported", sort=words)
    phones.say(key, kind="raw", message={"type": "hologram", "hologram": {"body": words}})


def _posted(desk: screens.Desk, path: str, **fields: str) -> None:
    """Send a form of the page that is open, as its own script would."""
    token = desk.page.locator("input[name=csrfmiddlewaretoken]").first.get_attribute("value")
    answer = desk.context.request.post(
        f"{desk.url}{path}",
        form={"csrfmiddlewaretoken": token or "", **fields},
        headers={"Referer": desk.url},
        max_redirects=0,
    )
    assert answer.status in {200, 204, 302}, (path, answer.status, answer.text()[:400])


def _open(desk: screens.Desk, address: str) -> None:
    """Open a page on which nothing may run."""
    desk.page.goto(f"{desk.url}{address}")
    assert desk.page.evaluate("window.__x") is None, address


def test_words_of_customers_and_members_are_shown_letter_by_letter(chromium, shop, phones):
    with screens.desk(chromium, shop, viewport=screens.DESKTOP) as desk:
        dialogs: list[str] = []
        desk.page.on("dialog", lambda one: dialogs.append(one.message) or one.dismiss())
        talk = 0
        for number, words in enumerate(_NAMED):
            key = f"hostile{number}"
            _customer(phones, key, name=words, ending=100 + number)
            _says_everything(phones, key, words)
            talk = _arrived(desk, shop, messages=11, after=talk)
            _works_on(desk, talk, words)
            for part in _OF_A_TALK:
                _open(desk, f"/inbox/{talk}/{part}")
            _open(desk, f"/inbox/{talk}/")
            shown = desk.page.locator("#messages").inner_text()
            assert shown.count(words) >= 7, words
            assert words in desk.page.locator(".thread-head").inner_text()
        for page in _PAGES:
            _open(desk, f"/{page}")
        for (case,) in shop.look("SELECT id FROM customer_case ORDER BY id DESC LIMIT 3"):
            _open(desk, f"/cases/{case}/")
        for (vehicle,) in shop.look("SELECT id FROM vehicle ORDER BY id DESC LIMIT 3"):
            _open(desk, f"/vehicles/{vehicle}/")
        assert dialogs == []


def _arrived(
    desk: screens.Desk, shop: demonstration.Demonstration, *, messages: int, after: int = 0
) -> int:
    """The newest conversation (newer than `after`), as soon as all its messages are there."""
    for _ in range(600):
        rows = shop.look(
            "SELECT conversation_id, count(*) FROM message WHERE NOT outgoing"
            " AND conversation_id = (SELECT max(id) FROM conversation WHERE id > %s)"
            " GROUP BY conversation_id",
            after,
        )
        if rows and rows[0][1] >= messages:
            return int(rows[0][0])
        desk.page.wait_for_timeout(200)
    raise AssertionError(f"Not all messages arrived: {rows}")


def _works_on(desk: screens.Desk, talk: int, words: str) -> None:
    """Let a member write the words wherever a member can."""
    desk.page.goto(f"{desk.url}/inbox/{talk}/panel/")
    _posted(desk, f"/inbox/{talk}/note/", text=words)
    _posted(desk, f"/inbox/{talk}/cases/", kind="repair_order", title=words)
    plate = {"plate": f"HH-WB {talk % 9000 + 1000}", "country": "D"}
    kind = {"make": words[:40], "model": words[:40], "role": "driver"}
    _posted(desk, f"/inbox/{talk}/vehicles/", **plate, **kind)
    _posted(desk, "/arrange/labels/", name=words[:40], colour="red")
    _posted(desk, "/arrange/replies/make/", name=f"r{talk}", text=words)


@pytest.mark.parametrize("viewport", [screens.DESKTOP, screens.PHONE], ids=["desktop", "phone"])
def test_long_words_and_many_letters_fit_the_screen(chromium, shop, phones, viewport):
    key = f"long{viewport['width']}"
    _customer(phones, key, name="Langname" * 20, ending=200 + viewport["width"] % 97)
    for words in hostile.LONG.values():
        phones.say(key, kind="text", text=words)
        phones.say(key, kind="document", filename=f"{words[:200]}.pdf")
    with screens.desk(chromium, shop, viewport=viewport) as desk:
        talk = _arrived(desk, shop, messages=8)
        for path in ("", f"{talk}/", f"{talk}/panel/", f"{talk}/consents/"):
            desk.page.goto(f"{desk.url}/inbox/{path}")
            wide = desk.page.evaluate("document.documentElement.scrollWidth")
            assert wide <= viewport["width"], path
            inner = "(document.querySelector('#scroll') || document.body)"
            assert desk.page.evaluate(f"{inner}.scrollWidth - {inner}.clientWidth") <= 0, path
        desk.page.goto(f"{desk.url}/inbox/{talk}/")
        shown = desk.page.locator("#messages").inner_text()
        assert hostile.LONG["ten thousand"] in shown
        assert hostile.LONG["emoji"] in shown


def test_files_that_are_no_pictures_are_kept_and_said_so(chromium, shop, phones):
    _customer(phones, "traps", name="Fallensteller", ending=300)
    for mime, content in hostile.FILES.values():
        phones.say("traps", kind="image", mime_type=mime, data=base64.b64encode(content).decode())
    large = base64.b64encode(bytes(100 * 1024 * 1024)).decode()
    phones.say("traps", kind="document", filename="alles.zip", data=large)
    with screens.desk(chromium, shop, viewport=screens.DESKTOP) as desk:
        talk = _arrived(desk, shop, messages=len(hostile.FILES) + 1)
        desk.page.goto(f"{desk.url}/inbox/{talk}/")
        notes = desk.page.locator("#messages .note", has_text="Dieses Bild lässt sich hier nicht")
        expect(notes).to_have_count(len(hostile.FILES))
        expect(desk.page.locator("#messages .paper")).to_have_count(len(hostile.FILES) + 1)
        expect(desk.page.locator("#messages img")).to_have_count(0)
        assert desk.page.evaluate("window.__x") is None
        kept = shop.look(
            "SELECT size FROM media JOIN message ON message.id = media.message_id"
            " WHERE conversation_id = %s AND media.state = 'stored' ORDER BY message.id",
            talk,
        )
        sizes = [len(content) for _, content in hostile.FILES.values()]
        assert sorted(size for (size,) in kept) == sorted([*sizes, 100 * 1024 * 1024])
