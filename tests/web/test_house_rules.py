"""The house's own texts, keywords and hours: versions over the shipped file, in effect where it matters."""

import re
from datetime import timedelta

import pytest
from django.db import ProgrammingError, transaction

from tests import dealers, phones, staff
from werkbote.actions import drafts, house_rules, outbox, upkeep
from werkbote.domain import law, policy, quiet
from werkbote.domain import team as roles
from werkbote.store import keyring, models, reasons, rechtsstand, scope

NOW = dealers.NOW


@pytest.fixture
def people(monkeypatch: pytest.MonkeyPatch) -> staff.Staff:
    monkeypatch.setattr("werkbote.web.clock.now", lambda: NOW)
    return staff.everybody()


def _amend(
    people: staff.Staff, topic: str, *, anew: tuple[str, ...] = (), **changes: object
) -> int:
    wanted = house_rules.Wanted(
        topic=topic, changes=changes, reason="Beschluss der Geschäftsführung", anew=anew
    )
    return house_rules.amend(
        organisation=people.dealer.organisation, wanted=wanted, by=people.alice, at=NOW
    )


def _preview(people: staff.Staff, *, hour: int) -> policy.Permit | policy.Refusal:
    with scope.looking(organisation=people.dealer.organisation):
        conversation = models.Conversation.objects.get().id
    return outbox.preview(
        organisation=people.dealer.organisation,
        conversation=conversation,
        draft=drafts.Draft(text="Winterräder ab 399 Euro."),
        purpose="P-05",
        at=NOW + timedelta(hours=hour),
    )


def _hours() -> quiet.Hours:
    """The hours that hold for the house whose scope is open."""
    return rechtsstand.on(NOW.date()).advertising_hours


def test_own_hours_are_the_gates_hours_for_this_house_alone(people):
    phones.agrees(people.dealer, at=NOW)
    assert isinstance(_preview(people, hour=5), policy.Permit)
    _amend(people, "hours", **{"advertising.closes": "12:00"})
    refusal = _preview(people, hour=5)
    assert isinstance(refusal, policy.Refusal)
    assert refusal.rule is law.RuleId.QUIET_HOURS
    with scope.looking(organisation=staff.viewer(people.eve).organisation):
        assert f"{_hours().closes:%H:%M}" == "20:00"


def test_own_words_and_keywords_are_what_people_read_and_write(people):
    text = "{company} fragt: {purpose}? {frequency}Ende jederzeit mit STOPP. {link}"
    _amend(
        people,
        "optin",
        **{"request.de": text, "keywords": [{"keyword": "Reifenpost", "purposes": ["P-04"]}]},
    )
    phones.writes(people.dealer, "WERBUNG JA", at=NOW)
    with scope.looking(organisation=people.dealer.organisation):
        assert models.ConsentEvent.objects.count() == 0
    phones.writes(people.dealer, "reifenpost!", at=NOW)
    said = phones.content(people.dealer, phones.asked(people.dealer))["text"]
    assert said.startswith("Autohaus Nordlicht GmbH fragt: Erinnerung")


@pytest.mark.parametrize(
    ("topic", "changes"),
    [
        ("optin", {"request.de": "Ja?"}),
        ("optin", {"granted.de": "STOPP {secret}"}),
        ("optin", {"granted.de": " "}),
        ("optin", {"granted.de": "STOPP" * 200}),
        ("optin", {"channel": "Brief"}),
        ("optin", {"keywords": []}),
        ("optin", {"keywords": [{"keyword": "stopp", "purposes": ["P-05"]}]}),
        ("optin", {"keywords": [{"keyword": "a", "purposes": ["P-01"]}]}),
        ("optin", {"keywords": [{"keyword": "a", "purposes": ["P-05"]}] * 2}),
        ("optin", {"purposes": ["P-99"]}),
        ("optin", {"purposes": ["P-05", "P-14"]}),
        ("hours", {"advertising.opens": "21:00"}),
        ("hours", {"advertising.opens": "soon"}),
        ("hours", {"advertising.weekdays": [8]}),
        ("notice", {"elements.de.controller": "Hier antwortet jemand."}),
        ("notice", {"elements.de.transfer": "Daten bleiben hier."}),
        ("notice", {"elements.de.objection": "Widerspruch jederzeit."}),
        ("notice", {"elements.de.purpose": " "}),
        ("notice", {"elements.de.purpose": "Nur für Sie, {secret}."}),
        ("notice", {"elements.en.purpose": "For your request only. " * 20}),
        ("notice", {"elements.de.assistant": "Ich bin {assistant}."}),
        ("notice", {"version": "2"}),
        ("rules", {"x": "y"}),
    ],
)
def test_a_version_that_cannot_stand_is_refused_and_not_stored(people, topic, changes):
    with pytest.raises(house_rules.UnableToAmend):
        _amend(people, topic, **changes)
    with scope.looking(organisation=people.dealer.organisation):
        assert models.HouseRule.objects.count() == 0


