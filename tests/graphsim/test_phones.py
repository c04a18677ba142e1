"""The phones on the screen: escaped, strict about scripts, and playable in a real browser."""

import base64
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import axe_playwright_python.sync_playwright
import pytest
from playwright.sync_api import Page, sync_playwright

from graphsim.phones import screens, view, words
from tests.graphsim.stage import NUMBER, Json, Stage, filled, wait

_CHROMIUM = Path("/usr/bin/chromium")
_NASTY = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "' onmouseover='alert(1)",
    "javascript:alert(1)",
    "</template><script>alert(1)</script>",
    "{{ 7 * 7 }}{% raw %}",
    "&lt;b&gt;",
    "*<i>*_<u>_~<s>~```<code>```",
    'https://example.org/?a="onclick=alert(1)&b=<x>',
    "\u202eabc\u0000",
]
_TAGS = re.compile(r"<(script|img src=x|svg|u>|i>|x>)|\son\w+=", re.IGNORECASE)


@pytest.mark.parametrize("nasty", _NASTY)
def test_nothing_a_person_writes_becomes_markup(sim: Stage, nasty: str) -> None:
    sim.number(verified_name=nasty)
    sim.control("PUT", "customers/anna", name=nasty)
    first = sim.says(text=nasty)
    sim.says(text=nasty, reply_to=first)
    sim.template("nasty", components=[{"type": "BODY", "text": f"Hallo {nasty} du."}])
    message = {"name": "nasty", "language": {"code": "de"}}
    assert sim.send(type="template", template=message).status_code == 200
    sim.says("document", filename=nasty, caption=nasty)
    sim.says("location", latitude=1, longitude=2, name=nasty, address=nasty)
    sim.says(
        "contacts", contacts=[{"name": {"formatted_name": nasty}, "phones": [{"phone": nasty}]}]
    )
    buttons = [{"type": "reply", "reply": {"id": nasty, "title": nasty[:20]}}]
    for interactive in (
        {"type": "button", "body": {"text": nasty}, "action": {"buttons": buttons}},
        {
            "type": "list",
            "body": {"text": nasty},
            "footer": {"text": nasty},
            "action": {
                "button": nasty[:20],
                "sections": [{"title": nasty[:24], "rows": [{"id": nasty, "title": nasty[:24]}]}],
            },
        },
    ):
        assert sim.send(type="interactive", interactive=interactive).status_code == 200
    wait(lambda: len([s for s in sim.hook.items("statuses") if s["status"] == "delivered"]) == 3)

    for path in ("/phones", "/phones/anna", "/phones/faults", "/phones/anna/screen"):
        assert not _foreign(sim.http.get(path).text), path
    assert not _foreign(sim.http.get(f"/phones/anna/screen?number={NUMBER}").text)


def _foreign(html: str) -> list[str]:
    own = html.replace('<script src="/phones/static/', "<own ")
    tags = [tag for tag in re.findall(r"<[^>]*>", own) if _TAGS.search(_bare(tag))]
    return [tag for tag in tags if not tag.startswith("<i class=")]


def _bare(tag: str) -> str:
    """The tag without the values of its attributes, where anything may stand when quoted."""
    return re.sub(r'="[^"]*"', "=", tag)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("*fett* _kursiv_ ~weg~", "<strong>fett</strong> <em>kursiv</em> <s>weg</s>"),
        ("2*3*4 a_b_c", "2*3*4 a_b_c"),
        ("<b>", "&lt;b&gt;"),
        (
            "https://example.org",
            '<a href="https://example.org" target="_blank" rel="noopener noreferrer">https://example.org</a>',
        ),
    ],
)
def test_marks_are_drawn_and_the_rest_escaped(text: str, html: str) -> None:
    assert view.rich(text) == html


def test_pages_forbid_inline_script_and_style(sim: Stage) -> None:
    sim.says()
    for path in ("/phones", "/phones/faults", f"/phones/anna/screen?number={NUMBER}"):
        answer = sim.http.get(path)
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert not re.search(r"<style|\sstyle=|<script(?! src)", answer.text)


def test_risky_files_are_only_downloaded(sim: Stage) -> None:
    data = base64.b64encode(b"<script>alert(1)</script>").decode()
    sim.says("document", data=data, mime_type="text/html", filename="a.html")
    media_id = next(iter(sim.world.media))
    answer = sim.http.get(f"/phones/media/{media_id}")

    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert sim.http.get("/phones/media/none").status_code == 404


def test_every_word_is_german_and_english() -> None:
    pages = "".join(
        path.read_text("utf-8") for path in (Path(screens.__file__).parent / "pages").iterdir()
    )
    used = set(re.findall(r'_\(["\'](.+?)["\']\)', pages))

    assert used <= set(words.GERMAN)
    assert words.speaker("en")("Faults") == "Faults"
    assert words.speaker("de")("Faults") == "Störungen"


def test_language_follows_the_switch(sim: Stage) -> None:
    assert '<html lang="de">' in sim.http.get("/phones").text
    assert "Customers&#39; phones" in sim.http.get("/phones?lang=en").text
    assert '<html lang="en">' in sim.http.get("/phones").text
    sim.http.cookies.clear()


def test_unknown_phone_says_so(sim: Stage) -> None:
    assert sim.http.get("/phones/nobody").status_code == 404
    assert sim.http.get("/phones/nobody/screen").status_code == 404


@pytest.fixture
def page(sim: Stage) -> Iterator[Page]:
    """The phones in a real browser; fails when the page logs an error."""
    if not _CHROMIUM.exists():
        pytest.skip("Chromium is not installed at /usr/bin/chromium.")
    problems: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(_CHROMIUM), args=["--no-sandbox"])
        made = browser.new_page(locale="de-DE", viewport={"width": 1280, "height": 900})
        made.on("pageerror", lambda error: problems.append(str(error)))
        made.on(
            "console", lambda told: problems.append(told.text) if told.type == "error" else None
        )
        made.goto(f"{sim.url}/phones")
        yield made
        browser.close()
    assert problems == []


