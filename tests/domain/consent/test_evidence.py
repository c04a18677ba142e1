from dataclasses import replace

import pytest

from tests.domain.consent.histories import EVIDENCE
from werkbote.domain import consent


def test_complete_evidence_misses_nothing() -> None:
    assert EVIDENCE.missing() == ()


def test_no_evidence_misses_the_nine_required_fields() -> None:
    assert consent.Evidence().missing() == (1, 2, 3, 4, 5, 6, 7, 8, 9)


@pytest.mark.parametrize(
    ("spoiled", "number"),
    [
        (replace(EVIDENCE, subject=consent.Subject(person_id="person-1")), 1),
        (replace(EVIDENCE, legal_entity=" "), 2),
        (replace(EVIDENCE, purposes=("",)), 3),
        (replace(EVIDENCE, channel=None), 4),
        (
            replace(
                EVIDENCE, wording=consent.Wording(rendered="", language="de", version_hash="a")
            ),
            5,
        ),
        (
            replace(
                EVIDENCE,
                presentation=consent.Presentation(kind="form", reference="1", snapshot_hash=""),
            ),
            6,
        ),
        (replace(EVIDENCE, act=""), 7),
        (replace(EVIDENCE, times=consent.Times(zone="Europe/Berlin")), 8),
        (
            replace(
                EVIDENCE,
                confirmation=consent.Confirmation(
                    outbound_id="1", inbound_id="2", body_hash="3", signature_valid=False
                ),
            ),
            9,
        ),
    ],
)
def test_evidence_with_an_empty_field_names_its_number(
    spoiled: consent.Evidence, number: int
) -> None:
    assert spoiled.missing() == (number,)


@pytest.mark.shows("R-108")
def test_bsuid_alone_identifies_the_subject() -> None:
    by_bsuid = consent.Subject(person_id="person-1", bsuid="DE.13491208655302741918")
    assert replace(EVIDENCE, subject=by_bsuid).missing() == ()
