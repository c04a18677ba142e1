"""Meta's error verdicts: every known code has one, waits keep their law, unclear is never repeated."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from werkbote.domain import failure_codes, failure_reasons, failures
from werkbote.domain.failures import Course, Transport

# Meta's own list ("Error codes", Cloud API v25): every code the documentation names.
DOCUMENTED = (
    *(0, 1, 2, 3, 4, 10, 33, 100, 104, 190, 200, 250, 299, 368, 803, 80007),
    *(130429, 130472, 130497, 131000, 131005, 131008, 131009, 131016, 131021, 131026, 131030),
    *(131031, 131035, 131036, 131037, 131042, 131045, 131047, 131048, 131049, 131050, 131051),
    *(131052, 131053, 131055, 131056, 131057, 131059, 131060, 131062, 131063, 131064, 132000),
    *(132001, 132005, 132007, 132008, 132012, 132015, 132016, 132068, 132069, 133000, 133004),
    *(133005, 133006, 133008, 133009, 133010, 133015, 133016, 134011, 134100, 134101, 134102),
    *(135000, 137000, 138000, 138018, 139000, 139004, 139100, 139101, 139102, 139103),
    *(2388001, 2388019, 2388040, 2388047, 2388072, 2388073, 2388103, 2388293, 2388299),
    *(2494100, 2593107, 2593108, 2593109),
)
ROWS = (*failure_codes.CODES.values(), *(row for _, _, row in failure_codes.RANGES))
RETRIED = (Course.RETRY_SOON, Course.RETRY_LATER, Course.THROTTLED)

codes = st.one_of(st.sampled_from(DOCUMENTED), st.integers(-1, 3_000_000))
statuses = st.one_of(st.none(), st.integers(100, 599))


@pytest.mark.parametrize("code", DOCUMENTED)
def test_code_documented_by_meta_has_a_row(code: int) -> None:
    assert failure_codes.find(code) is not None


@pytest.mark.parametrize(
    ("code", "http", "course"),
    [
        (0, 401, Course.TOKEN),
        (190, 401, Course.TOKEN),
        (10, 403, Course.TOKEN),
        (230, 403, Course.TOKEN),
        (131031, 403, Course.ACCOUNT),
        (131042, 400, Course.PAYMENT),
        (131047, 400, Course.WINDOW_CLOSED),
        (131050, 400, Course.RECIPIENT_STOPPED),
        (130429, 400, Course.THROTTLED),
        (131056, 400, Course.THROTTLED),
        (80007, 400, Course.THROTTLED),
        (131048, 400, Course.THROTTLED),
        (131026, None, Course.GIVE_UP),
        (131049, None, Course.GIVE_UP),
        (131016, 500, Course.RETRY_SOON),
        (131057, 500, Course.RETRY_LATER),
        (132015, 400, Course.RETRY_LATER),
        (131000, 500, Course.UNKNOWN_OUTCOME),
        (1, 400, Course.UNKNOWN_OUTCOME),
        (131000, None, Course.RETRY_SOON),  # reported by webhook: it certainly failed
        (2388019, 400, Course.GIVE_UP),
        (999999, 400, Course.GIVE_UP),
        (999999, 500, Course.UNKNOWN_OUTCOME),
        (999999, None, Course.GIVE_UP),
        (None, 200, Course.UNKNOWN_OUTCOME),
        (None, 302, Course.ACCOUNT),
        (None, 401, Course.TOKEN),
        (None, 408, Course.RETRY_SOON),
        (None, 413, Course.GIVE_UP),
        (None, 429, Course.THROTTLED),
        (None, 502, Course.UNKNOWN_OUTCOME),
        (None, 503, Course.UNKNOWN_OUTCOME),
    ],
)
def test_verdict_of_a_code_and_status(code: int | None, http: int | None, course: Course) -> None:
    assert failures.verdict(code, http).course is course


def test_single_code_goes_before_its_range() -> None:
    assert failures.verdict(2388019, 400).reason.name == "template_count"
    assert failures.verdict(2388018, 400).reason.name == "migration"


def test_every_reason_is_used_and_every_row_has_one() -> None:
    by_status = {failure_codes.by_status(http).reason for http in range(100, 600)}
    used = {row.reason for row in ROWS} | by_status | {"unreachable"}
    assert used == set(failure_reasons.REASONS)


def test_reason_speaks_both_languages_and_names_a_remedy() -> None:
    for reason in failure_reasons.REASONS.values():
        sentences = (reason.de, reason.en, reason.remedy_de, reason.remedy_en)
        assert all(each.endswith(".") and len(each) > 15 for each in sentences), reason.name
        assert reason.de != reason.en


@pytest.mark.parametrize(("attempt", "seconds"), [(1, 1), (2, 4), (3, 16), (4, 64), (5, 256)])
def test_pair_rate_waits_four_to_the_power_of_its_failures(attempt: int, seconds: int) -> None:
    verdict = failures.verdict(131056, 400, attempt=attempt)
    assert failures.delay(verdict, attempt, 0.0) == timedelta(seconds=seconds)


@pytest.mark.parametrize("course", [c for c in Course if c not in RETRIED])
def test_delay_of_a_verdict_that_is_final(course: Course) -> None:
    row = next(row for row in (*ROWS, failure_codes.by_status(500)) if row.course is course)
    code = next((code for code, each in failure_codes.CODES.items() if each is row), None)
    verdict = failures.verdict(code, row.http or 500)
    with pytest.raises(failures.NoDelay):
        failures.delay(verdict, 1, 0.5)


@pytest.mark.parametrize(
    ("transport", "course"),
    [
        (Transport.NOT_WRITTEN, Course.RETRY_SOON),
        (Transport.NO_ANSWER, Course.UNKNOWN_OUTCOME),
        (Transport.UNREADABLE, Course.UNKNOWN_OUTCOME),
    ],
)
def test_attempt_without_an_answer(transport: Transport, course: Course) -> None:
    assert failures.unanswered(transport).course is course


def test_verdict_after_too_many_attempts_gives_up() -> None:
    verdict = failures.verdict(131016, 500, attempt=8)
    assert (verdict.course, verdict.exhausted) == (Course.GIVE_UP, True)
    assert failures.verdict(131016, 500, attempt=7).may_retry


@given(codes, statuses, st.integers(1, 1000))
def test_verdict_always_has_one_course_and_a_reason(
    code: int, http: int | None, attempt: int
) -> None:
    verdict = failures.verdict(code, http, "d", attempt)
    assert (verdict.code, verdict.http, verdict.details) == (code, http, "d")
    assert verdict.reason.name == verdict.row.reason
    assert not (verdict.may_retry and verdict.pauses_number)


@given(codes, st.integers(500, 599), st.integers(1, 1000))
def test_server_error_with_an_unknown_code_is_never_repeated(
    code: int, http: int, attempt: int
) -> None:
    if failure_codes.find(code) is None:
        assert not failures.verdict(code, http, attempt=attempt).may_retry


@given(codes, statuses)
def test_webhook_failure_is_never_unclear(code: int, http: int | None) -> None:
    verdict = failures.verdict(code, None)
    assert verdict.course is not Course.UNKNOWN_OUTCOME
    if failures.verdict(code, http).course is Course.RECIPIENT_STOPPED:
        assert verdict.course is Course.RECIPIENT_STOPPED


@given(
    st.sampled_from([row for row in ROWS if row.course in RETRIED]),
    st.integers(1, 10_000),
    st.floats(0, 1),
)
def test_delay_grows_and_stays_between_its_bounds(
    row: failures.Row, attempt: int, jitter: float
) -> None:
    code = next(code for code, each in failure_codes.CODES.items() if each is row)
    verdict = failures.verdict(code, row.http or 500)
    bare = failures.delay(verdict, attempt, 0.0)
    stretched = failures.delay(verdict, attempt, jitter)
    assert timedelta(seconds=row.wait) <= bare <= stretched <= failures.LONGEST
    assert stretched <= bare * 1.25 + timedelta(microseconds=2)
    assert failures.delay(verdict, attempt + 1, 0.0) >= bare
