"""Templates against the simulator: handed in, reviewed by webhook, changed, taken over, deleted."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests import dealers, simulator, staff
from werkbote.actions import numbers
from werkbote.domain import numbers as words
from werkbote.store import models, rechtsstand, scope

NOW = dealers.NOW
DRAFT = words.Draft(
    name="fahrzeug_fertig_neu",
    language="de",
    category="UTILITY",
    purpose="P-01",
    body="Guten Tag {{1}}, Ihr Fahrzeug {{2}} ist fertig und steht für Sie bereit.",
    examples=("Frau Beispiel", "B-WB 1234"),
)


@pytest.fixture
def cast(simulator: simulator.Simulator) -> staff.Staff:
    made = staff.staff(dealers.dealer(graph_url=simulator.url))
    simulator.connect(made.dealer)
    return made


def _who(cast, *, later: timedelta = timedelta()):
    return {
        "organisation": cast.dealer.organisation,
        "number": cast.dealer.number,
        "by": cast.alice,
        "at": NOW + later,
    }


def _row(cast, template):
    with scope.looking(organisation=cast.dealer.organisation):
        return models.Template.objects.get(id=template)


def _news(cast, field, *, at=NOW, **value):
    named = {
        "message_template_id": 1,
        "message_template_name": DRAFT.name,
        "message_template_language": "de",
    }
    raw = dealers.body(cast.dealer, {**named, **value}, change=field)
    entry = f'"id": "{cast.dealer.account_id}"'
    timed = raw.replace(entry.encode(), f'{entry}, "time": {int(at.timestamp())}'.encode())
    dealers.arrive(cast.dealer, timed, at=at)
    dealers.understand(cast.dealer, at=at)


def test_every_ready_made_template_is_taken_by_meta(cast, simulator):
    entries = rechtsstand.templates(date(2026, 11, 26))
    for entry in entries:
        numbers.adopt(name=entry.draft.name, **_who(cast))
    found = simulator.call("GET", "templates")["templates"]
    here = {one["name"] for one in found if one["waba_id"] == cast.dealer.account_id}
    assert here == {entry.draft.name for entry in entries}
    with scope.looking(organisation=cast.dealer.organisation):
        classes = dict(models.Template.objects.values_list("name", "purpose"))
    assert classes == {entry.draft.name: entry.draft.purpose for entry in entries}


def test_the_review_arrives_by_webhook_and_is_shown(cast):
    made = numbers.hand_in(draft=DRAFT, **_who(cast))
    assert _row(cast, made).status == "PENDING"
    _news(cast, "message_template_status_update", event="APPROVED", reason="NONE")
    assert _row(cast, made).status == "APPROVED"
    _news(cast, "message_template_quality_update", new_quality_score="YELLOW")
    _news(cast, "message_template_status_update", at=NOW + timedelta(hours=1), event="PAUSED")
    assert (_row(cast, made).status, _row(cast, made).quality) == ("PAUSED", "YELLOW")
    _news(cast, "message_template_status_update", at=NOW + timedelta(hours=2), event="FLAGGED")
    assert _row(cast, made).status == "PAUSED"
    _news(cast, "message_template_status_update", at=NOW + timedelta(hours=4), event="UNPAUSED")
    assert _row(cast, made).status == "APPROVED"


def test_a_template_is_changed_within_metas_limits(cast, simulator):
    made = numbers.hand_in(draft=DRAFT, **_who(cast))
    other = replace(DRAFT, footer="Ihre Werkstatt")
    with pytest.raises(words.UnableToChange, match="wait for the review"):
        numbers.change(template=made, draft=other, **_who(cast))
    simulator.call("POST", f"templates/{_row(cast, made).provider_id}/event", event="APPROVED")
    numbers.take_over(organisation=cast.dealer.organisation, number=cast.dealer.number, at=NOW)
    numbers.change(template=made, draft=other, **_who(cast))
    row = _row(cast, made)
    assert (row.status, len(row.edits)) == ("PENDING", 1)
    simulator.call("POST", f"templates/{row.provider_id}/event", event="APPROVED")
    numbers.take_over(organisation=cast.dealer.organisation, number=cast.dealer.number, at=NOW)
    assert _row(cast, made).components[-1] == {"type": "FOOTER", "text": "Ihre Werkstatt"}
    with pytest.raises(words.UnableToChange, match="once a day"):
        numbers.change(template=made, draft=DRAFT, **_who(cast, later=timedelta(hours=23)))


def test_a_new_class_alone_is_no_matter_of_metas(cast):
    made = numbers.hand_in(draft=DRAFT, **_who(cast))
    numbers.change(template=made, draft=replace(DRAFT, purpose="P-13"), **_who(cast))
    row = _row(cast, made)
    assert (row.purpose, row.status, row.edits) == ("P-13", "PENDING", [])


def test_a_name_is_taken_once_and_blocked_after_deletion(cast):
    made = numbers.hand_in(draft=DRAFT, **_who(cast))
    with pytest.raises(words.UnableToChange, match="already"):
        numbers.hand_in(draft=DRAFT, **_who(cast))
    numbers.delete(template=made, **_who(cast))
    assert _row(cast, made).status == "DELETED"
    with pytest.raises(words.UnableToChange, match="blocked for 30 days"):
        numbers.hand_in(draft=DRAFT, **_who(cast))
    with pytest.raises(words.UnableToChange):
        numbers.delete(template=made, **_who(cast))
    again = numbers.hand_in(draft=DRAFT, **_who(cast, later=timedelta(days=30)))
    assert (again, _row(cast, again).status) == (made, "PENDING")


def test_what_breaks_a_rule_never_reaches_meta(cast, simulator):
    with pytest.raises(words.UnableToSubmit):
        numbers.hand_in(draft=replace(DRAFT, purpose="P-05"), **_who(cast))
    found = simulator.call("GET", "templates")["templates"]
    assert [one for one in found if one["waba_id"] == cast.dealer.account_id] == []


def test_what_meta_refuses_is_not_kept(cast, simulator):
    simulator.call("PUT", f"wabas/{cast.dealer.account_id}/templates", **_shape())
    with pytest.raises(numbers.UnableToAsk):
        numbers.hand_in(draft=DRAFT, **_who(cast))
    with scope.looking(organisation=cast.dealer.organisation):
        assert models.Template.objects.count() == 0


def test_templates_made_elsewhere_are_taken_over_without_a_class(cast, simulator):
    simulator.call("PUT", f"wabas/{cast.dealer.account_id}/templates", **_shape())
    numbers.take_over(organisation=cast.dealer.organisation, number=cast.dealer.number, at=NOW)
    with scope.looking(organisation=cast.dealer.organisation):
        row = models.Template.objects.get()
    assert (row.status, row.purpose, row.components) == ("APPROVED", "", words.components(DRAFT))


def _shape():
    return {
        "name": DRAFT.name,
        "language": DRAFT.language,
        "category": DRAFT.category,
        "components": words.components(DRAFT),
    }


def test_an_unknown_ready_made_template_is_none(cast):
    with pytest.raises(LookupError):
        numbers.adopt(name="gibt_es_nicht", **_who(cast))
