"""Where weaknesses are reported: RFC 9116, from the configuration."""

import re
from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.test import Client

from werkbote.config import env
from werkbote.web import clock

_PATH = "/.well-known/security.txt"


def asked() -> Client:
    return Client(headers={"host": "127.0.0.1"})


@pytest.mark.shows("R-97", "S-30")
def test_contact_is_named_and_does_not_outlive_a_year(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "WERKBOTE_SECURITY_CONTACT", "mailto:security@autohaus.example")
    answer = asked().get(_PATH)
    assert answer["Content-Type"].startswith("text/plain")
    fields = dict(line.split(": ", 1) for line in answer.content.decode().splitlines())
    assert fields["Contact"] == "mailto:security@autohaus.example"
    assert fields["Canonical"].endswith(_PATH)
    assert re.fullmatch(r"[a-z]{2}(?:, [a-z]{2})*", fields["Preferred-Languages"])
    left = datetime.fromisoformat(fields["Expires"]) - clock.now()
    assert timedelta(days=30) < left < timedelta(days=365)


def test_without_a_contact_there_is_no_such_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "WERKBOTE_SECURITY_CONTACT", "")
    assert asked().get(_PATH).status_code == 404


@pytest.mark.parametrize(
    "value", ["security@autohaus.example", "http://autohaus.example", "mailto:", "tel:+49", "x"]
)
def test_what_is_no_contact_is_refused(value: str) -> None:
    with pytest.raises(env.UnableToReadEnvironment, match="SECURITY_CONTACT"):
        env.read({"WERKBOTE_SECURITY_CONTACT": value})
