"""Who looked at what of persons' rights is in the audit: papers, packages, restricted data, letters."""

from datetime import timedelta
from typing import Any

import pytest

from tests import dealers, erasures, phones, staff
from werkbote.actions import privacy
from werkbote.domain import privacy as rights
from werkbote.store import models, scope
from werkbote.web import clock

pytestmark = pytest.mark.usefixtures("journal_folder")

AT = dealers.NOW
LATER = timedelta(hours=1)


@pytest.fixture
def cast() -> staff.Staff:
    made = staff.staff()
    phones.writes(made.dealer, "Moin, hier ist Petra", at=AT)
    return made


def looks(cast: staff.Staff, verb: str) -> list[tuple[str, str, Any]]:
    with scope.looking(organisation=cast.dealer.organisation):
        rows = models.AuditEntry.objects.filter(verb=verb).order_by("position")
        return [(row.actor, row.object, row.detail) for row in rows]


@pytest.mark.shows("S-24")
def test_papers_of_an_erasure_are_handed_out_on_record(cast):
    dealer = cast.dealer
    run = erasures.asked(dealer, erasures.the_person(dealer))
    alice = staff.signed_in(cast.alice)
    for kind in ("json", "pdf"):
        assert alice.get(f"/privacy/erasures/{run}/protocol.{kind}").status_code == 404
    assert erasures.executed(dealer, run) is rights.State.DONE
    assert looks(cast, "privacy.hand_out") == []
    for kind in ("json", "pdf"):
        assert alice.get(f"/privacy/erasures/{run}/protocol.{kind}").status_code == 200
    assert staff.signed_in(cast.bob).get(f"/privacy/erasures/{run}/protocol.pdf").status_code == 404
    who, what = f"member:{cast.alice}", f"erasure_run:{run}"
    assert looks(cast, "privacy.hand_out") == [
        (who, what, {"paper": "protocol"}),
        (who, what, {"paper": "confirmation"}),
    ]


@pytest.mark.shows("S-24")
def test_letters_to_a_person_are_handed_out_on_record(cast):
    dealer = cast.dealer
    received = privacy.Received(
        branch=dealer.branch,
        kind=rights.Kind.ACCESS,
        channel="letter",
        person=erasures.the_person(dealer),
    )
    common = {"organisation": dealer.organisation, "by": cast.alice, "at": clock.now()}
    asked = privacy.receive(received=received, **common)
    alice = staff.signed_in(cast.alice)
    assert alice.get(f"/privacy/requests/{asked}/letter.pdf").status_code == 404
    privacy.extend(request=asked, reason="Viele Unterlagen", **common)
    assert alice.get(f"/privacy/requests/{asked}/letter.pdf").status_code == 200
    assert looks(cast, "privacy.hand_out") == [
        (f"member:{cast.alice}", f"person_request:{asked}", {"paper": "letter"})
    ]


@pytest.mark.shows("R-31", "S-24")
def test_each_look_at_restricted_data_is_written_down_with_its_reason(cast):
    person = erasures.the_person(cast.dealer)
    with scope.transaction(organisation=cast.dealer.organisation):
        models.Person.objects.filter(id=person).update(restricted_at=AT)
    alice, page = staff.signed_in(cast.alice), f"/privacy/restricted/{person}/"
    assert "Moin" not in alice.get(page).content.decode()
    assert looks(cast, "privacy.look_at_restricted") == []
    for reason in ("claims", "request"):
        assert "Moin" in alice.post(page, {"reason": reason}).content.decode()
    for reason in ("", "curiosity", "x" * 5000):
        assert alice.post(page, {"reason": reason}).status_code == 422
    who, what = f"member:{cast.alice}", f"person:{person}"
    assert looks(cast, "privacy.look_at_restricted") == [
        (who, what, {"reason": "claims"}),
        (who, what, {"reason": "request"}),
    ]
