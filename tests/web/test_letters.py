"""The archive of commercial letters: out of the daily work, and open to owner and auditor on record."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import dealers, erasures, letters, phones, staff
from werkbote.reads import access, inbox
from werkbote.reads.inbox import files
from werkbote.reads.privacy import archiving
from werkbote.store import models, scope

pytestmark = pytest.mark.usefixtures("journal_folder")

WORDS = "Bitte Bremsbeläge erneuern"
PAGE = "/privacy/letters/"
REASON = {"reason": "tax_audit"}


@pytest.fixture
def cast() -> staff.Staff:
    return staff.everybody()


@pytest.fixture
def letter(cast: staff.Staff) -> int:
    return letters.archived(cast.dealer, WORDS)


@pytest.fixture
def daily(cast: staff.Staff) -> int:
    """The same words in a message that is in no archive: what the daily work shows."""
    phones.writes(cast.dealer, WORDS, at=dealers.NOW)
    with scope.looking(organisation=cast.dealer.organisation):
        return models.Message.objects.latest("id").id


def row(cast: staff.Staff, message: int) -> models.Message:
    with scope.looking(organisation=cast.dealer.organisation):
        return models.Message.objects.get(id=message)


def _list(cast: staff.Staff, message: int) -> str:
    del message
    return staff.signed_in(cast.alice).get("/inbox/").content.decode()


def _thread(cast: staff.Staff, message: int) -> str:
    talk = row(cast, message).conversation_id
    return staff.signed_in(cast.alice).get(f"/inbox/{talk}/").content.decode()


def _at(cast: staff.Staff, message: int) -> str:
    talk = row(cast, message).conversation_id
    return staff.signed_in(cast.alice).get(f"/inbox/{talk}/at/{message}/").content.decode()


def _search(cast: staff.Staff, message: int) -> str:
    del message
    alice = staff.signed_in(cast.alice)
    found = alice.post("/search/", {"line": "erneuern"}, headers={"HX-Request": "true"})
    return str(re.sub("<[^>]+>", "", found.content.decode()))


def _single(cast: staff.Staff, message: int) -> str:
    try:
        return inbox.message(viewer=staff.viewer(cast.alice), message=message).text
    except access.UnableToSee:
        return ""


@pytest.mark.shows("S-11")
@pytest.mark.parametrize("look", [_list, _thread, _at, _search, _single])
def test_the_daily_work_shows_a_message(cast, daily, look: Callable[[staff.Staff, int], str]):
    assert WORDS in look(cast, daily)


@pytest.mark.shows("S-11")
@pytest.mark.parametrize("look", [_list, _thread, _at, _search, _single])
def test_the_daily_work_shows_no_letter_of_the_archive(
    cast, letter, look: Callable[[staff.Staff, int], str]
):
    assert WORDS not in look(cast, letter)


@pytest.mark.shows("S-11")
def test_file_of_a_letter_is_not_handed_out_in_the_daily_work(cast, daily):
    viewer, dealer = staff.viewer(cast.alice), cast.dealer
    media = erasures.attach(dealer, row(cast, daily).person_id, b"Bild", message=daily)
    assert (
        b"".join(files.file(viewer=viewer, media=media, day=dealers.NOW.date()).pieces) == b"Bild"
    )
    with scope.transaction(organisation=dealer.organisation):
        models.Message.objects.filter(id=daily).update(archived_at=dealers.NOW)
    with pytest.raises(access.UnableToSee):
        files.file(viewer=viewer, media=media, day=dealers.NOW.date())


@pytest.mark.shows("S-11")
def test_answer_to_a_letter_does_not_quote_it(cast, daily):
    name = row(cast, daily).provider_id
    talk = staff.wrote(cast.dealer, words="Danke", phone=f"+{dealers.ALICE}", reply_to=name)
    assert _quote(cast, talk) == WORDS
    with scope.transaction(organisation=cast.dealer.organisation):
        models.Message.objects.filter(id=daily).update(archived_at=dealers.NOW)
    assert _quote(cast, talk) == ""


def _quote(cast: staff.Staff, talk: int) -> str:
    shown = inbox.thread(viewer=staff.viewer(cast.alice), conversation=talk).messages[-1]
    return shown.quote.text if shown.quote else ""


def test_why_a_letter_was_allowed_stays_on_record(cast, letter):
    found = inbox.decisions_of(viewer=staff.viewer(cast.dora), message=letter)
    assert found == ()


def looks(cast: staff.Staff) -> list[tuple[str, str, Any]]:
    with scope.looking(organisation=cast.dealer.organisation):
        rows = models.AuditEntry.objects.filter(verb="privacy.open_letters").order_by("position")
        return [(one.actor, one.object, one.detail) for one in rows]


@pytest.mark.shows("S-11", "S-24")
@pytest.mark.parametrize("who", ["alice", "dora"])
def test_owner_and_auditor_open_letters_and_each_look_is_written_down(cast, letter, who):
    member = getattr(cast, who)
    browser, case = staff.signed_in(member), letters.case_of(cast.dealer, letter)
    shown = browser.get(PAGE).content.decode()
    assert f"{PAGE}{case}/" in shown
    assert WORDS not in shown
    address = f"{PAGE}{case}/"
    assert WORDS not in browser.get(address).content.decode()
    assert looks(cast) == []
    for _ in range(2):
        assert WORDS in browser.post(address, REASON).content.decode()
    for reason in ("", "curiosity", "x" * 5000):
        refused = browser.post(address, {"reason": reason})
        assert refused.status_code == 422
        assert WORDS not in refused.content.decode()
    assert looks(cast) == [(f"member:{member}", f"case:{case}", REASON)] * 2


@pytest.mark.shows("S-04")
@pytest.mark.parametrize("who", ["bob", "charlie"])
def test_archive_is_missing_for_who_may_not(cast, letter, who):
    browser, case = staff.signed_in(getattr(cast, who)), letters.case_of(cast.dealer, letter)
    assert browser.get(PAGE).status_code == 404
    assert browser.post(f"{PAGE}{case}/", REASON).status_code == 404
    assert browser.post(f"{PAGE}export/", REASON | {"year": "2026"}).status_code == 404
    assert looks(cast) == []


@pytest.mark.shows("S-04")
def test_auditor_of_another_branch_and_a_stranger_see_none(cast, letter):
    case, here = letters.case_of(cast.dealer, letter), cast.dealer.organisation
    with scope.looking(organisation=here):
        other = models.Branch.objects.exclude(id=cast.dealer.branch).get().id
    away = staff.member(here, role=staff.roles.Role.AUDITOR, branches=[other])
    for member in (away, cast.eve):
        browser = staff.signed_in(member)
        assert "Das Archiv ist leer" in browser.get(PAGE).content.decode()
        assert browser.post(f"{PAGE}{case}/", REASON).status_code == 404
    assert looks(cast) == []


def test_archive_is_narrowed_by_year_branch_and_case(cast, letter):
    alice, case = staff.signed_in(cast.alice), letters.case_of(cast.dealer, letter)
    with scope.looking(organisation=cast.dealer.organisation):
        other = models.Branch.objects.exclude(id=cast.dealer.branch).get().id
    for query in ("year=2026", f"branch={cast.dealer.branch}", f"case={case}", "year=x&page=-1"):
        assert "1 Brief" in alice.get(f"{PAGE}?{query}").content.decode()
    for query in ("year=2025", f"branch={other}", "case=4711", "page=2", "case=" + "9" * 18):
        assert "Das Archiv ist leer" in alice.get(f"{PAGE}?{query}").content.decode()
    assert alice.get(f"{PAGE}?case=" + "9" * 40).status_code == 200


@pytest.mark.parametrize("given", [{}, {"year": "x"}, {"year": "1789"}, {"year": "2999"}])
def test_export_of_a_year_there_is_not_is_refused(cast, given):
    answer = staff.signed_in(cast.alice).post(f"{PAGE}export/", given | REASON)
    assert answer.status_code == 422


@pytest.mark.usefixtures("letter")
def test_export_is_handed_out_as_a_file(cast):
    dora = staff.signed_in(cast.dora)
    assert dora.post(f"{PAGE}export/", {"year": "2026", "reason": "no"}).status_code == 422
    answer = dora.post(f"{PAGE}export/", {"year": "2026"} | REASON)
    assert b"".join(answer.streaming_content)[:2] == b"PK"
    assert answer["Content-Disposition"] == 'attachment; filename="handelsbriefe-2026.zip"'


def test_cases_and_letters_come_in_pages(cast, monkeypatch):
    monkeypatch.setattr(archiving, "PAGE", 1)
    alice = staff.signed_in(cast.alice)
    for phone in (dealers.ALICE, dealers.BOB):
        letter = letters.archived(cast.dealer, WORDS, wa_id=phone)
    shown = alice.get(PAGE).content.decode()
    assert (shown.count("row-link"), "?page=2" in shown) == (1, True)
    shown = alice.get(f"{PAGE}?page=2").content.decode()
    assert (shown.count("row-link"), "page=3" in shown) == (1, False)
    address = f"{PAGE}{letters.case_of(cast.dealer, letter)}/"
    assert "Spätere Briefe" not in alice.post(address, REASON).content.decode()
    assert alice.post(address, REASON | {"page": "2"}).status_code == 404


@pytest.mark.usefixtures("letter")
def test_page_costs_the_same_for_one_case_and_three(cast):
    alice = staff.signed_in(cast.alice)
    counts = []
    for phone in ("", dealers.BOB, "491713920009"):
        if phone:
            letters.archived(cast.dealer, WORDS, wa_id=phone)
        alice.get(PAGE)
        with CaptureQueriesContext(connection) as caught:
            alice.get(PAGE)
        counts.append(len(caught))
    assert counts == [counts[0]] * 3
