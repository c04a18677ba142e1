"""The page of ready replies: made, changed, ended by owners; what is wrong is said and stays typed."""

import pytest

from tests import staff
from werkbote.store import models, scope


@pytest.fixture
def cast() -> staff.Staff:
    return staff.staff()


def _make(cast, path="make", **fields):
    told = {"name": "fertig", "text": "Ihr Wagen ist *fertig*.", "place": "", **fields}
    return staff.signed_in(cast.alice).post(f"/arrange/replies/{path}/", told)


def _kept(cast) -> list[models.CannedReply]:
    with scope.looking(organisation=cast.dealer.organisation):
        return list(models.CannedReply.objects.filter(ended_at=None))


def test_a_reply_is_made_changed_and_ended(cast):
    assert _make(cast, place=f"b{cast.dealer.branch}")["Location"] == "/arrange/replies/"
    (row,) = _kept(cast)
    assert row.branch_id == cast.dealer.branch
    _make(cast, path=str(row.id), text="Er ist fertig.", place="")
    (row,) = _kept(cast)
    page = staff.signed_in(cast.alice).get("/arrange/replies/").content.decode()
    assert "Er ist fertig." in page
    assert row.branch_id is None
    staff.signed_in(cast.alice).post(f"/arrange/replies/{row.id}/stop/")
    assert _kept(cast) == []
    with scope.looking(organisation=cast.dealer.organisation):
        verbs = models.AuditEntry.objects.filter(verb__endswith="_reply").order_by("position")
        assert [one.verb for one in verbs] == [
            "desk.create_reply",
            "desk.change_reply",
            "desk.end_reply",
        ]


@pytest.mark.parametrize(
    "fields",
    [
        {"name": " "},
        {"name": "x" * 41},
        {"text": ""},
        {"text": "x" * 4097},
        {"place": "b1"},
        {"place": "t999"},
        {"place": "x"},
        {"place": "b"},
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(cast, fields):
    answer = _make(cast, **fields)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert _kept(cast) == []


def test_what_has_ended_cannot_be_changed(cast):
    _make(cast)
    (row,) = _kept(cast)
    staff.signed_in(cast.alice).post(f"/arrange/replies/{row.id}/stop/")
    answer = _make(cast, path=str(row.id))
    assert answer.status_code == 422
    assert "gibt es nicht mehr" in answer.content.decode()


@pytest.mark.shows("S-04")
@pytest.mark.parametrize("who", ["bob", "charlie", "dora"])
def test_only_those_who_arrange_get_there(cast, who):
    browser = staff.signed_in(getattr(cast, who))
    assert browser.get("/arrange/replies/").status_code == 404
    assert browser.post("/arrange/replies/make/", {"name": "a", "text": "b"}).status_code == 404
    assert _kept(cast) == []
