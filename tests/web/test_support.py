"""Support by a vendor: nobody, until an owner lets them in; over by itself, at once and even meanwhile."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tests import dealers, staff
from werkbote.actions import support, team
from werkbote.actions.duties import recipients
from werkbote.domain import duties
from werkbote.domain import support as law
from werkbote.domain import team as roles
from werkbote.store import models, scope
from werkbote.web import clock, door

NOW = dealers.NOW
PAGE = "/operation/dead-letters/"


class Clock:
    """A clock that can be moved on while a page is being made."""

    def __init__(self, now: datetime) -> None:
        self.now = now


@pytest.fixture(autouse=True)
def time(monkeypatch) -> Clock:
    found = Clock(NOW)
    monkeypatch.setattr(clock, "now", lambda: found.now)
    monkeypatch.setattr(clock, "today", lambda: found.now.date())  # noqa: PLW0108 -- the clock is moved
    return found


@pytest.fixture
def cast() -> staff.Staff:
    return staff.staff()


@pytest.fixture
def sam(cast) -> int:
    """A vendor's technician, whom nobody has let in."""
    here = cast.dealer
    made = staff.member(here.organisation, role=roles.Role.SUPPORT, branches=[here.branch])
    with scope.transaction(organisation=here.organisation):
        models.SupportWindow.objects.all().delete()
    return made


def _vendor(cast: staff.Staff, *, agreement_on: date | None = date(2026, 11, 2)) -> str:
    return recipients.record(
        organisation=cast.dealer.organisation,
        code="",
        entry=duties.recipients.Entry(
            name="Beispiel Systemhaus GmbH",
            country="DE",
            basis="eea" if agreement_on else "",
            agreement_on=agreement_on,
            agreement="AVV vom 2. November" if agreement_on else "",
            checked_on=agreement_on,
        ),
        by=cast.alice,
        at=NOW,
    )


def _form(cast: staff.Staff, sam: int, **changes: str) -> dict[str, str]:
    kept = {"member": str(sam), "reason": "Import stockt, Ticket 17", "hours": "2"}
    vendor = "" if "vendor" in changes else _vendor(cast)
    return {**kept, "vendor": vendor, **changes}


def _let_in(cast: staff.Staff, sam: int, **changes: str) -> int:
    answer = staff.signed_in(cast.alice).post("/team/support/", _form(cast, sam, **changes))
    assert answer.status_code == 302
    with scope.looking(organisation=cast.dealer.organisation):
        return models.SupportWindow.objects.latest("id").id


def _audited(cast: staff.Staff, sam: int) -> list[tuple[str, str, object]]:
    with scope.looking(organisation=cast.dealer.organisation):
        rows = models.AuditEntry.objects.filter(actor=f"member:{sam}").order_by("position")
        return [(row.verb, row.object, row.detail.get("support_window")) for row in rows]


@pytest.mark.shows("S-36")
def test_support_is_nobody_until_an_owner_lets_it_in(cast, sam):
    browser = staff.browser()
    given = {"email": staff.email(sam), "password": staff.PASSWORD}
    refused = browser.post("/login/", given)
    assert (refused.status_code, "nicht eingelassen" in refused.content.decode()) == (422, True)
    wrong = browser.post("/login/", given | {"password": "geraten-und-falsch"})
    assert "nicht eingelassen" not in wrong.content.decode(), "who guesses learns nothing"
    assert browser.get(PAGE)["Location"] == "/login/"
    _let_in(cast, sam)
    assert browser.post("/login/", given).status_code == 302


@pytest.mark.shows("S-36")
def test_support_sees_how_it_runs_and_no_chats_unless_they_are_granted(cast, sam):
    talk = staff.wrote(cast.dealer)
    _let_in(cast, sam)
    browser = staff.signed_in(sam)
    assert browser.get(PAGE).status_code == 200
    for path in (f"/inbox/{talk}/", "/search/", "/team/", "/team/support/", "/privacy/"):
        assert browser.get(path).status_code == 404
    _let_in(cast, sam, chats="on")
    assert browser.get(PAGE)["Location"] == "/login/", "sessions of before are over"
    again = staff.signed_in(sam)
    assert "Petra" in again.get(f"/inbox/{talk}/").content.decode()
    assert again.post(f"/inbox/{talk}/send/", {"text": "Hallo"}).status_code == 404


@pytest.mark.shows("S-36")
def test_every_page_and_deed_of_support_is_marked_in_the_chain(cast, sam):
    window = _let_in(cast, sam)
    browser = staff.signed_in(sam)
    browser.get(PAGE)
    browser.post("/logout/")
    found = [one for one in _audited(cast, sam) if one[0] != "team.acknowledge_policy"]
    assert found == [
        ("team.sign_in", f"member:{sam}", window),
        ("support.look", "page:dead-letters", window),
        ("support.look", "page:logout", window),
        ("team.sign_out", f"member:{sam}", window),
    ]


@pytest.mark.shows("S-36")
def test_it_ends_by_itself_and_the_old_session_never_comes_back(cast, sam, time):
    _let_in(cast, sam)
    browser = staff.signed_in(sam)
    time.now = NOW + timedelta(hours=2) - timedelta(seconds=1)
    assert browser.get(PAGE).status_code == 200
    time.now = NOW + timedelta(hours=2)
    assert browser.get(PAGE)["Location"] == "/login/"
    part = browser.get(PAGE, headers={"HX-Request": "true"})
    assert (part.status_code, part["HX-Redirect"]) == (401, "/login/")
    _let_in(cast, sam)
    assert browser.get(PAGE)["Location"] == "/login/"
    assert staff.signed_in(sam).get(PAGE).status_code == 200


