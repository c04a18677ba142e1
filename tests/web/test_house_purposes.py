"""The house's own purposes, words of withdrawal and hours of a branch: versions in effect where it matters."""

import re
from datetime import timedelta
from typing import Any

import pytest

from tests import dealers, phones, staff
from werkbote.actions import drafts, house_rules, outbox
from werkbote.domain import law, policy, withdrawal
from werkbote.store import models, rechtsstand, scope

NOW = dealers.NOW
HOUR = timedelta(hours=1)


@pytest.fixture
def people(monkeypatch: pytest.MonkeyPatch) -> staff.Staff:
    monkeypatch.setattr("werkbote.web.clock.now", lambda: NOW)
    return staff.everybody()


def _amend(
    people: staff.Staff, topic: str, changes: dict[str, Any], *, anew: tuple[str, ...] = ()
) -> int:
    wanted = house_rules.Wanted(topic=topic, changes=changes, reason="Beschluss", anew=anew)
    return house_rules.amend(
        organisation=people.dealer.organisation, wanted=wanted, by=people.alice, at=NOW
    )


def _states(people: staff.Staff) -> list[str]:
    with scope.looking(organisation=people.dealer.organisation):
        return list(models.Consent.objects.order_by("id").values_list("state", flat=True))


def _preview(people: staff.Staff, *, at: timedelta) -> policy.Permit | policy.Refusal:
    with scope.looking(organisation=people.dealer.organisation):
        conversation = models.Conversation.objects.get().id
    return outbox.preview(
        organisation=people.dealer.organisation,
        conversation=conversation,
        draft=drafts.Draft(text="Winterräder ab 399 Euro."),
        purpose="P-05",
        at=NOW + at,
    )


OWN = {
    "P-05.name_de": "Angebote vom Autohaus",
    "P-05.detail_de": "Reifen, Zubehör, Gebrauchtwagen",
    "P-05.caps": [{"count": 1, "days": 60}],
}


@pytest.mark.shows("R-14")
def test_an_own_name_and_frequency_is_what_is_asked_proven_and_kept(people):
    _amend(people, "purposes", OWN)
    phones.agrees(people.dealer, at=NOW)
    said = phones.content(people.dealer, phones.asked(people.dealer))["text"]
    assert "„Angebote vom Autohaus (Reifen, Zubehör, Gebrauchtwagen)“" in said
    assert "Höchstens eine Nachricht in 60 Tagen." in said
    with scope.looking(organisation=people.dealer.organisation):
        event = models.ConsentEvent.objects.get(deed="confirmed")
        conversation = models.Conversation.objects.get().id
    wording = phones.evidence(people.dealer, event).wording
    assert wording is not None
    assert wording.rendered == said
    message = outbox.queue_message(
        organisation=people.dealer.organisation,
        conversation=conversation,
        draft=drafts.Draft(text="Winterräder ab 399 Euro."),
        purpose="P-05",
        by=None,
        at=NOW + HOUR,
    )
    with scope.looking(organisation=people.dealer.organisation):
        row = models.Message.objects.get(id=message)
    assert phones.accepted(people.dealer, row, at=NOW + HOUR) != ""
    refusal = _preview(people, at=2 * HOUR)
    assert isinstance(refusal, policy.Refusal)
    assert refusal.rule is law.RuleId.CAP_REACHED
    with scope.looking(organisation=staff.viewer(people.eve).organisation):
        assert rechtsstand.on(NOW.date()).purposes["P-05"].name_de != "Angebote vom Autohaus"


def test_a_purpose_that_means_more_ends_the_consents_to_less(people):
    phones.agrees(people.dealer, at=NOW - HOUR)
    _amend(people, "purposes", OWN)
    assert _states(people) == ["granted"]
    _amend(people, "purposes", OWN, anew=("P-04",))
    assert _states(people) == ["granted"]
    _amend(people, "purposes", OWN, anew=("P-05",))
    assert _states(people) == ["superseded"]
    refusal = _preview(people, at=HOUR)
    assert isinstance(refusal, policy.Refusal)
    assert refusal.rule is law.RuleId.CONSENT_SUPERSEDED


