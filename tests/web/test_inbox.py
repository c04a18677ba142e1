"""The inbox pages: every kind shown as itself, nothing to see for those who must not."""

import re
from datetime import timedelta

import pytest

from tests import dealers, erasures, staff
from werkbote.domain import events
from werkbote.reads import inbox
from werkbote.store import models, scope

NOW = dealers.NOW


@pytest.fixture
def cast() -> staff.Staff:
    return staff.staff()


@pytest.mark.shows("R-04", "S-06")
def test_the_list_shows_name_and_masked_number_only(cast):
    staff.wrote(cast.dealer, words="Guten Tag")
    page = staff.signed_in(cast.bob).get("/inbox/").content.decode()
    assert "Petra Beispiel" in page
    assert "+49 171 ••• 001" in page
    assert "3920001" not in page


@pytest.mark.shows("S-09")
def test_titles_and_addresses_carry_no_names(cast):
    conversation = staff.wrote(cast.dealer)
    page = staff.signed_in(cast.bob).get(f"/inbox/{conversation}/").content.decode()
    assert "<title>Werkbote – Unterhaltung</title>" in page
    addresses = " ".join(re.findall(r'(?:href|src|action|hx-get|hx-post)="([^"]*)"', page))
    assert "Petra" not in addresses
    assert "49171" not in addresses


def test_no_kind_leaves_an_empty_bubble(cast):
    for kind in events.Kind:
        for content in ({}, {"type": "poll", "errors": [{"code": 131051}]}):
            conversation = staff.wrote(cast.dealer, words="", kind=kind, content=content)
    page = staff.signed_in(cast.bob).get(f"/inbox/{conversation}/messages/").content.decode()
    bubbles = re.findall(r'<div class="bubble.*?</footer>', page, re.DOTALL)
    assert len(bubbles) == 30
    for bubble in bubbles:
        said = re.sub(r"<footer.*|<[^>]+>|\s+", " ", bubble, flags=re.DOTALL).strip()
        assert len(said) > 5, bubble


@pytest.mark.shows("S-22")
def test_what_a_customer_writes_is_text_and_never_markup(cast):
    conversation = staff.wrote(
        cast.dealer, words="<script>alert(1)</script> *fett*", name="<b>Petra</b>"
    )
    page = staff.signed_in(cast.bob).get(f"/inbox/{conversation}/").content.decode()
    assert "<script>alert" not in page
    assert "<b>Petra" not in page
    assert "<strong>fett</strong>" in page


@pytest.mark.parametrize("who", ["charlie", "dora", "eve"])
@pytest.mark.shows("S-04")
def test_others_get_the_same_answer_as_for_what_does_not_exist(cast, who):
    conversation = staff.wrote(cast.dealer)
    alice = staff.viewer(cast.alice)
    message = inbox.thread(viewer=alice, conversation=conversation).messages[0].id
    browser = staff.signed_in(getattr(cast, who))
    for path in (
        "/inbox/{}/",
        "/inbox/{}/messages/",
        "/inbox/{}/news/",
        "/inbox/{}/templates/",
        "/inbox/{}/templates/1/",
    ):
        there, nowhere = browser.get(path.format(conversation)), browser.get(path.format(1))
        assert (there.status_code, nowhere.status_code) == (404, 404)
    for path in (
        f"/inbox/{conversation}/send/",
        f"/inbox/{conversation}/seen/",
        f"/inbox/{conversation}/news/",
        f"/messages/{message}/cancel/",
        f"/messages/{message}/settle/",
        "/media/1/retry/",
    ):
        assert browser.post(path, {"text": "Hallo"}).status_code == 404


def test_looking_changes_nothing(cast):
    conversation = staff.wrote(cast.dealer)
    browser = staff.signed_in(cast.bob)
    here = f"/inbox/{conversation}"
    for path in ("/inbox/", f"{here}/", f"{here}/messages/", f"{here}/news/?panel=1"):
        browser.get(path)
    for path in ("send", "seen"):
        assert browser.get(f"/inbox/{conversation}/{path}/").status_code == 405
    with scope.looking(organisation=cast.dealer.organisation):
        assert models.Conversation.objects.get(id=conversation).seen_at is None


