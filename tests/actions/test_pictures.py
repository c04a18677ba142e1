"""Which pictures a browser can show: by their bytes, without ever unpacking a trap."""

import pytest

from tests import hostile
from werkbote.actions import pictures


@pytest.mark.parametrize(
    ("mime", "kind"),
    [
        ("image/jpeg", "JPEG"),
        ("image/png", "PNG"),
        ("image/webp", "WEBP"),
        ("image/gif", "GIF"),
    ],
)
def test_a_picture_is_shown(mime, kind):
    assert pictures.problem(hostile.picture(kind), mime) == ""


@pytest.mark.parametrize("name", hostile.FILES)
def test_what_only_says_it_is_a_picture_is_not(name):
    mime, content = hostile.FILES[name]
    assert pictures.problem(content, mime) == pictures.UNSHOWABLE


def test_what_says_it_is_something_else_is_left_alone():
    assert pictures.problem(b"%PDF-1.7", "application/pdf") == ""