@pytest.mark.shows("S-36")
def test_a_page_that_is_ready_after_the_end_is_not_shown(cast, sam, time, monkeypatch):
    staff.wrote(cast.dealer)
    _let_in(cast, sam, chats="on")
    browser, show = staff.signed_in(sam), door.show

    def slow(*args, **more):
        time.now = NOW + timedelta(hours=3)
        return show(*args, **more)

    monkeypatch.setattr(door, "show", slow)
    answer = browser.get("/inbox/")
    assert (answer.status_code, answer["Location"]) == (302, "/login/")
    assert "Petra" not in answer.content.decode()


@pytest.mark.shows("S-36")
def test_an_owner_sees_it_on_every_page_and_ends_it_at_once(cast, sam):
    window = _let_in(cast, sam)
    alice, browser = staff.signed_in(cast.alice), staff.signed_in(sam)
    page = alice.get("/audit/").content.decode()
    assert "eingelassen: <bdi>Anna Muster</bdi>, <bdi>Beispiel Systemhaus GmbH</bdi>" in page
    assert (
        "Der Support ist eingelassen"
        not in staff.signed_in(cast.bob).get("/inbox/").content.decode()
    )
    assert "Jede Seite wird aufgeschrieben" in browser.get(PAGE).content.decode()
    assert alice.post(f"/team/support/{window}/end/").status_code == 302
    assert browser.get(PAGE)["Location"] == "/login/"
    assert "Der Support ist eingelassen" not in alice.get("/audit/").content.decode()
    assert alice.post(f"/team/support/{window}/end/").status_code == 404
    with scope.looking(organisation=cast.dealer.organisation):
        assert not models.Entry.objects.filter(member=sam, ended_at=None).exists()


@pytest.mark.shows("S-36")
def test_the_report_on_settings_says_who_is_in_and_why(cast, sam, time):
    time.now = datetime.now(tz=UTC)
    alice = staff.signed_in(cast.alice)
    shown = "Import stockt, Ticket 17"
    assert shown not in alice.get("/audit/settings/").content.decode()
    _let_in(cast, sam)
    page = alice.get("/audit/settings/").content.decode()
    assert shown in page.partition("Wie voreingestellt")[0]


@pytest.mark.shows("S-36")
@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"hours": "0"}, ""),
        ({"hours": "9"}, ""),
        ({"hours": "viele"}, ""),
        ({"reason": ""}, ""),
        ({"reason": "   "}, ""),
        ({"reason": "x" * 301}, ""),
        ({"reason": "so\u202eoder so"}, "ohne Zeilenumbruch"),
        ({"vendor": ""}, ""),
        ({"vendor": "other:niemand"}, ""),
        ({"member": "1"}, ""),
        ({"member": ""}, ""),
        ({"member": "alice"}, ""),
    ],
)
def test_an_opening_that_lacks_something_opens_nothing(cast, sam, changes, said):
    answer = staff.signed_in(cast.alice).post("/team/support/", _form(cast, sam, **changes))
    page = answer.content.decode()
    assert (answer.status_code, said in page) == (422, True)
    with scope.looking(organisation=cast.dealer.organisation):
        assert not models.SupportWindow.objects.exists()


@pytest.mark.shows("S-36")
@pytest.mark.parametrize("lacks", ["vendor", "agreement", "release", "role"])
def test_without_agreement_or_support_account_nobody_is_let_in(cast, sam, lacks):
    organisation = cast.dealer.organisation
    vendor = "other:niemand"
    if lacks != "vendor":
        vendor = _vendor(cast, agreement_on=None if lacks == "agreement" else date(2026, 11, 2))
    if lacks == "release":
        with scope.transaction(organisation=organisation):
            models.Processor.objects.update(stopped_at=NOW)
    opening = support.Opening(
        member=cast.bob if lacks == "role" else sam, vendor=vendor, reason="Ticket 17", hours=2
    )
    with pytest.raises(law.UnableToOpenSupport):
        support.open_window(organisation=organisation, opening=opening, by=cast.alice, at=NOW)


@pytest.mark.shows("S-36")
def test_only_owners_let_in_and_end_and_only_in_their_house(cast, sam):
    window, form = _let_in(cast, sam), _form(cast, sam)
    for member in (cast.bob, cast.charlie, cast.dora):
        browser = staff.signed_in(member)
        assert browser.get("/team/support/").status_code == 404
        assert browser.post("/team/support/", form).status_code == 404
        assert browser.post(f"/team/support/{window}/end/").status_code == 404
    eve = staff.signed_in(cast.eve)
    assert eve.post("/team/support/", form).status_code == 422
    assert eve.post(f"/team/support/{window}/end/").status_code == 404
    assert staff.signed_in(sam).get(PAGE).status_code == 200


@pytest.mark.shows("S-36")
def test_a_token_never_speaks_for_support(cast, sam):
    _let_in(cast, sam, chats="on")
    secret = team.issue_token(
        organisation=cast.dealer.organisation,
        name="Werkzeug",
        scopes=[roles.Scope.READ],
        days=1,
        by=sam,
        at=NOW,
    )
    caller = staff.browser()
    answer = caller.get("/api/v1/conversations", headers={"authorization": f"Bearer {secret}"})
    assert answer.status_code == 401
