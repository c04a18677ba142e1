"""What the deeds are tested with: one simulator for all of them."""

from collections.abc import Iterator

import pytest

from tests import simulator as simulators


@pytest.fixture(scope="session")
def simulator() -> Iterator[simulators.Simulator]:
    with simulators.running() as made:
        yield made