def test_versions_are_never_rewritten_and_an_empty_one_goes_back(people):
    first = _amend(people, "hours", **{"advertising.closes": "12:00"})
    with (
        pytest.raises(ProgrammingError, match=r"append.only"),
        scope.transaction(organisation=people.dealer.organisation),
        transaction.atomic(),
    ):
        models.HouseRule.objects.filter(id=first).update(reason="anders")
    _amend(people, "hours")
    with scope.looking(organisation=people.dealer.organisation):
        assert models.HouseRule.objects.count() == 2
        assert f"{_hours().closes:%H:%M}" == "20:00"


def test_reasons_of_before_are_sealed_by_night_and_read_as_they_were(people, monkeypatch):
    monkeypatch.setattr(upkeep, "organisations", lambda: [people.dealer.organisation])
    now = NOW
    with scope.transaction(organisation=people.dealer.organisation):
        for row in (
            models.HouseRule(
                topic="optin",
                changes={},
                valid_from=now.date(),
                reason="Frau Beispiel hat sich beschwert",
                made_by=people.alice,
            ),
            models.SettingNote(
                setting="lock_minutes",
                object="house",
                value="60",
                kind="explained",
                reason="Frau Beispiel braucht länger",
                made_by=people.alice,
            ),
        ):
            row.organisation_id, row.created_at = people.dealer.organisation, now
            row.save(force_insert=True)
    upkeep.notice_drift(at=now)
    keys = keyring.organisation(people.dealer.organisation)
    with scope.looking(organisation=people.dealer.organisation):
        note = models.SettingNote.objects.get(kind="explained")
        assert (note.reason, models.HouseRule.objects.get().reason) == ("", "")
        assert reasons.words(keys, note) == "Frau Beispiel braucht länger"
    page = staff.signed_in(people.alice).get("/consents/rules/").content.decode()
    assert "Frau Beispiel hat sich beschwert" in page
    assert house_rules.seal_reasons(organisation=people.dealer.organisation) == 0


def _filled(page: str, topic: str) -> dict[str, object]:
    """What the browser would send of a topic's form as it is shown."""
    form = page.partition(f'action="/consents/rules/{topic}/"')[2].partition("</form>")[0]
    given: dict[str, object] = {}
    for name, text in re.findall(
        r'<textarea name="([^"]+)"[^>]*>\n?(.*?)</textarea>', form, re.DOTALL
    ):
        given[name] = text.replace("&quot;", '"')
    for name, value in re.findall(
        r'type="checkbox" name="(\w+)" value="([^"]+)"[^>]*checked', form
    ):
        given.setdefault(name, []).append(value)
    times = re.findall(r'type="time" name="(\w+)" value="([^"]+)"', form)
    return {**given, **dict(times)}


