"""The composer's panel of buttons and lists: broken inputs, the phone beside it, drafts, the thread."""

import io
import re
import secrets

import pytest

from tests import hostile, staff
from tests.phones import content
from werkbote.store import models, scope

HX = {"HX-Request": "true"}


@pytest.fixture
def cast() -> staff.Staff:
    return staff.staff()


def _fields(**more):
    return {
        "text": "Wann passt es?",
        "purpose": "P-02",
        "key": secrets.token_urlsafe(18),
        "offer": "buttons",
        "answer": ["Montag", "Dienstag", ""],
        **more,
    }


def _list(**more):
    rows = {
        "row_title": ["9 Uhr", "10 Uhr", ""],
        "row_more": ["Halle 1", "", ""],
        "row_heading": ["Montag", "", ""],
    }
    return _fields(**{"offer": "list", "label": "Termine"} | rows | more)


def _post(cast, conversation, fields, *, to="send"):
    browser = staff.signed_in(cast.bob)
    return browser.post(f"/inbox/{conversation}/{to}/", fields, headers=HX)


def _out(cast) -> list[models.Message]:
    with scope.looking(organisation=cast.dealer.organisation):
        return list(models.Message.objects.filter(outgoing=True))


def _told(cast, message) -> dict[str, object]:
    found: dict[str, object] = content(cast.dealer, message)["content"]
    return found


def test_buttons_and_lists_are_queued_for_the_gate_like_any_message(cast):
    conversation = staff.wrote(cast.dealer)
    for fields in (_fields(), _list()):
        assert _post(cast, conversation, fields).status_code == 200
    first, second = sorted(_out(cast), key=lambda one: one.id)
    assert {one.kind for one in (first, second)} == {"interactive"}
    assert {one.state for one in (first, second)} == {"queued"}
    assert _told(cast, first) == {
        "buttons": [{"id": "b1", "title": "Montag"}, {"id": "b2", "title": "Dienstag"}]
    }
    assert _told(cast, second) == {
        "list": {
            "label": "Termine",
            "sections": [
                {
                    "title": "Montag",
                    "rows": [
                        {"id": "r1", "title": "9 Uhr", "description": "Halle 1"},
                        {"id": "r2", "title": "10 Uhr", "description": ""},
                    ],
                }
            ],
        }
    }


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        (_fields(text="  "), "Die Frage fehlt"),
        (_fields(text="x" * 1025), "mehr als 1024 Zeichen"),
        (_list(text="x" * 4097), "4096"),
        (_fields(answer=["", " "]), "Schreiben Sie auf die Schaltflächen"),
        (_fields(answer=["x" * 21]), "mehr als 20 Zeichen"),
        (_fields(answer=["x" * 5000]), "mehr als 20 Zeichen"),
        (_fields(answer=["Ja", "ja"]), "sagen dasselbe"),
        (_fields(answer=["1", "2", "3", "4"]), "Höchstens drei"),
        (_fields(answer=["x"] * 900), "Höchstens drei"),
        (_fields(answer=["Ja\x00"]), "unsichtbare Zeichen"),
        (_fields(answer=["Ja\u202e"]), "unsichtbare Zeichen"),
        (_fields(answer=["Ja\nNein"]), "unsichtbare Zeichen"),
        (_list(label=""), "braucht eine Beschriftung"),
        (_list(label="x" * 21), "mehr als 20 Zeichen"),
        (_list(row_title=[]), "Jede Zeile der Liste braucht einen Titel"),
        (_list(row_title=[], row_more=[], row_heading=[]), "mindestens eine Zeile"),
        (_list(row_title=["x" * 25]), "Titel in der Liste hat mehr als 24"),
        (_list(row_more=["x" * 73]), "Beschreibung in der Liste hat mehr als 72"),
        (_list(row_heading=["x" * 25]), "Überschrift in der Liste hat mehr als 24"),
        (_list(row_heading=["", "Montag"]), "auch die erste Zeile"),
        (_list(row_title=[str(one) for one in range(11)]), "Höchstens zehn"),
        (_list(row_title=["9 Uhr", "9 uhr"], row_more=[]), "sagen dasselbe"),
        (_fields(offer="carousel", text=""), "oder hängen Sie eine Datei an"),
    ],
)
def test_what_meta_would_refuse_is_said_and_nothing_is_lost(cast, fields, sentence):
    conversation = staff.wrote(cast.dealer)
    answer = _post(cast, conversation, fields)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    assert f"{fields['text']}</textarea>" in page
    for name in ("row_title", "answer"):
        for said in fields.get(name, [])[:2]:
            if said.strip().isalnum() and len(said) < 300 and fields["offer"] != "carousel":
                assert f'name="{name}" value="{said}"' in page
    assert _out(cast) == []


