"""Much reading is noticed and stopped, and a file about many persons leaves on the word of two."""

from datetime import datetime, timedelta

import pytest

from tests import dealers, staff
from werkbote.actions import team, watch
from werkbote.domain import team as roles
from werkbote.domain import watch as law
from werkbote.store import models, scope

NOW = dealers.NOW


@pytest.fixture
def cast() -> staff.Staff:
    return staff.staff()


def _read(cast: staff.Staff, persons: range, *, token: int = 0, **more: object) -> None:
    reader = watch.Reader(organisation=cast.dealer.organisation, member=cast.bob, token=token)
    watch.look(reader=reader, persons=persons, **{"at": NOW, **more})


def _told(cast: staff.Staff) -> list[tuple[str, str, str]]:
    with scope.looking(organisation=cast.dealer.organisation):
        rows = models.AuditEntry.objects.filter(verb__startswith="watch.").order_by("position")
        return [(row.verb, row.object.split(":")[0], row.detail.get("span", "")) for row in rows]


@pytest.mark.shows("S-27", "R-83")
def test_a_full_day_of_daily_work_is_never_noticed(cast):
    for hour in range(10):
        at = NOW.replace(hour=7) + timedelta(hours=hour)
        for again in range(3):
            _read(cast, range(hour * 20, hour * 20 + 40), at=at + timedelta(minutes=again))
        _read(cast, range(500), at=at, listed=True)
    assert _told(cast) == []


@pytest.mark.shows("S-27", "R-83")
def test_copying_quickly_is_noticed_once_and_then_stopped(cast):
    for person in range(0, 330, 10):
        _read(cast, range(person, person + 10))
    assert _told(cast) == [("watch.large_read", "member", "hour")]
    with pytest.raises(law.UnableToRead) as stopped:
        _read(cast, range(330, 400))
    with pytest.raises(law.UnableToRead):
        _read(cast, range(900, 950))
    assert stopped.value.until == NOW.replace(minute=0, second=0) + timedelta(hours=1)
    assert [one[0] for one in _told(cast)] == ["watch.large_read", "watch.stop_reading"]
    _read(cast, range(50))
    _read(cast, range(900, 905), at=stopped.value.until)


@pytest.mark.shows("S-27")
def test_copying_slowly_is_noticed_by_the_day(cast):
    for hour in range(9):
        _read(
            cast, range(hour * 50, hour * 50 + 50), at=NOW.replace(hour=7) + timedelta(hours=hour)
        )
    assert _told(cast) == [("watch.large_read", "member", "day")]
    _read(cast, range(1000, 1050), at=NOW.replace(hour=7) + timedelta(days=1))
    assert len(_told(cast)) == 1


@pytest.mark.shows("S-27")
def test_a_program_is_counted_by_itself(cast):
    _read(cast, range(100), token=7)
    _read(cast, range(100, 200))
    assert _told(cast) == []
    _read(cast, range(100, 200), token=7)
    assert _told(cast) == [("watch.large_read", "token", "hour")]


@pytest.mark.shows("S-27")
def test_counts_say_how_many_and_go_after_two_days(cast):
    _read(cast, range(30))
    organisation = cast.dealer.organisation
    with scope.looking(organisation=organisation):
        row = models.ReadingHour.objects.get()
        assert law.estimate(bytes(row.marks)) == pytest.approx(30, abs=1)
    assert watch.forget_reading(organisation=organisation, at=NOW + timedelta(days=1)) == 0
    assert watch.forget_reading(organisation=organisation, at=NOW + timedelta(days=3)) == 1


def _asks(cast: staff.Staff, *, persons: int = 80, by: int = 0, at: datetime = NOW) -> int | None:
    parcel = watch.Parcel(
        way=law.Way.DECISIONS,
        wanted={"purpose": "P-02"},
        branches=[cast.dealer.branch],
        persons=persons,
    )
    organisation = cast.dealer.organisation
    return watch.hand_out(organisation=organisation, parcel=parcel, by=by or cast.dora, at=at)


