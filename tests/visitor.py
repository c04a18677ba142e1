"""Somebody who does the public check, and answers that lead to each light."""

import html
import re
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from django.http import HttpResponse
from django.test import Client

from werkbote.domain import guide
from werkbote.store import guide as rechtsstand
from werkbote.web import clock

TODAY: date = clock.now().date()
CATALOGUE = rechtsstand.catalogue(on=TODAY)


def _chosen(*, best: bool) -> dict[str, str]:
    found = {}
    for question in CATALOGUE.questions:
        scored = [option for option in question.options if option.value is not None]
        options = scored or list(question.options)
        pick = max if best else min
        found[question.id] = pick(options, key=lambda option: option.value or Fraction(0)).id
    return found


GREEN = _chosen(best=True) | {"bot": "no"}
RED = _chosen(best=False)
YELLOW = GREEN | {
    "imprint": "no",
    "storage_region": RED["storage_region"],
    "retention": guide.UNKNOWN,
}


@dataclass(slots=True, kw_only=True)
class Visitor:
    """A browser without scripts: reads the last page's form and sends it on."""

    base: str = "/check/"
    client: Client = field(default_factory=lambda: Client(SERVER_NAME="127.0.0.1"))
    page: HttpResponse = field(default_factory=HttpResponse)

    @property
    def text(self) -> str:
        """The last page as people read it."""
        bare = re.sub(r"<(style|head).*?</\1>|<[^>]*>", " ", self.source, flags=re.DOTALL)
        return " ".join(html.unescape(bare).split())

    @property
    def source(self) -> str:
        """The last page's markup."""
        return self.page.content.decode()

    @property
    def state(self) -> str:
        """The signed field of the last page."""
        return self.hidden("state")

    @property
    def question(self) -> str:
        """The question the last page asks."""
        return re.findall(r'name="question" value="(\w+)"', self.source)[-1]

    def hidden(self, name: str) -> str:
        return re.findall(rf'name="{name}" value="([^"]*)"', self.source)[-1]

    @property
    def asks(self) -> bool:
        """Whether the last page is a question."""
        return 'class="question"' in self.source

    def open(self, path: str = "") -> HttpResponse:
        self.page = self.client.get(self.base + path)
        return self.page

    def send(self, path: str = "frage/", **fields: str) -> HttpResponse:
        self.page = self.client.post(self.base + path, fields)
        return self.page

    def begin(self) -> "Visitor":
        self.send()
        return self

    def answer(self, value: str, *, go: str = "next") -> HttpResponse:
        return self.send(state=self.state, question=self.question, answer=value, go=go)

    def finish(self, answers: dict[str, str]) -> list[str]:
        """Answer everything that is asked; return which questions that were."""
        asked = []
        self.begin()
        while self.asks:
            asked.append(self.question)
            offered = re.findall(r'name="answer" id="[^"]*" value="(\w+)"', self.source)
            assert answers[self.question] in offered
            self.answer(answers[self.question])
        return asked