def test_a_file_goes_before_what_can_be_tapped(cast):
    conversation = staff.wrote(cast.dealer)
    answer = _post(cast, conversation, _fields(file=_picture()))
    assert answer.status_code == 422
    assert "Senden Sie zuerst die Datei" in answer.content.decode()
    assert _out(cast) == []


def _picture():
    made = io.BytesIO(hostile.picture())
    made.name = "bild.jpg"
    return made


@pytest.mark.parametrize("words", hostile.WORDS.values(), ids=hostile.WORDS.keys())
def test_markup_stands_as_text_on_the_phone_in_the_panel_and_in_the_thread(cast, words):
    conversation = staff.wrote(cast.dealer)
    short = words[:20]
    fields = _fields(text=words, answer=[short], warned="yes")
    shown = _post(cast, conversation, fields, to="warning").content.decode()
    assert short not in shown or "<" not in short
    assert _post(cast, conversation, fields).status_code == 200
    browser = staff.signed_in(cast.bob)
    thread = browser.get(f"/inbox/{conversation}/messages/").content.decode()
    assert "<script>window" not in thread
    assert "<img src=x" not in thread


def test_the_phone_shows_what_is_written_and_what_is_too_long_while_one_writes(cast):
    conversation = staff.wrote(cast.dealer)
    part = _post(cast, conversation, _list(row_title=["x" * 25]), to="warning").content.decode()
    assert 'id="offered" hx-swap-oob="true"' in part
    assert "So sieht es der Kunde" in part
    assert "Titel in der Liste hat mehr als 24" in part
    missing = _post(cast, conversation, _fields(answer=[], text=""), to="warning").content.decode()
    assert 'role="alert"' not in missing
    assert _out(cast) == []


def test_what_has_no_place_in_a_chat_is_asked_about_in_the_answers_too(cast):
    conversation = staff.wrote(cast.dealer)
    answer = _post(cast, conversation, _fields(answer=["{Kennzeichen}"]))
    assert answer.status_code == 422
    assert "Noch auszufüllen" in answer.content.decode()
    again = _post(cast, conversation, _fields(answer=["{Kennzeichen}"], warned="yes"))
    assert again.status_code == 200


def _panel(cast, conversation) -> str:
    browser = staff.signed_in(cast.bob)
    part = browser.get(f"/inbox/{conversation}/composer/").content.decode()
    return re.search(r'<fieldset class="offer.*?</fieldset>', part, re.DOTALL)[0]


def test_an_unfinished_offer_is_kept_however_wrong_and_goes_when_emptied(cast):
    conversation = staff.wrote(cast.dealer)
    fields = _list(text="", row_title=["x" * 30, ""], row_more=["", ""])
    assert _post(cast, conversation, fields, to="draft").status_code == 204
    panel = _panel(cast, conversation)
    assert 'name="offer" value="list"' in panel
    assert f'name="row_title" value="{"x" * 30}"' in panel
    assert 'name="row_heading" value="Montag"' in panel
    assert 'class="offer headed"' in panel
    empty = _fields(text=" ", answer=["", ""])
    assert _post(cast, conversation, empty, to="draft").status_code == 204
    assert 'name="offer" value=""' in _panel(cast, conversation)


def test_a_list_in_the_thread_shows_its_lines_and_its_headings(cast):
    conversation = staff.wrote(cast.dealer)
    _post(cast, conversation, _list())
    browser = staff.signed_in(cast.bob)
    thread = browser.get(f"/inbox/{conversation}/messages/").content.decode()
    for words in ("Termine", "Montag", "9 Uhr", "Halle 1", "10 Uhr"):
        assert words in thread


@pytest.mark.shows("S-04")
@pytest.mark.parametrize("who", ["charlie", "dora", "eve"])
def test_others_can_offer_nothing(cast, who):
    conversation = staff.wrote(cast.dealer)
    browser = staff.signed_in(getattr(cast, who))
    for part in ("send", "warning", "draft"):
        assert browser.post(f"/inbox/{conversation}/{part}/", _fields()).status_code == 404
    assert _out(cast) == []
