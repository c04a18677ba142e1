"""Setting a number up against the simulator: the lawful order, what Meta says, what a person confirms."""

from datetime import timedelta

import pytest

from tests import dealers, simulator, staff
from werkbote.actions import notice, numbers
from werkbote.domain import notice_page
from werkbote.domain import numbers as words
from werkbote.store import keyring, models, scope

NOW = dealers.NOW
PIN = "481520"


@pytest.fixture
def cast(simulator: simulator.Simulator) -> staff.Staff:
    made = staff.staff(dealers.dealer(graph_url=simulator.url))
    simulator.connect(made.dealer, registered=False)
    return made


def _who(cast):
    return {
        "organisation": cast.dealer.organisation,
        "number": cast.dealer.number,
        "by": cast.alice,
        "at": NOW,
    }


def _details(cast):
    notice.enter_details(
        organisation=cast.dealer.organisation,
        branch=cast.dealer.branch,
        details=notice_page.Details(
            company="Autohaus Nordlicht GmbH",
            branch="Hamburg",
            state_code="HH",
            street="Beispielweg 1",
            place="20095 Hamburg",
            email="info@autohaus.example",
        ),
        by=cast.alice,
        at=NOW,
    )


def _confirm(cast, what="contact_book", **more):
    numbers.confirm(**{**_who(cast), "what": what, "on_day": NOW.date(), **more})


def _checks(cast):
    with scope.looking(organisation=cast.dealer.organisation):
        return {row.step: row for row in models.NumberCheck.objects.all()}


def _at_meta(simulator, cast):
    found = simulator.call("GET", "numbers")["numbers"]
    return next(one for one in found if one["phone_number_id"] == cast.dealer.phone_number_id)


def test_the_whole_way_in_the_lawful_order(cast, simulator):
    _details(cast)
    _confirm(cast)
    for step in words.ORDER[1:]:
        pin = {"pin": PIN} if step is words.Step.REGISTRATION else {}
        numbers.take(step=step, **_who(cast), **pin)
    checks = _checks(cast)
    assert {step: row.state for step, row in checks.items()} == dict.fromkeys(words.ORDER, "passed")
    how = {row.how for step, row in checks.items() if step != "contact_book"}
    assert (checks["contact_book"].how, how) == ("person", {"meta"})
    at_meta = _at_meta(simulator, cast)
    assert (at_meta["storage_region"], at_meta["registered"]) == ("DE", True)
    assert at_meta["webhook_url"].endswith(f"/hooks/meta/{cast.dealer.slug}")
    with scope.looking(organisation=cast.dealer.organisation):
        row = models.Number.objects.get(id=cast.dealer.number)
        assert (row.storage_region, row.quality) == ("DE", "GREEN")
        assert (row.tier, row.throughput) == ("TIER_250", "STANDARD")
        assert models.Template.objects.filter(status__in=["PENDING", "APPROVED"]).count() >= 8


@pytest.mark.parametrize("confirmed", [False, True])
def test_registration_before_the_region_is_refused_and_meta_hears_nothing(
    cast, simulator, confirmed
):
    if confirmed:
        _confirm(cast)
    with pytest.raises(words.UnableToStep) as refused:
        numbers.take(step=words.Step.REGISTRATION, pin=PIN, **_who(cast))
    expected = "place of storage to Germany" if confirmed else "contact book"
    assert expected in str(refused.value)
    assert _at_meta(simulator, cast)["registered"] is False


def test_a_number_registered_elsewhere_first_shows_red_until_it_starts_again(cast, simulator):
    simulator.connect(cast.dealer, registered=True)
    _confirm(cast)
    with pytest.raises(numbers.UnableToAsk):
        numbers.take(step=words.Step.REGION, **_who(cast))
    assert _checks(cast)["region"].state == "failed"
    numbers.deregister(**_who(cast))
    numbers.take(step=words.Step.REGION, **_who(cast))
    assert _checks(cast)["region"].state == "passed"
    assert _checks(cast)["registration"].state == "failed"


