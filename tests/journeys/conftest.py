"""What most journeys stand on: a running demonstration, its phones, a browser and a member's screen."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.journeys import demonstration, screens


@pytest.fixture(scope="session")
def mould() -> Iterator[demonstration.Mould]:
    """The demonstration that the files of journeys copy."""
    with demonstration.mould() as made:
        yield made


@pytest.fixture(scope="module")
def shop(
    mould: demonstration.Mould, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[demonstration.Demonstration]:
    """The demonstration, one for each file of journeys."""
    with demonstration.copied(mould, tmp_path_factory.mktemp("shop")) as made:
        yield made


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A real browser."""
    with screens.browser() as made:
        yield made


@pytest.fixture
def phones(shop: demonstration.Demonstration) -> Iterator[screens.Phones]:
    """The customers' phones on the screen."""
    with screens.phones(shop) as made:
        yield made


@pytest.fixture
def desk(chromium: Browser, shop: demonstration.Demonstration) -> Iterator[screens.Desk]:
    """A member's screen at a desk."""
    with screens.desk(chromium, shop, viewport=screens.DESKTOP) as made:
        yield made
