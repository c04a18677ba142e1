"""The malware scanner's protocol, spoken with a real clamd where one is installed."""

from collections.abc import Iterator

import pytest

from tests import clamd, exports, scannerserver
from werkbote.channels import scanner


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with clamd.running() as made:
        yield made


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ([b"%PDF-1.7 %%EOF"], ""),
        ([], ""),
        ([bytes(clamd.MOST)], ""),
        ([b"x" * 100_000] * 10, ""),
        ([b"%PDF-1.7 ", scannerserver.EVIL, b" %%EOF"], clamd.NAME),
        ([scannerserver.EVIL[:5], scannerserver.EVIL[5:]], clamd.NAME),
        ([exports.packed({"rechnung.pdf": b"x" * 900 + scannerserver.EVIL})], clamd.NAME),
    ],
    ids=["clean", "empty", "largest", "pieces", "infected", "cut", "packed"],
)
def test_clamd_gives_the_verdict(address, content, found):
    assert scanner.scan(content, address=address) == found


@pytest.mark.parametrize("pieces", [1, 16])
def test_what_clamd_does_not_take_is_too_large(address, pieces):
    with pytest.raises(scanner.TooLargeToScan):
        scanner.scan([bytes(clamd.MOST)] * pieces + [b"x"], address=address)
