"""Exports of more than two gigabytes, made on the fly: refused, or read, with little memory."""

import io
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator

import pytest

from tests import dealers, exports, staff
from werkbote.actions import old_chats
from werkbote.domain import old_chats as domain
from werkbote.domain.old_chats import limits
from werkbote.store import models, scope

pytestmark = pytest.mark.slow

GIB = 1024 * limits.MB
LEAST_MEMORY = 24 * limits.MB


class Pipe(io.RawIOBase):
    """Takes what a ZIP writer writes and hands it on at once; it holds what was not fetched yet."""

    def __init__(self) -> None:
        self.held = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        self.held += data  # type: ignore[arg-type]
        return len(data)  # type: ignore[arg-type]

    def fetched(self) -> bytes:
        taken, self.held = bytes(self.held), bytearray()
        return taken


def export(members: int, size: int, *, kind: int, filler: bytes) -> Iterator[bytes]:
    """Yield a true ZIP of a chat and so many files of a size, one mebibyte at a time."""
    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", kind) as made:
        made.writestr(f"{exports.TITLE}.txt", exports.text())
        for number in range(members):
            with made.open(f"VID-{number}.mp4", "w", force_zip64=True) as member:
                for _ in range(size // limits.MB):
                    member.write(filler)
                    yield pipe.fetched()
    yield pipe.fetched()


def uploaded(people: staff.Staff, content: Iterator[bytes]) -> int:
    return old_chats.receive(
        organisation=people.dealer.organisation,
        wish=old_chats.Wish(
            branch=people.dealer.branch,
            owner=people.bob,
            device="iPhone, privat",
            filename=f"{exports.TITLE}.zip",
            zone="Europe/Berlin",
        ),
        content=content,
        by=people.bob,
        at=dealers.NOW,
    )


def memory_of(deed: Callable[[], object]) -> int:
    """Return the most memory a deed held at once."""
    tracemalloc.start()
    try:
        deed()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def left(people: staff.Staff) -> tuple[int, int]:
    with scope.looking(organisation=people.dealer.organisation):
        return models.OldChatArrival.objects.count(), models.OldChatPiece.objects.count()


@pytest.fixture
def team() -> staff.Staff:
    return staff.staff()


def test_an_upload_without_end_is_refused_at_the_limit_and_nothing_of_it_stays(team, monkeypatch):
    assert limits.MOST_BYTES == 2 * GIB
    monkeypatch.setattr(domain, "MOST_BYTES", GIB // 4)
    content = export(3, 100 * limits.MB, kind=zipfile.ZIP_STORED, filler=bytes(limits.MB))

    def refused() -> None:
        with pytest.raises(old_chats.UnableToReceive) as told:
            uploaded(team, content)
        assert told.value.problem == domain.Problem.TOO_LARGE

    assert memory_of(refused) < LEAST_MEMORY
    assert left(team) == (0, 0)


def test_three_gigabytes_in_a_few_megabytes_are_refused_by_their_directory(team):
    content = export(3, GIB, kind=zipfile.ZIP_DEFLATED, filler=bytes(limits.MB))
    arrival = uploaded(team, content)
    assert memory_of(lambda: exports.read(team, arrival)) < LEAST_MEMORY
    with scope.looking(organisation=team.dealer.organisation):
        row = models.OldChatArrival.objects.get(id=arrival)
    assert (row.state, row.problem) == ("failed", domain.Problem.BOMB)
