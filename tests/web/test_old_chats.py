"""Old chats on screen: bringing them in, looking at them, deciding; and who must not."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import exports, staff
from werkbote.store import models, scope
from werkbote.web import clock


@pytest.fixture
def team() -> staff.Staff:
    return staff.staff()


@pytest.fixture
def bob(team: staff.Staff) -> Client:
    return staff.signed_in(team.bob)


def _fields(team: staff.Staff, content: bytes, **more: object) -> dict[str, object]:
    return {
        "file": SimpleUploadedFile(f"{exports.TITLE}.zip", content),
        "owner": team.bob,
        "device": "iPhone, privat",
        "branch": team.dealer.branch,
        "zone": "Europe/Berlin",
        "order": "",
    } | more


def _arrivals(team: staff.Staff) -> list[models.OldChatArrival]:
    with scope.looking(organisation=team.dealer.organisation):
        return list(models.OldChatArrival.objects.order_by("id"))


def _state(team: staff.Staff, chat: int) -> str:
    with scope.looking(organisation=team.dealer.organisation):
        return models.OldChat.objects.values_list("state", flat=True).get(id=chat)


def test_an_export_is_brought_in_and_its_progress_shown(team, bob):
    answer = bob.post("/old-chats/upload/", _fields(team, exports.packed()))
    assert (answer.status_code, answer["Location"]) == (302, "/old-chats/")
    waiting = bob.get("/old-chats/").content.decode()
    assert "Wartet auf das Einlesen" in waiting
    assert 'hx-trigger="every 1s"' in waiting
    (arrival,) = _arrivals(team)
    exports.read(team, arrival.id, at=clock.now())
    done = bob.get("/old-chats/progress/", headers={"HX-Request": "true"})
    assert done["HX-Refresh"] == "true"
    assert "5 neue Nachrichten" in done.content.decode()
    page = bob.get("/old-chats/").content.decode()
    for words in ("Petra Beispiel", "zu entscheiden", "5 Nachrichten", "1 Datei"):
        assert words in page


def test_the_time_zone_is_asked_once(team, bob):
    bob.post("/old-chats/upload/", _fields(team, exports.packed(), zone="Europe/Istanbul"))
    page = bob.get("/old-chats/").content.decode()
    assert '<option value="Europe/Istanbul" selected>' in page


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"file": ""}, "erforderlich"),
        ({"file": SimpleUploadedFile("leer.zip", b"")}, "Die Datei ist leer"),
        ({"zone": "Mars/Olympus"}, "gültige"),
        ({"owner": "1"}, "gültige"),
        ({"branch": "1"}, "gültige"),
        ({"device": ""}, "erforderlich"),
        ({"order": "year"}, "gültige"),
    ],
)
def test_what_is_wrong_with_an_upload_is_said_and_nothing_stored(team, bob, changed, said):
    answer = bob.post("/old-chats/upload/", _fields(team, exports.packed()) | changed)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert _arrivals(team) == []


def test_an_agent_brings_in_from_the_own_phone_only(team, bob):
    answer = bob.post("/old-chats/upload/", _fields(team, exports.packed(), owner=team.alice))
    assert answer.status_code == 422
    assert (
        staff.signed_in(team.alice)
        .post("/old-chats/upload/", _fields(team, exports.packed(), owner=team.bob))
        .status_code
        == 302
    )


def test_uploading_needs_the_csrf_token(team):
    browser = staff.browser(csrf=True)
    browser.cookies = staff.signed_in(team.bob).cookies
    answer = browser.post("/old-chats/upload/", _fields(team, exports.packed()))
    assert answer.status_code == 403
    assert _arrivals(team) == []


def test_a_refused_upload_says_why_and_can_be_removed(team, bob):
    failed = exports.brought(team, b"Einkaufsliste", filename="liste.txt")
    assert "Das ist kein exportierter WhatsApp-Chat" in bob.get("/old-chats/").content.decode()
    assert bob.post(f"/old-chats/uploads/{failed.id}/discard/").status_code == 302
    assert _arrivals(team) == []
    assert bob.post(f"/old-chats/uploads/{failed.id}/discard/").status_code == 404


def test_a_chat_is_shown_with_its_report_and_files(team, bob):
    chat = exports.brought(team, exports.packed()).chat_id
    page = bob.get(f"/old-chats/{chat}/").content.decode()
    for words in (
        "Ihr Golf ist fertig.",
        "Ich komme um vier.",
        "unbekannte Art von Nachricht",
        "Zeile 6",
        "6 Zeilen",
        "iPhone, privat",
    ):
        assert words in page, words
    with scope.looking(organisation=team.dealer.organisation):
        file = models.OldChatFile.objects.get().id
    answer = bob.get(f"/old-chats/files/{file}/")
    assert answer["Content-Type"] == "image/jpeg"
    assert "sandbox" in answer["Content-Security-Policy"]


def test_what_is_no_picture_is_only_handed_out(team, bob):
    exports.brought(team, exports.packed({"seite.html": b"<script>alert(1)</script>"}))
    with scope.looking(organisation=team.dealer.organisation):
        file = models.OldChatFile.objects.get().id
    answer = bob.get(f"/old-chats/files/{file}/")
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"] == "attachment"


def test_words_of_a_chat_cannot_break_out_of_the_page(team, bob):
    line = "13.03.24, 10:16 - <b>Max</b>: <script>alert(1)</script>"
    chat = exports.brought(team, exports.text(line), filename="x.txt").chat_id
    page = bob.get(f"/old-chats/{chat}/").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_a_chat_is_filed(team, bob):
    chat = exports.brought(team, exports.packed()).chat_id
    address = f"/old-chats/{chat}/decide/"
    assert bob.post(address, {"retention": ""}).status_code == 422
    assert bob.post(address, {"retention": "L-05"}).status_code == 302
    assert _state(team, chat) == "case"
    assert "Handelsbrief" in bob.get(f"/old-chats/{chat}/").content.decode()


def test_a_chat_is_deleted_once_that_is_confirmed(team, bob):
    chat = exports.brought(team, exports.packed()).chat_id
    assert bob.post(f"/old-chats/{chat}/delete/").status_code == 422
    assert _state(team, chat) == "open"
    assert bob.post(f"/old-chats/{chat}/delete/", {"sure": "yes"}).status_code == 302
    assert bob.get(f"/old-chats/{chat}/").status_code == 404


def test_who_is_us_can_be_said(team, bob):
    chat = exports.brought(team, exports.text(), filename="_chat.txt").chat_id
    assert 'class="old out"' not in bob.get(f"/old-chats/{chat}/").content.decode()
    bob.post(f"/old-chats/{chat}/own/", {"own": "0"})
    assert 'class="old out"' in bob.get(f"/old-chats/{chat}/").content.decode()


def _paths(team: staff.Staff, done: models.OldChatArrival) -> dict[str, str]:
    with scope.looking(organisation=team.dealer.organisation):
        file = models.OldChatFile.objects.get().id
    return {
        f"/old-chats/{done.chat_id}/": "get",
        f"/old-chats/files/{file}/": "get",
        f"/old-chats/{done.chat_id}/decide/": "post",
        f"/old-chats/{done.chat_id}/delete/": "post",
        f"/old-chats/{done.chat_id}/own/": "post",
        f"/old-chats/uploads/{done.id}/discard/": "post",
    }


@pytest.mark.shows("S-04")
def test_charlie_of_another_branch_dora_and_a_stranger_see_nothing(team):
    done = exports.brought(team, exports.packed())
    for member in (team.charlie, team.dora, team.eve):
        browser = staff.signed_in(member)
        for path, how in _paths(team, done).items():
            answer = getattr(browser, how)(path, {"sure": "yes", "retention": "L-05"})
            assert answer.status_code == 404, path
    assert _state(team, done.chat_id) == "open"
    assert "Petra" not in staff.signed_in(team.charlie).get("/old-chats/").content.decode()
    assert staff.signed_in(team.dora).get("/old-chats/").status_code == 404


@pytest.mark.shows("R-31")
@pytest.mark.parametrize("restricted", ["own", "known"])
def test_a_chat_with_somebody_whose_data_is_restricted_is_seen_by_nobody(team, restricted):
    done = exports.brought(team, exports.packed())
    conversation = staff.wrote(team.dealer)
    with scope.transaction(organisation=team.dealer.organisation):
        known = models.Conversation.objects.get(id=conversation).person_id
        models.Person.objects.filter(id=done.person_id).update(merged_into=known)
        who = done.person_id if restricted == "own" else known
        models.Person.objects.filter(id=who).update(restricted_at=clock.now())
    for member in (team.bob, team.alice):
        browser = staff.signed_in(member)
        assert "Petra" not in browser.get("/old-chats/").content.decode()
        for path, how in _paths(team, done).items():
            answer = getattr(browser, how)(path, {"sure": "yes", "retention": "L-05"})
            assert answer.status_code == 404, path
    assert _state(team, done.chat_id) == "open"


def test_a_colleague_sees_a_private_chat_only_once_it_is_in_a_case(team, bob):
    dealer = team.dealer
    kim = staff.signed_in(
        staff.member(dealer.organisation, role=staff.roles.Role.AGENT, branches=[dealer.branch])
    )
    chat = exports.brought(team, exports.packed()).chat_id
    assert kim.get(f"/old-chats/{chat}/").status_code == 404
    assert "Petra" not in kim.get("/old-chats/").content.decode()
    bob.post(f"/old-chats/{chat}/decide/", {"retention": "L-05"})
    assert kim.get(f"/old-chats/{chat}/").status_code == 200


def test_nothing_changes_on_get(bob, team):
    chat = exports.brought(team, exports.packed()).chat_id
    for path in ("upload/", f"{chat}/decide/", f"{chat}/delete/", f"{chat}/own/"):
        assert bob.get(f"/old-chats/{path}").status_code == 405


def _queries(browser: Client, path: str) -> int:
    browser.get(path)
    with CaptureQueriesContext(connection) as seen:
        assert browser.get(path).status_code == 200
    return len(seen)


def test_the_list_asks_as_often_for_three_as_for_one(team, bob):
    exports.brought(team, exports.packed())
    one = _queries(bob, "/old-chats/")
    exports.brought(team, exports.packed(chat=exports.long(3)))
    exports.brought(team, exports.packed(chat=exports.long(5), name="_chat.txt"))
    assert _queries(bob, "/old-chats/") == one


def test_a_chat_asks_as_often_for_three_pages_as_for_one(team, bob):
    short = exports.brought(team, exports.long(2), filename="a.txt").chat_id
    long = exports.brought(team, exports.long(600), filename="WhatsApp-Chat mit B.txt").chat_id
    assert _queries(bob, f"/old-chats/{long}/?page=2") == _queries(bob, f"/old-chats/{short}/")
