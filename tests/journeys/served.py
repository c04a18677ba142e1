"""The product's web server on a test's own database, for journeys that need no dealer's day."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page

from tests import simulator, staff
from werkbote.config import group, processes

_PATIENCE = 120.0


@contextmanager
def web(*, host: str = "127.0.0.1", second_factor: str = "optional") -> Iterator[str]:
    """Run the server; yield its address."""
    port = simulator.free_port()
    address = f"http://{host}:{port}"
    words = group.web_words("127.0.0.1", port)
    around = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(sys.path),
        "WERKBOTE_PORT": str(port),
        "WERKBOTE_PUBLIC_URL": address,
        "WERKBOTE_SECOND_FACTOR": second_factor,
    }
    process = subprocess.Popen([sys.executable, *words], env=around)
    try:
        deadline = time.monotonic() + _PATIENCE
        while not processes.speaks_http("127.0.0.1", port, "/healthz"):
            assert time.monotonic() < deadline
            time.sleep(0.2)
        yield address
    finally:
        process.terminate()
        process.wait(60)


def sign_in(page: Page, address: str, member: int) -> None:
    """Say who one is, as the sign-in page asks."""
    page.goto(f"{address}/login/")
    page.fill("input[name=email]", staff.email(member))
    page.fill("input[name=password]", staff.PASSWORD)
    page.get_by_role("button", name="Anmelden").click()