@pytest.mark.shows("R-15", "R-63")
@pytest.mark.parametrize(
    ("scope_", "state"), [("advertising", "advertising"), ("everything", "everything")]
)
def test_an_added_word_withdraws_and_no_shipped_one_is_lost(people, scope_, state):
    phones.agrees(people.dealer, at=NOW)
    _amend(people, "withdrawal", {scope_: ["Feierabend damit"]})
    phones.writes(people.dealer, "Feierabend damit!", at=NOW + HOUR)
    assert set(_states(people)) == {"withdrawn"}
    with scope.looking(organisation=people.dealer.organisation):
        scopes = set(models.Suppression.objects.values_list("scope", flat=True))
        assert state in scopes
        shipped = rechtsstand.shipped("withdrawal", day=NOW.date())["exact"]
        own = rechtsstand.words(NOW.date())
    plain = rechtsstand.words(NOW.date())
    assert withdrawal.read("Feierabend damit", plain).scope is withdrawal.Scope.NONE
    for words in (*shipped["advertising"], *shipped["everything"]):
        assert withdrawal.read(words, own).scope is withdrawal.read(words, plain).scope


def test_a_word_shipped_as_unclear_becomes_sure_where_the_house_says_so(people):
    with scope.looking(organisation=people.dealer.organisation):
        assert withdrawal.read("Kündigung", rechtsstand.words(NOW.date())).scope == "unclear"
    _amend(people, "withdrawal", {"advertising": ["Kündigung"]})
    with scope.looking(organisation=people.dealer.organisation):
        assert withdrawal.read("Kündigung", rechtsstand.words(NOW.date())).scope == "advertising"


def test_a_branch_keeps_its_own_hours(people):
    phones.agrees(people.dealer, at=NOW)
    own = {"opens": "09:00", "closes": "12:00", "weekdays": [1, 2]}
    _amend(people, "hours", {"branches": {str(people.dealer.branch): own}})
    refusal = _preview(people, at=5 * HOUR)
    assert isinstance(refusal, policy.Refusal)
    assert refusal.rule is law.RuleId.QUIET_HOURS
    with scope.looking(organisation=people.dealer.organisation):
        other = models.Branch.objects.exclude(id=people.dealer.branch).get().id
    _amend(people, "hours", {"branches": {str(other): own}})
    assert isinstance(_preview(people, at=5 * HOUR), policy.Permit)


HOURS = {"opens": "09:00", "closes": "12:00", "weekdays": [1]}


@pytest.mark.parametrize(
    ("topic", "changes"),
    [
        ("purposes", {"P-05.advertising": False}),
        ("purposes", {"P-05.basis": "Art. 6 Abs. 1 lit. f DSGVO"}),
        ("purposes", {"P-05.evidence": "none"}),
        ("purposes", {"P-99.name_de": "Neues"}),
        ("purposes", {"P-05.name_de": " "}),
        ("purposes", {"P-05.name_de": "x" * 61}),
        ("purposes", {"P-05.name_de": "{secret}"}),
        ("purposes", {"P-05.detail_de": "x" * 161}),
        ("purposes", {"P-05.detail_de": "zwei\nZeilen"}),
        ("purposes", {"P-05.name_de": 7}),
        ("purposes", {"P-05.caps": []}),
        ("purposes", {"P-05.caps": [{"count": 3, "days": 30}]}),
        ("purposes", {"P-05.caps": [{"count": 2, "days": 29}]}),
        ("purposes", {"P-05.caps": [{"count": 0, "days": 30}]}),
        ("purposes", {"P-05.caps": [{"count": 1, "days": 367}]}),
        ("purposes", {"P-05.caps": [{"count": "2", "days": 30}]}),
        ("purposes", {"P-05.caps": "none"}),
        ("purposes", {"P-01.caps": [{"count": 1, "days": 30}]}),
        ("withdrawal", {"unclear": ["Feierabend damit"]}),
        ("withdrawal", {"advertising": ["STOPP"]}),
        ("withdrawal", {"advertising": ["Alles Stopp"]}),
        ("withdrawal", {"advertising": ["ja bitte"]}),
        ("withdrawal", {"advertising": ["Werbung JA"]}),
        ("withdrawal", {"advertising": ["meine Daten"]}),
        ("withdrawal", {"advertising": ["??"]}),
        ("withdrawal", {"advertising": ["x" * 61]}),
        ("withdrawal", {"advertising": ["Feierabend damit"], "everything": ["Feierabend damit"]}),
        ("withdrawal", {"advertising": [f"Feierabend {n}" for n in range(51)]}),
        ("hours", {"branches": {"7": HOURS}}),
        ("hours", {"branches.7": HOURS}),
        ("hours", {"advertising.zone": "UTC"}),
    ],
)
def test_what_cannot_stand_is_refused_and_not_stored(people, topic, changes):
    with pytest.raises(house_rules.UnableToAmend):
        _amend(people, topic, changes)
    with scope.looking(organisation=people.dealer.organisation):
        assert models.HouseRule.objects.count() == 0


