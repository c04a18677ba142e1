"""Real bodies of five projects and Meta's documentation, taken in like any other: nothing is lost."""

from collections import Counter
from pathlib import Path

import pytest

from tests import dealers
from tests.channels.meta import bodies
from tests.channels.meta import test_corpus as readings
from werkbote.actions import numbers
from werkbote.channels import driver
from werkbote.domain import events
from werkbote.store import models, scope


def _paths() -> list[Path]:
    if not readings.CORPUS.is_dir():
        pytest.skip("The corpus of webhook bodies is not beside this checkout.")
    return sorted(readings.CORPUS.rglob("*.json"))


def _connect_all(dealer: dealers.Dealer, found: list[events.Event]) -> None:
    """Connect every number the bodies name, so that each is this dealer's own."""
    named = {number for event in found if (number := getattr(event, "number", None))}
    for number in sorted(named):
        numbers.connect(
            organisation=dealer.organisation,
            branch=dealer.branch,
            number=numbers.Connection(
                phone_number_id=number,
                account_id=dealer.account_id,
                phone="+494066969002",
                label="Annahme",
                token="token",
                app_secret="app-secret",
                verify_token="verify-me",
            ),
            by="system",
            at=dealers.NOW,
        )


def _read(paths: list[Path]) -> tuple[list[events.Event], int]:
    """All events of the bodies, and how many bodies cannot be read at all."""
    found: list[events.Event] = []
    broken = 0
    for path in paths:
        try:
            found += bodies.read(path.read_bytes())
        except driver.UnreadableBody:
            broken += 1
    return found, broken


def _of[T: events.Event](found: list[events.Event], kind: type[T]) -> list[T]:
    return [event for event in found if isinstance(event, kind)]


def test_corpus_goes_in_without_loss():
    paths = _paths()
    found, broken = _read(paths)
    dealer = dealers.dealer()
    _connect_all(dealer, found)
    for path in paths:
        dealers.arrive(dealer, path.read_bytes(), at=bodies.RECEIVED)
    assert dealers.understand(dealer, at=bodies.RECEIVED) == len(
        {path.read_bytes() for path in paths}
    )
    with scope.looking(organisation=dealer.organisation):
        states = Counter(models.WebhookEvent.objects.values_list("state", flat=True))
        assert states["dead"] == broken
        assert states["received"] == 0
        assert _kept_messages() == _told_messages(found)
        assert models.MessageChange.objects.count() == len(
            {
                (one.number, one.provider_id, one.kind, one.target)
                for one in _of(found, events.ChangeIn)
            }
        )
        assert _reports() == _told_reports(found)
        assert not models.NotUnderstood.objects.filter(why__contains="could not be stored").exists()
        assert not models.NotUnderstood.objects.filter(why__contains="not connected here").exists()
        news = _of(found, events.AccountEvent) + _of(found, events.ErrorIn)
        assert models.AccountNews.objects.exists() == bool(news)
        assert models.Template.objects.count() == len(
            {(one.account, one.name, one.language) for one in _of(found, events.TemplateChanged)}
        )


def _told_messages(found: list[events.Event]) -> Counter[str]:
    """Messages by kind, each once, the best report of each."""
    best: dict[tuple[str, str], events.MessageIn] = {}
    for one in _of(found, events.MessageIn):
        held = best.get((one.number, one.provider_id))
        if held is None or _rank(one) > _rank(held):
            best[one.number, one.provider_id] = one
    return Counter(str(one.kind) for one in best.values())


def _rank(one: events.MessageIn) -> tuple[bool, bool]:
    return one.kind is not events.Kind.UNKNOWN, not one.historic


def _kept_messages() -> Counter[str]:
    told = models.Message.objects.exclude(provider_id=None)
    return Counter(told.values_list("kind", flat=True))


def _told_reports(found: list[events.Event]) -> tuple[int, int]:
    """How many messages have news, and how many reports wait for their message."""
    known = {(one.number, one.provider_id) for one in _of(found, events.MessageIn)}
    reports = _of(found, events.StatusIn)
    waiting = {
        (one.number, one.provider_id, one.status, one.at)
        for one in reports
        if (one.number, one.provider_id) not in known
    }
    return len({(one.number, one.provider_id) for one in reports} & known), len(waiting)


def _reports() -> tuple[int, int]:
    told = models.Message.objects.exclude(
        sent_at=None, delivered_at=None, read_at=None, failed_at=None
    )
    return told.count(), models.ParkedStatus.objects.count()
