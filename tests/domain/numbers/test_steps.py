"""The lawful order, and what Meta's answers say of each step."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from werkbote.domain import numbers

IMPRINT, CALLBACK = "https://werkbote.example/i/abc", "https://werkbote.example/hooks/meta/x"

GOOD = {
    "storage": "in_country_storage_enabled",
    "region": "DE",
    "status": "CONNECTED",
    "websites": (IMPRINT,),
    "subscribed": True,
    "callbacks": (CALLBACK,),
    "templates": {"a": "APPROVED", "b": "PENDING"},
    "wanted": frozenset({"a", "b"}),
}


def _failed(**changes: object) -> dict[numbers.Step, str]:
    found = numbers.judge(numbers.Seen(**{**GOOD, **changes}), imprint=IMPRINT, callback=CALLBACK)
    return {one.step: one.detail for one in found if one.state is numbers.State.FAILED}


def test_registration_before_the_region_is_refused_with_a_sentence():
    with pytest.raises(numbers.UnableToStep) as refused:
        numbers.check_turn(numbers.Step.REGISTRATION, passed={numbers.Step.CONTACT_BOOK})
    assert "before the number is registered" in str(refused.value)


@given(st.sets(st.sampled_from(numbers.ORDER)), st.sampled_from(numbers.ORDER))
def test_a_step_may_be_taken_exactly_when_all_before_it_are_passed(passed, step):
    before = set(itertools.takewhile(lambda one: one is not step, numbers.ORDER))
    try:
        numbers.check_turn(step, passed=passed)
    except numbers.UnableToStep:
        assert not before <= passed
    else:
        assert before <= passed


def test_a_number_that_is_right_has_no_failed_step():
    assert _failed() == {}


@pytest.mark.parametrize(
    ("changes", "failed"),
    [
        ({"region": "IN"}, {numbers.Step.REGION: "IN"}),
        ({"storage": "default", "region": ""}, {numbers.Step.REGION: "default"}),
        ({"status": "DISCONNECTED"}, {numbers.Step.REGISTRATION: "DISCONNECTED"}),
        ({"status": ""}, {numbers.Step.REGISTRATION: "unknown"}),
        ({"websites": ()}, {numbers.Step.PROFILE: "imprint"}),
        ({"websites": ("https://other.example",)}, {numbers.Step.PROFILE: "imprint"}),
        ({"subscribed": False}, {numbers.Step.WEBHOOK: ""}),
        ({"callbacks": ("https://other.example/hooks",)}, {numbers.Step.WEBHOOK: ""}),
        ({"templates": {"a": "APPROVED"}}, {numbers.Step.TEMPLATES: "1/2"}),
        ({"templates": {"a": "APPROVED", "b": "REJECTED"}}, {numbers.Step.TEMPLATES: "1/2"}),
        ({"wanted": frozenset()}, {numbers.Step.TEMPLATES: "0/0"}),
    ],
)
def test_what_is_missing_is_named(changes, failed):
    assert _failed(**changes) == failed


@pytest.mark.shows("S-34")
@pytest.mark.parametrize(
    "pin", ["", "12345", "1234567", "12 456", "abcdef", "١٢٣٤٥٦", "111111", "123456", "654321"]
)
def test_a_pin_meta_would_not_take_or_anybody_would_guess_is_refused(pin):
    with pytest.raises(numbers.UnableToStep):
        numbers.check_pin(pin)


def test_a_pin_of_six_digits_is_taken():
    numbers.check_pin("481520")
