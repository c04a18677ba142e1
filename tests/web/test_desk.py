"""The panel over HTTP: what is done happens, who must not sees nothing."""

import re

import pytest

from tests import staff
from tests.panels import look

DEEDS = (
    "assign",
    "hand-over",
    "note",
    "label",
    "snooze",
    "close",
    "macro",
    "export",
    "do/spam",
    "do/reopen",
    "do/block",
    "cases",
    "file",
    "vehicles",
)


@pytest.fixture
def cast() -> staff.Staff:
    return staff.staff()


def test_bob_takes_rests_closes_and_opens_a_conversation(cast):
    conversation = staff.wrote(cast.dealer)
    bob = staff.signed_in(cast.bob)
    steps = [
        ("assign", {"member": str(cast.bob)}, ("owner_id", cast.bob)),
        ("snooze", {"until": "tomorrow"}, ("state", "snoozed")),
        ("do/reopen", {}, ("state", "open")),
        ("close", {"outcome": "appointment"}, ("outcome", "appointment")),
        ("do/spam", {}, ("outcome", "spam")),
        ("do/no-spam", {}, ("state", "open")),
        ("assign", {"member": ""}, ("owner_id", None)),
    ]
    for path, data, (field, value) in steps:
        answer = bob.post(f"/inbox/{conversation}/{path}/", data)
        assert answer.status_code == 302, (path, answer.content)
        assert getattr(look(cast, conversation), field) == value, path


def test_a_deed_from_the_panel_answers_with_the_panel(cast):
    conversation = staff.wrote(cast.dealer)
    bob = staff.signed_in(cast.bob)
    answer = bob.post(
        f"/inbox/{conversation}/note/",
        {"text": "Kunde <b>ruft</b> zurück"},
        headers={"HX-Request": "true"},
    )
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Kunde &lt;b&gt;ruft&lt;/b&gt; zurück" in page
    assert answer["HX-Trigger"] == "list-changed, thread-changed"
    assert "<html" not in page


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("note", {"text": " "}),
        ("hand-over", {"to": "", "note": "x"}),
        ("hand-over", {"to": "x9", "note": "x"}),
        ("snooze", {"until": "never"}),
        ("snooze", {"until": "day", "day": "2020-01-01"}),
        ("close", {"outcome": "moon"}),
        ("assign", {"member": "1"}),
        ("label", {"label": "1"}),
        ("label", {"label": "x"}),
        ("macro", {"macro": "1"}),
        ("do/reopen", {}),
        ("do/no-spam", {}),
        ("do/unblock", {}),
        ("cases", {"kind": "repair_order", "title": ""}),
        ("cases", {"kind": "moon", "title": "x"}),
        ("vehicles", {"plate": "XQ-A 1", "country": "D", "role": "holder"}),
        ("vehicles", {"plate": "", "country": "D", "role": "holder"}),
        ("vehicles", {"plate": "HH-AB 1", "country": "D", "role": "king"}),
        ("vehicles", {"plate": "HH-AB 1", "country": "D", "role": "holder", "hu": "soon"}),
    ],
)
def test_what_cannot_be_done_is_said_in_german(cast, path, data):
    conversation = staff.wrote(cast.dealer)
    bob = staff.signed_in(cast.bob)
    answer = bob.post(f"/inbox/{conversation}/{path}/", data, headers={"HX-Request": "true"})
    page = answer.content.decode()
    assert answer.status_code == 422
    said = re.search(r'role="alert">(.*?)</div>\s*</div>', page, re.DOTALL)
    assert said is not None
    assert not re.search(r"\b(the|this|choose|write)\b", said[1], re.IGNORECASE), said[1]


@pytest.mark.parametrize("who", ["charlie", "dora", "eve"])
@pytest.mark.shows("S-04")
def test_others_find_no_panel_and_no_deed(cast, who):
    conversation = staff.wrote(cast.dealer)
    browser = staff.signed_in(getattr(cast, who))
    looks = [
        browser.get(f"/inbox/{conversation}/{part}/").status_code for part in ("panel", "news")
    ]
    acts = [browser.post(f"/inbox/{conversation}/{deed}/").status_code for deed in DEEDS]
    assert (looks, acts) == ([404] * 2, [404] * len(DEEDS))
    row = look(cast, conversation)
    assert (row.state, row.owner_id, row.spam_at) == ("open", None, None)


def test_looking_at_the_panel_changes_nothing(cast):
    conversation = staff.wrote(cast.dealer)
    bob = staff.signed_in(cast.bob)
    for deed in DEEDS:
        assert bob.get(f"/inbox/{conversation}/{deed}/").status_code == 405
