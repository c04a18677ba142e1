"""A business phone number and everything Meta keeps about it."""

from collections import deque
from dataclasses import dataclass, field
from typing import Any

from graphsim.state import fault
from graphsim.state.meter import Meter

TIERS = {
    "TIER_250": 250,
    "TIER_1K": 1_000,
    "TIER_2K": 2_000,
    "TIER_10K": 10_000,
    "TIER_100K": 100_000,
    "TIER_UNLIMITED": None,
}
QUALITIES = ("GREEN", "YELLOW", "RED", "UNKNOWN")
FREE_SERVICE_MESSAGES = 1_000


@dataclass(slots=True, kw_only=True)
class Number:
    """One number: what the control API sets, what the Graph API changes, and its meters."""

    id: str
    waba_id: str
    display_phone_number: str
    verified_name: str
    access_token: str
    app_secret: str
    verify_token: str
    webhook_url: str | None
    throughput: int = 80
    enforce_limits: bool = True
    pair_rate: bool = True
    enforce_window: bool = True
    errors_by: str = "webhook"
    registered: bool = True
    storage_region: str | None = None
    tier: str = "TIER_250"
    quality: str = "GREEN"
    pin: str | None = None
    coexistence: bool = False
    contact_book: bool = True
    subscribed: bool = True
    verified: bool | None = None
    digits: str = ""
    profile: dict[str, Any] = field(default_factory=dict)
    settings: dict[str, Any] = field(default_factory=dict)
    blocked: dict[str, str] = field(default_factory=dict)
    book: dict[str, dict[str, Any]] = field(default_factory=dict)
    qr_links: dict[str, dict[str, Any]] = field(default_factory=dict)
    registrations: deque[float] = field(default_factory=lambda: deque(maxlen=10))
    wrong_pins: int = 0
    app_syncs: set[str] = field(default_factory=set)
    coexistence_since: float = 0.0
    free_month: str = ""
    free_used: int = 0
    faults: fault.Menu = field(default_factory=fault.Menu)
    meter: Meter = field(default_factory=Meter)

    def __post_init__(self) -> None:
        self.digits = "".join(c for c in self.display_phone_number if c in "0123456789")

    @property
    def limit(self) -> int | None:
        """How many people outside a window it may write to in 24 hours; None is unlimited."""
        return TIERS.get(self.tier)
