"""Words of customers and members keep their direction to themselves: none shares a line of text with ours.

A name that runs from right to left, or holds a control that nobody ends, would turn round what stands
beside it. So such words stand alone in an element that isolates them, or in a `bdi`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.test import Client

from tests import furnished, furnished_house, staff
from tests.web import addresses, test_roles, test_rows
from werkbote.domain import events
from werkbote.store import models, scope

_FOREIGN = (
    r"Petra Beispiel \d+",
    r"Nina \d+",
    r"Fahrer \d+",
    r"Doppelt \d+",
    r"Bremsen \d+",
    r"Eilig \d+",
    r"Notiz \d+",
    r"Service \d+",
    r"Eilfall \d+",
    r"Pannen \d+",
    r"fertig\d+",
    r"VW Golf",
    r"HH-WB \d+",
    r"Und noch etwas \d+",
    r"Anna Muster",
    r"Bernd Muster \d+",
    r"DMS \d+",
    r"Reifenwechsel \d+",
    r"Streit um die Rechnung \d+",
    r"Moin, ist mein Wagen fertig\?",
    r"Angebot 7\.pdf",
)
"""What people wrote in the furnished house, whole."""

_ANY = re.compile("|".join(_FOREIGN))
_ALONE = re.compile(f"(?:{'|'.join(_FOREIGN)})")
_VOID = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "source",
        "track",
        "wbr",
    ]
)
_SILENT = frozenset(["script", "style", "title", "option", "textarea"])
"""Elements whose text is shown alone, or not at all."""

_INLINE = frozenset(
    [
        "a",
        "b",
        "strong",
        "em",
        "span",
        "code",
        "summary",
        "small",
        "label",
        "mark",
        "option",
        "legend",
    ]
)
"""Inline elements that the style sheet isolates."""

_BLOCKS = frozenset(
    [
        "p",
        "div",
        "td",
        "th",
        "li",
        "dt",
        "dd",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "section",
        "header",
        "footer",
        "form",
        "button",
        "main",
        "article",
        "figcaption",
        "blockquote",
        "fieldset",
        "ul",
        "ol",
        "dl",
        "table",
        "nav",
        "body",
        "pre",
    ]
)


@dataclass(slots=True)
class _Element:
    tag: str
    isolates: bool
    texts: list[str] = field(default_factory=list)
    children: list["_Element"] = field(default_factory=list)


class _Tree(HTMLParser):
    """A page as elements with their own texts."""

    def __init__(self) -> None:
        super().__init__()
        self.root = _Element("body", isolates=False)
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        isolates = tag == "bdi" or any(name == "dir" for name, _ in attrs)
        element = _Element(tag, isolates=isolates)
        self._open[-1].children.append(element)
        if tag not in _VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        for place in range(len(self._open) - 1, 0, -1):
            if self._open[place].tag == tag:
                del self._open[place:]
                return

    def handle_data(self, data: str) -> None:
        if data.strip():
            self._open[-1].texts.append(data.strip())


def mixed(page: str) -> list[str]:
    """The texts of a page in which words of others stand beside ours, with nothing between them."""
    tree = _Tree()
    tree.feed(page)
    return list(_mixed(tree.root))


def _mixed(element: _Element) -> Iterator[str]:
    if element.tag in _SILENT or element.isolates:
        return
    said = " ".join(element.texts)
    if any(_ANY.search(text) for text in element.texts):
        alone = len(element.texts) == 1 and _ALONE.fullmatch(element.texts[0])
        if not alone or element.tag not in _INLINE | _BLOCKS:
            yield f"<{element.tag}> {said[:120]}"
    for child in element.children:
        yield from _mixed(child)


@pytest.fixture(scope="module")
def house(database: object) -> Iterator[furnished.House]:
    del database
    with furnished.arranged():
        yield furnished.House(crew=staff.staff())


@pytest.fixture(scope="module")
def alice(house: furnished.House) -> Client:
    client = staff.signed_in(house.crew.alice)
    furnished.furnish(house, furnished_house.EVERYTHING)
    staff.wrote(
        house.crew.dealer,
        phone="+" + furnished.wa_id(1),
        words="",
        kind="document",
        content={"filename": "Angebot 7.pdf"},
        media=events.MediaRef(provider_id="77", mime="application/pdf"),
        at=house.at,
    )
    with scope.transaction(organisation=house.organisation):
        models.Media.objects.filter(mime="application/pdf").update(state="stored")
    return client


_PAGES = sorted({*test_rows.LISTS, *test_rows.SINGLE})
_QUESTIONS = {"search": "?line=Moin", "news": "?panel=1"}


@pytest.mark.parametrize("name", _PAGES)
def test_words_of_others_stand_apart(house: furnished.House, alice: Client, name: str) -> None:
    answer = alice.get(addresses.address(house, name) + _QUESTIONS.get(name, ""))
    assert answer.status_code == 200
    assert mixed(answer.content.decode()) == []


def test_the_words_are_really_on_the_pages(house: furnished.House, alice: Client) -> None:
    shown = "".join(
        alice.get(addresses.address(house, name) + _QUESTIONS.get(name, "")).content.decode()
        for name in _PAGES
    )
    assert [words for words in _FOREIGN if not re.search(words, shown)] == []


@pytest.mark.parametrize(
    ("page", "found"),
    [
        ("<p><bdi>Eilig 1</bdi> · rot</p>", []),
        ("<p><strong>Eilig 1</strong> · rot</p>", []),
        ('<p dir="auto">Eilig 1 · rot</p>', []),
        ("<p>Eilig 1</p>", []),
        ("<p>Eilig 1 · rot</p>", ["<p> Eilig 1 · rot"]),
        ("<p>Eilig 1<br>rot</p>", ["<p> Eilig 1 rot"]),
        ("<p><i>Eilig 1</i> rot</p>", ["<i> Eilig 1"]),
        ("<p>Von Petra Beispiel 1</p>", ["<p> Von Petra Beispiel 1"]),
    ],
)
def test_what_counts_as_apart(page: str, found: list[str]) -> None:
    assert mixed(page) == found


def test_the_style_sheet_isolates_what_is_counted_on() -> None:
    sheet = Path(test_roles.__file__).parents[2] / "src/werkbote/web/static/werkbote/werkbote.css"
    rule = re.search(r":where\(([a-z1-6, ]+)\) \{ unicode-bidi: isolate; \}", sheet.read_text())
    assert rule is not None
    assert {tag.strip() for tag in rule[1].split(",")} >= _INLINE
