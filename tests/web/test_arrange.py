"""How the house is arranged, over HTTP: only by whoever manages the team."""

import pytest

from tests import staff
from tests.panels import NOW, look
from werkbote.store import models, scope

ARRANGE = (
    "arrange/labels/",
    "arrange/macros/",
    "arrange/rules/",
    "arrange/rules/1/switch/",
    "arrange/teams/1/members/",
    "arrange/label/1/end/",
)


@pytest.fixture
def cast() -> staff.Staff:
    return staff.staff()


@pytest.mark.parametrize("who", ["bob", "charlie", "dora"])
def test_only_who_manages_the_team_arranges(cast, who):
    browser = staff.signed_in(getattr(cast, who))
    looks = [
        browser.get(path).status_code
        for path in (
            "/arrange/",
            f"/arrange/branches/{cast.dealer.branch}/hours/",
            "/arrange/rules/1/trial/",
        )
    ]
    acts = [
        browser.post(f"/{path}", {"name": "x", "colour": "red"}).status_code for path in ARRANGE
    ]
    assert (looks, acts) == ([404] * 3, [404] * len(ARRANGE))


def test_another_organisations_owner_reaches_no_branch_of_ours(cast):
    eve = staff.signed_in(cast.eve)
    branch = cast.dealer.branch
    assert eve.get(f"/arrange/branches/{branch}/hours/").status_code == 404
    assert eve.post(f"/arrange/branches/{branch}/teams/", {"name": "x"}).status_code == 404
    assert eve.post(f"/arrange/branches/{branch}/closed/", {}).status_code == 404


def test_alice_arranges_labels_teams_macros_rules_and_hours(cast):
    conversation = staff.wrote(cast.dealer, words="Ich hatte eine Panne", at=NOW)
    alice = staff.signed_in(cast.alice)
    branch = cast.dealer.branch

    def post(path: str, **data: str) -> None:
        answer = alice.post(f"/arrange/{path}", data)
        assert answer.status_code == 302, answer.content.decode()

    post("labels/", name="Eilig", colour="red")
    post(f"branches/{branch}/teams/", name="Service", kind="service")
    with scope.looking(organisation=cast.dealer.organisation):
        label, team = models.Label.objects.get().id, models.Team.objects.get().id
    post(f"teams/{team}/members/", member=str(cast.bob))
    post("macros/", name="Eilfall", **{"s0-act": "label", "s0-target": f"l{label}"})
    post(
        "rules/",
        name="Pannen",
        trigger="message",
        words="Panne",
        **{"s0-act": "team", "s0-target": f"t{team}"},
    )
    post(f"branches/{branch}/closed/", first="2026-12-28", last="2026-12-31")
    post(
        f"branches/{branch}/hours/",
        opens_1_0="07:30",
        closes_1_0="18:00",
        tells_absence="on",
        reply_minutes="60",
    )
    with scope.looking(organisation=cast.dealer.organisation):
        rule = models.AutomationRule.objects.get().id
        hours = models.BranchHours.objects.get()
    assert (hours.week, hours.reply_minutes) == ({"1": [["07:30", "18:00"]]}, 60)
    post(f"rules/{rule}/switch/", active="1")
    page = alice.get("/arrange/").content.decode()
    assert [word in page for word in ("Eilig", "Service", "Eilfall", "Pannen")] == [True] * 4
    assert alice.get(f"/arrange/rules/{rule}/trial/").status_code == 200
    assert look(cast, conversation).team_id is None
    post(f"rule/{rule}/end/")
    post(f"label/{label}/end/")
    assert alice.get(f"/arrange/rules/{rule}/trial/").status_code == 404
    assert alice.post("/arrange/moon/1/end/").status_code == 404


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("labels/", {"name": "", "colour": "red"}),
        ("macros/", {"name": "Leer"}),
        ("rules/", {"name": "", "trigger": "message"}),
        ("rules/", {"name": "x", "trigger": "message", "s0-act": "assign_me"}),
        ("rules/", {"name": "x", "trigger": "moon", "s0-act": "unassign"}),
        ("branches/{branch}/teams/", {"name": "x", "kind": "moon"}),
        ("branches/{branch}/closed/", {"first": "morgen"}),
        ("branches/{branch}/hours/", {"opens_1_0": "18:00", "closes_1_0": "07:30"}),
        ("branches/{branch}/hours/", {"opens_1_0": "früh", "closes_1_0": "07:30"}),
        ("label/1/end/", {}),
    ],
)
def test_what_cannot_be_arranged_is_said(cast, path, data):
    alice = staff.signed_in(cast.alice)
    answer = alice.post(f"/arrange/{path.format(branch=cast.dealer.branch)}", data)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