@pytest.mark.parametrize("hours", [{"opens": "09:00"}, HOURS | {"closes": "08:00"}])
def test_hours_of_a_branch_that_cannot_be_are_refused(people, hours):
    with pytest.raises(house_rules.UnableToAmend):
        _amend(people, "hours", {"branches": {str(people.dealer.branch): hours}})


def _filled(page: str, topic: str) -> dict[str, Any]:
    """What the browser would send of a topic's form as it is shown."""
    form = page.partition(f'action="/consents/rules/{topic}/"')[2].partition("</form>")[0]
    given: dict[str, Any] = {}
    for tag in re.findall(r"<input[^>]+>", form):
        said = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        if said["type"] == "checkbox":
            if "checked" in tag:
                given.setdefault(said["name"], []).append(said["value"])
        else:
            given[said["name"]] = said.get("value", "")
    texts = re.findall(r'<textarea name="([^"]+)"[^>]*>\n?(.*?)</textarea>', form, re.DOTALL)
    return given | dict(texts)


@pytest.mark.parametrize(
    ("topic", "said", "shown", "kept"),
    [
        (
            "purposes",
            {"P-05.name_de": "Angebote vom Autohaus", "P-05.caps.0.count": "1"},
            "Angebote vom Autohaus",
            {"P-05.name_de", "P-05.caps"},
        ),
        (
            "withdrawal",
            {"advertising": "Feierabend damit\r\n"},
            "Feierabend damit",
            {"advertising"},
        ),
        ("hours", {"closes": "12:00", "place": "branch"}, "09:00–12:00", {"branches"}),
    ],
)
def test_the_owner_previews_saves_and_sees_the_version(people, topic, said, shown, kept):
    alice = staff.signed_in(people.alice)
    page = alice.get("/consents/rules/").content.decode()
    said = {
        name: str(people.dealer.branch) if value == "branch" else value
        for name, value in said.items()
    }
    given = _filled(page, topic) | {"reason": "Beschluss vom Montag"} | said
    tried = alice.post(f"/consents/rules/{topic}/", {**given, "preview": "1"}).content.decode()
    assert shown in tried.partition('id="preview"')[2].partition("</section>")[0]
    with scope.looking(organisation=people.dealer.organisation):
        assert models.HouseRule.objects.count() == 0
    assert alice.post(f"/consents/rules/{topic}/", given).status_code == 302
    with scope.looking(organisation=people.dealer.organisation):
        row = models.HouseRule.objects.get()
    assert (row.topic, set(row.changes)) == (topic, kept)
    again = alice.get("/consents/rules/").content.decode()
    assert "Beschluss vom Montag" in again.partition('id="versions"')[2]
    back = _filled(again, topic) | {"reason": "bleibt"}
    assert alice.post(f"/consents/rules/{topic}/", back).status_code == 302
    with scope.looking(organisation=people.dealer.organisation):
        newest = models.HouseRule.objects.order_by("id").last()
    assert newest is not None
    assert newest.changes == row.changes


def test_a_wider_frequency_is_refused_on_the_page(people):
    alice = staff.signed_in(people.alice)
    given = _filled(alice.get("/consents/rules/").content.decode(), "purposes")
    given |= {"reason": "mehr", "P-05.caps.0.count": "9"}
    assert alice.post("/consents/rules/purposes/", given).status_code == 422
