"""What strangers and errors are told: no trace, no software, no version, and no page about the inside."""

import pytest
from django.conf import settings
from django.test import Client

from tests import staff
from werkbote.web.pages import inbox

_INSIDE = (
    "/api/v1/docs",
    "/metrics",
    "/metrics/",
    "/admin/",
    "/debug/",
    "/__debug__/",
    "/server-status",
    "/.git/config",
    "/.env",
)
_TELLING = ("traceback", "django", "uvicorn", "python", "exception", "settings", ".py")


@pytest.mark.shows("S-18")
@pytest.mark.parametrize("path", _INSIDE)
def test_strangers_find_nothing_about_the_inside(path: str) -> None:
    answer = Client(headers={"host": "127.0.0.1"}).get(path)
    assert answer.status_code in {302, 401, 404}
    if answer.status_code == 302:
        assert answer["Location"].startswith("/login/")
    assert not any(word in answer.content.decode().lower() for word in ("openapi", "paths", "root"))


@pytest.mark.shows("S-18")
def test_an_error_tells_nothing_of_what_went_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: object, **_named: object) -> None:
        raise RuntimeError("inside of the house")

    cast = staff.staff()
    browser = staff.signed_in(cast.bob)
    browser.raise_request_exception = False
    monkeypatch.setattr(inbox, "_list", broken)
    answer = browser.get("/inbox/")
    said = answer.content.decode().lower()
    assert answer.status_code == 500
    assert "inside of the house" not in said
    assert [word for word in _TELLING if word in said] == []
    assert settings.DEBUG is False


@pytest.mark.shows("S-18")
@pytest.mark.parametrize("path", ["/login/", "/healthz", "/inbox/", "/nothing-here/"])
def test_no_header_names_software_or_version(path: str) -> None:
    headers = {
        name.lower(): value
        for name, value in Client(headers={"host": "127.0.0.1"}).get(path).headers.items()
    }
    assert not {"server", "x-powered-by", "via", "x-generator"} & headers.keys()
    assert not any(word in " ".join(headers.values()).lower() for word in ("django", "python"))


@pytest.mark.shows("S-18")
def test_the_description_of_the_interface_is_the_same_for_everybody_and_tells_of_no_house() -> None:
    cast = staff.staff()
    stranger = Client(headers={"host": "127.0.0.1"}).get("/api/v1/openapi.json")
    member = staff.signed_in(cast.bob).get("/api/v1/openapi.json")
    assert stranger.content == member.content
    assert not any(word in stranger.content.decode().lower() for word in ("django", "werkbote/"))
