"""Every setting there is has a privacy default, or says why it has none."""

from datetime import date

import pytest

from tests.house import test_audited
from werkbote.config import env
from werkbote.domain import amendments
from werkbote.store import drift, models, rechtsstand
from werkbote.web import settings_labels

LAW = rechtsstand.defaults(date(2026, 11, 26))
_NO_SETTINGS = {"id", "organisation"}
_WITHOUT = {field for one in LAW.without for field in one.fields}


def places() -> set[str]:
    """Every field of a model of settings, every variable of the environment, every topic of own rules."""
    fields = {
        f"{name}.{field.name}"
        for name in test_audited.SETTINGS
        for field in getattr(models, name)._meta.concrete_fields
        if field.name not in _NO_SETTINGS
    }
    topics = {f"HouseRule.{topic}" for topic in {*amendments.TOPICS} - drift.TOPICS.keys()}
    return fields | topics | set(env.VARIABLES)


@pytest.mark.shows("R-40")
def test_every_setting_has_a_privacy_default_or_says_why_it_has_none() -> None:
    listed = {field for one in LAW.settings.values() for field in one.fields} | _WITHOUT
    assert sorted(listed) == sorted(places())


def test_nothing_has_a_default_and_none_at_once() -> None:
    listed = [field for one in LAW.without for field in one.fields]
    assert sorted(listed) == sorted(set(listed))
    assert _WITHOUT & {field for one in LAW.settings.values() for field in one.fields} == set()


def test_every_setting_and_every_default_has_words_on_the_screens() -> None:
    names = {*LAW.settings, *(one.name for one in LAW.fixed)}
    assert names == set(settings_labels.SETTINGS)
    codes = {value for one in LAW.settings.values() for value in one.allowed}
    assert codes - settings_labels.SETTING_VALUES.keys() == {"info", "warning", "error", "EU", "DE"}
