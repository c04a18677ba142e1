"""A letter as mail programs get it: nothing of it is fetched from anywhere, so that no opening is counted."""

from html.parser import HTMLParser

import pytest

from werkbote.papers import newsletter

_FETCHES = frozenset(
    {"audio", "embed", "iframe", "image", "img", "input", "link", "object", "script", "source"}
    | {"picture", "video"}
)

_PIXELS = {
    "picture": "![](https://zaehler.example/p.gif)",
    "picture by reference": "![x][1]\n\n[1]: https://zaehler.example/p.gif",
    "HTML picture": '<img src="https://zaehler.example/p.gif" width="1" height="1">',
    "HTML in a line": 'Moin <img src="//zaehler.example/p.gif"> zusammen',
    "style": '<style>@import "https://zaehler.example/p.css";</style>',
    "frame": '<iframe src="https://zaehler.example"></iframe>',
    "background": '<div style="background:url(https://zaehler.example/p.gif)">Moin</div>',
}


class _Fetched(HTMLParser):
    """Collects what a program that shows the page would fetch by itself."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _FETCHES:
            self.found.append(tag)
        for name, value in attrs:
            if name in {"src", "srcset", "background", "poster"} or "url(" in (value or ""):
                self.found.append(f"{tag} {name}")


@pytest.mark.parametrize("text", _PIXELS.values(), ids=_PIXELS.keys())
def test_a_letter_fetches_nothing(text: str) -> None:
    letter = newsletter.Letter(
        subject="Reifenwechsel",
        text=f"# Moin\n\n{text}\n\n[Termin](https://autohaus.example/termin)",
        company="Autohaus Nordlicht GmbH",
        language="de",
        footer="Autohaus Nordlicht GmbH\nhttps://autohaus.example/impressum",
        online="https://autohaus.example/n/1",
        leave=True,
    )
    printed = newsletter.render(letter)
    for page in (printed.html, printed.inside):
        fetched = _Fetched()
        fetched.feed(page)
        assert fetched.found == []
        assert "<style" not in page
    assert 'href="https://autohaus.example/termin"' in printed.html