def test_a_conversation_that_was_seen_is_not_unread(cast):
    conversation = staff.wrote(cast.dealer)
    browser = staff.signed_in(cast.bob)
    assert "ungelesene Nachricht" in browser.get("/inbox/rows/").content.decode()
    assert browser.post(f"/inbox/{conversation}/seen/").status_code == 204
    assert "ungelesene Nachricht" not in browser.get("/inbox/rows/").content.decode()


def test_earlier_messages_and_those_that_follow(cast):
    for n in range(35):
        conversation = staff.wrote(cast.dealer, words=f"Nr. {n};", at=NOW + timedelta(minutes=n))
    browser = staff.signed_in(cast.bob)
    page = browser.get(f"/inbox/{conversation}/").content.decode()
    assert "Nr. 5;" in page
    assert "Nr. 4;" not in page
    older = re.search(r'data-older="(\d+)"', page)[1]
    before = browser.get(f"/inbox/{conversation}/messages/?before={older}").content.decode()
    assert "Nr. 4;" in before
    assert "data-older" not in before
    since = browser.get(f"/inbox/{conversation}/news/?since={older}").content.decode()
    assert since.count("Nr. ") == 30


def parts(answer) -> set[str]:
    return set(re.findall(r'data-part="(\w+)"', answer.content.decode()))


def test_news_of_a_conversation_come_in_one_answer_and_count_as_seen(cast):
    conversation = staff.wrote(cast.dealer, words="Ist er fertig?")
    browser, news = staff.signed_in(cast.bob), f"/inbox/{conversation}/news/"
    looked = browser.get(news, {"purpose": "P-02", "panel": "1"})
    assert parts(looked) == {"messages", "status", "hint", "facts"}
    assert "ungelesene Nachricht" in browser.get("/inbox/rows/").content.decode()
    seen = browser.post(news, {"purpose": "P-02"})
    assert "Ist er fertig?" in seen.content.decode()
    assert parts(seen) == {"messages", "status", "hint"}
    assert "ungelesene Nachricht" not in browser.get("/inbox/rows/").content.decode()


def test_news_that_were_seen_are_no_change_for_others(cast):
    conversation = staff.wrote(cast.dealer)
    browser, news = staff.signed_in(cast.bob), f"/inbox/{conversation}/news/"

    def changes() -> int:
        with scope.looking(organisation=cast.dealer.organisation):
            return models.Change.objects.filter(conversation_id=conversation).count()

    browser.post(news)
    before = changes()
    browser.post(news)
    assert changes() == before


@pytest.mark.parametrize("broken", ["x", "-1", "9" * 30, "1;2", "\0"])
def test_news_since_nothing_known_are_the_newest(cast, broken):
    conversation = staff.wrote(cast.dealer, words="Guten Tag")
    browser = staff.signed_in(cast.bob)
    answer = browser.post(
        f"/inbox/{conversation}/news/", {"since": broken, "purpose": broken, "panel": ""}
    )
    assert (answer.status_code, "Guten Tag" in answer.content.decode()) == (200, True)


@pytest.mark.shows("S-10", "S-22")
def test_pages_are_kept_by_no_cache_and_allow_no_inline_script(cast):
    answer = staff.signed_in(cast.bob).get("/inbox/")
    assert "no-store" in answer["Cache-Control"]
    policy = answer["Content-Security-Policy"]
    assert "unsafe" not in policy
    page = answer.content.decode()
    assert not re.search(r"<script(?![^>]*src=)", page)
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=", page)


def test_thread_opens_at_the_first_message_nobody_has_seen(cast):
    staff.wrote(cast.dealer, words="Alt")
    conversation = staff.wrote(cast.dealer, words="Zweite", at=NOW + timedelta(minutes=1))
    browser, alice = staff.signed_in(cast.bob), staff.viewer(cast.alice)
    first, _ = inbox.thread(viewer=alice, conversation=conversation).messages
    page = browser.get(f"/inbox/{conversation}/").content.decode()
    assert f'data-unread="{first.id}"' in page
    browser.post(f"/inbox/{conversation}/seen/")
    assert "data-unread" not in browser.get(f"/inbox/{conversation}/").content.decode()


def test_paper_may_be_framed_by_our_own_pages_alone(cast):
    staff.wrote(cast.dealer)
    person = erasures.the_person(cast.dealer)
    media = erasures.attach(cast.dealer, person, b"%PDF-1.7", mime="application/pdf")
    answer = staff.signed_in(cast.bob).get(f"/media/{media}/")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in answer["Content-Security-Policy"]
    assert answer["Content-Disposition"].startswith("inline")
