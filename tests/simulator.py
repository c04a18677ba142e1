"""A simulator process for tests: Meta on a loopback port of its own."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx

if TYPE_CHECKING:
    from tests import dealers


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulator:
    """The control API of one running simulator."""

    url: str
    client: httpx.Client

    def call(self, method: str, path: str, **json: Any) -> Any:
        """Call the control API and return its answer; fails on anything but success."""
        answer = self.client.request(method, f"{self.url}/sim/{path}", json=json or None)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    def connect(self, dealer: "dealers.Dealer", *, webhook_url: str = "", **settings: Any) -> None:
        """Let the simulator know a dealer's number."""
        self.call(
            "PUT",
            f"numbers/{dealer.phone_number_id}",
            waba_id=dealer.account_id,
            display_phone_number="+494066969001",
            verified_name="Autohaus Nordlicht",
            access_token="token",
            app_secret=dealer.secret,
            verify_token="verify-me",
            **({"webhook_url": webhook_url} if webhook_url else {}),
            **settings,
        )

    def customer(self, key: str, *, phone: str, name: str = "Alice", **settings: Any) -> None:
        """Make a customer with a phone."""
        self.call("PUT", f"customers/{key}", name=name, phone=phone, **settings)

    def log(self, *, after: int = 0) -> list[dict[str, Any]]:
        """Every message request the simulator has received, those up to number `after` apart."""
        answer = self.call("GET", f"log?after={after}")
        found: list[dict[str, Any]] = answer["entries"] if isinstance(answer, dict) else answer
        return found


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def running(*options: str) -> Iterator[Simulator]:
    """Run a simulator until the block ends."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "graphsim", "--port", str(port), *options],
        stdout=subprocess.DEVNULL,
    )
    try:
        with httpx.Client(trust_env=False, timeout=60) as client:
            simulator = Simulator(url=f"http://127.0.0.1:{port}", client=client)
            _wait(simulator)
            yield simulator
    finally:
        process.terminate()
        process.wait(timeout=60)


def _wait(simulator: Simulator) -> None:
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        try:
            if simulator.client.get(f"{simulator.url}/healthz").is_success:
                return
        except httpx.TransportError:
            time.sleep(0.05)
    raise AssertionError("The simulator did not start within ninety seconds.")
