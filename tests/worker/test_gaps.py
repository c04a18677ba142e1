"""Tests of time and silence: who usually writes and does not, and a clock that Meta contradicts."""

import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from django.db import connection

from tests import dealers, staff
from werkbote.config import gaps
from werkbote.store import models, scope

NOON = datetime(2026, 11, 27, 11, 0, tzinfo=UTC)
DAY, WEEK = timedelta(days=1), timedelta(days=7)


@contextmanager
def telling(at: datetime | None) -> Iterator[str]:
    """Serve an interface whose clock says a time, or none."""

    class Answer(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response_only(404)
            if at is not None:
                self.send_header("Date", format_datetime(at, usegmt=True))
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def state(dealer: dealers.Dealer, *, now: datetime = NOON) -> str:
    with scope.looking(organisation=dealer.organisation), connection.cursor() as cursor:
        found = gaps.numbers(cursor, now=now)
    (number,) = [one for one in found if one.id == dealer.number]
    return gaps.silence(number, now=now).state


def came(dealer: dealers.Dealer, *times: datetime) -> None:
    for at in times:
        staff.wrote(dealer, at=at)
    with scope.transaction(organisation=dealer.organisation):
        for row in models.Message.objects.filter(outgoing=False):
            models.Message.objects.filter(id=row.id).update(received_at=row.at)


@pytest.mark.shows("S-35")
def test_a_number_that_is_always_written_to_by_now_and_is_not_is_told() -> None:
    dealer = dealers.dealer()
    came(dealer, *(NOON - n * WEEK - timedelta(hours=1) for n in (1, 2, 3)))
    assert state(dealer) == "warn"
    came(dealer, NOON - timedelta(hours=1))
    assert state(dealer) == "ok"


@pytest.mark.parametrize(
    "before",
    [
        [],
        [WEEK, 2 * WEEK],
        [WEEK - DAY, 2 * WEEK - DAY, 3 * WEEK - DAY],
        [WEEK - timedelta(hours=2), 2 * WEEK - timedelta(hours=2), 3 * WEEK - timedelta(hours=2)],
    ],
    ids=["never", "two weeks", "another weekday", "later in the day"],
)
def test_silence_that_is_usual_is_not_told(before: list[timedelta]) -> None:
    dealer = dealers.dealer()
    came(dealer, *(NOON - one for one in before))
    assert state(dealer) == "ok"


@pytest.mark.shows("S-35")
@pytest.mark.parametrize(
    ("ahead", "expected"),
    [(timedelta(), "ok"), (timedelta(minutes=5), "fail"), (-timedelta(hours=1), "fail")],
)
def test_a_clock_that_meta_contradicts_is_told(ahead: timedelta, expected: str) -> None:
    with telling(datetime.now(UTC) + ahead) as url:
        said = gaps.clock(url)
    assert said is not None
    assert said.state == expected


def test_an_interface_that_tells_no_time_says_nothing_about_the_clock() -> None:
    with telling(None) as url:
        assert gaps.clock(url) is None
    assert gaps.clock("http://127.0.0.1:9") is None
