"""The views of the inbox, what is handed out of it, and what asks for attention."""

import re
from datetime import timedelta

import pytest

from tests import staff
from tests.panels import NOW, by_bob
from werkbote.actions import desk as deeds
from werkbote.domain import desk
from werkbote.store import models, scope


@pytest.fixture
def cast() -> staff.Staff:
    return staff.staff()


def names(page: str) -> list[str]:
    return re.findall(r'<span class="row-name">(.*?)</span>', page)


def test_each_view_shows_its_own(cast):
    def wrote(name: str, number: int) -> int:
        return staff.wrote(cast.dealer, name=name, phone=f"+49171392000{number}", at=NOW)

    mine, rests, done = wrote("Mia", 1), wrote("Rita", 2), wrote("Dora", 3)
    wrote("Nora", 4)
    deeds.assign(member=cast.bob, **by_bob(cast, mine))
    deeds.snooze(until=NOW + timedelta(days=300), **by_bob(cast, rests))
    deeds.close(outcome=desk.Outcome.ANSWERED, **by_bob(cast, done))
    bob = staff.signed_in(cast.bob)
    seen = {
        view: sorted(names(bob.get(f"/inbox/?view={view}").content.decode()))
        for view in ("all", "mine", "unassigned", "team", "snoozed", "done", "review", "moon")
    }
    assert seen == {
        "all": ["Mia", "Nora"],
        "mine": ["Mia"],
        "unassigned": ["Nora"],
        "team": [],
        "snoozed": ["Rita"],
        "done": ["Dora"],
        "review": [],
        "moon": ["Mia", "Nora"],
    }


def test_a_branch_that_is_not_ones_own_narrows_nothing(cast):
    staff.wrote(cast.dealer, name="Mia")
    bob = staff.signed_in(cast.bob)
    assert names(bob.get("/inbox/?view=all&branch=1").content.decode()) == ["Mia"]


@pytest.mark.shows("S-09")
def test_a_conversation_is_handed_out_as_a_file_and_that_is_on_record(cast):
    conversation = staff.wrote(cast.dealer, words="<script>x</script> Moin")
    answer = staff.signed_in(cast.bob).post(f"/inbox/{conversation}/export/")
    page = answer.content.decode()
    assert answer["Content-Disposition"] == (
        f'attachment; filename="unterhaltung-{conversation}.html"'
    )
    assert "&lt;script&gt;x&lt;/script&gt; Moin" in page
    with scope.looking(organisation=cast.dealer.organisation):
        last = models.AuditEntry.objects.order_by("-position")[0]
    assert (last.verb, last.actor) == ("desk.exported", f"member:{cast.bob}")


def test_nudges_are_shown_to_their_member_alone_and_go_when_seen(cast):
    conversation = staff.wrote(cast.dealer, name="Petra Beispiel")
    deeds.assign(member=cast.alice, **by_bob(cast, conversation))
    alice, bob = staff.signed_in(cast.alice), staff.signed_in(cast.bob)
    assert names(alice.get("/nudges/").content.decode()) == ["Petra Beispiel"]
    assert names(bob.get("/nudges/").content.decode()) == []
    assert alice.post("/nudges/seen/").status_code == 302
    assert names(alice.get("/nudges/").content.decode()) == []
