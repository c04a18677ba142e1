"""No page asks the database more at three rows than at one: walked from the addresses, none forgotten."""

from collections.abc import Iterator, Mapping

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import furnished, furnished_house, staff
from tests.web import addresses, test_roles

LISTS: Mapping[str, str] = {
    "account": "entry",
    "archive": "sent",
    "arrange": "label macro rule team closed",
    "audit": "audited",
    "breach": "concerned",
    "breaches": "breach",
    "canned-replies": "canned",
    "case": "message",
    "cases": "case",
    "consents": "task",
    "contact-requests": "ask",
    "conversation": "message media voice reply note label case vehicle",
    "costs": "meter",
    "dead-letters": "dead",
    "decisions": "reply",
    "file-message": "case",
    "house-rules": "house_rule",
    "inbox": "conversation",
    "interfaces": "token subscription",
    "invite": "number",
    "media-failures": "media",
    "messages": "message media voice reply",
    "news": "message media voice reply label case vehicle",
    "newsletter": "issue",
    "not-understood": "part",
    "nudges": "nudge",
    "numbers": "number",
    "offboarding": "declaration",
    "old-chats": "chat",
    "old-chats-progress": "chat",
    "package": "message",
    "panel": "note label case vehicle",
    "person-consents": "task",
    "place": "message",
    "protected-chats": "protected",
    "reports": "team conversation",
    "privacy": "asked run hold",
    "holds": "hold",
    "ready-replies": "canned",
    "reviews": "review",
    "rows": "conversation",
    "search": "message",
    "settings": "number",
    "signatures": "rejection",
    "team": "member invitation",
    "templates": "template",
    "templates-of": "template",
    "try-rule": "conversation message",
    "vehicle": "role case",
    "support": "window",
    "watch": "handout",
    "ways": "way",
}
"""Pages that list rows, and how one more row is made: the names stand in `furnished`."""

SINGLE = frozenset(
    [
        "branch-details",
        "commands",
        "composer",
        "connect-number",
        "consent-task",
        "contact-texts",
        "edit-template",
        "enter-consent",
        "erasure",
        "handout",
        "hours",
        "import-consents",
        "joint",
        "letters",
        "library",
        "mark",
        "newsletter-issue",
        "newsletter-preview",
        "newsletter-sender",
        "number",
        "officer",
        "old-chat",
        "outside",
        "person-request",
        "policy",
        "protected-chat",
        "recipients",
        "record-recipient",
        "records",
        "report-members",
        "restricted",
        "retention",
        "second-factor",
        "shortcuts",
        "template",
        "transcript",
        "verdict",
        "why",
        "write-issue",
        "write-template",
    ]
)
"""Pages about one thing, or with a form: whatever there is more of, they ask as often."""

FILES = frozenset(
    [
        "all-templates",
        "certificate",
        "consent-scan",
        "contact-code",
        "declaration",
        "invite-qr",
        "letters-case",
        "locked",
        "open-sensitive",
        "present",
        "media",
        "old-chat-file",
        "person-certificate",
        "protected-file",
        "protocol",
        "report-table",
        "push-key",
        "request-letter",
        "use-card",
        "way-sheet",
    ]
)
"""Addresses that hand out one file, lead on, or need a row of a state their own test brings about."""

_QUESTIONS = {"search": "?line=noch", "news": "?panel=1"}
_PUBLIC = {"archive"}


@pytest.fixture(scope="module")
def house(database: object) -> Iterator[furnished.House]:
    del database
    with furnished.arranged():
        yield furnished.House(crew=staff.staff())


@pytest.fixture(scope="module")
def alice(house: furnished.House) -> Client:
    """Signed in before there is a second factor to be asked for."""
    return staff.signed_in(house.crew.alice)


@pytest.fixture(scope="module")
def looked(
    house: furnished.House, alice: Client
) -> tuple[dict[str, tuple[int, int]], dict[str, tuple[int, int]]]:
    """How often each page asks and how long it is, at one row of everything and at three."""
    furnished.furnish(house, furnished_house.EVERYTHING)
    found = _look(house, alice)
    for _ in range(2):
        furnished.furnish(house, furnished_house.EVERYTHING)
    return found, _look(house, alice)


def _look(house: furnished.House, alice: Client) -> dict[str, tuple[int, int]]:
    return {name: _asks(alice, _path(house, name)) for name in sorted({*LISTS, *SINGLE})}


def _path(house: furnished.House, name: str) -> str:
    return addresses.address(house, name) + _QUESTIONS.get(name, "")


def _asks(alice: Client, path: str) -> tuple[int, int]:
    alice.get(path)
    with CaptureQueriesContext(connection) as asked:
        answer = alice.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return len(asked), len(answer.content)


def test_every_page_says_how_a_row_of_it_is_made(house, alice, looked):
    """A new page that is in none of the three tables fails here."""
    assert looked
    opened = {
        name
        for name in test_roles.GUARDED
        if name != "logout" and alice.get(addresses.address(house, name)).status_code != 405
    }
    assert opened | _PUBLIC == {*LISTS, *SINGLE, *FILES}
    made = {kind for kinds in LISTS.values() for kind in kinds.split()}
    assert made <= furnished_house.EVERYTHING.keys()


@pytest.mark.parametrize("name", sorted({*LISTS, *SINGLE}))
def test_a_page_asks_no_more_at_three_rows_than_at_one(looked, name):
    one, three = looked
    assert three[name][0] <= one[name][0]


@pytest.mark.parametrize("name", sorted(LISTS))
def test_the_rows_are_on_the_page(looked, name):
    """Otherwise the numbers of questions would say nothing."""
    one, three = looked
    assert three[name][1] > one[name][1]