def test_the_officer_previews_saves_and_sees_the_history(people):
    officer = staff.member(
        people.dealer.organisation, role=roles.Role.PRIVACY, branches=[people.dealer.branch]
    )
    browser = staff.signed_in(officer)
    page = browser.get("/consents/rules/").content.decode()
    given = _filled(page, "optin") | {"reason": "klarer"}
    given["request.de"] = "{company}: {purpose}? {frequency}Mit STOPP endet es. {link}"
    tried = browser.post("/consents/rules/optin/", {**given, "preview": "1"})
    assert "Autohaus Nordlicht GmbH: Erinnerung" in tried.content.decode()
    with scope.looking(organisation=people.dealer.organisation):
        assert models.HouseRule.objects.count() == 0
    assert browser.post("/consents/rules/optin/", given).status_code == 302
    with scope.looking(organisation=people.dealer.organisation):
        row = models.HouseRule.objects.get()
        assert set(row.changes) == {"request.de"}
        assert models.AuditEntry.objects.filter(verb="house.amend").count() == 1
    assert "klarer" in browser.get("/consents/rules/").content.decode()
    hours = _filled(page, "hours") | {"reason": "kürzer", "closes": "08:00"}
    assert browser.post("/consents/rules/hours/", hours).status_code == 422


def test_others_change_nothing(people):
    for member in (people.bob, people.charlie, people.dora):
        browser = staff.signed_in(member)
        assert browser.get("/consents/rules/").status_code == 404
        assert browser.post("/consents/rules/hours/", {"reason": "x"}).status_code == 404


def _noticed(people: staff.Staff, *, hour: int) -> models.Message:
    """A reply leaves; returns it as it left."""
    with scope.looking(organisation=people.dealer.organisation):
        conversation = models.Conversation.objects.get().id
    at = NOW + timedelta(hours=hour)
    message = outbox.queue_message(
        organisation=people.dealer.organisation,
        conversation=conversation,
        draft=drafts.Draft(text="Ihr Golf ist fertig."),
        purpose="P-02",
        by=None,
        at=at,
    )
    with scope.looking(organisation=people.dealer.organisation):
        row = models.Message.objects.get(id=message)
    provider_id = phones.accepted(people.dealer, row, at=at)
    news = dealers.status("delivered", wamid=provider_id, at=at)
    dealers.arrive(people.dealer, dealers.body(people.dealer, news), at=at)
    dealers.understand(people.dealer, at=at)
    with scope.looking(organisation=people.dealer.organisation):
        return models.Message.objects.get(id=message)


@pytest.mark.shows("R-25", "R-26")
def test_an_own_notice_is_sent_once_more_and_only_where_it_is_new(people):
    phones.writes(people.dealer, "Moin", at=NOW)
    first = _noticed(people, hour=1)
    assert (first.notice_version, _noticed(people, hour=2).notice_version) == ("1", "")
    _amend(people, "notice", **{"elements.de.purpose": "Wir nutzen alles nur für Ihr Auto."})
    again = _noticed(people, hour=3)
    assert again.notice_version.startswith("1-")
    assert "nur für Ihr Auto" in phones.content(people.dealer, again)["text"]
    assert _noticed(people, hour=4).notice_version == ""
    with scope.looking(organisation=staff.viewer(people.eve).organisation):
        assert rechtsstand.on(NOW.date()).notice.version == "1"


def test_the_notice_is_previewed_before_it_is_stored(people):
    alice = staff.signed_in(people.alice)
    page = alice.get("/consents/rules/").content.decode()
    form = page.partition('action="/consents/rules/notice/"')[2].partition("</form>")[0]
    given = dict(re.findall(r'type="text" name="(elements[^"]+)" value="([^"]*)"', form))
    given |= {"reason": "klarer", "elements.de.purpose": "Nur für Ihr Auto."}
    tried = alice.post("/consents/rules/notice/", {**given, "preview": "1"}).content.decode()
    assert "Hier antwortet Autohaus Nordlicht GmbH. Nur für Ihr Auto." in tried
    with scope.looking(organisation=people.dealer.organisation):
        assert models.HouseRule.objects.count() == 0
    assert alice.post("/consents/rules/notice/", given).status_code == 302
    with scope.looking(organisation=people.dealer.organisation):
        row = models.HouseRule.objects.get()
    assert (row.topic, set(row.changes)) == ("notice", {"elements.de.purpose"})