def test_what_was_changed_at_meta_afterwards_is_seen_at_the_next_look(cast, simulator):
    _confirm(cast)
    numbers.take(step=words.Step.REGION, **_who(cast))
    numbers.take(step=words.Step.REGISTRATION, pin=PIN, **_who(cast))
    simulator.connect(cast.dealer, storage_region=None, tier="TIER_10K", quality="YELLOW")
    numbers.look(organisation=cast.dealer.organisation, number=cast.dealer.number, at=NOW)
    assert _checks(cast)["region"].state == "failed"
    with scope.looking(organisation=cast.dealer.organisation):
        row = models.Number.objects.get(id=cast.dealer.number)
        seen = models.AuditEntry.objects.filter(verb="numbers.see_region").order_by("position")
        said = [entry.detail for entry in seen]
    assert (row.tier, row.quality, row.storage_region) == ("TIER_10K", "YELLOW", "")
    assert said[-1] == {"before": "DE", "after": ""}


def test_a_profile_without_address_is_not_written(cast):
    _confirm(cast)
    numbers.take(step=words.Step.REGION, **_who(cast))
    numbers.take(step=words.Step.REGISTRATION, pin=PIN, **_who(cast))
    with pytest.raises(words.UnableToStep, match="e-mail address"):
        numbers.take(step=words.Step.PROFILE, **_who(cast))


@pytest.mark.parametrize(
    "broken",
    [
        {"on_day": NOW.date() + timedelta(days=1)},
        {"what": "deletion"},
        {"what": "storage"},
    ],
)
def test_what_cannot_be_confirmed_by_a_person_is_refused(cast, broken):
    with pytest.raises(words.UnableToStep):
        _confirm(cast, **broken)
    assert _checks(cast) == {}


def test_meta_that_does_not_answer_changes_nothing():
    alone = staff.staff(dealers.dealer(graph_url="http://127.0.0.1:9"))
    _confirm(alone)
    with pytest.raises(numbers.UnableToAsk):
        numbers.take(step=words.Step.REGION, **_who(alone))
    assert set(_checks(alone)) == {"contact_book"}


def test_secrets_are_sealed_and_exchanged(cast):
    _confirm(cast)
    numbers.take(step=words.Step.REGION, **_who(cast))
    numbers.take(step=words.Step.REGISTRATION, pin=PIN, **_who(cast))
    numbers.change_pin(pin="730164", **_who(cast))
    numbers.renew_token(token="fresh-token", **_who(cast))
    keys = keyring.organisation(cast.dealer.organisation)
    with scope.looking(organisation=cast.dealer.organisation):
        row = models.Number.objects.get(id=cast.dealer.number)
    for sealed, column, value in (
        (row.pin_sealed, "pin_sealed", "730164"),
        (row.token_sealed, "token_sealed", "fresh-token"),
    ):
        assert value.encode() not in bytes(sealed)
        assert keys.main.open_text(sealed, table="number", row=row.id, column=column) == value


def test_the_new_pin_is_the_one_meta_knows(cast):
    _confirm(cast)
    numbers.take(step=words.Step.REGION, **_who(cast))
    numbers.take(step=words.Step.REGISTRATION, pin=PIN, **_who(cast))
    numbers.change_pin(pin="730164", **_who(cast))
    numbers.deregister(**_who(cast))
    with pytest.raises(numbers.UnableToAsk) as refused:
        numbers.take(step=words.Step.REGISTRATION, pin=PIN, **_who(cast))
    assert refused.value.code == 133005
    numbers.take(step=words.Step.REGISTRATION, pin="730164", **_who(cast))
    assert _checks(cast)["registration"].state == "passed"


@pytest.mark.parametrize("token", ["", "  "])
def test_an_empty_token_is_refused(cast, token):
    with pytest.raises(numbers.UnableToConnect):
        numbers.renew_token(token=token, **_who(cast))