@pytest.mark.browser
def test_newcomer_plays_the_customer(sim: Stage, page: Page) -> None:
    page.click(f'[data-chat="{NUMBER}"]')
    page.fill("textarea", "Ist mein Wagen fertig?")
    page.press("textarea", "Enter")
    wait(
        lambda: (
            [m["text"]["body"] for m in sim.hook.items("messages")] == ["Ist mein Wagen fertig?"]
        )
    )
    buttons = [{"type": "reply", "reply": {"id": "ja", "title": "Ja, gern"}}]
    asked = sim.sent(
        type="interactive",
        interactive={"type": "button", "body": {"text": "HU?"}, "action": {"buttons": buttons}},
    )
    page.click("text=Ja, gern")
    wait(lambda: len(sim.hook.items("messages")) == 2)
    sections = [{"rows": [{"id": "r8", "title": "8 Uhr", "description": "früh"}]}]
    action = {"button": "Zeit wählen", "sections": sections}
    sim.sent(
        type="interactive",
        interactive={"type": "list", "body": {"text": "Wann?"}, "action": action},
    )
    page.click("text=Zeit wählen")
    page.click("#rows [data-row=r8]")
    wait(lambda: len(sim.hook.items("messages")) == 3)
    sim.template()
    sim.sent(**filled())
    page.click("text=Ich komme")
    wait(lambda: len(sim.hook.items("messages")) == 4)

    pressed = sim.hook.items("messages")[1:]
    assert pressed[0]["interactive"]["button_reply"] == {"id": "ja", "title": "Ja, gern"}
    assert pressed[0]["context"]["id"] == asked
    assert pressed[1]["interactive"]["list_reply"] == {
        "id": "r8",
        "title": "8 Uhr",
        "description": "früh",
    }
    assert pressed[2]["button"] == {"payload": "Ich komme", "text": "Ich komme"}
    wait(lambda: sim.hook.statuses(asked) == ["sent", "delivered", "read"])


@pytest.mark.browser
def test_attachments_reactions_edits_and_deletions(sim: Stage, page: Page) -> None:
    own = sim.says(text="erst so")
    page.click(f'[data-chat="{NUMBER}"]')
    theirs = sim.sent()
    for kind in ("image", "document", "voice", "location", "contacts"):
        page.click(".attach summary")
        page.click(f"[data-attach={kind}]")
    wait(lambda: len(sim.hook.items("messages")) == 6)
    page.hover(f'[data-id="{theirs}"]')
    page.click(f'[data-id="{theirs}"] .acts summary')
    page.click(f'[data-id="{theirs}"] [data-react="👍"]')
    wait(lambda: len(sim.hook.items("messages")) == 7)
    page.hover(f'[data-id="{own}"]')
    page.click(f'[data-id="{own}"] .acts summary')
    page.click(f'[data-id="{own}"] [data-act=edit]')
    page.fill("textarea", "dann so")
    page.press("textarea", "Enter")
    wait(lambda: len(sim.hook.items("messages")) == 8)
    page.wait_for_selector("text=bearbeitet")
    page.hover(f'[data-id="{own}"]')
    page.click(f'[data-id="{own}"] .acts summary')
    page.click(f'[data-id="{own}"] [data-act=revoke]')
    page.wait_for_selector("text=Diese Nachricht wurde gelöscht.")

    wait(lambda: len(sim.hook.items("messages")) == 9)
    kinds = [message["type"] for message in sim.hook.items("messages")]
    assert kinds[1:6] == ["image", "document", "audio", "location", "contacts"]
    assert kinds[6:] == ["reaction", "edit", "revoke"]


@pytest.mark.browser
def test_drawer_orders_faults_and_moves_the_clock(sim: Stage, page: Page) -> None:
    before = sim.control("GET", "clock")["now"]
    page.click(".bar [data-drawer]")
    page.click("text=Token abgelaufen")
    page.wait_for_selector(".drawer li")
    page.click("text=+ 24 Stunden")
    wait(lambda: sim.control("GET", "clock")["now"] - before > 86_000)

    assert sim.error(sim.send()) == (401, 190)
    page.click(".bar h1")
    page.click("text=Offline gehen")
    wait(lambda: _anna(sim)["offline"])


def _anna(sim: Stage) -> Json:
    return dict(sim.control("GET", "customers")["customers"][0])


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_page_has_no_barriers(sim: Stage, scheme: Literal["light", "dark"]) -> None:
    if not _CHROMIUM.exists():
        pytest.skip("Chromium is not installed at /usr/bin/chromium.")
    first = sim.says(text="Hallo *Sie*")
    sim.says("image", caption="Bild")
    sim.says("edit", message_id=first, text="Hallo")
    sim.template()
    wamid = sim.sent(**filled())
    wait(lambda: "delivered" in sim.hook.statuses(wamid))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(_CHROMIUM), args=["--no-sandbox"])
        page = browser.new_page(color_scheme=scheme, bypass_csp=True)
        page.goto(f"{sim.url}/phones")
        page.click(f'[data-chat="{NUMBER}"]')
        page.wait_for_selector(f'[data-id="{wamid}"]')
        page.click(".bar [data-drawer]")
        page.wait_for_selector(".drawer section")
        found = axe_playwright_python.sync_playwright.Axe().run(page)
        browser.close()
    assert [(each["id"], each["nodes"][0]["html"]) for each in found.response["violations"]] == []
