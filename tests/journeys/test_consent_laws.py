"""Whatever a person does in whatever order: nothing leaves without a permit, no advertising after a stop."""

import os
from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from tests import dealers, phones, simulator
from werkbote.actions import drafts, outbox
from werkbote.store import ids, ledger, models, rechtsstand, scope

STEPS = int(os.environ.get("CONSENT_STEPS", "10000" if os.environ.get("CI") else "1000"))
"""Steps of a whole run: a body that comes in, a wish to send, a run of the sender, weeks that pass."""

PARTS = 2
_LENGTH = 50
_DEEDS = 4
"""How many steps a rule takes on average, chatter included: enough is run, and not twice as much."""
_STOPS = ("STOPP", "Keine Werbung mehr!", "bitte keine Nachrichten mehr", "ALLES STOPP")
_ORDINARY = ("WERBUNG JA", "werbung ja", "Erinnerung ja", "Ist er fertig?")
_CHATTER = ("Ist er fertig?", "Danke!", "Ich komme gegen fünf", "👍", "WERBUNG JA")
_UNCLEAR = ("Stopp, bitte nicht reparieren!",)
_ADVERTISING = ledger.advertising(rechtsstand.on(dealers.NOW.date()))
_OFFER = "P-05"


def _made_at(row: int) -> float:
    """When a row's id was made, in seconds since the epoch: the ids say it."""
    return ((row >> ids._RANDOM_BITS) + ids._EPOCH_MS) / 1000


