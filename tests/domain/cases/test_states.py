"""A case moves along its table and no other way; its end decides how long it is kept."""

import itertools
from datetime import date

import pytest

from werkbote.domain import cases, law
from werkbote.store import rechtsstand

TODAY = date(2026, 11, 26)


@pytest.mark.parametrize(
    ("state", "cause"), sorted(set(itertools.product(cases.State, cases.Cause)))
)
def test_a_case_moves_by_its_table_alone(state: cases.State, cause: cases.Cause) -> None:
    if (state, cause) in cases.TRANSITIONS:
        assert cases.move(state=state, cause=cause) is cases.TRANSITIONS[state, cause]
    else:
        with pytest.raises(cases.UnableToMove, match="reload"):
            cases.move(state=state, cause=cause)


def test_the_diagram_has_an_arrow_for_every_move() -> None:
    arrows = [line for line in cases.diagram().splitlines() if ": " in line]
    assert len(arrows) == len(cases.TRANSITIONS)


@pytest.mark.shows("R-72")
@pytest.mark.parametrize("kind", list(cases.Kind))
def test_every_kind_of_case_has_a_class_for_every_answer(kind: cases.Kind) -> None:
    keeping = rechtsstand.keeping(TODAY)
    codes = [keeping.keeping(kind=kind, contract=answer) for answer in cases.Contract]
    assert [code[:2] for code in codes] == ["L-", "L-", "L-"]


def test_an_inquiry_without_contract_goes_early_and_a_repair_order_is_a_business_letter() -> None:
    keeping = rechtsstand.keeping(TODAY)
    assert [
        keeping.keeping(kind=cases.Kind.INQUIRY, contract=cases.Contract.NO),
        keeping.keeping(kind=cases.Kind.REPAIR_ORDER, contract=cases.Contract.YES),
        keeping.keeping(kind=cases.Kind.PURCHASE, contract=cases.Contract.YES),
        keeping.keeping(kind=cases.Kind.RIGHTS_REQUEST, contract=cases.Contract.NO),
        keeping.unfiled,
    ] == ["L-02", "L-05", "L-08", "L-20", "L-02"]
    assert keeping.unfiled_days == 30


def _file() -> dict[str, object]:
    return dict(rechtsstand.document("cases", day=TODAY))


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        ({"kinds": {}}, "does not say how these are kept"),
        ({"kinds": None}, "malformed"),
        ({"kinds": {"holiday": {}}}, "malformed"),
        ({"unfiled": {"class": "12 months", "after_days": 30}}, "malformed"),
        ({"unfiled": {"class": "L-02"}}, "malformed"),
    ],
)
def test_a_file_that_does_not_say_enough_is_refused(broken: dict[str, object], says: str) -> None:
    with pytest.raises(law.UnableToReadLaw, match=says):
        cases.parse({**_file(), **broken})