def _agrees(cast: staff.Staff, wish: int | None, *, by: int = 0, at: datetime = NOW) -> None:
    assert wish is not None
    organisation = cast.dealer.organisation
    watch.approve(organisation=organisation, handout=wish, by=by or cast.alice, at=at)


@pytest.mark.shows("S-27", "R-83")
def test_few_persons_leave_alone_and_many_by_two(cast):
    assert _asks(cast, persons=50) is None
    wish = _asks(cast, persons=51)
    assert _asks(cast, persons=51) == wish, "asking again waits for the same word"
    _agrees(cast, wish)
    assert _asks(cast, persons=51) is None
    again = _asks(cast, persons=51)
    assert again not in {None, wish}, "a word is good for one file"
    assert [one[0] for one in _told(cast)] == [
        "watch.ask_handout",
        "watch.approve",
        "watch.take_out",
        "watch.ask_handout",
    ]


@pytest.mark.shows("S-27", "R-83")
def test_whoever_asks_never_agrees(cast):
    wish = _asks(cast, by=cast.alice)
    with pytest.raises(law.UnableToDecide, match="Somebody else"):
        _agrees(cast, wish, by=cast.alice)
    with (
        pytest.raises(Exception, match="handout_by_two"),
        scope.transaction(organisation=cast.dealer.organisation),
    ):
        models.Handout.objects.filter(id=wish).update(
            state="approved", decided_by=cast.alice, decided_at=NOW
        )
    assert _asks(cast, by=cast.alice) == wish


@pytest.mark.shows("S-27")
@pytest.mark.parametrize(
    ("more", "leaves"),
    [
        ({}, True),
        ({"persons": 79}, True),
        ({"persons": 81}, False),
        ({"at": NOW + timedelta(hours=23)}, True),
        ({"at": NOW + timedelta(hours=24)}, False),
    ],
)
def test_a_word_holds_for_what_was_agreed_to(cast, more, leaves):
    wish = _asks(cast)
    _agrees(cast, wish)
    found = _asks(cast, **more)
    assert (found is None, found == wish) == (leaves, False)


@pytest.mark.shows("S-27")
def test_somebody_elses_word_or_filter_does_not_count(cast):
    _agrees(cast, _asks(cast))
    assert _asks(cast, by=cast.alice) is not None
    organisation = cast.dealer.organisation
    for wanted, way in (({}, "decisions"), ({"purpose": "P-02"}, "letters")):
        parcel = watch.Parcel(
            way=law.Way(way), wanted=wanted, branches=[cast.dealer.branch], persons=80
        )
        found = watch.hand_out(organisation=organisation, parcel=parcel, by=cast.dora, at=NOW)
        assert found is not None


@pytest.mark.shows("S-27")
@pytest.mark.parametrize("gone", ["alice", "dora"])
def test_who_was_deactivated_neither_decides_nor_is_decided_for(cast, gone):
    wish = _asks(cast)
    team.let_go(
        organisation=cast.dealer.organisation,
        member=getattr(cast, gone),
        by=staff.member(cast.dealer.organisation, role=roles.Role.OWNER, branches=[]),
        at=NOW,
    )
    with pytest.raises(law.UnableToDecide, match="not active"):
        _agrees(cast, wish)


@pytest.mark.shows("S-27")
def test_the_word_of_who_was_deactivated_ends(cast):
    _agrees(cast, _asks(cast))
    team.let_go(
        organisation=cast.dealer.organisation,
        member=cast.alice,
        by=staff.member(cast.dealer.organisation, role=roles.Role.OWNER, branches=[]),
        at=NOW,
    )
    assert _asks(cast) is not None


@pytest.mark.shows("S-27")
def test_what_is_decided_or_lapsed_is_not_decided_again(cast):
    wish = _asks(cast)
    organisation = cast.dealer.organisation
    assert wish is not None
    with pytest.raises(law.UnableToDecide, match="not wait"):
        _agrees(cast, wish, at=NOW + timedelta(days=1))
    watch.refuse(organisation=organisation, handout=wish, by=cast.alice, at=NOW)
    for handout in (wish, 1):
        with pytest.raises(law.UnableToDecide, match="not wait"):
            _agrees(cast, handout)
    assert _asks(cast) not in {None, wish}
