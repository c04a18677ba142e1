"""How many stories a real browser plays: python -m tests.journeys.stories."""

import contextlib
import io
import sys

import pytest

from tests.journeys import demonstration

LEAST = 25
_DESK, _PHONE = frozenset({"desktop", "desk", "1280"}), frozenset({"phone", "360"})


class _Listener:
    """Collects what pytest would run in a browser."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Keep the names of the stories of the product."""
        self.names = [
            one.nodeid.rpartition("/")[2] for one in items if one.get_closest_marker("browser")
        ]


def stories() -> list[str]:
    """Return every story with its screen, as pytest names it."""
    heard = _Listener()
    place = demonstration.ROOT / "tests" / "journeys"
    with contextlib.redirect_stdout(io.StringIO()):
        pytest.main(["--collect-only", "-q", str(place)], plugins=[heard])
    return sorted(heard.names)


def sized(found: list[str], words: frozenset[str]) -> set[str]:
    """Return the stories that are played on a screen whose name is one of `words`."""
    parts = (name.partition("[") for name in found)
    return {plain for plain, _, rest in parts if words & set(rest.rstrip("]").split("-"))}


def main() -> int:
    """Print the stories and their number; return 1 where too few are played at a desk and on a phone."""
    found = stories()
    plain = {name.partition("[")[0] for name in found}
    both = sized(found, _DESK) & sized(found, _PHONE)
    told = (
        f"{len(plain)} stories, {len(found)} with every screen and theme; "
        f"{len(both)} of them at a desk and on a phone, {LEAST} are wanted."
    )
    sys.stdout.write("\n".join([*found, told, ""]))
    return int(len(both) < LEAST)


if __name__ == "__main__":
    sys.exit(main())
