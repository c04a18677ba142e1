"""Erasure and sweep killed at random points: after another run the result is the undisturbed one."""

import random
import time
from datetime import UTC, datetime, timedelta

import pytest

from tests import dealers, erasures, victims
from tests.actions import test_retention as retention
from werkbote.actions import cases, chains, privacy
from werkbote.domain import cases as matter
from werkbote.domain import privacy as rights
from werkbote.store import journal as journals
from werkbote.store import models, scope

AT = erasures.AT
KILLS = 75

pytestmark = pytest.mark.slow


def lived(dealer: dealers.Dealer) -> int:
    """A person with a letter that stays, much that goes, files and words."""
    person = erasures.lives(dealer, words="Schönes Wetter heute")
    values = [dealers.text(f"Frage nach Teil {number}", at=AT) for number in range(40)]
    dealers.arrive(dealer, dealers.body(dealer, *values), at=AT)
    dealers.understand(dealer, at=AT)
    case = cases.open_case(
        organisation=dealer.organisation,
        branch=dealer.branch,
        person=person,
        details=cases.Details(kind=matter.Kind.REPAIR_ORDER, title="Bremsen"),
        by="system",
        at=AT,
    )
    with scope.looking(organisation=dealer.organisation):
        message = models.Message.objects.latest("id").id
    cases.file_message(
        organisation=dealer.organisation, message=message, case=case, by="system", at=AT
    )
    with scope.transaction(organisation=dealer.organisation):
        models.Identity.objects.filter(scheme="bsuid").delete()
    return person


def outcome(dealer: dealers.Dealer, run: int) -> tuple[object, ...]:
    """What an erasure came to, without numbers that differ by chance."""
    protocol = erasures.row(dealer, run).protocol
    assert protocol is not None
    counts = {step["store"]: step["count"] for step in protocol["steps"] if step["count"]}
    blocks = [(one["rule"], one["count"]) for one in protocol["blocks"]]
    return counts, blocks, sorted(dict(erasures.left(dealer)).items())


def test_erasure_killed_anywhere_ends_like_the_undisturbed_one(journal_folder):
    for _ in range(2):  # the first loads what every later one finds loaded
        calm = dealers.dealer()
        run = erasures.asked(calm, lived(calm))
        began = time.monotonic()
        assert erasures.executed(calm, run) is rights.State.DONE
        took = time.monotonic() - began
    expected = outcome(calm, run)
    chance, kills, finished = random.Random(11), 0, 0
    while kills < KILLS:
        dealer = dealers.dealer()
        run = erasures.asked(dealer, lived(dealer))
        for _ in range(8):
            given = (dealer.organisation, run, AT + erasures.LATER, str(journal_folder))
            kills += victims.killed(victims.erase, *given, chance=chance, longest=took)
            if erasures.row(dealer, run).state == "done":
                break
        victims.hang_up()
        erasures.executed(dealer, run)
        assert erasures.row(dealer, run).state == "done"
        assert outcome(dealer, run) == expected
        finished += 1
        found = chains.verify(organisations=[dealer.organisation])
        assert [one.broken for one in found] == [None, None]
    assert finished >= 2
    assert {entry.scope for entry in journals.read(journal_folder)} == {"person_but_kept"}


def test_sweep_killed_anywhere_ends_like_the_undisturbed_one(journal_folder):
    late = datetime(2027, 7, 1, 12, tzinfo=UTC)

    def filled() -> dealers.Dealer:
        made = dealers.dealer()
        for number in range(3):
            retention.closed(made, f"Was kostet {number}?", matter.Contract.NO)
        retention.closed(made, "Bitte Bremsen machen", matter.Contract.YES)
        values = [dealers.text(f"Frage {number}", at=AT) for number in range(60)]
        dealers.arrive(made, dealers.body(made, *values), at=AT)
        dealers.understand(made, at=AT)
        return made

    def outcome_of(made: dealers.Dealer) -> object:
        with scope.looking(organisation=made.organisation):
            marks = models.RetentionMark.objects.exclude(name="session").order_by("rule", "name")
            done = [(row.rule, row.name, row.state, row.done) for row in marks]
        return done, sorted(dict(erasures.left(made)).items()), len(retention.archived(made))

    for _ in range(2):  # the first loads what every later one finds loaded
        calm = filled()
        began = time.monotonic()
        privacy.sweep(organisation=calm.organisation, at=late)
        took = time.monotonic() - began
    expected = outcome_of(calm)
    chance, kills = random.Random(12), 0
    while kills < KILLS:
        dealer = filled()
        for _ in range(15):
            given = (dealer.organisation, 0, late, str(journal_folder))
            kills += victims.killed(victims.sweep, *given, chance=chance, longest=took * 1.2)
        victims.hang_up()
        privacy.sweep(organisation=dealer.organisation, at=late + timedelta(minutes=1))
        assert outcome_of(dealer) == expected
