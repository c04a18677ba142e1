"""One simulator for this folder; every test begins with an empty world, a number and Anna."""

from collections.abc import Iterator

import pytest

from tests.graphsim import stage


@pytest.fixture(scope="session")
def _stage() -> Iterator[stage.Stage]:
    made = stage.Stage()
    yield made
    made.close()


@pytest.fixture
def sim(_stage: stage.Stage) -> stage.Stage:
    """The simulator, newly begun."""
    _stage.begin()
    return _stage
