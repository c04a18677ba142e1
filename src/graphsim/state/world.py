"""The whole simulated world in memory, bounded: everything the endpoints look things up in."""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

from graphsim import clock, ids, requestlog, schedule
from graphsim.state import courier, customer, hub, medium, meter, number, template

MEDIA_BYTES = 256 * medium.MIB
URLS_KEPT = 5_000
CUSTOMERS_KEPT = 20_000
BUBBLES_IN_ALL = 50_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How the simulator behaves unless a number or a customer says otherwise; times in seconds."""

    deliver_seconds: float = 0.15
    review_seconds: float = 2.0
    webhook_linger_seconds: float = 0.02
    webhook_timeout_seconds: float = 20.0
    webhook_retry_seconds: float = 1.0
    webhook_retry_days: float = 7.0
    webhook_parallel: int = 8
    log_cap: int = requestlog.CAP
    unknown_on_whatsapp: bool = True


class World:
    """Numbers, customers, templates, media, log and the schedule; one per process."""

    def __init__(self, *, settings: Settings, clock_rate: float, seed: int | None) -> None:
        self.settings = settings
        self.clock = clock.Clock(rate=clock_rate)
        self.schedule = schedule.Schedule(self.clock)
        self.ids = ids.Ids(seed=seed)
        self.log = requestlog.RequestLog(cap=settings.log_cap)
        self.hub = hub.Hub()
        self.courier = courier.Courier(
            manner=courier.Manner(
                linger=settings.webhook_linger_seconds,
                timeout=settings.webhook_timeout_seconds,
                retry=settings.webhook_retry_seconds,
                retry_days=settings.webhook_retry_days,
                parallel=settings.webhook_parallel,
            ),
            clock=self.clock,
            schedule=self.schedule,
            ids=self.ids,
        )
        self.empty()

    def empty(self) -> None:
        """Begin again with nothing."""
        self.numbers: dict[str, number.Number] = {}
        self.customers: dict[str, customer.Customer] = {}
        self.by_address: dict[str, customer.Customer] = {}
        self.templates: dict[str, template.Template] = {}
        self.by_name: dict[tuple[str, str, str], template.Template] = {}
        self.deleted_names: dict[tuple[str, str], float] = {}
        self.media: OrderedDict[str, medium.Medium] = OrderedDict()
        self.media_bytes = 0
        self.urls: OrderedDict[str, tuple[str, float]] = OrderedDict()
        self.wamids: dict[str, tuple[customer.Customer, customer.Chat, customer.Bubble]] = {}
        self.portfolios: dict[str, meter.Meter] = {}
        self.uploads: OrderedDict[str, dict[str, Any]] = OrderedDict()
        self.schedule.clear()
        self.log.clear()
        self.courier.clear()

    def numbers_of(self, waba_id: str) -> list[number.Number]:
        """The numbers of a business account."""
        return [each for each in self.numbers.values() if each.waba_id == waba_id]

    def openings(self, waba_id: str) -> meter.Meter:
        """The meter of people written to outside a window: one per business, not per number."""
        return self.portfolios.setdefault(waba_id, meter.Meter())

    def find(self, address: str) -> customer.Customer | None:
        """The customer at a phone (digits) or a business-scoped user id."""
        return self.by_address.get(address)

    def index(self, who: customer.Customer) -> None:
        """Make a customer findable by their present phone and user ids."""
        self.by_address = {a: c for a, c in self.by_address.items() if c.key != who.key}
        for address in (who.phone, who.bsuid, who.parent_bsuid):
            if address:
                self.by_address[address] = who
        self.customers[who.key] = who

    def keep(self, who: customer.Customer, chat: customer.Chat, bubble: customer.Bubble) -> None:
        """Put a bubble into a chat; the oldest beyond 200 are forgotten."""
        chat.bubbles.append(bubble)
        self.wamids[bubble.wamid] = (who, chat, bubble)
        if len(chat.bubbles) > customer.BUBBLES_KEPT:
            self.wamids.pop(chat.bubbles.popleft().wamid, None)
        if len(self.wamids) > BUBBLES_IN_ALL:
            oldest = self.wamids.pop(next(iter(self.wamids)))[1]
            oldest.bubbles.popleft()

    def store(self, item: medium.Medium) -> None:
        """Keep a file; the oldest go when all together pass 256 MB."""
        self.media[item.id] = item
        self.media_bytes += len(item.data)
        while self.media_bytes > MEDIA_BYTES and len(self.media) > 1:
            self.drop(next(iter(self.media)))

    def drop(self, media_id: str) -> None:
        """Forget a file."""
        gone = self.media.pop(media_id)
        self.media_bytes -= len(gone.data)

    def ticker(self) -> asyncio.Task[None]:
        """The task that does what falls due."""
        return asyncio.create_task(self.schedule.run(), name="graphsim-schedule")
