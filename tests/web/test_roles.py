"""Every page for every role and branch: generated from the addresses, so that no page can be forgotten."""

from collections.abc import Iterator

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from tests import staff
from werkbote.domain import team
from werkbote.web import door

_PUBLIC = {
    "home",
    "check",
    "check-step",
    "check-paper",
    "check-neutral",
    "check-notice",
    "notice",
    "notice-language",
    "notice-version",
    "optin",
    "landing",
    "landing-english",
    "newsletter-form",
    "confirm-subscription",
    "unsubscribe",
    "archive",
    "archived",
    "contact",
    "whatsapp",
    "optin-way",
    "own",
    "parcel",
    "login",
    "company",
    "company-back",
    "second-step",
    "passkey-question",
    "passkey-answer",
    "imprint",
    "imprint-of",
    "invitation",
    "join",
    "theme",
    "manifest",
    "security",
    "service-worker",
    "offline",
}
"""Pages for everybody; whatever else there is stands behind the door."""


def _patterns(of: URLResolver) -> Iterator[URLPattern]:
    for pattern in of.url_patterns:
        if isinstance(pattern, URLResolver) and pattern.namespace == "api":
            continue  # it has a door of its own, tested in test_api.py
        if isinstance(pattern, URLResolver):
            yield from _patterns(pattern)
        else:
            yield pattern


PATTERNS = list(_patterns(get_resolver()))
PAGES = {str(pattern.name): pattern for pattern in PATTERNS}
GUARDED = sorted(name for name, page in PAGES.items() if door.right_of(page.callback)[0])


def test_every_page_is_behind_the_door_or_public_on_purpose() -> None:
    assert sorted(PAGES.keys() - set(GUARDED)) == sorted(_PUBLIC)


def test_no_two_pages_share_a_name() -> None:
    check = {"check", "check-step", "check-paper", "check-neutral", "check-notice"}
    names = [str(pattern.name) for pattern in PATTERNS if pattern.name not in check]
    assert sorted({name for name in names if names.count(name) > 1}) == []


def _address(name: str) -> str:
    page = PAGES[name]
    words = dict.fromkeys(page.pattern.converters, 1)
    found = str(page.pattern)
    for key in words:
        for kind in ("int", "slug", "str", "uuid"):
            found = found.replace(f"<{kind}:{key}>", "1")
    return "/" + found


@pytest.fixture(scope="module")
def cast(database: object) -> staff.Staff:
    """A dealer with its people, made once: nothing here changes anything."""
    del database
    return staff.staff()


@pytest.mark.shows("S-04", "S-05")
@pytest.mark.parametrize("role", team.Role)
def test_a_page_opens_exactly_for_the_roles_that_have_its_right(
    cast: staff.Staff, role: team.Role
) -> None:
    here = cast.dealer
    browser = staff.signed_in(staff.member(here.organisation, role=role, branches=[here.branch]))
    refused, wanted = set(), set()
    for name in GUARDED:
        right = door.right_of(PAGES[name].callback)[1]
        if right is None:
            continue
        if not team.can(role=role, right=right):
            wanted.add(name)
        for call in (browser.get, browser.post):
            answer = call(_address(name))
            said = answer.content.decode() if not answer.streaming else ""
            assert answer.status_code != 500, (name, said[:300])
            if answer.status_code == 404:
                refused.add(name)
    assert wanted - refused == set()
    lists = {name for name in GUARDED if not PAGES[name].pattern.converters}
    assert lists & refused == lists & wanted