class Histories(RuleBasedStateMachine):
    """One customer and one number; the clock moves by minutes, in advertising hours.

    What comes in waits, as in the product, until somebody understands it: many bodies at once.
    """

    meta: simulator.Simulator
    steps: int = 0
    left: int = 0
    advertised: int = 0
    refused: int = 0
    seen: int = 0

    @initialize()
    def begin(self) -> None:
        self.dealer = dealers.dealer(graph_url=self.meta.url)
        self.meta.connect(self.dealer, enforce_limits=False)
        self.now = dealers.NOW
        self.granted: dict[str, list[datetime]] = defaultdict(list)
        self.stopped: list[datetime] = []
        self.waits = False
        self._arrives(dealers.text("Moin", at=self._tick()))
        self._understand()

    def _tick(self) -> datetime:
        type(self).steps += 1
        self.now += timedelta(seconds=61)
        return self.now

    def _arrives(self, value: dict[str, Any], change: str = "messages") -> None:
        dealers.arrive(self.dealer, dealers.body(self.dealer, value, change=change), at=self.now)
        self.waits = True

    def _understand(self) -> None:
        if self.waits:
            dealers.understand(self.dealer, at=self.now)
            self.waits = False

    @rule(words=st.sampled_from(_ORDINARY))
    def write(self, words: str) -> None:
        self._arrives(dealers.text(words, at=self._tick()))

    @rule(words=st.lists(st.sampled_from(_CHATTER), min_size=16, max_size=40))
    def chatter(self, words: list[str]) -> None:
        """Write line by line, as people do on a phone."""
        for line in words:
            self.write(words=line)

    @rule(words=st.sampled_from(_STOPS))
    def stop(self, words: str) -> None:
        self.stopped.append(self._tick())
        self._arrives(dealers.text(words, at=self.now))

    @rule(words=st.sampled_from(_UNCLEAR))
    def be_unclear(self, words: str) -> None:
        self._arrives(dealers.text(words, at=self._tick()))

    @rule(value=st.sampled_from(("stop", "resume")))
    def prefer(self, value: str) -> None:
        at = self._tick()
        if value == "stop":
            self.stopped.append(at)
        raw = phones.preference(self.dealer, value, at=at)
        dealers.arrive(self.dealer, raw, at=at)
        self.waits = True

    @rule(keyword=st.sampled_from(("WERBUNG JA", "Erinnerung ja")))
    def agree(self, keyword: str) -> None:
        """Ask by keyword and tap "Yes", as most people do."""
        self.write(words=keyword)
        self.dispatch()
        self.tap(answer=0, how="own")

    @rule(answer=st.sampled_from((0, 1)), how=st.sampled_from(("own", "forged", "stranger")))
    def tap(self, answer: int, how: str) -> None:
        """Tap a button of the newest question, perhaps forged, perhaps from another phone."""
        with scope.looking(organisation=self.dealer.organisation):
            question = (
                models.Message.objects.filter(role="consent_request", provider_id__isnull=False)
                .order_by("-id")
                .first()
            )
        if question is None:
            return
        payload = phones.payloads(self.dealer, question)[answer]
        at = self._tick()
        if answer == 0 and how == "own":
            self.granted[question.purpose].append(at)
        value = phones.tapped(
            payload + "x" if how == "forged" else payload,
            at=at,
            quoted=None,
            wa_id=dealers.BOB if how == "stranger" else dealers.ALICE,
        )
        self._arrives(value)

    @rule(purpose=st.sampled_from((_OFFER, "P-04", "P-02")))
    def wish(self, purpose: str) -> None:
        with scope.looking(organisation=self.dealer.organisation):
            conversation = models.Conversation.objects.order_by("id")[0].id
        outbox.queue_message(
            organisation=self.dealer.organisation,
            conversation=conversation,
            draft=drafts.Draft(text="Winterräder ab 399 Euro.", request_key=str(ids.new())),
            purpose=purpose,
            by=None,
            at=self._tick(),
        )

    @rule()
    def advertise(self) -> None:
        """Queue advertising and an answer, and send what waits."""
        for purpose in ("P-02", "P-04", _OFFER):
            self.wish(purpose=purpose)
        self.dispatch()

    @rule()
    def enjoy(self) -> None:
        """Agree, and be advertised to."""
        self.agree(keyword="WERBUNG JA")
        self.advertise()

    @rule(words=st.sampled_from(_STOPS))
    def change_mind(self, words: str) -> None:
        """Agree, stop, and be advertised to all the same."""
        self.agree(keyword="WERBUNG JA")
        self.wish(purpose=_OFFER)
        self.stop(words=words)
        self.advertise()

    @rule()
    def come_back(self) -> None:
        """After weeks, agree and be advertised to twice."""
        self.rest()
        self.enjoy()
        self.advertise()

    @rule()
    def rest(self) -> None:
        """Let five weeks pass: caps are free again, the window is closed."""
        self._tick()
        self.now += timedelta(weeks=5)

    @rule()
    def dispatch(self) -> None:
        """Understand what waits, then send what may leave, and look at what the provider got."""
        at = self._tick()
        self._understand()
        if phones.sends(self.dealer, at=at):
            self._nothing_left_without_leave()

    def _nothing_left_without_leave(self) -> None:
        entries = self.meta.log(after=type(self).seen)
        type(self).seen = entries[-1]["n"] if entries else type(self).seen
        with scope.looking(organisation=self.dealer.organisation):
            rows = {
                str(row.id): row
                for row in models.Message.objects.select_related("permit").filter(
                    id__in=[one["biz_opaque_callback_data"] for one in entries]
                )
            }
        type(self).left += len(entries)
        for one in entries:
            row = rows[one["biz_opaque_callback_data"]]
            assert row.permit is not None
            assert row.permit.permitted
            assert _made_at(row.permit.id) <= one["wall"], "The permit came later."
            if row.purpose in _ADVERTISING and row.role == "plain":
                self._check_advertising(row.purpose, row.permit.decided_at)

    def _check_advertising(self, purpose: str, at: datetime) -> None:
        type(self).advertised += 1
        grants = [moment for moment in self.granted[purpose] if moment <= at]
        assert grants, "Advertising left without any tap on “Yes”."
        stops = [moment for moment in self.stopped if moment <= at]
        assert not stops or max(grants) > max(stops), "Advertising left after a stop."

    def teardown(self) -> None:
        """Send what is left at the end, and count what the gate held back."""
        if not hasattr(self, "dealer"):
            return
        self.dispatch()
        with scope.looking(organisation=self.dealer.organisation):
            type(self).refused += models.Decision.objects.filter(permitted=False).count()


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.shows("R-02", "R-15", "R-64", "R-100")
@pytest.mark.parametrize("part", range(PARTS))
def test_nothing_leaves_without_leave_whatever_happens(part: int, record_property: Any) -> None:
    wanted = -(-STEPS // PARTS)
    with simulator.running() as meta:
        machine = type("Run", (Histories,), {"meta": meta})
        for run in range(part, wanted, PARTS):
            if machine.steps >= wanted and machine.advertised and machine.refused:
                break
            how = settings(
                max_examples=max(4, (wanted - machine.steps) // (_LENGTH * _DEEDS)),
                stateful_step_count=_LENGTH,
                deadline=None,
                database=None,
                suppress_health_check=list(HealthCheck),
            )
            run_state_machine_as_test(seed(run)(machine), settings=how)
    told = (
        f"{machine.steps} steps, {machine.left} messages left, {machine.advertised} of them"
        f" advertising, {machine.refused} refused: none without an earlier permit, none after a stop"
    )
    record_property("counted", told)
    assert machine.steps >= wanted
    assert machine.left > machine.advertised > 0, "The histories were too tame to show anything."
    assert machine.refused > 0
