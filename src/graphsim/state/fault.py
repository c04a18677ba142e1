"""The fault menu of a number: what goes wrong with its API, its webhooks and its deliveries."""

from dataclasses import dataclass, field
from typing import Any

API_KINDS = (
    "latency",
    "timeout",
    "reset",
    "http_500",
    "http_502",
    "http_503",
    "rate_limit",
    "token_expired",
    "error",
)
WEBHOOK_KINDS = ("late", "twice", "shuffled", "split", "wrong_signature", "lost")
DELIVERY_KINDS = ("fail", "held", "skip_delivered", "no_status", "slow")
MENUS = {"api": API_KINDS, "webhook": WEBHOOK_KINDS, "delivery": DELIVERY_KINDS}
PLACES = ("all", "messages", "media", "templates", "number")


@dataclass(slots=True, kw_only=True)
class Fault:
    """One thing that goes wrong, `times` times (None: until cleared) with a probability.

    `seconds` is the delay of `latency`, `timeout`, `late` and `slow`; `code` the error of `error`
    and `fail`; `after` says that the deed was done before the answer got lost.
    """

    kind: str
    place: str = "all"
    times: int | None = None
    probability: float = 1.0
    seconds: float = 1.0
    code: int = 131000
    after: bool = False

    def public(self) -> dict[str, Any]:
        """The fault as the control API shows it."""
        return {
            "kind": self.kind,
            "place": self.place,
            "times": self.times,
            "probability": self.probability,
            "seconds": self.seconds,
            "code": self.code,
            "after": self.after,
        }


@dataclass(slots=True, kw_only=True)
class Menu:
    """All faults of a number, by what they strike."""

    api: list[Fault] = field(default_factory=list)
    webhook: list[Fault] = field(default_factory=list)
    delivery: list[Fault] = field(default_factory=list)

    def strike(self, area: str, *, chance: float, place: str = "all") -> list[Fault]:
        """The faults that strike now; those with a number of times are used up by it."""
        faults: list[Fault] = getattr(self, area)
        if not faults:
            return []
        struck = [
            each
            for each in faults
            if each.place in ("all", place) and chance < each.probability and each.times != 0
        ]
        for each in struck:
            if each.times is not None:
                each.times -= 1
        if any(each.times == 0 for each in faults):
            setattr(self, area, [each for each in faults if each.times != 0])
        return struck

    def clear(self) -> None:
        """Take every fault away."""
        self.api, self.webhook, self.delivery = [], [], []

    def public(self) -> dict[str, Any]:
        """The menu as the control API shows it."""
        return {area: [each.public() for each in getattr(self, area)] for area in MENUS}
