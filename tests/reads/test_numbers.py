"""Templates to choose from, and what numbers cost."""

from datetime import date

import pytest

from tests import dealers, staff
from werkbote.reads import access, numbers
from werkbote.store import models, scope


@pytest.fixture
def cast() -> staff.Staff:
    return staff.staff()


def _template(cast, components, **more):
    with scope.transaction(organisation=cast.dealer.organisation):
        models.Template(
            organisation_id=cast.dealer.organisation,
            account_id=cast.dealer.account_id,
            name=more.pop("name", "termin"),
            language="de",
            status=more.pop("status", "APPROVED"),
            components=components,
            **more,
        ).save(force_insert=True)


def _found(cast):
    return numbers.templates(viewer=staff.viewer(cast.bob), account=cast.dealer.account_id)


def test_places_are_found_once_and_filled(cast):
    _template(cast, [{"type": "BODY", "text": "Hallo {{name}}, {{ uhr }} Uhr, {{name}}!"}])
    (template,) = _found(cast)
    assert template.places == ("name", "uhr")
    assert template.filled({"name": "Petra", "uhr": "8"}) == "Hallo Petra, 8 Uhr, Petra!"


def test_only_approved_templates_are_offered(cast):
    for status in ("PENDING", "REJECTED", "PAUSED", "DISABLED"):
        _template(cast, [], name=status.lower(), status=status)
    assert _found(cast) == ()


@pytest.mark.parametrize(
    "part",
    [
        {"type": "HEADER", "format": "IMAGE"},
        {"type": "HEADER", "format": "TEXT", "text": "Für {{1}}"},
        {"type": "BUTTONS", "buttons": [{"type": "URL", "url": "https://example.org/{{1}}"}]},
    ],
)
def test_a_template_that_needs_more_than_words_is_marked(cast, part):
    _template(cast, [part, {"type": "BODY", "text": "Hallo"}])
    assert [one.simple for one in _found(cast)] == [False]


def test_costs_are_for_those_who_may_read_them(cast):
    with scope.transaction(organisation=cast.dealer.organisation):
        models.Meter(
            organisation_id=cast.dealer.organisation,
            number_id=cast.dealer.number,
            month=date(2026, 11, 1),
            category="service",
            kind="regular",
            billable=True,
            count=7,
        ).save(force_insert=True)
    for member in (cast.alice, cast.dora):
        (row,) = numbers.costs(viewer=staff.viewer(member))
        assert (row.number, row.count, row.billable) == ("Service", 7, True)
    assert numbers.costs(viewer=staff.viewer(cast.eve)) == ()
    with pytest.raises(access.UnableToSee):
        numbers.costs(viewer=staff.viewer(cast.bob))


def test_a_number_without_agreement_says_so():
    without = dealers.dealer(agreement=False)
    owner = staff.member(without.organisation, role=staff.roles.Role.OWNER, branches=[])
    (number,) = numbers.numbers(viewer=staff.viewer(owner))
    assert (number.phone, number.agreement_at) == ("+494066969001", None)
