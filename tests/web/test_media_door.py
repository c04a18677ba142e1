"""Customers' files are had by members who are signed in, from our own door: no address of a file is public."""

import asyncio
import re
from typing import Any

import pytest

from tests import erasures, staff
from werkbote.actions import team
from werkbote.store import models, scope
from werkbote.web import clock

WORDS = b"\xff\xd8\xff bytes of a photo"


@pytest.fixture
def cast() -> staff.Staff:
    return staff.everybody()


@pytest.fixture
def photo(cast) -> int:
    staff.wrote(cast.dealer)
    return erasures.attach(cast.dealer, erasures.the_person(cast.dealer), WORDS)


async def _whole(answer: Any) -> bytes:
    return b"".join([piece async for piece in answer.streaming_content])


def _path(photo: int) -> str:
    return f"/media/{photo}/"


@pytest.mark.shows("S-15")
def test_a_file_is_streamed_to_who_may_read_the_chat_and_kept_by_no_shared_cache(cast, photo):
    answer = staff.signed_in(cast.bob).get(_path(photo))
    assert asyncio.run(_whole(answer)) == WORDS
    assert answer["Cache-Control"] == "private, max-age=600"


@pytest.mark.shows("S-15")
def test_nobody_else_gets_it(cast, photo):
    stranger = staff.browser().get(_path(photo))
    assert (stranger.status_code, stranger["Location"]) == (302, "/login/")
    for member in (cast.charlie, cast.dora, cast.eve):
        assert staff.signed_in(member).get(_path(photo)).status_code == 404


@pytest.mark.shows("S-15")
@pytest.mark.parametrize("how", ["signed out", "let go", "locked"])
def test_an_address_copied_from_a_page_opens_nothing_once_its_member_is_out(cast, photo, how):
    bob = staff.signed_in(cast.bob)
    assert bob.get(_path(photo)).status_code == 200
    if how == "signed out":
        bob.post("/logout/")
    elif how == "locked":
        bob.post("/lock/")
    else:
        team.let_go(
            organisation=cast.dealer.organisation, member=cast.bob, by=cast.alice, at=clock.now()
        )
    answer = bob.get(_path(photo))
    assert (answer.status_code, answer.streaming) == (302, False)


@pytest.mark.shows("S-15")
def test_pages_name_files_by_our_own_door_alone_and_rows_keep_no_address(cast, photo):
    with scope.looking(organisation=cast.dealer.organisation):
        row = models.Media.objects.select_related("message").get(id=photo)
        conversation = row.message.conversation_id
        plain = [str(getattr(row, field.attname)) for field in row._meta.concrete_fields]
    page = staff.signed_in(cast.bob).get(f"/inbox/{conversation}/").content.decode()
    found = set(re.findall(r'(?:src|href|data-src)="([^"]*media[^"]*)"', page))
    assert found == {_path(photo)}
    assert [value for value in plain if "://" in value] == []
